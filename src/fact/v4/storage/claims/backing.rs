//! What backs the volumes of a cluster: what its Deployments and pods mount, else what its spec asks for, else what was
//! kept of it.

use super::claim::{Role, Storage};
use crate::expr::Version;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::text;
use crate::fact::v4::objects::workload::{Volume, volume, volumes_named};
use crate::fact::v4::servers::instances::{Instance, is_running};
use crate::manifest::{Fact, Gap, Kind, Object};

/// What backs a volume, and the claim's name where it is one.
pub(in crate::fact::v4) type Backing = Fact<(Storage, String)>;

/// What backs an instance's data or WAL: what its Deployment or pod mounts, else what the spec asks for.
pub(super) fn of_instance(cluster: &Cluster<'_>, role: Role, name: &str) -> Backing {
    let instance = cluster.instances().get(name);
    if let Some(mounted) = instance.and_then(|instance| mounted_by(instance, role)) {
        return mounted;
    }
    if cluster.remains().value() == Some(&true) {
        return left_behind(cluster, role, name);
    }
    match role {
        Role::Wal => {
            let asked = wal_by_spec(cluster, name);
            if cluster.instances().all.value().is_some() {
                return asked;
            }
            let words = format!("{} runs with what its Pgcluster asks for", cluster.name);
            asked.assuming(words.into())
        }
        _ => data_by_spec(cluster, name),
    }
}

/// What an instance mounts; `None` where nothing of it shows its volumes. What a pod runs with outranks what its Deployment
/// would have the next one run with.
pub(super) fn mounted_by(instance: &Instance<'_>, role: Role) -> Option<Backing> {
    let volume_name = volume_of(role);
    let of = |object: &Object| match volume(object, volume_name, "what the instance mounts") {
        // Every instance mounts its data: without it the object does not show the volumes.
        Fact::Known(truth) if truth.value.is_none() && !shows_volumes(object) => None,
        mounted => Some(mounted.and_then(|volume| backed_by(volume, object, volume_name))),
    };
    let running = instance.pods.iter().copied().filter(|pod| is_running(pod));
    rather_running(instance.runs().and_then(of), running.filter_map(of))
}

/// What a running pod has, where that is something else than what is wanted.
fn rather_running(
    wanted: Option<Backing>,
    running: impl Iterator<Item = Backing>,
) -> Option<Backing> {
    let said = wanted.as_ref().and_then(Fact::value).cloned();
    // A pod that lacks a volume may be shown without it.
    let shown = |one: &Backing| {
        one.value()
            .is_some_and(|(storage, _)| *storage != Storage::None)
    };
    let mut running = running.filter(shown);
    running.find(|one| one.value() != said.as_ref()).or(wanted)
}

/// The name that PGO v4 gives the volume in the pod.
pub(in crate::fact::v4) fn volume_of(role: Role) -> &'static str {
    match role {
        Role::Data => "pgdata",
        Role::Wal => "pgwal",
        Role::Repo => "backrestrepo",
    }
}

fn shows_volumes(object: &Object) -> bool {
    volumes_named(object, |name| name == "pgdata")
        .next()
        .is_some()
}

fn backed_by(volume: Option<Volume>, object: &Object, name: &str) -> Backing {
    match volume {
        Some(Volume::Claim { name, .. }) => Fact::known((Storage::Claim, name)),
        Some(Volume::EmptyDir) => Fact::known((Storage::EmptyDir, String::new())),
        Some(Volume::Inline) => Fact::known((Storage::Inline, String::new())),
        None => Fact::known((Storage::None, String::new())),
        Some(Volume::Other) => {
            let of = format!("{} {}", object.kind.info().name, object.name);
            Fact::unknown(Gap {
                missing: format!("what volume {name} of {of} holds"),
                because: "it is neither a claim nor an emptyDir".to_owned(),
                ask: format!("look at the volume {name} of {of}"),
            })
        }
    }
}

/// After the deletion only the claims themselves tell.
fn left_behind(cluster: &Cluster<'_>, role: Role, name: &str) -> Backing {
    if role == Role::Data {
        return Fact::known((Storage::Claim, name.to_owned()));
    }
    let name = format!("{name}-wal");
    if_kept(cluster, name)
}

