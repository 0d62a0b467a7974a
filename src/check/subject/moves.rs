//! The report of `verify`: what became of v4 in the living clusters, and nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::report::Report;
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::check::report::verdict::ArrivalVerdict;
use crate::rule::{Effect, Level, SubjectKind, Weight};

impl Report {
    /// Leaves living clusters and what became of v4 in them. In such a report what has not arrived fails the run, so it
    /// is an error, unless the verdict of its move is open.
    pub fn keep_moves(&mut self) {
        self.verify = true;
        self.unmoved = self.not_moved();
        self.clusters.clear();
        self.drafts.clear();
        let asked = [SubjectKind::Living.name(), SubjectKind::Migration.name()];
        let fails = [ArrivalVerdict::Wrong, ArrivalVerdict::Incomplete];
        let failing = self.migrations.iter();
        let failing = failing.filter(|one| fails.contains(&one.verdict));
        for at in failing.flat_map(|one| &one.findings) {
            if let Some(finding) = self.findings.get_mut(*at) {
                raise(finding);
            }
        }
        self.retain_findings(&|_, finding| asked.contains(&finding.subject.kind.as_str()));
    }

    /// Leaves the living clusters, the moves and the v4 clusters that did not move of which `is_wanted` holds, asked with
    /// namespace and name; of a move either side will do. Returns how many clusters that leaves out.
    pub fn narrow_moves(&mut self, is_wanted: &dyn Fn(&str, &str) -> bool) -> usize {
        let before = self.living.len() + self.unmoved.len();
        self.migrations.retain(|one| {
            is_wanted(&one.namespace, &one.name)
                || is_wanted(&one.source_namespace, &one.source_name)
        });
        let moved: BTreeSet<(&str, &str)> = self
            .migrations
            .iter()
            .map(|one| (one.namespace.as_str(), one.name.as_str()))
            .collect();
        self.living.retain(|one| {
            let place = (one.namespace.as_str(), one.name.as_str());
            moved.contains(&place) || is_wanted(place.0, place.1)
        });
        self.unmoved
            .retain(|(namespace, name)| is_wanted(namespace, name));
        self.keep_told();
        before - self.living.len() - self.unmoved.len()
    }

    /// Leaves the findings that a living cluster or a move still tells of.
    fn keep_told(&mut self) {
        let mut told: BTreeSet<usize> = BTreeSet::new();
        for one in &self.living {
            told.extend(&one.findings);
            let judged = one.upgrade.as_ref().and_then(|one| one.judged.as_ref());
            told.extend(judged.into_iter().flat_map(|judged| &judged.findings));
        }
        told.extend(self.migrations.iter().flat_map(|one| &one.findings));
        self.retain_findings(&|at, _| told.contains(&at));
    }

    /// Leaves the findings for which `keep` holds, and moves what points at them.
    fn retain_findings(&mut self, keep: &dyn Fn(usize, &Finding) -> bool) {
        let all = std::mem::take(&mut self.findings);
        let mut places = Vec::with_capacity(all.len());
        for (at, finding) in all.into_iter().enumerate() {
            let kept = keep(at, &finding);
            places.push(kept.then_some(self.findings.len()));
            if kept {
                self.findings.push(finding);
            }
        }
        let lists = self.living.iter_mut().flat_map(|one| {
            let upgrade = one.upgrade.as_mut().and_then(|one| one.judged.as_mut());
            let upgrade = upgrade.map(|judged| &mut judged.findings);
            std::iter::once(&mut one.findings).chain(upgrade)
        });
        let moved = self.migrations.iter_mut().map(|one| &mut one.findings);
        for list in lists.chain(moved) {
            let now = list.iter().filter_map(|old| *places.get(*old)?);
            *list = now.collect();
        }
        let named: BTreeSet<Arc<str>> = self
            .findings
            .iter()
            .map(|finding| Arc::clone(&finding.rule))
            .collect();
        self.rules.retain(|rule, _| named.contains(rule));
    }

    /// The v4 clusters of the evidence that are the source of no living cluster.
    fn not_moved(&self) -> Vec<(String, String)> {
        let sources = self.migrations.iter();
        let moved: BTreeSet<(&str, &str)> = sources
            .map(|one| (one.source_namespace.as_str(), one.source_name.as_str()))
            .collect();
        let all: BTreeSet<(&str, &str)> = self
            .clusters
            .iter()
            .map(|one| (one.namespace.as_str(), one.name.as_str()))
            .collect();
        let left = all.difference(&moved);
        left.map(|(namespace, name)| ((*namespace).to_owned(), (*name).to_owned()))
            .collect()
    }
}

fn raise(finding: &mut Finding) {
    let missing = finding.effect == Effect::Moved(Weight::Incomplete);
    if missing && finding.outcome == FindingOutcome::Fires && finding.counts() {
        finding.level = Level::Error;
    }
}
