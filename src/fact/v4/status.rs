//! The cluster's state and settings that decide what may be done with it.

#[cfg(test)]
mod tests;

use super::fields::{is_unset, misshapen, parse_bool, text};
use super::objects::workload::replicas;
use super::postgres::patroni::by_leader_follows;
use super::postgres::{by_patroni, by_patroni_follows};
use super::seen::{found, if_complete};
use super::servers::instances::is_running;
use super::traces::{V4Order, asked, by_operator, running, source, to_the_letter};
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::trust::Trust;
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

/// The state after `pgo update cluster --shutdown` has done its work.
pub(super) const SHUTDOWN: &str = "pgcluster Shutdown";

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.state",
        Type::String,
        "status.state, \"\" for none: \"pgcluster Initialized\", \"pgcluster Shutdown\", ...",
        |cluster| state(cluster).map(Value::from),
    ),
    row(
        "cluster.shutdownRequested",
        Type::Bool,
        "spec.shutdown: asked to shut down, which says nothing about the result",
        |cluster| {
            while_alive(
                cluster,
                cluster.boolean(&["spec", "shutdown"], "the request to shut down"),
            )
        },
    ),
    row(
        "cluster.shutdown",
        Type::Bool,
        "shut down as a result: the state says so and no Deployment of an instance wants pods",
        |cluster| shut_down(cluster).map(Value::from),
    ),
    row(
        "cluster.upgradePending",
        Type::Bool,
        "the operator is newer than the cluster, and refuses commands until `pgo upgrade`",
        upgrade_pending,
    ),
    row(
        "cluster.upgradeInProgress",
        Type::Bool,
        "the annotation upgrade-in-progress is present: deleting the Pgcluster cleans nothing up",
        |cluster| annotated(cluster, "upgrade-in-progress"),
    ),
    row(
        "cluster.keepData",
        Type::Bool,
        "the annotation keep-data is present, with any value",
        |cluster| annotated(cluster, "keep-data"),
    ),
    row(
        "cluster.keepBackups",
        Type::Bool,
        "the annotation keep-backups is present, with any value",
        |cluster| annotated(cluster, "keep-backups"),
    ),
    row(
        "cluster.deleting",
        Type::Bool,
        "the Pgcluster is being deleted",
        |cluster| {
            while_alive(
                cluster,
                cluster.of_object(|object| {
                    super::objects::workload::deleting(object, "when the deletion was asked for")
                }),
            )
        },
    ),
    row(
        "cluster.namespaceSeen",
        Type::Bool,
        "the Namespace the cluster lives in is in the input",
        |cluster| {
            let name = cluster.namespace.unwrap_or_default();
            let answer = cluster.inventory.find(Kind::Namespace, None, name);
            let seen = matches!(answer, Found::Here(_));
            Fact::at(seen.into(), cluster.name_span(), "the cluster")
        },
    ),
    row(
        "cluster.namespaceDeleting",
        Type::Bool,
        "the cluster's namespace is being deleted; unknown where the Namespace is not in the input",
        |cluster| namespace_deleting(cluster).map(Value::from),
    ),
    row(
        "cluster.standby",
        Type::Bool,
        "the cluster is itself a standby of another",
        |cluster| standby(cluster).map(Value::from),
    )
    .told_by(&[&STANDBY]),
    row(
        "cluster.standbyRequested",
        Type::Bool,
        "spec.standby: asked to be a standby, which says nothing about the result",
        |cluster| while_alive(cluster, standby_asked(cluster)),
    ),
];

/// The state as PGO wrote it.
pub(super) fn state(cluster: &Cluster<'_>) -> Fact<String> {
    if let Some(object) = cluster.object
        && let Some(status) = object.at(&["status"])
        && !status.is_map()
        && !is_unset(status)
    {
        return Fact::unknown(misshapen(object, &["status"], "a mapping"));
    }
    cluster.string(&["status", "state"], "the cluster's state")
}

/// Whether the state is known to be this one.
pub(super) fn state_is(cluster: &Cluster<'_>, wanted: &str) -> bool {
    state(cluster).value().is_some_and(|state| state == wanted)
}

/// Something about the Pgcluster that its deletion has made moot.
fn while_alive(cluster: &Cluster<'_>, fact: Fact<bool>) -> Fact<Value> {
    match cluster.remains().value() {
        Some(true) => cluster.remains().clone().map(|_| false.into()),
        _ => fact.map(Value::from),
    }
}

fn annotated(cluster: &Cluster<'_>, key: &str) -> Fact<Value> {
    let read = |object: &Object| {
        let path = ["metadata", "annotations", key];
        // An annotation with an empty value is present all the same.
        let present = object.at(&path).is_some();
        text(object, &path, "an annotation of the Pgcluster").map(|_| present)
    };
    while_alive(cluster, cluster.of_object(read))
}

fn upgrade_pending(cluster: &Cluster<'_>) -> Fact<Value> {
    let annotation = cluster.annotation("is-upgraded", "the operator's mark");
    while_alive(cluster, annotation.map(|value| value == "false"))
}

