//! The Report as SARIF 2.1.0.
//!
//! A rule that fires is `kind: fail` with a level; one that cannot be decided is `kind: open`, level `none`, as the
//! standard has it. Columns count Unicode code points; `endColumn` is exclusive.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::json;
use serde_sarif::sarif::{
    ArtifactContent, ArtifactLocation, Invocation, Location, LogicalLocation, Message,
    MultiformatMessageString, Notification, PhysicalLocation, PropertyBag, Region,
    ReportingConfiguration, ReportingDescriptor, Result as SarifResult, ResultColumnKind,
    ResultKind, ResultLevel, Suppression, Tool, ToolComponent,
};

use crate::check::{Finding, FindingOutcome, Label, Report, RuleText};
use crate::rule::{Effect, Level};

/// The longest snippet, in bytes; longer regions go without one rather than with a cut one.
const SNIPPET_LIMIT: usize = 2000;

/// The report as one SARIF log with one run, with a final newline. `directory` is the working directory, for relative URIs.
pub fn sarif(report: &Report, directory: Option<&str>) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = write_sarif(&mut text, report, directory);
    String::from_utf8(text).unwrap_or_default()
}

/// The same, written as it is made: the results of a fleet take ten times the room of their text.
pub fn write_sarif(
    out: &mut dyn Write,
    report: &Report,
    directory: Option<&str>,
) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Log { report, directory })?;
    out.write_all(b"\n")
}

/// The log, key for key a [`serde_sarif::sarif::Sarif`] with one run.
struct Log<'a> {
    report: &'a Report,
    directory: Option<&'a str>,
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
        let Run(Log { report, directory }) = self;
        let mut run = serializer.serialize_map(None)?;
        run.serialize_entry("columnKind", &ResultColumnKind::UnicodeCodePoints)?;
        run.serialize_entry("invocations", &[invocation(report, *directory)])?;
        run.serialize_entry("results", &Results(self.0))?;
        run.serialize_entry("tool", &tool(report))?;
        run.end()
    }
}

/// The results, each made, written and dropped.
struct Results<'a>(&'a Log<'a>);

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Results(Log { report, directory }) = self;
        let rules: Vec<&std::sync::Arc<str>> = report.rules.keys().collect();
        let set_aside = report.findings.iter().any(|finding| !finding.counts());
        serializer.collect_seq(report.findings.iter().map(|finding| {
            let index = rules.binary_search(&&finding.rule).ok();
            let mut result = result(report, finding, index, *directory);
            result.baseline_state = finding.baseline.map(|state| json!(state.name()));
            if set_aside {
                result.suppressions = Some(suppressions(report, finding, *directory));
            }
            result
        }))
    }
}

fn tool(report: &Report) -> Tool {
    let rules = report
        .rules
        .iter()
        .map(|(id, rule)| descriptor(id, rule))
        .collect::<Vec<_>>();
    let driver = ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .short_description(multiformat(env!("CARGO_PKG_DESCRIPTION")))
        .rules(rules)
        .build();
    Tool::builder().driver(driver).build()
}

fn descriptor(id: &str, rule: &RuleText) -> ReportingDescriptor {
    let help = format!(
        "{}\n\nWhat to do: {}\n\nSource: {}",
        rule.why, rule.fix, rule.source
    );
    let markdown = format!(
        "{}\n\n**What to do:** {}\n\n*Source:* {}",
        rule.why, rule.fix, rule.source
    );
    ReportingDescriptor::builder()
        .id(id)
        .name(id)
        .short_description(multiformat(&rule.title))
        .full_description(multiformat(&rule.why))
        .help(
            MultiformatMessageString::builder()
                .text(help)
                .markdown(markdown)
                .build(),
        )
        .default_configuration(
            ReportingConfiguration::builder()
                .level(json!(rule.level.name()))
                .build(),
        )
        .build()
}

