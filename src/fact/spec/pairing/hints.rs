//! What a draft mentions of v4 clusters, and which cluster that leaves.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::fact::spec::Draft;
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

/// A living cluster that archives to the repository of one v4 cluster and bears signs of another.
pub(super) enum Torn {
    /// It runs the database of the one that it is called like.
    Settled(Vec<usize>),
    /// Whichever it came from, something of it is the other's.
    Open(Vec<usize>),
}

/// Whether what fits by the repository's path is none of those that a living cluster is called like, or whose database it runs. A
/// draft is what it says; what lives may have been given the path of another by mistake, or its database.
pub(super) fn torn(
    draft: &Draft<'_>,
    hints: &[Hint<'_>],
    fitting: &[usize],
    namesakes: &[usize],
) -> Option<Torn> {
    let decides = |hint: &&Hint<'_>| hint.sign != Sign::Bucket && !hint.fits.is_empty();
    let first = hints.iter().find(decides)?;
    let by_path = matches!(first.sign, Sign::Path | Sign::Directory);
    let database = hints.iter().find(|hint| hint.sign == Sign::Database);
    let runs = database.map_or_else(Vec::new, |hint| hint.fits.keys().copied().collect());
    let elsewhere = |others: &[usize]| {
        !others.is_empty() && !others.iter().any(|number| fitting.contains(number))
    };
    let torn = elsewhere(namesakes) || namesakes.is_empty() && elsewhere(&runs);
    if !draft.object.is_live() || !by_path || !torn {
        return None;
    }
    let own = namesakes.iter().copied();
    let settled: Vec<usize> = own.filter(|number| runs.contains(number)).collect();
    if !settled.is_empty() {
        return Some(Torn::Settled(settled));
    }
    let mut all = [namesakes, fitting, &runs].concat();
    all.sort_unstable();
    all.dedup();
    Some(Torn::Open(all))
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
