//! What an earlier attempt with PGO v5 left or has under way: Jobs under the names that the next one will use, and
//! PostgresClusters of other names that want this cluster's claims.
//!
//! It must not know what else an attempt leaves: claims tell of that themselves.

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

/// The volumes that a PostgresCluster can adopt (PGO v5 pkg/apis, `DataSourceVolumes`).
const ADOPTS: [&str; 3] = ["pgDataVolume", "pgWALVolume", "pgBackRestVolume"];

const V5_CLUSTER: &str = "postgres-operator.crunchydata.com/cluster";

/// Claims with v5's label that are none of the v4 cluster's. While the PostgresCluster lives they are in use, which
/// `cluster.v5Exists` tells.
fn made(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let (kind, inventory) = (Kind::PersistentVolumeClaim, cluster.inventory);
    let (namespace, name) = (cluster.namespace, cluster.name);
    let living = inventory.list(Kind::PostgresCluster, namespace).objects;
    let lives = living
        .iter()
        .any(|one| &*one.name == name && !one.is_draft());
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
    let roles = [Role::Data, Role::Wal, Role::Repo];
    let claims = roles.iter().flat_map(|role| cluster.claim(*role).all());
    let mut names = claims.filter_map(|known| known.name.value());
    names.any(|name| name == claim)
}

/// One of the cluster's own name is told by `cluster.v5Exists`, a claim that was adopted by its owner and labels.
fn claimants(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let living = cluster
        .inventory
        .list(Kind::PostgresCluster, cluster.namespace);
    let mut seen: Fact<Vec<String>> = Fact::known(Vec::new());
    for other in &living.objects {
        if other.is_draft() || &*other.name == cluster.name {
            continue;
        }
        for volume in ADOPTS {
            let path = ["spec", "dataSource", "volumes", volume, "pvcName"];
            let note = "the claim that a living PostgresCluster is to adopt";
            let wanted = crate::fact::v4::fields::text(other, &path, note);
            if wanted
                .value()
                .is_some_and(|name| is_own(cluster, name, other))
            {
                seen = seen.both(wanted).map(|(mut all, name)| {
                    all.push(format!("{} ({name})", other.name));
                    all
                });
            }
        }
    }
    match seen.value() {
        Some(all) if !all.is_empty() => seen,
        _ => placed(cluster, if_complete(&living.completeness, Vec::new())),
    }
}

/// Whether the claim is this cluster's, and not that PostgresCluster's already.
fn is_own(cluster: &Cluster<'_>, claim: &str, other: &Object) -> bool {
    let labelled = cluster.labelled_claims().objects.iter();
    let labelled = labelled.filter(|object| &*object.name == claim);
    let mut adopted = labelled
        .clone()
        .filter_map(|object| object.label(V5_CLUSTER));
    let own = labelled.count() > 0 || is_known(cluster, claim);
    own && !claim.is_empty() && !adopted.any(|label| label.text() == &*other.name)
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
