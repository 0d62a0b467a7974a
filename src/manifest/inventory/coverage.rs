//! How completely each kind was seen in each namespace: what listings say, what the user says, and
//! what a kubectl `List` lets us infer.
//!
//! It must not know the objects themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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
    /// The labels, with values, that all its items carry: a selector may have left them. Then the List is complete only
    /// for objects that must carry them.
    pub common: BTreeSet<(Box<str>, Box<str>)>,
}

/// A List that may have been made with a selector.
#[derive(Debug, Default)]
pub(super) struct Selection {
    uri: String,
    common: BTreeSet<(Box<str>, Box<str>)>,
    /// That it is complete, in words.
    assumption: Arc<str>,
}

impl Selection {
    /// The assumption that it is complete for objects that carry these labels in any case; `None` where it need not be.
    fn whole_for(&self, carried: &[(&str, &str)]) -> Option<&Arc<str>> {
        let is_carried = |(key, value): &(Box<str>, Box<str>)| {
            let mut all = carried.iter();
            all.any(|(known, said)| **known == **key && **said == **value)
        };
        self.common
            .iter()
            .all(is_carried)
            .then_some(&self.assumption)
    }

    fn gap(&self, kind: Kind, namespace: Option<&str>) -> Gap {
        let all = Gap::of_all(kind, namespace);
        let labels = self
            .common
            .iter()
            .map(|(key, value)| format!("{key}={value}"));
        let labels: Vec<String> = labels.take(3).collect();
        Gap {
            because: format!(
                "everything in the list of {} carries {}, as if it had been selected: if it was not, --assume-complete={}",
                self.uri,
                labels.join(","),
                kind.info().name
            ),
            ..all
        }
    }
}

/// A text of which nobody knows what is in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Its name.
    pub uri: String,
    /// Whether it was left out by choice, not for what it is.
    pub left_out: bool,
}

impl Unread {
    /// One that could not be read.
    pub fn failed(uri: String) -> Unread {
        let left_out = false;
        Unread { uri, left_out }
    }

    fn gap(&self, kind: Kind, namespace: Option<&str>) -> Gap {
        let Unread { uri, left_out } = self;
        let (because, ask) = if *left_out {
            let ask =
                format!("take {uri} out of the configuration's `exclude`, or run with --no-config");
            (
                format!("{uri} was left out of the input, and some may be in it"),
                ask,
            )
        } else {
            let ask = format!("mend {uri}, or take it out of the input, and run again");
            (
                format!("{uri} could not be read, and some may be in it"),
                ask,
            )
        };
        Gap {
            missing: format!("the {}", words::those(kind, namespace)),
            because,
            ask,
        }
    }
}

/// A kind in one namespace; `None` also where a namespaced object does not say its namespace.
type Place = (Kind, Option<Box<str>>);

/// Something for each of some places, found without a copy of the namespace. Sorted.
#[derive(Debug, Default)]
struct Places<T>(Vec<(Place, T)>);

impl<T> Places<T> {
    fn of(places: BTreeMap<Place, T>) -> Self {
        Places(places.into_iter().collect())
    }

    fn get(&self, kind: Kind, namespace: Option<&str>) -> Option<&T> {
        let wanted = (kind, namespace);
        let found = self
            .0
            .binary_search_by(|((kind, namespace), _)| (*kind, namespace.as_deref()).cmp(&wanted));
        let (_, value) = self.0.get(found.ok()?)?;
        Some(value)
    }
}

/// What is known about completeness in one origin.
#[derive(Debug, Default)]
pub(super) struct Coverages {
    listed: Places<()>,
    /// Why, and what would settle it.
    refused: Places<(String, String)>,
    assumed: Assume,
    /// What a List makes us infer, in words.
    whole: Places<Arc<str>>,
    /// What a List says that may have been made with a selector.
    selected: Places<Selection>,
    /// In what texts.
    partial: Places<String>,
    unread: Vec<Unread>,
}

