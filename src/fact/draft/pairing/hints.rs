//! What a draft mentions of v4 clusters, and which cluster that leaves.

use std::collections::{BTreeMap, BTreeSet};

use crate::manifest::Evidence;

/// The clusters that a clue points at, and why.
pub(super) struct Hint {
    /// Words for the reason.
    pub(super) why: String,
    /// Where the draft says it.
    pub(super) place: Evidence,
    /// By position: where the cluster says it.
    pub(super) fits: BTreeMap<usize, Evidence>,
    pub(super) sign: Sign,
}

/// What a hint rests on, in the order in which they tell clusters apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Claim,
    Path,
    Directory,
    /// Shared by many clusters: not enough by itself.
    Bucket,
    /// The same.
    Namespace,
    Name,
}

impl Sign {
    fn decides(self) -> bool {
        !matches!(self, Sign::Bucket | Sign::Namespace)
    }
}

/// The clusters that fit best: those of the first hint that is enough by itself, as far as the others tell them apart.
pub(super) fn fitting(hints: &[Hint]) -> BTreeSet<usize> {
    let decides = |hint: &&Hint| hint.sign.decides() && !hint.fits.is_empty();
    let Some(first) = hints.iter().find(decides) else {
        return BTreeSet::new();
    };
    let mut fitting: BTreeSet<usize> = first.fits.keys().copied().collect();
    // Claims are looked up in the draft's own namespace, whatever else it mentions.
    let at_home = hints
        .iter()
        .filter(|hint| first.sign == Sign::Claim && hint.sign == Sign::Namespace);
    for hint in at_home.chain(hints) {
        let here: BTreeSet<usize> = hint.fits.keys().copied().collect();
        if !fitting.is_disjoint(&here) {
            fitting = fitting.intersection(&here).copied().collect();
        }
    }
    fitting
}

/// Every hint that fits the cluster, in words and places.
pub(super) fn reasons(hints: &[Hint], number: usize) -> (String, Vec<Evidence>) {
    let mut words: Vec<&str> = Vec::new();
    let mut places: Vec<Evidence> = Vec::new();
    for hint in hints {
        let Some(there) = hint.fits.get(&number) else {
            continue;
        };
        words.push(&hint.why);
        for place in [hint.place, *there] {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    (words.join("; "), places)
}
