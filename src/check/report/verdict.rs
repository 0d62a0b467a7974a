//! Verdicts and how findings add up to them.

use serde::{Deserialize, Serialize};

/// Whether a method is open for a cluster, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every blocking requirement is known to hold and nothing is left to prepare.
    Ready,
    /// Open, once the listed preparations are done.
    Action,
    /// A blocking requirement could not be decided.
    Unknown,
    /// A blocking requirement is known to fail.
    Blocked,
}

impl Verdict {
    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Ready => "ready",
            Verdict::Action => "action",
            Verdict::Unknown => "unknown",
            Verdict::Blocked => "blocked",
        }
    }
}

/// Whether a draft is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DraftVerdict {
    /// Nothing wrong was found.
    Ok,
    /// A requirement could not be decided.
    Unknown,
    /// Something is wrong.
    Error,
}

impl DraftVerdict {
    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            DraftVerdict::Ok => "ok",
            DraftVerdict::Unknown => "unknown",
            DraftVerdict::Error => "error",
        }
    }
}

/// Whether everything of a v4 cluster has arrived in the living one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArrivalVerdict {
    /// Everything that objects can prove.
    Arrived,
    /// Something is still to be done.
    Incomplete,
    /// Something could not be decided.
    Unknown,
    /// Another database, or what takes it away.
    Wrong,
}

impl ArrivalVerdict {
    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            ArrivalVerdict::Arrived => "arrived",
            ArrivalVerdict::Incomplete => "incomplete",
            ArrivalVerdict::Unknown => "unknown",
            ArrivalVerdict::Wrong => "wrong",
        }
    }
}
