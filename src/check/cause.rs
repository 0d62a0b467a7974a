//! One cause, one finding: where two rules tell the same mistake, the more telling one stays.

use std::sync::Arc;

use super::label::pointer;
use super::report::{Finding, FindingOutcome};
use crate::manifest::Object;

/// A rule, and those that say more of the same key.
const SAID_BETTER: [(&str, &[&str]); 2] = [
    (
        "schema-unknown-field",
        &["data-source-pruned", "release-lacks-a-field", "v4-fields"],
    ),
    // The schema's is at the value, one for each, and says how to write it.
    ("global-value-not-a-string", &["schema-wrong-type"]),
];

/// Takes out findings about a key of which another says more and weighs no less.
pub(super) fn once(findings: &mut Vec<Option<Finding>>, object: &Object) {
    let told: Vec<(Arc<str>, u8, Vec<String>)> = findings
        .iter()
        .flatten()
        .filter(|finding| finding.outcome == FindingOutcome::Fires)
        .filter(|finding| {
            SAID_BETTER
                .iter()
                .any(|(_, by)| by.contains(&&*finding.rule))
        })
        .map(|finding| {
            let labels = finding.labels.iter();
            let paths = labels.filter_map(|label| pointer(object, label.span));
            (
                Arc::clone(&finding.rule),
                finding.level as u8,
                paths.collect(),
            )
        })
        .collect();
    findings.retain(|finding| {
        let Some(finding) = finding else { return true };
        let Some((_, better)) = SAID_BETTER.iter().find(|(rule, _)| **rule == *finding.rule) else {
            return true;
        };
        !told.iter().any(|(rule, level, paths)| {
            better.contains(&&**rule)
                && *level >= finding.level as u8
                && paths.contains(&finding.path)
        })
    });
}
