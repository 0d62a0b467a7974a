//! Why an expression is refused.

/// Why an expression or a template was refused, and where in its source (in bytes).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ExprError {
    /// The byte at which the trouble begins.
    pub offset: usize,
    /// What is wrong and, where that is known, what to write instead.
    pub message: String,
}

impl ExprError {
    pub(super) fn new(offset: usize, message: String) -> Self {
        ExprError { offset, message }
    }
}
