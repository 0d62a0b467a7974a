//! The Report: everything a run found out, ready to be rendered. Renderers decide nothing.

pub(super) mod arrival;
pub(super) mod baseline;
pub(super) mod course;
pub(super) mod exit;
pub(super) mod finding;
pub(super) mod fingerprint;
pub(super) mod invocation;
pub(super) mod known;
pub(super) mod level;
pub(super) mod method;
pub(super) mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::expr::{Value, Version};
use crate::manifest::Fact;
use crate::rule::{Level, Method, Phase};
use crate::source::{Source, Span};
use arrival::{LivingReport, MigrationReport};
use course::CourseReport;
use finding::Finding;
use invocation::Invocation;
use known::Known;
use method::{MethodReport, Target};
use verdict::{DraftVerdict, Verdict};

/// Everything a run found out.
#[derive(Debug)]
pub struct Report {
    /// The time the run judged by.
    pub now: Timestamp,
    /// `--target`, if given.
    pub target_flag: Option<Version>,
    /// The ways from v4 to v5 that were judged, in order.
    pub methods: Vec<Method>,
    /// Whether the upgrade of living clusters was asked for, and counts.
    pub upgrade: bool,
    /// Whether it was asked what has arrived: then that counts.
    pub verify: bool,
    /// Where it was: the v4 clusters that no living cluster came from, by namespace and name.
    pub unmoved: Vec<(String, String)>,
    /// One per v4 cluster, by origin, namespace and name.
    pub clusters: Vec<ClusterReport>,
    /// One per PostgresCluster draft.
    pub drafts: Vec<DraftReport>,
    /// One per PostgresCluster that a server has seen.
    pub living: Vec<LivingReport>,
    /// One per living cluster that is known to come from a v4 cluster in the evidence.
    pub migrations: Vec<MigrationReport>,
    /// The steps of each move, where they were asked for: one course per v4 cluster and method.
    pub courses: Vec<CourseReport>,
    /// All findings, ordered by subject, then place; referred to by index.
    pub findings: Vec<Finding>,
    /// The rules that findings name, by id.
    pub rules: BTreeMap<Arc<str>, RuleText>,
    /// Input that could not be read, with the reason.
    pub skipped: Vec<Skipped>,
    /// Faults of rules themselves: "rule: what happened, for which subject".
    pub bugs: Vec<String>,
    /// What was read.
    pub inputs: Vec<Input>,
    /// The texts that spans point into; `SourceId` is the position.
    pub sources: Vec<Arc<Source>>,
    /// The configuration file that was in force.
    pub config: Option<String>,
    /// How the run was called, where it can be called again.
    pub invocation: Option<Invocation>,
    /// The run beside an earlier one.
    pub compared: Option<Compared>,
}

impl Report {
    /// Takes a subject's findings and the faults of rules; says where the findings begin.
    pub(super) fn append(&mut self, mut findings: Vec<Finding>, mut bugs: Vec<String>) -> usize {
        let first = self.findings.len();
        self.findings.append(&mut findings);
        self.bugs.append(&mut bugs);
        first
    }

    /// Tells of so many subjects that they are not even named.
    pub(super) fn leave_out(&mut self, count: usize) {
        if count > 0 {
            let last = self.inputs.last();
            self.skipped.push(Skipped {
                uri: last.map_or_else(String::new, |input| input.uri.clone()),
                reason: format!(
                    "{count} more in it, or before it, are neither judged nor named: they are more than one run may hold; give each run less"
                ),
                counts: true,
                unrendered: false,
            });
        }
    }
}

/// A v4 cluster and what may be done with it.
#[derive(Debug)]
pub struct ClusterReport {
    /// Name of its origin, `""` for loose files.
    pub origin: String,
    /// Its namespace, `""` where the manifest names none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its PGO v4 version, where known.
    pub v4: Option<String>,
    /// Its Postgres version, where known.
    pub postgres: Option<String>,
    /// The PGO v5 releases it was judged for.
    pub target: Target,
    /// Its best selected method.
    pub verdict: Verdict,
    /// Each selected method.
    pub methods: BTreeMap<Method, MethodReport>,
    /// Every fact, with `--facts`.
    pub facts: Option<Vec<(&'static str, Fact<Value>)>>,
}

/// A PostgresCluster draft and what is wrong with it.
#[derive(Debug)]
pub struct DraftReport {
    /// Name of its origin.
    pub origin: String,
    /// Its namespace, `""` where it names none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The file it is in.
    pub uri: String,
    /// Where its name is written.
    pub span: Span,
    /// The methods it is drafted for; empty when it is not shaped for a migration.
    pub method: Vec<Method>,
    /// The releases it was judged for.
    pub target: Target,
    /// Which schema it was checked with, and what that could not check.
    pub schema: String,
    /// The v4 cluster it replaces.
    pub source: Option<DraftSource>,
    /// Error, unknown or ok.
    pub verdict: DraftVerdict,
    /// Positions in [`Report::findings`].
    pub findings: Vec<usize>,
}

/// The v4 cluster a draft replaces.
#[derive(Clone, Debug)]
pub struct DraftSource {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The evidence of the pairing, in words.
    pub why: String,
}

/// A run beside an earlier one.
#[derive(Clone, Debug)]
pub struct Compared {
    /// The file that holds the earlier findings.
    pub file: String,
    /// Those that are no longer there.
    pub gone: Vec<Known>,
}

/// The kind of subject of findings about the configuration.
pub const CONFIGURATION: &str = "Configuration";

/// The texts of a rule that are the same for each of its findings.
#[derive(Clone, Debug)]
pub struct RuleText {
    /// The problem.
    pub title: Arc<str>,
    /// What is asked where it cannot be decided, after "cannot tell"; if not said, whether the title is so.
    pub question: Option<Arc<str>>,
    /// Why it matters.
    pub why: Arc<str>,
    /// What to do, in general.
    pub fix: Arc<str>,
    /// What it rests on.
    pub source: Arc<str>,
    /// The worst level it can have.
    pub level: Level,
    /// When in the course of the move it is done: the phase of the step that answers it, else its own.
    pub phase: Phase,
    /// Whether who does not heed it loses data, or the backups of it.
    pub loses_data: bool,
    /// The place of that step in the order of doing; `None` where no step answers it.
    pub place: Option<usize>,
    /// What that step is, in a few words.
    pub step: Option<Arc<str>>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// The file, with `:line:column` where known.
    pub uri: String,
    /// Why.
    pub reason: String,
    /// Whether it counts against the run (exit 3): false for kinds of files that we do not need.
    pub counts: bool,
    /// Whether it is a template that nobody rendered.
    pub unrendered: bool,
}

/// Something that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The file.
    pub uri: String,
    /// Number of Kubernetes objects in it, of any kind.
    pub objects: usize,
}
