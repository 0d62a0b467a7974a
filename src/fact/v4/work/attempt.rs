//! What an earlier attempt with PGO v5 left or has under way: Jobs under the names that the next one will use, and
//! PostgresClusters of other names that want this cluster's claims.
//!
//! It must not know what else an attempt leaves: claims tell of that themselves.

use std::collections::BTreeSet;

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::storage::claims::Role;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind, Object};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.v5MoveJobs",
        Type::Strings,
        "Jobs of PGO v5 that moved data or WAL for a PostgresCluster of this name; it never runs a completed one again; those that are seen, none only where each would have been",
        |cluster| jobs(cluster, &["move-pgdata-dir", "move-pgwal-dir"]).map(Value::from),
    ),
    row(
        "cluster.v5RepositoryJobs",
        Type::Strings,
        "Jobs of PGO v5 that moved the repository or restored from it for a PostgresCluster of this name; it never runs a completed one again; those that are seen, none only where each would have been",
        |cluster| {
            jobs(cluster, &["move-pgbackrest-repo-dir", "pgbackrest-restore"]).map(Value::from)
        },
    ),
    row(
        "cluster.v5Claims",
        Type::Strings,
        "claims that an earlier PostgresCluster of this name made for itself and left; those that are seen, none only when all claims of the namespace are",
        |cluster| made(cluster).map(Value::from),
    ),
    row(
        "cluster.v5Claimants",
        Type::Strings,
        "living PostgresClusters of other names whose spec.dataSource.volumes names a claim of this cluster that they have not adopted, as \"ostrich (hippo)\"; none only when all of the namespace are seen",
        |cluster| claimants(cluster).map(Value::from),
    ),
];

const V5_CLUSTER: &str = "postgres-operator.crunchydata.com/cluster";

/// Claims with v5's label that are none of the v4 cluster's. While the PostgresCluster lives they are in use, which
/// `cluster.v5Exists` tells.
fn made(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let (kind, inventory) = (Kind::PersistentVolumeClaim, cluster.inventory);
    let (namespace, name) = (cluster.namespace, cluster.name);
    let lives = cluster.adopting().lives(inventory, (namespace, name));
    let claims = inventory.of_v5_cluster(kind, namespace, name);
    let mut seen: Fact<Vec<String>> = Fact::known(Vec::new());
    if !lives {
        for claim in &claims.objects {
            if claim.label("pg-cluster").is_none() && !is_known(cluster, &claim.name) {
                let at = (claim.name_span(), "made for a PostgresCluster of this name");
                seen = seen.and_at(at.0, at.1).map(|mut names| {
                    names.push(claim.name.to_string());
                    names
                });
            }
        }
    }
    match seen.value() {
        Some(names) if !names.is_empty() => seen,
        _ => placed(cluster, if_complete(&claims.completeness, Vec::new())),
    }
}

/// Whether it is, or may be, one of the claims that the v4 cluster keeps its data, WAL or repository in.
fn is_known(cluster: &Cluster<'_>, claim: &str) -> bool {
    known_claims(cluster).any(|name| name == claim)
}

fn known_claims(cluster: &Cluster<'_>) -> impl Iterator<Item = String> {
    let roles = [Role::Data, Role::Wal, Role::Repo];
    let claims = roles.into_iter().flat_map(|role| cluster.claim(role).all());
    claims.filter_map(|known| known.name.value().cloned())
}

/// One of the cluster's own name is told by `cluster.v5Exists`, a claim that was adopted by its owner and labels.
fn claimants(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let (inventory, namespace) = (cluster.inventory, cluster.namespace);
    let labelled = cluster.labelled_claims().objects.iter().copied();
    let adopted = |claim: &str, by: &Object| {
        let mut same = labelled.clone().filter(|object| &*object.name == claim);
        let of = |object: &Object| {
            object
                .label(V5_CLUSTER)
                .is_some_and(|label| label.text() == &*by.name)
        };
        same.any(of)
    };
    let mut names: BTreeSet<String> = labelled.clone().map(|one| one.name.to_string()).collect();
    names.extend(known_claims(cluster));
    let mut wanted: Vec<(&str, &str, &Fact<String>)> = Vec::new();
    for name in &names {
        for wish in cluster.adopting().wishes(inventory, namespace, name) {
            if &*wish.by.name != cluster.name && !adopted(name, wish.by) {
                wanted.push((&wish.by.name, name, &wish.claim));
            }
        }
    }
    wanted.sort_by_key(|(by, name, _)| (*by, *name));
    if wanted.is_empty() {
        let all = cluster.adopting().completeness(inventory, namespace);
        return placed(cluster, if_complete(&all, Vec::new()));
    }
    let words = wanted.iter().map(|(by, name, _)| format!("{by} ({name})"));
    let seen = Fact::known(words.collect());
    wanted.iter().fold(seen, |seen, (_, _, claim)| {
        seen.both((*claim).clone()).map(|(all, _)| all)
    })
}

/// One that is seen is enough; that there is none is known only when each would have been seen.
fn jobs(cluster: &Cluster<'_>, endings: &[&str]) -> Fact<Vec<String>> {
    let named = endings.iter().map(|ending| {
        let name = format!("{}-{ending}", cluster.name);
        cluster.object_named(Kind::Job, &name, "a Job of an earlier attempt with v5")
    });
    let mut seen: Fact<Vec<String>> = Fact::known(Vec::new());
    let mut none = Fact::known(());
    for job in named {
        if let Some(Some(object)) = job.value() {
            let name = object.name.to_string();
            seen = seen.both(job).map(|(mut names, _)| {
                names.push(name);
                names
            });
        } else {
            none = none.both(job).map(|_| ());
        }
    }
    match seen.value() {
        Some(names) if !names.is_empty() => seen,
        _ => placed(cluster, none.map(|()| Vec::new())),
    }
}
