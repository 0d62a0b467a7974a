//! The open questions of the clusters, grouped by what settles them.

use std::collections::BTreeMap;

use super::asking::{found, look, then};
use super::sections::{CANNOT, Told};
use crate::check::FindingOutcome;
use crate::render::asks::{Answers, Run};
use crate::render::document::Finding;
use crate::render::fleet::{counted, listed};
use crate::render::text::page::Page;
use crate::render::view::{Part, Topic, View};

/// Of how many findings of a topic it is looked which command settles them: others of it are asked for alike.
const LOOKED_AT: usize = 8;

impl Told<'_> {
    /// What is open, with the fewest commands that settle it, and below each what it settles.
    pub(super) fn questions(&self, page: &mut Page, view: &View<'_>) {
        let topics = view.topics.iter();
        let open: Vec<&Topic<'_>> = topics
            .filter(|one| one.outcome == FindingOutcome::Unknown)
            .collect();
        if open.is_empty() {
            if !self.document.is_of_some_rules() {
                page.blank();
                page.prose("", 2, "To ask: nothing.");
            }
            return;
        }
        let run = Run::of(self.document);
        let findings = of(&open);
        page.head("To ask");
        page.prose("  ", 2, &format!("Open: {}.", numbers(&open)));
        // Where room is short, what holds no verdict is asked for by no command of its own.
        let holds = |topic: &&&Topic<'_>| topic.part != Part::Perhaps;
        let weighty: Vec<&Topic<'_>> = open.iter().filter(holds).copied().collect();
        let idle = self.detail.idle || weighty.is_empty();
        let found = if idle {
            found(&findings, run.as_ref())
        } else {
            found(&of(&weighty), run.as_ref())
        };
        let mut grouped = by_command(&open, &found);
        let is_idle = |topic: &&&Topic<'_>| topic.part == Part::Perhaps;
        let reached = grouped.values().flatten().filter(is_idle).count();
        let unreached = open.iter().filter(is_idle).count() - reached;
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
        } else if !idle && unreached > 0 && !self.detail.in_a_row {
            let left = counted(
                unreached,
                "more, to know if it holds, needs another answer",
                "more, to know if they hold, need other answers",
            );
            page.prose("  ", 2, &format!("{left}: -v"));
        }
        look(page, &findings, &found, self.detail.looked);
    }

    /// What a command settles: of what decides the rules, since `Why` tells it, and what is to be confirmed.
    fn settled(&self, page: &mut Page, topics: &[&Topic<'_>]) {
        let part = |part: Part| topics.iter().filter(move |one| one.part == part);
        let decides: Vec<&str> = part(Part::Reason).map(|one| one.rule).collect();
        let again = self.detail.again;
        if !decides.is_empty() && decides.len() <= again {
            page.prose("    - ", 6, &format!("decides {}", decides.join(", ")));
        }
        for topic in part(Part::Confirm).take(self.detail.asked) {
            let whether = topic.text.strip_prefix(CANNOT).unwrap_or(&topic.text);
            let text = format!("{whether}{} [{}]", self.scope(topic), topic.rule);
            page.prose("    - ", 6, &text);
        }
        let left = part(Part::Confirm)
            .count()
            .saturating_sub(self.detail.asked);
        let perhaps = part(Part::Perhaps).count();
        let more = if self.detail.asked > 0 && left > 0 {
            " more"
        } else {
            ""
        };
        let mut parts = Vec::new();
        if decides.len() > again {
            parts.push(format!("decides {} (see Why)", decides.len()));
        }
        if left > 0 {
            parts.push(format!("{left}{more} to confirm"));
        }
        if perhaps > 0 {
            let holds = if perhaps == 1 {
                "it holds"
            } else {
                "they hold"
            };
            parts.push(format!("{perhaps} to know, if {holds}"));
        }
        if !parts.is_empty() {
            page.prose("    - ", 6, &format!("{}: -v", listed(&parts)));
        }
    }
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

/// "1 question that decides (see Why), 2 preparations to confirm and 3 things to know, if they hold (-v)".
fn numbers(open: &[&Topic<'_>]) -> String {
    let count = |part: Part| open.iter().filter(|one| one.part == part).count();
    let parts = [
        (
            count(Part::Reason),
            "question that decides (see Why)",
            "questions that decide (see Why)",
        ),
        (
            count(Part::Confirm),
            "preparation to confirm",
            "preparations to confirm",
        ),
        (
            count(Part::Perhaps),
            "thing to know, if it holds",
            "things to know, if they hold",
        ),
    ];
    let told = parts.into_iter().filter(|(count, _, _)| *count > 0);
    let told: Vec<String> = told
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    listed(&told)
}
