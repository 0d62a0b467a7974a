//! The report as JSON: a versioned shape of its own (`docs/report.schema.json`), not a dump of internal types.

use std::io::{self, Write};

use serde::ser::{Serialize, Serializer};

use super::document::{
    Cluster, Document, Draft, Finding, Input, RuleText, Since, Skipped, TargetFlag, Tool, VERSION,
    further,
};
use super::finding_text;
use super::indented::Entries;
use crate::check::Report;

/// The report of a run in version 1 of the shape, pretty-printed, with a final newline.
pub fn json(report: &Report, exit: u8) -> String {
    let mut text = Vec::new();
    // Writing to memory does not fail.
    let _ = write_json(&mut text, report, exit, None);
    String::from_utf8(text).unwrap_or_default()
}

/// The same, with what became of things since an earlier report: key for key a [`Document`], but each item made, written
/// and dropped, since a fleet's findings need not be there all at once.
pub fn write_json(
    out: &mut dyn Write,
    report: &Report,
    exit: u8,
    since: Option<&Since>,
) -> io::Result<()> {
    let mut whole = Entries::to(out)?;
    whole.entry("version", &VERSION)?;
    whole.entry("tool", &Tool::this())?;
    whole.entry("now", &report.now)?;
    whole.entry("target", &TargetFlag::of(report))?;
    whole.entry("exit", &exit)?;
    let clusters = Each(&report.clusters, |one| Cluster::of(report, one));
    whole.entry("clusters", &clusters)?;
    let drafts = Each(&report.drafts, |one| Draft::of(report, one));
    whole.entry("drafts", &drafts)?;
    whole.each("findings", &report.findings, |text, one| {
        finding_text::write(text, &Finding::of(report, one));
    })?;
    whole.entry("skipped", &Each(&report.skipped, Skipped::of))?;
    whole.entry("inputs", &Each(&report.inputs, Input::of))?;
    if !report.rules.is_empty() {
        whole.entry("rules", &Rules(report))?;
    }
    if let Some(since) = since {
        whole.entry("since", since)?;
    }
    for (key, value) in further(report) {
        whole.entry(&key, &value)?;
    }
    whole.end()
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
