//! What several findings say in the same words is kept once: a fleet's clusters have the same questions and remedies, and a
//! megabyte of input may hold ten thousand clusters.

use std::sync::Arc;

use rayon::prelude::*;

use super::report::arrival::{LivingReport, MigrationReport};
use super::report::finding::Finding;
use super::report::{ClusterReport, DraftReport, Report};
use super::subject::pipeline::Judged;
use crate::allowance::{Findings, Room};
use crate::hashing::{HashSet, RandomState};
use crate::manifest::Gaps;

/// How many subjects are judged before their findings are put together.
const AT_ONCE: usize = 256;

/// How many subjects of one kind are named, each with its own *unknown*, after the run may find no more. Of the rest the number is
/// told: a small archive can hold a million names.
const NAMED: usize = 2_000;

/// What the findings of a run have said so far, and how many more there may be.
pub(super) struct Shared {
    texts: HashSet<Arc<str>>,
    gaps: HashSet<Gaps>,
    left: Findings,
}

impl Shared {
    /// For a run that may find as much; with room for what most runs say: to make more, all of it would be read again.
    pub(super) fn of(left: Findings) -> Self {
        Shared {
            texts: HashSet::with_capacity_and_hasher(2048, RandomState::default()),
            gaps: HashSet::with_capacity_and_hasher(512, RandomState::default()),
            left,
        }
    }

    /// Judges subjects one part after the other: what was worked out about those of a part can go before the next. Says of how
    /// many, from the first on, there was room to do more than to tell that they are not judged.
    pub(super) fn judge<S: Send, R: Indexed + Send>(
        &mut self,
        report: &mut Report,
        subjects: impl IntoIterator<Item = S>,
        judge: impl Fn(S, Room) -> Option<Judged<R>> + Sync,
    ) -> usize {
        let mut subjects = subjects.into_iter();
        let (mut in_full, mut named) = (0, 0);
        loop {
            let room = self.left.room();
            if room == Room::Spent && named >= NAMED {
                report.leave_out(subjects.count());
                return in_full;
            }
            let some: Vec<S> = subjects.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return in_full;
            }
            match room {
                Room::Left => in_full += some.len(),
                Room::Spent => named += some.len(),
            }
            let judged = some
                .into_par_iter()
                .filter_map(|subject| judge(subject, room));
            self.add(report, judged.collect());
        }
    }

    /// Lets findings hold on to what is there already instead of to their own.
    fn among(&mut self, findings: &mut [Finding]) {
        for finding in findings {
            for text in [&mut finding.message, &mut finding.fix] {
                match self.texts.get(text) {
                    Some(known) => *text = Arc::clone(known),
                    None => drop(self.texts.insert(Arc::clone(text))),
                }
            }
            match self.gaps.get(&finding.gaps) {
                Some(known) => finding.gaps = Arc::clone(known),
                None => drop(self.gaps.insert(Arc::clone(&finding.gaps))),
            }
        }
    }

    /// Appends what was judged, moving the indices of each report to where its findings come to lie.
    fn add<R: Indexed>(&mut self, report: &mut Report, judged: Vec<Judged<R>>) {
        for mut one in judged {
            self.left.take(one.findings.len() + one.report.further());
            self.among(&mut one.findings);
            let first = report.append(one.findings, one.bugs);
            one.report.indices().for_each(|index| *index += first);
            R::among(report).push(one.report);
        }
    }
}

/// A report about one subject, which refers to findings by their position.
pub(super) trait Indexed: Sized {
    /// The positions.
    fn indices(&mut self) -> impl Iterator<Item = &mut usize>;
    /// Those of its kind.
    fn among(report: &mut Report) -> &mut Vec<Self>;
    /// How many findings would take as much as what it holds besides.
    fn further(&self) -> usize {
        0
    }
}

/// As many facts take about as much as a finding.
const FACTS_FOR_A_FINDING: usize = 3;

impl Indexed for ClusterReport {
    fn indices(&mut self) -> impl Iterator<Item = &mut usize> {
        let methods = self.methods.values_mut();
        methods.flat_map(|method| &mut method.findings)
    }

    fn among(report: &mut Report) -> &mut Vec<Self> {
        &mut report.clusters
    }

    fn further(&self) -> usize {
        let facts = self.facts.as_ref().map_or(0, Vec::len);
        facts / FACTS_FOR_A_FINDING
    }
}

impl Indexed for DraftReport {
    fn indices(&mut self) -> impl Iterator<Item = &mut usize> {
        self.findings.iter_mut()
    }

    fn among(report: &mut Report) -> &mut Vec<Self> {
        &mut report.drafts
    }
}

impl Indexed for LivingReport {
    fn indices(&mut self) -> impl Iterator<Item = &mut usize> {
        let upgrade = self.upgrade.as_mut().and_then(|one| one.judged.as_mut());
        let of_upgrade = upgrade.into_iter().flat_map(|judged| &mut judged.findings);
        self.findings.iter_mut().chain(of_upgrade)
    }

    fn among(report: &mut Report) -> &mut Vec<Self> {
        &mut report.living
    }
}

impl Indexed for MigrationReport {
    fn indices(&mut self) -> impl Iterator<Item = &mut usize> {
        self.findings.iter_mut()
    }

    fn among(report: &mut Report) -> &mut Vec<Self> {
        &mut report.migrations
    }
}
