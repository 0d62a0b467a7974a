//! A report to the numbers that stand at its head: clusters by verdict, what holds them up most, versions, commands.
//!
//! It must not know how they are shown.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::document::{ById, Cluster, Document, Draft, Finding, RuleText};
use super::text::wrap::plain;
use crate::check::{ArrivalVerdict, DraftVerdict, FindingOutcome, Verdict};
use crate::rule::{Method, Weight};

/// All verdicts, best first.
pub(super) const VERDICTS: [Verdict; 4] = [
    Verdict::Ready,
    Verdict::Action,
    Verdict::Unknown,
    Verdict::Blocked,
];

/// All verdicts of drafts, best first.
pub(super) const DRAFT_VERDICTS: [DraftVerdict; 3] =
    [DraftVerdict::Ok, DraftVerdict::Unknown, DraftVerdict::Error];

/// Numbers about a report.
#[derive(Debug)]
pub(super) struct Fleet<'d> {
    /// The methods that any cluster was judged for.
    pub(super) methods: Vec<Method>,
    /// Clusters by best method, in the order of [`VERDICTS`].
    pub(super) best: [usize; 4],
    /// Clusters by verdict of each method, likewise.
    pub(super) by_method: BTreeMap<Method, [usize; 4]>,
    /// Drafts, in the order of [`DRAFT_VERDICTS`].
    pub(super) drafts: [usize; 3],
    /// Rules by how many clusters and drafts they hold up, most first.
    pub(super) hindrances: Vec<Hindrance<'d>>,
    /// PGO v4 versions and how many clusters have them, newest first; `""` where it is unknown.
    pub(super) pgo: Vec<(&'d str, usize)>,
    /// Postgres versions, likewise.
    pub(super) postgres: Vec<(&'d str, usize)>,
    /// The commands that settle what is undecided, and for how many findings, most first.
    pub(super) asks: Vec<(&'d str, usize)>,
}

/// A rule and how many clusters and drafts it holds up.
#[derive(Debug)]
pub(super) struct Hindrance<'d> {
    /// The rule.
    pub(super) rule: &'d str,
    /// No method is open there, and it rules one out; or it is an error of the draft.
    pub(super) blocks: usize,
    /// It rules out a method there, where another is open.
    pub(super) closes: usize,
    /// Whether it does could not be decided there.
    pub(super) undecided: usize,
    /// There is something to prepare there.
    pub(super) prepares: usize,
}

impl Hindrance<'_> {
    /// Whether it is known to hold anything up.
    pub(super) fn fires(&self) -> bool {
        self.blocks + self.closes + self.prepares > 0
    }

    /// What it is, in plain words: what could not be decided anywhere says so.
    pub(super) fn title(&self, rule: Option<&RuleText<'_>>) -> String {
        plain(&match rule {
            Some(rule) if self.fires() => rule.title.to_string(),
            Some(rule) => rule.undecided(),
            None => self.rule.to_owned(),
        })
    }
}

impl<'d> Fleet<'d> {
    /// Counts a report.
    pub(super) fn of(document: &'d Document<'d>, by_id: &ById<'d>) -> Self {
        let mut methods = BTreeMap::new();
        let mut best = [0; 4];
        for cluster in &document.clusters {
            count(
                &mut best,
                VERDICTS.iter().position(|v| *v == cluster.verdict),
            );
            for (method, judged) in &cluster.methods {
                let counts = methods.entry(*method).or_insert([0; 4]);
                count(counts, VERDICTS.iter().position(|v| *v == judged.verdict));
            }
        }
        let mut drafts = [0; 3];
        for draft in &document.drafts {
            count(
                &mut drafts,
                DRAFT_VERDICTS.iter().position(|v| *v == draft.verdict),
            );
        }
        let clusters = document.clusters.iter();
        Fleet {
            methods: methods.keys().copied().collect(),
            best,
            by_method: methods,
            drafts,
            hindrances: hindrances(document, by_id),
            pgo: versions(clusters.clone().map(|one| one.v4.as_deref())),
            postgres: versions(clusters.map(|one| one.postgres.as_deref())),
            asks: asks(document),
        }
    }
}

fn count<const N: usize>(counts: &mut [usize; N], position: Option<usize>) {
    if let Some(count) = position.and_then(|position| counts.get_mut(position)) {
        *count += 1;
    }
}

/// The findings of a cluster, those of its methods together, each once and in the order of the report.
pub(super) fn of_cluster<'d>(cluster: &Cluster<'d>, by_id: &ById<'d>) -> Vec<&'d Finding<'d>> {
    let mut seen = BTreeSet::new();
    let mut found: Vec<&Finding<'_>> = Vec::new();
    for judged in cluster.methods.values() {
        for finding in by_id.all(&cluster.origin, &judged.findings) {
            if seen.insert(&*finding.id) {
                found.push(finding);
            }
        }
    }
    found.sort_by_key(|finding| by_id.position(finding));
    found
}

