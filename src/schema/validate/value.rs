//! One value of the right type: bounds, lengths, enumerations, patterns, formats.

use serde_json::Value as Json;

use super::walk::Walk;
use crate::manifest::{Node, Scalar};
use crate::schema::format::Format;
use crate::schema::shape::{Bound, Checks, PatternId, Type};
use crate::schema::violation::{Violation, cropped};

/// A value that is not of the type it should be.
pub(in crate::schema) fn wrong_type(walk: &Walk<'_, '_>, node: Node<'_>, kind: Type) -> Violation {
    let wanted = match kind {
        Type::Any => "a value",
        Type::Object => "a mapping",
        Type::Array => "a list",
        Type::String => "a string",
        Type::Integer => "an integer",
        Type::Number => "a number",
        Type::Boolean => "true or false",
        Type::IntOrString => "an integer or a string",
    };
    let message = format!("{} must be {wanted}, not {}", walk.place(), shown(node));
    let mut violation = walk.breach("schema-wrong-type", walk.label(node), message);
    let text = node.text();
    match (kind, node.scalar()) {
        (Type::String, Some(Scalar::Int(_) | Scalar::Float(_) | Scalar::Bool(_))) => {
            violation.fix = Some("put it in quotes".to_owned());
            violation.replacement = Some(format!("\"{text}\""));
        }
        (Type::Integer, Some(Scalar::Str(_))) if text.parse::<i64>().is_ok() => {
            violation.fix = Some("write it without quotes".to_owned());
            violation.replacement = Some(text.to_owned());
        }
        (Type::Boolean, Some(Scalar::Str("true" | "false"))) => {
            violation.fix = Some("write it without quotes".to_owned());
            violation.replacement = Some(text.to_owned());
        }
        (Type::Array, None) => violation.fix = Some("begin each item with `- `".to_owned()),
        _ => {}
    }
    violation
}

/// How to call a value in a sentence.
pub(in crate::schema) fn shown(node: Node<'_>) -> String {
    match node.scalar() {
        None if node.is_seq() => "a list".to_owned(),
        None => "a mapping".to_owned(),
        Some(Scalar::Null) => "null".to_owned(),
        Some(_) if node.is_overwritten() => "a text".to_owned(),
        Some(Scalar::Str(text)) => format!("the string \"{}\"", cropped(text)),
        Some(Scalar::Bool(truth)) => format!("the boolean {truth}"),
        Some(Scalar::Int(_) | Scalar::Float(_)) => format!("the number {}", cropped(node.text())),
    }
}

/// A value of the right type in a sentence.
fn written(node: Node<'_>) -> String {
    match node.scalar() {
        Some(Scalar::Str(text)) => format!("\"{}\"", cropped(text)),
        Some(_) => cropped(node.text()),
        None => shown(node),
    }
}

/// Everything that a value of the right type must satisfy, other shapes aside.
pub(in crate::schema) fn check<'n>(walk: &mut Walk<'_, 'n>, node: Node<'n>, checks: &Checks) {
    if !checks.one_of_these.is_empty() && !checks.one_of_these.iter().any(|one| equals(node, one)) {
        let message = format!(
            "{} must be one of {}, not {}",
            walk.place(),
            listed(&checks.one_of_these),
            written(node)
        );
        let mut violation = walk.breach("schema-value", walk.label(node), message);
        if let Some(near) = nearest(node.text(), &checks.one_of_these) {
            violation.replace(near.to_owned());
        }
        walk.report_blocking(violation);
    }
    match node.scalar() {
        Some(Scalar::Str(text)) => check_text(walk, node, text, checks),
        Some(Scalar::Int(int)) => check_integer(walk, node, int, checks),
        Some(Scalar::Float(float)) => check_float(walk, node, float, checks),
        None => check_size(walk, node, checks),
        _ => {}
    }
}