fn multiformat(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

/// What was skipped is a notification: a run that could not read something is still a successful execution.
fn invocation(report: &Report, directory: Option<&str>) -> Invocation {
    let notifications = report.skipped.iter().map(|skipped| {
        let file = skipped.uri.split(':').next().unwrap_or(&skipped.uri);
        let place = PhysicalLocation::builder()
            .artifact_location(artifact(file, directory))
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

fn result(
    report: &Report,
    finding: &Finding,
    rule_index: Option<usize>,
    directory: Option<&str>,
) -> SarifResult {
    let fires = finding.outcome == FindingOutcome::Fires;
    let (kind, level) = match (fires, finding.level) {
        (false, _) => (ResultKind::Open, ResultLevel::None),
        (true, Level::Note) => (ResultKind::Fail, ResultLevel::Note),
        (true, Level::Warning) => (ResultKind::Fail, ResultLevel::Warning),
        (true, Level::Error) => (ResultKind::Fail, ResultLevel::Error),
    };
    let (primary, related): (Vec<&Label>, Vec<&Label>) =
        finding.labels.iter().partition(|label| label.primary);
    let mut locations: Vec<Location> = primary
        .iter()
        .filter_map(|label| location(report, label, finding, directory))
        .collect();
    if locations.is_empty() {
        locations.push(
            Location::builder()
                .logical_locations(vec![logical(finding)])
                .build(),
        );
    }
    let related = related
        .iter()
        .filter_map(|label| location(report, label, finding, directory))
        .collect::<Vec<_>>();
    let fingerprint = BTreeMap::from([("pgoPreflight/v1".to_owned(), finding.id.clone())]);
    let mut result = SarifResult::builder()
        .rule_id(&*finding.rule)
        .kind(kind)
        .level(level)
        .message(message(finding))
        .locations(locations)
        .related_locations(related)
        .partial_fingerprints(fingerprint)
        .properties(properties(finding))
        .build();
    result.rule_index = rule_index.and_then(|index| i64::try_from(index).ok());
    result
}

/// Who set a result aside. Where one result of a run has this list, each should, says the standard; mostly it is empty.
fn suppressions(report: &Report, finding: &Finding, directory: Option<&str>) -> Vec<Suppression> {
    let Some(suppression) = &finding.suppressed else {
        return Vec::new();
    };
    let kind = if suppression.by.in_source() {
        "inSource"
    } else {
        "external"
    };
    let mut told = Suppression::builder().kind(json!(kind)).build();
    if !suppression.by.in_source() {
        told.justification = Some(suppression.words(&finding.rule));
    } else if !suppression.reason.is_empty() {
        told.justification = Some(suppression.reason.to_string());
    }
    let place = suppression.span.map(|span| Label {
        span,
        primary: false,
        message: String::new(),
    });
    told.location = place.and_then(|label| location(report, &label, finding, directory));
    vec![told]
}

/// The sentence, what to collect where it is undecided, and what to do.
fn message(finding: &Finding) -> Message {
    let mut text = finding.message.clone();
    for gap in &finding.gaps {
        text.push_str(&format!(
            "\nMissing: {} ({}). To settle it: {}",
            gap.missing, gap.because, gap.ask
        ));
    }
    if !finding.fix.is_empty() {
        text.push_str(&format!("\nWhat to do: {}", finding.fix));
    }
    Message::builder().text(text).build()
}

fn properties(finding: &Finding) -> PropertyBag {
    let effect = match &finding.effect {
        Effect::Methods(weights) => weights
            .iter()
            .map(|(method, weight)| (method.name(), weight.name()))
            .collect(),
        Effect::Draft(weight) => BTreeMap::from([("draft", weight.name())]),
    };
    PropertyBag::builder()
        .additional_properties(BTreeMap::from([
            ("effect".to_owned(), json!(effect)),
            ("path".to_owned(), json!(finding.path)),
        ]))
        .build()
}

fn location(
    report: &Report,
    label: &Label,
    finding: &Finding,
    directory: Option<&str>,
) -> Option<Location> {
    let source = report.sources.get(label.span.source.0 as usize)?;
    let (start, end) = (
        source.position(label.span.start),
        source.position(label.span.end),
    );
    let mut region = Region::builder()
        .start_line(i64::from(start.line))
        .start_column(i64::from(start.column))
        .end_line(i64::from(end.line))
        .end_column(i64::from(end.column))
        .build();
    let text = source.slice(label.span);
    if text.len() <= SNIPPET_LIMIT {
        region.snippet = Some(ArtifactContent::builder().text(text).build());
    }
    let physical = PhysicalLocation::builder()
        .artifact_location(artifact(&source.uri, directory))
        .region(region)
        .build();
    let mut location = Location::builder()
        .physical_location(physical)
        .message(Message::builder().text(label.message.clone()).build())
        .build();
    if label.primary {
        location.logical_locations = Some(vec![logical(finding)]);
    }
    Some(location)
}

fn logical(finding: &Finding) -> LogicalLocation {
    let subject = &finding.subject;
    let parts = [
        &subject.origin,
        &subject.namespace,
        &subject.kind,
        &subject.name,
    ];
    let name: Vec<&str> = parts
        .into_iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    LogicalLocation::builder()
        .name(subject.name.clone())
        .fully_qualified_name(name.join("/"))
        .kind("resource")
        .build()
}

/// A path as a URI reference: relative to the working directory where it lies below it.
fn artifact(path: &str, directory: Option<&str>) -> ArtifactLocation {
    let below = directory
        .and_then(|directory| path.strip_prefix(directory))
        .and_then(|rest| rest.strip_prefix('/'));
    let path = match below.unwrap_or(path) {
        "-" => "stdin",
        other => other.strip_prefix("./").unwrap_or(other),
    };
    let scheme = if path.starts_with('/') { "file://" } else { "" };
    ArtifactLocation::builder()
        .uri(format!("{scheme}{}", percent_encoded(path)))
        .build()
}

/// Percent-encodes what may not stand in the path of a URI.
fn percent_encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z'
            | b'a'..=b'z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'/'
            | b'@'
            | b'+'
            | b'='
            | b',' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_the_working_directory_becomes_relative() {
        assert_eq!(
            artifact("/repo/a b/c.yaml", Some("/repo")).uri.unwrap(),
            "a%20b/c.yaml"
        );
        assert_eq!(
            artifact("/repository/c.yaml", Some("/repo")).uri.unwrap(),
            "file:///repository/c.yaml"
        );
        assert_eq!(artifact("./x.yaml", None).uri.unwrap(), "x.yaml");
        assert_eq!(artifact("-", Some("/repo")).uri.unwrap(), "stdin");
    }
}
