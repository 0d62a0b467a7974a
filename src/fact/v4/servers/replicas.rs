//! The instances besides the primary, and data claims that no instance uses.

use super::instances::Instance;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::workload::{self, Volume, volumes_named};
use crate::fact::v4::seen::{if_complete, resting_on};
use crate::fact::v4::storage::claims::data_claims;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Object};
use crate::source::Span;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "instances.names",
        Type::Strings,
        "all Postgres instances, the primary included",
        |cluster| instances(cluster).map(Value::from),
    ),
    row(
        "instances.seen",
        Type::Strings,
        "the Postgres instances that are seen, the primary included; there may be more",
        |cluster| {
            let seen = cluster.instances().seen.iter();
            let names: Vec<String> = seen.map(|one| one.name.clone()).collect();
            pointing(cluster, Fact::known(names), None).map(Value::from)
        },
    ),
    row(
        "instances.asleep",
        Type::Bool,
        "all instances are seen to be scaled to 0 or gone, so that nothing writes; false where that is not seen",
        |cluster| asleep(cluster).map(Value::from),
    ),
    row(
        "instances.doubled",
        Type::Strings,
        "the instances whose Deployment is seen to ask for more than one pod, all on one data directory",
        |cluster| doubled(cluster).map(Value::from),
    ),
    row(
        "replicas.names",
        Type::Strings,
        "the instances other than the primary, whether they run or are scaled to 0",
        |cluster| replicas(cluster).map(Value::from),
    ),
    row(
        "replicas.withPods",
        Type::Strings,
        "the replicas that have a pod: those that `pgo scaledown` finds",
        |cluster| of_kind(cluster, Presence::Pods).map(Value::from),
    ),
    row(
        "replicas.asleep",
        Type::Strings,
        "the replicas with a Deployment that has no pod",
        |cluster| of_kind(cluster, Presence::Asleep).map(Value::from),
    ),
    row(
        "replicas.undeployed",
        Type::Strings,
        "the replicas of which there is a Pgreplica and neither a Deployment nor a pod",
        |cluster| of_kind(cluster, Presence::Undeployed).map(Value::from),
    ),
    row(
        "replicas.pgreplicas",
        Type::Strings,
        "the Pgreplicas of these, by the name of the object, which may be another than the replica's",
        |cluster| undeployed_objects(cluster).map(Value::from),
    ),
    row(
        "replicas.count",
        Type::Int,
        "how many instances there are besides the primary",
        |cluster| count(cluster).map(Value::from),
    ),
    row(
        "replicas.present",
        Type::Bool,
        "there are instances besides the primary; true as soon as one is seen",
        |cluster| present(cluster).map(Value::from),
    ),
    row(
        "replicas.claims",
        Type::Strings,
        "data claims with the cluster's label that no instance uses: what scaling down or restoring left behind",
        |cluster| unused_claims(cluster).map(Value::from),
    ),
];

fn spans<'c>(cluster: &'c Cluster<'_>, except: Option<&'c str>) -> impl Iterator<Item = Span> + 'c {
    let seen = cluster.instances().seen.iter();
    let others = seen.filter(move |instance| Some(instance.name.as_str()) != except);
    others.filter_map(Instance::span)
}

/// Adds the places of instances, or of the cluster when there are none.
fn pointing<T>(cluster: &Cluster<'_>, fact: Fact<T>, except: Option<&str>) -> Fact<T> {
    let mut fact = fact;
    for span in spans(cluster, except) {
        fact = fact.and_at(span, "an instance of the cluster");
    }
    match &fact {
        Fact::Known(truth) if truth.evidence.is_empty() => {
            fact.and_at(cluster.name_span(), "the cluster")
        }
        _ => fact,
    }
}

fn instances(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let instances = cluster.instances();
    let names = instances.seen.iter().map(|one| one.name.clone()).collect();
    let names = instances.all.clone().map(|()| names);
    pointing(cluster, names, None)
}

fn replicas(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let primary = &cluster.primary().name;
    let names = resting_on(primary, |primary| {
        let names = instances(cluster).map(|mut names| {
            names.retain(|name| name != primary);
            names
        });
        without_evidence(names)
    });
    pointing(
        cluster,
        without_evidence(names),
        primary.value().map(String::as_str),
    )
}

/// What there is of an instance.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Presence {
    Pods,
    Asleep,
    Undeployed,
}

fn presence(cluster: &Cluster<'_>, instance: &Instance<'_>) -> Fact<Presence> {
    if !instance.pods.is_empty() {
        return Fact::known(Presence::Pods);
    }
    let none = |presence| if_complete(&cluster.pods().completeness, presence);
    let Some(deployment) = instance.deployment else {
        return none(Presence::Undeployed);
    };
    let wanted = workload::replicas(deployment, "the replica's pods");
    if wanted.value() == Some(&0) {
        return wanted.map(|_| Presence::Asleep);
    }
    none(Presence::Asleep)
}

