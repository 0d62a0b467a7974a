//! Who mounts a claim. A list is known only when nothing unseen can mount the claim as well.

use super::{Claim, holds};
use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields;
use crate::fact::v4::objects::{job, workload};
use crate::fact::v4::seen::{if_complete, resting_on};
use crate::fact::v4::servers::instances;
use crate::fact::v4::storage::mounts::MOUNTING;
use crate::manifest::{Fact, Kind, Object};

/// Pods that have not finished and what wants or makes pods, as far as they mount the claim.
fn mounters<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Vec<&'a Object>> {
    resting_on(&claim.name, |name| {
        if name.is_empty() {
            return Fact::known(Vec::new());
        }
        let all = cluster
            .mounts()
            .mounters(cluster.namespace, name)
            .iter()
            .copied();
        let mut mounters: Vec<&Object> = all.filter(|object| is_alive(object)).collect();
        mounters.sort_by(|left, right| (left.kind, &left.name).cmp(&(right.kind, &right.name)));
        let places = mounters.clone();
        let start = Fact::known(mounters);
        places.iter().fold(start, |fact, object| {
            fact.and_at(object.name_span(), "mounts the claim")
        })
    })
}

fn is_alive(object: &Object) -> bool {
    match object.kind {
        Kind::Deployment | Kind::StatefulSet => {
            workload::replicas(object, "the number of pods asked for").value() != Some(&0)
        }
        Kind::Job => job::has_ended(object).value() != Some(&true),
        Kind::CronJob => {
            let suspended = fields::truth(object, &["spec", "suspend"], "whether it is suspended");
            suspended.value() != Some(&true)
        }
        _ => !instances::has_finished(object),
    }
}

/// A host that makes another cluster from this one's repository bears this one's label, and the other's name. What has
/// labels that nobody can read may be the cluster's own: that makes the list unknown, and nothing foreign.
fn is_foreign(cluster: &Cluster<'_>, object: &Object) -> bool {
    if object.has_odd_labels() {
        return false;
    }
    let guest = holds::label(object, "pgha-bootstrap");
    holds::label(object, "pg-cluster") != cluster.name || !guest.is_empty() && guest != cluster.name
}

/// Known when everything in the namespace that can mount a claim is in the input.
fn all_mounters<'c>(cluster: &'c Cluster<'_>) -> &'c Fact<()> {
    // Of others, too: a list of the cluster's own shows none of them.
    let seen = |kind| {
        let all = cluster.inventory.list(kind, cluster.namespace);
        let own = &cluster.all_of(kind).completeness;
        let all = if_complete(&all.completeness, ());
        all.both(if_complete(own, ())).map(|_| ())
    };
    let all = || {
        let all = MOUNTING.into_iter().map(seen);
        all.fold(Fact::known(()), |all, one| all.both(one).map(|_| ()))
    };
    cluster.claims().mounters_seen.get_or_init(all)
}

fn names(mounters: &[&Object]) -> Value {
    let name = |object: &&Object| format!("{} {}", object.kind.info().name, object.name);
    Value::from(mounters.iter().map(name).collect::<Vec<_>>())
}

pub(super) fn mounted_by<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Value> {
    if_any_mounts(
        cluster,
        claim,
        mounters(cluster, claim).map(|all| names(&all)),
    )
}

fn foreign_mounters<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Vec<&'a Object>> {
    mounters(cluster, claim).map(|mut mounters| {
        mounters.retain(|object| is_foreign(cluster, object));
        mounters
    })
}

pub(super) fn mounted_by_others<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Value> {
    if_any_mounts(
        cluster,
        claim,
        foreign_mounters(cluster, claim).map(|all| names(&all)),
    )
}

pub(super) fn mounted_elsewhere<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Value> {
    let seen = foreign_mounters(cluster, claim).map(|mounters| !mounters.is_empty());
    match seen.value() {
        Some(false) => if_any_mounts(cluster, claim, seen).map(Value::from),
        _ => seen.map(Value::from),
    }
}

/// A list of mounters is known when nothing unseen can mount the claim.
fn if_any_mounts<T>(cluster: &Cluster<'_>, claim: &Claim<'_>, list: Fact<T>) -> Fact<T> {
    match claim.name.value() {
        Some(name) if name.is_empty() => list,
        _ => resting_on(all_mounters(cluster), |()| list),
    }
}
