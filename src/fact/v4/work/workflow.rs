//! What PGO v4 is doing with the cluster, or has been asked to do: its Jobs that have not ended, its Pgtasks that the
//! operator has not taken up, what is being taken away, other clusters that are being made from its backups, and a change of
//! primary that Patroni has been asked for.
//!
//! A Pgtask says what was wanted; once it is taken up (`pgtask Processed`) only the Job tells how far it is. Sources:
//! PGO v4 internal/controller/job, internal/controller/pgtask, cmd/pgo-rmdata/process.go.

mod beside;
mod kinds;
mod memo;
#[cfg(test)]
mod tests;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields::time;
use crate::fact::v4::objects::{job, workload};
use crate::fact::v4::repository::listed::listed;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Gap, Kind, Node, Object};
use kinds::{Deed, of_job, of_task};
pub(in crate::fact::v4) use memo::Workflow;
use memo::{Work, Works};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "workflow.deletion",
        Type::String,
        "the Job or Pgtask that is deleting the cluster, as \"Job hippo-rmdata-abcd\"; \"\" where none is seen, whether or not there is one",
        |cluster| deletion(cluster).map(Value::from),
    ),
    row(
        "workflow.takesData",
        Type::Bool,
        "a deletion that is seen to be under way removes the claims of data, WAL and tablespaces",
        |cluster| takes(cluster, |deed| deed.data.clone()).map(Value::from),
    ),
    row(
        "workflow.takesBackups",
        Type::Bool,
        "a deletion that is seen to be under way removes the repository's claim",
        |cluster| takes(cluster, |deed| deed.backups.clone()).map(Value::from),
    ),
    row(
        "workflow.underWay",
        Type::Strings,
        "other work of PGO v4 that has not ended, as \"a backup (Job backrest-backup-hippo)\"; empty only when all Jobs, Pgtasks and Deployments are seen",
        |cluster| under_way(cluster).map(Value::from),
    ),
];

/// All that is seen to be under way, gathered on first use.
fn works<'c, 'a>(cluster: &'c Cluster<'a>) -> &'c Works<'a> {
    cluster.workflow().works.get_or_init(|| gather(cluster))
}

fn gather<'a>(cluster: &Cluster<'a>) -> Works<'a> {
    let (mut found, mut gaps, mut perhaps) = (Vec::new(), Vec::new(), Vec::new());
    let jobs = cluster.jobs().objects.iter().copied();
    for object in jobs.filter(|job| kinds::is_of_v4(job)) {
        match job::has_ended(object) {
            Fact::Known(ended) if ended.value => found.extend(broken_off(cluster, object)),
            Fact::Known(_) => found.push(Work {
                deed: of_job(object, cluster.name),
                object,
            }),
            Fact::Unknown(more) => {
                gaps.extend(more.iter().cloned());
                let deed = of_job(object, cluster.name);
                if deed.is_deletion() && !is_older(object, cluster) {
                    perhaps.push((Work { deed, object }, more.to_vec()));
                }
            }
        }
    }
    for object in cluster.all_of(Kind::Pgtask).objects.iter().copied() {
        if let Some(deed) = of_task(object).filter(|deed| is_open(cluster, object, deed)) {
            found.push(Work { deed, object });
        }
    }
    found.extend(removals(cluster));
    found.extend(replicas_to_come(cluster));
    found.extend(beside::guests(cluster));
    found.extend(beside::clones(cluster));
    found.extend(beside::pods_of_jobs(cluster));
    found.extend(beside::promotions(cluster));
    found.extend(beside::rollouts(cluster));
    match beside::failover(cluster) {
        Fact::Known(truth) => found.extend(truth.value),
        Fact::Unknown(more) => gaps.extend(more.iter().cloned()),
    }
    let unclear = |work: &Work<'_>| work.deed.unclear().is_some();
    let (doubtful, all): (Vec<_>, Vec<_>) = found.into_iter().partition(unclear);
    for work in doubtful {
        let more = work.deed.unclear().map_or(Vec::new(), |gaps| gaps.to_vec());
        gaps.extend(more.iter().cloned());
        perhaps.push((work, more));
    }
    Works { all, gaps, perhaps }
}

/// A deletion that gave up: some of the cluster is gone, and nobody knows what. Of other Jobs that failed a later one, or
/// the state of the Pgcluster, tells what became of it. One from before the Pgcluster was made concerned another of its name.
fn broken_off<'a>(cluster: &Cluster<'a>, object: &'a Object) -> Option<Work<'a>> {
    let failed = job::condition(object, "Failed").is_some();
    let deletes = failed && of_job(object, cluster.name).is_deletion();
    (deletes && !is_older(object, cluster)).then(|| Work {
        deed: Deed::other("a deletion of the cluster that failed half way"),
        object,
    })
}

/// Whether an object is known to be older than the Pgcluster.
fn is_older(object: &Object, cluster: &Cluster<'_>) -> bool {
    let made = |object| {
        time(
            object,
            &["metadata", "creationTimestamp"],
            "when it was made",
        )
    };
    let of_cluster = cluster.object.map(made);
    match (
        made(object).value(),
        of_cluster.as_ref().and_then(Fact::value),
    ) {
        (Some(Some(one)), Some(Some(other))) => one < other,
        _ => false,
    }
}

