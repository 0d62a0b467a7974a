//! What one fact about a draft is.

use super::{Draft, V5Draft};
use crate::expr::Value;
use crate::fact::{Element, FactDef, Reader, Type};
use crate::manifest::Fact;

/// A fact about a draft.
pub type DraftFact = FactDef<V5Draft>;

/// An entry of a table.
pub(super) const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Draft<'a>) -> Fact<Value>,
) -> DraftFact {
    FactDef {
        name,
        ty,
        meaning,
        read: Reader::<V5Draft>::Whole(read),
        orders: &[],
    }
}

/// An entry of a list that rules go over with `each`.
pub(super) const fn each(
    name: &'static str,
    meaning: &'static str,
    fields: &'static [&'static str],
    read: for<'a> fn(&Draft<'a>) -> Fact<Vec<Element>>,
) -> DraftFact {
    FactDef {
        name,
        ty: Type::Elements,
        meaning,
        read: Reader::<V5Draft>::Each(fields, read),
        orders: &[],
    }
}
