//! The claims of a living cluster: owned by it or not yet, marked as v4's still or no longer, on volumes that outlive them or not.

use super::patroni::leader::primary_pod;
use super::row::{LivingFact, row};
use super::subject::Living;
use super::workload::{INSTANCE, database_pods};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::{found, if_complete, names_of};
use crate::fact::v4::{Generation, fields};
use crate::manifest::{Completeness, Fact, Found, Gap, Kind, Node, Object, shell_word};
use crate::source::Span;

const ROLE: &str = "postgres-operator.crunchydata.com/role";
const DATA: &str = "postgres-operator.crunchydata.com/data";

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.claims",
        Type::Records,
        "its claims as {name, holds, owned, v4}: holds \"pgdata\", \"pgwal\" or \"pgbackrest\"; owned by the PostgresCluster; with v4's labels still on",
        |living| {
            let records: Vec<Value> = claims(living).map(|one| record(living, one)).collect();
            every(living, Value::List(records.into()))
        },
    ),
    row(
        "live.claimsOfV4",
        Type::Strings,
        "those of its claims that still bear a label of v4's: pg-cluster, or vendor crunchydata where its own spec does not ask for that",
        |living| {
            chosen(living, "v4's label", |living, claim| {
                of_v4(living, claim).map(Node::span)
            })
        },
    ),
    row(
        "live.claimsGoing",
        Type::Strings,
        "those of its claims that are being deleted, or whose volume is lost, has failed, was given up, or is being deleted",
        |living| chosen(living, "a claim that goes", going),
    ),
    row(
        "live.claimsUnbound",
        Type::Strings,
        "those of its claims that no volume is bound to: what uses them does not start",
        |living| {
            chosen(living, "a claim without a volume", |_, claim| {
                unbound(claim)
            })
        },
    ),
    row(
        "live.claimsMissed",
        Type::Strings,
        "of the claims without a volume those that everything rests on: of the repository, and of the leader's data and WAL",
        |living| {
            chosen(living, "a claim without a volume", |living, claim| {
                unbound(claim).filter(|_| !is_of_replica(living, claim))
            })
        },
    ),
    row(
        "live.v4Near",
        Type::Bool,
        "PGO v4 is near: an operator of it that is not scaled away is in the evidence, or a Pgcluster",
        v4_near,
    ),
    row(
        "live.claimsUnowned",
        Type::Strings,
        "those of its claims that it does not own, but nobody, or another PostgresCluster",
        |living| {
            chosen(living, "a claim that it does not own", |living, claim| {
                owner(living, claim).is_none().then(|| claim.name_span())
            })
        },
    ),
    row(
        "live.adopted",
        Type::Bool,
        "the PostgresCluster owns a claim that bears or bore v4's name of the data: at least one of its claims is owned",
        |living| {
            let owned = claims(living).find_map(|claim| owner(living, claim));
            owned.map_or_else(
                || every(living, false.into()),
                |owner| Fact::at(true.into(), owner, "the claim's owner"),
            )
        },
    ),
    row(
        "live.volumesNotKept",
        Type::Strings,
        "the PersistentVolumes of its claims whose reclaim policy is not Retain",
        |living| {
            volumes(living, |volume| {
                let policy = volume.at(&["spec", "persistentVolumeReclaimPolicy"]);
                policy.is_some_and(|policy| policy.text() != "Retain")
            })
        },
    ),
    row(
        "live.volumesOnNfs",
        Type::Strings,
        "the PersistentVolumes of its claims that are exports of an NFS server",
        |living| {
            volumes(living, |volume| {
                let nfs = volume.at(&["spec", "nfs"]);
                nfs.is_some_and(|nfs| !nfs.is_null())
            })
        },
    ),
];

pub(super) fn claims<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
    living
        .all_of(Kind::PersistentVolumeClaim)
        .objects
        .iter()
        .copied()
}

/// One that is seen is near, whatever else there is.
fn v4_near(living: &Living<'_>) -> Fact<Value> {
    let operators = &living.surroundings.operators;
    let mut operators = operators.of_generation(Generation::V4);
    let awake = operators.find(|one| one.running.value() != Some(&false));
    if let Some(operator) = awake {
        return Fact::at(true.into(), operator.sign.span, operator.sign.note);
    }
    let clusters = living.inventory.list_all(Kind::Pgcluster);
    if let Some(cluster) = clusters.objects.first() {
        return Fact::at(true.into(), cluster.name_span(), "a cluster of PGO v4");
    }
    let deployments = living.inventory.list_all(Kind::Deployment);
    let clusters = if_complete(&clusters.completeness, ());
    clusters
        .both(if_complete(&deployments.completeness, ()))
        .map(|_| false.into())
}

/// A value that holds if these are all claims. A database that has run has one, whatever the listing says of itself.
pub(super) fn every(living: &Living<'_>, value: Value) -> Fact<Value> {
    if claims(living).next().is_none() && has_run(living) {
        return Fact::unknown(no_claim(living));
    }
    if_complete(
        &living.all_of(Kind::PersistentVolumeClaim).completeness,
        value,
    )
}

/// Whether Postgres has run, by what the operator says of it.
fn has_run(living: &Living<'_>) -> bool {
    let path = ["status", "patroni", "systemIdentifier"];
    let told = living.object.at(&path);
    told.is_some_and(|node| !node.text().is_empty()) && database_pods(living).next().is_some()
}

fn no_claim(living: &Living<'_>) -> Gap {
    let namespace = living.namespace.map_or_else(String::new, |namespace| {
        format!("-n {} ", shell_word(namespace))
    });
    Gap {
        missing: format!("the claims of {}", living.name),
        because: "its database runs, and none of its claims is in the input".to_owned(),
        ask: format!("kubectl get persistentvolumeclaims {namespace}-o yaml"),
    }
}

