//! A rule file as written: its keys and their types, nothing resolved.
//!
//! Also part of `build.rs`, so that embedded rules are read exactly like the user's. Their texts stand in the program itself,
//! in a table that `build.rs` writes: so no run reads them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// A text of a rule: embedded, or read from the user's file.
pub(super) type Text = Cow<'static, str>;

/// Methods, each with a word.
pub(super) type Words = Cow<'static, [(Text, Text)]>;

/// The keys of a rule file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: Text,
    pub(super) subject: Text,
    pub(super) title: Text,
    pub(super) question: Option<Text>,
    pub(super) effect: RawEffect,
    pub(super) phase: Option<Text>,
    #[serde(default)]
    pub(super) loses_data: bool,
    pub(super) holds: Option<Text>,
    pub(super) holds_if: Option<Text>,
    #[serde(default)]
    pub(super) applies: RawApplies,
    pub(super) each: Option<Text>,
    pub(super) when: Option<Text>,
    pub(super) message: Text,
    pub(super) why: Text,
    pub(super) fix: Text,
    pub(super) source: OneOrMany,
    pub(super) label: Option<Text>,
    #[serde(default)]
    pub(super) examples: Vec<RawExample>,
}

/// `error`, or `{volumes: block, ...}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "effect is a word (drafts, living clusters, migrations) or a map from method to word (clusters)"
)]
pub(super) enum RawEffect {
    Word(Text),
    Methods(#[serde(deserialize_with = "words")] Words),
}

fn words<'de, D: Deserializer<'de>>(from: D) -> Result<Words, D::Error> {
    let words = BTreeMap::<Text, Text>::deserialize(from)?;
    Ok(words.into_iter().collect())
}

/// Ranges of versions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawApplies {
    pub(super) target: Option<Text>,
    pub(super) v4: Option<Text>,
    pub(super) from: Option<Text>,
}

/// A string or a list of strings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub(super) enum OneOrMany {
    One(Text),
    Many(Cow<'static, [Text]>),
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
