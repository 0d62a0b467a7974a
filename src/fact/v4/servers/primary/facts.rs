//! The facts about the primary.

use super::super::instances::{Instance, is_running};
use super::Trust;
use super::ready::trouble;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields::number;
use crate::fact::v4::objects::mount::{Place, mounts, place, variable};
use crate::fact::v4::objects::workload;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::storage::claims::{Role, volume_of};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "primary.name",
        Type::String,
        "the instance that is the current primary, by PGO's own order of trust; unknown where sources contradict each other and no running pod decides",
        |cluster| cluster.primary().name.clone().map(Value::from),
    ),
    row(
        "primary.certain",
        Type::Bool,
        "the primary is proven by a running pod or all sources agree; false: it is only probable",
        |cluster| cluster.primary().certain.clone().map(Value::from),
    ),
    row(
        "primary.proven",
        Type::String,
        "the primary, where that is certain; \"\" where it is only probable: what is told to be kept, or named in a warning, must be that",
        |cluster| {
            let primary = cluster.primary();
            let proven = primary.certain.clone().and_then(|certain| {
                if certain {
                    primary.name.clone()
                } else {
                    Fact::known(String::new())
                }
            });
            proven.map(Value::from)
        },
    ),
    row(
        "primary.sources",
        Type::Strings,
        "everything in the input that names a primary: \"annotation current-primary: hippo\"",
        told,
    ),
    row(
        "primary.disagree",
        Type::Bool,
        "sources name different instances as the primary",
        |cluster| cluster.primary().disagree.clone().map(Value::from),
    ),
    row(
        "primary.running",
        Type::Bool,
        "a pod of the primary is running, whether or not Postgres is ready in it",
        |cluster| running(cluster).map(Value::from),
    ),
    row(
        "primary.ready",
        Type::Bool,
        "Postgres is ready in the primary's pod: by its container database, else the pod's conditions, else the Deployment's count of ready pods; assumed of a running pod whose status names none",
        |cluster| trouble(cluster).map(|trouble| trouble.is_empty().into()),
    ),
    row(
        "primary.trouble",
        Type::String,
        "what keeps the primary from serving, as \"pod hippo-5d8f-x2x4z has its container database not ready (CrashLoopBackOff)\"; \"\" where it is ready",
        |cluster| trouble(cluster).map(Value::from),
    ),
    row(
        "primary.dataDirectory",
        Type::String,
        "the primary's data directory inside its data claim",
        |cluster| data_directory(cluster).map(Value::from),
    ),
    row(
        "primary.dataPath",
        Type::String,
        "the path of the primary's data directory in its container; \"\" where nothing says it, and PGO's own counts",
        |cluster| data_path(cluster).map(Value::from),
    ),
    row(
        "primary.dataOutside",
        Type::Bool,
        "the primary's data directory is seen to be no directory of its data volume: the volume's root, or a path elsewhere",
        |cluster| data_outside(cluster).map(Value::from),
    ),
];

fn told(cluster: &Cluster<'_>) -> Fact<Value> {
    let sources = &cluster.primary().sources;
    let said: Vec<String> = sources
        .iter()
        .map(|source| format!("{}: {}", source.told_by, source.instance))
        .collect();
    let fact = Fact::known(Value::from(said));
    let fact = sources
        .iter()
        .fold(fact, |fact, s| fact.and_at(s.span, s.note));
    if sources.is_empty() {
        return fact.and_at(cluster.name_span(), "nothing names a primary");
    }
    fact
}

fn running(cluster: &Cluster<'_>) -> Fact<bool> {
    let proof = cluster
        .primary()
        .sources
        .iter()
        .find(|s| s.trust == Trust::Proof && s.told_by.starts_with("pod "));
    if let Some(source) = proof {
        return Fact::at(true, source.span, source.note);
    }
    if cluster.remains().value() == Some(&true) {
        return cluster.remains().clone().map(|_| false);
    }
    cluster.primary().name.clone().and_then(|name| {
        let instance = cluster.instances().get(&name);
        let pods = instance.map_or(&[][..], |instance| &instance.pods);
        if let Some(pod) = pods.iter().find(|pod| is_running(pod)) {
            return Fact::at(true, pod.name_span(), "a running pod");
        }
        let Some(deployment) = instance.and_then(|instance| instance.deployment) else {
            return if_complete(&cluster.pods().completeness, false);
        };
        let scaled = workload::replicas(deployment, "the number of pods asked for");
        let ready = number(deployment, &["status", "readyReplicas"], "the ready pods");
        scaled.and_then(|scaled| match scaled {
            0 => Fact::known(false),
            _ => ready.and_then(|ready| match ready {
                Some(1..) => Fact::known(true),
                _ if deployment.at(&["status"]).is_some() => Fact::known(false),
                _ => if_complete(&cluster.pods().completeness, false),
            }),
        })
    })
}

