//! The JSON report, version 1, as types (`docs/report.schema.json`): written by `check --format json`, read back by
//! `report`, and what every format but the human text of `check` is made from.
//!
//! Texts are borrowed where a run's Report still holds them, and owned where they were read from a file. It must not
//! know how anything is shown.

mod by_id;
mod effect;
mod exit;
mod merge;
mod of_report;
mod read;
mod since;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::check::{DraftVerdict, FindingOutcome, Verdict};
use crate::rule::{Level, Method};

pub use by_id::ById;
pub use effect::Effect;
pub use exit::exit_code;
pub use merge::{Merged, merge};
pub(in crate::render) use of_report::{TEXT_LIMIT, further};
pub use read::{ReadError, read};
pub use since::{Change, Moved, Since, Work, since};

/// The version of the shape that this program writes and reads.
pub const VERSION: u32 = 1;

/// A text of the report.
pub type Text<'a> = Cow<'a, str>;

/// Keys that this release does not know, kept as they were read.
pub type Further = BTreeMap<String, Json>;

/// A whole report.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Document<'a> {
    /// Version of the shape: [`VERSION`].
    pub version: u32,
    /// What wrote it.
    pub tool: Tool<'a>,
    /// The time the run judged by.
    pub now: Timestamp,
    /// What was aimed at.
    pub target: TargetFlag<'a>,
    /// The exit code of the run.
    pub exit: u8,
    /// One per v4 cluster.
    pub clusters: Vec<Cluster<'a>>,
    /// One per PostgresCluster draft.
    pub drafts: Vec<Draft<'a>>,
    /// Everything found, those of one subject together, worst first.
    pub findings: Vec<Finding<'a>>,
    /// Input that could not be read.
    pub skipped: Vec<Skipped<'a>>,
    /// What was read.
    pub inputs: Vec<Input<'a>>,
    /// Texts of the rules that findings name; empty in reports of releases that did not write them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<Text<'a>, RuleText<'a>>,
    /// What became of things since an earlier report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Since>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

/// The program that wrote a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool<'a> {
    /// Its name.
    pub name: Text<'a>,
    /// Its version.
    pub version: Text<'a>,
}

/// `--target`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TargetFlag<'a> {
    /// The version, if it was given.
    pub flag: Option<Text<'a>>,
}

/// The PGO v5 releases that something was judged for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Target<'a> {
    /// Release numbers, oldest first.
    pub pgo: Vec<Text<'a>>,
    /// Where that comes from.
    pub from: Text<'a>,
}

/// A v4 cluster and what may be done with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Cluster<'a> {
    /// Its origin, `""` for loose files.
    pub origin: Text<'a>,
    /// Its namespace, `""` where none is named.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
    /// Its PGO v4 version, where known.
    pub v4: Option<Text<'a>>,
    /// Its Postgres version, where known.
    pub postgres: Option<Text<'a>>,
    /// The PGO v5 releases it was judged for.
    pub target: Target<'a>,
    /// Its best selected method.
    pub verdict: Verdict,
    /// Each selected method.
    pub methods: BTreeMap<Method, Judged<'a>>,
    /// Every fact, with `--facts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<Map<String, Json>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

/// One method for one cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged<'a> {
    /// Whether it is open.
    pub verdict: Verdict,
    /// Ids of the findings that bear on it.
    pub findings: Vec<Text<'a>>,
    /// What the verdict takes for granted.
    pub assumes: Vec<Text<'a>>,
    /// Which other target would lift the block.
    pub lifted_by: Option<Text<'a>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

/// A PostgresCluster draft and what is wrong with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft<'a> {
    /// Its origin.
    pub origin: Text<'a>,
    /// Its namespace, `""` where none is named.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
    /// The file it is in; empty in reports of releases that did not write it.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub uri: Text<'a>,
    /// The methods it is drafted for.
    pub method: Vec<Method>,
    /// The releases it was judged for.
    pub target: Target<'a>,
    /// Which schema it was checked with.
    pub schema: Text<'a>,
    /// The v4 cluster it replaces.
    pub source: Option<Replaced<'a>>,
    /// Error, unknown or ok.
    pub verdict: DraftVerdict,
    /// Ids of its findings.
    pub findings: Vec<Text<'a>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

