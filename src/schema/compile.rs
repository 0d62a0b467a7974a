//! One `openAPIV3Schema`, as written in a CRD, into a compiled [`Schema`].
//!
//! Keywords that only describe are skipped; a keyword that would need checking and cannot be is noted.

use std::sync::Arc;

use serde_json::Value as Json;

use super::format::{self, Format};
use super::rule::RuleText;
use super::shape::{Bound, Builder, Checks, ListKind, Schema, Shape, ShapeId, Type};
use crate::allowance::Patterns;
use crate::manifest::{Node, Scalar};

/// Deeper schemas are not compiled below this; real ones stay under 40.
const MAX_DEPTH: usize = 200;

/// Compiles a whole object's schema; gives back what is left for regular expressions.
pub(super) fn schema(node: Node<'_>, drops_status: bool, allowed: Patterns) -> (Schema, Patterns) {
    let mut compiler = Compiler {
        builder: Builder::of_the_input(allowed),
        depth: 0,
    };
    let root = compiler.shape(node);
    let left = compiler.builder.allowed().unwrap_or_default();
    let schema = Schema::new(compiler.builder.finish(), root, drops_status);
    (schema, left)
}

struct Compiler {
    builder: Builder,
    depth: usize,
}

impl Compiler {
    fn shape(&mut self, node: Node<'_>) -> ShapeId {
        if self.depth >= MAX_DEPTH {
            self.builder
                .leave_out(format!("fields nested more than {MAX_DEPTH} levels deep"));
            return self.builder.shape(anything());
        }
        self.depth += 1;
        let mut shape = Shape::default();
        let mut checks = Checks::default();
        for (key, value) in node.entries() {
            if !self.structure(&key.key(), value, &mut shape) {
                self.check(&key.key(), value, &mut checks);
            }
        }
        exclusive(node, &mut checks);
        if shape.kind == Type::IntOrString {
            // Written beside the extension by convention; it says the same.
            checks.any_of = Box::default();
        }
        shape.checks = (checks != Checks::default()).then(|| Box::new(checks));
        self.depth -= 1;
        self.builder.shape(shape)
    }

    /// Keywords that shape the tree; whether this is one.
    fn structure(&mut self, key: &str, value: Node<'_>, shape: &mut Shape) -> bool {
        match key {
            "type" if shape.kind != Type::IntOrString => shape.kind = kind(value.text()),
            "type" => {}
            "x-kubernetes-int-or-string" if truth(value) => shape.kind = Type::IntOrString,
            "nullable" => shape.nullable = truth(value),
            "x-kubernetes-preserve-unknown-fields" => shape.preserve_unknown = truth(value),
            "x-kubernetes-embedded-resource" => shape.embedded = truth(value),
            "properties" => {
                let mut properties: Vec<(Arc<str>, ShapeId)> = value
                    .entries()
                    .map(|(name, field)| (Arc::from(&*name.key()), self.shape(field)))
                    .collect();
                properties.sort_by(|a, b| a.0.cmp(&b.0));
                properties.dedup_by(|later, earlier| later.0 == earlier.0);
                shape.properties = properties.into();
            }
            "additionalProperties" => {
                shape.additional = match value.scalar() {
                    Some(Scalar::Bool(true)) => Some(self.builder.shape(anything())),
                    Some(_) => None,
                    None => Some(self.shape(value)),
                };
            }
            "items" => shape.items = Some(self.shape(value)),
            "required" => shape.required = texts(value),
            "x-kubernetes-list-type" => match value.text() {
                "set" => shape.list = ListKind::Set,
                "map" if shape.list == ListKind::Atomic => shape.list = ListKind::Map(Box::new([])),
                _ => {}
            },
            "x-kubernetes-list-map-keys" => shape.list = ListKind::Map(texts(value)),
            "default" => shape.default = Some(json(value, 0)),
            "x-kubernetes-validations" => {
                shape.rules = value
                    .items()
                    .filter_map(|rule| self.builder.rule(RuleText::read(rule)))
                    .collect();
            }
            _ => return false,
        }
        true
    }

