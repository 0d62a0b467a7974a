//! What several findings say in the same words is kept once: a fleet's clusters have the same questions and remedies, and a
//! megabyte of input may hold ten thousand clusters.

use std::collections::HashSet;
use std::sync::Arc;

use super::report::Finding;
use crate::manifest::Gaps;

/// What the findings of a run have said so far.
#[derive(Default)]
pub(super) struct Shared {
    texts: HashSet<Arc<str>>,
    gaps: HashSet<Gaps>,
}

impl Shared {
    /// Lets findings hold on to what is there already instead of to their own.
    pub(super) fn among(&mut self, findings: &mut [Finding]) {
        for finding in findings {
            for text in [&mut finding.message, &mut finding.fix] {
                match self.texts.get(text) {
                    Some(known) => *text = Arc::clone(known),
                    None => drop(self.texts.insert(Arc::clone(text))),
                }
            }
            match self.gaps.get(&finding.gaps) {
                Some(known) => finding.gaps = Arc::clone(known),
                None => drop(self.gaps.insert(Arc::clone(&finding.gaps))),
            }
        }
    }
}