/// The values of an enumeration, as many as a sentence can carry.
fn listed(values: &[Json]) -> String {
    const TOLD: usize = 40;
    let told = values.iter().take(TOLD);
    let mut told: Vec<String> = told.map(|value| cropped(&value.to_string())).collect();
    if values.len() > TOLD {
        told.push(format!("and {} more", values.len() - TOLD));
    }
    told.join(", ")
}

/// The enumerated text that differs only in case.
fn nearest<'j>(text: &str, known: &'j [Json]) -> Option<&'j str> {
    known
        .iter()
        .filter_map(Json::as_str)
        .find(|known| known.eq_ignore_ascii_case(text))
}

fn equals(node: Node<'_>, json: &Json) -> bool {
    match (node.scalar(), json) {
        (Some(Scalar::Str(text)), Json::String(other)) => text == other,
        (Some(Scalar::Bool(truth)), Json::Bool(other)) => truth == *other,
        (Some(Scalar::Int(int)), Json::Number(other)) => other.as_i64() == Some(int),
        (Some(Scalar::Float(float)), Json::Number(other)) => other.as_f64() == Some(float),
        (Some(Scalar::Null), Json::Null) => true,
        (None, Json::Array(_) | Json::Object(_)) => crate::schema::compile::json(node, 0) == *json,
        _ => false,
    }
}

/// Reports that a value does not do what it must.
pub(in crate::schema) fn refuse(
    walk: &mut Walk<'_, '_>,
    node: Node<'_>,
    requirement: &str,
    blocking: bool,
) {
    let mut message = format!("{} must {requirement}", walk.place());
    if !requirement.starts_with("not ") {
        message.push_str(", not ");
        message.push_str(&written(node));
    }
    let violation = walk.breach("schema-value", walk.label(node), message);
    if blocking {
        walk.report_blocking(violation);
    } else {
        walk.report(violation);
    }
}

fn check_text(walk: &mut Walk<'_, '_>, node: Node<'_>, text: &str, checks: &Checks) {
    if checks.max_length.is_some() || checks.min_length.is_some() {
        let length = text.chars().count() as u64;
        if let Some(max) = checks.max_length.filter(|max| length > *max) {
            let rule = format!("be at most {max} characters long ({length} now)");
            refuse(walk, node, &rule, true);
        }
        if let Some(min) = checks.min_length.filter(|min| length < *min) {
            let rule = match min {
                1 => "not be empty".to_owned(),
                _ => format!("be at least {min} characters long"),
            };
            refuse(walk, node, &rule, false);
        }
    }
    if let Some(pattern) = checks.pattern {
        check_pattern(walk, node, text, pattern);
    }
    if let Some(format) = checks.format.filter(|format| !format.accepts(text)) {
        refuse(walk, node, &format!("be {}", format.noun()), true);
    }
}

