//! What an entry of a table of facts about a living v5 cluster is.

use super::subject::Living;
use crate::expr::Value;
use crate::fact::{FactDef, Reader, Subject, Type};
use crate::manifest::Fact;

/// The subject of these facts: a living v5 cluster.
pub struct V5Living;

impl Subject for V5Living {
    type Of<'a> = Living<'a>;
}

/// A fact about a living v5 cluster.
pub type LivingFact = FactDef<V5Living>;

/// An entry of a table.
pub(super) const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Living<'a>) -> Fact<Value>,
) -> LivingFact {
    FactDef {
        name,
        ty,
        meaning,
        read: Reader::<V5Living>::Whole(read),
        orders: &[],
    }
}
