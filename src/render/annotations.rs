//! A JSON report for code hosts: GitHub's workflow commands and GitLab's code quality report.
//!
//! Both show findings beside lines of a repository; what was set aside is not shown there.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::document::{Document, Finding, Label};
use super::human::visible_char;
use super::indented;
use super::text::prose::{first_sentence, flowed};
use crate::check::FindingOutcome;
use crate::rule::{Level, Weight};

/// How many annotations of one kind GitHub shows of one step.
const GITHUB_SHOWS: usize = 10;

/// The report as GitHub workflow commands, the weightiest first: GitHub shows ten of each kind.
pub fn github(document: &Document<'_>) -> String {
    let mut found: Vec<(&str, &Finding<'_>)> = document
        .findings
        .iter()
        .filter(|finding| finding.is_news())
        .map(|finding| (command(finding), finding))
        .collect();
    // "error", "warning" and "notice" would sort by letter; stable within each.
    let rank = |command: &str| {
        ["error", "warning", "notice"]
            .iter()
            .position(|one| *one == command)
    };
    found.sort_by_key(|(command, _)| rank(command));
    let mut out = String::new();
    if let Some(governed) = document.governed() {
        let governed = data(&governed);
        let _ = writeln!(out, "::notice title={}::{governed}", env!("CARGO_PKG_NAME"));
    }
    for (command, finding) in &found {
        let _ = writeln!(
            out,
            "::{command} {}::{}",
            properties(finding),
            data(&message(finding))
        );
    }
    let most = ["error", "warning", "notice"].map(|command| {
        let same = found.iter().filter(|(other, _)| *other == command);
        same.count()
    });
    if most.iter().any(|count| *count > GITHUB_SHOWS) {
        let [errors, warnings, notices] = most;
        let _ = writeln!(
            out,
            "::notice title={}::{errors} errors, {warnings} warnings and {notices} notices; GitHub shows the first {GITHUB_SHOWS} of each",
            env!("CARGO_PKG_NAME")
        );
    }
    out
}

fn command(finding: &Finding<'_>) -> &'static str {
    match (finding.outcome, finding.level) {
        (FindingOutcome::Unknown, _) | (_, Level::Note) => "notice",
        (_, Level::Error) => "error",
        (_, Level::Warning) => "warning",
    }
}

fn properties(finding: &Finding<'_>) -> String {
    let mut out = String::new();
    if let Some(label) = finding.primary() {
        let _ = write!(
            out,
            "file={},line={},endLine={},",
            property(&path(label)),
            label.start_line,
            label.end_line
        );
        // Columns have a meaning for GitHub only within one line, and it counts the last one in.
        if label.start_line == label.end_line {
            let last = label.end_column.saturating_sub(1).max(label.start_column);
            let _ = write!(out, "col={},endColumn={last},", label.start_column);
        }
    }
    let _ = write!(out, "title={}", property(&finding.rule));
    out
}

/// The sentence, what is missing and what to do.
fn message(finding: &Finding<'_>) -> String {
    let mut text = finding.message.to_string();
    for gap in &finding.gaps {
        let _ = write!(text, "\nTo settle it: {}", gap.ask);
    }
    if !finding.fix.is_empty() {
        let _ = write!(text, "\n{}", flowed(&finding.fix));
    }
    text
}

/// A message of a workflow command: line ends and the sign that escapes them, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .chars()
        .filter(|character| !character.is_control())
        .map(visible_char)
        .collect()
}

/// A property of a workflow command: also what ends a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A place's file as hosts know it: below the repository, `stdin` for standard input.
fn path(label: &Label<'_>) -> String {
    match &*label.uri {
        "-" => "stdin".to_owned(),
        other => other.strip_prefix("./").unwrap_or(other).to_owned(),
    }
}

/// Writes the report as GitLab's code quality JSON.
pub fn write_gitlab(out: &mut dyn Write, document: &Document<'_>) -> io::Result<()> {
    indented::write(out, &Issues(document))
}

/// A list of which each element is made as it is written: all of them at once take ten times the room of their text.
struct Issues<'d>(&'d Document<'d>);

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let findings = self.0.findings.iter().filter(|one| one.is_news());
        serializer.collect_seq(findings.filter_map(issue))
    }
}

fn issue(finding: &Finding<'_>) -> Option<Value> {
    let label = finding.primary()?;
    Some(json!({
        "description": in_a_line(finding),
        "content": {"body": message(finding)},
        "check_name": finding.rule,
        "fingerprint": fingerprint(finding),
        "severity": severity(finding),
        "location": {"path": path(label), "lines": {"begin": label.start_line, "end": label.end_line}},
    }))
}

/// The sentence and, of what is to be done, the first one: GitLab shows it as a headline.
fn in_a_line(finding: &Finding<'_>) -> String {
    let mut text = finding.message.trim_end_matches('.').to_owned();
    let fix = first_sentence(&finding.fix);
    if !fix.is_empty() {
        let _ = write!(text, ". {}", fix.trim_end_matches(':'));
    }
    text
}

/// Unique in the report: ids are within an origin.
fn fingerprint(finding: &Finding<'_>) -> String {
    if finding.subject.origin.is_empty() {
        finding.id.to_string()
    } else {
        format!("{}:{}", finding.subject.origin, finding.id)
    }
}

/// An error, and nothing else, is critical: it is what fails a run.
fn severity(finding: &Finding<'_>) -> &'static str {
    match (finding.outcome, finding.level, finding.effect.heaviest()) {
        (FindingOutcome::Unknown, ..) | (_, Level::Note, _) => "info",
        (_, Level::Error, _) => "critical",
        (_, Level::Warning, Some(Weight::Warn)) => "minor",
        (_, Level::Warning, _) => "major",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_a_workflow_command_or_begins_one() {
        let hostile = "50%\r\n::error file=x::owned\u{1b}[2J";
        assert_eq!(data(hostile), "50%25%0D%0A::error file=x::owned[2J");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