/// The replicas of which there is this much, with their places.
fn of_kind(cluster: &Cluster<'_>, wanted: Presence) -> Fact<Vec<String>> {
    let names = resting_on(&replicas(cluster), |names| {
        let mut instances: Vec<&Instance<'_>> = Vec::new();
        for name in names {
            let Some(instance) = cluster.instances().get(name) else {
                continue;
            };
            match presence(cluster, instance) {
                Fact::Unknown(gaps) => return Fact::Unknown(gaps),
                Fact::Known(truth) if truth.value == wanted => instances.push(instance),
                Fact::Known(_) => {}
            }
        }
        let names = instances.iter().map(|one| one.name.clone()).collect();
        let spans = instances.iter().filter_map(|one| one.span());
        spans.fold(Fact::known(names), |fact, span| {
            fact.and_at(span, "a replica")
        })
    });
    pointing_at_cluster(cluster, names)
}

/// What `kubectl` calls the Pgreplicas of which nothing else is there.
fn undeployed_objects(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    of_kind(cluster, Presence::Undeployed).map(|names| {
        let instances = names
            .iter()
            .filter_map(|name| cluster.instances().get(name));
        let objects = instances.filter_map(|instance| instance.pgreplica);
        objects.map(|object| object.name.to_string()).collect()
    })
}

fn doubled(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let deployments = cluster
        .instances()
        .seen
        .iter()
        .filter_map(|one| one.deployment);
    let (mut found, mut unclear): (Vec<&Object>, _) = (Vec::new(), None);
    for object in deployments {
        match workload::replicas(object, "the pods that are asked for") {
            Fact::Known(count) if count.value > 1 => found.push(object),
            Fact::Known(_) => {}
            Fact::Unknown(gaps) => unclear = Some(gaps),
        }
    }
    if let (true, Some(gaps)) = (found.is_empty(), unclear) {
        return Fact::Unknown(gaps);
    }
    let names = found.iter().map(|object| object.name.to_string()).collect();
    let fact = found.iter().fold(Fact::known(names), |fact, object| {
        let span = object.nearest(&["spec", "replicas"]);
        fact.and_at(span, "more than one pod")
    });
    pointing_at_cluster(cluster, fact)
}

fn asleep(cluster: &Cluster<'_>) -> Fact<bool> {
    let instances = cluster.instances();
    let sleeps = |instance: &Instance<'_>| {
        let note = "the pods that are asked for";
        let wanted = instance.deployment.map(|one| workload::replicas(one, note));
        let none = wanted.is_none_or(|wanted| wanted.value() == Some(&0));
        none && instance.pods.is_empty()
    };
    let asleep = instances.all.value().is_some() && instances.seen.iter().all(sleeps);
    pointing(cluster, Fact::known(asleep), None)
}

fn without_evidence<T>(mut fact: Fact<T>) -> Fact<T> {
    if let Fact::Known(truth) = &mut fact {
        truth.evidence.clear();
    }
    fact
}

/// With all instances seen, their number tells how many replicas there are, whichever is the primary.
fn count(cluster: &Cluster<'_>) -> Fact<i64> {
    let primary = cluster.primary().name.value().map(String::as_str);
    let names = match primary {
        Some(_) => replicas(cluster).map(|names| names.len()),
        None => instances(cluster).map(|names| names.len().saturating_sub(1)),
    };
    names.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

fn present(cluster: &Cluster<'_>) -> Fact<bool> {
    let primary = cluster.primary().name.value().map(String::as_str);
    let others = spans(cluster, primary).count();
    let enough = if primary.is_some() { 1 } else { 2 };
    if others >= enough {
        return pointing(cluster, Fact::known(true), primary);
    }
    count(cluster).map(|count| count > 0)
}

fn unused_claims(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let (claims, all) = data_claims(cluster);
    let used = if cluster.remains().value() == Some(&true) {
        cluster.primary().name.clone().map(|name| vec![name])
    } else {
        in_use(cluster)
    };
    let unused = resting_on(&used, |used| {
        let is_unused = |claim: &&Object| !used.iter().any(|name| **name == *claim.name);
        let unused: Vec<&Object> = claims.into_iter().filter(is_unused).collect();
        let names = unused.iter().map(|claim| claim.name.to_string()).collect();
        let fact = all.map(|()| names);
        unused.iter().fold(fact, |fact, claim| {
            fact.and_at(claim.name_span(), "a data claim that no instance uses")
        })
    });
    pointing_at_cluster(cluster, unused)
}

fn pointing_at_cluster<T>(cluster: &Cluster<'_>, fact: Fact<T>) -> Fact<T> {
    match &fact {
        Fact::Known(truth) if truth.evidence.is_empty() => {
            fact.and_at(cluster.name_span(), "the cluster")
        }
        _ => fact,
    }
}

/// Names of the claims that instances use: called like the instance, or what it mounts.
fn in_use(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let instances = cluster.instances();
    let mut used = Vec::new();
    for instance in &instances.seen {
        used.push(instance.name.clone());
        for object in instance.objects() {
            let mounted = volumes_named(object, |name| name == "pgdata");
            used.extend(mounted.filter_map(|(_, backing, _)| match backing {
                Volume::Claim { name, .. } => Some(name),
                _ => None,
            }));
        }
    }
    if let Some(primary) = cluster.primary().name.value() {
        used.push(primary.clone());
    }
    instances.all.clone().map(|()| used)
}
