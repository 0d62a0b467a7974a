//! What Patroni recorded of a v4 cluster: which database it is, on which timelines it ran, and how far it came.
//!
//! It proves afterwards that the same database arrived. All of it goes when the cluster is deleted, the position already
//! when it is shut down, so it is taken from exports made before.
//!
//! Source: Patroni `patroni/dcs/kubernetes.py`: ConfigMaps `SCOPE-config` (annotations `initialize`, `history`) and
//! `SCOPE-leader` (`optime`), under PGO 4.2 to 4.7; PGO 4.1 has no Patroni.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::memo::Written;
use super::parameters::{CUSTOM_AT_FIRST, by_pgo, live};
use super::scope::{record, scope};
use super::written::custom_file;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::patroni::{Member, as_records, history};
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::fields::scalar_text;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::servers::instances::is_running;
use crate::fact::v4::traces::{V4Order, placed, source, to_the_letter};
use crate::fact::v4::{Cluster, ClusterFact, fields, row};
use crate::manifest::{Fact, Gap, Kind, Node, Truth};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.patroniScope",
        Type::String,
        "the name that Patroni gives the cluster, by which its ConfigMaps are called; after a restore by PGO 4.2 to 4.4 it is not the cluster's",
        |cluster| scope(cluster).map(Value::from),
    ),
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

/// Who tells what is changed of these: each as JSON of all that it names.
pub(in crate::fact::v4) static SETTINGS: V4Order = V4Order {
    what: "Patroni's settings",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "Patroni's own copy in ConfigMap CLUSTER-config",
            |cluster| changed(live(cluster), &[], "Patroni's configuration"),
        ),
        source(Trust::Kept, "ConfigMap CLUSTER-pgha-config", |cluster| {
            let dcs = by_pgo(cluster, &format!("{}-dcs-config", cluster.name));
            changed(dcs, &[], "the configuration PGO keeps")
        }),
        source(Trust::Kept, CUSTOM_AT_FIRST, |cluster| {
            let path = ["bootstrap", "dcs"];
            changed(custom_file(cluster), &path, "the custom configuration")
        }),
    ],
};

/// Silent where there is nothing at the path.
fn changed(written: Fact<Option<Written>>, path: &[&str], note: &'static str) -> Answer {
    let said = written.map(|written| {
        let written = written?;
        let root = written.tree.root().at(path)?;
        let changed = PASSED_ON.iter().filter_map(|(name, plain)| {
            let value = scalar_text(root.get(name)?)?;
            (value != *plain).then_some((*name, value))
        });
        let changed: BTreeMap<&str, String> = changed.collect();
        Some((serde_json::to_string(&changed).ok()?, written.span))
    });
    match said {
        Fact::Unknown(gaps) => Answer::Unseen(gaps),
        Fact::Known(Truth {
            value: Some((json, span)),
            ..
        }) => Fact::at(Some(json), span, note).into(),
        silent @ Fact::Known(_) => silent.map(|_| None).into(),
    }
}

pub(super) fn changed_settings(cluster: &Cluster<'_>) -> Fact<Value> {
    let settings = cluster.settled(&SETTINGS).map(|told| {
        let read = |text: String| serde_json::from_str::<BTreeMap<String, String>>(&text).ok();
        let settings = told.and_then(read).unwrap_or_default().into_iter();
        let settings = settings.map(|(name, value)| (Arc::from(name), Value::from(value)));
        Value::Map(settings.collect())
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

/// An annotation of one of Patroni's ConfigMaps; `""` where there is none of it.
fn recorded(
    cluster: &Cluster<'_>,
    suffix: &str,
    annotation: &str,
    note: &'static str,
) -> Fact<String> {
    let name = record(cluster, suffix);
    let path = ["metadata", "annotations", annotation];
    let object = cluster.object_named(Kind::ConfigMap, &name, note);
    object.and_then(|object| match object {
        Some(object) => fields::text(object, &path, note),
        None => Fact::at(String::new(), cluster.name_span(), "the v4 cluster"),
    })
}

fn ended_timelines(cluster: &Cluster<'_>) -> Fact<Vec<(i64, i64)>> {
    let text = recorded(cluster, "config", "history", "the history of timelines");
    text.and_then(|text| match text.as_str() {
        "" => Fact::known(Vec::new()),
        text => history(text).map_or_else(
            || {
                let name = record(cluster, "config");
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

/// "true" where the pod that leads calls itself the leader of a standby. One that only leads says nothing: it may be about to
/// become one.
pub(in crate::fact::v4) fn by_leader_follows(cluster: &Cluster<'_>) -> Answer {
    let pods = cluster.pods();
    let running = pods.objects.iter().filter(|pod| is_running(pod));
    let mut said = running.filter_map(|pod| pod.annotation("status"));
    match said.find(|status| status.text().contains("\"standby_leader\"")) {
        Some(at) => {
            let note = "what the leader says of itself";
            Fact::at(Some("true".to_owned()), at.span(), note).into()
        }
        None => if_complete(&pods.completeness, None).into(),
    }
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
