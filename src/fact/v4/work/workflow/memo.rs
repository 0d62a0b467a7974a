//! What several facts about work under way share.

use std::sync::OnceLock;

use super::kinds::Deed;
use crate::manifest::{Gap, Object};

/// What several facts about work under way share, worked out on first use.
#[derive(Default)]
pub(in crate::fact::v4) struct Workflow<'a> {
    pub(super) works: OnceLock<Works<'a>>,
}

/// All that is seen to be under way, and what could not be told.
#[derive(Debug)]
pub(super) struct Works<'a> {
    pub(super) all: Vec<Work<'a>>,
    pub(super) gaps: Vec<Gap>,
    /// Deletions of which nobody knows whether they have ended, or whether they remove more than a replica.
    pub(super) perhaps: Vec<(Work<'a>, Vec<Gap>)>,
}

/// Something that is being done with the cluster, or was asked for.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) deed: Deed,
    /// What shows it.
    pub(super) object: &'a Object,
}

impl Work<'_> {
    /// "Job hippo-rmdata-abcd".
    pub(super) fn named(&self) -> String {
        format!("{} {}", self.object.kind.info().name, self.object.name)
    }
}
