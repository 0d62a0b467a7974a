//! What people said to set aside, applied to a finding as soon as it is made.

use std::sync::Arc;

use super::Policy;
use crate::check::ignore::Ignores;
use crate::check::report::finding::Finding;
use crate::source::{Source, Span};

/// Everything that sets findings aside.
#[derive(Clone, Copy)]
pub(in crate::check) struct Exceptions<'a> {
    /// Comments and annotations of the input.
    pub(in crate::check) ignores: &'a Ignores,
    /// Waivers and attestations.
    pub(in crate::check) policy: &'a Policy,
    /// The texts that spans point into.
    pub(in crate::check) sources: &'a [Arc<Source>],
}

impl<'a> Exceptions<'a> {
    /// The file that a span lies in.
    pub(in crate::check) fn uri(self, span: Span) -> &'a str {
        let source = self.sources.get(span.source.0 as usize);
        source.map_or("", |source| &source.uri)
    }

    /// Marks a finding that something covers.
    pub(in crate::check) fn mark(self, finding: &mut Finding) {
        self.ignores.mark(finding, self.sources);
        if finding.counts() {
            self.policy.mark(finding);
        }
    }
}
