//! What a run says of a living v5 cluster, and of the v4 cluster that became it.

use std::sync::Arc;

use super::method::{MethodReport, Target};
use super::verdict::{ArrivalVerdict, Verdict};
use crate::source::Span;

/// A living v5 cluster.
#[derive(Debug)]
pub struct LivingReport {
    /// Name of its origin.
    pub origin: String,
    /// Its namespace, `""` where the export names none.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The file it is in.
    pub uri: String,
    /// Where its name is written.
    pub span: Span,
    /// How far a move has come (fact `live.stage`); `""` where it is unknown.
    pub stage: String,
    /// The v4 clusters that it may have come from, as namespace/name, where several fit equally well: then it is held
    /// against none.
    pub candidates: Vec<String>,
    /// What speaks for each of them, in their order; empty where it is the same for all.
    pub signs: Vec<String>,
    /// The releases it was judged for.
    pub target: Target,
    /// Whether its operator may go on to the target; `None` where no target was named.
    pub upgrade: Option<UpgradeReport>,
    /// Positions in [`Report::findings`](crate::check::Report::findings).
    pub findings: Vec<usize>,
}

/// The upgrade of one living cluster's operator.
#[derive(Debug)]
pub struct UpgradeReport {
    /// The release that runs, where it is known.
    pub from: Option<String>,
    /// The release to go to.
    pub to: String,
    /// The operator that manages the cluster, as namespace/name; `None` where that is not known.
    pub operator: Option<String>,
    /// The operator is asked to leave the cluster alone.
    pub paused: bool,
    /// What became of it; `None` where that release, or a newer one, runs already.
    pub judged: Option<MethodReport>,
}

impl UpgradeReport {
    /// The verdict, where there is something to judge.
    pub fn verdict(&self) -> Option<Verdict> {
        self.judged.as_ref().map(|judged| judged.verdict)
    }
}

/// A rule about a migration that holds.
#[derive(Clone, Debug)]
pub struct Held {
    /// The rule.
    pub rule: Arc<str>,
    /// What is so, in a few words.
    pub holds: String,
}

/// Whether everything of a v4 cluster has arrived in the living one.
#[derive(Debug)]
pub struct MigrationReport {
    /// Name of the living cluster's origin.
    pub origin: String,
    /// The living cluster's namespace, `""` where the export names none.
    pub namespace: String,
    /// The living cluster's name.
    pub name: String,
    /// The v4 cluster's namespace, `""` where its manifests name none.
    pub source_namespace: String,
    /// The v4 cluster's name.
    pub source_name: String,
    /// Why it is this v4 cluster, in words.
    pub why: String,
    /// How far the move has come (fact `live.stage`); `""` where it is unknown.
    pub stage: String,
    /// The answer.
    pub verdict: ArrivalVerdict,
    /// What holds, rule by rule.
    pub passed: Vec<Held>,
    /// Positions in [`Report::findings`](crate::check::Report::findings).
    pub findings: Vec<usize>,
}
