//! The pgBackRest repository: whether there is one, where, and how it is set up.

mod custom;
mod path;
mod remote;
mod schedules;
mod types;

use std::sync::OnceLock;

use super::traces::{in_environment, placed};
use super::workload::replicas;
use super::{Cluster, ClusterFact, row};
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::manifest::{Fact, Gap, Kind};

pub(super) use remote::differs;
pub(super) use types::{in_variables, normalised, types};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "repo.enabled",
        Type::Bool,
        "pgBackRest is in use; only PGO 4.1 can do without",
        |cluster| enabled(cluster).map(Value::from),
    ),
    row(
        "repo.types",
        Type::Strings,
        "where backups go: of \"posix\" (a volume), \"s3\", \"gcs\"; none without pgBackRest; unknown where Pgcluster and Deployments disagree",
        |cluster| types(cluster).map(Value::from),
    ),
    row(
        "repo.path",
        Type::String,
        "the repository's path in effect; \"\" without pgBackRest",
        |cluster| path::path(cluster).map(Value::from),
    ),
    row(
        "repo.customPath",
        Type::Bool,
        "the path is not the one PGO v4 takes by itself",
        |cluster| path::path(cluster).map(|path| path::is_custom(&path, cluster.name).into()),
    ),
    row(
        "repo.directory",
        Type::String,
        "the repository's directory in its volume: the path below /backrestrepo; \"\" for the volume's root and for a path elsewhere",
        |cluster| path::path(cluster).map(|path| path::directory(&path).into()),
    ),
    row(
        "repo.onVolume",
        Type::Bool,
        "the repository's path is on the volume of the repository: /backrestrepo itself, or below it",
        |cluster| path::path(cluster).map(|path| path::is_on_volume(&path).into()),
    ),
    row(
        "repo.sharedPath",
        Type::String,
        "the other cluster whose default path this is; \"\" for none",
        |cluster| path::path(cluster).map(|path| path::shared_with(&path, cluster.name).into()),
    ),
    row(
        "repo.bucket",
        Type::String,
        "the bucket of S3 or GCS; \"\" with neither",
        |cluster| remote::bucket(cluster).map(Value::from),
    ),
    row(
        "repo.endpoint",
        Type::String,
        "the endpoint of S3 or GCS; \"\" with neither, and for Google's own",
        |cluster| remote::endpoint(cluster).map(Value::from),
    ),
    row(
        "repo.region",
        Type::String,
        "the region of S3; \"\" without S3",
        |cluster| remote::region(cluster).map(Value::from),
    ),
    row(
        "repo.uriStyle",
        Type::String,
        "\"host\" or \"path\": how S3's bucket is addressed; \"\" without S3; PGO drops all S3 settings for any other word",
        |cluster| remote::uri_style(cluster).map(Value::from),
    ),
    row(
        "repo.keyType",
        Type::String,
        "the kind of key for GCS: \"service\" or \"token\"; \"\" without GCS",
        |cluster| remote::key_type(cluster).map(Value::from),
    ),
    row(
        "repo.verifyTLS",
        Type::Bool,
        "certificates of S3 are verified; true without S3",
        |cluster| remote::verify_tls(cluster).map(Value::from),
    ),
    row(
        "repo.privateEndpoint",
        Type::Bool,
        "the endpoint is not Amazon's or Google's own, so a private certificate authority is likely",
        |cluster| remote::endpoint(cluster).map(|endpoint| remote::is_private(&endpoint).into()),
    ),
    row(
        "repo.plainHttp",
        Type::Bool,
        "the endpoint begins with http://, or has port 80 or 9000",
        |cluster| remote::endpoint(cluster).map(|endpoint| remote::is_plain_http(&endpoint).into()),
    ),
    row(
        "repo.stanza",
        Type::String,
        "the stanza in the repository, \"db\" unless the Deployments say otherwise",
        |cluster| placed(cluster, stanza(cluster)).map(Value::from),
    ),
    row(
        "repo.customConfig",
        Type::Strings,
        "ConfigMaps and Secrets with pgBackRest options that are seen; empty only when there are none",
        |cluster| custom::names(cluster).map(Value::from),
    ),
    row(
        "repo.encrypted",
        Type::Bool,
        "the repository is encrypted; unknown where custom configuration is out of sight, as in a Secret",
        |cluster| custom::encrypted(cluster).map(Value::from),
    ),
    row(
        "repo.schedules",
        Type::Strings,
        "backup schedules that are seen, as \"full 0 1 * * *\"; empty only when there are none",
        |cluster| schedules::schedules(cluster).map(Value::from),
    ),
    row(
        "repo.retention",
        Type::Strings,
        "retention options that are seen, as \"repo1-retention-full=7\"; empty only when none is written anywhere",
        |cluster| schedules::retention(cluster).map(Value::from),
    ),
    row(
        "repo.hostRunning",
        Type::Bool,
        "the repository host is scaled up",
        |cluster| placed(cluster, host_running(cluster)).map(Value::from),
    ),
];

