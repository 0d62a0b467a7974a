//! The repository's path: within its volume, or within the bucket.

use super::super::Cluster;
use super::super::traces::{Said, agreed, first_said, in_environment, in_secret, unless_empty};
use super::enabled;
use crate::expr::Version;
use crate::manifest::{Fact, Gap};

const NOTE: &str = "the repository's path";

/// The repository's volume is mounted here.
const MOUNT: &str = "/backrestrepo";

/// Where PGO v4 puts the repository of a cluster unless told otherwise.
pub(super) fn default_of(cluster: &str) -> String {
    format!("{MOUNT}/{cluster}-backrest-shared-repo")
}

/// The path in effect; `""` without pgBackRest.
pub(super) fn path(cluster: &Cluster<'_>) -> Fact<String> {
    let path = &cluster.repository().path;
    path.get_or_init(|| in_effect(cluster)).clone()
}

fn in_effect(cluster: &Cluster<'_>) -> Fact<String> {
    let in_use = enabled(cluster);
    if in_use.value() == Some(&false) {
        return in_use.map(|_| String::new());
    }
    let running = || {
        in_environment(
            cluster,
            &["PGBACKREST_REPO1_PATH", "PGBACKREST_REPO_PATH"],
            NOTE,
        )
    };
    let resolved = || in_secret(cluster, "repo-path", NOTE);
    let written = written(cluster);
    match written.value() {
        Some(Some(_)) => agreed(
            written.map(Option::unwrap_or_default),
            running(),
            |here, there| Gap {
                missing: format!("the repository path of {} in effect", cluster.name),
                because: format!("the Pgcluster says {here}, its Deployments run with {there}"),
                ask: format!(
                    "kubectl exec {}deployment/{}-backrest-shared-repo -c database -- printenv PGBACKREST_REPO1_PATH",
                    cluster.namespace_flag(),
                    cluster.name
                ),
            },
        ),
        // The Pgcluster leaves it to the default; a Deployment that says otherwise is right.
        Some(None) => {
            let default = || written.clone().map(|_| Some(default_of(cluster.name)));
            first_said(&[
                &|| or_silent(running()),
                &|| or_silent(resolved()),
                &default,
            ])
        }
        None => {
            let unwritten = || written.clone();
            first_said(&[
                &|| unless_empty_said(running()),
                &|| unless_empty_said(resolved()),
                &unwritten,
            ])
        }
    }
}

/// What the Pgcluster says; before 4.3 it has no say.
fn written(cluster: &Cluster<'_>) -> Said {
    let field = unless_empty(cluster.string(&["spec", "backrestRepoPath"], NOTE));
    match cluster.version().value() {
        Some(version) if Some(*version) < Version::parse("4.3") => field.map(|_| None),
        _ => field,
    }
}

/// A source that need not be in the input.
fn or_silent(said: Said) -> Said {
    match said {
        Fact::Unknown(_) => Fact::known(None),
        known @ Fact::Known(_) => unless_empty_said(known),
    }
}

fn unless_empty_said(said: Said) -> Said {
    said.map(|text| text.filter(|text| !text.is_empty()))
}

/// The parts of a path below the mount of the repository's volume: none at the mount point itself, `None` elsewhere.
///
/// As the file system reads a path: empty parts and `.` say nothing, `..` goes up.
fn parts_below_mount(path: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    for part in path.strip_prefix('/')?.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mount = MOUNT.trim_start_matches('/');
    (parts.first() == Some(&mount)).then(|| parts.split_off(1))
}

/// Whether the repository is on its volume: at the mount point or below it.
pub(super) fn is_on_volume(path: &str) -> bool {
    parts_below_mount(path).is_some()
}

/// The directory within the repository's volume; `""` for the volume's root and for a path elsewhere.
pub(super) fn directory(path: &str) -> String {
    parts_below_mount(path).unwrap_or_default().join("/")
}

/// The other cluster whose default path this is; `""` for none.
pub(super) fn shared_with(path: &str, cluster: &str) -> String {
    let directory = directory(path);
    let owner = directory
        .strip_suffix("-backrest-shared-repo")
        .unwrap_or("");
    let other = owner != cluster && !owner.contains('/');
    if other {
        owner.to_owned()
    } else {
        String::new()
    }
}

/// Whether a path is not the one PGO v4 would take by itself.
pub(super) fn is_custom(path: &str, cluster: &str) -> bool {
    !path.is_empty() && path.trim_end_matches('/') != default_of(cluster)
}