/// The state tells, unless the Pgcluster was asked to start again or something of it runs.
pub(super) fn shut_down(cluster: &Cluster<'_>) -> Fact<bool> {
    state(cluster).and_then(|state| {
        if state != SHUTDOWN {
            return Fact::known(false);
        }
        if let Some(running) = something_runs(cluster) {
            return Fact::at(
                false,
                running.name_span(),
                "an instance that runs all the same",
            );
        }
        let requested = cluster.boolean(&["spec", "shutdown"], "the request to shut down");
        requested.and_then(|requested| {
            if requested {
                return if_complete(&cluster.deployments().completeness, true);
            }
            Fact::known(false)
        })
    })
}

fn something_runs<'a>(cluster: &Cluster<'a>) -> Option<&'a Object> {
    cluster.instances().seen.iter().find_map(|instance| {
        let pod = instance.pods.iter().copied().find(|pod| is_running(pod));
        let wants_pods = |deployment: &&Object| {
            replicas(deployment, "the number of pods asked for").value() != Some(&0)
        };
        instance.deployment.filter(wants_pods).or(pod)
    })
}

/// Where all Namespaces are said to be in the input and this one is not, the cluster lives in none that goes.
fn namespace_deleting(cluster: &Cluster<'_>) -> Fact<bool> {
    let name = cluster.namespace.unwrap_or_default();
    let answer = cluster.inventory.find(Kind::Namespace, None, name);
    let namespace = found(answer, "the namespace");
    let namespace = match namespace.value() {
        Some(Some(namespace)) => *namespace,
        Some(None) => {
            return namespace
                .map(|_| false)
                .and_at(cluster.name_span(), "the cluster");
        }
        None => return namespace.map(|_| false),
    };
    let going = super::objects::workload::deleting(
        namespace,
        "when the namespace's deletion was asked for",
    );
    let phase = text(namespace, &["status", "phase"], "the namespace's phase");
    going
        .both(phase)
        .map(|(going, phase)| going || phase == "Terminating")
}

/// Who tells whether the cluster is a standby. PGO v4 writes `standby_cluster` for Patroni when it makes one, and takes it
/// away when it promotes one; anybody can promote one through Patroni alone.
pub(super) static STANDBY: V4Order = V4Order {
    what: "being a standby",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "standby_cluster of Patroni's configuration",
            by_patroni_follows,
        ),
        source(
            Trust::Runs,
            "the role that the leading pod gives itself",
            by_leader_follows,
        ),
        source(Trust::Wish, "spec.standby", |cluster| {
            asked(
                cluster,
                standby_asked(cluster).map(|asked| asked.to_string()),
            )
        }),
    ],
};

fn standby_asked(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster.boolean(&["spec", "standby"], "the request to be a standby")
}

/// Whether the cluster follows another. A wish that Patroni's configuration could not confirm counts.
pub(super) fn standby(cluster: &Cluster<'_>) -> Fact<bool> {
    let told = cluster.settled_text(&STANDBY);
    told.map(|text| text == "true")
}

const SYNC_NOTE: &str = "synchronous replication";

/// Who tells whether replication is synchronous.
pub(super) static SYNC: V4Order = V4Order {
    what: "synchronous replication",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "synchronous_mode of Patroni's configuration",
            |cluster| by_patroni(cluster, "synchronous_mode"),
        ),
        source(
            Trust::Runs,
            "PGHA_SYNC_REPLICATION of the Deployments",
            |cluster| running(cluster, &["PGHA_SYNC_REPLICATION"], SYNC_NOTE),
        ),
        source(Trust::Wish, "spec.syncReplication", |cluster| {
            asked(
                cluster,
                cluster.string(&["spec", "syncReplication"], SYNC_NOTE),
            )
        }),
        source(Trust::Operator, "SyncReplication of pgo.yaml", |cluster| {
            by_operator(cluster, "SyncReplication")
        }),
        source(Trust::Default, "a Deployment without it", |cluster| {
            // PGO writes the variable wherever it is true.
            let mut instances = cluster.instances().seen.iter();
            let shown = instances.find_map(|one| one.deployment);
            match shown {
                Some(object) => {
                    Fact::at(Some("false".to_owned()), object.name_span(), SYNC_NOTE).into()
                }
                None => Fact::known(None).into(),
            }
        }),
    ],
};

/// Whether replication is synchronous.
pub(super) fn sync_replication(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster
        .settled_text(&SYNC)
        .and_then(|text| match parse_bool(&text) {
            Some(sync) => Fact::known(sync),
            None => Fact::unknown(Gap {
                missing: format!("whether {} replicates synchronously", cluster.name),
                because: format!("{text} is neither true nor false"),
                ask: format!(
                    "kubectl get configmap {}-config {}-o yaml",
                    cluster.name,
                    cluster.namespace_flag()
                ),
            }),
        })
}

/// Names of a ConfigMap's keys; empty when it has none.
pub(super) fn config_keys(config: &Object) -> Vec<String> {
    let data = config.at(&["data"]).into_iter().flat_map(Node::entries);
    let mut keys: Vec<String> = data.map(|(key, _)| key.key().into_owned()).collect();
    keys.sort_unstable();
    keys
}
