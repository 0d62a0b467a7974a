//! The shape of a finding, of what could not be seen, and of a rule.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value as Json;

use super::effect::Effect;
use crate::check::FindingOutcome;
use crate::rule::{Level, Phase, Weight};

/// A text of the report.
pub type Text<'a> = Cow<'a, str>;

/// Keys that this release does not know, kept as they were read.
pub type Further = BTreeMap<String, Json>;

/// One thing to tell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Finding<'a> {
    /// Fingerprint; unique within an origin.
    pub id: Text<'a>,
    /// The rule.
    pub rule: Text<'a>,
    /// Fires, or cannot be decided.
    pub outcome: FindingOutcome,
    /// How it is shown.
    pub level: Level,
    /// What it means; on paper only where that is not what it means for other findings of the rule.
    #[serde(default, skip_serializing_if = "Effect::is_left_out")]
    pub effect: Effect,
    /// What it is about.
    pub subject: Subject<'a>,
    /// JSON Pointer into the subject.
    pub path: Text<'a>,
    /// One sentence; on paper not where it is what its rule asks.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub message: Text<'a>,
    /// Where; one is primary.
    pub labels: Vec<Label<'a>>,
    /// What is missing; on paper the ids of [`questions`](super::Document::questions).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap<'a>>,
    /// What is missing, by id, on paper.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Text<'a>>,
    /// What to do; on paper the id of one of the [`remedies`](super::Document::remedies).
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub fix: Text<'a>,
    /// What to do, by id, on paper.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub remedy: Text<'a>,
    /// What the rule rests on; written with the rule.
    #[serde(default, skip_serializing)]
    pub source: Option<Text<'a>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

impl<'a> Finding<'a> {
    /// Each weight in its effect.
    pub fn weights(&self) -> impl Iterator<Item = Weight> {
        self.effect.weights()
    }

    /// The place that decides.
    pub fn primary(&self) -> Option<&Label<'a>> {
        let primary = self.labels.iter().find(|label| label.primary);
        primary.or(self.labels.first())
    }

    /// Whether it was set aside by its owner: it is shown, but counts nowhere.
    pub fn suppressed(&self) -> bool {
        self.further
            .get("suppressed")
            .is_some_and(|why| !why.is_null() && *why != Json::Bool(false))
    }

    /// Whether it counts and no baseline knows it.
    pub fn is_news(&self) -> bool {
        let state = self.further.get("baseline").and_then(Json::as_str);
        !self.suppressed() && state != Some("unchanged")
    }
}

/// What a finding is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject<'a> {
    /// Its origin; on paper only where it has one.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub origin: Text<'a>,
    /// Its kind as written.
    pub kind: Text<'a>,
    /// Its namespace.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
}

/// A place in a text, and the text there.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place<'a> {
    /// The file.
    pub uri: Text<'a>,
    /// From 1.
    pub start_line: u32,
    /// From 1, in characters.
    pub start_column: u32,
    /// From 1.
    pub end_line: u32,
    /// Exclusive.
    pub end_column: u32,
    /// What it covers, cut.
    pub text: Text<'a>,
}

/// A place that bears on a finding. What most of them have in common is not written: that it ends on the line where it starts,
/// and that it is not the one that decides.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Label<'a> {
    /// The file.
    pub uri: Text<'a>,
    /// From 1.
    pub start_line: u32,
    /// From 1, in characters.
    pub start_column: u32,
    /// From 1.
    #[serde(default)]
    pub end_line: u32,
    /// Exclusive.
    pub end_column: u32,
    /// What it covers, cut.
    pub text: Text<'a>,
    /// Whether it is the place that decides.
    #[serde(default)]
    pub primary: bool,
    /// What it shows.
    #[serde(default)]
    pub message: Text<'a>,
}

impl Serialize for Label<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut label = to.serialize_struct("Label", 8)?;
        label.serialize_field("uri", &self.uri)?;
        label.serialize_field("startLine", &self.start_line)?;
        label.serialize_field("startColumn", &self.start_column)?;
        if self.end_line != self.start_line {
            label.serialize_field("endLine", &self.end_line)?;
        }
        label.serialize_field("endColumn", &self.end_column)?;
        label.serialize_field("text", &self.text)?;
        if self.primary {
            label.serialize_field("primary", &true)?;
        }
        if !self.message.is_empty() {
            label.serialize_field("message", &self.message)?;
        }
        label.end()
    }
}

/// Something that could not be seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Gap<'a> {
    /// What.
    pub missing: Text<'a>,
    /// Why.
    pub because: Text<'a>,
    /// The command or flag that settles it.
    pub ask: Text<'a>,
}

/// The texts of a rule that are the same for each of its findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleText<'a> {
    /// The problem.
    pub title: Text<'a>,
    /// What is asked where it cannot be decided, after "cannot tell"; if not said, whether the title is so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Text<'a>>,
    /// Why it matters; may hold names in braces.
    pub why: Text<'a>,
    /// What to do, in general; may hold names in braces.
    pub fix: Text<'a>,
    /// What it rests on; none in reports of releases that did not write it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Text<'a>>,
    /// The worst level it can have; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// What its findings mean where they do not say it, on paper.
    #[serde(default, skip_serializing_if = "Effect::is_left_out")]
    pub effect: Effect,
    /// When in the course of the move it is done; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Whether who does not heed it loses data, or the backups of it.
    #[serde(
        rename = "losesData",
        default,
        skip_serializing_if = "std::ops::Not::not"
    )]
    pub loses_data: bool,
    /// The place, in the order of doing, of the step that answers it; none where no step does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// What that step is, in a few words that begin with a verb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Text<'a>>,
}

impl RuleText<'_> {
    /// Whether a sentence says no more than that it cannot be decided.
    pub(super) fn asks(&self, message: &str) -> bool {
        let asked = message.strip_prefix("cannot tell ");
        asked.is_some_and(|asked| match &self.question {
            Some(question) => asked == question,
            None => asked.strip_prefix("whether ") == Some(&self.title),
        })
    }

    /// What is said where it cannot be decided: "cannot tell whether backups are in S3 or GCS".
    pub fn undecided(&self) -> String {
        match &self.question {
            Some(question) => format!("cannot tell {question}"),
            None => format!("cannot tell whether {}", self.title),
        }
    }
}
