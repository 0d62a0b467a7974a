//! A manifest's value as the API server's CEL sees it: unknown fields gone, defaults in place, numbers and times of
//! the type that the schema gives them.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::expr::Value;
use crate::hashing::HashSet;
use crate::manifest::{Node, Scalar};
use crate::schema::format;
use crate::schema::format::Format;
use crate::schema::shape::{Schema, Shape, ShapeId, Type};

/// A value that is present, by its shape.
pub(in crate::schema) fn value(schema: &Schema, node: Node<'_>, id: ShapeId) -> Value {
    let shape = schema.shape(id);
    if node.is_map() {
        let mut fields = Fields::new(schema, shape);
        for (name, _, value) in entries(node) {
            let field = shape.field(&name);
            let value = match field {
                None if shape.preserve_unknown => Some(Value::from(value)),
                field => field.and_then(|id| present(schema, value, id)),
            };
            fields.push(name, value);
        }
        return fields.finish(|_| true);
    }
    if node.is_seq() {
        let items = node.items();
        return match shape.items {
            Some(id) => Value::List(items.filter_map(|item| present(schema, item, id)).collect()),
            None => Value::from(node),
        };
    }
    scalar(node, shape)
}

/// A value, or none where it is null without being allowed to.
pub(in crate::schema) fn present(schema: &Schema, node: Node<'_>, id: ShapeId) -> Option<Value> {
    if !node.is_null() {
        return Some(value(schema, node, id));
    }
    let shape = schema.shape(id);
    shape.nullable.then_some(Value::Null)
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // integers of the schema fit
fn scalar(node: Node<'_>, shape: &Shape) -> Value {
    match (node.scalar(), shape.kind) {
        (Some(Scalar::Str(text)), _) => timed(text, shape).unwrap_or_else(|| text.into()),
        (Some(Scalar::Int(int)), Type::Number) => Value::Float(int as f64),
        (Some(Scalar::Float(float)), Type::Integer | Type::IntOrString) => Value::Int(float as i64),
        _ => Value::from(node),
    }
}

/// A text that the schema declares to be a time.
fn timed(text: &str, shape: &Shape) -> Option<Value> {
    match shape.checks.as_ref()?.format? {
        Format::Duration => format::duration(text)
            .map(|nanos| Value::Duration(jiff::SignedDuration::from_nanos(nanos))),
        Format::DateTime => text.parse().ok().map(Value::Time),
        Format::Date => format!("{text}T00:00:00Z").parse().ok().map(Value::Time),
        _ => None,
    }
}

/// What rules may see of an object's metadata.
pub(in crate::schema) fn metadata(node: Node<'_>) -> Value {
    let fields = ["generateName", "name"].into_iter();
    let fields = fields.filter_map(|name| Some((name, node.get(name)?)));
    Value::Map(
        fields
            .map(|(name, value)| (Arc::from(name), Value::from(value)))
            .collect(),
    )
}

/// One field of a mapping: its name, key and value.
pub(in crate::schema) type Entry<'n> = (Cow<'n, str>, Node<'n>, Node<'n>);

/// The entries of a mapping; of repeated keys the last.
pub(in crate::schema) fn entries(node: Node<'_>) -> Vec<Entry<'_>> {
    let entries = node.entries();
    let mut entries: Vec<Entry<'_>> = entries
        .map(|(key, value)| (key.key(), key, value))
        .collect();
    if repeats_a_name(&entries) {
        let mut seen = HashSet::default();
        entries.reverse();
        entries.retain(|(name, ..)| seen.insert(name.clone()));
        entries.reverse();
    }
    entries
}

fn repeats_a_name(entries: &[Entry<'_>]) -> bool {
    if entries.len() > 16 {
        let names: HashSet<&str> = entries.iter().map(|(name, ..)| &**name).collect();
        return names.len() < entries.len();
    }
    entries.iter().enumerate().any(|(at, (name, ..))| {
        let mut earlier = entries.iter().take(at);
        earlier.any(|(earlier, ..)| earlier == name)
    })
}

/// Collects the fields of an object, and adds the defaults of those that are missing.
pub(in crate::schema) struct Fields<'s> {
    schema: &'s Schema,
    shape: &'s Shape,
    entries: Vec<(Arc<str>, Value)>,
}

impl<'s> Fields<'s> {
    pub(in crate::schema) fn new(schema: &'s Schema, shape: &'s Shape) -> Self {
        Self {
            schema,
            shape,
            entries: Vec::new(),
        }
    }

    /// Adds a field; one without a value counts as missing.
    pub(in crate::schema) fn push(&mut self, name: Cow<'_, str>, value: Option<Value>) {
        let Some(value) = value else { return };
        let known = self
            .shape
            .properties
            .binary_search_by(|(known, _)| (**known).cmp(&name));
        let known = known.ok().and_then(|at| self.shape.properties.get(at));
        let name = known.map_or_else(|| Arc::from(name), |(known, _)| Arc::clone(known));
        self.entries.push((name, value));
    }

    /// The object, with the defaults of missing fields that are wanted.
    pub(in crate::schema) fn finish(mut self, wanted: impl Fn(&str) -> bool) -> Value {
        let given: HashSet<Arc<str>> = self
            .entries
            .iter()
            .map(|(name, _)| Arc::clone(name))
            .collect();
        for (name, id) in &self.shape.properties {
            let field = self.schema.shape(*id);
            if let Some(default) = &field.default
                && wanted(name)
                && !given.contains(name)
            {
                let value = from_json(self.schema, default, Some(*id), 0);
                self.entries.push((Arc::clone(name), value));
            }
        }
        Value::Map(self.entries.into())
    }
}

/// A default, with the defaults inside it.
fn from_json(schema: &Schema, json: &Json, id: Option<ShapeId>, depth: usize) -> Value {
    let shape = id.map(|id| schema.shape(id));
    match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::Bool(*truth),
        Json::Number(number) => match number.as_i64() {
            Some(int) if shape.is_none_or(|shape| shape.kind != Type::Number) => Value::Int(int),
            _ => Value::Float(number.as_f64().unwrap_or(0.0)),
        },
        Json::String(text) => shape
            .and_then(|shape| timed(text, shape))
            .unwrap_or_else(|| text.as_str().into()),
        _ if depth > 100 => Value::Null,
        Json::Array(items) => {
            let id = shape.and_then(|shape| shape.items);
            let items = items.iter();
            Value::List(
                items
                    .map(|item| from_json(schema, item, id, depth + 1))
                    .collect(),
            )
        }
        Json::Object(object) => {
            let anything = Shape::default();
            let shape = shape.unwrap_or(&anything);
            let mut fields = Fields::new(schema, shape);
            for (name, value) in object {
                let value = from_json(schema, value, shape.field(name), depth + 1);
                fields.push(Cow::Borrowed(name), Some(value));
            }
            fields.finish(|_| true)
        }
    }
}
