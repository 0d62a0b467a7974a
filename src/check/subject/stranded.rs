//! Names, where the PGO v5 operator is to be upgraded for the sake of a v4 cluster, the living clusters that it would strand.
//!
//! An operator goes on for all its clusters at once.

use std::collections::HashMap;

use crate::check::report::Report;
use crate::check::report::arrival::{LivingReport, UpgradeReport};
use crate::check::report::finding::FindingOutcome;
use crate::check::report::verdict::Verdict;
use crate::fact::v4::Cluster;

/// The rule whose remedy is the upgrade of the operator.
const RULE: &str = "v5-operator-older-than-target";
/// How many are named before the rest are counted.
const NAMED: usize = 3;

/// An origin, and the operator of PGO v5 in it, where one is seen.
type Manager = (String, Option<String>);
/// The release that an operator is to go to, and the names of the clusters that it would strand.
type Stranded = (String, String);

/// Names them in the findings of that rule. What is paused stays as it is, whatever the operator's release is.
pub(in crate::check) fn name_stranded(report: &mut Report, v4: &[Cluster<'_>]) {
    let not_ready: Vec<&LivingReport> = report.living.iter().filter(|one| is_left(one)).collect();
    if not_ready.is_empty() {
        return;
    }
    let place = |cluster: &Cluster<'_>| {
        let namespace = cluster.namespace.unwrap_or("").to_owned();
        let origin = cluster.inventory.origin_name.clone();
        (origin, namespace, cluster.name.to_owned())
    };
    let own: HashMap<_, _> = v4.iter().map(|cluster| (place(cluster), cluster)).collect();
    // All that one operator manages: it is the same for each v4 cluster that waits for it.
    let mut told: HashMap<Manager, Option<Stranded>> = HashMap::new();
    for finding in &mut report.findings {
        if &*finding.rule != RULE || finding.outcome != FindingOutcome::Fires {
            continue;
        }
        let subject = &finding.subject;
        let at = (
            subject.origin.clone(),
            subject.namespace.clone(),
            subject.name.clone(),
        );
        let operator = own.get(&at).and_then(|cluster| cluster.v5_operator());
        let by = (subject.origin.clone(), operator);
        let taken_along = told.entry(by).or_insert_with_key(|(origin, operator)| {
            taken(&not_ready, origin, operator.as_deref())
        });
        let Some((to, names)) = taken_along else {
            continue;
        };
        finding.message = format!(
            "{}; it manages living clusters that are not ready for that: {names}",
            finding.message
        )
        .into();
        finding.fix = format!(
            "Not before the living clusters that it manages are ready: {names}. Plan their upgrade first.\n\n    pgo-preflight plan -A --method upgrade --target {to}\n\n{}",
            finding.fix
        )
        .into();
    }
}

/// The release they would go to, and their names, of the living clusters that an operator would take along; `None` of none.
fn taken(not_ready: &[&LivingReport], origin: &str, operator: Option<&str>) -> Option<Stranded> {
    let all = not_ready.iter().copied();
    let all = all.filter(|one| one.origin == origin && is_managed(one, operator));
    let all: Vec<&LivingReport> = all.collect();
    let to = all.first()?.upgrade.as_ref()?.to.clone();
    Some((to, names(&all)))
}

/// Whether anything is left to do before the operator of a living cluster may go on.
fn is_left(living: &LivingReport) -> bool {
    living.upgrade.as_ref().is_some_and(|upgrade| {
        let verdict = upgrade.verdict();
        !upgrade.paused && verdict.is_some_and(|verdict| verdict != Verdict::Ready)
    })
}

/// Where it is not known which operator manages one, it may be this one.
fn is_managed(living: &LivingReport, operator: Option<&str>) -> bool {
    let its = living
        .upgrade
        .as_ref()
        .and_then(|one| one.operator.as_deref());
    its.is_none() || operator.is_none() || its == operator
}

fn names(all: &[&LivingReport]) -> String {
    let name = |one: &&LivingReport| {
        let verdict = one.upgrade.as_ref().and_then(UpgradeReport::verdict);
        let word = match verdict {
            Some(Verdict::Blocked) => "blocked",
            Some(Verdict::Unknown) => "not decided",
            _ => "to be prepared",
        };
        match one.namespace.as_str() {
            "" => format!("{} ({word})", one.name),
            namespace => format!("{namespace}/{} ({word})", one.name),
        }
    };
    // What is blocked first.
    let mut sorted = all.to_vec();
    sorted.sort_by_key(|one| {
        std::cmp::Reverse(one.upgrade.as_ref().and_then(UpgradeReport::verdict))
    });
    let named: Vec<String> = sorted.iter().take(NAMED).map(name).collect();
    match sorted.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}
