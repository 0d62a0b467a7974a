//! What a draft mentions of v4 clusters, and which cluster that leaves.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::manifest::Evidence;

/// Clusters by position, and where each says what was looked for.
pub(super) type Fits = BTreeMap<usize, Evidence>;

/// The clusters that a clue points at, and why.
pub(super) struct Hint<'i> {
    /// Words for the reason.
    pub(super) why: String,
    /// Where the draft says it.
    pub(super) place: Evidence,
    pub(super) fits: Cow<'i, Fits>,
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
    Name,
    /// The name that `draft` gives to what lives beside its v4 cluster: `hippo-v5`.
    Successor,
    /// A path in v4's layout within the bucket of one v4 cluster, and of no other.
    OnlyBucket,
    /// What a living database is: only where nothing that was written says whose it should be.
    Database,
}

/// The clusters that fit best: those of the first hint that is enough by itself, as far as the others, and being in the
/// draft's namespace, tell them apart.
pub(super) fn fitting(hints: &[Hint<'_>], at_home: &dyn Fn(usize) -> bool) -> Vec<usize> {
    let decides = |hint: &&Hint<'_>| hint.sign != Sign::Bucket && !hint.fits.is_empty();
    let Some(first) = hints.iter().find(decides) else {
        return Vec::new();
    };
    let mut fitting: Vec<usize> = first.fits.keys().copied().collect();
    let mut keep = |fits: &dyn Fn(usize) -> bool| {
        if fitting.len() > 1 && fitting.iter().any(|number| fits(*number)) {
            fitting.retain(|number| fits(*number));
        }
    };
    // Claims are looked up in the draft's own namespace, whatever else it mentions.
    if first.sign == Sign::Claim {
        keep(at_home);
    }
    let (names, others): (Vec<_>, Vec<_>) = hints.iter().partition(|hint| hint.sign == Sign::Name);
    for hint in others
        .into_iter()
        .filter(|hint| hint.sign != Sign::Database)
    {
        keep(&|number| hint.fits.contains_key(&number));
    }
    keep(at_home);
    for hint in names {
        keep(&|number| hint.fits.contains_key(&number));
    }
    fitting
}

/// Every hint that fits the cluster, in words and places.
pub(super) fn reasons(hints: &[Hint<'_>], number: usize) -> (Vec<String>, Vec<Evidence>) {
    let mut words = Vec::new();
    let mut places: Vec<Evidence> = Vec::new();
    for hint in hints {
        let Some(there) = hint.fits.get(&number) else {
            continue;
        };
        words.push(hint.why.clone());
        for place in [hint.place, *there] {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    (words, places)
}
