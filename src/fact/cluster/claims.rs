//! The three claims of a cluster: the primary's data, its WAL, and the pgBackRest repository; each with its volume.
//!
//! Where the primary is not known but all instances are, every instance's claim is a candidate, and what all
//! candidates share is known nevertheless.

mod facts;
mod holds;
#[cfg(test)]
mod tests;
mod volume;
mod wal;

use std::cell::OnceCell;

use super::fields::text;
use super::instances::Instance;
use super::primary::Primary;
use super::seen::resting_on;
use super::workload::{Volume, volume};
use super::{Cluster, ClusterFact, row};
use crate::expr::Version;
use crate::manifest::{Fact, Gap, Kind, Object, Truth};

pub(super) use facts::{DATA, MORE, REPO, WAL, mode_of};
pub(super) use holds::{Holds, data_claims, holds, sole_candidate};
pub(super) use wal::WAL_USE;

/// Which claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The primary's data.
    Data,
    /// The primary's WAL, where it has a volume of its own.
    Wal,
    /// The pgBackRest repository.
    Repo,
}

/// What a volume of the cluster is backed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A PersistentVolumeClaim.
    Claim,
    /// Storage that goes with the pod.
    EmptyDir,
    /// The cluster has no such volume.
    None,
}

/// One claim, as far as it can be told.
#[derive(Debug)]
pub struct Claim<'a> {
    /// What the volume is backed by.
    pub storage: Fact<Storage>,
    /// The claim's name; `""` when it is no claim.
    pub name: Fact<String>,
    /// The claim; `None` when there is none.
    pub object: Fact<Option<&'a Object>>,
    /// Its PersistentVolume; `None` when it has none.
    pub volume: Fact<Option<&'a Object>>,
}

/// The claims that may be meant.
#[derive(Debug)]
pub struct Candidates<'a> {
    /// One when it is known which; several or none otherwise.
    claims: Vec<Claim<'a>>,
    /// Why it is not known which.
    unsure: Vec<Gap>,
    /// What the list of candidates rests on.
    assumes: Vec<String>,
}

#[derive(Default)]
pub(super) struct Claims<'a> {
    data: OnceCell<Candidates<'a>>,
    wal: OnceCell<Candidates<'a>>,
    repo: OnceCell<Candidates<'a>>,
}

impl<'a> Cluster<'a> {
    /// The claims that may be meant by a role; one unless the primary is not known.
    pub fn claim(&self, role: Role) -> &Candidates<'a> {
        let claims = self.claims();
        let memo = match role {
            Role::Data => &claims.data,
            Role::Wal => &claims.wal,
            Role::Repo => &claims.repo,
        };
        memo.get_or_init(|| candidates(self, role))
    }
}

impl<'a> Candidates<'a> {
    fn one(claim: Claim<'a>) -> Self {
        Candidates {
            claims: vec![claim],
            unsure: Vec::new(),
            assumes: Vec::new(),
        }
    }

    /// The claims, when it is known that no other can be meant.
    pub fn all(&self) -> &[Claim<'a>] {
        &self.claims
    }

    /// What is true of the claim; of several candidates only what is true of all of them.
    pub fn ask<T: PartialEq>(&self, read: impl Fn(&Claim<'a>) -> Fact<T>) -> Fact<T> {
        self.common(self.claims.iter().map(read).collect())
    }

    /// The value that the facts about all candidates share.
    fn common<T: PartialEq>(&self, facts: Vec<Fact<T>>) -> Fact<T> {
        let unsure = || Fact::Unknown(self.unsure.clone());
        let mut facts = facts.into_iter();
        let Some(mut common) = facts.next() else {
            return unsure();
        };
        for fact in facts {
            common = match fact.both(common) {
                Fact::Known(Truth {
                    value: (next, known),
                    ..
                }) if known != next => return unsure(),
                pair => pair.map(|(_, known)| known),
            };
        }
        let assumptions = self.assumes.iter().cloned();
        assumptions.fold(common, Fact::assuming)
    }
}

fn candidates<'a>(cluster: &Cluster<'a>, role: Role) -> Candidates<'a> {
    if role == Role::Repo {
        return Candidates::one(claim(cluster, repository(cluster)));
    }
    let Primary { name, .. } = cluster.primary();
    let unsure = match name {
        Fact::Known(truth) => {
            let backing = resting_on(name, |name| of_instance(cluster, role, name));
            let mut one = Candidates::one(claim(cluster, backing));
            one.assumes.clone_from(&truth.assumes);
            return one;
        }
        Fact::Unknown(gaps) => gaps.clone(),
    };
    let (names, sure) = possible_primaries(cluster);
    let (names, assumes) = match sure {
        Fact::Known(truth) => (names, truth.assumes),
        Fact::Unknown(_) => (Vec::new(), Vec::new()),
    };
    let of = |name: &String| claim(cluster, of_instance(cluster, role, name));
    Candidates {
        claims: names.iter().map(of).collect(),
        unsure,
        assumes,
    }
}

