//! The report as JSON: a versioned shape of its own (`docs/report.schema.json`), not a dump of internal types.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::document::{
    Cluster, Document, Draft, Finding, Input, RuleText, Since, Skipped, TargetFlag, Tool, VERSION,
    further,
};
use super::indented;
use crate::check::Report;

/// The report of a run in version 1 of the shape, pretty-printed, with a final newline.
pub fn json(report: &Report, exit: u8) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = write_json(&mut text, report, exit, None);
    String::from_utf8(text).unwrap_or_default()
}

/// The same, with what became of things since an earlier report, written as it is made.
pub fn write_json(
    out: &mut dyn Write,
    report: &Report,
    exit: u8,
    since: Option<&Since>,
) -> io::Result<()> {
    let whole = Whole {
        report,
        exit,
        since,
    };
    indented::write(out, &whole)
}

/// A report that is already in its final shape, likewise.
pub fn document_json(document: &Document<'_>) -> String {
    pretty(document)
}

fn pretty(whole: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(whole).unwrap_or_default();
    text.push('\n');
    text
}

/// The whole report of a run, key for key a [`Document`], but each item made, written and dropped: a fleet's findings
/// need not be there all at once.
struct Whole<'a> {
    report: &'a Report,
    exit: u8,
    since: Option<&'a Since>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let report = self.report;
        let mut whole = serializer.serialize_map(None)?;
        whole.serialize_entry("version", &VERSION)?;
        whole.serialize_entry("tool", &Tool::this())?;
        whole.serialize_entry("now", &report.now)?;
        whole.serialize_entry("target", &TargetFlag::of(report))?;
        whole.serialize_entry("exit", &self.exit)?;
        let clusters = Each(&report.clusters, |one| Cluster::of(report, one));
        whole.serialize_entry("clusters", &clusters)?;
        let drafts = Each(&report.drafts, |one| Draft::of(report, one));
        whole.serialize_entry("drafts", &drafts)?;
        let findings = Each(&report.findings, |one| Finding::of(report, one));
        whole.serialize_entry("findings", &findings)?;
        whole.serialize_entry("skipped", &Each(&report.skipped, Skipped::of))?;
        whole.serialize_entry("inputs", &Each(&report.inputs, Input::of))?;
        if !report.rules.is_empty() {
            whole.serialize_entry("rules", &Rules(report))?;
        }
        if let Some(since) = self.since {
            whole.serialize_entry("since", since)?;
        }
        for (key, value) in further(report) {
            whole.serialize_entry(&key, &value)?;
        }
        whole.end()
    }
}

/// Items that become JSON one after the other.
struct Each<'a, T, R: Serialize, F: Fn(&'a T) -> R>(&'a [T], F);

impl<'a, T, R: Serialize, F: Fn(&'a T) -> R> Serialize for Each<'a, T, R, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

/// The texts of rules, by id.
struct Rules<'a>(&'a Report);

impl Serialize for Rules<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.rules.iter().map(RuleText::of))
    }
}