/// A claim that was kept, or no volume where it is known that there is no such claim.
fn if_kept(cluster: &Cluster<'_>, name: String) -> Backing {
    let found = cluster.object_named(Kind::PersistentVolumeClaim, &name, "the claim");
    found.map(|claim| match claim {
        Some(_) => (Storage::Claim, name),
        None => (Storage::None, String::new()),
    })
}

/// The storage of an instance: the first one by `PrimaryStorage`, replicas by what their Pgreplica asked for.
fn data_by_spec(cluster: &Cluster<'_>, name: &str) -> Backing {
    cluster.of_object(|object| {
        if name == cluster.name {
            return by_spec(object, &["spec", "PrimaryStorage"], name, Storage::EmptyDir);
        }
        let instance = cluster.instances().get(name);
        let storage = ["spec", "replicastorage"];
        match instance.and_then(|instance| instance.pgreplica) {
            Some(pgreplica) if pgreplica.at(&storage).is_some() => {
                by_spec(pgreplica, &storage, name, Storage::EmptyDir)
            }
            _ => by_spec(object, &["spec", "ReplicaStorage"], name, Storage::EmptyDir),
        }
    })
}

/// Before 4.3 there is no WAL volume, whatever the spec says.
pub(in crate::fact::v4) fn wal_by_spec(cluster: &Cluster<'_>, name: &str) -> Backing {
    let first = Version::parse("4.3");
    let backing = cluster.of_object(|object| {
        let derived = format!("{name}-wal");
        by_spec(object, &["spec", "WALStorage"], &derived, Storage::None)
    });
    let none = backing
        .value()
        .is_some_and(|(storage, _)| *storage == Storage::None);
    if none {
        return backing;
    }
    cluster.version().clone().and_then(|version| {
        if Some(version) < first {
            return Fact::known((Storage::None, String::new()));
        }
        backing
    })
}

/// What PGO makes of one storage section: `existing` takes the claim named there, any other claim is called after the
/// instance.
fn by_spec(object: &Object, path: &[&str], derived: &str, unset: Storage) -> Backing {
    let field = |name| path.iter().copied().chain([name]).collect::<Vec<_>>();
    text(object, &field("storagetype"), "the storage type").and_then(|storage| {
        match storage.as_str() {
            "" => Fact::known((unset, String::new())),
            "existing" => text(object, &field("name"), "the existing claim")
                .map(|name| (Storage::Claim, name)),
            "create" | "dynamic" => Fact::known((Storage::Claim, derived.to_owned())),
            _ => Fact::known((Storage::EmptyDir, String::new())),
        }
    })
}

/// What the repository host mounts; `None` where nothing of it shows that.
fn mounted_by_host(cluster: &Cluster<'_>) -> Option<Backing> {
    let volume_name = volume_of(Role::Repo);
    let of = |host: &Object| {
        let mounted = volume(host, volume_name, "what the repository host mounts");
        let shown = mounted.value() != Some(&None);
        shown.then(|| mounted.and_then(|volume| backed_by(volume, host, volume_name)))
    };
    let host = cluster.repo_host();
    let wanted = host.value().copied().flatten().and_then(of);
    let running = cluster.repo_pods().filter(|pod| is_running(pod));
    rather_running(wanted, running.filter_map(of))
}

/// The repository host mounts the claim `<c>-pgbr-repo` whatever the storage type, but only some types make one.
pub(super) fn repository(cluster: &Cluster<'_>) -> Backing {
    let name = format!("{}-pgbr-repo", cluster.name);
    if let Some(mounted) = mounted_by_host(cluster) {
        return mounted;
    }
    let found = cluster.object_named(Kind::PersistentVolumeClaim, &name, "the claim");
    if let Fact::Known(truth) = &found
        && truth.value.is_some()
    {
        return found.map(|_| (Storage::Claim, name));
    }
    if cluster.remains().value() == Some(&true) {
        return if_kept(cluster, name);
    }
    let without = cluster.label("pgo-backrest", "pgBackRest switched off");
    without.and_then(|label| match label.as_str() {
        "false" => Fact::known((Storage::None, String::new())),
        _ => cluster.of_object(|object| {
            let backing = by_spec(
                object,
                &["spec", "BackrestStorage"],
                &name,
                Storage::EmptyDir,
            );
            backing.map(|(storage, _)| match storage {
                Storage::Claim => (storage, name),
                other => (other, String::new()),
            })
        }),
    })
}
