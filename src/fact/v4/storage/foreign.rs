//! Volumes that the database mounts and PGO v4 did not make: somebody added them to a Deployment or to PGO's templates.
//!
//! What lies there (a tablespace, `pg_wal` behind a link) is in no claim that the cluster is known by, and comes along by none
//! of the methods. Source: PGO 4.1 to 4.7 cluster-deployment.json, whose only claims are data, WAL and tablespaces.

use super::tablespaces::{BELOW, every_mount};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::mount::{Mount, mounts};
use crate::fact::v4::objects::workload::{Volume, volumes_named};
use crate::fact::v4::servers::instances::Instance;
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
    let objects = cluster.instances().seen.iter().flat_map(Instance::objects);
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
    let is_foreign = |name: &str| !OF_PGO.contains(&name) && !name.starts_with(TABLESPACE);
    for (name, volume, node) in volumes_named(object, is_foreign) {
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

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

    fn world(mounts: &str, volume: &str) -> World {
        let text = with(
            &deployment("hippo", 1),
            "      volumes:\n",
            &format!(
                "        volumeMounts: [{{name: pgdata, mountPath: /pgdata}}, {mounts}]\n      volumes:\n      - {volume}\n"
            ),
        );
        World::complete(&stream(&[PGCLUSTER, &text, &pod("hippo", "master")]))
    }

    #[test]
    fn a_claim_of_ones_own_below_tablespaces_is_a_tablespace() {
        let volume = "{name: fast, persistentVolumeClaim: {claimName: fast-disk}}";
        let there = world("{name: fast, mountPath: /tablespaces/lake}", volume);
        assert_eq!(there.says("tablespaces.names"), "[\"lake\"]");
        assert_eq!(there.says("volumes.ofOnesOwn"), "[]");
        let elsewhere = world("{name: fast, mountPath: /mnt/fast}", volume);
        assert_eq!(elsewhere.says("tablespaces.names"), "[]");
        assert_eq!(
            elsewhere.says("volumes.ofOnesOwn"),
            "[\"/mnt/fast (claim fast-disk)\"]"
        );
    }

    #[test]
    fn what_cannot_hold_data_of_the_database_is_nobodys_concern() {
        let own = |mounts, volume| world(mounts, volume).says("volumes.ofOnesOwn");
        let claim = "{name: fast, persistentVolumeClaim: {claimName: fast-disk}}";
        assert_eq!(
            own("{name: fast, mountPath: /fast, readOnly: true}", claim),
            "[]"
        );
        assert_eq!(own("{name: other, mountPath: /other}", claim), "[]");
        let scratch = "{name: fast, emptyDir: {}}";
        assert_eq!(own("{name: fast, mountPath: /fast}", scratch), "[]");
        let path = "{name: fast, hostPath: {path: /srv}}";
        assert_eq!(
            own("{name: fast, mountPath: /fast}", path),
            "[\"/fast (hostPath)\"]"
        );
    }

    #[test]
    fn the_claim_that_the_pod_runs_with_outranks_that_of_its_deployment() {
        let changed = with(
            &deployment("hippo", 1),
            "{claimName: hippo}",
            "{claimName: hippo-new}",
        );
        let world = World::complete(&stream(&[PGCLUSTER, &changed, &pod("hippo", "master")]));
        assert_eq!(world.says("dataClaim.name"), "\"hippo\"");
        let told = world.says("volumes.notAsAsked");
        assert!(told.contains("claim hippo as pgdata"), "{told}");
        let asleep = World::complete(&stream(&[PGCLUSTER, &changed]));
        assert_eq!(asleep.says("dataClaim.name"), "\"hippo-new\"");
    }
}
