//! What became of one method for one cluster, and the releases it was judged for.

use std::sync::Arc;

use super::verdict::Verdict;
use crate::fact::v4::TargetSet;
use crate::schema::Release;

/// The releases of PGO v5 that something was judged for.
#[derive(Clone, Debug, Default)]
pub struct Target {
    /// The releases, oldest first.
    pub pgo: Vec<&'static Release>,
    /// Where that comes from: "--target", "the operator Deployment pgo/pgo", "unknown".
    pub from: String,
}

impl Target {
    pub(in crate::check) fn of(target: &TargetSet) -> Target {
        let releases = target.releases.iter();
        Target {
            pgo: releases.copied().collect(),
            from: target.from.clone(),
        }
    }
}

/// One method for one cluster.
#[derive(Clone, Debug)]
pub struct MethodReport {
    /// Whether it is open.
    pub verdict: Verdict,
    /// Positions in [`Report::findings`](crate::check::Report::findings) of those that bear on the method.
    pub findings: Vec<usize>,
    /// What a "ready" or "action" takes for granted.
    pub assumes: Vec<Arc<str>>,
    /// For a blocked method: what other target would lift the block, in words.
    pub lifted_by: Option<String>,
}
