//! Facts about a migration: a PGO v4 cluster, and the living v5 cluster that it became.
//!
//! What each side says stands under `v4.` and `live.` (and `spec.` for the living spec as written); the tables here
//! compare. v4's half comes from exports made before the move, several of them joined by time, or from what still stands.

mod arrival;
mod lineage;
mod subject;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

pub use subject::{Migration, Moment, migrations};

use super::live;
use super::table::{FactDef, FactTable, Subject, Type};
use super::v4;
use crate::expr::Value;
use crate::manifest::Fact;

/// The subject of these facts: a migration.
pub struct V4ToV5;

impl Subject for V4ToV5 {
    type Of<'a> = Migration<'a>;
}

/// A fact about a migration.
pub type MigrationFact = FactDef<V4ToV5>;

/// An entry of a table.
const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Migration<'a>) -> Fact<Value>,
) -> MigrationFact {
    FactDef {
        name,
        ty,
        meaning,
        read,
    }
}

/// Every fact about a migration: its own, those of the living cluster (`live.`, `spec.`), those of the v4 cluster (`v4.`).
pub static FACTS: LazyLock<FactTable<V4ToV5>> = LazyLock::new(|| {
    let own = FactTable::new(&[lineage::FACTS, arrival::FACTS]);
    let with_living = own.borrowing("", &live::FACTS, |migration, number| {
        migration.living_fact(number)
    });
    with_living.borrowing("v4.", &v4::FACTS, |migration, number| {
        migration.v4_fact(number)
    })
});
