//! Postgres parameters in effect: Patroni's configuration of the cluster, and what the primary's own adds to it.

use std::sync::Arc;

use super::super::Cluster;
use super::super::custom_config::custom_config;
use super::super::fields::{is_unset, scalar_text};
use super::super::traces::{V4Order, source, to_the_letter};
use super::ask::ask;
use super::memo::{Parameters, Values, Written};
use super::scope::record;
use super::written::{custom_file, written};
use crate::fact::trust::{Answer, Trust};
use crate::manifest::{Fact, Gap, Kind, Node, Object, Truth};

/// Patroni takes these from the cluster's configuration only, never from that of a single server.
const CLUSTER_WIDE: [&str; 11] = [
    "max_connections",
    "max_locks_per_transaction",
    "max_worker_processes",
    "max_prepared_transactions",
    "wal_level",
    "wal_log_hints",
    "track_commit_timestamp",
    "max_wal_senders",
    "max_replication_slots",
    "wal_keep_segments",
    "wal_keep_size",
];

/// Patroni's own copy, which it works by: `<scope>-config`.
pub(super) fn live(cluster: &Cluster<'_>) -> Fact<Option<Written>> {
    let live = &cluster.patroni().live;
    live.get_or_init(|| find_live(cluster)).clone()
}

fn find_live(cluster: &Cluster<'_>) -> Fact<Option<Written>> {
    let name = record(cluster, "config");
    let map = cluster.object_named(Kind::ConfigMap, &name, "Patroni's configuration");
    map.and_then(|map| match map {
        None => Fact::known(None),
        Some(map) => {
            let json = map.read(
                &["metadata", "annotations", "config"],
                "Patroni's configuration",
            );
            json.and_then(|json| written(cluster, &name, json))
        }
    })
}

/// A setting at the top of Patroni's own copy; silent where it does not name it.
pub(in super::super) fn by_patroni(cluster: &Cluster<'_>, key: &str) -> Answer {
    match live(cluster) {
        Fact::Unknown(gaps) => Answer::Unseen(gaps),
        Fact::Known(truth) => {
            let value = truth.value.as_ref().and_then(|written| {
                let value = written.tree.root().at(&[key])?;
                Some((scalar_text(value)?, written.span))
            });
            match value {
                Some((text, span)) => Fact::at(Some(text), span, "Patroni's configuration").into(),
                None => Fact::known(None).into(),
            }
        }
    }
}

/// Whether Patroni's own copy makes the cluster follow another, as "true" or "false"; silent where there is no copy.
pub(in super::super) fn by_patroni_follows(cluster: &Cluster<'_>) -> Answer {
    match live(cluster) {
        Fact::Unknown(gaps) => Answer::Unseen(gaps),
        Fact::Known(Truth {
            value: Some(written),
            ..
        }) => {
            let other = written.tree.root().get("standby_cluster");
            let follows = other.is_some_and(|other| !is_unset(other));
            let note = "Patroni's configuration";
            Fact::at(Some(follows.to_string()), written.span, note).into()
        }
        Fact::Known(_) => Fact::known(None).into(),
    }
}

/// `<cluster>-pgha-config`, from which PGO writes Patroni's configuration.
fn kept<'a>(cluster: &Cluster<'a>) -> Fact<Option<&'a Object>> {
    let name = format!("{}-pgha-config", cluster.name);
    cluster.object_named(Kind::ConfigMap, &name, "the configuration PGO keeps")
}

/// An entry of it.
pub(super) fn by_pgo(cluster: &Cluster<'_>, entry: &str) -> Fact<Option<Written>> {
    kept(cluster).and_then(|map| match map {
        None => Fact::known(None),
        Some(map) => {
            let yaml = map.read(&["data", entry], "the configuration PGO keeps");
            yaml.and_then(|yaml| written(cluster, &map.name, yaml))
        }
    })
}

pub(super) fn seen(cluster: &Cluster<'_>) -> Fact<Parameters> {
    let parameters = &cluster.patroni().parameters;
    parameters.get_or_init(|| look(cluster)).clone()
}

fn look(cluster: &Cluster<'_>) -> Fact<Parameters> {
    shared(cluster).map(|shared| {
        let mut set = Values::clone(&shared);
        if let Some(Some(written)) = own_of_primary(cluster).value() {
            for (name, value) in parameters_of(written) {
                if !CLUSTER_WIDE.contains(&name.as_str()) {
                    set.insert(name, value);
                }
            }
        }
        Parameters {
            set: Arc::new(set),
            everywhere: own_was_seen(cluster),
        }
    })
}

