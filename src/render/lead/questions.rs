//! The open questions of the clusters, grouped by what settles them.

use std::collections::BTreeMap;

use super::asking::{found, look, then};
use super::sections::{CANNOT, Told, for_only, in_brackets};
use crate::check::{FindingOutcome, Verdict};
use crate::render::asks::{Answers, Run};
use crate::render::document::Finding;
use crate::render::fleet::{counted, listed};
use crate::render::text::page::Page;
use crate::render::view::{Part, Topic, View};

/// Of how many findings of a topic it is looked which command settles them: others of it are asked for alike.
const LOOKED_AT: usize = 8;

/// How many things to look at are told at least, of those that decide.
const DECIDING: usize = 2;

impl Told<'_> {
    /// What is open, with the fewest commands that settle it, and below each what it settles.
    pub(super) fn questions(&self, page: &mut Page, view: &View<'_>) -> Answers {
        let topics = view.topics.iter();
        let open: Vec<&Topic<'_>> = topics
            .filter(|one| one.outcome == FindingOutcome::Unknown)
            .collect();
        if open.is_empty() {
            if !self.document.is_of_some_rules() {
                page.blank();
                page.prose("", 2, "To ask: nothing.");
            }
            return Answers::default();
        }
        let run = Run::of(self.document);
        let findings = of(&open);
        page.head("To ask");
        page.prose("  ", 2, &format!("Open: {}.", self.numbers(&open)));
        // Where room is short, what holds no verdict is asked for by no command of its own.
        let holds = |topic: &&&Topic<'_>| topic.part != Part::Perhaps;
        let weighty: Vec<&Topic<'_>> = open.iter().filter(holds).copied().collect();
        let idle = self.detail.idle || weighty.is_empty();
        let mut found = if idle {
            found(&findings, run.as_ref())
        } else {
            found(&of(&weighty), run.as_ref())
        };
        let mut grouped = by_command(&open, &found);
        for (position, command) in found.to_run().iter().enumerate() {
            page.command(2, command);
            if !found.collects {
                let settled = grouped.remove(&position).unwrap_or_default();
                self.settled(page, &settled);
            }
        }
        then(page, &found.then("Check", run.as_ref()));
        if found.collects {
            self.settled(page, &open);
        }
        // What a person has to look at is told where it decides, however little room there is.
        let decides = of(&open_part(&open, Part::Reason));
        let asked = |ask: &str| {
            let mut gaps = decides.iter().flat_map(|one| &one.gaps);
            gaps.any(|gap| gap.ask == ask)
        };
        found.look.sort_by_key(|(ask, _)| !asked(ask));
        let weighty = found.look.iter().filter(|(ask, _)| asked(ask)).count();
        look(
            page,
            &findings,
            &found,
            self.detail.looked.max(weighty.min(DECIDING)),
        );
        found
    }

    /// "1 question that decides (see Why), 2 questions about preparations (by volumes 2, by backups 1) and 3 things to know, if they
    /// hold".
    fn numbers(&self, open: &[&Topic<'_>]) -> String {
        let count = |part: Part| open.iter().filter(|one| one.part == part).count();
        let confirm = count(Part::Confirm);
        let parts = [
            (
                count(Part::Reason),
                "question that decides (see Why)",
                "questions that decide (see Why)",
                String::new(),
            ),
            (
                confirm,
                "question about preparations",
                "questions about preparations",
                self.by_method(open, confirm),
            ),
            (
                count(Part::Perhaps),
                "thing to know, if it holds",
                "things to know, if they hold",
                " (-v)".to_owned(),
            ),
        ];
        let told = parts.into_iter().filter(|(count, ..)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, one, many, by)| format!("{}{by}", counted(count, one, many)))
            .collect();
        listed(&told)
    }

    /// " (14 for backups, 18 for volumes)", where one cluster has not the same to be confirmed for each method.
    fn by_method(&self, open: &[&Topic<'_>], all: usize) -> String {
        let [cluster] = self.document.clusters.as_slice() else {
            return String::new();
        };
        let ways = cluster.methods.iter();
        let ways = ways.filter(|(_, judged)| judged.verdict < Verdict::Blocked);
        let counts: Vec<(usize, &str)> = ways
            .map(|(method, _)| {
                let weighs =
                    |one: &&&Topic<'_>| one.part == Part::Confirm && one.methods.contains(method);
                (open.iter().filter(weighs).count(), method.name())
            })
            .collect();
        if counts.iter().all(|(count, _)| *count == all) {
            return String::new();
        }
        let told: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} for {name}"))
            .collect();
        format!(" ({})", told.join(", "))
    }

    /// What a command settles: of what decides the rules, since `Why` tells it, and what is to be confirmed.
    fn settled(&self, page: &mut Page, topics: &[&Topic<'_>]) {
        let part = |part: Part| topics.iter().filter(move |one| one.part == part);
        let decides: Vec<&str> = part(Part::Reason).map(|one| one.rule).collect();
        let again = self.detail.again;
        if !decides.is_empty() && decides.len() <= again {
            page.prose("    - ", 6, &format!("decides {}", decides.join(", ")));
        }
        let confirm: Vec<&Topic<'_>> = part(Part::Confirm).copied().collect();
        let mut parts = Vec::new();
        let mut before = String::new();
        if decides.len() > again {
            before = format!("decides {} (see Why); ", decides.len());
        }
        if confirm.len() <= self.detail.asked {
            for topic in &confirm {
                let whether = topic.text.strip_prefix(CANNOT).unwrap_or(&topic.text);
                let text = format!("{whether}{} [{}]", self.scope(topic), topic.rule);
                page.prose("    - ", 6, &text);
            }
        } else if self.detail.grouped > 0 {
            let whether = self.by_step(&confirm);
            let text = format!(
                "{before}{}: {whether}",
                counted(confirm.len(), "question", "questions")
            );
            before.clear();
            page.prose("    - ", 6, &text);
        } else if !before.is_empty() {
            parts.push(format!(
                "{}: -v",
                counted(confirm.len(), "question", "questions")
            ));
        }
        let perhaps = part(Part::Perhaps).count();
        if perhaps > 0 && self.detail.idle {
            let holds = if perhaps == 1 {
                "it holds"
            } else {
                "they hold"
            };
            parts.push(format!("{perhaps} to know, if {holds}: -v"));
        }
        let rest = format!("{before}{}", listed(&parts));
        if !rest.is_empty() {
            page.prose("    - ", 6, rest.trim_end_matches("; "));
        }
    }
}

