//! A claim, as far as it can be told, and the claims that may be meant.

use std::sync::{Arc, OnceLock};

use crate::manifest::{Fact, Gaps, Object, Truth};

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
    /// Storage that the pod names itself, as a host path: there is no claim to adopt.
    Inline,
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
    pub(super) claims: Vec<Claim<'a>>,
    /// Why it is not known which.
    pub(super) unsure: Gaps,
    /// What the list of candidates rests on.
    pub(super) assumes: Vec<Arc<str>>,
}

/// The candidates of each role, worked out on first use.
#[derive(Default)]
pub(in crate::fact::v4) struct Claims<'a> {
    pub(super) data: OnceLock<Candidates<'a>>,
    pub(super) wal: OnceLock<Candidates<'a>>,
    pub(super) repo: OnceLock<Candidates<'a>>,
    /// Whether everything was seen that can mount any of them.
    pub(super) mounters_seen: OnceLock<Fact<()>>,
}

impl<'a> Candidates<'a> {
    pub(super) fn one(claim: Claim<'a>) -> Self {
        Candidates {
            claims: vec![claim],
            unsure: Gaps::default(),
            assumes: Vec::new(),
        }
    }

    /// The claims, when it is known that no other can be meant.
    pub fn all(&self) -> &[Claim<'a>] {
        &self.claims
    }

    /// What is true of the claim; of several candidates only what is true of all of them.
    pub fn ask<T: PartialEq>(&self, read: impl Fn(&Claim<'a>) -> Fact<T>) -> Fact<T> {
        self.common(self.claims.iter().map(read))
    }

    /// What the volume is backed by, whichever claim is meant.
    pub(in crate::fact::v4) fn storage(&self) -> Fact<Storage> {
        self.ask(|claim| claim.storage.clone())
    }

    /// The value that the facts about all candidates share.
    pub(super) fn common<T: PartialEq>(&self, mut facts: impl Iterator<Item = Fact<T>>) -> Fact<T> {
        let unsure = || Fact::Unknown(Arc::clone(&self.unsure));
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
