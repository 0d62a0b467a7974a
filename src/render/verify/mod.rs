//! The checklist of `verify`: per migration what is wrong, what is to do in its order, what could not be decided, what to
//! know, and what holds.
//!
//! Text for people and Markdown share one model, made of the JSON report, so that a report read back is told in the same
//! words; the other formats are those of `check`.

mod human;
mod markdown;

use std::collections::BTreeSet;

use super::document::{ById, Document, Finding, Living, Pair, title};
use super::fleet;
use crate::check::{ArrivalVerdict, FindingOutcome};
use crate::rule::{Method, Weight};

pub use human::verify_human;
pub use markdown::verify_markdown;

/// How a line of the checklist came out, in the order of telling.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Wrong,
    Missing,
    Open,
    Warned,
    Holds,
}

impl Mark {
    fn of(finding: &Finding<'_>) -> Mark {
        match (finding.outcome, finding.effect.moved) {
            (FindingOutcome::Unknown, _) => Mark::Open,
            (FindingOutcome::Fires, Some(Weight::Wrong)) => Mark::Wrong,
            (FindingOutcome::Fires, Some(Weight::Incomplete)) => Mark::Missing,
            (FindingOutcome::Fires, _) => Mark::Warned,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Mark::Wrong => "WRONG",
            Mark::Missing => "to do",
            Mark::Open => "open",
            Mark::Warned => "note",
            Mark::Holds => "ok",
        }
    }
}

/// One line of the checklist.
struct Line<'d> {
    mark: Mark,
    rule: &'d str,
    text: &'d str,
    /// What it was made of; none for what holds.
    finding: Option<&'d Finding<'d>>,
}

/// Whether a finding about a living cluster itself is to be known beside what became of v4 in it: it fires, and an upgrade is
/// another matter.
fn is_of_now(finding: &Finding<'_>) -> bool {
    finding.outcome == FindingOutcome::Fires && finding.effect.on(Method::Upgrade).is_none()
}

/// A v4 cluster and what became of it.
struct Move<'d> {
    pair: &'d Pair<'d>,
    /// The Kubernetes cluster it is in, where moves of several are told; otherwise empty.
    origin: &'d str,
    verdict: ArrivalVerdict,
    /// How far it has come; empty where that is unknown.
    stage: &'d str,
    lines: Vec<Line<'d>>,
}

impl<'d> Move<'d> {
    fn of(pair: &'d Pair<'d>, document: &'d Document<'d>, by_id: &ById<'d>) -> Self {
        let origin = pair.living.as_ref().and_then(|one| one.origin.as_deref());
        let told = by_id.all(origin.unwrap_or(""), &pair.findings);
        let told = told.filter(|one| one.is_news()).map(|finding| Line {
            mark: Mark::of(finding),
            rule: &finding.rule,
            text: &finding.message,
            finding: Some(finding),
        });
        let living = document.living.iter().find(|one| pair.is_of(one));
        let own = living.map_or(&[][..], |one| &one.findings);
        let own = by_id.all(origin.unwrap_or(""), own);
        let own = own.filter(|one| one.is_news() && is_of_now(one));
        let own = own.map(|finding| Line {
            mark: Mark::Warned,
            rule: &finding.rule,
            text: &finding.message,
            finding: Some(finding),
        });
        let held = pair.passed.iter().map(|held| Line {
            mark: Mark::Holds,
            rule: &held.rule,
            text: &held.holds,
            finding: None,
        });
        let mut lines: Vec<Line<'d>> = told.chain(own).chain(held).collect();
        lines.sort_by_key(|line| line.mark);
        Move {
            pair,
            origin: origin.unwrap_or_default(),
            verdict: pair.verdict.unwrap_or(ArrivalVerdict::Unknown),
            stage: living.map_or("", |one| &one.stage),
            lines,
        }
    }

    fn name(&self) -> String {
        let living = self.pair.living.as_ref();
        living.map_or_else(String::new, |one| {
            title(self.origin, &one.namespace, &one.name)
        })
    }

    fn source(&self) -> String {
        let v4 = &self.pair.cluster;
        title("", &v4.namespace, &v4.name)
    }

    fn of_mark(&self, mark: Mark) -> impl Iterator<Item = &Line<'d>> {
        self.lines.iter().filter(move |line| line.mark == mark)
    }
}

/// The moves of a report, in its order.
fn moves<'d>(document: &'d Document<'d>, by_id: &ById<'d>) -> Vec<Move<'d>> {
    let pairs = document.pairs.iter().filter(|one| one.edge == Pair::MOVED);
    let mut moves: Vec<Move<'d>> = pairs.map(|pair| Move::of(pair, document, by_id)).collect();
    let origins: BTreeSet<&str> = moves.iter().map(|one| one.origin).collect();
    if origins.len() < 2 {
        for one in &mut moves {
            one.origin = "";
        }
    }
    moves
}

/// "14 of 40 moved, 2 not proven".
fn headline(document: &Document<'_>, moves: &[Move<'_>]) -> String {
    let verdicts: Vec<ArrivalVerdict> = moves.iter().map(|one| one.verdict).collect();
    fleet::moved(&verdicts, document.not_moved().len())
}

/// What is held against nothing, and so neither moved nor proven.
pub(in crate::render) fn apart(document: &Document<'_>) -> Vec<String> {
    let named = |names: Vec<String>| {
        let more = names.len().saturating_sub(NAMED);
        let mut text = names.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
        if more > 0 {
            text.push_str(&format!(" and {more} more"));
        }
        text
    };
    let mut told = Vec::new();
    let unmoved = document.not_moved();
    if !unmoved.is_empty() {
        told.push(format!(
            "Not moved: {}. `pgo-preflight plan` tells the way.",
            named(unmoved)
        ));
    }
    let unclear = |one: &&Living<'_>| !one.candidates.is_empty();
    for living in document.living.iter().filter(unclear) {
        let name = title("", &living.namespace, &living.name);
        let names = living.candidates.iter().enumerate();
        let may = names.map(|(number, name)| match living.signs.get(number) {
            Some(sign) => format!("{name} ({sign})"),
            None => name.to_string(),
        });
        told.push(format!(
            "Not proven: {name} may have come from each of {}; say which with `--pair`.",
            named(may.collect())
        ));
    }
    told
}

/// How many clusters are named in one line.
const NAMED: usize = 12;

const NOTHING: &str = "nothing to verify: no living PostgresCluster beside the v4 cluster it came from is in the input";
