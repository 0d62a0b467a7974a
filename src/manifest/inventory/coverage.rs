//! How completely each kind was seen in each namespace: what listings say, what the user says, and
//! what a kubectl `List` lets us infer.
//!
//! It must not know the objects themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assume, Completeness, words};
use crate::manifest::{Gap, Kind};

/// A listing that succeeded: every object of the kind in the namespace is in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// What was listed.
    pub kind: Kind,
    /// Where; `None` for all namespaces, and for cluster-scoped kinds.
    pub namespace: Option<Box<str>>,
}

/// A listing that was tried and failed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// What was to be listed.
    pub kind: Kind,
    /// Where; `None` for all namespaces, and for cluster-scoped kinds.
    pub namespace: Option<Box<str>>,
    /// Why it failed: "the server refused: secrets is forbidden".
    pub because: String,
    /// What would settle it; empty for the usual `kubectl get`.
    pub ask: String,
}

/// A `kind: List` (or a typed list such as `PgclusterList`) found in the input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct List {
    /// The uri of the text it is in.
    pub uri: String,
    /// Whether it is known to hold only a part: it says `continue` or `remainingItemCount`, is cut off, or has
    /// items that could not be read.
    pub partial: bool,
    /// Kind and namespace of its items, kinds we do not keep aside. The namespace is `None` for cluster-scoped
    /// kinds and where it is not written.
    pub holds: BTreeSet<(Kind, Option<Box<str>>)>,
}

/// A kind in one namespace; `None` also where a namespaced object does not say its namespace.
type Place = (Kind, Option<Box<str>>);

/// What is known about completeness in one origin.
#[derive(Debug, Default)]
pub(super) struct Coverages {
    listed: BTreeSet<Place>,
    refused: BTreeMap<Place, (String, String)>,
    assumed: Assume,
    whole: BTreeMap<Place, BTreeSet<String>>,
    partial: BTreeMap<Place, BTreeSet<String>>,
    unread: Vec<String>,
}

impl Coverages {
    pub(super) fn new(
        coverage: Vec<Coverage>,
        refusals: Vec<Refusal>,
        lists: Vec<List>,
        mut unread: Vec<String>,
        assumed: Assume,
    ) -> Self {
        let mut this = Coverages {
            assumed,
            ..Coverages::default()
        };
        unread.sort_unstable();
        unread.dedup();
        this.unread = unread;
        for entry in coverage {
            this.listed.insert((entry.kind, entry.namespace));
        }
        // Ordered, so that of several reasons for one place the same one is told in every run.
        for refusal in refusals.into_iter().collect::<BTreeSet<_>>() {
            let place = (refusal.kind, refusal.namespace);
            let reason = (refusal.because, refusal.ask);
            this.refused.entry(place).or_insert(reason);
        }
        for list in lists {
            let seen = if list.partial {
                &mut this.partial
            } else {
                &mut this.whole
            };
            for place in list.holds {
                seen.entry(place).or_default().insert(list.uri.clone());
            }
        }
        this
    }

    /// How completely a kind was seen in a namespace (`None`: cluster scope, or no namespace written).
    ///
    /// What a live listing or a bundle says about this very namespace comes first, then what it says about all
    /// namespaces, then the user's word, then what a List lets us infer. A refusal outranks the user's word.
    pub(super) fn of(&self, kind: Kind, namespace: Option<&str>) -> Completeness {
        let place = (kind, namespace.map(Box::from));
        for asked in [&place, &(kind, None)] {
            if self.listed.contains(asked) {
                return self.unless_unread(kind, namespace);
            }
            if let Some((because, ask)) = self.refused.get(asked) {
                return Completeness::Unknown(refused(kind, namespace, because, ask));
            }
        }
        if self.assumed.holds(kind) {
            return self.unless_unread(kind, namespace);
        }
        if let Some(uris) = self.whole.get(&place) {
            let what = words::those(kind, namespace);
            return Completeness::Inferred(format!("all {what} are in {}", words::several(uris)));
        }
        Completeness::Unknown(match self.partial.get(&place) {
            Some(uris) => Gap {
                because: format!("the list in {} holds only a part", words::several(uris)),
                ..Gap::of_all(kind, namespace)
            },
            None => Gap::of_all(kind, namespace),
        })
    }

    /// How completely a namespaced kind was seen in all namespaces together. Never inferred: a List cannot show
    /// which namespaces it does not name.
    pub(super) fn of_all_namespaces(&self, kind: Kind) -> Completeness {
        if !kind.info().namespaced {
            return self.of(kind, None);
        }
        let everywhere = (kind, None);
        if self.listed.contains(&everywhere) {
            return self.unless_unread(kind, None);
        }
        let refusal = self
            .refused
            .iter()
            .find(|((refused, _), _)| *refused == kind);
        if let Some(((_, namespace), (because, ask))) = refusal {
            return Completeness::Unknown(refused(kind, namespace.as_deref(), because, ask));
        }
        if self.assumed.holds(kind) {
            return self.unless_unread(kind, None);
        }
        Completeness::Unknown(Gap::of_everywhere(kind))
    }

    /// Full, unless some text could not be read: what is missing may be written there.
    fn unless_unread(&self, kind: Kind, namespace: Option<&str>) -> Completeness {
        let Some(uri) = self.unread.first() else {
            return Completeness::Full;
        };
        Completeness::Unknown(Gap {
            missing: format!("the {}", words::those(kind, namespace)),
            because: format!("{uri} could not be read, and some may be in it"),
            ask: format!("mend {uri}, or take it out of the input, and run again"),
        })
    }
}

fn refused(kind: Kind, namespace: Option<&str>, because: &str, ask: &str) -> Gap {
    let mut gap = Gap::of_all(kind, namespace);
    because.clone_into(&mut gap.because);
    if !ask.is_empty() {
        ask.clone_into(&mut gap.ask);
    }
    gap
}
