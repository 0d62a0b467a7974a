//! What was found out about one object, for the next schema that it is checked by.

use std::collections::{HashMap, HashSet};

use super::shape::ShapeId;
use crate::allowance::Work;
use crate::expr::Value;
use crate::manifest::{Node, NodeId};

/// How many bytes an object takes as written.
pub(super) fn written(object: Node<'_>) -> usize {
    let span = object.span();
    span.end.saturating_sub(span.start) as usize
}

/// A value of an object by a shape.
pub(super) type Place = (NodeId, ShapeId);

/// What was found out about one object, for the next schema of the same arena.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// Whether there is a next one.
    pub(super) several: bool,
    /// The object's own metadata are in order.
    pub(super) metadata: bool,
    /// Keys of unknown fields for which advice was given.
    pub(super) advised: HashSet<NodeId>,
    /// What nothing is wrong with by any of the schemas, rules aside.
    pub(super) right_by_all: HashSet<NodeId>,
    /// What nothing is wrong with by the shape it was looked at with, rules aside.
    pub(super) right: HashSet<Place>,
    /// What breaks no rule, and its value as rules see it if any asked for it.
    pub(super) values: HashMap<Place, Option<Value>>,
    /// How much more may be done and said about it.
    pub(super) allowance: Work,
}
