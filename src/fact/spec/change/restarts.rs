//! What an edit restarts: Postgres itself, for parameters that it reads only as it starts, and the pods of instances, whose
//! template changes.
//!
//! Source: PGO `internal/controller/postgrescluster` 5.8.9: patroni.go (`handlePatroniRestarts` restarts members by itself),
//! instance.go (`rolloutInstances`).

use std::sync::LazyLock;

use super::super::Draft;
use super::super::parameters::same_value;
use super::super::row::{DraftFact, row};
use super::living::{is_whole, living, sets_of_both};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

pub(in super::super) static FACTS: &[DraftFact] = &[
    row(
        "change.restartsFor",
        Type::Strings,
        "the Postgres parameters that the draft sets otherwise than the living cluster and that Postgres reads only as it starts",
        |draft| told(draft, parameters),
    ),
    row(
        "change.podsAnew",
        Type::Strings,
        "the fields of the draft that change the pods of instances: each pod is made anew, one after the other, and the primary changes",
        |draft| told(draft, |living, _, draft| fields(living, draft)),
    ),
];

/// Where parameters are written.
const PLACES: [&[&str]; 2] = [
    &["spec", "config", "parameters"],
    &[
        "spec",
        "patroni",
        "dynamicConfiguration",
        "postgresql",
        "parameters",
    ],
];

/// The names of the parameters that only a start of Postgres changes.
static AT_START: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../parameters/postgres.restart").lines();
    lines.filter(|line| !line.starts_with('#')).collect()
});

type Found = Vec<(String, Span)>;

fn told(draft: &Draft<'_>, words: fn(&Object, &Object, &Draft<'_>) -> Found) -> Fact<Value> {
    let Some(living) = living(draft).filter(|_| is_whole(draft)) else {
        return Fact::at(Value::List([].into()), draft.name_span(), "the draft");
    };
    let found = words(living, draft.object, draft);
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    let fact = match found.first() {
        None => Fact::at(names.into(), draft.name_span(), "the draft"),
        Some(_) => Fact::known(names.into()),
    };
    let places = found.iter().take(8);
    places.fold(fact, |fact, (_, span)| {
        fact.and_at(*span, "what the draft asks for")
    })
}

/// A parameter as one of its places has it.
fn value<'a>(object: &'a Object, name: &str) -> Option<Node<'a>> {
    let mut found = PLACES.iter().filter_map(|path| object.at(path)?.get(name));
    found.find(|node| !node.is_null())
}

fn parameters(living: &Object, draft: &Object, _: &Draft<'_>) -> Found {
    let changed = |name: &&'static str| {
        let (was, now) = (value(living, name), value(draft, name));
        let same = match (was, now) {
            (Some(was), Some(now)) => same_value(name, was.text(), now.text()),
            (None, None) => true,
            _ => false,
        };
        let place = PLACES.iter().find(|path| draft.at(path).is_some());
        let span = || draft.nearest(place.copied().unwrap_or(&["spec"]));
        (!same).then(|| ((*name).to_owned(), now.map_or_else(span, Node::span)))
    };
    AT_START.iter().filter_map(changed).collect()
}

/// The fields of the spec and of an instance set that the operator copies into its pods.
const OF_ALL: [&str; 8] = [
    "customReplicationTLSSecret",
    "customTLSSecret",
    "image",
    "imagePullSecrets",
    "metadata",
    "monitoring",
    "port",
    "supplementalGroups",
];
const OF_A_SET: [&str; 10] = [
    "affinity",
    "containers",
    "metadata",
    "priorityClassName",
    "resources",
    "sidecars",
    "tablespaceVolumes",
    "tolerations",
    "topologySpreadConstraints",
    "walVolumeClaimSpec",
];

fn fields(living: &Object, draft: &Draft<'_>) -> Found {
    let mut found = Vec::new();
    for field in OF_ALL {
        let of = |object: &'_ Object| object.at(&["spec", field]).map(Node::span);
        if differs(
            living.at(&["spec", field]),
            draft.object.at(&["spec", field]),
        ) {
            let span = of(draft.object).unwrap_or_else(|| draft.object.nearest(&["spec"]));
            found.push((format!("spec.{field}"), span));
        }
    }
    for (name, was, now) in sets_of_both(draft) {
        for field in OF_A_SET {
            if differs(was.get(field), now.get(field)) {
                let span = now.get(field).map_or_else(|| now.span(), Node::span);
                found.push((format!("{field} of {name}"), span));
            }
        }
    }
    found
}

fn differs(was: Option<Node<'_>>, now: Option<Node<'_>>) -> bool {
    let given = |node: Option<Node<'_>>| node.is_some_and(|node| !node.is_null());
    match (was, now) {
        (Some(was), Some(now)) => !was.same_value(now),
        _ => given(was) || given(now),
    }
}
