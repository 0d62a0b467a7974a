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

/// What flags say of the definition to be judged by: the release of a CustomResourceDefinition, an API version.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The releases it may belong to; empty where it resembles none.
    pub releases: Vec<Version>,
    /// In words: "--crd crd.yaml".
    pub from: String,
    /// The API version that manifests are to be judged by, besides their own: "v1".
    pub api_version: Option<&'static str>,
}
