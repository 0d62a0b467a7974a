//! Settings of the cluster that must be carried over by hand, and what of PGO v5 stands beside it already.

use super::fields::is_unset;
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
    ),
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
        "cluster.tolerations",
        Type::Bool,
        "the cluster's pods tolerate taints",
        |cluster| {
            let tolerations = cluster.own(&["spec", "tolerations"], "the cluster's tolerations");
            tolerations.map(|node| node.is_some_and(|node| !is_unset(node)).into())
        },
    ),
    row(
        "cluster.affinity",
        Type::Bool,
        "the cluster's pods are bound to certain nodes",
        |cluster| affinity(cluster).map(Value::from),
    ),
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
        "cluster.serviceType",
        Type::String,
        "the type of the cluster's Services; \"\" where it is left to the operator",
        |cluster| service_type(cluster).map(Value::from),
    ),
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

/// Taken from the cluster's namespace where the cluster names none of its own.
const GLOBAL_CONFIG: &str = "pgo-custom-pg-config";

pub(super) fn custom_config(cluster: &Cluster<'_>) -> Fact<String> {
    let own = cluster.string(&["spec", "customconfig"], "the custom configuration");
    if own.value() != Some(&String::new()) {
        return own;
    }
    let global = cluster.object_named(
        Kind::ConfigMap,
        GLOBAL_CONFIG,
        "the custom configuration of the namespace",
    );
    let name = global.map(|config| config.map_or(String::new(), |config| config.name.to_string()));
    match name {
        Fact::Known(truth) if truth.value.is_empty() => own.and_then(|_| Fact::Known(truth)),
        name => name,
    }
}

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

fn affinity(cluster: &Cluster<'_>) -> Fact<bool> {
    let rules = cluster.own(
        &["spec", "nodeAffinity", "default"],
        "the cluster's node affinity",
    );
    let key = cluster.userlabel("NodeLabelKey", "the label of the cluster's nodes");
    let label = cluster.label("NodeLabelKey", "the label of the cluster's nodes");
    let set = rules.map(|node| node.is_some_and(|node| !is_unset(node)));
    let is_true = |fact: &Fact<bool>| fact.value() == Some(&true);
    if is_true(&set) {
        return set;
    }
    let by_key = key.map(|key| !key.is_empty());
    if is_true(&by_key) {
        return by_key;
    }
    let by_label = label.map(|label| !label.is_empty());
    if is_true(&by_label) {
        return by_label;
    }
    set.both(by_key).both(by_label).map(|_| false)
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

/// A field since 4.6, a label before; a cluster carried along by hand may have both, and then the field counts.
fn service_type(cluster: &Cluster<'_>) -> Fact<String> {
    let field = cluster.string(&["spec", "serviceType"], "the type of the Services");
    if field.value() != Some(&String::new()) {
        return field;
    }
    let label = cluster.userlabel("service-type", "the type of the Services");
    match label.value() {
        Some(text) if text.is_empty() => field,
        _ => label,
    }
}

fn v5_exists(cluster: &Cluster<'_>) -> Fact<bool> {
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
