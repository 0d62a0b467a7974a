//! Tablespaces with volumes of their own.

use std::collections::BTreeMap;

use super::claims::{Holds, holds};
use super::seen::if_complete;
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Object};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "tablespaces.names",
        Type::Strings,
        "tablespaces that have volumes of their own",
        |cluster| match cluster.object {
            Some(_) => mounted(cluster).map(Value::from),
            None => left(cluster).and_then(|names| all_left(cluster, Value::from(names))),
        },
    ),
    row(
        "tablespaces.present",
        Type::Bool,
        "there are tablespaces with volumes of their own; true as soon as one is seen",
        |cluster| match cluster.object {
            Some(_) => mounted(cluster).map(|names| (!names.is_empty()).into()),
            None => left(cluster).and_then(|names| {
                if names.is_empty() {
                    return all_left(cluster, false.into());
                }
                Fact::known(true.into())
            }),
        },
    ),
];

/// The Pgcluster names every tablespace: they are never removed.
fn mounted(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    cluster.keys(&["spec", "tablespaceMounts"], "the cluster's tablespaces")
}

/// Without the Pgcluster, the claims that bear its label tell.
fn left(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let mut names: BTreeMap<String, &Object> = BTreeMap::new();
    for claim in cluster.labelled_claims().objects.iter().copied() {
        if let Holds::Tablespace(name) = holds(cluster, claim) {
            names.entry(name).or_insert(claim);
        }
    }
    let places: Vec<&Object> = names.values().copied().collect();
    let fact = Fact::known(names.into_keys().collect());
    let fact = places.iter().fold(fact, |fact, claim| {
        fact.and_at(claim.name_span(), "a tablespace's claim")
    });
    if places.is_empty() {
        return fact.and_at(cluster.name_span(), "the claims of the cluster");
    }
    fact
}

fn all_left<T>(cluster: &Cluster<'_>, value: T) -> Fact<T> {
    if_complete(&cluster.labelled_claims().completeness, value)
}
