//! What a tree says it is: an object, or a List of objects.

use crate::manifest::Node;

/// The scalar at a path, unless it is null or empty.
pub(in crate::manifest) fn written<'a>(node: Node<'a>, path: &[&str]) -> Option<Node<'a>> {
    node.at(path)
        .filter(|node| !node.text().is_empty() && !node.is_null())
}

/// The text of the scalar at a path; `""` where there is none.
pub(in crate::manifest) fn text<'a>(node: Node<'a>, path: &[&str]) -> &'a str {
    written(node, path).map_or("", Node::text)
}

/// Whether this is a kubectl `List` or a typed list such as `PgclusterList`.
pub(in crate::manifest) fn is_list(node: Node<'_>) -> bool {
    let kind = text(node, &["kind"]);
    kind == "List" || kind.ends_with("List") && node.get("items").is_some()
}

/// Whether a List says that it holds only a part.
pub(in crate::manifest) fn is_partial(list: Node<'_>) -> bool {
    let says = |key| !matches!(text(list, &["metadata", key]), "" | "0");
    says("continue") || says("remainingItemCount")
}

/// Fields that the spec of a cluster of PGO v5 has and hardly another.
const OF_A_CLUSTER: [&str; 9] = [
    "backups",
    "dataSource",
    "databaseInitSQL",
    "instances",
    "patroni",
    "postGISVersion",
    "postgresVersion",
    "standby",
    "userInterface",
];

/// Whether this is a list of operations (RFC 6902) of which one changes the spec of a cluster of PGO v5.
pub(super) fn is_json_patch(node: Node<'_>) -> bool {
    let is_operation = |item: Node<'_>| {
        let operations = ["add", "copy", "move", "remove", "replace", "test"];
        operations.contains(&text(item, &["op"])) && text(item, &["path"]).starts_with('/')
    };
    let changes_one = |item: Node<'_>| {
        let field = text(item, &["path"]).strip_prefix("/spec/");
        let field = field.and_then(|field| field.split('/').next());
        field.is_some_and(|field| OF_A_CLUSTER.contains(&field))
    };
    node.is_seq() && node.items().all(is_operation) && node.items().any(changes_one)
}

/// The kind of the elements of a typed list; `""` for `List`, whose elements say what they are.
pub(in crate::manifest) fn element_kind(list: Node<'_>) -> &str {
    let kind = text(list, &["kind"]);
    kind.strip_suffix("List").unwrap_or("")
}
