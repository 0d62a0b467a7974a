//! The table of all facts about a v4 cluster.

use std::sync::LazyLock;

use super::clients::{access, addons, services};
use super::operator::{operators, percona, pgo_yaml, platform, target};
use super::postgres::patroni;
use super::repository::{backup, repo, writers};
use super::servers::{exec, primary, replicas};
use super::storage::{claims, foreign, tablespaces, unreached};
use super::work::{abandoned, attempt, contradictions, orphans, workflow};
use super::{V4Cluster, carried, identity, postgres, settings, status};
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
        orphans::FACTS,
        primary::FACTS,
        exec::FACTS,
        replicas::FACTS,
        claims::DATA,
        claims::WAL,
        claims::REPO,
        claims::MORE,
        claims::WAL_USE,
        tablespaces::FACTS,
        foreign::FACTS,
        unreached::FACTS,
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
