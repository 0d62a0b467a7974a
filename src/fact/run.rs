//! What is given to the whole run.

use jiff::Timestamp;

use crate::expr::Version;

/// Inputs of a run that are not manifests.
#[derive(Clone, Debug)]
pub struct Run {
    /// The time the run judges by (`--now`).
    pub now: Timestamp,
    /// The PGO v5 release named by `--target`.
    pub target: Option<Version>,
}
