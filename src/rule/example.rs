//! An example of a rule: documentation and test in one.

use crate::expr::Version;
use crate::manifest::Kind;

use super::Method;

/// What a rule makes of a given input.
#[derive(Clone, Debug)]
pub struct Example {
    /// What the example shows; unique in its rule.
    pub name: String,
    /// The input, YAML.
    pub given: String,
    /// The outcome.
    pub expect: Expect,
    /// The texts that the primary labels of its findings cover, in their order; of a rule without `each` there is one.
    /// Empty where nothing is said of them.
    pub at: Vec<String>,
    /// For an unknown outcome: the names that could not be known.
    pub needs: Vec<String>,
    /// What the input holds all of.
    pub complete: Complete,
    /// `--target`.
    pub target: Option<Version>,
    /// `--now`.
    pub now: Option<jiff::Timestamp>,
    /// `--pair`.
    pub pair: Option<String>,
    /// The method whose judgement is meant, where the rule concerns several.
    pub method: Option<Method>,
    /// `--api-version`.
    pub api: Option<&'static str>,
}

/// The outcome of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// The rule fires.
    Fires,
    /// It does not.
    Passes,
    /// It cannot be decided.
    Unknown,
}

impl Expect {
    /// The words rules use.
    pub(super) const WORDS: [(&'static str, Expect); 3] = [
        ("fires", Expect::Fires),
        ("passes", Expect::Passes),
        ("unknown", Expect::Unknown),
    ];

    /// As written in rules.
    pub fn name(self) -> &'static str {
        match self {
            Expect::Fires => "fires",
            Expect::Passes => "passes",
            Expect::Unknown => "unknown",
        }
    }
}

/// What an example's input holds all of, as `--assume-complete` says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Complete {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// Every object of these kinds.
    Kinds(Vec<Kind>),
    /// Everything.
    All,
}
