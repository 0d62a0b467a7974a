//! What settles questions of a plan: the fewest commands, said once.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::Planned;
use crate::render::asks::{self, Answers};

/// What was asked for in a plan, each with the step that asked first.
#[derive(Default)]
pub(super) struct Asked(BTreeMap<Vec<String>, usize>);

impl Asked {
    /// The step that asked for the same before; `None` where this one is the first.
    pub(super) fn before(&mut self, settling: &Settling, planned: &Planned) -> Option<usize> {
        let lines = settling.lines();
        let before = self.0.get(&lines).copied();
        if let (None, Some(number)) = (before, planned.number) {
            self.0.insert(lines, number);
        }
        before
    }
}

/// That an earlier step asks for the same.
pub(super) fn told_by(first: usize) -> String {
    format!("What it takes is not known yet: what step {first} asks for tells it.")
}

/// What settles questions: the fewest commands, each with the file that its answer goes into, and what has to be looked at.
#[derive(Default)]
pub(in crate::render) struct Settling {
    answers: Answers,
    /// The rules that a person may answer in their place.
    rules: BTreeSet<String>,
}

impl Settling {
    /// What settles these questions.
    pub(in crate::render) fn of<'q>(asks: impl Iterator<Item = &'q str>) -> Self {
        Settling {
            answers: asks::answers(asks.map(|ask| (ask, 1)), None),
            rules: BTreeSet::new(),
        }
    }

    /// The same, where what a person looks up answers these rules.
    pub(in crate::render) fn answering<'r>(mut self, rules: impl Iterator<Item = &'r str>) -> Self {
        self.rules.extend(rules.map(str::to_owned));
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.answers.commands.is_empty() && self.answers.look.is_empty()
    }

    /// Lines that a shell takes: what no command does is a comment.
    pub(in crate::render) fn lines(&self) -> Vec<String> {
        let look = self.answers.look.iter();
        let look = look.map(|(text, _)| format!("# {text}"));
        self.answers.to_run().into_iter().chain(look).collect()
    }

    /// What is done with what they print.
    pub(in crate::render) fn then(&self) -> Vec<String> {
        let then = self.answers.then("Plan", None);
        let first = (!then.first.is_empty()).then_some(then.first);
        let mut then: Vec<String> = first.into_iter().chain(then.notes).collect();
        let rules: Vec<&str> = self.rules.iter().map(String::as_str).collect();
        let by = match (self.answers.look.is_empty(), self.answers.needs.is_empty()) {
            _ if rules.is_empty() => None,
            (false, _) => Some("What you look up yourself"),
            (true, false) => Some("What somebody who may do so has seen"),
            (true, true) => None,
        };
        if let Some(by) = by {
            then.push(format!(
                "{by} is said by an attestation of {} in the configuration file.",
                rules.join(" and ")
            ));
        }
        then
    }

    /// All of it as it is, for programs.
    pub(super) fn into_texts(self) -> impl Iterator<Item = String> {
        let look = self.answers.look.into_iter().map(|(text, _)| text);
        self.answers.commands.into_iter().chain(look)
    }
}
