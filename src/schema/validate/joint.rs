//! A place of several schemas at once: most manifests are right by all of them, and are found so in one walk.
//!
//! It must not report anything: where something may be wrong, each schema is asked for itself.

use std::sync::{Arc, OnceLock};

use super::memo::Memo;
use super::value::has_type;
use super::walk::Walk;
use super::{lists, metadata, value};
use crate::hashing::HashSet;
use crate::manifest::{Node, NodeId};
use crate::schema::shape::{RuleId, Schema, Shape, ShapeId, Type};

/// What some schemas of one arena say of one place. What is below it is put together when a manifest first has it.
#[derive(Debug)]
pub(in crate::schema) struct Joint {
    /// The shapes of the place, each once.
    pub(in crate::schema) shapes: Box<[ShapeId]>,
    /// What any of them demands of the value itself, each thing once.
    kinds: Box<[Type]>,
    checks: Box<[ShapeId]>,
    required: Box<[Box<str>]>,
    /// How items must differ.
    lists: Box<[ShapeId]>,
    /// Whether one of them demands what is hard to say here.
    doubtful: bool,
    /// The fields that each of the shapes names, sorted.
    fields: Box<[(Arc<str>, Below)]>,
    /// What other fields must be, where each shape says so.
    additional: Below,
    items: Below,
    /// Whether one of them has CEL rules here or below.
    pub(in crate::schema) ruled: bool,
    /// The rules here, put together when a manifest first has the place.
    pub(in crate::schema) rules: OnceLock<Box<[Ruled]>>,
    /// Whether the same written value is the same to rules by each of them, what is below aside.
    pub(in crate::schema) alike: OnceLock<bool>,
}

/// What the shapes of a place say of a field.
pub(in crate::schema) enum Field<'j> {
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
    pub(in crate::schema) fn new(schema: &Schema, mut shapes: Vec<ShapeId>) -> Joint {
        shapes.sort_unstable();
        shapes.dedup();
        let all = || shapes.iter().map(|id| schema.shape(*id));
        let checks = first_of_each(&shapes, |id| schema.shape(id).checks.as_ref());
        let lists = first_of_each(&shapes, |id| lists::demand(schema, schema.shape(id)));
        let hard = |shape: &Shape| {
            let checks = shape.checks.as_ref();
            shape.embedded || checks.is_some_and(|checks| checks.has_branches())
        };
        let doubtful = all().any(hard);
        let ruled = all().any(|shape| shape.ruled);
        let kinds = once(all().map(|shape| shape.kind));
        let required = once(all().flat_map(|shape| shape.required.iter().cloned()));
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
            kinds,
            checks,
            required,
            lists,
            doubtful,
            additional: Below::new(),
            items: Below::new(),
            ruled,
            rules: OnceLock::new(),
            alike: OnceLock::new(),
        }
    }

    /// Whether nothing at all is wrong with an object by any of the schemas, rules aside. `false` may also mean that this
    /// is hard to say.
    pub(in crate::schema) fn is_right(&self, schema: &Schema, object: Node<'_>) -> bool {
        let mut walk = Walk::new(schema, Memo::default());
        metadata::check(&mut walk, object);
        object.is_map() && self.value_right(&mut walk, object, true)
    }

    /// The values below an object that are right by all of the schemas, the largest of them, where the whole is not.
    pub(in crate::schema) fn right_parts(
        &self,
        schema: &Schema,
        object: Node<'_>,
    ) -> HashSet<NodeId> {
        let mut right = HashSet::default();
        self.note_right(schema, object, true, &mut right);
        right
    }

    fn note_right(
        &self,
        schema: &Schema,
        node: Node<'_>,
        whole: bool,
        right: &mut HashSet<NodeId>,
    ) {
        let mut note = |below: &Joint, value: Node<'_>| {
            let mut walk = Walk::new(schema, Memo::default());
            if value.is_null() || below.value_right(&mut walk, value, false) {
                right.insert(value.id);
            } else {
                below.note_right(schema, value, false, right);
            }
        };
        for (key, value) in node.entries() {
            let name = key.key();
            let aside = whole && matches!(&*name, "apiVersion" | "kind" | "metadata" | "status");
            match self.field(schema, &name) {
                Field::Known(below) if !aside => note(below, value),
                _ => {}
            }
        }
        if let Some(below) = self.items(schema) {
            let items = node.items().filter(|item| !item.is_null());
            items.for_each(|item| note(below, item));
        }
    }

    /// Whether a value that is not null is right; `whole` says that it is the whole object.
    fn value_right<'n>(&self, walk: &mut Walk<'_, 'n>, node: Node<'n>, whole: bool) -> bool {
        if self.doubtful || !self.kinds.iter().all(|kind| has_type(node, *kind)) {
            return false;
        }
        for id in &self.checks {
            if let Some(checks) = &walk.schema.shape(*id).checks {
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

    /// Of a repeated key not only the last must be right, as a server has it, but each: that is simpler, and rare.
    fn fields_right<'n>(&self, walk: &mut Walk<'_, 'n>, node: Node<'n>, whole: bool) -> bool {
        let given = |name: &str| node.get(name).is_some_and(|value| !value.is_null());
        if !self.required.iter().all(|name| given(name)) {
            return false;
        }
        node.entries().all(|(key, value)| {
            let name = key.key();
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
        let Some(below) = self.items(walk.schema) else {
            return false;
        };
        for id in &self.lists {
            let shape = walk.schema.shape(*id);
            if let Some(items) = shape.items {
                lists::check(walk, node, shape, walk.schema.shape(items));
            }
        }
        let mut items = node.items();
        walk.is_right() && items.all(|item| !item.is_null() && below.value_right(walk, item, false))
    }

    /// What the items of a list are, where each shape says so.
    pub(in crate::schema) fn items(&self, schema: &Schema) -> Option<&Joint> {
        self.below(schema, &self.items, |shape| shape.items)
    }

    pub(in crate::schema) fn field(&self, schema: &Schema, name: &str) -> Field<'_> {
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

/// What several shapes say, each thing once.
fn once<T: PartialEq>(said: impl Iterator<Item = T>) -> Box<[T]> {
    let mut once: Vec<T> = Vec::new();
    for one in said {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once.into()
}

/// The first of the shapes that make a demand, for each different one.
fn first_of_each<T: PartialEq>(
    shapes: &[ShapeId],
    demand: impl Fn(ShapeId) -> Option<T>,
) -> Box<[ShapeId]> {
    let mut found: Vec<(T, ShapeId)> = Vec::new();
    for id in shapes {
        if let Some(demand) = demand(*id)
            && !found.iter().any(|(known, _)| *known == demand)
        {
            found.push((demand, *id));
        }
    }
    found.into_iter().map(|(_, id)| id).collect()
}

/// Shapes of one place that have the same rules.
#[derive(Debug)]
pub(in crate::schema) struct Ruled {
    pub(in crate::schema) rules: Box<[RuleId]>,
    pub(in crate::schema) shapes: Vec<ShapeId>,
}