/// What several facts about the repository share, worked out on first use.
#[derive(Default)]
pub(super) struct Repository {
    enabled: OnceLock<Fact<bool>>,
    types: OnceLock<Fact<Vec<String>>>,
    path: OnceLock<Fact<String>>,
}

/// Whether the cluster has a repository.
pub(super) fn enabled(cluster: &Cluster<'_>) -> Fact<bool> {
    let enabled = &cluster.repository().enabled;
    enabled.get_or_init(|| in_use(cluster)).clone()
}

/// From 4.2 on every cluster has a repository; in 4.1 the label says.
fn in_use(cluster: &Cluster<'_>) -> Fact<bool> {
    const NOTE: &str = "whether pgBackRest is in use";
    if cluster.object.is_none() {
        return enabled_by_traces(cluster);
    }
    let label = cluster
        .userlabel("pgo-backrest", NOTE)
        .and_then(|label| match label.as_str() {
            "" => cluster.label("pgo-backrest", NOTE),
            _ => Fact::known(label),
        });
    if label.value().is_some_and(|label| label == "true") {
        return label.map(|_| true);
    }
    let always = Version::parse("4.2");
    match cluster.version() {
        Fact::Known(version) if Some(version.value) >= always => {
            Fact::Known(version.clone()).map(|_| true)
        }
        Fact::Known(_) => label.map(|_| false),
        // Only 4.1 writes "false", and only there it counts.
        Fact::Unknown(gaps) => match label.value().map(String::as_str) {
            Some("") => label.map(|_| true),
            _ => match enabled_by_traces(cluster) {
                Fact::Unknown(_) => Fact::Unknown(gaps.clone()),
                known @ Fact::Known(_) => known,
            },
        },
    }
}

/// A repository leaves its host, its claim or its Secret behind. That there are none proves nothing: what is in an
/// object store outlives them all.
fn enabled_by_traces(cluster: &Cluster<'_>) -> Fact<bool> {
    let names = [
        (Kind::Deployment, "backrest-shared-repo"),
        (Kind::PersistentVolumeClaim, "pgbr-repo"),
        (Kind::Secret, "backrest-repo-config"),
    ];
    for (kind, suffix) in names {
        let name = format!("{}-{suffix}", cluster.name);
        let trace = cluster.object_named(kind, &name, "belongs to the repository");
        if trace.value().is_some_and(Option::is_some) {
            return trace.map(|_| true);
        }
    }
    Fact::unknown(Gap {
        missing: format!("whether {} has a pgBackRest repository", cluster.name),
        ..cluster.gap_of_object()
    })
}

/// The command that lists what the repository holds.
pub(super) fn info(cluster: &Cluster<'_>) -> String {
    let (flag, name) = (cluster.namespace_flag(), cluster.name);
    format!(
        "kubectl exec {flag}deployment/{name}-backrest-shared-repo -c database -- pgbackrest info"
    )
}

/// PGO v4 always calls it `db`; only changed templates of its Deployments call it otherwise.
fn stanza(cluster: &Cluster<'_>) -> Fact<String> {
    let said = in_environment(cluster, &["PGBACKREST_STANZA"], "the stanza");
    said.map(|said| {
        said.filter(|name| !name.is_empty())
            .unwrap_or_else(|| "db".to_owned())
    })
}

fn host_running(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster.repo_host().and_then(|host| match host {
        Some(host) => replicas(host, "the repository host's replicas").map(|count| count > 0),
        None => Fact::known(false),
    })
}

#[cfg(test)]
mod tests;
