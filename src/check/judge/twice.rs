//! A living cluster is judged by itself and against the v4 cluster it came from: of what both would tell, or two rules of one
//! of them, the more telling finding stays.

use std::collections::HashMap;

use super::cause::take_out;
use crate::check::report::Report;
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::rule::SubjectKind;

/// A rule, and those that say more of the same cause. Each of these weighs no less.
const SAID_BETTER: [(&str, &[&str]); 24] = [
    ("adopted-claims-in-reach-of-v4", &["claims-bear-v4-labels"]),
    ("claim-going", &["claims-being-deleted"]),
    ("claim-without-volume", &["claims-not-bound"]),
    ("claims-missing", &["claims-not-there"]),
    ("conditions-tell-of-trouble", &["operator-tells-of-trouble"]),
    (
        "data-source-left",
        &[
            "source-not-removed",
            "move-jobs-gone-too-early",
            "restore-source-not-removed",
            "move-jobs-would-run-again",
            "restore-source-would-replace-the-database",
        ],
    ),
    (
        "fewer-instances-than-before",
        &["database-does-not-run", "no-database-yet"],
    ),
    ("instances-not-settled", &["claims-not-bound"]),
    (
        "job-failed-and-holds-everything",
        &["jobs-not-settled", "half-moved"],
    ),
    ("jobs-not-settled", &["half-moved"]),
    ("living-cluster-is-being-deleted", &["being-deleted"]),
    ("move-jobs-would-run-again", &["move-jobs-gone-too-early"]),
    ("no-full-backup-seen", &["no-full-backup-of-its-own"]),
    (
        "parts-of-v4-left",
        &["both-databases-write", "v4-would-start-again"],
    ),
    ("replicas-not-ready", &["database-does-not-run"]),
    ("replay-not-finished", &["another-database"]),
    ("restore-under-way", &["restored-in-place-now"]),
    ("restore-in-place-ahead", &["restored-in-place-next"]),
    (
        "restore-source-would-replace-the-database",
        &["restore-source-not-removed"],
    ),
    ("schedule-behind", &["backups-fail"]),
    ("second-writer-to-its-repository", &["second-writer"]),
    (
        "source-not-removed",
        &["move-jobs-gone-too-early", "restore-source-not-removed"],
    ),
    // To promote another database is no way on.
    ("still-a-standby", &["another-database"]),
    ("volumes-go-with-their-claims", &["volumes-not-kept"]),
];

/// A living cluster by origin, namespace and name, and a rule of it.
type Said<'r> = (&'r str, &'r str, &'r str, &'r str);

fn said<'r>(finding: &'r Finding, rule: &'r str) -> Said<'r> {
    let subject = &finding.subject;
    (&subject.origin, &subject.namespace, &subject.name, rule)
}

/// Takes out what is said better of the same living cluster, with the same outcome. What somebody set aside says nothing.
pub(in crate::check) fn once(report: &mut Report) {
    let kinds = [Some(SubjectKind::Living), Some(SubjectKind::Migration)];
    let mut told: HashMap<Said<'_>, FindingOutcome> = HashMap::new();
    let mut perhaps: Vec<(usize, &Finding, &[&str])> = Vec::new();
    for (number, one) in report.findings.iter().enumerate() {
        if !kinds.contains(&one.subject.judged_as()) {
            continue;
        }
        if one.suppressed.is_none() {
            told.insert(said(one, &one.rule), one.outcome);
        }
        if let Some((_, better)) = SAID_BETTER.iter().find(|(rule, _)| **rule == *one.rule) {
            perhaps.push((number, one, better));
        }
    }
    let is_said = |(_, one, better): &&(usize, &Finding, &[&str])| {
        let mut better = better.iter().map(|rule| told.get(&said(one, rule)));
        better.any(|outcome| outcome == Some(&one.outcome))
    };
    let gone: Vec<usize> = perhaps.iter().filter(is_said).map(|(n, ..)| *n).collect();
    take_out(report, &gone);
}
