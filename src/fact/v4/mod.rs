//! Facts about a PGO v4 cluster.
//!
//! Each file declares a table of facts (`FACTS`) beside the functions that read them. What several facts share
//! (the instances, the primary, the claims) is worked out once per cluster and kept in the [`Cluster`].

mod access;
mod addons;
mod backup;
mod claims;
mod facts;
pub(super) mod fields;
mod fsgroup;
mod identity;
pub(super) mod image;
mod instances;
mod job;
mod listings;
mod mounts;
mod operators;
mod patroni;
mod pgo_yaml;
mod platform;
mod postgres;
mod primary;
mod readiness;
mod replicas;
mod repo;
mod row;
pub(super) mod seen;
mod services;
mod settings;
mod status;
mod subject;
mod surroundings;
mod tablespaces;
pub(super) mod target;
#[cfg(test)]
pub(super) mod testing;
mod traces;
mod workflow;
mod workload;

pub use facts::FACTS;
pub use operators::{Generation, Operator, Operators};
use row::row;
pub use row::{ClusterFact, V4Cluster};
pub use subject::{Cluster, clusters};
pub use surroundings::Surroundings;
pub use target::TargetSet;
<<<<<<< HEAD
=======

use super::table::{FactDef, FactTable, Subject, Type};
use crate::expr::Value;
use crate::manifest::Fact;

/// The subject of these facts: a PGO v4 cluster.
pub struct V4Cluster;

impl Subject for V4Cluster {
    type Of<'a> = Cluster<'a>;
}

/// A fact about a v4 cluster.
pub type ClusterFact = FactDef<V4Cluster>;

/// One row of a table of facts.
const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Cluster<'a>) -> Fact<Value>,
) -> ClusterFact {
    FactDef {
        name,
        ty,
        meaning,
        read,
    }
}

/// Every fact about a v4 cluster.
pub static FACTS: LazyLock<FactTable<V4Cluster>> = LazyLock::new(|| {
    FactTable::new(&[
        identity::FACTS,
        status::FACTS,
        settings::FACTS,
        primary::FACTS,
        replicas::FACTS,
        claims::DATA,
        claims::WAL,
        claims::REPO,
        claims::MORE,
        claims::WAL_USE,
        tablespaces::FACTS,
        repo::FACTS,
        backup::FACTS,
        postgres::FACTS,
        patroni::FACTS,
        access::FACTS,
        addons::FACTS,
        services::FACTS,
        operators::FACTS,
        pgo_yaml::FACTS,
        platform::FACTS,
        target::FACTS,
    ])
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_facts_share_a_name() {
        assert_eq!(FACTS.duplicate(), None);
    }
}
>>>>>>> f3f70e8 (Living v5 clusters and migrations as subjects of their own, with facts and first rules)
