//! What several findings say in the same words is kept once: a fleet's clusters have the same questions and remedies, and a
//! megabyte of input may hold ten thousand clusters.

use std::collections::HashSet;
use std::sync::Arc;

use super::report::Report;
use super::report::finding::Finding;
use super::subject::cluster::JudgedCluster;
use super::subject::draft::JudgedDraft;
use crate::manifest::Gaps;

/// What the findings of a run have said so far.
#[derive(Default)]
pub(super) struct Shared {
    texts: HashSet<Arc<str>>,
    gaps: HashSet<Gaps>,
}

impl Shared {
    /// Lets findings hold on to what is there already instead of to their own.
    pub(super) fn among(&mut self, findings: &mut [Finding]) {
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

    /// Appends clusters, moving their indices to where their findings come to lie.
    pub(super) fn add_clusters(&mut self, report: &mut Report, judged: Vec<JudgedCluster>) {
        for mut judged in judged {
            let first = report.findings.len();
            for method in judged.report.methods.values_mut() {
                for index in &mut method.findings {
                    *index += first;
                }
            }
            self.among(&mut judged.findings);
            report.findings.append(&mut judged.findings);
            report.bugs.append(&mut judged.bugs);
            report.clusters.push(judged.report);
        }
    }

    /// Appends drafts, moving their indices to where their findings come to lie.
    pub(super) fn add_drafts(&mut self, report: &mut Report, judged: Vec<JudgedDraft>) {
        for mut judged in judged {
            self.among(&mut judged.findings);
            let first = report.append(judged.findings, judged.bugs);
            let indices = judged.report.findings.iter_mut();
            indices.for_each(|index| *index += first);
            report.drafts.push(judged.report);
        }
    }
}
