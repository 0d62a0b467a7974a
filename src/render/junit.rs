//! A JSON report as `JUnit` XML: a test case per cluster and method, per upgrade that was asked for, and per draft.
//!
//! A case fails where the run does: where no method of the cluster is open, or the draft has an error. Only what is
//! ready passes; whatever is undecided, is open, but not ready, or closed while another method is open, is skipped with
//! its reason.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::chunks::Chunks;
use super::document::{
    ById, Cluster, Document, Draft, Finding, Judged, Pair, counted, counted_draft, counted_upgrade,
    title,
};
use super::fleet::{Bearing, bearing, of_draft};
use super::lead::of_nobody;
use super::standing::reasons;
use super::text::prose::flowed;
use crate::check::{ArrivalVerdict, CONFIGURATION, DraftVerdict, FindingOutcome, Verdict};
use crate::rule::{Level, Method, Weight};

/// Writes the report as XML.
pub fn write_junit(out: &mut dyn Write, document: &Document<'_>) -> io::Result<()> {
    let mut out = Chunks::to(out);
    let written = cases(document).serialize(&mut out);
    written.map_err(io::Error::other)?;
    out.flush()
}

fn cases(document: &Document<'_>) -> Report {
    let by_id = ById::of(document);
    let mut report = Report::new(env!("CARGO_PKG_NAME"));
    for cluster in &document.clusters {
        let name = title(&cluster.origin, &cluster.namespace, &cluster.name);
        let mut suite = TestSuite::new(name.as_str());
        for (method, judged) in &cluster.methods {
            let counts = counted(document, cluster, &by_id);
            let status = status(cluster, counts, *method, judged, &by_id);
            let mut case = TestCase::new(method.name(), status);
            case.set_classname(name.as_str());
            case.set_system_out(text(&weighing(cluster, *method, judged, &by_id)));
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    let upgrades = upgrades(document, &by_id);
    if upgrades.tests > 0 {
        report.add_test_suite(upgrades);
    }
    if !document.drafts.is_empty() {
        let mut suite = TestSuite::new("drafts");
        for draft in &document.drafts {
            let counts = counted_draft(document, draft, &by_id);
            suite.add_test_case(draft_case(draft, counts, &by_id));
        }
        report.add_test_suite(suite);
    }
    let moves = document.pairs.iter();
    let moves: Vec<&Pair<'_>> = moves.filter(|pair| pair.edge == Pair::MOVED).collect();
    if !moves.is_empty() {
        let mut suite = TestSuite::new("moves");
        for pair in moves {
            suite.add_test_case(move_case(pair, &by_id));
        }
        report.add_test_suite(suite);
    }
    let others = input_cases(document);
    if others.tests > 0 {
        report.add_test_suite(others);
    }
    report
}

/// What no cluster and no draft names: what fails the run by itself, and what the configuration does to it.
fn input_cases(document: &Document<'_>) -> TestSuite {
    let mut suite = TestSuite::new("input and configuration");
    for finding in of_nobody(document) {
        let fails = finding.level == Level::Error && finding.outcome == FindingOutcome::Fires;
        if !fails && finding.subject.kind != CONFIGURATION {
            continue;
        }
        let mut status = if fails {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        } else {
            TestCaseStatus::skipped()
        };
        status.set_message(&*finding.message);
        let mut case = TestCase::new(&*finding.rule, status);
        case.set_classname("input and configuration");
        case.set_system_out(text(&[finding]));
        suite.add_test_case(case);
    }
    suite
}

/// The upgrades that were asked for: a case for each living cluster.
fn upgrades(document: &Document<'_>, by_id: &ById<'_>) -> TestSuite {
    let mut suite = TestSuite::new("upgrades");
    for living in &document.living {
        let Some(upgrade) = living.upgrade.as_ref().filter(|one| one.counts) else {
            continue;
        };
        let found = by_id.all(&living.origin, &upgrade.findings);
        let weighs = |one: &&Finding<'_>| one.effect.on(Method::Upgrade) >= Some(Weight::Action);
        let found: Vec<&Finding<'_>> = found.filter(weighs).collect();
        let mut status = match (upgrade.verdict, counted_upgrade(document, living, by_id)) {
            (None | Some(Verdict::Ready), _) => TestCaseStatus::success(),
            (_, Some(Verdict::Blocked)) => TestCaseStatus::non_success(NonSuccessKind::Failure),
            _ => TestCaseStatus::skipped(),
        };
        if let Some(verdict) = upgrade.verdict.filter(|one| *one != Verdict::Ready) {
            let messages: Vec<&str> = found.iter().map(|finding| &*finding.message).collect();
            status.set_message(format!("{}: {}", verdict.name(), messages.join("; ")));
        }
        let name = title(&living.origin, &living.namespace, &living.name);
        let mut case = TestCase::new(format!("{name} to {}", upgrade.to), status);
        case.set_classname("upgrades");
        case.set_system_out(text(&found));
        suite.add_test_case(case);
    }
    suite
}

fn status(
    cluster: &Cluster<'_>,
    counts: Verdict,
    method: Method,
    judged: &Judged<'_>,
    by_id: &ById<'_>,
) -> TestCaseStatus {
    let mut status = match (judged.verdict, counts) {
        (Verdict::Ready, _) => return TestCaseStatus::success(),
        (Verdict::Blocked, Verdict::Blocked) => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        _ => TestCaseStatus::skipped(),
    };
    let why = reasons(cluster, method, judged, by_id).join("; ");
    status.set_message(format!("{}: {why}", judged.verdict.name()));
    if !matches!(status, TestCaseStatus::Skipped { .. }) {
        let weighing = weighing(cluster, method, judged, by_id);
        status
            .set_type(judged.verdict.name())
            .set_description(text(&weighing));
    }
    status
}

/// The findings that decide about a method.
fn weighing<'d>(
    cluster: &Cluster<'_>,
    method: Method,
    judged: &Judged<'_>,
    by_id: &ById<'d>,
) -> Vec<&'d Finding<'d>> {
    by_id
        .all(&cluster.origin, &judged.findings)
        .filter(|finding| {
            finding.effect.on(method) >= Some(Weight::Action) && !finding.suppressed()
        })
        .collect()
}

fn draft_case(draft: &Draft<'_>, counts: DraftVerdict, by_id: &ById<'_>) -> TestCase {
    let name = title(&draft.origin, &draft.namespace, &draft.name);
    let findings = of_draft(draft, by_id);
    let wrong: Vec<&Finding<'_>> = findings
        .iter()
        .filter(|finding| bearing(finding) < Bearing::Prepares)
        .copied()
        .collect();
    let mut status = match (draft.verdict, counts) {
        (DraftVerdict::Ok, _) => TestCaseStatus::success(),
        (_, DraftVerdict::Error) => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ => TestCaseStatus::skipped(),
    };
    if draft.verdict != DraftVerdict::Ok {
        let messages: Vec<&str> = wrong.iter().map(|finding| &*finding.message).collect();
        let name = draft.verdict.name();
        status.set_message(format!("{name}: {}", messages.join("; ")));
        if !matches!(status, TestCaseStatus::Skipped { .. }) {
            status.set_type(name).set_description(text(&wrong));
        }
    }
    let mut case = TestCase::new(name.as_str(), status);
    case.set_classname("drafts");
    case.set_system_out(text(&findings));
    case
}

/// Whether everything of v4 has arrived in a living cluster: what has not fails where `verify` asked for it, and what is
/// wrong everywhere.
fn move_case(pair: &Pair<'_>, by_id: &ById<'_>) -> TestCase {
    let living = pair.living.as_ref();
    let origin = living.and_then(|one| one.origin.as_deref()).unwrap_or("");
    let name = living.map_or_else(String::new, |one| title(origin, &one.namespace, &one.name));
    let findings: Vec<&Finding<'_>> = by_id.all(origin, &pair.findings).collect();
    let weigh = findings.iter().filter(|one| bearing(one) < Bearing::Tells);
    let weigh: Vec<&Finding<'_>> = weigh.copied().collect();
    let verdict = pair.verdict.unwrap_or(ArrivalVerdict::Unknown);
    let mut status = match verdict {
        ArrivalVerdict::Arrived => TestCaseStatus::success(),
        ArrivalVerdict::Wrong => TestCaseStatus::non_success(NonSuccessKind::Failure),
        ArrivalVerdict::Incomplete if pair.counts => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        ArrivalVerdict::Incomplete | ArrivalVerdict::Unknown => TestCaseStatus::skipped(),
    };
    if verdict != ArrivalVerdict::Arrived {
        let messages: Vec<&str> = weigh.iter().map(|finding| &*finding.message).collect();
        status.set_message(format!("{}: {}", verdict.name(), messages.join("; ")));
        if !matches!(status, TestCaseStatus::Skipped { .. }) {
            status
                .set_type(verdict.name())
                .set_description(text(&weigh));
        }
    }
    let mut case = TestCase::new(name.as_str(), status);
    case.set_classname("moves");
    case.set_system_out(text(&findings));
    case
}

/// Findings as lines: what, where, what is missing, what to do.
fn text(findings: &[&Finding<'_>]) -> String {
    let mut out = String::new();
    for finding in findings {
        out.push_str(&format!("[{}] {}\n", finding.rule, finding.message));
        if let Some(label) = finding.primary() {
            let (line, column) = (label.start_line, label.start_column);
            out.push_str(&format!("  at {}:{line}:{column}\n", label.uri));
        }
        for gap in &finding.gaps {
            out.push_str(&format!("  to settle it: {}\n", gap.ask));
        }
        for line in flowed(&finding.fix).lines() {
            out.push_str(&format!("  {line}\n"));
        }
    }
    out
}
