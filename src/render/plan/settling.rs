//! What settles questions of a plan: the fewest commands, said once.

use std::collections::{BTreeMap, BTreeSet};

use crate::plan::Planned;
use crate::render::asks::{self, Answers, Run, Then};

/// What a plan asks for: before its steps all that it takes to know what they are, and below a step what shows that it is done.
pub(super) struct Asked<'r> {
    /// How the run was called that is to be run again.
    run: Option<&'r Run>,
    /// What settled the questions that came before all steps.
    first: Settled,
    /// What was asked for below a step, with the first that asked.
    told: BTreeMap<Vec<String>, usize>,
}

/// How what shows that a step is done is told.
pub(super) enum Shown {
    /// By what was asked for before, once more.
    Before(Option<usize>),
    By(Box<Settled>),
}

impl<'r> Asked<'r> {
    /// Of what was told before all steps.
    pub(super) fn after(first: Settled, run: Option<&'r Run>) -> Self {
        Asked {
            run,
            first,
            told: BTreeMap::new(),
        }
    }

    /// What shows that a step is done. A bundle is one of everything: taken once more, it shows this, too.
    pub(super) fn shown(&mut self, settling: &Settling, planned: &Planned) -> Option<Shown> {
        if settling.is_empty() {
            return None;
        }
        let settled = settling.told(self.run, Some(&self.first));
        if self.first.collects && settled.collects {
            return Some(Shown::Before(None));
        }
        let before = self.told.get(&settled.lines).copied();
        if let Some(number) = before {
            return Some(Shown::Before(Some(number)));
        }
        if let Some(number) = planned.number {
            self.told.insert(settled.lines.clone(), number);
        }
        Some(Shown::By(Box::new(settled)))
    }
}

/// That what a step takes is asked for before all steps.
pub(super) const ASKED_ABOVE: &str =
    "What it takes is not known yet: what is asked for above tells it.";

/// Questions of a plan, and who may answer them.
#[derive(Default)]
pub(in crate::render) struct Settling {
    /// The questions, each once.
    asks: BTreeSet<String>,
    /// The rules that a person may answer in their place.
    rules: BTreeSet<String>,
}

/// What settles them.
#[derive(Default)]
pub(in crate::render) struct Settled {
    /// Lines that a shell takes, each with the file that its answer goes into: what no command does is a comment.
    pub(in crate::render) lines: Vec<String>,
    /// What is done with what they print.
    pub(in crate::render) then: Then,
    collects: bool,
    answers: Answers,
}

impl Settling {
    /// These questions.
    pub(in crate::render) fn of<'q>(asks: impl Iterator<Item = &'q str>) -> Self {
        Settling {
            asks: asks.map(str::to_owned).collect(),
            rules: BTreeSet::new(),
        }
    }

    /// The same, where what a person looks up answers these rules.
    pub(in crate::render) fn answering<'r>(mut self, rules: impl Iterator<Item = &'r str>) -> Self {
        self.rules.extend(rules.map(str::to_owned));
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.asks.is_empty()
    }

    /// These and others.
    pub(in crate::render) fn and(mut self, others: Settling) -> Self {
        self.asks.extend(others.asks);
        self.rules.extend(others.rules);
        self
    }

    /// What settles them for a run that was called like this, beside what was settled before.
    pub(in crate::render) fn told(&self, run: Option<&Run>, before: Option<&Settled>) -> Settled {
        let asks = self.asks.iter().map(|ask| (ask.as_str(), 1));
        let answers = asks::answers(asks, run.map(|run| &run.called));
        let answers = match before {
            Some(before) => answers.beside(&before.answers),
            None => answers,
        };
        let look = answers.look.iter();
        let look = look.map(|(text, _)| format!("# {text}"));
        let lines = answers.to_run().into_iter().chain(look).collect();
        let mut then = answers.then("Plan", run);
        let rules: Vec<&str> = self.rules.iter().map(String::as_str).collect();
        let by = match (answers.look.is_empty(), answers.needs.is_empty()) {
            _ if rules.is_empty() => None,
            (false, _) => Some("What you look up yourself"),
            (true, false) => Some("What somebody who may do so has seen"),
            (true, true) => None,
        };
        if let Some(by) = by {
            then.notes.push(format!(
                "{by} is said by an attestation of {} in the configuration file.",
                rules.join(" and ")
            ));
        }
        Settled {
            lines,
            then,
            collects: answers.collects,
            answers,
        }
    }

    /// The questions as they are, for programs.
    pub(super) fn into_texts(self) -> impl Iterator<Item = String> {
        self.asks.into_iter()
    }
}
