//! A rule file as written: its keys and their types, nothing resolved.
//!
//! Also part of `build.rs`, so that embedded rules are read exactly like the user's.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The keys of a rule file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) title: String,
    pub(super) question: Option<String>,
    pub(super) effect: RawEffect,
    pub(super) phase: Option<String>,
    pub(super) holds: Option<String>,
    pub(super) holds_if: Option<String>,
    #[serde(default)]
    pub(super) applies: RawApplies,
    pub(super) each: Option<String>,
    pub(super) when: Option<String>,
    pub(super) message: String,
    pub(super) why: String,
    pub(super) fix: String,
    pub(super) source: OneOrMany,
    pub(super) label: Option<String>,
    #[serde(default)]
    pub(super) examples: Vec<RawExample>,
}

/// `error`, or `{volumes: block, ...}`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(
    untagged,
    expecting = "effect is a word (drafts, living clusters, migrations) or a map from method to word (clusters)"
)]
pub(super) enum RawEffect {
    Word(String),
    Methods(BTreeMap<String, String>),
}

/// Ranges of versions.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApplies {
    pub(super) target: Option<String>,
    pub(super) v4: Option<String>,
    pub(super) from: Option<String>,
}

/// A string or a list of strings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
    /// `at: 4096`: a text that happens to look like a number.
    Number(i64),
}

/// The keys of an example.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawExample {
    pub(super) name: String,
    pub(super) given: String,
    pub(super) expect: String,
    pub(super) at: Option<OneOrMany>,
    #[serde(default)]
    pub(super) needs: Vec<String>,
    pub(super) complete: Option<OneOrMany>,
    pub(super) target: Option<String>,
    pub(super) now: Option<String>,
    pub(super) pair: Option<String>,
    pub(super) method: Option<String>,
    pub(super) api: Option<String>,
}
