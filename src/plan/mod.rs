//! Judged steps to plans: which method, which steps are done, which one is next, and what must not be run in between.
//!
//! Pure: it reads a finished Report. It must not know how a plan is shown.

mod choice;
mod make;
mod progress;
mod siblings;
#[cfg(test)]
mod tests;
mod ways;

pub use choice::{Choice, Course, about};
pub use make::{exit_code, plans};

use crate::check::{StepReport, Verdict};
use crate::rule::{Method, Phase};

/// The way of one cluster, step by step.
#[derive(Debug)]
pub struct Plan {
    /// Name of its origin, `""` for loose files.
    pub origin: String,
    /// The cluster's namespace, `""` where none is written.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// The method.
    pub method: Method,
    /// What was judged of the method.
    pub verdict: Verdict,
    /// Why it is this method, in words.
    pub why: String,
    /// The methods there were to choose from.
    pub choices: Vec<Choice>,
    /// Whether something of v5 is alive already: then what kept the move from beginning no longer counts.
    pub begun: bool,
    /// Whether the move is under way by another method: then there are no steps, for they would lead astray.
    pub elsewhere: bool,
    /// What is left of v4: "running", "stopped", "gone"; `""` where that is unknown.
    pub v4: String,
    /// How far the v5 cluster is; `""` where there is none or it is unknown.
    pub stage: String,
    /// Positions in the report's findings of what keeps the method shut; then there are no steps.
    pub blocks: Vec<usize>,
    /// Positions in the report's findings of what could keep it shut and is undecided; then steps end with the preparations.
    pub undecided: Vec<usize>,
    /// Whether other clusters of the operator that would be upgraded are blocked or undecided; then steps end with the
    /// preparations.
    pub held: Held,
    /// Positions in the report's findings of what contradicts that the move could go on.
    pub stops: Vec<usize>,
    /// Positions in the report's findings of preparations that no step answers.
    pub unanswered: Vec<usize>,
    /// The steps, in the order of doing.
    pub steps: Vec<Planned>,
    /// Position in `steps` of the one that is next; `None` when nothing is left that objects could show.
    pub next: Option<usize>,
}

/// What other clusters mean for the upgrade of an operator that they share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Held {
    /// Nothing: it may go on.
    #[default]
    No,
    /// One of them is undecided.
    Unknown,
    /// One of them is blocked.
    Blocked,
}

/// A step in a plan.
#[derive(Debug)]
pub struct Planned {
    /// Its number in the plan; `None` for one that is not needed.
    pub number: Option<usize>,
    /// How far it is.
    pub state: State,
    /// The cluster in whose plan it is said, where clusters share it.
    pub said: Option<String>,
    /// The way back from it, with what it goes on with where no step before tells that; `""` for none.
    pub back: String,
    /// What was judged.
    pub step: StepReport,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Objects show that it is done.
    Done,
    /// Later steps are done, so it lies behind, or is too late.
    Passed,
    /// No object shows whether it is done, or those that would are not in the input: a person ticks it.
    ByHand,
    /// It is not known whether it is needed.
    Question,
    /// It is still to be done.
    Open,
    /// This cluster does not need it.
    NotNeeded,
}

impl State {
    /// As written in JSON.
    pub fn name(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Passed => "passed",
            State::ByHand => "by-hand",
            State::Question => "question",
            State::Open => "open",
            State::NotNeeded => "not-needed",
        }
    }
}

/// Position of the first step of stopping v4 of which it is not known whether it is needed: what moves anything is not told
/// yet, for nobody knows whether v4 runs.
fn open_stop(steps: &[Planned]) -> Option<usize> {
    steps
        .iter()
        .position(|planned| planned.state == State::Question && planned.step.phase == Phase::Stop)
}

impl Planned {
    /// Whether it is told with its commands: what is done, shared or not known to be needed is named alone.
    pub fn is_told(&self) -> bool {
        self.said.is_none() && self.is_to_do()
    }

    /// Whether it is known to be needed, and not known to be done.
    pub fn is_to_do(&self) -> bool {
        matches!(self.state, State::Open | State::ByHand)
    }
}

impl Plan {
    /// `namespace/name`, as far as each is known.
    pub fn label(&self) -> String {
        if self.namespace.is_empty() {
            self.name.clone()
        } else {
            format!("{}/{}", self.namespace, self.name)
        }
    }

    /// Whether there is no way: something blocks it, or the move is under way by another.
    pub fn is_shut(&self) -> bool {
        self.elsewhere || !self.blocks.is_empty()
    }

    /// Whether anything is open that has to be known before the plan can be trusted.
    pub fn has_questions(&self) -> bool {
        let question = |planned: &Planned| planned.state == State::Question;
        self.ends_with_preparations() || self.steps.iter().any(question)
    }

    /// Whether a step is told: not while it is open what has to be known before it.
    pub fn tells(&self, at: usize) -> bool {
        let Some(planned) = self.steps.get(at) else {
            return false;
        };
        let open = planned.is_to_do()
            || planned.state == State::Question && planned.step.phase > Phase::Stop;
        let before = |stop| planned.step.phase == Phase::Prepare || self.begun && at < stop;
        let settled = !open || open_stop(&self.steps).is_none_or(before);
        settled && (!self.ends_with_preparations() || planned.step.phase == Phase::Prepare)
    }

    /// Whether only the preparations are told: what comes after them is not known to be open.
    pub fn ends_with_preparations(&self) -> bool {
        !self.undecided.is_empty() || self.held != Held::No
    }
}