    /// Keywords that narrow a value.
    fn check(&mut self, key: &str, value: Node<'_>, checks: &mut Checks) {
        match key {
            "minimum" => checks.minimum = bound(value),
            "maximum" => checks.maximum = bound(value),
            "multipleOf" => checks.multiple_of = bound(value),
            "minLength" => checks.min_length = count(value),
            "maxLength" => checks.max_length = count(value),
            "minItems" => checks.min_items = count(value),
            "maxItems" => checks.max_items = count(value),
            "minProperties" => checks.min_properties = count(value),
            "maxProperties" => checks.max_properties = count(value),
            "uniqueItems" => checks.unique_items = truth(value),
            "pattern" => checks.pattern = self.builder.pattern(value.text()),
            "format" => {
                checks.format = Format::named(value.text());
                if format::UNCHECKED.contains(&value.text()) {
                    self.builder
                        .leave_out(format!("the format {}", value.text()));
                }
            }
            "enum" => checks.one_of_these = value.items().map(|item| json(item, 0)).collect(),
            "allOf" => checks.all_of = self.shapes(value),
            "anyOf" => checks.any_of = self.shapes(value),
            "oneOf" => checks.one_of = self.shapes(value),
            "not" => checks.not = Some(self.shape(value)),
            "$ref" | "patternProperties" | "dependencies" | "additionalItems" => {
                self.builder.leave_out(format!("the schema keyword {key}"));
            }
            _ => {}
        }
    }

    fn shapes(&mut self, list: Node<'_>) -> Box<[ShapeId]> {
        list.items().map(|item| self.shape(item)).collect()
    }
}

/// A place where everything goes.
pub(super) fn anything() -> Shape {
    Shape {
        preserve_unknown: true,
        nullable: true,
        ..Shape::default()
    }
}

fn kind(name: &str) -> Type {
    match name {
        "object" => Type::Object,
        "array" => Type::Array,
        "string" => Type::String,
        "integer" => Type::Integer,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        _ => Type::Any,
    }
}

fn truth(node: Node<'_>) -> bool {
    node.scalar() == Some(Scalar::Bool(true))
}

fn texts(list: Node<'_>) -> Box<[Box<str>]> {
    list.items().map(|item| item.text().into()).collect()
}

#[allow(clippy::cast_precision_loss)] // the API server holds bounds as floats, too
fn bound(node: Node<'_>) -> Option<Bound> {
    let number = match node.scalar()? {
        Scalar::Int(int) => int as f64,
        Scalar::Float(float) => float,
        _ => return None,
    };
    Some(Bound {
        number,
        exclusive: false,
    })
}

fn exclusive(node: Node<'_>, checks: &mut Checks) {
    let flag = |key| node.get(key).is_some_and(truth);
    if let Some(bound) = &mut checks.minimum {
        bound.exclusive = flag("exclusiveMinimum");
    }
    if let Some(bound) = &mut checks.maximum {
        bound.exclusive = flag("exclusiveMaximum");
    }
}

fn count(node: Node<'_>) -> Option<u64> {
    match node.scalar()? {
        Scalar::Int(int) => u64::try_from(int).ok(),
        _ => None,
    }
}

/// A value as JSON; what is nested too deep becomes null.
pub(super) fn json(node: Node<'_>, depth: usize) -> Json {
    if depth > MAX_DEPTH {
        return Json::Null;
    }
    match node.scalar() {
        Some(Scalar::Null) => Json::Null,
        Some(Scalar::Bool(truth)) => truth.into(),
        Some(Scalar::Int(int)) => int.into(),
        Some(Scalar::Float(float)) => float.into(),
        Some(Scalar::Str(text)) => text.into(),
        None if node.is_seq() => node.items().map(|item| json(item, depth + 1)).collect(),
        None => Json::Object(
            node.entries()
                .map(|(key, value)| (key.key().into_owned(), json(value, depth + 1)))
                .collect(),
        ),
    }
}
