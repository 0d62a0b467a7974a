//! The migration that facts are asked of, and how migrations are found: which v4 cluster a living one came from, and
//! which exports show it.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::expr::{Names, Value};
use crate::fact::live::{self, Living};
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Fact, Gap};
use crate::source::Span;

/// A v4 cluster as one export shows it.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The cluster.
    pub cluster: &'a Cluster<'a>,
}

/// A v4 cluster and the living v5 cluster that it became.
pub struct Migration<'a> {
    /// The living cluster.
    pub living: &'a Living<'a>,
    /// The v4 cluster in every export that shows it, the youngest first; never empty.
    pub moments: Vec<Moment<'a>>,
    /// Why it is this v4 cluster, in words.
    pub why: String,
    /// Other living clusters that are taken to come from it, as `namespace/name`, with the places of their names.
    pub others: Vec<(String, Span)>,
}

impl<'a> Migration<'a> {
    /// The v4 cluster as the youngest export shows it.
    pub fn v4(&self) -> Option<&'a Cluster<'a>> {
        self.moments.first().map(|moment| moment.cluster)
    }

    /// The v4 cluster as it is in the living cluster's own evidence: what still stands of it.
    pub fn still(&self) -> Option<&'a Cluster<'a>> {
        let here = self.living.inventory.origin;
        let clusters = self.moments.iter().map(|moment| moment.cluster);
        clusters
            .into_iter()
            .find(|cluster| cluster.inventory.origin == here)
    }

    /// The v4 cluster where it is in another Kubernetes cluster than the living one, as the youngest export from there
    /// shows it.
    pub fn elsewhere(&self) -> Option<&'a Cluster<'a>> {
        let here = self.living.inventory.origin_name.as_str();
        self.v4().filter(|cluster| {
            let there = cluster.inventory.origin_name.as_str();
            !there.is_empty() && !here.is_empty() && there != here
        })
    }

    /// A fact about the v4 cluster: what the youngest export knows that says anything, since deletion and shutdown
    /// take away what older ones still show.
    pub(super) fn v4_fact(&self, number: u16) -> Fact<Value> {
        let mut nothing = None;
        let mut unknown = None;
        for moment in &self.moments {
            match v4::FACTS.read(number, moment.cluster) {
                Some(Fact::Known(truth)) if says_nothing(&truth.value) => {
                    nothing.get_or_insert(Fact::Known(truth));
                }
                Some(known @ Fact::Known(_)) => return known,
                Some(gap @ Fact::Unknown(_)) => {
                    unknown.get_or_insert(gap);
                }
                None => {}
            }
        }
        nothing.or(unknown).unwrap_or_else(unheard_of)
    }

    /// A fact about the v4 cluster by name.
    pub(super) fn v4_named(&self, name: &str) -> Fact<Value> {
        let number = v4::FACTS.fact(name);
        number.map_or_else(unheard_of, |number| self.v4_fact(number))
    }

    /// A fact about the living cluster by name.
    pub(super) fn living_named(&self, name: &str) -> Fact<Value> {
        let number = live::FACTS.fact(name);
        number.map_or_else(unheard_of, |number| self.living_fact(number))
    }

    /// A fact about the living cluster by its number.
    pub(super) fn living_fact(&self, number: u16) -> Fact<Value> {
        let read = live::FACTS.read(number, self.living);
        read.unwrap_or_else(unheard_of)
    }
}

/// Whether a value is that of a fact of which nothing is left: no text, no list, zero.
pub(in crate::fact) fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Map(entries) => entries.is_empty(),
        Value::Int(number) => *number == 0,
        _ => false,
    }
}

fn unheard_of() -> Fact<Value> {
    Fact::unknown(Gap {
        missing: "a fact about the migration".to_owned(),
        because: "this program does not know it".to_owned(),
        ask: "report this as a fault of pgo-preflight".to_owned(),
    })
}

/// Every living cluster that is known to come from a v4 cluster in the evidence. A living cluster without a pair, or
/// with several that fit, is no migration: nothing is guessed.
pub fn migrations<'a>(living: &'a [Living<'a>], v4: &'a [Cluster<'a>]) -> Vec<Migration<'a>> {
    let mut by_place: BTreeMap<(Option<&str>, &str), Vec<&'a Cluster<'a>>> = BTreeMap::new();
    for cluster in v4 {
        by_place
            .entry((cluster.namespace, cluster.name))
            .or_default()
            .push(cluster);
    }
    let migration = |living: &'a Living<'a>| {
        let pair = living.spec.pairing.pair()?;
        let place = (pair.cluster.namespace, pair.cluster.name);
        let mut moments: Vec<Moment<'a>> = by_place
            .get(&place)
            .into_iter()
            .flatten()
            .filter(|cluster| same_cluster(cluster, pair.cluster, living))
            .map(|cluster| Moment { cluster })
            .collect();
        moments.sort_by_key(|moment| std::cmp::Reverse(age(moment.cluster)));
        (!moments.is_empty()).then(|| Migration {
            living,
            moments,
            why: pair.why.clone(),
            others: Vec::new(),
        })
    };
    let mut all: Vec<Migration<'a>> = living.iter().filter_map(migration).collect();
    tell_of_each_other(&mut all);
    all
}

/// Those that come from one v4 cluster know of each other. Moments of one living cluster are no others.
fn tell_of_each_other(all: &mut [Migration<'_>]) {
    type Sources<'k> = BTreeMap<(&'k str, &'k str), BTreeMap<String, Span>>;
    let source = |one: &Migration<'_>| {
        let v4 = one.v4();
        v4.map(|v4| (v4.namespace.unwrap_or("").to_owned(), v4.name.to_owned()))
    };
    let place = |one: &Migration<'_>| {
        let namespace = one.living.namespace.unwrap_or("");
        format!("{namespace}/{}", one.living.name)
    };
    let keys: Vec<_> = all.iter().map(source).collect();
    let mut sources: Sources<'_> = BTreeMap::new();
    for (one, key) in all.iter().zip(&keys) {
        if let Some((namespace, name)) = key {
            let of_it = sources.entry((namespace, name)).or_default();
            of_it
                .entry(place(one))
                .or_insert_with(|| one.living.name_span());
        }
    }
    for (one, key) in all.iter_mut().zip(&keys) {
        let of_it = key
            .as_ref()
            .and_then(|(namespace, name)| sources.get(&(namespace.as_str(), name.as_str())));
        let own = place(one);
        let others = of_it
            .into_iter()
            .flatten()
            .filter(|(name, _)| **name != own);
        one.others = others.map(|(name, span)| (name.clone(), *span)).collect();
    }
}

/// Whether two exports show the same Kubernetes cluster: by the same name of their origin, or one of them without.
fn same_cluster(cluster: &Cluster<'_>, paired: &Cluster<'_>, living: &Living<'_>) -> bool {
    let name = cluster.inventory.origin_name.as_str();
    let known = [
        paired.inventory.origin_name.as_str(),
        living.inventory.origin_name.as_str(),
    ];
    name.is_empty() || known.contains(&name) || known.contains(&"")
}

/// By what exports are put in order: by their time; those that have none come first, in the order they were named in.
fn age(cluster: &Cluster<'_>) -> (Option<Timestamp>, u32) {
    (cluster.inventory.taken, cluster.inventory.origin.0)
}
