//! An example of a step: documentation and test in one.

use crate::expr::Version;
use crate::rule::{Complete, Method};

/// What a step makes of a given input.
#[derive(Clone, Debug)]
pub struct StepExample {
    /// What the example shows; unique in its step.
    pub name: String,
    /// The input, YAML.
    pub given: String,
    /// The method it is meant for: the step's first, where the file does not say.
    pub method: Method,
    /// Whether the step is needed; `None` where nothing is said of it.
    pub needed: Option<Decided>,
    /// Whether it is done; `None` where nothing is said of it.
    pub done: Option<Decided>,
    /// What is new or other in the evidence after the step: objects that are merged into those of their kind and name, or
    /// with `deleted: true` are gone.
    pub then: Option<String>,
    /// What the input holds all of.
    pub complete: Complete,
    /// `--target`.
    pub target: Option<Version>,
}

/// The outcome that an example expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// It cannot be decided.
    Unknown,
}

impl Decided {
    /// As written in steps.
    pub fn name(self) -> &'static str {
        match self {
            Decided::Yes => "true",
            Decided::No => "false",
            Decided::Unknown => "unknown",
        }
    }
}
