//! All facts about a migration as one table.

use std::sync::LazyLock;

use super::row::V4ToV5;
use super::{
    amounts, arrival, beside, clients, lineage, point_in_time, repositories, settings, wal,
};
use crate::fact::table::FactTable;
use crate::fact::{live, v4};

/// Every fact about a migration: its own, those of the living cluster (`live.`, `spec.`), those of the v4 cluster (`v4.`).
pub static FACTS: LazyLock<FactTable<V4ToV5>> = LazyLock::new(|| {
    let own = FactTable::new(&[
        lineage::FACTS,
        point_in_time::FACTS,
        beside::FACTS,
        settings::FACTS,
        amounts::FACTS,
        arrival::FACTS,
        repositories::FACTS,
        clients::FACTS,
        wal::FACTS,
    ]);
    let with_living = own.borrowing("", &live::FACTS, |migration, number| {
        migration.living_fact(number)
    });
    with_living.borrowing("v4.", &v4::FACTS, |migration, number| {
        migration.v4_fact(number)
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
