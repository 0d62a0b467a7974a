//! The closing lines: what was read, what was not, and how many of what.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{paint, verdict_style, visible};
use crate::check::{Finding, FindingOutcome, Report, Verdict};
use crate::rule::Level;

/// How many entries of a baseline are listed that are no longer found.
const MOST_GONE: usize = 20;

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
    gone(out, report);
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

/// What the baseline knows and is no longer there.
fn gone(out: &mut String, report: &Report) {
    let Some(compared) = report.compared.as_ref().filter(|c| !c.gone.is_empty()) else {
        return;
    };
    let count = compared.gone.len();
    let _ = writeln!(
        out,
        "\nNo longer found, of what {} knows ({count}):",
        visible(&compared.file)
    );
    for known in compared.gone.iter().take(MOST_GONE) {
        let _ = writeln!(
            out,
            "  {} for {}",
            visible(&known.rule),
            visible(&known.subject)
        );
    }
    if count > MOST_GONE {
        let _ = writeln!(out, "  and {} more", count - MOST_GONE);
    }
}

/// The commands that settle what is undecided, each once, those that settle most first.
fn asks(out: &mut String, report: &Report) {
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in report.findings.iter().filter(|finding| finding.is_news()) {
        for gap in finding.gaps.iter() {
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
            .filter(|f| f.is_news() && f.outcome == FindingOutcome::Fires && f.level == level)
            .count()
    };
    let unknown = report
        .findings
        .iter()
        .filter(|finding| finding.is_news() && finding.outcome == FindingOutcome::Unknown)
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
    if let Some(compared) = &report.compared {
        let old = |finding: &&Finding| finding.counts() && !finding.is_news();
        let old = report.findings.iter().filter(old).count();
        let file = visible(&compared.file);
        let _ = write!(line, "; not shown: {old} that {file} knows");
    }
    line
}

fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}
