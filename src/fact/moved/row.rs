//! What an entry of a table of facts about a migration is.

use super::subject::Migration;
use crate::expr::Value;
use crate::fact::{FactDef, Reader, Subject, Type};
use crate::manifest::Fact;

/// The subject of these facts: a migration.
pub struct V4ToV5;

impl Subject for V4ToV5 {
    type Of<'a> = Migration<'a>;
}

/// A fact about a migration.
pub type MigrationFact = FactDef<V4ToV5>;

/// An entry of a table.
pub(super) const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Migration<'a>) -> Fact<Value>,
) -> MigrationFact {
    FactDef {
        name,
        ty,
        meaning,
        read: Reader::<V4ToV5>::Whole(read),
        orders: &[],
    }
}
