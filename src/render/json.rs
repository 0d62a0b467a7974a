//! The report as JSON: a versioned shape of its own (`docs/report.schema.json`), not a dump of internal types.
//!
//! One cluster, draft, finding, rule and question a line: small, and still fit for `grep` and `diff`.

use std::io::{self, Write};

use serde::ser::Serialize;

use super::chunks::Chunks;
use super::document::{
    Cluster, Document, Draft, Finding, Input, Living, Pair, Plan, RuleText, Shared, Since, Skipped,
    TargetFlag, Tool, VERSION, further, pairs,
};
use crate::check::Report;

/// The report of a run in version 2 of the shape, with a final newline.
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
    let mut whole = Lines::to(out);
    whole.entry("version", &VERSION)?;
    whole.entry("tool", &Tool::this())?;
    whole.entry("now", &report.now)?;
    whole.entry("target", &TargetFlag::of(report))?;
    whole.entry("exit", &exit)?;
    let mut shared = Shared::of(report.rules.iter().map(RuleText::of));
    let clusters = report.clusters.iter();
    let clusters = clusters.map(|one| shared.cluster(Cluster::of(report, one)));
    whole.list("clusters", clusters)?;
    let drafts = report.drafts.iter();
    whole.list("drafts", drafts.map(|one| Draft::of(report, one)))?;
    let living = report.living.iter();
    let living = living.map(|one| shared.living(Living::of(report, one)));
    whole.list("living", living)?;
    whole.list("pairs", pairs(report))?;
    whole.list("plans", std::iter::empty::<Plan<'_>>())?;
    let findings = report.findings.iter();
    let findings = findings.map(|one| shared.finding(Finding::of(report, one)));
    whole.list("findings", findings)?;
    whole.map("rules", shared.rules())?;
    whole.shared(&mut shared)?;
    whole.list("skipped", report.skipped.iter().map(Skipped::of))?;
    whole.list("inputs", report.inputs.iter().map(Input::of))?;
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
    let mut text = Vec::new();
    let _ = write_document(&mut text, document);
    String::from_utf8(text).unwrap_or_default()
}

fn write_document(out: &mut dyn Write, document: &Document<'_>) -> io::Result<()> {
    let mut whole = Lines::to(out);
    whole.entry("version", &document.version)?;
    whole.entry("tool", &document.tool)?;
    whole.entry("now", &document.now)?;
    whole.entry("target", &document.target)?;
    whole.entry("exit", &document.exit)?;
    let mut shared = Shared::of(document.rules.clone().into_iter());
    let clusters = document.clusters.iter().cloned();
    whole.list("clusters", clusters.map(|one| shared.cluster(one)))?;
    whole.list("drafts", &document.drafts)?;
    let living = document.living.iter().cloned();
    whole.list("living", living.map(|one| shared.living(one)))?;
    whole.list::<&Pair<'_>>("pairs", &document.pairs)?;
    whole.list("plans", &document.plans)?;
    let findings = document.findings.iter().cloned();
    whole.list("findings", findings.map(|one| shared.finding(one)))?;
    whole.map("rules", shared.rules())?;
    whole.shared(&mut shared)?;
    whole.list("skipped", &document.skipped)?;
    whole.list("inputs", &document.inputs)?;
    if let Some(since) = &document.since {
        whole.entry("since", since)?;
    }
    for (key, value) in &document.further {
        whole.entry(key, value)?;
    }
    whole.end()
}

/// An object with a line for each entry, and for each item of its lists and maps.
struct Lines<'w> {
    out: Chunks<'w>,
    before: &'static str,
}

impl<'w> Lines<'w> {
    fn to(out: &'w mut dyn Write) -> Self {
        Lines {
            out: Chunks::to(out),
            before: "{\n",
        }
    }

    fn key(&mut self, key: &str) -> io::Result<()> {
        self.out.write_all(self.before.as_bytes())?;
        self.before = ",\n";
        serde_json::to_writer(&mut self.out, key)?;
        self.out.write_all(b": ")
    }

    fn entry(&mut self, key: &str, value: &impl Serialize) -> io::Result<()> {
        self.key(key)?;
        Ok(serde_json::to_writer(&mut self.out, value)?)
    }

    fn list<T: Serialize>(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = T>,
    ) -> io::Result<()> {
        self.key(key)?;
        let mut before = "[\n";
        for item in items {
            self.out.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut self.out, &item)?;
            before = ",\n";
        }
        let end: &[u8] = if before == "[\n" { b"[]" } else { b"\n]" };
        self.out.write_all(end)
    }

    fn map<V: Serialize>(
        &mut self,
        key: &str,
        entries: impl IntoIterator<Item = (impl AsRef<str>, V)>,
    ) -> io::Result<()> {
        self.key(key)?;
        let mut before = "{\n";
        for (key, value) in entries {
            self.out.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut self.out, key.as_ref())?;
            self.out.write_all(b": ")?;
            serde_json::to_writer(&mut self.out, &value)?;
            before = ",\n";
        }
        let end: &[u8] = if before == "{\n" { b"{}" } else { b"\n}" };
        self.out.write_all(end)
    }

    /// What many name by id.
    fn shared(&mut self, shared: &mut Shared<'_>) -> io::Result<()> {
        self.map("questions", shared.questions())?;
        self.map("remedies", shared.remedies())?;
        self.map("assumptions", shared.assumptions())
    }

    fn end(mut self) -> io::Result<()> {
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }
}