/// How completely a kind was seen in a namespace; the words for it are made only where they are needed.
pub(super) enum Seen<'c> {
    Full,
    Inferred(&'c Arc<str>),
    /// A List is complete at most for what carries certain labels.
    Selected(&'c Selection),
    /// Nothing says anything of it.
    Unlisted,
    Partial(&'c str),
    Refused(&'c str, &'c str),
    Unread(&'c Unread),
}

impl Seen<'_> {
    /// The same for objects that carry these labels in any case.
    pub(super) fn carrying(self, carried: &[(&str, &str)]) -> Self {
        match self {
            Seen::Selected(selection) => match selection.whole_for(carried) {
                Some(assumption) => Seen::Inferred(assumption),
                None => self,
            },
            other => other,
        }
    }

    /// In words, for this kind and namespace.
    pub(super) fn completeness(self, kind: Kind, namespace: Option<&str>) -> Completeness {
        Completeness::Unknown(match self {
            Seen::Full => return Completeness::Full,
            Seen::Inferred(assumption) => return Completeness::Inferred(Arc::clone(assumption)),
            Seen::Selected(selection) => selection.gap(kind, namespace),
            Seen::Unlisted => Gap::of_all(kind, namespace),
            Seen::Partial(uris) => Gap {
                because: format!("the list in {uris} holds only a part"),
                ..Gap::of_all(kind, namespace)
            },
            Seen::Refused(because, ask) => refused(kind, namespace, because, ask),
            Seen::Unread(unread) => unread.gap(kind, namespace),
        })
    }
}

impl Coverages {
    pub(super) fn new(
        coverage: Vec<Coverage>,
        refusals: Vec<Refusal>,
        lists: Vec<List>,
        mut unread: Vec<Unread>,
        assumed: Assume,
    ) -> Self {
        unread.sort_unstable();
        unread.dedup();
        let listed = coverage
            .into_iter()
            .map(|one| ((one.kind, one.namespace), ()));
        // Ordered, so that of several reasons for one place the same one is told in every run.
        let mut refused: BTreeMap<Place, (String, String)> = BTreeMap::new();
        for refusal in refusals.into_iter().collect::<BTreeSet<_>>() {
            let place = (refusal.kind, refusal.namespace);
            let reason = (refusal.because, refusal.ask);
            refused.entry(place).or_insert(reason);
        }
        let (partial, whole): (Vec<List>, Vec<List>) =
            lists.into_iter().partition(|list| list.partial);
        let (whole, selected): (Vec<List>, Vec<List>) =
            whole.into_iter().partition(|list| list.common.is_empty());
        let inferred = |kind: Kind, namespace: Option<&str>, uris: &[Arc<str>]| -> Arc<str> {
            let what = words::those(kind, namespace);
            format!("all {what} are in {}", words::several(uris)).into()
        };
        let whole = by_place(whole).into_iter();
        let whole = whole.map(|((kind, namespace), uris)| {
            let words = inferred(kind, namespace.as_deref(), &uris);
            ((kind, namespace), words)
        });
        let mut selections: BTreeMap<Place, Selection> = BTreeMap::new();
        // Ordered, and of several the one that leaves out least.
        let mut selected = selected;
        selected.sort_by(|left, right| {
            (left.common.len(), &left.uri).cmp(&(right.common.len(), &right.uri))
        });
        for list in selected {
            for (kind, namespace) in &list.holds {
                let uris = [list.uri.as_str().into()];
                let selection = || Selection {
                    uri: list.uri.clone(),
                    common: list.common.clone(),
                    assumption: inferred(*kind, namespace.as_deref(), &uris),
                };
                let place = (*kind, namespace.clone());
                selections.entry(place).or_insert_with(selection);
            }
        }
        let partial = by_place(partial).into_iter();
        let partial = partial.map(|(place, uris)| (place, words::several(&uris)));
        Coverages {
            listed: Places::of(listed.collect()),
            refused: Places::of(refused),
            assumed,
            whole: Places(whole.collect()),
            selected: Places::of(selections),
            partial: Places(partial.collect()),
            unread,
        }
    }

    /// How completely a kind was seen in a namespace (`None`: cluster scope, or no namespace written).
    ///
    /// What a live listing or a bundle says about this very namespace comes first, then what it says about all
    /// namespaces, then the user's word, then what a List lets us infer. A refusal outranks the user's word, and a
    /// listing of the same place that is said to have succeeded, too.
    pub(super) fn of(&self, kind: Kind, namespace: Option<&str>) -> Seen<'_> {
        for asked in [namespace, None] {
            if let Some((because, ask)) = self.refused.get(kind, asked) {
                return Seen::Refused(because, ask);
            }
            if self.listed.get(kind, asked).is_some() {
                return self.unless_unread();
            }
        }
        if self.assumed.holds(kind) {
            return self.unless_unread();
        }
        if let Some(assumption) = self.whole.get(kind, namespace) {
            return Seen::Inferred(assumption);
        }
        if let Some(selection) = self.selected.get(kind, namespace) {
            return Seen::Selected(selection);
        }
        let partial = self.partial.get(kind, namespace);
        partial.map_or(Seen::Unlisted, |uris| Seen::Partial(uris))
    }

    /// How completely a namespaced kind was seen in all namespaces together. Never inferred: a List cannot show
    /// which namespaces it does not name.
    pub(super) fn of_all_namespaces(&self, kind: Kind) -> Completeness {
        if !kind.info().namespaced {
            return self.of(kind, None).completeness(kind, None);
        }
        let listed = self.listed.get(kind, None).is_some();
        // Where all namespaces were listed, one that was refused beside counts nothing; all of them refused does.
        let refusal =
            self.refused.0.iter().find(|((refused, namespace), _)| {
                *refused == kind && (!listed || namespace.is_none())
            });
        if listed && refusal.is_none() {
            return self.unless_unread().completeness(kind, None);
        }
        if let Some(((_, namespace), (because, ask))) = refusal {
            return Completeness::Unknown(refused(kind, namespace.as_deref(), because, ask));
        }
        if self.assumed.holds(kind) {
            return self.unless_unread().completeness(kind, None);
        }
        Completeness::Unknown(Gap::of_everywhere(kind))
    }

    /// What a listing of the kind that was refused or failed, or a text that was not read, leaves open.
    pub(super) fn withheld(&self, kind: Kind) -> Option<Gap> {
        let mut refusals = self.refused.0.iter();
        let refusal = refusals.find(|((refused, _), _)| *refused == kind);
        if let Some(((_, namespace), (because, ask))) = refusal {
            return Some(refused(kind, namespace.as_deref(), because, ask));
        }
        self.unread.first().map(|unread| unread.gap(kind, None))
    }

    /// Full, unless some text could not be read: what is missing may be written there.
    fn unless_unread(&self) -> Seen<'_> {
        let unread = self.unread.first();
        unread.map_or(Seen::Full, Seen::Unread)
    }
}

/// The uris of the lists that hold something of a place, each once; everything sorted.
fn by_place(lists: Vec<List>) -> Vec<(Place, Vec<Arc<str>>)> {
    let mut seen: Vec<(Place, Arc<str>)> = Vec::new();
    for list in lists {
        let uri: Arc<str> = list.uri.into();
        let holds = list.holds.into_iter();
        seen.extend(holds.map(|place| (place, Arc::clone(&uri))));
    }
    seen.sort_unstable();
    seen.dedup();
    let mut by_place: Vec<(Place, Vec<Arc<str>>)> = Vec::new();
    for (place, uri) in seen {
        match by_place.last_mut() {
            Some((last, uris)) if *last == place => uris.push(uri),
            _ => by_place.push((place, vec![uri])),
        }
    }
    by_place
}

fn refused(kind: Kind, namespace: Option<&str>, because: &str, ask: &str) -> Gap {
    let mut gap = Gap::of_all(kind, namespace);
    because.clone_into(&mut gap.because);
    if !ask.is_empty() {
        ask.clone_into(&mut gap.ask);
    }
    gap
}
