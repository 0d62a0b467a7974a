//! The closing lines: what was read, what was not, and how many of what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{paint, verdict_style, visible};
use crate::check::{FindingOutcome, Report, Verdict};
use crate::rule::Level;

/// Writes what was skipped and the counts.
pub(super) fn write(out: &mut String, report: &Report, colour: bool) {
    let skipped: Vec<_> = report
        .skipped
        .iter()
        .filter(|skipped| skipped.counts)
        .collect();
    if !skipped.is_empty() {
        let _ = writeln!(out, "\nNot read:");
        for skipped in &skipped {
            let line = format!("{}: {}", skipped.uri, skipped.reason);
            let options = textwrap::Options::new(super::WIDTH)
                .initial_indent("  ")
                .subsequent_indent("    ");
            let _ = writeln!(out, "{}", textwrap::fill(&visible(&line), options));
        }
    }
    set_aside(out, report);
    asks(out, report);
    if !out.is_empty() {
        out.push('\n');
    }
    let objects: usize = report.inputs.iter().map(|input| input.objects).sum();
    let _ = writeln!(
        out,
        "{} {} in {} {} read at {}",
        objects,
        plural(objects, "object", "objects"),
        report.inputs.len(),
        plural(report.inputs.len(), "file", "files"),
        report.now
    );
    if report.clusters.is_empty() && report.drafts.is_empty() {
        let _ = writeln!(
            out,
            "nothing to check: no Pgcluster, no claim of one and no PostgresCluster draft in the input"
        );
        return;
    }
    if !report.clusters.is_empty() {
        let _ = writeln!(out, "{}", clusters(report, colour));
    }
    let _ = writeln!(out, "{}", findings(report));
}

/// What somebody set aside, one line each.
fn set_aside(out: &mut String, report: &Report) {
    let mut first = true;
    for finding in &report.findings {
        let Some(suppression) = &finding.suppressed else {
            continue;
        };
        if first {
            out.push_str("\nSet aside:\n");
            first = false;
        }
        let line = format!("{}. {}", suppression.words(&finding.rule), finding.message);
        let options = textwrap::Options::new(super::WIDTH)
            .initial_indent("  ")
            .subsequent_indent("    ");
        let _ = writeln!(out, "{}", textwrap::fill(&visible(&line), options));
    }
}

/// The commands that settle what is undecided, each once, those that settle most first.
fn asks(out: &mut String, report: &Report) {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        for gap in &finding.gaps {
            *counted.entry(gap.ask.as_str()).or_default() += 1;
        }
    }
    if counted.is_empty() {
        return;
    }
    let mut asks: Vec<(&str, usize)> = counted.into_iter().collect();
    asks.sort_by_key(|(ask, count)| (std::cmp::Reverse(*count), *ask));
    let _ = writeln!(out, "\nTo settle what is undecided, add to the input:");
    for (ask, _) in asks {
        let _ = writeln!(out, "  {}", visible(ask));
    }
}

fn clusters(report: &Report, colour: bool) -> String {
    let mut parts = Vec::new();
    for verdict in [
        Verdict::Ready,
        Verdict::Action,
        Verdict::Unknown,
        Verdict::Blocked,
    ] {
        let count = report
            .clusters
            .iter()
            .filter(|cluster| cluster.verdict == verdict)
            .count();
        if count > 0 {
            parts.push(format!(
                "{count} {}",
                paint(verdict.name(), verdict_style(verdict), colour)
            ));
        }
    }
    let count = report.clusters.len();
    format!(
        "{count} {} by best method: {}",
        plural(count, "cluster", "clusters"),
        parts.join(", ")
    )
}

fn findings(report: &Report) -> String {
    let fires = |level| {
        report
            .findings
            .iter()
            .filter(|f| f.counts() && f.outcome == FindingOutcome::Fires && f.level == level)
            .count()
    };
    let unknown = report
        .findings
        .iter()
        .filter(|finding| finding.counts() && finding.outcome == FindingOutcome::Unknown)
        .count();
    let set_aside = report
        .findings
        .iter()
        .filter(|finding| !finding.counts())
        .count();
    let (errors, warnings, notes) = (
        fires(Level::Error),
        fires(Level::Warning),
        fires(Level::Note),
    );
    let mut line = format!(
        "{errors} {}, {warnings} {}, {notes} {}, {unknown} undecided",
        plural(errors, "error", "errors"),
        plural(warnings, "warning", "warnings"),
        plural(notes, "note", "notes"),
    );
    if set_aside > 0 {
        let _ = write!(line, ", {set_aside} set aside");
    }
    line
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}
