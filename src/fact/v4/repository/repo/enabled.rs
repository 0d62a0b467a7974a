//! Whether there is a repository at all, and the command that shows it.

use crate::expr::Version;
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::workload::replicas;
use crate::fact::v4::servers::exec::in_repository_host;
use crate::manifest::{Fact, Gap, Kind, Object};

/// Whether the cluster has a repository.
pub(in crate::fact::v4) fn enabled(cluster: &Cluster<'_>) -> Fact<bool> {
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
        Fact::Known(_) => match host_runs(cluster) {
            Some(runs) => runs,
            None => label.map(|_| false),
        },
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

/// The label is a wish: a host that is there outranks it.
fn host_runs(cluster: &Cluster<'_>) -> Option<Fact<bool>> {
    let host = cluster.repo_host();
    let runs = |host: &Object| replicas(host, "the repository host's pods").value() != Some(&0);
    let seen = host.value().copied().flatten().filter(|host| runs(host));
    seen.map(|host| Fact::at(true, host.name_span(), "the repository host"))
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

/// The question what a repository holds, with options for `pgbackrest info` (" --repo1-type=s3", or none: the volume).
pub(in crate::fact::v4) fn info(cluster: &Cluster<'_>, options: &str) -> String {
    in_repository_host(cluster, &format!("pgbackrest info{options}"))
}
