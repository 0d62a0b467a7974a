//! Whether the repository host serves. Every backup runs in it, and the WAL of a repository on a volume goes through it.

use super::enabled::enabled;
use super::types::types;
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::mount::mounts;
use crate::fact::v4::seen::resting_on;
use crate::fact::v4::servers::readiness::{Readiness, of_deployment, readiness};
use crate::fact::v4::storage::claims::{Role, volume_of};
use crate::manifest::{Fact, Gap, Object};

/// What keeps the repository host from serving, in words; `""` where it serves, and without pgBackRest.
///
/// In order of trust: its pods' containers and conditions, the Deployment's count of ready pods.
pub(super) fn trouble(cluster: &Cluster<'_>) -> Fact<String> {
    resting_on(&enabled(cluster), |enabled| match enabled {
        false => Fact::known(String::new()),
        true => cluster.repo_host().and_then(|host| {
            if let Some(host) = host {
                if let Some(only_reads) = only_reads(cluster, host) {
                    return only_reads;
                }
                return of_pods(cluster).unwrap_or_else(|| said_to_run(host));
            }
            let name = format!("{}-backrest-shared-repo", cluster.name);
            Fact::known(format!("there is no Deployment {name}"))
        }),
    })
}

/// The host that mounts the repository's volume for reading only: no backup and no WAL comes into it.
fn only_reads(cluster: &Cluster<'_>, host: &Object) -> Option<Fact<String>> {
    let volume = volume_of(Role::Repo);
    let mounts = mounts(host);
    let mount = mounts
        .iter()
        .find(|one| one.volume == volume && one.read_only)?;
    let used = types(cluster);
    let used = used.value()?.iter().any(|kind| kind == "posix");
    used.then(|| {
        let words = format!(
            "Deployment {} mounts its volume for reading only",
            host.name
        );
        Fact::at(words, mount.node.span(), "mounted for reading only")
    })
}

/// `None` where no pod of it is seen that says anything.
fn of_pods(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    let mut unready = None;
    let mut silent = None;
    for pod in cluster.repo_pods() {
        let told = match readiness(pod) {
            Fact::Unknown(gaps) => return Some(Fact::Unknown(gaps)),
            Fact::Known(truth) => truth.value,
        };
        match told {
            (Readiness::Ready, span) => return Some(Fact::at(String::new(), span, "it is ready")),
            (Readiness::NotReady(why), span) => {
                let words = format!("pod {} {why}", pod.name);
                unready.get_or_insert(Fact::at(words, span, "it is not ready"));
            }
            (Readiness::Unsaid, _) => silent = Some(pod),
        }
    }
    // A pod that says nothing of itself is not what the Deployment counted.
    let silent = silent.filter(|pod| pod.at(&["status", "phase"]).is_none());
    unready.or_else(|| {
        silent.map(|pod| {
            Fact::unknown(Gap {
                missing: format!("whether the repository host is ready in pod {}", pod.name),
                because: "it is in the input without its status".to_owned(),
                ..Gap::of_one(pod.kind, pod.namespace.as_deref(), &pod.name)
            })
        })
    })
}

fn said_to_run(host: &Object) -> Fact<String> {
    of_deployment(host).unwrap_or_else(|| {
        let assumption = format!("Deployment {} serves, which tells no status", host.name);
        Fact::at(String::new(), host.name_span(), "the repository host").assuming(assumption.into())
    })
}
