//! A step file as written: its keys and their types, nothing resolved.
//!
//! Also part of `build.rs`, so that embedded steps are read exactly like the user's. Like rules they stand in the program
//! itself, in a table that `build.rs` writes.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::raw::{OneOrMany, Text};

/// Several texts of a step.
pub(super) type Texts = Cow<'static, [Text]>;

/// The keys of a step file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) id: Text,
    pub(super) methods: Texts,
    pub(super) phase: Text,
    #[serde(default)]
    pub(super) after: Texts,
    pub(super) scope: Option<Text>,
    pub(super) needed: Option<Text>,
    pub(super) restarts_v4: Option<Text>,
    pub(super) done: Option<Text>,
    pub(super) unseen: Option<Text>,
    #[serde(default)]
    pub(super) outlives_v4: bool,
    #[serde(default)]
    pub(super) answers: Texts,
    #[serde(default)]
    pub(super) stopped_by: Texts,
    pub(super) title: Text,
    pub(super) run: Option<RawCommands>,
    pub(super) wait: Option<RawCommands>,
    pub(super) changes: Option<Text>,
    pub(super) back: Option<RawCommands>,
    #[serde(default)]
    pub(super) never: Cow<'static, [RawNever]>,
    pub(super) no_return: Option<RawCommands>,
    pub(super) downtime: Option<Text>,
    pub(super) source: OneOrMany,
    #[serde(default)]
    pub(super) examples: Vec<RawStepExample>,
}

/// Commands, or commands for several cases.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "commands are a text, or a list of {if: CONDITION, run: COMMANDS}"
)]
pub(super) enum RawCommands {
    Always(Text),
    Cases(Cow<'static, [RawCase]>),
}

/// A command that must not be run: always, or in one case.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "a command is a text, or {if: CONDITION, run: COMMAND}"
)]
pub(super) enum RawNever {
    Always(Text),
    Case(RawCase),
}

/// Commands for one case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCase {
    #[serde(rename = "if")]
    pub(super) condition: Option<Text>,
    #[serde(rename = "for", default)]
    pub(super) remedies: Texts,
    pub(super) run: Text,
    /// A step, with whose way back this one goes on.
    #[serde(rename = "as")]
    pub(super) like: Option<Text>,
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
