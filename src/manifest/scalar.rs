//! What a plain scalar means: the resolver of kubectl's YAML reader (YAML 1.1 with exceptions).

use std::borrow::Cow;

use super::{Node, Scalar};

/// The value of a plain scalar.
pub(super) fn resolve(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" => Scalar::Null,
        "true" => Scalar::Bool(true),
        "false" => Scalar::Bool(false),
        _ => text.parse().map_or(Scalar::Str(text), Scalar::Int),
    }
}

/// A mapping key's text as kubectl converts it to a string.
pub(super) fn key_text(node: Node<'_>) -> Cow<'_, str> {
    Cow::Borrowed(node.text())
}
