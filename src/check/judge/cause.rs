//! One cause, one finding: where two rules tell the same mistake, the more telling one stays.

use std::collections::HashMap;
use std::sync::Arc;

use super::label::Pointers;
use crate::check::report::Report;
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::manifest::Object;
use crate::rule::SubjectKind;

/// A rule, and those that say more of the same key.
const SAID_BETTER: [(&str, &[&str]); 11] = [
    (
        "schema-unknown-field",
        &[
            "data-source-pruned",
            "parameters-misplaced",
            "release-lacks-a-field",
            "v4-fields",
        ],
    ),
    (
        "schema-wrong-type",
        &["patroni-setting-misplaced", "preload-libraries-as-list"],
    ),
    (
        "schema-value",
        &["release-lacks-a-field", "repository-name-out-of-range"],
    ),
    ("schema-version", &["release-lacks-a-field"]),
    ("schema-missing-field", &["release-lacks-a-field"]),
    (
        "no-image-for-major",
        &["release-lacks-a-field", "image-lacked-by-operator"],
    ),
    ("no-image-for-postgis", &["image-lacked-by-operator"]),
    ("no-image-for-pgadmin", &["image-lacked-by-operator"]),
    (
        "no-backups",
        &["release-lacks-a-field", "backups-left-out-without-a-word"],
    ),
    ("private-endpoint-without-ca", &["private-ca-lost"]),
    // The schema's is at the value, one for each, and says how to write it.
    ("global-value-not-a-string", &["schema-wrong-type"]),
];

/// The key that a finding is about. Of a whole spec a release lacks no field but may ask for one: that backups are missing.
fn about(finding: &Finding) -> &str {
    let missing = &*finding.rule == "schema-missing-field";
    match finding.path.as_str() {
        "/spec/backups" if missing => "/spec",
        path => path,
    }
}

/// Takes out findings about a key of which another says more and weighs no less.
pub(in crate::check) fn once(findings: &mut Vec<Option<Finding>>, object: &Object) {
    let better_than = |rule: &str| {
        let known = SAID_BETTER.iter().find(|(worse, _)| *worse == rule);
        known.map_or(&[][..], |(_, better)| *better)
    };
    // Whatever is said of a key, by rule and place, with the greatest weight.
    let mut told: HashMap<(Arc<str>, String), u8> = HashMap::new();
    let pointers = Pointers::default();
    for finding in findings.iter().flatten() {
        let says_more = SAID_BETTER
            .iter()
            .any(|(_, by)| by.contains(&&*finding.rule));
        if !says_more || finding.outcome != FindingOutcome::Fires {
            continue;
        }
        let labels = finding.labels.iter();
        for path in labels.filter_map(|label| pointers.to(object, label.span)) {
            let weight = told.entry((Arc::clone(&finding.rule), path)).or_default();
            *weight = (*weight).max(finding.level as u8);
        }
    }
    findings.retain(|finding| {
        let Some(finding) = finding else { return true };
        let is_said = |better: &&str| {
            let said = told.get(&(Arc::from(*better), about(finding).to_owned()));
            said.is_some_and(|weight| *weight >= finding.level as u8)
        };
        told.is_empty() || !better_than(&finding.rule).iter().any(is_said)
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
        &["preload-libraries-lost", "default-libraries-lost"],
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
pub(in crate::check) fn across(report: &mut Report) {
    let gone = said_better(report);
    take_out(report, &gone);
}

/// The numbers of what is said better of a draft, in order.
fn said_better(report: &Report) -> Vec<usize> {
    let general = in_general(report);
    let mut gone = Vec::new();
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
            let key = (*rule, &*source.namespace, &*source.name);
            let same = general.get(&key).into_iter().flatten();
            let weighs_less = |(_, level): &&(usize, u8)| *level <= better.level as u8;
            gone.extend(same.filter(weighs_less).map(|(number, _)| *number));
        }
    }
    gone.sort_unstable();
    gone.dedup();
    gone
}

/// A rule, and the namespace and name of the v4 cluster it is told of.
type Said<'r> = (&'static str, &'r str, &'r str);

/// The findings about v4 clusters that one about a draft may say better, with their weight.
fn in_general(report: &Report) -> HashMap<Said<'_>, Vec<(usize, u8)>> {
    let mut found: HashMap<Said<'_>, Vec<(usize, u8)>> = HashMap::new();
    for (number, one) in report.findings.iter().enumerate() {
        let subject = &one.subject;
        if one.outcome != FindingOutcome::Fires || subject.judged_as() != Some(SubjectKind::Cluster)
        {
            continue;
        }
        if let Some((rule, _)) = CARRIED.iter().find(|(rule, _)| **rule == *one.rule) {
            let key = (*rule, &*subject.namespace, &*subject.name);
            found
                .entry(key)
                .or_default()
                .push((number, one.level as u8));
        }
    }
    found
}

/// Takes out findings, whose numbers are in order, and counts anew where subjects point to the others.
pub(super) fn take_out(report: &mut Report, gone: &[usize]) {
    if gone.is_empty() {
        return;
    }
    let is_gone = |number: usize| gone.binary_search(&number).is_ok();
    let mut number = 0;
    report.findings.retain(|_| {
        number += 1;
        !is_gone(number - 1)
    });
    let methods = report.clusters.iter_mut();
    let of_clusters = methods.flat_map(|cluster| cluster.methods.values_mut());
    let of_clusters = of_clusters.map(|method| &mut method.findings);
    let of_drafts = report.drafts.iter_mut().map(|draft| &mut draft.findings);
    let of_living = report.living.iter_mut().flat_map(|one| {
        let upgrade = one.upgrade.as_mut().and_then(|one| one.judged.as_mut());
        let upgrade = upgrade.map(|judged| &mut judged.findings);
        std::iter::once(&mut one.findings).chain(upgrade)
    });
    let of_moves = report.migrations.iter_mut().map(|one| &mut one.findings);
    let of_alive = of_living.chain(of_moves);
    for numbers in of_clusters.chain(of_drafts).chain(of_alive) {
        numbers.retain(|number| !is_gone(*number));
        for number in numbers {
            *number -= gone.partition_point(|one| *one < *number);
        }
    }
}
