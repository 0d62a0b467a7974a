//! What several findings say in the same words is kept once: a fleet's clusters have the same questions and remedies, and a
//! megabyte of input may hold ten thousand clusters.

use std::collections::HashSet;
use std::sync::Arc;

use super::report::arrival::{LivingReport, MigrationReport};
use super::report::finding::Finding;
use super::report::{ClusterReport, DraftReport, Report};
use super::subject::pipeline::Judged;
use crate::manifest::Gaps;

/// What the findings of a run have said so far.
pub(super) struct Shared {
    texts: HashSet<Arc<str>>,
    gaps: HashSet<Gaps>,
}

impl Default for Shared {
    /// With room for what most runs say: to make more, all of it would be read again.
    fn default() -> Self {
        Shared {
            texts: HashSet::with_capacity(2048),
            gaps: HashSet::with_capacity(512),
        }
    }
}

impl Shared {
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
    pub(super) fn add<R: Indexed>(&mut self, report: &mut Report, judged: Vec<Judged<R>>) {
        for mut one in judged {
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
}

impl Indexed for ClusterReport {
    fn indices(&mut self) -> impl Iterator<Item = &mut usize> {
        let methods = self.methods.values_mut();
        methods.flat_map(|method| &mut method.findings)
    }

    fn among(report: &mut Report) -> &mut Vec<Self> {
        &mut report.clusters
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