/// What all servers of the cluster share: Patroni's own copy, else what PGO keeps.
fn shared(cluster: &Cluster<'_>) -> Fact<Arc<Values>> {
    let shared = &cluster.patroni().shared;
    let read = || look_for_shared(cluster).map(Arc::new);
    shared.get_or_init(read).clone()
}

fn look_for_shared(cluster: &Cluster<'_>) -> Fact<Values> {
    cluster.settled(&PARAMETERS).and_then(|told| {
        let values = told.and_then(|text| serde_json::from_str(&text).ok());
        values.map_or_else(
            || Fact::unknown(without_configuration(cluster)),
            Fact::known,
        )
    })
}

/// Who tells the parameters that all servers share: each as JSON.
pub(in super::super) static PARAMETERS: V4Order = V4Order {
    what: "Postgres parameters",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "Patroni's own copy in ConfigMap CLUSTER-config",
            |cluster| written_values(live(cluster), "Patroni's parameters"),
        ),
        source(Trust::Kept, "ConfigMap CLUSTER-pgha-config", |cluster| {
            let dcs = by_pgo(cluster, &format!("{}-dcs-config", cluster.name));
            written_values(dcs, "the parameters PGO keeps")
        }),
    ],
};

/// Who tells whether WAL is archived.
pub(in super::super) static ARCHIVE_MODE: V4Order = V4Order {
    what: "archive_mode",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, OWN, |cluster| {
            own_value(cluster, "archive_mode")
        }),
        source(Trust::Runs, CUSTOM, |cluster| {
            custom_value(cluster, "archive_mode")
        }),
        source(Trust::Runs, SHARED, |cluster| {
            shared_value(cluster, "archive_mode")
        }),
        source(Trust::Kept, CUSTOM_AT_FIRST, |cluster| {
            custom_value_at_first(cluster, "archive_mode")
        }),
    ],
};

/// Who tells by what command WAL is archived.
pub(in super::super) static ARCHIVE_COMMAND: V4Order = V4Order {
    what: "archive_command",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, OWN, |cluster| {
            own_value(cluster, "archive_command")
        }),
        source(Trust::Runs, CUSTOM, |cluster| {
            custom_value(cluster, "archive_command")
        }),
        source(Trust::Runs, SHARED, |cluster| {
            shared_value(cluster, "archive_command")
        }),
        source(Trust::Kept, CUSTOM_AT_FIRST, |cluster| {
            custom_value_at_first(cluster, "archive_command")
        }),
    ],
};

const OWN: &str = "the primary's own entry of ConfigMap CLUSTER-pgha-config";
/// Patroni lets what a server's own file says outrank what all servers share.
pub(in super::super) const CUSTOM: &str =
    "postgresql of postgres-ha.yaml, the custom configuration";
pub(super) const CUSTOM_AT_FIRST: &str = "bootstrap of postgres-ha.yaml, the custom configuration";
const SHARED: &str = "the parameters that all servers share";

fn written_values(written: Fact<Option<Written>>, note: &'static str) -> Answer {
    match written {
        Fact::Unknown(gaps) => Answer::Unseen(gaps),
        Fact::Known(truth) => match truth.value {
            None => Fact::known(None).into(),
            Some(written) => {
                let json = serde_json::to_string(&parameters_of(&written)).ok();
                Fact::at(json, written.span, note).into()
            }
        },
    }
}

/// While it is not certain which instance is the primary, what the own configurations of all instances say alike.
fn own_value(cluster: &Cluster<'_>, name: &str) -> Answer {
    let own = own_of_primary(cluster);
    let gaps = match own_was_seen(cluster) {
        Fact::Known(_) => {
            let written = own.value().and_then(Option::as_ref);
            let said = written.and_then(|written| {
                let value = parameters_of(written).remove(name)?;
                Some(Fact::at(
                    Some(value),
                    written.span,
                    "the primary's own parameters",
                ))
            });
            return said.unwrap_or_else(|| Fact::known(None)).into();
        }
        Fact::Unknown(gaps) => gaps,
    };
    own_of_all(cluster, name).map_or(Answer::Unseen(gaps), Answer::from)
}

