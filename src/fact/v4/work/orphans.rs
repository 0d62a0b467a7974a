//! What PGO v5 made for a PostgresCluster that is gone: `StatefulSet`s without an owner start its pods again, and the next
//! PostgresCluster of the name takes all of it for its own.
//!
//! It must not know what Patroni wrote, nor Jobs and claims: they have facts of their own.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::resting_on;
use crate::fact::v4::settings::v5_exists;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "cluster.v5Orphans",
    Type::Strings,
    "what PGO v5 made for a PostgresCluster of this name that is gone, as \"StatefulSet hippo-00-abcd\": StatefulSets, Deployments, CronJobs and Services that are seen",
    |cluster| orphans(cluster).map(Value::from),
)];

/// What v5 makes for a cluster and keeps as long as it lives (PGO v5 internal/controller/postgrescluster).
const MADE: [Kind; 4] = [
    Kind::StatefulSet,
    Kind::Deployment,
    Kind::CronJob,
    Kind::Service,
];

fn orphans(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let (namespace, name) = (cluster.namespace, cluster.name);
    let mut seen: Fact<Vec<String>> = Fact::known(Vec::new());
    for kind in MADE {
        for object in cluster
            .inventory
            .of_v5_cluster(kind, namespace, name)
            .objects
        {
            let named = format!("{} {}", kind.info().name, object.name);
            seen = seen
                .and_at(
                    object.name_span(),
                    "made for a PostgresCluster of this name",
                )
                .map(|mut names| {
                    names.push(named);
                    names
                });
        }
    }
    if seen.value().is_some_and(Vec::is_empty) {
        return placed(cluster, seen);
    }
    // Whether it is gone matters only where there is something of it.
    resting_on(&v5_exists(cluster), |exists| {
        if *exists {
            placed(cluster, Fact::known(Vec::new()))
        } else {
            seen
        }
    })
}
