//! What the JSON report holds of the way ahead: the steps of a move, and the manifest that would replace a cluster.

use serde::{Deserialize, Serialize};

use super::finding::{Further, Text};
use crate::rule::{Method, Phase};

/// The steps by which one v4 cluster moves by one method, in the order of doing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan<'a> {
    /// The cluster's origin, `""` for loose files.
    pub origin: Text<'a>,
    /// Its namespace, `""` where none is named.
    pub namespace: Text<'a>,
    /// Its name.
    pub name: Text<'a>,
    /// The method.
    pub method: Method,
    /// The steps.
    pub steps: Vec<PlanStep<'a>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

/// One step of a plan. What a text does not hold is empty.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStep<'a> {
    /// Its id, the name of its file.
    pub id: Text<'a>,
    /// The part of the move that it belongs to.
    pub phase: Phase,
    /// What it does.
    pub title: Text<'a>,
    /// How far it is.
    pub state: StepState,
    /// Prose and commands to run.
    #[serde(default)]
    pub run: Text<'a>,
    /// How a person sees that it is done.
    #[serde(default)]
    pub wait: Text<'a>,
    /// What it changes.
    #[serde(default)]
    pub changes: Text<'a>,
    /// The way back from it.
    #[serde(default)]
    pub back: Text<'a>,
    /// What must not be run from here until the end.
    #[serde(default)]
    pub never: Vec<Text<'a>>,
    /// What cannot be undone from here on.
    #[serde(default)]
    pub no_return: Text<'a>,
    /// What would show whether it is needed, or done, where the evidence does not.
    #[serde(default)]
    pub asks: Vec<Text<'a>>,
    /// Keys added by later releases.
    #[serde(flatten)]
    pub further: Further,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// The evidence shows that it is done.
    Done,
    /// It comes next.
    Next,
    /// It comes later.
    Later,
    /// Whether it is needed, or done, could not be seen.
    Unknown,
}

impl StepState {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            StepState::Done => "done",
            StepState::Next => "next",
            StepState::Later => "later",
            StepState::Unknown => "unknown",
        }
    }
}

/// A manifest that would replace a v4 cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted<'a> {
    /// The method it is written for.
    pub method: Method,
    /// The manifest.
    pub text: Text<'a>,
    /// How many places of it a person has to fill in.
    pub todo: usize,
}
