//! All facts about a living v5 cluster as one table.

use std::sync::LazyLock;

use super::row::V5Living;
use super::{
    backups, claims, clients, conditions, configuration, image, jobs, mounts, operator, patroni,
    pgupgrade, source, stage, status, subject, upgrade, workload,
};
use crate::fact::spec;
use crate::fact::table::FactTable;

/// Every fact about a living v5 cluster, and under `spec.` every fact about its spec as written.
pub static FACTS: LazyLock<FactTable<V5Living>> = LazyLock::new(|| {
    let own = FactTable::new(&[
        status::FACTS,
        conditions::FACTS,
        source::FACTS,
        patroni::leader::FACTS,
        patroni::FACTS,
        configuration::FACTS,
        workload::FACTS,
        image::FACTS,
        clients::services::FACTS,
        jobs::FACTS,
        claims::FACTS,
        mounts::FACTS,
        backups::FACTS,
        clients::people::FACTS,
        stage::FACTS,
        operator::FACTS,
        pgupgrade::FACTS,
        upgrade::HOP,
        upgrade::END_OF_LIFE,
        upgrade::DEFINITION,
        upgrade::OPERATOR,
        upgrade::INSTALLER,
        upgrade::IMAGES,
        upgrade::PGBACKREST,
        upgrade::LEFTOVERS,
        upgrade::LIMITS,
        upgrade::SETTINGS,
        upgrade::REFUSED,
    ]);
    own.borrowing("spec.", &spec::FACTS, |living, number| {
        spec::FACTS
            .read(number, &living.spec)
            .unwrap_or_else(subject::unheard_of)
    })
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_facts_share_a_name() {
        assert_eq!(FACTS.duplicate(), None);
    }
}
