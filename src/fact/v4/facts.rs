//! The table of all facts about a v4 cluster.

use std::sync::LazyLock;

use super::V4Cluster;
use super::{
    abandoned, access, addons, attempt, backup, carried, claims, contradictions, identity,
    operators, patroni, percona, pgo_yaml, platform, postgres, primary, replicas, repo, services,
    settings, status, tablespaces, target, workflow, writers,
};
use crate::fact::FactTable;

/// Every fact about a v4 cluster.
pub static FACTS: LazyLock<FactTable<V4Cluster>> = LazyLock::new(|| {
    FactTable::new(&[
        identity::FACTS,
        status::FACTS,
        workflow::FACTS,
        settings::FACTS,
        abandoned::FACTS,
        attempt::FACTS,
        primary::FACTS,
        replicas::FACTS,
        claims::DATA,
        claims::WAL,
        claims::REPO,
        claims::MORE,
        claims::WAL_USE,
        tablespaces::FACTS,
        contradictions::FACTS,
        repo::FACTS,
        writers::FACTS,
        backup::FACTS,
        postgres::FACTS,
        postgres::preload::FACTS,
        patroni::FACTS,
        access::FACTS,
        addons::FACTS,
        services::FACTS,
        carried::FACTS,
        operators::FACTS,
        percona::FACTS,
        pgo_yaml::FACTS,
        platform::FACTS,
        target::FACTS,
        target::INSTALLED,
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
