//! The JSON report as SARIF 2.1.0: one that was read back, or a run's, of which each finding is made, written and dropped.
//!
//! A rule that fires is `kind: fail` with a level; one that cannot be decided is `kind: open`, level `none`, as the
//! standard has it. Columns count Unicode code points; `endColumn` is exclusive.

mod place;
mod result;
mod rules;

use std::borrow::Cow;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;
use serde_sarif::sarif::{
    Invocation, Location, Message, Notification, PhysicalLocation, ResultColumnKind,
};

use self::place::artifact;
use self::result::{result, suppressions};
use self::rules::Rules;
use super::document::{Document, Finding, RuleText, Skipped, Text, Tool};
use super::indented;
use crate::check::Report;

/// The report as one SARIF log with one run, with a final newline. `directory` is the working directory, for relative URIs.
pub fn sarif(report: &Report, directory: Option<&str>) -> String {
    text(&Log::of_report(report, directory))
}

/// The same, written as it is made: the results of a fleet take ten times the room of their text.
pub fn write_sarif(
    out: &mut dyn Write,
    report: &Report,
    directory: Option<&str>,
) -> io::Result<()> {
    write(out, &Log::of_report(report, directory))
}

/// A report that is already in the shape of JSON, likewise.
pub fn document_sarif(document: &Document<'_>, directory: Option<&str>) -> String {
    text(&Log::of_document(document, directory))
}

fn text(log: &Log<'_>) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = write(&mut text, log);
    String::from_utf8(text).unwrap_or_default()
}

fn write(out: &mut dyn Write, log: &Log<'_>) -> io::Result<()> {
    indented::write(out, log)
}

/// The log, key for key a [`serde_sarif::sarif::Sarif`] with one run.
struct Log<'a> {
    version: Text<'a>,
    rules: Rules<'a>,
    skipped: Vec<Skipped<'a>>,
    findings: Findings<'a>,
    /// Whether a finding was set aside.
    set_aside: bool,
    directory: Option<&'a str>,
}

/// What the results are made from.
enum Findings<'a> {
    /// A run, whose findings are still to be put into the shape of JSON.
    Judged(&'a Report),
    /// Findings in that shape.
    Read(&'a [Finding<'a>]),
}

impl<'a> Log<'a> {
    fn of_report(report: &'a Report, directory: Option<&'a str>) -> Self {
        let findings = &report.findings;
        let named = findings.iter().map(|finding| &*finding.rule);
        Log {
            version: Tool::this().version,
            rules: Rules::new(report.rules.iter().map(RuleText::of), named),
            skipped: report.skipped.iter().map(Skipped::of).collect(),
            findings: Findings::Judged(report),
            set_aside: findings.iter().any(|finding| !finding.counts()),
            directory,
        }
    }

    fn of_document(document: &'a Document<'a>, directory: Option<&'a str>) -> Self {
        let findings = &document.findings;
        let texts = document.rules.iter();
        let texts = texts.map(|(id, rule)| (id.clone(), rule.clone()));
        let named = findings.iter().map(|finding| &*finding.rule);
        Log {
            version: Cow::Borrowed(&document.tool.version),
            rules: Rules::new(texts, named),
            skipped: document.skipped.clone(),
            findings: Findings::Read(findings),
            set_aside: findings.iter().any(Finding::suppressed),
            directory,
        }
    }
}

impl Serialize for Log<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut log = serializer.serialize_map(None)?;
        log.serialize_entry("$schema", "https://json.schemastore.org/sarif-2.1.0.json")?;
        log.serialize_entry("runs", &[Run(self)])?;
        log.serialize_entry("version", "2.1.0")?;
        log.end()
    }
}

/// The one run, key for key a [`serde_sarif::sarif::Run`].
struct Run<'a>(&'a Log<'a>);

impl Serialize for Run<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Run(log) = self;
        let mut run = serializer.serialize_map(None)?;
        run.serialize_entry("columnKind", &ResultColumnKind::UnicodeCodePoints)?;
        run.serialize_entry("invocations", &[invocation(log)])?;
        run.serialize_entry("results", &Results(log))?;
        run.serialize_entry("tool", &log.rules.tool(&log.version))?;
        run.end()
    }
}

/// The results, each made, written and dropped.
struct Results<'a>(&'a Log<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Results(log) = self;
        let made = |finding: &Finding<'_>| {
            let mut result = result(finding, log.directory);
            result.rule_index = log.rules.index(&finding.rule);
            if log.set_aside {
                result.suppressions = Some(suppressions(finding, log.directory));
            }
            result
        };
        match log.findings {
            Findings::Judged(report) => {
                let findings = report.findings.iter();
                serializer.collect_seq(findings.map(|one| made(&Finding::of(report, one))))
            }
            Findings::Read(findings) => serializer.collect_seq(findings.iter().map(made)),
        }
    }
}

/// The file of what was skipped: of `a.yaml:3:1`, where a place in it is named. A name may hold colons of its own.
fn file_of(place: &str) -> &str {
    let before_number = |text: &'_ str| {
        let (before, number) = text.rsplit_once(':')?;
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then_some(before.len())
    };
    let line = before_number(place).and_then(|end| before_number(place.get(..end)?));
    line.and_then(|end| place.get(..end)).unwrap_or(place)
}

/// What was skipped is a notification: a run that could not read something is still a successful execution.
fn invocation(log: &Log<'_>) -> Invocation {
    let notifications = log.skipped.iter().map(|skipped| {
        let file = file_of(&skipped.uri);
        let place = PhysicalLocation::builder()
            .artifact_location(artifact(file, log.directory))
            .build();
        Notification::builder()
            .level(json!(if skipped.counts { "warning" } else { "note" }))
            .message(
                Message::builder()
                    .text(format!("{}: {}", skipped.uri, skipped.reason))
                    .build(),
            )
            .locations(vec![Location::builder().physical_location(place).build()])
            .build()
    });
    Invocation::builder()
        .execution_successful(true)
        .tool_execution_notifications(notifications.collect::<Vec<_>>())
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_a_colon_in_its_name_is_named_whole() {
        for (place, file) in [
            ("a:b/x.yaml:3:1", "a:b/x.yaml"),
            ("a:b/x.yaml", "a:b/x.yaml"),
            ("a.yaml:3:1", "a.yaml"),
            ("a.yaml", "a.yaml"),
            ("2026-11-30T10:00/x.yaml:12:40", "2026-11-30T10:00/x.yaml"),
        ] {
            assert_eq!(file_of(place), file, "{place}");
        }
    }
}
