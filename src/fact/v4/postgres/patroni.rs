//! What Patroni recorded of a v4 cluster: which database it is, on which timelines it ran, and how far it came.
//!
//! It proves afterwards that the same database arrived. All of it goes when the cluster is deleted, the position already
//! when it is shut down, so it is taken from exports made before.
//!
//! Source: Patroni `patroni/dcs/kubernetes.py`: ConfigMaps `SCOPE-config` (annotations `initialize`, `history`) and
//! `SCOPE-leader` (`optime`), under PGO 4.2 to 4.7; PGO 4.1 has no Patroni.

use std::sync::Arc;

use super::parameters::{by_pgo, live};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::patroni::{Member, as_records, history};
use crate::fact::v4::fields::scalar_text;
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, fields, row};
use crate::manifest::{Fact, Gap, Kind, Node};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.systemIdentifier",
        Type::String,
        "the database's system identifier (ConfigMap SCOPE-config, annotation initialize); unknown where no record is left, as after the deletion",
        |cluster| system_identifier(cluster).map(Value::from),
    ),
    row(
        "cluster.history",
        Type::Records,
        "the timelines that ended, oldest first, as {timeline, position}; none where Patroni recorded none",
        |cluster| ended_timelines(cluster).map(as_records),
    ),
    row(
        "cluster.position",
        Type::Int,
        "how far it had written when the export was made, in bytes (ConfigMap SCOPE-leader, annotation optime, and the leader's own word); unknown where nothing says, as after the shutdown",
        |cluster| position(cluster).map(Value::from),
    ),
    row(
        "cluster.timeline",
        Type::Int,
        "the leader's timeline when the export was made; 0 where nothing says",
        |cluster| leader(cluster).map(|leader| leader.map_or(0, |one| one.timeline).into()),
    ),
];

/// What v5 passes on to Patroni as it is written, with what PGO v4 has where nobody changed it; `""` where it sets nothing.
const PASSED_ON: [(&str, &str); 5] = [
    ("synchronous_mode_strict", "false"),
    ("synchronous_node_count", "1"),
    ("maximum_lag_on_failover", "1048576"),
    ("maximum_lag_on_syncnode", ""),
    ("retry_timeout", "10"),
];

/// Of Patroni's own copy, else of what PGO keeps to write it from.
pub(super) fn changed_settings(cluster: &Cluster<'_>) -> Fact<Value> {
    let kept = || by_pgo(cluster, &format!("{}-dcs-config", cluster.name));
    let written = live(cluster).and_then(|copy| match copy {
        Some(copy) => Fact::known(Some(copy)),
        None => kept(),
    });
    let settings = written.and_then(|written| {
        let Some(written) = written else {
            return Fact::known(Value::Map(Arc::from([])));
        };
        let root = written.tree.root();
        let changed = PASSED_ON.iter().filter_map(|(name, plain)| {
            let value = scalar_text(root.get(name)?)?;
            (value != *plain).then(|| (Arc::from(*name), Value::from(value)))
        });
        let settings = Value::Map(changed.collect());
        Fact::at(settings, written.span, "Patroni's configuration")
    });
    placed(cluster, settings)
}

/// That nothing is recorded proves nothing about the database.
pub(in crate::fact::v4) fn system_identifier(cluster: &Cluster<'_>) -> Fact<String> {
    let note = "Patroni's record of the system identifier";
    let told = recorded(cluster, "config", "initialize", note);
    told.and_then(|text| match text.as_str() {
        "" => Fact::unknown(no_identifier(cluster)),
        _ => Fact::known(text),
    })
}

fn no_identifier(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("the system identifier of the v4 cluster {}", cluster.name),
        because: "no record of Patroni's is left of it".to_owned(),
        ask: "add a bundle from before with --before; or compare on both sides: select system_identifier from pg_control_system()".to_owned(),
    }
}

/// The name that Patroni gives the cluster: what the Deployments set, else the cluster's own. It differs after a
/// restore by PGO 4.2 to 4.4, which makes a Deployment of another name.
pub(in crate::fact::v4) fn scope(cluster: &Cluster<'_>) -> Fact<String> {
    let deployments = cluster.deployments();
    for deployment in &deployments.objects {
        let told = env(
            deployment,
            "PATRONI_SCOPE",
            "Patroni's name for the cluster",
        );
        if let Fact::Known(truth) = told
            && let Some(scope) = truth.value.filter(|scope| !scope.is_empty())
        {
            return Fact::known(scope);
        }
    }
    Fact::known(cluster.name.to_owned())
}

/// An annotation of one of Patroni's ConfigMaps; `""` where there is none of it.
fn recorded(
    cluster: &Cluster<'_>,
    suffix: &str,
    annotation: &str,
    note: &'static str,
) -> Fact<String> {
    scope(cluster).and_then(|scope| {
        let name = format!("{scope}-{suffix}");
        let path = ["metadata", "annotations", annotation];
        let object = cluster.object_named(Kind::ConfigMap, &name, note);
        object.and_then(|object| match object {
            Some(object) => fields::text(object, &path, note),
            None => Fact::at(String::new(), cluster.name_span(), "the v4 cluster"),
        })
    })
}

fn ended_timelines(cluster: &Cluster<'_>) -> Fact<Vec<(i64, i64)>> {
    let text = recorded(cluster, "config", "history", "the history of timelines");
    text.and_then(|text| match text.as_str() {
        "" => Fact::known(Vec::new()),
        text => history(text).map_or_else(
            || {
                let name = format!("{}-config", cluster.name);
                Fact::unknown(Gap {
                    missing: format!("the history of timelines in ConfigMap {name}"),
                    because: "it is not the list that Patroni writes".to_owned(),
                    ask: format!(
                        "kubectl get configmap {name} {}-o yaml",
                        cluster.namespace_flag()
                    ),
                })
            },
            Fact::known,
        ),
    })
}

/// What the leading pod says of itself; `None` where none is seen to lead.
fn leader(cluster: &Cluster<'_>) -> Fact<Option<Member>> {
    let seen = cluster.pods().objects.iter().find_map(|pod| {
        let status = pod.annotation("status")?;
        let member = Member::parse(status.text()).filter(Member::leads)?;
        Some(Fact::at(
            Some(member),
            Node::span(status),
            "what the leader says of itself",
        ))
    });
    seen.unwrap_or_else(|| {
        if_complete(&cluster.pods().completeness, None)
            .and_at(cluster.name_span(), "the v4 cluster")
    })
}

/// A position that nobody recorded is unknown: a database that is shut down has one, too.
fn position(cluster: &Cluster<'_>) -> Fact<i64> {
    let told = leader(cluster);
    let from_pod = told
        .value()
        .and_then(Option::as_ref)
        .map_or(0, |one| one.position);
    let text = recorded(cluster, "leader", "optime", "how far Patroni's record says");
    match text.map(|text| text.parse::<i64>().unwrap_or(0)) {
        Fact::Known(truth) if truth.value > 0 && truth.value >= from_pod => Fact::Known(truth),
        // What the leader says is there, whatever was recorded.
        _ if from_pod > 0 => told.map(|_| from_pod),
        recorded => recorded
            .both(told)
            .and_then(|_| Fact::unknown(no_position(cluster))),
    }
}

fn no_position(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("how far the v4 cluster {} had written", cluster.name),
        because: "its record goes when it is shut down, and no export has it".to_owned(),
        ask: "add a bundle from before the shutdown with --before; without one, look in the new database for what v4 wrote last".to_owned(),
    }
}
