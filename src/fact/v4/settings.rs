//! Settings of the cluster that must be carried over by hand, and what of PGO v5 stands beside it already.

use super::custom_config::{CUSTOM_CONFIG, custom_config};
use super::seen::{found, if_complete, resting_on};
use super::status::{SYNC, config_keys, sync_replication};
use super::traces::{V4Order, asked, running, source, to_the_letter};
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::trust::Trust;
use crate::manifest::{Fact, Gap, Kind};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.customConfig",
        Type::String,
        "the ConfigMap of custom Postgres configuration in effect; \"\" for none",
        |cluster| custom_config(cluster).map(Value::from),
    )
    .told_by(&[&CUSTOM_CONFIG]),
    row(
        "cluster.customConfigKeys",
        Type::Strings,
        "the keys of that ConfigMap",
        |cluster| custom_config_keys(cluster).map(Value::from),
    ),
    row(
        "cluster.syncReplication",
        Type::Bool,
        "replication is synchronous",
        |cluster| sync_replication(cluster).map(Value::from),
    )
    .told_by(&[&SYNC]),
    row(
        "cluster.policies",
        Type::Strings,
        "the SQL policies (Pgpolicy) applied to the cluster",
        |cluster| policies(cluster).map(Value::from),
    ),
    row(
        "cluster.port",
        Type::Int,
        "the port Postgres listens on",
        |cluster| port(cluster).map(Value::from),
    )
    .told_by(&[&PORT]),
    row(
        "cluster.dataSource",
        Type::String,
        "the cluster whose repository this one was made from; \"\" for none",
        |cluster| {
            let from = cluster.string(
                &["spec", "pgDataSource", "restoreFrom"],
                "what it was made from",
            );
            from.map(Value::from)
        },
    ),
    row(
        "cluster.v5Exists",
        Type::Bool,
        "a PostgresCluster of the same name and namespace is live",
        |cluster| v5_exists(cluster).map(Value::from),
    ),
    row(
        "cluster.leftovers",
        Type::Strings,
        "Patroni's Endpoints of an earlier PostgresCluster of this name that is gone",
        |cluster| leftovers(cluster).map(Value::from),
    ),
];

fn custom_config_keys(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let name = custom_config(cluster);
    resting_on(&name, |name| {
        if name.is_empty() {
            return Fact::known(Vec::new());
        }
        let config = cluster.object_named(Kind::ConfigMap, name, "the custom configuration");
        config.map(|config| config.map(config_keys).unwrap_or_default())
    })
}

fn policies(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let written = cluster.string(&["spec", "policies"], "the cluster's policies");
    written.map(|text| {
        let names = text
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty());
        names.map(str::to_owned).collect()
    })
}

/// Who tells the port.
pub(super) static PORT: V4Order = V4Order {
    what: "the port",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "PGHA_PG_PORT of the Deployments", |cluster| {
            running(cluster, &["PGHA_PG_PORT"], "the port")
        }),
        source(Trust::Wish, "spec.port", |cluster| {
            asked(cluster, cluster.string(&["spec", "port"], "the port"))
        }),
    ],
};

fn port(cluster: &Cluster<'_>) -> Fact<i64> {
    const USUAL: i64 = 5432;
    cluster.settled(&PORT).and_then(|port| match port {
        None => Fact::known(USUAL),
        Some(text) => match text.parse() {
            Ok(port) => Fact::known(port),
            Err(_) => Fact::unknown(Gap {
                missing: format!("the port of {}", cluster.name),
                because: format!("{text} is not a whole number"),
                ask: format!("correct the port of {} and run again", cluster.name),
            }),
        },
    })
}

/// Whether a PostgresCluster of this name lives.
pub(super) fn v5_exists(cluster: &Cluster<'_>) -> Fact<bool> {
    let kind = Kind::PostgresCluster;
    let answer = cluster
        .inventory
        .find(kind, cluster.namespace, cluster.name);
    let fact = found(answer, "the PostgresCluster of this name");
    match fact.value() {
        Some(Some(object)) if object.is_draft() => {
            // A draft proves nothing about what is live.
            let listing = cluster.inventory.list(kind, cluster.namespace);
            if_complete(&listing.completeness, false).and_at(cluster.name_span(), "the cluster")
        }
        Some(None) => fact
            .map(|_| false)
            .and_at(cluster.name_span(), "the cluster"),
        _ => fact.map(|object| object.is_some()),
    }
}

/// v5's Patroni puts this label on whatever it writes. Endpoints without it are those of somebody's Service: a v4
/// cluster may well be called `hippo-ha`.
const V5_CLUSTER: &str = "postgres-operator.crunchydata.com/cluster";

/// What Patroni writes for a PGO v5 cluster, by the ending of the name.
const OF_PATRONI: [&str; 4] = ["-ha", "-ha-config", "-ha-failover", "-ha-sync"];

fn leftovers(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let exists = v5_exists(cluster);
    resting_on(&exists, |exists| {
        let mut left = Fact::known(Vec::new());
        if *exists {
            return left;
        }
        for ending in OF_PATRONI {
            let name = format!("{}{ending}", cluster.name);
            let found =
                cluster.object_named(Kind::Endpoints, &name, "left by an earlier PostgresCluster");
            left = left.both(found).map(|(mut left, object)| {
                let left_by_v5 = object.filter(|object| object.label(V5_CLUSTER).is_some());
                left.extend(left_by_v5.map(|object| format!("Endpoints {}", object.name)));
                left
            });
        }
        left
    })
}
