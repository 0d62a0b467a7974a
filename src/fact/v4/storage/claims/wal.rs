//! Whether `pg_wal` really lies on the WAL volume.

use super::ages::is_younger;
use super::backing::{mounted_by, wal_by_spec};
use super::{Claim, Role, Storage};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::seen::resting_on;
use crate::fact::v4::servers::exec::{Whose, in_postgres};
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::{V4Order, source};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Gap, Kind};

pub(in crate::fact::v4) static WAL_USE: &[ClusterFact] = &[row(
    "walClaim.holdsWal",
    Type::Bool,
    "pg_wal lies on the external WAL volume; unknown where that volume was added after the data volume",
    |cluster| holds_wal(cluster).map(Value::from),
)];

/// Who tells whether there is a WAL volume: "claim", "emptyDir", "inline" or "none". While it is not known which instance is the
/// primary, what all instances say alike.
pub(in crate::fact::v4) static WAL_VOLUME: V4Order = V4Order {
    what: "the WAL volume",
    // What goes with the pod keeps nothing, and is as good as none.
    same: |one, other| (one == "claim") == (other == "claim"),
    sources: &[
        source(Trust::Runs, "the volume pgwal of the Deployments", mounted),
        source(
            Trust::Wish,
            "spec.WALStorage",
            |cluster| match wal_by_spec(cluster, cluster.name) {
                Fact::Unknown(gaps) if cluster.object.is_some() => Answer::Unclear(gaps),
                backing => backing.map(|(storage, _)| Some(word(storage))).into(),
            },
        ),
    ],
};

fn word(storage: Storage) -> String {
    match storage {
        Storage::Claim => "claim",
        Storage::EmptyDir => "emptyDir",
        Storage::Inline => "inline",
        Storage::None => "none",
    }
    .to_owned()
}

fn mounted(cluster: &Cluster<'_>) -> Answer {
    let instances = cluster.instances();
    let primary = cluster.primary().name.value();
    let primary = primary.and_then(|name| instances.get(name));
    let some: Vec<&Instance<'_>> = match primary {
        Some(primary) => vec![primary],
        None => instances.seen.iter().collect(),
    };
    let mut said: Option<Fact<String>> = None;
    for backing in some
        .into_iter()
        .filter_map(|one| mounted_by(one, Role::Wal))
    {
        let one = backing.map(|(storage, _)| word(storage));
        match (&one, &said) {
            (Fact::Unknown(gaps), _) => return Answer::Unclear(gaps.clone()),
            (_, Some(other)) if other.value() != one.value() => {
                return Answer::Unclear([several_answers(cluster)].into());
            }
            _ => said = Some(one),
        }
    }
    match said {
        Some(said) => said.map(Some).into(),
        None if instances.all.value().is_some() && instances.seen.is_empty() => {
            Fact::known(None).into()
        }
        None => Answer::Unseen([cluster.gap_for(Kind::Deployment)].into()),
    }
}

fn several_answers(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("whether {} has a WAL volume", cluster.name),
        because: "some of its instances mount one, others do not".to_owned(),
        ..cluster.gap_for(Kind::Pod)
    }
}

/// PGO links `pg_wal` to the WAL volume only when it makes a data directory (initdb, a restore, a new replica), so
/// only a volume as old as the data's is sure to be in use.
fn holds_wal(cluster: &Cluster<'_>) -> Fact<bool> {
    let (wal, data) = (cluster.claim(Role::Wal), cluster.claim(Role::Data));
    let storage = wal.storage();
    if storage
        .value()
        .is_some_and(|storage| *storage != Storage::Claim)
    {
        return storage.map(|_| false);
    }
    let pairs = wal.claims.iter().zip(&data.claims);
    let facts = pairs.map(|(wal, data)| is_in_use(cluster, wal, data));
    wal.common(facts)
}

fn is_in_use(cluster: &Cluster<'_>, wal: &Claim<'_>, data: &Claim<'_>) -> Fact<bool> {
    resting_on(&wal.storage, |storage| {
        if *storage != Storage::Claim {
            return Fact::known(false);
        }
        let both = wal.object.clone().both(data.object.clone());
        resting_on(&both, |both| match both {
            (None, _) => Fact::known(false),
            (Some(_), None) => Fact::unknown(gap(cluster)),
            (Some(_), Some(_)) => is_younger(wal, data).and_then(|younger| {
                if younger {
                    return Fact::unknown(gap(cluster));
                }
                Fact::known(true)
            }),
        })
    })
}

fn gap(cluster: &Cluster<'_>) -> Gap {
    // A replica's link says nothing of the primary's.
    let link = "sh -c 'readlink \"$PATRONI_POSTGRESQL_DATA_DIR/pg_wal\"'";
    let ask = in_postgres(cluster, Whose::Primary, link);
    Gap {
        missing: format!("where pg_wal of {} points", cluster.name),
        because:
            "the WAL volume was not made with the data volume, and adding one does not move pg_wal"
                .to_owned(),
        ask,
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{World, deployment, pod, stream, with};

    fn world(storage: &str, data: &str, wal: &str) -> World {
        World::complete(&yaml(storage, data, wal))
    }

    fn yaml(storage: &str, data: &str, wal: &str) -> String {
        format!(
            "apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata: {{name: hippo, namespace: pgo, labels: {{pgo-version: 4.7.10}}, annotations: {{current-primary: hippo}}}}
spec: {{clustername: hippo, PrimaryStorage: {{name: hippo, storagetype: dynamic}}, WALStorage: {{storagetype: {storage}}}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: hippo, namespace: pgo, creationTimestamp: {data}, labels: {{vendor: crunchydata, pg-cluster: hippo}}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: hippo-wal, namespace: pgo, creationTimestamp: {wal}, labels: {{vendor: crunchydata, pg-cluster: hippo}}}}
"
        )
    }

    #[test]
    fn only_a_wal_volume_as_old_as_the_data_is_sure_to_be_used() {
        let (old, soon, later) = (
            "'2023-01-01T10:00:00Z'",
            "'2023-01-01T10:00:05Z'",
            "'2024-01-01T10:00:00Z'",
        );
        let says = |storage, wal| world(storage, old, wal).says("walClaim.holdsWal");
        assert_eq!(says("dynamic", soon), "true");
        assert_eq!(says("dynamic", later), "unknown");
        assert_eq!(says("emptydir", soon), "false");
        assert_eq!(says("''", soon), "false");
        let asks = |more: &[&str]| {
            let claims = yaml("dynamic", old, later);
            World::complete(&stream(&[&[claims.as_str()], more].concat())).asks("walClaim.holdsWal")
        };
        let wal =
            "      - name: pgwal\n        persistentVolumeClaim: {claimName: hippo-wal}\nstatus:";
        let server = |pods| with(&deployment("hippo", pods), "status:", wal);
        let leader = pod("hippo", "master");
        let there = "kubectl exec -n pgo deployment/hippo -c database -- sh -c";
        assert!(asks(&[&server(1), &leader]).starts_with(there));
        // A replica's link says nothing of the primary's, and what does not run says nothing at all.
        let silent = asks(&[&server(0), &pod("hippo-abcd", "replica")]);
        assert!(!silent.contains("kubectl exec"), "{silent}");
        assert!(asks(&[&server(0)]).contains("does not run: start it"));
    }
}
