//! All facts about the course of a move as one table.

use std::sync::LazyLock;

use super::row::V4OnItsWay;
use super::{aim, backups, counted, delivery, manifest, progress};
use crate::fact::table::FactTable;
use crate::fact::{moved, v4};

/// Every fact about the course of a move: its own, those of the v4 cluster, and those of the migration (`live.`, `spec.`,
/// `moved.`, `v4.`).
#[allow(clippy::redundant_closure_for_method_calls)] // the methods themselves are not general enough in their lifetimes
pub static FACTS: LazyLock<FactTable<V4OnItsWay>> = LazyLock::new(|| {
    let own = FactTable::new(&[
        progress::FACTS,
        aim::FACTS,
        manifest::FACTS,
        backups::FACTS,
        delivery::FACTS,
        counted::FACTS,
    ]);
    let with_v4 = own.borrowing("", &v4::FACTS, |course, number| course.v4_fact(number));
    with_v4.borrowing("", &moved::FACTS, |course, number| {
        course.moved_fact(number)
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
