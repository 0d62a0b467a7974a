//! Fields as PGO v4 wrote them: numbers and truths often as strings, and "unset" as `""`, `{}`, `[]`, `null` or
//! absent, depending on the release and on who made the object.
//!
//! It must not know what a field means.

use jiff::Timestamp;

use crate::manifest::{Fact, Gap, Node, Object, Scalar};

/// Whether a value says nothing: `null`, `""`, `{}` or `[]`.
pub(in crate::fact) fn is_unset(node: Node<'_>) -> bool {
    match node.scalar() {
        Some(Scalar::Null) => true,
        Some(Scalar::Str(text)) => text.is_empty(),
        Some(_) => false,
        None => node.entries().next().is_none() && node.items().next().is_none(),
    }
}

/// A scalar as text (`5432` and `"5432"` alike); `""` for null; `None` for collections that hold something.
pub(in crate::fact) fn scalar_text(node: Node<'_>) -> Option<String> {
    match node.scalar() {
        Some(Scalar::Null) => Some(String::new()),
        Some(Scalar::Bool(value)) => Some(value.to_string()),
        Some(Scalar::Int(value)) => Some(value.to_string()),
        Some(Scalar::Float(_)) => Some(node.text().to_owned()),
        Some(Scalar::Str(text)) => Some(text.to_owned()),
        None => is_unset(node).then(String::new),
    }
}

/// A truth as Go's `ParseBool` reads it; `Some(false)` for an empty text.
pub(in crate::fact) fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A field of any object as text; `""` when unset, unknown when it holds a collection.
pub(in crate::fact) fn text(object: &Object, path: &[&str], note: &'static str) -> Fact<String> {
    as_text(object.read(path, note), object, path)
}

/// A field of any object as a truth; false when unset, unknown when it is no truth.
pub(in crate::fact) fn truth(object: &Object, path: &[&str], note: &'static str) -> Fact<bool> {
    as_truth(text(object, path, note), object, path)
}

/// A field of any object as a whole number; `None` when unset, unknown when it is no number.
pub(in crate::fact) fn number(
    object: &Object,
    path: &[&str],
    note: &'static str,
) -> Fact<Option<i64>> {
    as_number(text(object, path, note), object, path)
}

/// A field of any object as a point in time; `None` when unset, unknown when it is no time.
pub(in crate::fact) fn time(
    object: &Object,
    path: &[&str],
    note: &'static str,
) -> Fact<Option<Timestamp>> {
    text(object, path, note).and_then(|text| match text.parse() {
        Ok(time) => Fact::known(Some(time)),
        Err(_) if text.is_empty() => Fact::known(None),
        Err(_) => Fact::unknown(misshapen(object, path, &format!("a time, but {text:?}"))),
    })
}

/// The scalars of a sequence as texts; empty when unset, unknown when it is no sequence of scalars.
pub(in crate::fact) fn texts(
    object: &Object,
    path: &[&str],
    note: &'static str,
) -> Fact<Vec<String>> {
    as_texts(object.read(path, note), object, path)
}

pub(in crate::fact) fn as_texts(
    field: Fact<Option<Node<'_>>>,
    object: &Object,
    path: &[&str],
) -> Fact<Vec<String>> {
    field.and_then(|value| match value {
        Some(seq) if seq.is_seq() => {
            let items: Option<Vec<String>> = seq.items().map(scalar_text).collect();
            items.map_or_else(
                || Fact::unknown(misshapen(object, path, "a list of strings")),
                Fact::known,
            )
        }
        Some(other) if !is_unset(other) => {
            Fact::unknown(misshapen(object, path, "a list of strings"))
        }
        _ => Fact::known(Vec::new()),
    })
}

/// The keys of a mapping, sorted; empty when unset, unknown when it is no mapping.
pub(in crate::fact) fn keys(
    object: &Object,
    path: &[&str],
    note: &'static str,
) -> Fact<Vec<String>> {
    object.read(path, note).and_then(|value| match value {
        Some(map) if map.is_map() => {
            let mut keys: Vec<String> = map
                .entries()
                .map(|(key, _)| key.key().into_owned())
                .collect();
            keys.sort_unstable();
            keys.dedup();
            Fact::known(keys)
        }
        Some(other) if !is_unset(other) => Fact::unknown(misshapen(object, path, "a mapping")),
        _ => Fact::known(Vec::new()),
    })
}

pub(in crate::fact) fn as_text(
    field: Fact<Option<Node<'_>>>,
    object: &Object,
    path: &[&str],
) -> Fact<String> {
    field.and_then(|node| match node.map(scalar_text) {
        None => Fact::known(String::new()),
        Some(Some(text)) => Fact::known(text),
        Some(None) => Fact::unknown(misshapen(object, path, "a single value")),
    })
}

pub(in crate::fact) fn as_truth(text: Fact<String>, object: &Object, path: &[&str]) -> Fact<bool> {
    text.and_then(|text| match parse_bool(&text) {
        Some(value) => Fact::known(value),
        None => Fact::unknown(misshapen(object, path, "true or false")),
    })
}

pub(in crate::fact) fn as_number(
    text: Fact<String>,
    object: &Object,
    path: &[&str],
) -> Fact<Option<i64>> {
    text.and_then(|text| {
        if text.is_empty() {
            return Fact::known(None);
        }
        match text.parse() {
            Ok(number) => Fact::known(Some(number)),
            Err(_) => Fact::unknown(misshapen(object, path, "a whole number")),
        }
    })
}

/// The field is there, but not in a shape that can be understood.
pub(in crate::fact) fn misshapen(object: &Object, path: &[&str], wanted: &str) -> Gap {
    let of = format!("{} {}", object.kind.info().name, object.name);
    Gap {
        missing: format!("{} of {of}", path.join(".")),
        because: format!("it is not {wanted}"),
        ask: format!("correct the field, export {of} again, and run again"),
    }
}
