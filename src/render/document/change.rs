//! The shape of what became of clusters and drafts between two reports.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::Verdict;
use crate::rule::{Method, SubjectKind};

/// What became of things since an earlier report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Since {
    /// The time the earlier report judged by.
    pub now: Timestamp,
    /// Clusters, drafts and upgrades that stand where they stood.
    pub unchanged: usize,
    /// The others, by change, kind, origin, namespace and name.
    pub changes: Vec<Moved>,
}

impl Since {
    /// Those that changed in one way.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &Moved> {
        self.changes.iter().filter(move |one| one.change == change)
    }
}

/// How something changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// A verdict got worse, or with the same verdicts more is left to do.
    Regressed,
    /// A verdict got better and none worse, or with the same verdicts less is left to do.
    Improved,
    /// It was not in the earlier report.
    New,
    /// It is in the earlier report only: moved to v5, deleted, or not in the input.
    Gone,
}

impl Change {
    /// All, in the order they are told.
    pub const ALL: [Change; 4] = [
        Change::Regressed,
        Change::Improved,
        Change::New,
        Change::Gone,
    ];

    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            Change::Regressed => "regressed",
            Change::Improved => "improved",
            Change::New => "new",
            Change::Gone => "gone",
        }
    }
}

/// One cluster or draft that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// How.
    pub change: Change,
    /// `Pgcluster`, `PostgresCluster` for a draft, or `living PostgresCluster` for the upgrade of a living cluster's operator.
    pub kind: String,
    /// Its origin.
    pub origin: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Its verdict then; none where it is new.
    pub from: Option<String>,
    /// Its verdict now; none where it is gone.
    pub to: Option<String>,
    /// The methods whose verdicts differ.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub methods: BTreeMap<Method, Step>,
    /// What was and is left to do.
    pub left: Work,
}

impl Moved {
    /// What to say before its name where it is no v4 cluster: "draft ", "living ".
    pub fn told_as(&self) -> &'static str {
        match SubjectKind::named(&self.kind) {
            Some(SubjectKind::Draft) => "draft ",
            Some(SubjectKind::Living) => "living ",
            _ => "",
        }
    }
}

/// A method's verdict then and now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Then.
    pub from: Verdict,
    /// Now.
    pub to: Verdict,
}

/// The number of findings that block it altogether, call for a preparation, or leave such a thing undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Then.
    pub from: usize,
    /// Now.
    pub to: usize,
}
