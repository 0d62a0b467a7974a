//! The shape of a report: what it is of, clusters, drafts and what was read.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::change::Since;
use super::finding::{Finding, Further, Gap, RuleText, Text};
use super::plan::{Drafted, Plan};
use crate::check::{ArrivalVerdict, DraftVerdict, Verdict};
use crate::rule::Method;

/// The version of the shape that this program writes. It reads version 1, too.
pub const VERSION: u32 = 2;

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
    /// One per PostgresCluster that a server has seen.
    #[serde(default)]
    pub living: Vec<Living<'a>>,
    /// What stands against what: a draft and the v4 cluster it replaces.
    #[serde(default)]
    pub pairs: Vec<Pair<'a>>,
    /// The steps of moves, one plan for each cluster and method that one was made for.
    #[serde(default)]
    pub plans: Vec<Plan<'a>>,
    /// Everything found, those of one subject together, worst first.
    pub findings: Vec<Finding<'a>>,
    /// Texts of the rules that findings name, by id; empty in reports of releases that did not write them.
    #[serde(default)]
    pub rules: BTreeMap<Text<'a>, RuleText<'a>>,
    /// What could not be seen, by the id that findings name it with. Ids stand only on paper: empty in a report that was read.
    #[serde(default, skip_serializing)]
    pub questions: BTreeMap<Text<'a>, Gap<'a>>,
    /// What to do, by the id that findings name it with; likewise.
    #[serde(default, skip_serializing)]
    pub remedies: BTreeMap<Text<'a>, Text<'a>>,
    /// What verdicts take for granted, by the id that they name it with; likewise.
    #[serde(default, skip_serializing)]
    pub assumptions: BTreeMap<Text<'a>, Text<'a>>,
    /// Input that could not be read.
    pub skipped: Vec<Skipped<'a>>,
    /// What was read.
    pub inputs: Vec<Input<'a>>,
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
    /// The manifest that would replace it, where one was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafted: Option<Drafted<'a>>,
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

/// Two things that were held against each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair<'a> {
    /// What the one is to the other: [`Pair::REPLACES`], [`Pair::MOVED`].
    pub edge: Text<'a>,
    /// The draft, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draft: Option<Named<'a>>,
    /// The living v5 cluster, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub living: Option<Named<'a>>,
    /// The v4 cluster.
    pub cluster: Named<'a>,
    /// The evidence of it.
    pub why: Text<'a>,
    /// Whether everything has arrived, for a living cluster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<ArrivalVerdict>,
    /// Whether that was asked for by `verify`, and so counts for the exit code.
    #[serde(default, skip_serializing_if = "is_no")]
    pub counts: bool,
    /// What of it does not hold, or could not be decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Text<'a>>,
    /// What of it holds, rule by rule.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<Held<'a>>,
}

/// A rule about a migration that holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held<'a> {
    /// The rule.
    pub rule: Text<'a>,
    /// What is so, in a few words.
    pub holds: Text<'a>,
}

impl Pair<'_> {
    /// The draft is to replace the v4 cluster.
    pub const REPLACES: &'static str = "pair";
    /// The living cluster came from the v4 cluster.
    pub const MOVED: &'static str = "moved";
}

impl<'a> Pair<'a> {
    /// Whether it is about this living cluster.
    pub fn is_of(&self, living: &Living<'_>) -> bool {
        self.living.as_ref().is_some_and(|of| {
            of.namespace == living.namespace
                && of.name == living.name
                && of.origin.as_ref().is_none_or(|one| *one == living.origin)
        })
    }

    /// The side of v5: the draft, or the living cluster.
    pub fn v5(&self) -> Option<&Named<'a>> {
        self.draft.as_ref().or(self.living.as_ref())
    }
}

/// A living v5 cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Living<'a> {
    /// Its origin.
    pub origin: Text<'a>,
    /// Its namespace.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
    /// The file it is in.
    pub uri: Text<'a>,
    /// How far a move has come (`live.stage`); empty where it is unknown.
    pub stage: Text<'a>,
    /// The v4 clusters that it may have come from, as namespace/name, where several fit equally well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Text<'a>>,
    /// What speaks for each of them, in their order; absent where it is the same for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signs: Vec<Text<'a>>,
    /// The releases it was judged for.
    pub target: Target<'a>,
    /// Whether its operator may go on to the release of `--target`; absent where none was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<Upgrade<'a>>,
    /// What is to be known of it, its upgrade included.
    pub findings: Vec<Text<'a>>,
}

/// The upgrade of a living cluster's operator.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Upgrade<'a> {
    /// The release that runs; null where it is unknown.
    pub from: Option<Text<'a>>,
    /// The release to go to.
    pub to: Text<'a>,
    /// The verdict; null where that release, or a newer one, runs already.
    pub verdict: Option<Verdict>,
    /// Whether it was asked for by `--method upgrade`, and so counts for the exit code.
    pub counts: bool,
    /// What bears on it.
    pub findings: Vec<Text<'a>>,
    /// What the verdict takes for granted.
    pub assumes: Vec<Text<'a>>,
    /// Which other target would lift what blocks it, in words; null where none would.
    pub lifted_by: Option<Text<'a>>,
}

/// The name of a cluster or draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<'a> {
    /// Its origin, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Text<'a>>,
    /// Its namespace.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
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

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands it a reference
fn is_no(counts: &bool) -> bool {
    !*counts
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
