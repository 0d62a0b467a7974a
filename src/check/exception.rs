//! What people said to set aside, applied to a finding as soon as it is made.

use std::sync::Arc;

use super::finding::Finding;
use super::ignore::Ignores;
use super::policy::Policy;
use crate::source::{Source, Span};

/// Everything that sets findings aside.
#[derive(Clone, Copy)]
pub(super) struct Exceptions<'a> {
    /// Comments and annotations of the input.
    pub(super) ignores: &'a Ignores,
    /// Waivers and attestations.
    pub(super) policy: &'a Policy,
    /// The texts that spans point into.
    pub(super) sources: &'a [Arc<Source>],
}

impl<'a> Exceptions<'a> {
    /// The file that a span lies in.
    pub(super) fn uri(self, span: Span) -> &'a str {
        let source = self.sources.get(span.source.0 as usize);
        source.map_or("", |source| &source.uri)
    }

    /// Marks a finding that something covers.
    pub(super) fn mark(self, finding: &mut Finding) {
        self.ignores.mark(finding, self.sources);
        if finding.counts() {
            self.policy.mark(finding);
        }
    }
}
