//! The primary, and everything that names it.

use crate::manifest::Fact;
use crate::source::Span;

/// How far a source can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It cannot be out of date.
    Proof,
    /// PGO keeps it up to date, as long as its operator runs.
    Record,
    /// Automatic failover does not update it (PGO 4.2), or nothing shows that the pod runs.
    Hint,
}

/// One source that names an instance as the primary.
#[derive(Clone, Debug)]
pub struct Source {
    /// The instance it names.
    pub instance: String,
    /// What it is: "annotation current-primary", "pod hippo-jgut-5d8f-x2x4z".
    pub told_by: String,
    /// Where it says so.
    pub span: Span,
    /// What a label at this place says.
    pub note: &'static str,
    /// How far it can be trusted.
    pub trust: Trust,
}

/// The primary, and who says so.
#[derive(Debug)]
pub struct Primary {
    /// Its instance's name.
    pub name: Fact<String>,
    /// Whether that is proven or agreed, not just probable.
    pub certain: Fact<bool>,
    /// Whether sources name different instances.
    pub disagree: Fact<bool>,
    /// Everything in the input that names a primary, in PGO's order of trust.
    pub sources: Vec<Source>,
}
