//! Lists whose items must differ: sets, and lists that are maps by some of their items' fields.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use super::walk::Walk;
use crate::manifest::{Node, Scalar};
use crate::schema::shape::{ListKind, Schema, Shape};
use crate::schema::violation::{Step, cropped};

/// The fields by which a shape's items must differ; all of them where it names none. Nothing where they may be alike.
fn keys(shape: &Shape) -> Option<&[Box<str>]> {
    let checks = shape.checks.as_ref();
    let unique = checks.is_some_and(|checks| checks.unique_items);
    match &shape.list {
        ListKind::Map(keys) => Some(keys),
        ListKind::Set => Some(&[]),
        ListKind::Atomic => unique.then_some(&[]),
    }
}

/// How a shape's items must differ: by which fields, with which defaults.
pub(in crate::schema) fn demand<'s>(
    schema: &'s Schema,
    shape: &'s Shape,
) -> Option<Vec<(&'s str, Option<&'s Json>)>> {
    let items = schema.shape(shape.items?);
    let default = |name: &str| schema.shape(items.property(name)?).default.as_ref();
    let keys = keys(shape)?.iter();
    Some(keys.map(|name| (&**name, default(name))).collect())
}

/// Reports every item that repeats an earlier one.
pub(in crate::schema) fn check<'n>(
    walk: &mut Walk<'_, 'n>,
    node: Node<'n>,
    shape: &Shape,
    items: &Shape,
) {
    let Some(keys) = keys(shape) else {
        return;
    };
    if node.items().nth(1).is_none() {
        return;
    }
    let mut first: HashMap<String, (usize, Node<'n>)> = HashMap::new();
    for (at, item) in node.items().enumerate() {
        let identity = if keys.is_empty() {
            canonical(item)
        } else {
            key(walk, item, items, keys)
        };
        let (earlier, there) = *first.entry(identity.clone()).or_insert((at, item));
        if earlier == at {
            continue;
        }
        let place = walk.place();
        let here = keys.first().and_then(|key| item.get(key)).unwrap_or(item);
        let there = keys.first().and_then(|key| there.get(key)).unwrap_or(there);
        walk.step(Step::Index(at), |walk| {
            let message = format!("{place} has `{}` twice", cropped(&identity));
            let mut violation = walk.breach("schema-duplicate", here.span(), message);
            let text = format!("first here, in {place}[{earlier}]");
            violation.related.push((there.span(), text));
            walk.report(violation);
        });
    }
}

/// What an item of a map-like list is known by, defaults included: `name: "a"`.
fn key(walk: &Walk<'_, '_>, item: Node<'_>, items: &Shape, keys: &[Box<str>]) -> String {
    let mut identity = String::new();
    for name in keys {
        let separator = if identity.is_empty() { "" } else { ", " };
        let _ = write!(identity, "{separator}{name}: ");
        let default = items
            .property(name)
            .and_then(|id| walk.schema.shape(id).default.as_ref());
        match item.get(name).filter(|value| !value.is_null()) {
            Some(value) => identity.push_str(&canonical(value)),
            None => match default {
                Some(default) => identity.push_str(&default.to_string()),
                None => identity.push_str("(none)"),
            },
        }
    }
    identity
}

/// A value in one spelling, whatever the order and style it is written in.
fn canonical(node: Node<'_>) -> String {
    match node.scalar() {
        Some(Scalar::Null) => "null".to_owned(),
        Some(Scalar::Bool(truth)) => truth.to_string(),
        Some(Scalar::Int(int)) => int.to_string(),
        Some(Scalar::Float(float)) => float.to_string(),
        Some(Scalar::Str(text)) => format!("{text:?}"),
        None if node.is_seq() => {
            let items: Vec<String> = node.items().map(canonical).collect();
            format!("[{}]", items.join(", "))
        }
        None => {
            let mut entries: Vec<String> = node
                .entries()
                .map(|(key, value)| format!("{:?}: {}", key.key(), canonical(value)))
                .collect();
            entries.sort();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
