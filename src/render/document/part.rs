//! Small parts of the JSON report, from those of a run.

use std::borrow::Cow;

use super::finding::Text;
use super::shape::Target;
use crate::check::{self, Report};

pub(super) fn text(text: &str) -> Text<'_> {
    Cow::Borrowed(text)
}

pub(super) fn target(target: &check::Target) -> Target<'_> {
    Target {
        pgo: target
            .pgo
            .iter()
            .map(|release| text(release.name()))
            .collect(),
        from: text(&target.from),
    }
}

pub(super) fn ids<'a>(report: &'a Report, findings: &[usize]) -> Vec<Text<'a>> {
    let found = findings
        .iter()
        .filter_map(|index| report.findings.get(*index));
    found.map(|finding| text(&finding.id)).collect()
}
