//! The places of a disagreement: the draft's, then v4's.

use super::super::problems::at;
use crate::manifest::{Evidence, Truth};

/// The first place of a fact, as a place of a problem.
pub(super) fn first_of<T>(truth: &Truth<T>, note: &'static str) -> Option<Evidence> {
    let place = truth.evidence.first()?;
    Some(at(place.span, note))
}

/// The draft's place, then v4's.
pub(super) fn two_sides<T, U>(draft: &Truth<T>, v4: &Truth<U>) -> Vec<Evidence> {
    let ours = first_of(draft, "the draft");
    ours.into_iter()
        .chain(first_of(v4, "the v4 cluster"))
        .collect()
}
