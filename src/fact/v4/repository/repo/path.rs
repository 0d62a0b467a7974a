//! The repository's path: within its volume, or within the bucket.

use super::enabled;
use crate::expr::Version;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::mount::{Place, mounts, place, variable};
use crate::fact::v4::storage::claims::{Role, volume_of};
use crate::fact::v4::traces::{V4Order, asked, kept, running, source};
use crate::manifest::Fact;

const NOTE: &str = "the repository's path";

/// The repository's volume is mounted here.
const MOUNT: &str = "/backrestrepo";

/// Where PGO v4 puts the repository of a cluster unless told otherwise.
pub(super) fn default_of(cluster: &str) -> String {
    format!("{MOUNT}/{cluster}-backrest-shared-repo")
}

/// The path in effect; `""` without pgBackRest.
pub(in crate::fact::v4) fn path(cluster: &Cluster<'_>) -> Fact<String> {
    let path = &cluster.repository().path;
    path.get_or_init(|| in_effect(cluster)).clone()
}

/// Who tells the path.
pub(in crate::fact::v4) static PATH: V4Order = V4Order {
    what: "the repository's path",
    same: |one, other| one.trim_end_matches('/') == other.trim_end_matches('/'),
    sources: &[
        source(
            Trust::Runs,
            "PGBACKREST_REPO1_PATH of the Deployments",
            |cluster| {
                let names = ["PGBACKREST_REPO1_PATH", "PGBACKREST_REPO_PATH"];
                unless_empty_said(running(cluster, &names, NOTE))
            },
        ),
        source(
            Trust::Kept,
            "annotation repo-path of the repository's Secret",
            |cluster| unless_empty_said(kept(cluster, "repo-path", NOTE)),
        ),
        source(Trust::Wish, "spec.backrestRepoPath", |cluster| {
            asked(cluster, written(cluster))
        }),
        source(
            Trust::Default,
            "/backrestrepo/CLUSTER-backrest-shared-repo",
            |cluster| {
                // Of a Pgcluster that is not in the input it is not known that it leaves the path to PGO.
                let default = written(cluster).map(|_| Some(default_of(cluster.name)));
                default.into()
            },
        ),
    ],
};

fn in_effect(cluster: &Cluster<'_>) -> Fact<String> {
    let in_use = enabled(cluster);
    if in_use.value() == Some(&false) {
        return in_use.map(|_| String::new());
    }
    cluster.settled_text(&PATH)
}

/// What the Pgcluster says; before 4.3 it has no say.
fn written(cluster: &Cluster<'_>) -> Fact<String> {
    let field = cluster.string(&["spec", "backrestRepoPath"], NOTE);
    match cluster.version().value() {
        Some(version) if Some(*version) < Version::parse("4.3") => field.map(|_| String::new()),
        _ => field,
    }
}

fn unless_empty_said(answer: Answer) -> Answer {
    match answer {
        Answer::Says(truth) if truth.value.is_empty() => Fact::known(None).into(),
        answer => answer,
    }
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

/// The directory that a path means within the repository's volume; `""` for the volume's root and for a path elsewhere.
fn directory(path: &str) -> String {
    parts_below_mount(path).unwrap_or_default().join("/")
}

/// The directory of the repository within its volume: by where the repository host mounts it, else as PGO v4 mounts it.
pub(in crate::fact::v4) fn directory_of(cluster: &Cluster<'_>) -> Fact<String> {
    path(cluster).and_then(|path| {
        placed_on(cluster, &path).map(|place| match place {
            Place::At(directory) => directory,
            _ => String::new(),
        })
    })
}

/// Whether the repository is on its volume: at the mount point or below it.
pub(super) fn is_on_volume(cluster: &Cluster<'_>) -> Fact<bool> {
    path(cluster).and_then(|path| {
        let place = placed_on(cluster, &path);
        place.map(|place| matches!(place, Place::At(_)))
    })
}

fn placed_on(cluster: &Cluster<'_>, path: &str) -> Fact<Place> {
    let host = cluster.repo_host().value().copied().flatten();
    let volume = volume_of(Role::Repo);
    for object in host.into_iter().chain(cluster.repo_pods()) {
        match place(&mounts(object), volume, path) {
            Place::Unshown => {}
            Place::Variable => return Fact::unknown(variable(object, volume)),
            place => return Fact::known(place),
        }
    }
    Fact::known(match parts_below_mount(path) {
        Some(below) => Place::At(below.join("/")),
        None => Place::Elsewhere,
    })
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
