//! A step file as written: its keys and their types, nothing resolved.
//!
//! Also part of `build.rs`, so that embedded steps are read exactly like the user's.

use serde::{Deserialize, Serialize};

use super::raw::OneOrMany;

/// The keys of a step file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) id: String,
    pub(super) methods: Vec<String>,
    pub(super) phase: String,
    #[serde(default)]
    pub(super) after: Vec<String>,
    pub(super) scope: Option<String>,
    pub(super) needed: Option<String>,
    pub(super) done: Option<String>,
    #[serde(default)]
    pub(super) answers: Vec<String>,
    #[serde(default)]
    pub(super) stopped_by: Vec<String>,
    pub(super) title: String,
    pub(super) run: Option<RawCommands>,
    pub(super) wait: Option<RawCommands>,
    pub(super) changes: Option<String>,
    pub(super) back: Option<RawCommands>,
    #[serde(default)]
    pub(super) never: Vec<String>,
    pub(super) no_return: Option<RawCommands>,
    pub(super) downtime: Option<String>,
    pub(super) source: OneOrMany,
    #[serde(default)]
    pub(super) examples: Vec<RawStepExample>,
}

/// Commands, or commands for several cases.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    untagged,
    expecting = "commands are a text, or a list of {if: CONDITION, run: COMMANDS}"
)]
pub(super) enum RawCommands {
    Always(String),
    Cases(Vec<RawCase>),
}

/// Commands for one case.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCase {
    #[serde(rename = "if")]
    pub(super) condition: Option<String>,
    #[serde(rename = "for", default)]
    pub(super) remedies: Vec<String>,
    pub(super) run: String,
}

/// The keys of an example.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStepExample {
    pub(super) name: String,
    pub(super) given: String,
    pub(super) method: Option<String>,
    pub(super) needed: Option<RawTruth>,
    pub(super) done: Option<RawTruth>,
    pub(super) then: Option<String>,
    pub(super) complete: Option<OneOrMany>,
    pub(super) target: Option<String>,
}

/// `true`, `false` or `unknown`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged, expecting = "expected true, false or unknown")]
pub(super) enum RawTruth {
    Known(bool),
    Word(String),
}
