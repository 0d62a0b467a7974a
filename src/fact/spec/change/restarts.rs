//! What an edit restarts: Postgres itself, for parameters that it reads only as it starts, and the pods of instances, whose
//! template changes.
//!
//! Source: PGO `internal/controller/postgrescluster` 5.8.9: patroni.go (`handlePatroniRestarts` restarts members by itself),
//! instance.go (`rolloutInstances`).

use std::sync::LazyLock;

use super::super::Draft;
use super::super::parameters::{is_owned, same_value};
use super::super::reading::word;
use super::super::row::{DraftFact, row};
use super::living::{is_whole, living, sets_of_both, stops_for_backups};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

pub(in super::super) static FACTS: &[DraftFact] = &[
    row(
        "change.restartsFor",
        Type::Strings,
        "the Postgres parameters that the draft sets otherwise than the living cluster and that Postgres reads only as it starts, those that the operator sets itself aside",
        |draft| told(draft, parameters),
    ),
    row(
        "change.podsAnew",
        Type::Strings,
        "the fields of the draft that change the pods of instances: each pod is made anew, one after the other, and the primary changes",
        |draft| told(draft, |living, _, draft| fields(living, draft)),
    ),
    row(
        "change.postgisLost",
        Type::String,
        "the PostGIS version of the living cluster, where the draft writes neither one nor an image; \"\" otherwise",
        |draft| Fact::at(postgis_lost(draft).into(), draft.name_span(), "the draft"),
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
        (!same && !is_owned(name)).then(|| ((*name).to_owned(), now.map_or_else(span, Node::span)))
    };
    AT_START.iter().filter_map(changed).collect()
}

/// The fields of the spec that the operator copies into the pods of instances, each with what the server takes it for where it is
/// not written.
///
/// Source: PGO v5.8.9 `internal/controller/postgrescluster/instance.go` (`reconcileInstance`), `internal/postgres/reconcile.go`
/// (`InstancePod`), `internal/patroni/reconcile.go` (`instanceProbes`), `internal/pgbackrest/reconcile.go` (`AddConfigToInstancePod`).
const OF_ALL: [(&[&str], &str); 17] = [
    (&["backups", "pgbackrest", "configuration"], ""),
    (&["backups", "pgbackrest", "image"], ""),
    (&["backups", "pgbackrest", "sidecars"], ""),
    (&["config", "files"], ""),
    (&["customReplicationTLSSecret"], ""),
    (&["customTLSSecret"], ""),
    (&["disableDefaultPodScheduling"], "false"),
    (&["image"], ""),
    (&["imagePullPolicy"], ""),
    (&["imagePullSecrets"], ""),
    (&["metadata"], ""),
    (&["monitoring"], ""),
    (&["patroni", "leaderLeaseDurationSeconds"], "30"),
    (&["patroni", "port"], "8008"),
    (&["patroni", "syncPeriodSeconds"], "10"),
    (&["port"], "5432"),
    (&["supplementalGroups"], ""),
];
const OF_A_SET: [&str; 8] = [
    "affinity",
    "containers",
    "metadata",
    "priorityClassName",
    "resources",
    "sidecars",
    "tolerations",
    "topologySpreadConstraints",
];

fn fields(living: &Object, draft: &Draft<'_>) -> Found {
    let mut found = Vec::new();
    if stops_for_backups(draft) {
        return found;
    }
    for (field, otherwise) in OF_ALL {
        let path = [&["spec"], field].concat();
        let (was, now) = (living.at(&path), draft.object.at(&path));
        if differs(was, now) && !(is(was, otherwise) && is(now, otherwise)) {
            let span = now.map_or_else(|| draft.object.nearest(&path), Node::span);
            found.push((path.join("."), span));
        }
    }
    found.extend(postgis(living, draft.object));
    for (name, was, now) in sets_of_both(draft) {
        for field in OF_A_SET {
            if differs(was.get(field), now.get(field)) {
                let span = now.get(field).map_or_else(|| now.span(), Node::span);
                found.push((format!("{field} of {name}"), span));
            }
        }
        // The size of a volume is its claim's.
        for field in ["tablespaceVolumes", "walVolumeClaimSpec"] {
            if volumes(was.get(field)) != volumes(now.get(field)) {
                let span = now.get(field).map_or_else(|| now.span(), Node::span);
                found.push((format!("{field} of {name}"), span));
            }
        }
    }
    found
}

/// Whether a field is as the server takes it for where it is not written.
fn is(node: Option<Node<'_>>, otherwise: &str) -> bool {
    node.is_none_or(|node| node.is_null() || !otherwise.is_empty() && node.text() == otherwise)
}

/// The image of the release for a `PostGIS` is another one; a cluster that names its image keeps it.
fn postgis(living: &Object, draft: &Object) -> Option<(String, Span)> {
    let path = ["spec", "postGISVersion"];
    let own = draft
        .at(&["spec", "image"])
        .is_some_and(|image| !image.is_null());
    let changed = !own && differs(living.at(&path), draft.at(&path));
    changed.then(|| (path.join("."), draft.nearest(&path)))
}

fn postgis_lost<'a>(draft: &Draft<'a>) -> &'a str {
    let written = |object: &'a Object, field| {
        let node = object.at(&["spec", field]);
        node.map_or("", Node::text)
    };
    match living(draft).filter(|_| is_whole(draft)) {
        Some(living)
            if ["postGISVersion", "image"]
                .iter()
                .all(|field| written(draft.object, *field).is_empty()) =>
        {
            written(living, "postGISVersion")
        }
        _ => "",
    }
}

/// The volumes that are mounted: one, or the named ones of a list.
fn volumes(field: Option<Node<'_>>) -> Vec<String> {
    let Some(field) = field.filter(|field| !field.is_null()) else {
        return Vec::new();
    };
    let mut names: Vec<String> = if field.is_seq() {
        field.items().map(|one| word(one, &["name"])).collect()
    } else {
        vec![String::new()]
    };
    names.sort_unstable();
    names
}

fn differs(was: Option<Node<'_>>, now: Option<Node<'_>>) -> bool {
    let given = |node: Option<Node<'_>>| node.is_some_and(|node| !node.is_null());
    match (was, now) {
        (Some(was), Some(now)) => !was.same_value(now),
        _ => given(was) || given(now),
    }
}
