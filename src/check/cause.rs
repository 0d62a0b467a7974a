//! One cause, one finding: where two rules tell the same mistake, the more telling one stays.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::label::pointer;
use super::report::{DraftSource, Finding, FindingOutcome, Report};
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

/// What a rule about a v4 cluster says has to be carried over, and the rules that tell of its draft that it is not.
const CARRIED: [(&str, &[&str]); 15] = [
    ("clients-without-tls", &["clients-without-tls-refused"]),
    (
        "md5-passwords-behind-pgbouncer",
        &["md5-passwords-behind-pgbouncer-of-v5"],
    ),
    (
        "md5-passwords-refused",
        &["md5-passwords-against-default-rule"],
    ),
    ("object-storage-private-ca", &["private-ca-lost"]),
    ("parameters-to-carry-over", &["other-parameters-lost"]),
    ("port-to-carry-over", &["port-differs"]),
    ("postgis-image-needed", &["gis-lost"]),
    (
        "preload-libraries-to-carry-over",
        &["preload-libraries-lost"],
    ),
    (
        "replay-parameters-above-defaults",
        &["parameters-lower", "parameters-lower-than-before"],
    ),
    ("repository-encrypted", &["encryption-lost"]),
    ("service-type-to-carry-over", &["service-type-lost"]),
    ("several-repositories", &["second-repository-lost"]),
    (
        "supplemental-groups-to-carry-over",
        &["supplemental-groups-lost"],
    ),
    ("sync-replication-to-carry-over", &["sync-replication-lost"]),
    (
        "users-and-secrets-to-carry-over",
        &["users-lost", "passwords-replaced"],
    ),
];

/// Takes out what is said of a v4 cluster in general where a finding about its draft says it in particular, and weighs no
/// less. Only what blocks nothing and is no preparation: a verdict keeps its reasons.
pub(super) fn across(report: &mut Report) {
    let mut gone = BTreeSet::new();
    for draft in &report.drafts {
        let Some(source) = &draft.source else {
            continue;
        };
        let told = draft.findings.iter();
        let told = told.filter_map(|number| report.findings.get(*number));
        let told = told.filter(|one| one.outcome == FindingOutcome::Fires);
        for better in told.filter(|one| one.suppressed.is_none()) {
            let mut carried = CARRIED.iter();
            let Some((rule, _)) = carried.find(|(_, by)| by.contains(&&*better.rule)) else {
                continue;
            };
            let all = report.findings.iter().enumerate();
            let same = all.filter(|(_, one)| is_said_better(one, rule, source, better));
            gone.extend(same.map(|(number, _)| number));
        }
    }
    take_out(report, &gone);
}

fn is_said_better(one: &Finding, rule: &str, source: &DraftSource, better: &Finding) -> bool {
    let subject = &one.subject;
    *one.rule == *rule
        && one.outcome == FindingOutcome::Fires
        && one.level as u8 <= better.level as u8
        && subject.kind == "Pgcluster"
        && (&*subject.namespace, &*subject.name) == (&*source.namespace, &*source.name)
}

/// Takes out findings, and counts anew where clusters and drafts point to the others.
fn take_out(report: &mut Report, gone: &BTreeSet<usize>) {
    if gone.is_empty() {
        return;
    }
    let mut number = 0;
    report.findings.retain(|_| {
        number += 1;
        !gone.contains(&(number - 1))
    });
    let methods = report.clusters.iter_mut();
    let of_clusters = methods.flat_map(|cluster| cluster.methods.values_mut());
    let of_clusters = of_clusters.map(|method| &mut method.findings);
    let of_drafts = report.drafts.iter_mut().map(|draft| &mut draft.findings);
    for numbers in of_clusters.chain(of_drafts) {
        numbers.retain(|number| !gone.contains(number));
        for number in numbers {
            *number -= gone.range(..*number).count();
        }
    }
}
