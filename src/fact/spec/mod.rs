//! Facts about a draft: a PostgresCluster manifest, and what it makes of the v4 cluster it replaces.
//!
//! Each file declares a table of facts (`FACTS`) beside the functions that read them. All facts of the v4 cluster can be
//! asked for under `v4.`; while no cluster is paired they are unknown.

mod access;
mod claim_spec;
mod compare;
mod configuration;
mod existing;
mod extras;
mod floor;
mod global;
mod identity;
mod image;
mod instances;
mod keys;
mod live_paths;
mod mesh;
mod misplaced;
mod pairing;
mod parameters;
mod pgbackrest_options;
mod problems;
mod reading;
mod repos;
mod shape;
mod source;
mod source_repo;
mod standby;
mod stores;
mod subject;
mod target;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod v4_keys;
mod volumes;

use std::sync::LazyLock;

pub use pairing::{Candidates, Pair, PairFlag, PairFlagError, Pairing};
pub use subject::{Draft, drafts};

use super::table::{FactDef, FactTable, Subject, Type};
use super::v4;
use crate::expr::Value;
use crate::manifest::Fact;

/// The subject of these facts: a draft of a v5 cluster.
pub struct V5Draft;

impl Subject for V5Draft {
    type Of<'a> = Draft<'a>;
}

/// A fact about a draft.
pub type DraftFact = FactDef<V5Draft>;

/// An entry of a table.
const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Draft<'a>) -> Fact<Value>,
) -> DraftFact {
    FactDef {
        name,
        ty,
        meaning,
        read,
    }
}

/// Every fact about a draft, and under `v4.` every fact about the v4 cluster it replaces.
pub static FACTS: LazyLock<FactTable<V5Draft>> = LazyLock::new(|| {
    let [claims, repository, settings, v4_cluster, people] = compare::FACTS;
    let own = FactTable::new(&[
        identity::FACTS,
        shape::FACTS,
        floor::FACTS,
        target::FACTS,
        volumes::FACTS,
        volumes::DATA,
        volumes::WAL,
        volumes::REPO,
        source::FACTS,
        standby::FACTS,
        instances::FACTS,
        claim_spec::DATA,
        claim_spec::WAL,
        claim_spec::REPO,
        repos::FACTS,
        source_repo::FACTS,
        stores::FACTS,
        global::FACTS,
        configuration::FACTS,
        image::FACTS,
        parameters::FACTS,
        access::FACTS,
        extras::FACTS,
        v4_keys::FACTS,
        misplaced::FACTS,
        existing::FACTS,
        live_paths::FACTS,
        mesh::FACTS,
        pairing::FACTS,
        claims,
        repository,
        settings,
        v4_cluster,
        people,
    ]);
    own.borrowing("v4.", &v4::FACTS, |draft, number| draft.v4_fact(number))
});
