//! What was found out about one object, for the next schema that it is checked by.

use crate::allowance::Work;
use crate::expr::Value;
use crate::hashing::{HashMap, HashSet};
use crate::manifest::{Node, NodeId};
use crate::schema::shape::ShapeId;

/// How many bytes an object takes as written.
pub(in crate::schema) fn written(object: Node<'_>) -> usize {
    let span = object.span();
    span.end.saturating_sub(span.start) as usize
}

/// A value of an object by a shape.
pub(in crate::schema) type Place = (NodeId, ShapeId);

/// What was found out about one object, for the next schema of the same arena.
#[derive(Debug, Default)]
pub(in crate::schema) struct Memo {
    /// Whether there is a next one.
    pub(in crate::schema) several: bool,
    /// The object's own metadata are in order.
    pub(in crate::schema) metadata: bool,
    /// Keys of unknown fields for which advice was given, and the field that each is meant to be.
    pub(in crate::schema) advised: HashMap<NodeId, Option<String>>,
    /// What nothing is wrong with by any of the schemas, rules aside.
    pub(in crate::schema) right_by_all: HashSet<NodeId>,
    /// What nothing is wrong with by the shape it was looked at with, rules aside.
    pub(in crate::schema) right: HashSet<Place>,
    /// What breaks no rule, and its value as rules see it if any asked for it.
    pub(in crate::schema) values: HashMap<Place, Option<Value>>,
    /// How much more may be done and said about it.
    pub(in crate::schema) allowance: Work,
}
