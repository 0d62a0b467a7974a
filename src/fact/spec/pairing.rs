//! Which v4 cluster a draft replaces, by what evidence, and the facts that say so.
//!
//! Nothing is guessed: between two clusters that fit equally well the draft stays unpaired.

mod candidates;
mod clues;
mod flag;
mod hints;
mod likely;
mod pair;
mod source;
#[cfg(test)]
mod tests;

use super::{Draft, DraftFact, row};
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{self};
use crate::manifest::{Fact, Gap, Node};

pub use candidates::Candidates;
pub use flag::{PairFlag, PairFlagError};
pub use pair::{Pair, Pairing};
use pair::{near_ones, nothing_fits, unheard_of};

/// A fact about the paired v4 cluster by its number in the cluster's table; unknown without a pair.
pub(super) fn v4_fact(draft: &Draft<'_>, number: u16) -> Fact<Value> {
    match draft.pairing.pair() {
        Some(pair) => pair.fact(number).unwrap_or_else(unheard_of),
        None => Fact::unknown(draft.unpaired()),
    }
}

impl Draft<'_> {
    /// A fact about the paired v4 cluster by name.
    pub(super) fn v4(&self, name: &str) -> Fact<Value> {
        match v4::FACTS.fact(name) {
            Some(number) => v4_fact(self, number),
            None => unheard_of(),
        }
    }

    /// Why a draft that is shaped for a migration cannot be called right although nothing is wrong with it: v4 clusters of
    /// the input are near, one of them is likely meant, and it cannot be said which, or whether.
    pub fn doubt(&self) -> Option<Gap> {
        if self.beside() != NEAR {
            return None;
        }
        if !self.pairing.candidates().is_empty() {
            return self.pairing.gap().cloned();
        }
        Some(near_ones(self.name, self.pairing.near()))
    }

    /// Where the v4 clusters of the input are, seen from a draft that fits none of them.
    fn beside(&self) -> &'static str {
        let pairing = &self.pairing;
        let open = pairing.has_clusters() && pairing.pair().is_none();
        if !open || !source::may_replace(self) || source::is_of_v5(self) {
            return "";
        }
        if pairing.near().is_empty() && pairing.candidates().is_empty() {
            return "elsewhere";
        }
        NEAR
    }

    /// What is missing while no v4 cluster is paired.
    fn unpaired(&self) -> Gap {
        match self.pairing.gap() {
            Some(gap) => gap.clone(),
            None => nothing_fits(self.name),
        }
    }
}

/// What [`Draft::beside`] says where one of them may be meant.
const NEAR: &str = "near";

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "pair.beside",
        Type::String,
        "the v4 clusters of the input, seen from a draft that is shaped for a migration and fits none of them: \"near\", in its namespace or behind its bucket, \"elsewhere\", or \"\": there are none, or what it starts from is no v4 cluster's",
        |draft| Fact::at(draft.beside().into(), draft.name_span(), "the draft"),
    ),
    row(
        "pair.known",
        Type::Bool,
        "the v4 cluster it replaces is in the input and beyond doubt",
        |draft| {
            let known = Fact::known(draft.pairing.pair().is_some().into());
            resting_on_pair(draft, known)
        },
    ),
    row(
        "pair.candidates",
        Type::Strings,
        "the v4 clusters that fit equally well, as namespace/name; none where one was found",
        |draft| {
            let names = draft.pairing.candidates().to_vec();
            Fact::at(names.into(), draft.name_span(), "the draft")
        },
    ),
    row(
        "pair.why",
        Type::String,
        "why it is this v4 cluster, in words; \"\" without one",
        |draft| {
            let why = draft.pairing.pair().map_or("", |pair| &pair.why);
            resting_on_pair(draft, Fact::known(why.into()))
        },
    ),
    row(
        "pair.name",
        Type::String,
        "the name of the v4 cluster it replaces",
        |draft| of_pair(draft, |pair| Fact::known(pair.cluster.name.into())),
    ),
    row(
        "pair.namespace",
        Type::String,
        "the namespace of the v4 cluster it replaces; unknown where its manifests write none",
        |draft| of_pair(draft, |pair| v4_namespace(pair).map(Value::from)),
    ),
    row(
        "pair.sameName",
        Type::Bool,
        "the draft has the v4 cluster's name",
        |draft| {
            of_pair(draft, |pair| {
                let same = pair.cluster.name == draft.name;
                Fact::at(same.into(), draft.name_span(), "the draft's name")
                    .and_at(pair.cluster.name_span(), "the v4 cluster")
            })
        },
    ),
    row(
        "pair.sameNamespace",
        Type::Bool,
        "the draft is in the v4 cluster's namespace; unknown where either writes none",
        |draft| {
            of_pair(draft, |pair| {
                let both = v4_namespace(pair).both(draft.namespace());
                both.map(|(theirs, ours)| (theirs == ours).into())
            })
        },
    ),
];

fn v4_namespace<'a>(pair: &Pair<'a>) -> Fact<&'a str> {
    let cluster = pair.cluster;
    match cluster.namespace {
        Some(namespace) => {
            let written = cluster.anchor.at(&["metadata", "namespace"]);
            let span = written.map_or_else(|| cluster.name_span(), Node::span);
            Fact::at(namespace, span, "the v4 cluster's namespace")
        }
        None => Fact::unknown(Gap {
            missing: format!("the namespace of the v4 cluster {}", cluster.name),
            because: "its manifests write no metadata.namespace".to_owned(),
            ask: "export the v4 cluster again with its namespaces and run again".to_owned(),
        }),
    }
}

/// Something about the pair; unknown without one.
pub(super) fn of_pair<'d, 'a, T>(
    draft: &'d Draft<'a>,
    read: impl FnOnce(&'d Pair<'a>) -> Fact<T>,
) -> Fact<T> {
    match draft.pairing.pair() {
        Some(pair) => {
            let fact = read(pair);
            match fact {
                Fact::Known(truth) if truth.evidence.is_empty() => {
                    resting_on_pair(draft, Fact::Known(truth))
                }
                fact => fact,
            }
        }
        None => Fact::unknown(draft.unpaired()),
    }
}

fn resting_on_pair<T>(draft: &Draft<'_>, mut fact: Fact<T>) -> Fact<T> {
    let places = draft.pairing.pair().map(|pair| pair.evidence.as_slice());
    for place in places.unwrap_or_default() {
        fact = fact.and_at(place.span, place.note);
    }
    fact.and_at(draft.name_span(), "the draft")
}