/// How questions are told that no step answers.
const OTHERS: &str = "mend";

impl Told<'_> {
    /// What is to be confirmed, by the steps that it would take: "remove the replicas (for volumes only), and 3 about: ...".
    fn by_step(&self, confirm: &[&Topic<'_>]) -> String {
        let mut steps: Vec<(&str, Vec<&Topic<'_>>)> = Vec::new();
        for topic in confirm {
            let rule = self.document.rules.get(topic.rule);
            let step = rule.and_then(|rule| rule.step.as_deref());
            // What a title says behind its first comma is more than it takes to know what is asked.
            let step = step.map(|title| title.split(',').next().unwrap_or(title));
            let step = step.unwrap_or(OTHERS);
            match steps.iter_mut().find(|(same, _)| *same == step) {
                Some((_, topics)) => topics.push(topic),
                None => steps.push((step, vec![topic])),
            }
        }
        let shown = steps.iter().take(self.detail.grouped);
        let told = shown.clone().map(|(step, topics)| {
            let mut only = topics.iter().map(|topic| for_only(&self.only(topic)));
            let first = only.next().unwrap_or_default();
            let only = if only.all(|other| other == first) {
                first
            } else {
                String::new()
            };
            let many = match topics.len() {
                1 => String::new(),
                many => many.to_string(),
            };
            let behind = if *step == OTHERS {
                let rules: Vec<&str> = topics.iter().map(|topic| topic.rule).collect();
                format!(" {}", rules.join(", "))
            } else {
                in_brackets(&[many, only])
            };
            format!("{step}{behind}")
        });
        let told: Vec<String> = told.collect();
        let named: usize = shown.map(|(_, topics)| topics.len()).sum();
        let more = match confirm.len() - named {
            0 => String::new(),
            more => format!("; and {more} more: -v"),
        };
        format!("the need to {}{more}", told.join("; "))
    }
}

fn open_part<'t, 'd>(open: &[&'t Topic<'d>], part: Part) -> Vec<&'t Topic<'d>> {
    open.iter()
        .filter(|one| one.part == part)
        .copied()
        .collect()
}

/// The findings of topics.
fn of<'d>(topics: &[&Topic<'d>]) -> Vec<&'d Finding<'d>> {
    let findings = topics.iter().flat_map(|topic| &topic.findings);
    findings.map(|(_, one)| *one).collect()
}

/// The topics by the command that settles them; of several the one that fewest others need.
fn by_command<'t, 'd>(
    open: &[&'t Topic<'d>],
    found: &Answers,
) -> BTreeMap<usize, Vec<&'t Topic<'d>>> {
    let commands = |topic: &Topic<'_>| {
        let findings = topic.findings.iter().take(LOOKED_AT);
        let gaps = findings.flat_map(|(_, one)| &one.gaps);
        let mut needed: Vec<usize> = gaps
            .filter_map(|gap| found.settled.get(&*gap.ask).copied())
            .collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    };
    let needed: Vec<(Vec<usize>, &Topic<'_>)> =
        open.iter().map(|topic| (commands(topic), *topic)).collect();
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for command in needed.iter().flat_map(|(commands, _)| commands) {
        *counts.entry(*command).or_default() += 1;
    }
    let mut grouped: BTreeMap<usize, Vec<&Topic<'_>>> = BTreeMap::new();
    for (commands, topic) in needed {
        let rarest = commands
            .into_iter()
            .min_by_key(|one| counts.get(one).copied());
        if let Some(command) = rarest {
            grouped.entry(command).or_default().push(topic);
        }
    }
    grouped
}