/// The instances one of which is the primary, and whether there can be no others.
fn possible_primaries(cluster: &Cluster<'_>) -> (Vec<String>, Fact<()>) {
    if cluster.remains().value() == Some(&true) {
        let (claims, all) = data_claims(cluster);
        let names = claims.iter().map(|claim| claim.name.to_string());
        return (names.collect(), all);
    }
    let instances = cluster.instances();
    let names = instances.seen.iter().map(|one| one.name.clone());
    (names.collect(), instances.all.clone())
}

type Backing = Fact<(Storage, String)>;

fn claim<'a>(cluster: &Cluster<'a>, backing: Backing) -> Claim<'a> {
    let object = resting_on(&backing, |(storage, name)| match storage {
        Storage::Claim => cluster.object_named(Kind::PersistentVolumeClaim, name, "the claim"),
        Storage::EmptyDir | Storage::None => Fact::known(None),
    });
    Claim {
        storage: backing.clone().map(|(storage, _)| storage),
        name: backing.map(|(_, name)| name),
        volume: resting_on(&object, |object| volume::of_claim(cluster, *object)),
        object,
    }
}

/// What backs an instance's data or WAL: what its Deployment or pod mounts, else what the spec asks for.
fn of_instance(cluster: &Cluster<'_>, role: Role, name: &str) -> Backing {
    let volume_name = if role == Role::Data {
        "pgdata"
    } else {
        "pgwal"
    };
    let instance = cluster.instances().get(name);
    if let Some(object) = instance.and_then(runs) {
        let note = "what the instance mounts";
        match volume(object, volume_name, note) {
            Fact::Known(truth) if truth.value.is_none() && role == Role::Data => {}
            mounted => return mounted.and_then(|volume| backed_by(volume, object, volume_name)),
        }
    }
    if cluster.remains().value() == Some(&true) {
        return left_behind(cluster, role, name);
    }
    match role {
        Role::Wal => wal_by_spec(cluster, name),
        _ => data_by_spec(cluster, name),
    }
}

/// The object that shows an instance's volumes.
fn runs<'a>(instance: &Instance<'a>) -> Option<&'a Object> {
    instance
        .deployment
        .or_else(|| instance.pods.first().copied())
}

fn backed_by(volume: Option<Volume>, object: &Object, name: &str) -> Backing {
    match volume {
        Some(Volume::Claim { name, .. }) => Fact::known((Storage::Claim, name)),
        Some(Volume::EmptyDir) => Fact::known((Storage::EmptyDir, String::new())),
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
fn wal_by_spec(cluster: &Cluster<'_>, name: &str) -> Backing {
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

/// The repository host mounts the claim `<c>-pgbr-repo` whatever the storage type, but only some types make one.
fn repository(cluster: &Cluster<'_>) -> Backing {
    let name = format!("{}-pgbr-repo", cluster.name);
    if let Some(Some(host)) = cluster.repo_host().value() {
        let mounted = volume(host, "backrestrepo", "what the repository host mounts");
        if mounted.value() != Some(&None) {
            return mounted.and_then(|volume| backed_by(volume, host, "backrestrepo"));
        }
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