fn check_pattern(walk: &mut Walk<'_, '_>, node: Node<'_>, text: &str, id: PatternId) {
    let Some(pattern) = walk.schema.pattern(id) else {
        return;
    };
    if !walk.affords(pattern.steps(text)) {
        return;
    }
    if !pattern.is_match(text) {
        let rule = if Format::is_quantity_pattern(&pattern.text) {
            "be a quantity such as 500m, 2 or 10Gi".to_owned()
        } else {
            format!("match `{}`", cropped(&pattern.text))
        };
        refuse(walk, node, &rule, false);
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
fn check_integer(walk: &mut Walk<'_, '_>, node: Node<'_>, int: i64, checks: &Checks) {
    // The server, too, cuts a bound to an integer before it compares integers.
    let whole = |bound: &Bound| bound.number as i64;
    let below = |bound: &Bound| int < whole(bound) || (bound.exclusive && int == whole(bound));
    let above = |bound: &Bound| int > whole(bound) || (bound.exclusive && int == whole(bound));
    bounds(walk, node, checks, &below, &above);
    if checks.format == Some(Format::Int32) && i32::try_from(int).is_err() {
        refuse(walk, node, &format!("be {}", Format::Int32.noun()), false);
    }
    if let Some(of) = checks.multiple_of.filter(|of| {
        let factor = whole(of);
        factor != 0 && int.checked_rem(factor).is_some_and(|rest| rest != 0)
    }) {
        refuse(
            walk,
            node,
            &format!("be a multiple of {}", of.number),
            false,
        );
    }
}

fn check_float(walk: &mut Walk<'_, '_>, node: Node<'_>, float: f64, checks: &Checks) {
    let below = |bound: &Bound| float < bound.number || (bound.exclusive && float <= bound.number);
    let above = |bound: &Bound| float > bound.number || (bound.exclusive && float >= bound.number);
    bounds(walk, node, checks, &below, &above);
    if let Some(of) = checks
        .multiple_of
        .filter(|of| of.number > 0.0 && (float / of.number).fract() != 0.0)
    {
        refuse(
            walk,
            node,
            &format!("be a multiple of {}", of.number),
            false,
        );
    }
}

fn bounds(
    walk: &mut Walk<'_, '_>,
    node: Node<'_>,
    checks: &Checks,
    below: &dyn Fn(&Bound) -> bool,
    above: &dyn Fn(&Bound) -> bool,
) {
    if let Some(bound) = checks.minimum.filter(below) {
        let word = if bound.exclusive {
            "more than"
        } else {
            "at least"
        };
        refuse(walk, node, &format!("be {word} {}", bound.number), false);
    }
    if let Some(bound) = checks.maximum.filter(above) {
        let word = if bound.exclusive {
            "less than"
        } else {
            "at most"
        };
        refuse(walk, node, &format!("be {word} {}", bound.number), false);
    }
}

fn check_size(walk: &mut Walk<'_, '_>, node: Node<'_>, checks: &Checks) {
    let (count, min, max, noun) = if node.is_seq() {
        (
            node.items().count(),
            checks.min_items,
            checks.max_items,
            "item",
        )
    } else {
        let (min, max) = (checks.min_properties, checks.max_properties);
        (node.entries().count(), min, max, "field")
    };
    let plural = |number: u64| if number == 1 { "" } else { "s" };
    let has = |number: u64| format!("but has {number}");
    let count = count as u64;
    if let Some(max) = max.filter(|max| count > *max) {
        let place = walk.place();
        let message = format!(
            "{place} must have at most {max} {noun}{}, {}",
            plural(max),
            has(count)
        );
        let violation = walk.breach("schema-value", walk.label(node), message);
        walk.report_blocking(violation);
    }
    if let Some(min) = min.filter(|min| count < *min) {
        let place = walk.place();
        let message = format!(
            "{place} must have at least {min} {noun}{}, {}",
            plural(min),
            has(count)
        );
        let violation = walk.breach("schema-value", walk.label(node), message);
        walk.report(violation);
    }
}

/// Whether a value is of a type, as the API server reads it.
pub(in crate::schema) fn has_type(node: Node<'_>, kind: Type) -> bool {
    let scalar = node.scalar();
    match kind {
        Type::Any => true,
        Type::Object => node.is_map(),
        Type::Array => node.is_seq(),
        Type::String => matches!(scalar, Some(Scalar::Str(_))),
        Type::Boolean => matches!(scalar, Some(Scalar::Bool(_))),
        Type::Number => matches!(scalar, Some(Scalar::Int(_) | Scalar::Float(_))),
        Type::Integer => scalar.is_some_and(is_integer),
        Type::IntOrString => {
            scalar.is_some_and(|scalar| matches!(scalar, Scalar::Str(_)) || is_integer(scalar))
        }
    }
}

/// `16.0` is an integer to the API server, up to what a float holds exactly.
fn is_integer(scalar: Scalar<'_>) -> bool {
    match scalar {
        Scalar::Int(_) => true,
        Scalar::Float(float) => float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_991.0,
        _ => false,
    }
}
