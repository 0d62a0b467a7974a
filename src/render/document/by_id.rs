//! Findings by the ids that clusters and drafts name them with.

use std::collections::HashMap;

use super::finding::{Finding, Text};
use super::shape::Document;

/// Findings by origin and id.
#[derive(Debug)]
pub struct ById<'d>(HashMap<(&'d str, &'d str), &'d Finding<'d>>);

impl<'d> ById<'d> {
    /// Of all findings of a report.
    pub fn of(document: &'d Document<'d>) -> Self {
        let findings = document.findings.iter();
        ById(
            findings
                .map(|finding| ((&*finding.subject.origin, &*finding.id), finding))
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
        ids.filter_map(move |id| self.0.get(&(origin, &**id)).copied())
    }
}
