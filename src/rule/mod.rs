//! rules/*.yaml to compiled rules.
//!
//! A rule is one file: identity, condition, effect, message, why, fix, source, and examples. [`RuleSet`] holds those
//! of a run. Built-in rules are embedded and trusted (the tests check them); rules of the user go through the same
//! code with every check. It must not know what any fact says: names come from a [`NamesOf`].

mod compiled;
mod effect;
mod example;
mod format;
mod names;
mod phase;
mod pitfalls;
mod place;
mod range;
mod raw;
mod raw_step;
mod reading;
mod resolve;
mod review;
mod set;
mod step;

#[cfg(test)]
mod tests;

pub use compiled::Rule;
pub use effect::{Effect, Level, Method, Weight, Weights};
pub use example::{Complete, Example, Expect};
pub use format::schema;
pub use names::NamesOf;
pub use phase::Phase;
pub use range::VersionRange;
pub use reading::{RuleProblem, documents};
pub use set::RuleSet;
pub use step::schema as step_schema;
pub use step::{Case, Decided, Downtime, Scope, Step, StepExample, StepSet, is_step};

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectKind {
    /// A PGO v4 cluster, also when only its claims remain.
    Cluster,
    /// A drafted `PostgresCluster`.
    Draft,
    /// A `PostgresCluster` that a server has seen, and what became of it.
    Living,
    /// A PGO v4 cluster and the living v5 cluster that it became.
    Migration,
    /// The course of a move, which steps are about; no rule is.
    Course,
}

impl SubjectKind {
    /// All that rules are about.
    pub const ALL: [SubjectKind; 4] = [
        SubjectKind::Cluster,
        SubjectKind::Draft,
        SubjectKind::Living,
        SubjectKind::Migration,
    ];

    /// As written in rules.
    pub fn name(self) -> &'static str {
        match self {
            SubjectKind::Cluster => "Pgcluster",
            SubjectKind::Draft => "PostgresCluster",
            SubjectKind::Living => "living PostgresCluster",
            SubjectKind::Migration => "Migration",
            SubjectKind::Course => "Course",
        }
    }

    /// The kind that findings and reports call by this name; `None` where they are about another object.
    pub fn named(name: &str) -> Option<SubjectKind> {
        SubjectKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}
