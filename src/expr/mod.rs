//! CEL source to a compiled expression; three-valued evaluation over a lookup, recording what it read.
//!
//! Only this room names the CEL crate. It must not know what a cluster is.

mod value;

pub use value::{Quantity, Value, Version};

use crate::manifest::{Fact, Gap};

/// What an expression may name: `self.a.b` (the object as written) or a fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// A fact, by its number in the subject's table.
    Fact(u16),
    /// A path below the object as written.
    Own(Box<[Box<str>]>),
    /// The time the run judges by.
    Now,
}

/// The names an expression may use; given by the fact tables.
pub trait Names {
    /// The fact with this dotted name (`primary.name`), if there is one.
    fn fact(&self, dotted: &str) -> Option<u16>;
    /// The dotted name of a fact.
    fn fact_name(&self, number: u16) -> &str;
    /// Names that begin like this one or resemble it, for "did you mean".
    fn similar(&self, dotted: &str) -> Option<String>;
}

/// Where values come from while an expression is evaluated.
pub trait Lookup {
    /// The value of a name. `self` paths below an absent parent are known to be absent (`Value::Absent`).
    fn read(&self, name: &Name) -> Fact<Value>;
}

/// What came of an evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The condition holds.
    True,
    /// It does not hold.
    False,
    /// It cannot be decided; what is missing.
    Unknown(Vec<Gap>),
    /// The rule itself is at fault (a type error with everything known).
    Bug(String),
}

/// An evaluation: its outcome and the names it rests on, those that decided first.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// What came of it.
    pub outcome: Outcome,
    /// The names read on the way to the outcome, in the order of the source, each once.
    pub reads: Vec<Name>,
}
