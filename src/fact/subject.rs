//! What facts are asked of.

/// The most subjects of a kind in an inventory: a small archive can hold a million names, and each takes some kilobytes and a while.
pub const MOST_CLUSTERS: usize = 20_000;

/// What facts are asked of: a v4 cluster, a draft.
pub trait Subject: 'static {
    /// The subject with its evidence borrowed for `'a`.
    type Of<'a>;
}
