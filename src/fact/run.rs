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
    /// What the CustomResourceDefinition given by flag says of the release.
    pub definition: Option<Definition>,
}

/// What a CustomResourceDefinition given by flag says of the release to move to.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The releases it may belong to; empty where it resembles none.
    pub releases: Vec<Version>,
    /// In words: "--crd crd.yaml".
    pub from: String,
}
