//! What a tree says it is: an object, or a List of objects.

use super::Node;

/// The scalar at a path, unless it is null or empty.
pub(super) fn written<'a>(node: Node<'a>, path: &[&str]) -> Option<Node<'a>> {
    node.at(path)
        .filter(|node| !node.text().is_empty() && !node.is_null())
}

/// The text of the scalar at a path; `""` where there is none.
pub(super) fn text<'a>(node: Node<'a>, path: &[&str]) -> &'a str {
    written(node, path).map_or("", Node::text)
}

/// Whether this is a kubectl `List` or a typed list such as `PgclusterList`.
pub(super) fn is_list(node: Node<'_>) -> bool {
    let kind = text(node, &["kind"]);
    kind == "List" || kind.ends_with("List") && node.get("items").is_some()
}

/// Whether a List says that it holds only a part.
pub(super) fn is_partial(list: Node<'_>) -> bool {
    let says = |key| !matches!(text(list, &["metadata", key]), "" | "0");
    says("continue") || says("remainingItemCount")
}

/// The kind of the elements of a typed list; `""` for `List`, whose elements say what they are.
pub(super) fn element_kind(list: Node<'_>) -> &str {
    let kind = text(list, &["kind"]);
    kind.strip_suffix("List").unwrap_or("")
}