/// The v4 cluster a draft replaces.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Replaced<'a> {
    /// Its namespace.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
    /// The evidence of the pairing.
    pub why: Text<'a>,
}

/// One thing to tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding<'a> {
    /// Fingerprint; unique within an origin.
    pub id: Text<'a>,
    /// The rule.
    pub rule: Text<'a>,
    /// Fires, or cannot be decided.
    pub outcome: FindingOutcome,
    /// How it is shown.
    pub level: Level,
    /// What it means.
    pub effect: Effect,
    /// What it is about.
    pub subject: Subject<'a>,
    /// JSON Pointer into the subject.
    pub path: Text<'a>,
    /// One sentence.
    pub message: Text<'a>,
    /// Where; one is primary.
    pub labels: Vec<Label<'a>>,
    /// What is missing.
    pub gaps: Vec<Gap<'a>>,
    /// What to do.
    pub fix: Text<'a>,
    /// What the rule rests on.
    pub source: Option<Text<'a>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

impl<'a> Finding<'a> {
    /// The place that decides.
    pub fn primary(&self) -> Option<&Label<'a>> {
        let primary = self.labels.iter().find(|label| label.primary);
        primary.or(self.labels.first())
    }

    /// Whether it was set aside by its owner: it is shown, but counts nowhere.
    pub fn suppressed(&self) -> bool {
        self.further
            .get("suppressed")
            .is_some_and(|why| !why.is_null() && *why != Json::Bool(false))
    }

    /// Whether it counts and no baseline knows it.
    pub fn is_news(&self) -> bool {
        let state = self.further.get("baseline").and_then(Json::as_str);
        !self.suppressed() && state != Some("unchanged")
    }
}

/// What a finding is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject<'a> {
    /// Its origin.
    pub origin: Text<'a>,
    /// Its kind as written.
    pub kind: Text<'a>,
    /// Its namespace.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
}

/// A place in a text, and the text there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    /// The file.
    pub uri: Text<'a>,
    /// From 1.
    pub start_line: u32,
    /// From 1, in characters.
    pub start_column: u32,
    /// From 1.
    pub end_line: u32,
    /// Exclusive.
    pub end_column: u32,
    /// What it covers, cut.
    pub text: Text<'a>,
}

/// A place that bears on a finding.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Label<'a> {
    /// The file.
    pub uri: Text<'a>,
    /// From 1.
    pub start_line: u32,
    /// From 1, in characters.
    pub start_column: u32,
    /// From 1.
    pub end_line: u32,
    /// Exclusive.
    pub end_column: u32,
    /// What it covers, cut.
    pub text: Text<'a>,
    /// Whether it is the place that decides.
    pub primary: bool,
    /// What it shows.
    pub message: Text<'a>,
}

/// Something that could not be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap<'a> {
    /// What.
    pub missing: Text<'a>,
    /// Why.
    pub because: Text<'a>,
    /// The command or flag that settles it.
    pub ask: Text<'a>,
}

/// Input that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped<'a> {
    /// The file, with `:line:column` where known.
    pub uri: Text<'a>,
    /// Why.
    pub reason: Text<'a>,
    /// Whether it may hide objects; written only where it does not.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub counts: bool,
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands it a reference
fn is_yes(counts: &bool) -> bool {
    *counts
}

/// Something that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input<'a> {
    /// The file.
    pub uri: Text<'a>,
    /// Kubernetes objects of any kind in it.
    pub objects: u64,
}

/// The texts of a rule that are the same for each of its findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText<'a> {
    /// The problem.
    pub title: Text<'a>,
    /// Why it matters; may hold names in braces.
    pub why: Text<'a>,
    /// What to do, in general; may hold names in braces.
    pub fix: Text<'a>,
    /// What it rests on; none in reports of releases that did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Text<'a>>,
    /// The worst level it can have; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
}

/// `origin: namespace/name`, as far as each is known.
pub fn title(origin: &str, namespace: &str, name: &str) -> String {
    let mut text = String::with_capacity(origin.len() + namespace.len() + name.len() + 3);
    if !origin.is_empty() {
        text.push_str(origin);
        text.push_str(": ");
    }
    if !namespace.is_empty() {
        text.push_str(namespace);
        text.push('/');
    }
    text.push_str(name);
    text
}

#[cfg(test)]
mod tests;
