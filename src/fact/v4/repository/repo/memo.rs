//! What several facts about the repository share.

use std::sync::OnceLock;

use crate::manifest::Fact;

/// What several facts about the repository share, worked out on first use.
#[derive(Default)]
pub(in crate::fact::v4) struct Repository {
    pub(super) enabled: OnceLock<Fact<bool>>,
    pub(super) types: OnceLock<Fact<Vec<String>>>,
    pub(super) path: OnceLock<Fact<String>>,
    pub(super) archiving: OnceLock<Fact<String>>,
}
