//! Volumes that the database mounts and PGO v4 did not make: somebody added them to a Deployment or to PGO's templates.
//!
//! What lies there (a tablespace, `pg_wal` behind a link) is in no claim that the cluster is known by, and comes along by none
//! of the methods. Source: PGO 4.1 to 4.7 cluster-deployment.json, whose only claims are data, WAL and tablespaces.

use super::tablespaces::{BELOW, every_mount};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::mount::{Mount, mounts};
use crate::fact::v4::objects::workload::{Volume, volumes};
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "volumes.ofOnesOwn",
    Type::Strings,
    "volumes that the database may write to and PGO v4 did not make, as \"/mnt/fast (claim fast-disk)\"; none only where the mounts of all instances are seen",
    |cluster| found(cluster).map(Value::from),
)];

/// The volumes that PGO v4 makes; of tablespaces the beginning of their names.
const OF_PGO: [&str; 3] = ["pgdata", "pgwal", "backrestrepo"];
const TABLESPACE: &str = "tablespace-";

fn found(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let objects = cluster.instances().seen.iter().flat_map(|one| one.objects());
    let mut told: Vec<(String, Span)> = Vec::new();
    for object in objects {
        for (words, span) in of_object(object) {
            if !told.iter().any(|(known, _)| *known == words) {
                told.push((words, span));
            }
        }
    }
    if told.is_empty() {
        let none = match cluster.remains().value() {
            Some(true) => Fact::known(()),
            _ => every_mount(cluster),
        };
        return placed(cluster, none.map(|()| Vec::new()));
    }
    let words = told.iter().map(|(words, _)| words.clone()).collect();
    told.iter().fold(Fact::known(words), |fact, (_, span)| {
        fact.and_at(*span, "a volume that PGO v4 did not make")
    })
}

/// By the mounts of the database's container; where these are not shown, by the volumes of the pod.
fn of_object(object: &Object) -> Vec<(String, Span)> {
    let mounts = mounts(object);
    let mut told = Vec::new();
    for (name, volume, node) in volumes(object) {
        if OF_PGO.contains(&name) || name.starts_with(TABLESPACE) {
            continue;
        }
        let Some(what) = backing(&volume, node) else {
            continue;
        };
        if mounts.is_empty() {
            told.push((format!("volume {name} ({what})"), node.span()));
            continue;
        }
        // What lies where PGO has its tablespaces is told as one.
        let written = |mount: &&Mount<'_>| {
            mount.volume == name && !mount.read_only && mount.right_below(BELOW).is_none()
        };
        let places = mounts.iter().filter(written);
        told.extend(places.map(|mount| {
            let words = format!("{} ({what})", mount.path());
            (words, mount.node.span())
        }));
    }
    told
}

/// What a volume is, where files on it outlive the container.
fn backing(volume: &Volume, node: Node<'_>) -> Option<String> {
    match volume {
        Volume::Claim {
            read_only: true, ..
        }
        | Volume::EmptyDir
        | Volume::Other => None,
        Volume::Claim { name, .. } => Some(format!("claim {name}")),
        Volume::Inline => Some(node.key().into_owned()),
    }
}
