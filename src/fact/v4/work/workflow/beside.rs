//! Work that no Job and no Pgtask of the cluster's own shows: other clusters that are made from its backups, pods of Jobs that
//! are not in the input, and a change of primary that Patroni has been asked for.
//!
//! Sources: PGO v4 internal/operator/cluster/clone.go (up to 4.5); Patroni `patroni/dcs/kubernetes.py`
//! (`set_failover_value`: ConfigMap `SCOPE-failover`, annotations `leader`, `member`, `scheduled_at`, gone or empty when done).

use super::kinds::{Deed, is_of_v4, of_job};
use super::memo::Work;
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::{job, workload};
use crate::fact::v4::postgres::scope::record;
use crate::fact::v4::servers::instances::{Instance, has_finished, is_running};
use crate::fact::v4::status::standby;
use crate::manifest::{Fact, Kind, Node, Object};

const MADE_FROM: &str = "a cluster being made from its backups";

/// Hosts that make another cluster (or, in a restore, this one anew) from this cluster's repository.
pub(super) fn guests<'a>(cluster: &Cluster<'a>) -> Vec<Work<'a>> {
    let (namespace, name) = (cluster.namespace, cluster.name);
    let hosts = cluster
        .inventory
        .of_cluster(Kind::Deployment, namespace, name);
    let guests = hosts.objects.into_iter().filter(|host| {
        host.label("pgha-bootstrap").is_some()
            && workload::replicas(host, "the number of pods asked for").value() != Some(&0)
    });
    guests.map(reading).collect()
}

/// Jobs and Pgtasks of `pgo clone`, which bear the name of the cluster to come; the one that is copied stands in an
/// annotation or a parameter.
pub(super) fn clones<'a>(cluster: &Cluster<'a>) -> Vec<Work<'a>> {
    let list = |kind| cluster.inventory.list(kind, cluster.namespace).objects;
    let jobs = list(Kind::Job).into_iter().filter(|object| {
        let source = object.annotation("clone-source-cluster-name");
        is(source, cluster.name) && job::has_ended(object).value() != Some(&true)
    });
    let tasks = list(Kind::Pgtask).into_iter().filter(|object| {
        let source = object.at(&["spec", "parameters", "sourceClusterName"]);
        is(source, cluster.name)
            && !is(object.at(&["status", "state"]), "pgtask Processed")
            && !is(object.at(&["spec", "status"]), "job completed")
    });
    jobs.chain(tasks).map(reading).collect()
}

/// Pods at work for a Job that is not in the input.
pub(super) fn pods_of_jobs<'a>(cluster: &Cluster<'a>) -> Vec<Work<'a>> {
    let jobs = &cluster.jobs().objects;
    let pods = cluster.pods().objects.iter().copied();
    let at_work = pods.filter(|pod| {
        let job = pod
            .label("job-name")
            .or_else(|| pod.label("batch.kubernetes.io/job-name"));
        job.is_some_and(|job| jobs.iter().all(|one| *one.name != *job.text()))
            && is_of_v4(pod)
            && !has_finished(pod)
    });
    let work = |object| Work {
        deed: of_job(object, cluster.name),
        object,
    };
    at_work.map(work).collect()
}

/// Pods that Patroni has promoted and PGO v4 has not yet answered: it then records the primary and takes a backup. And the leader
/// of a standby that still follows, although Patroni's configuration does not ask it to any more.
pub(super) fn promotions<'a>(cluster: &Cluster<'a>) -> Vec<Work<'a>> {
    let pods = cluster.pods().objects.iter().copied();
    let leads = |pod: &Object| is(pod.label("role"), "promoted");
    let follows = |pod: &Object| {
        let said = pod.annotation("status");
        said.is_some_and(|said| said.text().contains("\"standby_leader\""))
            && standby(cluster).value() == Some(&false)
    };
    let promoted = pods.filter(|pod| (leads(pod) || follows(pod)) && !has_finished(pod));
    let work = |object| Work {
        deed: Deed::other("a promotion"),
        object,
    };
    promoted.map(work).collect()
}

/// Deployments of which Kubernetes has not yet brought about what their templates say, by what `kubectl rollout status` asks. A
/// status without observedGeneration was not written by Kubernetes, and says nothing of it.
pub(super) fn rollouts<'a>(cluster: &Cluster<'a>) -> Vec<Work<'a>> {
    let deployments = cluster.deployments().objects.iter().copied();
    let turning = deployments.filter(|deployment| {
        let number = |path: &[&str]| -> Option<i64> { deployment.at(path)?.text().parse().ok() };
        let Some(observed) = number(&["status", "observedGeneration"]) else {
            return false;
        };
        let wanted = number(&["spec", "replicas"]).unwrap_or(1);
        let (there, new) = (
            number(&["status", "replicas"]).unwrap_or(0),
            number(&["status", "updatedReplicas"]).unwrap_or(0),
        );
        number(&["metadata", "generation"]).is_some_and(|asked| asked > observed)
            || new < wanted
            || there > new
    });
    let pods = cluster.instances().seen.iter().filter_map(second_pod);
    let work = |object| Work {
        deed: Deed::other("a rollout"),
        object,
    };
    turning.chain(pods).map(work).collect()
}

/// The pod of an instance beside one that goes on, where its Deployment wants just one.
fn second_pod<'a>(instance: &Instance<'a>) -> Option<&'a Object> {
    let deployment = instance.deployment?;
    let wanted = workload::replicas(deployment, "the number of pods asked for");
    let staying = instance.pods.iter().copied().filter(|pod| {
        let going = workload::deleting(pod, "when the deletion was asked for");
        going.value() == Some(&false)
    });
    let staying: Vec<&Object> = staying.collect();
    let waits = |pod: &&&Object| !is_running(pod);
    let last = staying.iter().find(waits).or(staying.last()).copied();
    last.filter(|_| staying.len() > 1 && wanted.value() == Some(&1))
}

fn is(node: Option<Node<'_>>, word: &str) -> bool {
    node.is_some_and(|node| node.text() == word)
}

fn reading(object: &Object) -> Work<'_> {
    Work {
        deed: Deed::other(MADE_FROM),
        object,
    }
}

/// What Patroni has been asked for and has not done: `pgo failover` asks it from 4.6 on, and anyone can.
pub(super) fn failover<'a>(cluster: &Cluster<'a>) -> Fact<Option<Work<'a>>> {
    let name = record(cluster, "failover");
    let note = "what Patroni has been asked for";
    let found = cluster.object_named(Kind::ConfigMap, &name, note);
    found.map(|found| {
        let asked = |object: &&Object| {
            let keys = ["leader", "member", "scheduled_at"];
            let words = keys.into_iter().filter_map(|key| object.annotation(key));
            words
                .into_iter()
                .any(|node| !matches!(node.text(), "" | "null"))
        };
        found.filter(asked).map(|object| Work {
            deed: Deed::other("a change of primary"),
            object,
        })
    })
}
