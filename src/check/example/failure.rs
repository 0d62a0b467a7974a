//! Something an example shows that does not hold.

/// What does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExampleFailure {
    /// The rule.
    pub rule: String,
    /// The example.
    pub example: String,
    /// What was expected and what came.
    pub what: String,
}
