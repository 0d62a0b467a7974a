//! What a report says of the upgrades of living clusters' operators, put together: verdicts in numbers, and for each rule the
//! clusters that it bears on.
//!
//! It must not know how they are shown.

use std::collections::BTreeMap;

use super::document::{ById, Document, Finding, Living};
use super::fleet::{VERDICTS, counted};
use crate::check::{FindingOutcome, Verdict};
use crate::rule::{Method, Weight};

/// The living clusters whose operator is to go on to the same release.
pub(super) struct Upgrades<'d> {
    /// That release.
    pub(super) to: &'d str,
    /// The clusters, in the order of the report.
    pub(super) clusters: Vec<&'d Living<'d>>,
    /// What bears on them, heaviest first.
    pub(super) topics: Vec<Topic<'d>>,
}

/// One rule and the clusters on whose upgrade it bears.
pub(super) struct Topic<'d> {
    pub(super) rule: &'d str,
    pub(super) outcome: FindingOutcome,
    pub(super) weight: Weight,
    pub(super) findings: Vec<(&'d Living<'d>, &'d Finding<'d>)>,
}

/// The upgrades of a report, by the release to go to.
pub(super) fn upgrades<'d>(document: &'d Document<'d>, by_id: &ById<'d>) -> Vec<Upgrades<'d>> {
    let mut all: BTreeMap<&str, Vec<&Living<'_>>> = BTreeMap::new();
    for living in &document.living {
        if let Some(upgrade) = &living.upgrade {
            all.entry(&upgrade.to).or_default().push(living);
        }
    }
    let one = |(to, clusters): (&'d str, Vec<&'d Living<'d>>)| Upgrades {
        to,
        topics: topics(&clusters, by_id),
        clusters,
    };
    all.into_iter().map(one).collect()
}

fn topics<'d>(clusters: &[&'d Living<'d>], by_id: &ById<'d>) -> Vec<Topic<'d>> {
    let mut found: Vec<Topic<'d>> = Vec::new();
    for living in clusters {
        let ids = living.upgrade.iter().flat_map(|one| &one.findings);
        for finding in by_id.each(&living.origin, ids) {
            let Some(weight) = finding.effect.on(Method::Upgrade) else {
                continue;
            };
            let same =
                |one: &&mut Topic<'_>| one.rule == finding.rule && one.outcome == finding.outcome;
            match found.iter_mut().find(same) {
                Some(topic) => topic.findings.push((living, finding)),
                None => found.push(Topic {
                    rule: &finding.rule,
                    outcome: finding.outcome,
                    weight,
                    findings: vec![(living, finding)],
                }),
            }
        }
    }
    found.sort_by_key(|one| (std::cmp::Reverse(one.weight), one.outcome, one.rule));
    found
}

impl Topic<'_> {
    /// How many clusters it bears on.
    pub(super) fn clusters(&self) -> usize {
        let mut names: Vec<*const Living<'_>> = self
            .findings
            .iter()
            .map(|(living, _)| std::ptr::from_ref(*living).cast())
            .collect();
        names.dedup();
        names.len()
    }
}

impl<'d> Upgrades<'d> {
    /// How many have a verdict.
    pub(super) fn of(&self, verdict: Verdict) -> usize {
        let same =
            |one: &&&Living<'_>| one.upgrade.as_ref().and_then(|one| one.verdict) == Some(verdict);
        self.clusters.iter().filter(same).count()
    }

    /// How many run the release, or a newer one, already.
    pub(super) fn there(&self) -> usize {
        let there = |one: &&&Living<'_>| {
            one.upgrade
                .as_ref()
                .is_some_and(|one| one.verdict.is_none())
        };
        self.clusters.iter().filter(there).count()
    }

    /// "23 of 40 ready for 6.0.3, 12 after preparation, 5 blocked: the built-in pgAdmin has no image at the target".
    pub(super) fn line(&self, document: &'d Document<'d>) -> String {
        let there = self.there();
        if there == self.clusters.len() {
            let all = counted(there, "living cluster", "living clusters");
            return format!("{all} under {} or a newer release already", self.to);
        }
        let ready = self.of(Verdict::Ready);
        let mut parts = vec![format!(
            "{ready} of {} ready for {}",
            self.clusters.len(),
            self.to
        )];
        for verdict in VERDICTS {
            let words = match verdict {
                Verdict::Ready => continue,
                Verdict::Action => "after preparation",
                Verdict::Unknown => "undecided",
                Verdict::Blocked => "blocked",
            };
            match self.of(verdict) {
                0 => {}
                count => parts.push(format!("{count} {words}")),
            }
        }
        let mut line = parts.join(", ");
        let reasons = self.reasons(document);
        if !reasons.is_empty() {
            line.push_str(": ");
            line.push_str(&reasons.join("; "));
        }
        match there {
            0 => line,
            there => format!(
                "{line}. {} under it or a newer release already",
                counted(there, "is", "are")
            ),
        }
    }

    /// What blocks, in a few words each, with the number of clusters where not all blocked ones have it.
    fn reasons(&self, document: &'d Document<'d>) -> Vec<String> {
        let blocks =
            |one: &&Topic<'_>| one.weight >= Weight::Block && one.outcome == FindingOutcome::Fires;
        let blocked = self.of(Verdict::Blocked);
        let words = |topic: &Topic<'_>| {
            let title = document
                .rules
                .get(topic.rule)
                .map_or(topic.rule, |rule| &*rule.title);
            match topic.clusters() {
                count if count < blocked => format!("{title} ({count})"),
                _ => title.to_owned(),
            }
        };
        self.topics.iter().filter(blocks).map(words).collect()
    }
}
