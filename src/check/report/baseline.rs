//! A run's findings beside those of an earlier run, so that only what is new counts.
//!
//! A baseline never changes a verdict: it says which findings are told and count for the exit code.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{BaselineState, Finding, FindingOutcome};
use super::known::Known;
use super::verdict::{DraftVerdict, Verdict};
use super::{CONFIGURATION, ClusterReport, Compared, DraftReport, Report};
use crate::rule::{Effect, Weight};

/// The findings of an earlier run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The version of this shape: 1.
    version: u32,
    /// In a stable order.
    findings: Vec<Known>,
}

impl Baseline {
    /// What a run found, what was set aside excepted: once nobody sets it aside any more, it is new.
    pub fn of(report: &Report) -> Self {
        let counting = report.findings.iter().filter(|finding| finding.counts());
        let counting = counting.filter(|finding| finding.subject.kind != CONFIGURATION);
        let mut findings: Vec<Known> = counting.map(Known::of).collect();
        findings.sort();
        Baseline {
            version: 1,
            findings,
        }
    }

    /// A baseline from its text; in words, why it is none.
    pub fn read(text: &str) -> Result<Self, String> {
        let baseline: Baseline =
            serde_json::from_str(text).map_err(|error| format!("this is no baseline: {error}"))?;
        if baseline.version != 1 {
            let version = baseline.version;
            return Err(format!(
                "this baseline has version {version}; this program reads version 1"
            ));
        }
        Ok(baseline)
    }

    /// Its text.
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Tells each finding of a report whether it is new. `file` names the baseline. What fired and cannot be decided now is old:
    /// who let it pass when it was known lets it pass. What was undecided and fires now is new.
    pub fn compare(&self, report: &mut Report, file: &str) {
        let mut known: BTreeMap<(&str, FindingOutcome), Vec<&Known>> = BTreeMap::new();
        for one in &self.findings {
            known.entry((&one.id, one.outcome)).or_default().push(one);
        }
        for finding in &mut report.findings {
            let mut was = |outcome| {
                let known = known.get_mut(&(&*finding.id, outcome));
                known.and_then(Vec::pop).is_some()
            };
            let fires = finding.outcome == FindingOutcome::Fires;
            let same = was(finding.outcome) || !fires && was(FindingOutcome::Fires);
            if !same && fires {
                // What was undecided is not gone.
                was(FindingOutcome::Unknown);
            }
            let old = same && finding.subject.kind != CONFIGURATION;
            finding.baseline = Some(if old {
                BaselineState::Unchanged
            } else {
                BaselineState::New
            });
        }
        let mut gone: Vec<Known> = known.into_values().flatten().cloned().collect();
        gone.sort();
        report.compared = Some(Compared {
            file: file.to_owned(),
            gone,
        });
    }
}

impl Report {
    /// The verdict by which a cluster counts for the exit code: its own, or with a baseline the worst that something
    /// new brings about, if that is better.
    pub(in crate::check) fn counted(&self, cluster: &ClusterReport) -> Verdict {
        let of_methods = cluster.methods.values().flat_map(|judged| &judged.findings);
        self.counted_by(of_methods, cluster.verdict)
    }

    /// The verdict by which something counts that these findings bear on.
    pub(in crate::check) fn counted_by<'r>(
        &'r self,
        findings: impl Iterator<Item = &'r usize> + 'r,
        verdict: Verdict,
    ) -> Verdict {
        if self.compared.is_none() {
            return verdict;
        }
        let news = self.news(findings).map(|finding| {
            let blocks = finding.effect.heaviest() >= Weight::Block;
            match (finding.outcome, finding.effect.heaviest()) {
                (FindingOutcome::Fires, _) if blocks => Verdict::Blocked,
                (FindingOutcome::Unknown, _) if blocks => Verdict::Unknown,
                (_, Weight::Action) => Verdict::Action,
                _ => Verdict::Ready,
            }
        });
        news.max().unwrap_or(Verdict::Ready).min(verdict)
    }

    /// The same for a draft.
    pub(in crate::check) fn counted_draft(&self, draft: &DraftReport) -> DraftVerdict {
        if self.compared.is_none() {
            return draft.verdict;
        }
        let errors = self
            .news(draft.findings.iter())
            .filter(|finding| finding.effect == Effect::Draft(Weight::Error));
        let news = errors.map(|finding| match finding.outcome {
            FindingOutcome::Fires => DraftVerdict::Error,
            FindingOutcome::Unknown => DraftVerdict::Unknown,
        });
        news.max().unwrap_or(DraftVerdict::Ok).min(draft.verdict)
    }

    fn news<'r>(
        &'r self,
        indices: impl Iterator<Item = &'r usize> + 'r,
    ) -> impl Iterator<Item = &'r Finding> + 'r {
        indices
            .filter_map(|index| self.findings.get(*index))
            .filter(|finding| finding.is_news())
    }
}
