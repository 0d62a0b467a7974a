//! What facts are asked of.

/// What facts are asked of: a v4 cluster, a draft.
pub trait Subject: 'static {
    /// The subject with its evidence borrowed for `'a`.
    type Of<'a>;
}