/// The findings of a draft.
pub(super) fn of_draft<'d>(draft: &Draft<'d>, by_id: &ById<'d>) -> Vec<&'d Finding<'d>> {
    by_id.all(&draft.origin, &draft.findings).collect()
}

/// What a finding asks of its reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bearing {
    /// It rules something out.
    Blocks,
    /// It could not be decided, and would rule something out or call for a preparation.
    Undecided,
    /// There is something to prepare.
    Prepares,
    /// It is to be known.
    Tells,
}

/// What a finding asks of its reader.
pub(super) fn bearing(finding: &Finding<'_>) -> Bearing {
    let weight = finding.effect.heaviest();
    match (finding.outcome, weight) {
        _ if finding.suppressed() => Bearing::Tells,
        (FindingOutcome::Fires, Some(Weight::Block | Weight::Error | Weight::Wrong)) => {
            Bearing::Blocks
        }
        (FindingOutcome::Fires, Some(Weight::Action | Weight::Incomplete)) => Bearing::Prepares,
        (
            FindingOutcome::Unknown,
            Some(
                Weight::Block | Weight::Error | Weight::Action | Weight::Wrong | Weight::Incomplete,
            ),
        ) => Bearing::Undecided,
        _ => Bearing::Tells,
    }
}

/// "14 of 40 moved, 1 wrong, 2 not proven, 23 not begun"; `left` are v4 clusters that no living cluster came from.
pub(super) fn moved(verdicts: &[ArrivalVerdict], left: usize) -> String {
    use ArrivalVerdict::{Arrived, Incomplete, Unknown, Wrong};
    let count = |wanted| verdicts.iter().filter(|one| **one == wanted).count();
    let mut text = format!("{} of {} moved", count(Arrived), verdicts.len() + left);
    for (verdict, words) in [
        (Wrong, "wrong"),
        (Incomplete, "not complete"),
        (Unknown, "not proven"),
    ] {
        let number = count(verdict);
        if number > 0 {
            text.push_str(&format!(", {number} {words}"));
        }
    }
    if left > 0 {
        text.push_str(&format!(", {left} not begun"));
    }
    text
}

fn hindrances<'d>(document: &'d Document<'d>, by_id: &ById<'d>) -> Vec<Hindrance<'d>> {
    let mut counted: BTreeMap<&str, Hindrance<'_>> = BTreeMap::new();
    let clusters = document.clusters.iter();
    let clusters = clusters.map(|one| (one.verdict < Verdict::Blocked, of_cluster(one, by_id)));
    let drafts = document.drafts.iter();
    let drafts = drafts.map(|one| (false, of_draft(one, by_id)));
    for (open, findings) in clusters.chain(drafts) {
        // A rule counts once for each subject, by its worst finding there.
        let mut worst: BTreeMap<&str, Bearing> = BTreeMap::new();
        for finding in findings {
            let bearing = bearing(finding);
            let held = worst.entry(&finding.rule).or_insert(bearing);
            *held = bearing.min(*held);
        }
        for (rule, bearing) in worst {
            let hindrance = counted.entry(rule).or_insert(Hindrance {
                rule,
                blocks: 0,
                closes: 0,
                undecided: 0,
                prepares: 0,
            });
            match bearing {
                Bearing::Blocks if open => hindrance.closes += 1,
                Bearing::Blocks => hindrance.blocks += 1,
                Bearing::Undecided => hindrance.undecided += 1,
                Bearing::Prepares => hindrance.prepares += 1,
                Bearing::Tells => {}
            }
        }
    }
    let mut ranked: Vec<Hindrance<'_>> = counted
        .into_values()
        .filter(|one| one.blocks + one.closes + one.undecided + one.prepares > 0)
        .collect();
    ranked.sort_by_key(|one| {
        (
            Reverse(one.blocks),
            Reverse(one.closes),
            Reverse(one.prepares),
            Reverse(one.undecided),
            one.rule,
        )
    });
    ranked
}

fn versions<'d>(found: impl Iterator<Item = Option<&'d str>>) -> Vec<(&'d str, usize)> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for version in found {
        *counted.entry(version.unwrap_or_default()).or_default() += 1;
    }
    let mut versions: Vec<(&str, usize)> = counted.into_iter().collect();
    versions.sort_by_cached_key(|(version, _)| Reverse(numbers(version)));
    versions
}

/// The numbers of a version, so that 4.10 is newer than 4.9.
pub(super) fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(|c: char| !c.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

fn asks<'d>(document: &'d Document<'d>) -> Vec<(&'d str, usize)> {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &document.findings {
        for gap in &finding.gaps {
            *counted.entry(&gap.ask).or_default() += 1;
        }
    }
    let mut asks: Vec<(&str, usize)> = counted.into_iter().collect();
    asks.sort_by_key(|(ask, count)| (Reverse(*count), *ask));
    asks
}

/// "a, b and c".
pub(super) fn listed<T: AsRef<str>>(parts: &[T]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [before @ .., last] if !before.is_empty() => format!("{} and {last}", before.join(", ")),
        _ => parts.concat(),
    }
}

/// "1 cluster", "2 clusters".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