/// Of a configuration that is named and out of sight nothing is known, unless what PGO read back from the server is there: it
/// keeps the merged settings of each instance.
fn custom_value(cluster: &Cluster<'_>, name: &str) -> Answer {
    match custom_file(cluster) {
        Fact::Known(truth) => {
            let said = truth.value.and_then(|file| {
                let value = parameters_of(&file).remove(name)?;
                Some(Fact::at(Some(value), file.span, "the custom configuration"))
            });
            said.unwrap_or_else(|| Fact::known(None)).into()
        }
        Fact::Unknown(gaps) => {
            let named = custom_config(cluster)
                .value()
                .is_some_and(|name| !name.is_empty());
            let read_back = matches!(own_of_primary(cluster).value(), Some(Some(_)));
            if named && !read_back {
                Answer::Unclear(gaps)
            } else {
                Answer::Unseen(gaps)
            }
        }
    }
}

/// What a new cluster is made with.
fn custom_value_at_first(cluster: &Cluster<'_>, name: &str) -> Answer {
    let at_first = |file: Option<Written>| {
        let file = file?;
        let path = ["bootstrap", "dcs", "postgresql", "parameters", name];
        Some((scalar_text(file.tree.root().at(&path)?)?, file.span))
    };
    match custom_file(cluster).map(at_first) {
        Fact::Known(Truth {
            value: Some((value, span)),
            ..
        }) => Fact::at(Some(value), span, "the custom configuration").into(),
        other => other.map(|_| None).into(),
    }
}

/// What all servers share of a parameter.
pub(in super::super) fn shared_value(cluster: &Cluster<'_>, name: &str) -> Answer {
    shared(cluster).map(|set| set.get(name).cloned()).into()
}

/// What only the primary's own configuration says.
pub(super) fn own_of_primary(cluster: &Cluster<'_>) -> Fact<Option<Written>> {
    let read = || {
        let primary = cluster.primary().name.clone();
        primary.and_then(|primary| by_pgo(cluster, &format!("{primary}-local-config")))
    };
    cluster.patroni().own.get_or_init(read).clone()
}

/// Known when everything that only the primary's own configuration says was seen: its entry, while it is certain which
/// instance is the primary, or that PGO keeps no configuration at all.
pub(super) fn own_was_seen(cluster: &Cluster<'_>) -> Fact<()> {
    let map = kept(cluster);
    if map.value().is_some_and(Option::is_none) {
        return map.map(|_| ());
    }
    let certain = cluster.primary().certain.clone().and_then(|certain| {
        if certain {
            return Fact::known(());
        }
        Fact::unknown(Gap {
            missing: format!(
                "the Postgres configuration of the primary of {}",
                cluster.name
            ),
            because: "which instance is the primary is only probable".to_owned(),
            ask: Gap::of_all(Kind::Pod, cluster.namespace).ask,
        })
    });
    certain.both(own_of_primary(cluster)).map(|_| ())
}

fn without_configuration(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("the Postgres parameters of {}", cluster.name),
        because: format!(
            "neither ConfigMap {0}-config nor {0}-pgha-config holds a configuration of Patroni",
            cluster.name
        ),
        ask: ask(
            cluster,
            "SELECT name, setting FROM pg_settings WHERE source <> 'default'",
        ),
    }
}

fn parameters_of(written: &Written) -> Values {
    let entries = written
        .postgresql("parameters")
        .into_iter()
        .flat_map(Node::entries);
    let set = entries.filter(|(_, value)| !value.is_null());
    // Postgres reads their names in any case.
    set.filter_map(|(name, value)| Some((name.key().to_ascii_lowercase(), scalar_text(value)?)))
        .collect()
}

/// More than any cluster has. Each is looked up among all entries.
const MOST_INSTANCES: usize = 500;

/// What the own configurations of all instances say alike of a parameter.
fn own_of_all(cluster: &Cluster<'_>, name: &str) -> Option<Fact<Option<String>>> {
    let map = kept(cluster).value().copied().flatten()?;
    let entries = map.at(&["data"])?.entries();
    let mut found: Option<Fact<Option<String>>> = None;
    let names = entries.map(|(key, _)| key.key());
    let names = names.filter(|name| name.ends_with("-local-config"));
    let names: Vec<_> = names.take(MOST_INSTANCES + 1).collect();
    if names.len() > MOST_INSTANCES {
        return None;
    }
    for entry in names {
        let written = by_pgo(cluster, &entry);
        let written = written.value()?.as_ref()?;
        let value = parameters_of(written).remove(name);
        let note = "the parameters of an instance";
        match &found {
            Some(first) if first.value() != Some(&value) => return None,
            Some(_) => {}
            None => found = Some(Fact::at(value, written.span, note)),
        }
    }
    found
}

/// All parameters that are set.
pub(super) fn all(cluster: &Cluster<'_>) -> Fact<Arc<Values>> {
    seen(cluster).map(|parameters| parameters.set)
}