/// Whether a Pgtask is still to be carried out. One that was taken up is told by its Job; only the deletion of a
/// cluster removes its Pgtask itself, so that one left without a Job was not carried through.
fn is_open(cluster: &Cluster<'_>, task: &Object, deed: &Deed) -> bool {
    let said = |path: &[&str]| task.at(path).map_or("", Node::text);
    let taken_up = said(&["status", "state"]) == "pgtask Processed"
        || !said(&["spec", "parameters", "delete-data-started"]).is_empty();
    if !taken_up {
        return said(&["spec", "status"]) != "job completed";
    }
    let removal = |job: &Object| job.label("pgrmdata").is_some();
    deed.upgrades() || deed.is_deletion() && !cluster.jobs().objects.iter().any(|job| removal(job))
}

/// Deployments that are being deleted, and Pgreplicas: the operator then removes the Deployment of that name, even that of a
/// replica that leads by now (internal/controller/pgreplica/pgreplicacontroller.go, onDelete: the label it asks is never changed).
fn removals<'a>(cluster: &Cluster<'a>) -> impl Iterator<Item = Work<'a>> {
    let deployments = cluster.deployments().objects.iter().copied();
    let replicas = cluster.all_of(Kind::Pgreplica).objects.iter().copied();
    let going = deployments.chain(replicas).filter(|object| {
        workload::deleting(object, "when the deletion was asked for").value() == Some(&true)
    });
    going.map(|object| Work {
        deed: Deed::other(match object.kind {
            Kind::Pgreplica => "the removal of a replica",
            _ => "the removal of a Deployment",
        }),
        object,
    })
}

/// Replicas that PGO has still to make: it makes the Deployment first and says so afterwards.
fn replicas_to_come<'a>(cluster: &Cluster<'a>) -> impl Iterator<Item = Work<'a>> {
    let replicas = cluster.all_of(Kind::Pgreplica).objects.iter().copied();
    let is_made = |object: &Object| {
        let name = object
            .at(&["spec", "name"])
            .map_or(&*object.name, Node::text);
        let instance = cluster.instances().get(name);
        instance.is_some_and(|instance| instance.deployment.is_some())
    };
    let pending = replicas.filter(move |object| {
        let said = |path: &[&str]| object.at(path).map_or("", Node::text);
        match said(&["status", "state"]) {
            "pgreplica Pending init" | "pgreplica Pending restore" => true,
            "" | "pgreplica Created" => {
                said(&["spec", "status"]) != "completed" && !is_made(object)
            }
            _ => false,
        }
    });
    pending.map(|object| Work {
        deed: Deed::other("the making of a replica"),
        object,
    })
}

fn deletions<'c, 'a>(cluster: &'c Cluster<'a>) -> impl Iterator<Item = &'c Work<'a>> {
    let works = works(cluster).all.iter();
    works.filter(|work| work.deed.is_deletion())
}

fn deletion(cluster: &Cluster<'_>) -> Fact<String> {
    let seen = deletions(cluster).next().map(|work| {
        let note = "deletes the cluster";
        Fact::at(work.named(), work.object.name_span(), note)
    });
    let none = || match works(cluster).perhaps.first() {
        Some((_, gaps)) => Fact::Unknown(gaps.as_slice().into()),
        None => Fact::known(String::new()),
    };
    placed(cluster, seen.unwrap_or_else(none))
}

/// True as soon as one deletion that is seen takes it.
fn takes(cluster: &Cluster<'_>, which: impl Fn(&Deed) -> Fact<bool>) -> Fact<bool> {
    let mut taken = Fact::known(false);
    for work in deletions(cluster) {
        let one = which(&work.deed);
        if one.value() == Some(&true) {
            return one;
        }
        taken = taken.both(one).map(|_| false);
    }
    for (work, gaps) in &works(cluster).perhaps {
        if which(&work.deed).value() != Some(&false) {
            return Fact::Unknown(gaps.as_slice().into());
        }
    }
    placed(cluster, taken)
}

fn under_way(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let Works { all, gaps, .. } = works(cluster);
    let mut others: Vec<&Work<'_>> = all.iter().filter(|work| !work.deed.is_deletion()).collect();
    others.sort_by_key(|work| work.named());
    let told = others
        .iter()
        .map(|work| format!("{} ({})", work.deed.what, work.named()));
    let infos = listed(cluster).unwrap_or_default();
    let running = infos.iter().find_map(|info| info.running);
    let by_list = running.map(|(what, _)| format!("{what} (pgBackRest's own list)"));
    let told: Vec<String> = told.chain(by_list).collect();
    let fact = if told.is_empty() {
        all_seen(cluster, gaps)
    } else {
        Fact::known(())
    };
    let fact = others.iter().fold(fact.map(|()| told), |fact, work| {
        fact.and_at(work.object.name_span(), "work that has not ended")
    });
    let fact = running.iter().fold(fact, |fact, (_, span)| {
        fact.and_at(*span, "a lock that pgBackRest holds")
    });
    placed(cluster, fact)
}

/// Known when no Job, Pgtask, replica or Deployment can be missing that shows work under way.
fn all_seen(cluster: &Cluster<'_>, gaps: &[Gap]) -> Fact<()> {
    if !gaps.is_empty() {
        return Fact::Unknown(gaps.into());
    }
    let kinds = [Kind::Job, Kind::Pgtask, Kind::Deployment];
    kinds.into_iter().fold(Fact::known(()), |seen, kind| {
        let all = if_complete(&cluster.all_of(kind).completeness, ());
        seen.both(all).map(|_| ())
    })
}
