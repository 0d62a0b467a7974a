//! What an entry of a table of facts about the course of a move is.

use super::subject::Course;
use crate::expr::Value;
use crate::fact::{FactDef, Reader, Subject, Type};
use crate::manifest::Fact;

/// The subject of these facts: the course of a move.
pub struct V4OnItsWay;

impl Subject for V4OnItsWay {
    type Of<'a> = Course<'a>;
}

/// A fact about the course of a move.
pub type CourseFact = FactDef<V4OnItsWay>;

/// An entry of a table.
pub(super) const fn row(
    name: &'static str,
    ty: Type,
    meaning: &'static str,
    read: for<'a> fn(&Course<'a>) -> Fact<Value>,
) -> CourseFact {
    FactDef {
        name,
        ty,
        meaning,
        read: Reader::<V4OnItsWay>::Whole(read),
        orders: &[],
    }
}
