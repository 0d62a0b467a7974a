//! The repository data comes from, and what goes with it.

use std::sync::Arc;

use super::super::global::Options;
use super::super::repos::Repo;
use crate::source::Span;

/// The repository data comes from.
pub(in crate::fact::spec) struct SourceRepo<'a> {
    /// The section that names it.
    pub(super) from: &'static str,
    /// `repo1`; empty where the section names none.
    pub(in crate::fact::spec) name: String,
    /// Where it is named.
    pub(in crate::fact::spec) named_at: Span,
    /// Its entry; `None` where there is none of the name.
    pub(in crate::fact::spec) entry: Option<Repo<'a>>,
    /// The settings that go with it.
    pub(super) options: Arc<Options<'a>>,
    /// Files projected beside the settings.
    pub(super) configured: bool,
}
