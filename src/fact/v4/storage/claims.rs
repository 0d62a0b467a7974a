//! The three claims of a cluster: the primary's data, its WAL, and the pgBackRest repository; each with its volume.
//!
//! Where the primary is not known but all instances are, every instance's claim is a candidate, and what all
//! candidates share is known nevertheless.

mod ages;
mod backing;
mod claim;
mod condition;
mod facts;
mod holds;
mod mode;
mod mounting;
mod table;
#[cfg(test)]
mod tests;
mod volume;
mod wal;

use std::sync::Arc;

use crate::fact::v4::Cluster;
use crate::fact::v4::seen::resting_on;
use crate::fact::v4::servers::primary::Primary;
use crate::manifest::{Fact, Gaps, Kind};
pub(in crate::fact::v4) use ages::birth;
pub(in crate::fact::v4) use backing::volume_of;
use backing::{Backing, of_instance, repository, wal_by_spec};

pub(in crate::fact::v4) use claim::{Candidates, Claim, Claims, Role, Storage};
pub(in crate::fact::v4) use holds::{Holds, data_claims, holds, sole_candidate};
pub(in crate::fact::v4) use mode::mode_of;
pub(in crate::fact::v4) use table::{DATA, MORE, REPO, WAL};
pub(in crate::fact::v4) use wal::{WAL_USE, WAL_VOLUME};

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
        Fact::Unknown(gaps) => Arc::clone(gaps),
    };
    let (names, sure) = possible_primaries(cluster);
    let (names, assumes) = match sure {
        Fact::Known(truth) => (names, truth.assumes),
        Fact::Unknown(_) => (Vec::new(), Vec::new()),
    };
    let of = |name: &String| claim(cluster, of_instance(cluster, role, name));
    let mut claims: Vec<Claim<'a>> = names.iter().map(of).collect();
    if claims.is_empty() && role == Role::Wal {
        claims.extend(wal_of_any(cluster, &unsure));
    }
    Candidates {
        claims,
        unsure,
        assumes,
    }
}

/// Whether instances have WAL volumes is one setting for all: it is known even where the claim's name is not.
fn wal_of_any<'a>(cluster: &Cluster<'a>, unsure: &Gaps) -> Option<Claim<'a>> {
    let backing = wal_by_spec(cluster, "");
    let (storage, _) = backing.value()?;
    if *storage != Storage::Claim {
        return Some(claim(cluster, backing));
    }
    Some(Claim {
        storage: backing.map(|(storage, _)| storage),
        name: Fact::Unknown(Arc::clone(unsure)),
        object: Fact::Unknown(Arc::clone(unsure)),
        volume: Fact::Unknown(Arc::clone(unsure)),
    })
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

fn claim<'a>(cluster: &Cluster<'a>, backing: Backing) -> Claim<'a> {
    let object = resting_on(&backing, |(storage, name)| match storage {
        Storage::Claim => cluster.object_named(Kind::PersistentVolumeClaim, name, "the claim"),
        Storage::EmptyDir | Storage::Inline | Storage::None => Fact::known(None),
    });
    Claim {
        storage: backing.clone().map(|(storage, _)| storage),
        name: backing.map(|(_, name)| name),
        volume: resting_on(&object, |object| volume::of_claim(cluster, *object)),
        object,
    }
}
