//! The Report: everything a run found out, ready to be rendered. Renderers decide nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::arrival::{LivingReport, MigrationReport};
use super::baseline::Known;
use super::course_report::CourseReport;
use super::fingerprint::Fingerprint;
use super::method_report::{MethodReport, Target};
use super::verdict::{DraftVerdict, Verdict};
use crate::expr::{Value, Version};
use crate::manifest::{Fact, Gaps};
use crate::rule::{Effect, Level, Method, Phase};
use crate::source::{Source, Span};

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

/// What came of a rule for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingOutcome {
    /// The condition holds.
    Fires,
    /// It cannot be decided.
    Unknown,
}

/// One thing to tell.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Fingerprint of rule, kind, namespace, name and path, for drafts that share a name also the file; survives moved lines.
    pub id: Fingerprint,
    /// The rule.
    pub rule: Arc<str>,
    /// Fires, or cannot be decided.
    pub outcome: FindingOutcome,
    /// The worst level among the selected methods.
    pub level: Level,
    /// What it means, per selected method or for the draft.
    pub effect: Effect,
    /// What it is about.
    pub subject: Arc<FindingSubject>,
    /// JSON Pointer into the subject; empty where the place lies in another object.
    pub path: String,
    /// One sentence.
    pub message: Arc<str>,
    /// Where; exactly one is primary.
    pub labels: Vec<Label>,
    /// What is missing; empty unless the outcome is unknown.
    pub gaps: Gaps,
    /// What to do, with the cluster's own names.
    pub fix: Arc<str>,
    /// Set where somebody said to set it aside: it is shown as such, and does not count against the run.
    pub suppressed: Option<Arc<Suppression>>,
    /// Set where the run is compared with an earlier one.
    pub baseline: Option<BaselineState>,
}

/// Who set a finding aside, where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// In what form.
    pub by: SuppressedBy,
    /// The comment or value that says so.
    pub span: Option<Span>,
    /// `uri:line` of it.
    pub place: Arc<str>,
    /// In the author's words; empty where none were given.
    pub reason: Arc<str>,
}

/// In what form somebody set a finding aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuppressedBy {
    /// A comment `# pgo-preflight: ignore[RULE] reason`.
    Comment,
    /// The annotation `pgo-preflight/ignore`.
    Annotation,
    /// A waiver of the configuration.
    Waiver {
        /// The last day on which it holds.
        until: Date,
    },
    /// An attestation of the configuration.
    Attestation {
        /// Who says so.
        who: Arc<str>,
        /// When it was true.
        on: Date,
        /// What is said.
        states: Arc<str>,
    },
}

impl Suppression {
    /// "RULE is ignored at PLACE (REASON)", for what a verdict takes for granted.
    pub fn words(&self, rule: &str) -> String {
        let place = &self.place;
        let reason = match &*self.reason {
            "" => "no reason given",
            reason => reason,
        };
        match &self.by {
            SuppressedBy::Comment | SuppressedBy::Annotation => {
                format!("{rule} is ignored at {place} ({reason})")
            }
            SuppressedBy::Waiver { until } => {
                format!("{rule} is waived until {until} at {place} ({reason})")
            }
            SuppressedBy::Attestation { who, on, states } => {
                format!("{rule}: {who} attests of {on} that \"{states}\" at {place} ({reason})")
            }
        }
    }

    /// Whether it answers what could not be seen, so that nothing is left open. Everything else only sets aside.
    pub fn answers(&self) -> bool {
        matches!(self.by, SuppressedBy::Attestation { .. })
    }
}

impl SuppressedBy {
    /// As written in reports.
    pub fn name(&self) -> &'static str {
        match self {
            SuppressedBy::Comment => "comment",
            SuppressedBy::Annotation => "annotation",
            SuppressedBy::Waiver { .. } => "waiver",
            SuppressedBy::Attestation { .. } => "attestation",
        }
    }

    /// Whether it stands in the input itself.
    pub fn in_source(&self) -> bool {
        matches!(self, SuppressedBy::Comment | SuppressedBy::Annotation)
    }
}

/// Whether a finding was there in an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BaselineState {
    /// It is not in the baseline.
    New,
    /// It is.
    Unchanged,
}

impl BaselineState {
    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            BaselineState::New => "new",
            BaselineState::Unchanged => "unchanged",
        }
    }
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

impl Finding {
    /// Whether it counts against the run: nobody set it aside.
    pub fn counts(&self) -> bool {
        self.suppressed.is_none()
    }

    /// Whether it counts and was not there before.
    pub fn is_news(&self) -> bool {
        self.counts() && self.baseline != Some(BaselineState::Unchanged)
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingSubject {
    /// Name of the origin.
    pub origin: String,
    /// Kind as written.
    pub kind: String,
    /// Namespace, `""` where none is written.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// A place and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Whether it is the place that decides.
    pub primary: bool,
    /// What it shows.
    pub message: Cow<'static, str>,
}

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
    /// When in the course of the move it is done.
    pub phase: Phase,
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
