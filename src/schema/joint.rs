//! A place of several schemas at once: most manifests are right by all of them, and are found so in one walk.
//!
//! It must not report anything: where something may be wrong, each schema is asked for itself.

use std::sync::{Arc, OnceLock};

use super::family::Memo;
use super::lists;
use super::metadata;
use super::shape::{Schema, Shape, ShapeId};
use super::value;
use super::walk::{Walk, has_type};
use super::worth;
use crate::manifest::Node;

/// What some schemas of one arena say of one place. What is below it is put together when a manifest first has it.
#[derive(Debug)]
pub(super) struct Joint {
    /// The shapes of the place, each once.
    shapes: Box<[ShapeId]>,
    /// Of these, those that demand something of the value itself that the others do not.
    demands: Box<[ShapeId]>,
    /// The fields that each of the shapes names, sorted.
    fields: Box<[(Arc<str>, Below)]>,
    /// What other fields must be, where each shape says so.
    additional: Below,
    items: Below,
}

/// What the shapes of a place say of a field.
enum Field<'j> {
    Known(&'j Joint),
    /// All of them let anything stand there.
    Free,
    /// They differ, or have no such field.
    Doubtful,
}

/// A place further down, or none where some shape knows none.
type Below = OnceLock<Option<Box<Joint>>>;

impl Joint {
    /// The place where these schemas, which must be of one arena, have these shapes.
    pub(super) fn new(schema: &Schema, mut shapes: Vec<ShapeId>) -> Joint {
        shapes.sort_unstable();
        shapes.dedup();
        let mut demands: Vec<ShapeId> = Vec::new();
        for id in &shapes {
            let same = |other: &ShapeId| same_demands(schema.shape(*id), schema.shape(*other));
            if !demands.iter().any(same) {
                demands.push(*id);
            }
        }
        let first = shapes.first().map(|id| &schema.shape(*id).properties);
        let named = first.into_iter().flatten().map(|(name, _)| name);
        let in_all = |name: &&Arc<str>| {
            let known = |id: &ShapeId| schema.shape(*id).property(name).is_some();
            shapes.iter().all(known)
        };
        let fields = named.filter(in_all);
        Joint {
            fields: fields
                .map(|name| (Arc::clone(name), Below::new()))
                .collect(),
            shapes: shapes.into(),
            demands: demands.into(),
            additional: Below::new(),
            items: Below::new(),
        }
    }

    /// Whether nothing at all is wrong with an object by any of the schemas, rules aside. `false` may also mean that this
    /// is hard to say.
    pub(super) fn is_right(&self, schema: &Schema, object: Node<'_>) -> bool {
        let mut walk = Walk::new(schema, Memo::default());
        metadata::check(&mut walk, object);
        object.is_map() && self.value_right(&mut walk, object, true)
    }

    /// Whether a value that is not null is right; `whole` says that it is the whole object.
    fn value_right<'n>(&self, walk: &mut Walk<'_, 'n>, node: Node<'n>, whole: bool) -> bool {
        for id in &self.demands {
            let shape = walk.schema.shape(*id);
            if shape.embedded || !has_type(node, shape.kind) {
                return false;
            }
            if let Some(checks) = &shape.checks {
                if checks.has_branches() {
                    return false;
                }
                value::check(walk, node, checks);
            }
        }
        if !walk.is_right() {
            return false;
        }
        if node.is_map() {
            self.fields_right(walk, node, whole)
        } else {
            !node.is_seq() || self.items_right(walk, node)
        }
    }

    fn fields_right<'n>(&self, walk: &mut Walk<'_, 'n>, node: Node<'n>, whole: bool) -> bool {
        let entries = worth::entries(node);
        for id in &self.demands {
            let given = |name: &str| {
                let found = entries.iter().find(|(known, ..)| known == name);
                found.is_some_and(|(.., value)| !value.is_null())
            };
            let required = &walk.schema.shape(*id).required;
            if !required.iter().all(|name| given(name)) {
                return false;
            }
        }
        entries.into_iter().all(|(name, _, value)| {
            if whole && matches!(&*name, "apiVersion" | "kind" | "metadata") {
                return true;
            }
            match self.field(walk.schema, &name) {
                // A server drops the status of a new object.
                _ if whole && name == "status" => false,
                Field::Free => true,
                Field::Doubtful => false,
                Field::Known(below) => value.is_null() || below.value_right(walk, value, false),
            }
        })
    }

    fn items_right<'n>(&self, walk: &mut Walk<'_, 'n>, node: Node<'n>) -> bool {
        let items = |shape: &Shape| shape.items;
        let Some(below) = self.below(walk.schema, &self.items, items) else {
            return false;
        };
        for id in &self.shapes {
            let shape = walk.schema.shape(*id);
            if let Some(items) = shape.items {
                lists::check(walk, node, shape, walk.schema.shape(items));
            }
        }
        let mut items = node.items();
        walk.is_right() && items.all(|item| !item.is_null() && below.value_right(walk, item, false))
    }

    fn field(&self, schema: &Schema, name: &str) -> Field<'_> {
        let place = self
            .fields
            .binary_search_by(|(known, _)| (**known).cmp(name));
        let below = if let Some((_, below)) = place.ok().and_then(|at| self.fields.get(at)) {
            self.below(schema, below, |shape| shape.property(name))
        } else {
            let mut shapes = self.shapes.iter().map(|id| schema.shape(*id));
            if shapes.any(|shape| shape.property(name).is_some()) {
                return Field::Doubtful;
            }
            let mut shapes = self.shapes.iter().map(|id| schema.shape(*id));
            if shapes.all(|shape| shape.additional.is_none() && shape.preserve_unknown) {
                return Field::Free;
            }
            self.below(schema, &self.additional, |shape| shape.additional)
        };
        below.map_or(Field::Doubtful, Field::Known)
    }

    fn below<'j>(
        &self,
        schema: &Schema,
        place: &'j Below,
        step: impl Fn(&Shape) -> Option<ShapeId>,
    ) -> Option<&'j Joint> {
        let joint = place.get_or_init(|| {
            let shapes = self.shapes.iter().map(|id| step(schema.shape(*id)));
            let shapes: Option<Vec<ShapeId>> = shapes.collect();
            shapes.map(|shapes| Box::new(Joint::new(schema, shapes)))
        });
        joint.as_deref()
    }
}

/// Whether two shapes demand the same of a value, what is below it aside.
fn same_demands(one: &Shape, other: &Shape) -> bool {
    one.kind == other.kind
        && one.embedded == other.embedded
        && one.required == other.required
        && one.checks == other.checks
}
