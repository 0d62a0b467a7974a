//! Findings by the ids that clusters and drafts name them with.

use std::collections::HashMap;

use super::finding::{Finding, Text};
use super::shape::Document;

/// Findings by origin and id.
#[derive(Debug)]
pub struct ById<'d>(HashMap<(&'d str, &'d str), (usize, &'d Finding<'d>)>);

impl<'d> ById<'d> {
    /// Of all findings of a report.
    pub fn of(document: &'d Document<'d>) -> Self {
        let findings = document.findings.iter();
        ById(
            findings
                .enumerate()
                .map(|(at, finding)| ((&*finding.subject.origin, &*finding.id), (at, finding)))
                .collect(),
        )
    }

    /// The findings with these ids, in their order; an id that no finding has is passed over.
    pub fn all<'i>(
        &self,
        origin: &'i str,
        ids: &'i [Text<'_>],
    ) -> impl Iterator<Item = &'d Finding<'d>> + use<'d, 'i, '_> {
        self.each(origin, ids.iter())
    }

    /// The same, of ids one by one.
    pub fn each<'i>(
        &self,
        origin: &'i str,
        ids: impl Iterator<Item = &'i Text<'i>>,
    ) -> impl Iterator<Item = &'d Finding<'d>> {
        ids.filter_map(move |id| self.0.get(&(origin, &**id)).map(|(_, finding)| *finding))
    }

    /// Where in its report a finding stands.
    pub fn position(&self, finding: &Finding<'_>) -> usize {
        let key = (&*finding.subject.origin, &*finding.id);
        self.0.get(&key).map_or(usize::MAX, |(at, _)| *at)
    }
}