/// Where the data claim is mounted.
const MOUNTED: &str = "/pgdata";

/// The directory of the data claim; PGO names it after the instance. Of a path elsewhere its last part.
fn data_directory(cluster: &Cluster<'_>) -> Fact<String> {
    let name = cluster.primary().name.clone();
    let usual = name.map(|name| format!("{MOUNTED}/{name}"));
    let path = match written_path(cluster) {
        Some(path) => path.and_then(|path| match path.as_str() {
            "" => usual,
            _ => Fact::known(path),
        }),
        None => usual,
    };
    path.and_then(|path| {
        data_place(cluster, &path).map(|place| match place {
            Place::At(directory) if !directory.is_empty() => directory,
            _ => path.rsplit('/').next().unwrap_or_default().to_owned(),
        })
    })
}

/// Where a path lies on the data volume: as the primary's container mounts it, else as PGO v4 does.
fn data_place(cluster: &Cluster<'_>, path: &str) -> Fact<Place> {
    let name = cluster.primary().name.value();
    let instance = name.and_then(|name| cluster.instances().get(name));
    let volume = volume_of(Role::Data);
    for object in instance.into_iter().flat_map(Instance::objects) {
        match place(&mounts(object), volume, path) {
            Place::Unshown => {}
            Place::Variable => return Fact::unknown(variable(object, volume)),
            place => return Fact::known(place),
        }
    }
    let below = path
        .strip_prefix(MOUNTED)
        .filter(|rest| matches!(rest.chars().next(), None | Some('/')));
    Fact::known(below.map_or(Place::Elsewhere, |below| {
        Place::At(below.trim_matches('/').to_owned())
    }))
}

fn data_outside(cluster: &Cluster<'_>) -> Fact<bool> {
    data_path(cluster).and_then(|path| {
        if path.is_empty() {
            return Fact::known(false);
        }
        data_place(cluster, &path).map(|place| match place {
            Place::At(directory) => directory.is_empty(),
            _ => true,
        })
    })
}

fn data_path(cluster: &Cluster<'_>) -> Fact<String> {
    written_path(cluster).unwrap_or_else(|| {
        cluster.primary().name.clone().and_then(|name| {
            let instance = cluster.instances().get(&name);
            match instance.and_then(|one| one.deployment) {
                Some(deployment) => Fact::at(String::new(), deployment.name_span(), "the primary"),
                None => if_complete(&cluster.deployments().completeness, String::new())
                    .and_at(cluster.name_span(), "the cluster"),
            }
        })
    })
}

/// From the primary's environment; `None` where nothing that is seen says it. PGO 4.1 names the directory alone.
fn written_path(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    let name = &cluster.primary().name;
    let path = name.clone().and_then(|name| {
        let instance = cluster.instances().get(&name);
        let objects = instance.into_iter().flat_map(Instance::objects);
        for object in objects.filter(|object| object.kind != Kind::Pgreplica) {
            for variable in ["PATRONI_POSTGRESQL_DATA_DIR", "PGDATA_PATH_OVERRIDE"] {
                let path = workload::env(object, variable, "the path of the data directory");
                match path {
                    Fact::Known(truth) if truth.value.is_none() => {}
                    path => {
                        return path
                            .map(|path| absolute(&path.unwrap_or_default()))
                            .map(Some);
                    }
                }
            }
        }
        Fact::known(None)
    });
    match path.value() {
        Some(None) => None,
        _ => Some(path.map(Option::unwrap_or_default)),
    }
}

/// A path without detours; `""` for none.
fn absolute(path: &str) -> String {
    let path = path.trim();
    if path.is_empty() {
        return String::new();
    }
    let whole = match path.strip_prefix('/') {
        Some(_) => path.to_owned(),
        None => format!("{MOUNTED}/{path}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in whole.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