/// Where the PostgresCluster itself is named as an owner of the claim: by its name, and its uid where both are known.
fn owner(living: &Living<'_>, claim: &Object) -> Option<Span> {
    let uid = living
        .object
        .at(&["metadata", "uid"])
        .map_or("", Node::text);
    let says = |owner: Node<'_>, key: &str, wanted: &str| {
        let said = owner.get(key).map_or("", Node::text);
        said == wanted || said.is_empty() || wanted.is_empty()
    };
    let owners = claim.at(&["metadata", "ownerReferences"])?;
    let own = owners.items().into_iter().find(|owner| {
        let kind = owner.get("kind").map_or("", Node::text);
        kind == "PostgresCluster" && says(*owner, "name", living.name) && says(*owner, "uid", uid)
    });
    own.and_then(|owner| owner.get("kind")).map(Node::span)
}

/// The label of v4's that a claim bears.
fn of_v4<'a>(living: &Living<'_>, claim: &'a Object) -> Option<Node<'a>> {
    let own = ["spec", "metadata", "labels", "vendor"];
    let vendor = claim
        .label("vendor")
        .filter(|vendor| vendor.text() == "crunchydata" && living.object.at(&own).is_none());
    claim.label("pg-cluster").or(vendor)
}

/// Where a claim says that it will not stay: it is deleted as soon as no pod uses it, or has lost its volume already.
fn going(living: &Living<'_>, claim: &Object) -> Option<Span> {
    let asked = claim.at(&["metadata", "deletionTimestamp"]);
    let asked = asked.filter(|time| !fields::is_unset(*time));
    let phase = claim.at(&["status", "phase"]);
    let lost = phase.filter(|phase| phase.text() == "Lost");
    let of_claim = asked.or(lost).map(Node::span);
    of_claim.or_else(|| volume_going(living, claim))
}

/// The same of the volume behind it, where that is seen. A bound claim whose volume is known not to exist has lost it, though
/// Kubernetes has not said so yet.
fn volume_going(living: &Living<'_>, claim: &Object) -> Option<Span> {
    let named = claim.at(&["spec", "volumeName"])?;
    let phase = claim.at(&["status", "phase"]);
    let bound = phase.is_some_and(|phase| phase.text() == "Bound");
    let found = living
        .inventory
        .find(Kind::PersistentVolume, None, named.text());
    let volume = match found {
        Found::Here(volume) => volume,
        Found::Absent(None) if bound => return Some(named.span()),
        Found::Absent(_) | Found::Unseen(_) => return None,
    };
    let asked = volume.at(&["metadata", "deletionTimestamp"]);
    let asked = asked.filter(|time| !fields::is_unset(*time));
    let phase = volume.at(&["status", "phase"]);
    let lost = phase.filter(|phase| matches!(phase.text(), "Failed" | "Released"));
    asked.or(lost).map(Node::span)
}

/// Where a claim says that it waits for a volume.
fn unbound(claim: &Object) -> Option<Span> {
    let phase = claim.at(&["status", "phase"])?;
    (phase.text() == "Pending").then(|| phase.span())
}

/// Whether a claim is of an instance that does not lead. While none is seen to lead, or several are, nobody knows.
fn is_of_replica(living: &Living<'_>, claim: &Object) -> bool {
    let leading = primary_pod(living);
    let leading = leading.value().and_then(|pod| pod.label(INSTANCE));
    match (leading, claim.label(INSTANCE)) {
        (Some(leading), Some(own)) => leading.text() != own.text(),
        _ => false,
    }
}

/// What a claim holds by v5's labels.
pub(super) fn holds(claim: &Object) -> &str {
    let role = claim.label(ROLE).map_or("", Node::text);
    match claim.label(DATA).map_or("", Node::text) {
        "pgbackrest" => "pgbackrest",
        _ => role,
    }
}

fn record(living: &Living<'_>, claim: &Object) -> Value {
    let fields = [
        ("name", Value::from(&*claim.name)),
        ("holds", holds(claim).into()),
        ("owned", owner(living, claim).is_some().into()),
        ("v4", of_v4(living, claim).is_some().into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Map(fields.collect())
}

/// The names of the claims for which `sign` finds a place. Those that are seen are there, whatever else there is.
fn chosen(
    living: &Living<'_>,
    note: &'static str,
    sign: fn(&Living<'_>, &Object) -> Option<Span>,
) -> Fact<Value> {
    let found: Vec<(&str, Span)> = claims(living)
        .filter_map(|claim| Some((&*claim.name, sign(living, claim)?)))
        .collect();
    match found.as_slice() {
        [] => every(living, Vec::<String>::new().into()),
        _ => names_of(found, &Completeness::Full, note).map(Value::from),
    }
}

/// The volumes of its claims of which something is so, by name.
fn volumes(living: &Living<'_>, is_so: fn(&Object) -> bool) -> Fact<Value> {
    let mut all = every(living, Value::Null).map(|_| Vec::new());
    for claim in claims(living) {
        let name = claim.at(&["spec", "volumeName"]).map_or("", Node::text);
        if name.is_empty() {
            continue;
        }
        let volume = found(
            living.inventory.find(Kind::PersistentVolume, None, name),
            "the volume",
        );
        let one = volume.map(|volume| volume.is_some_and(is_so).then(|| name.to_owned()));
        all = all.both(one).map(|(mut names, name): (Vec<String>, _)| {
            names.extend(name);
            names
        });
    }
    all.map(|mut names| {
        names.sort_unstable();
        names.dedup();
        names.into()
    })
}
