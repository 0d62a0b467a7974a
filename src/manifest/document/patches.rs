//! Patches that are written into a kustomization, or into an object that has one built: Flux' Kustomization, Argo CD's
//! Application. A patch that is a piece of a manifest is read where it stands, so that what is found in it points there.

use std::ops::Range;
use std::sync::Arc;

use super::identity;
use crate::manifest::contents::{Change, Shape};
use crate::manifest::reader::reading::read_tree;
use crate::manifest::{Kind, Node, Tree};
use crate::source::{Source, Span};

/// A patch, and what it is for.
pub(in crate::manifest) struct Patch<'n> {
    /// Where it is written.
    pub(in crate::manifest) node: Node<'n>,
    pub(in crate::manifest) target: Option<Node<'n>>,
    /// Where its text is, without what YAML has around it.
    pub(in crate::manifest) range: Range<u32>,
    pub(in crate::manifest) tree: Tree,
}

/// How many nodes aliases may stand for in one patch.
const ALIAS_BUDGET: usize = 1000;

/// Whether an object is a kustomization itself.
pub(in crate::manifest) fn is_kustomization(api_version: &str) -> bool {
    api_version.starts_with("kustomize.config.k8s.io/")
}

/// The patches for PostgresClusters that are written into a document.
pub(in crate::manifest) fn patches<'n>(
    source: &Arc<Source>,
    node: Node<'n>,
    (api_version, kind): (&str, &str),
) -> Vec<Patch<'n>> {
    let places: &[&[&str]] = match (api_version.split('/').next().unwrap_or(""), kind) {
        ("kustomize.config.k8s.io", _) => &[
            &["patches"],
            &["patchesJson6902"],
            &["patchesStrategicMerge"],
        ],
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => &[
            &["spec", "patches"],
            &["spec", "patchesJson6902"],
            &["spec", "patchesStrategicMerge"],
        ],
        ("argoproj.io", "Application") => &[&["spec", "source", "kustomize", "patches"]],
        _ => &[],
    };
    let lists = places.iter().filter_map(|place| node.at(place));
    let items = lists.flat_map(Node::items);
    let all = items.flat_map(|item| {
        let node = item.get("patch").unwrap_or(item);
        let ranges = text_of(source, node).map(|text| documents(source, &text));
        let patch = move |range: Range<u32>| {
            let tree = read_tree(source, range.clone(), &mut { ALIAS_BUDGET }).ok()??;
            let target = item.get("target");
            let patch = Patch {
                node,
                target,
                range,
                tree,
            };
            patch.is_for_a_cluster().then_some(patch)
        };
        ranges.into_iter().flatten().filter_map(patch)
    });
    all.collect()
}

/// The documents of a text: its lines of three dashes part them, indented as the text is.
fn documents(source: &Source, text: &Range<u32>) -> Vec<Range<u32>> {
    let mut found = Vec::new();
    let (mut begin, mut at) = (text.start, text.start);
    let inner = source.text.get(text.start as usize..text.end as usize);
    let inner = inner.unwrap_or("");
    let first = inner.lines().find(|line| !line.trim().is_empty());
    let indent = first.map_or(0, |line| line.len() - line.trim_start().len());
    for line in inner.split_inclusive('\n') {
        let next = at + u32::try_from(line.len()).unwrap_or(0);
        if line.trim() == "---" && line.len() - line.trim_start().len() == indent {
            found.push(begin..at);
            begin = next;
        }
        at = next;
    }
    found.push(begin..text.end);
    found
}

impl Patch<'_> {
    /// Whether it changes a PostgresCluster: by what it says it is, or by what it is for.
    fn is_for_a_cluster(&self) -> bool {
        let root = self.tree.root();
        if root.is_seq() {
            let of = |key| {
                self.target
                    .map_or("", |target| identity::text(target, &[key]))
            };
            return of("kind") == Kind::PostgresCluster.info().name
                || identity::is_json_patch(root);
        }
        let of = |key| identity::text(root, &[key]);
        Kind::of(of("apiVersion"), of("kind")) == Some(Kind::PostgresCluster)
    }
}

/// The text of a scalar, if it stands there as it is: in lines of its own, or in quotes without anything to be taken
/// out. Nothing for the name of a file.
fn text_of(source: &Source, node: Node<'_>) -> Option<Range<u32>> {
    let text = node.as_str()?;
    if !text.trim_start().starts_with(['[', '{']) && !text.contains('\n') {
        return None;
    }
    let Span { start, end, .. } = node.span();
    let raw = source.text.get(start as usize..end as usize)?;
    let (skipped, inner) = if raw.starts_with('|') {
        let head = raw.find('\n')? + 1;
        (head, raw.get(head..)?)
    } else if raw.starts_with(['\'', '"']) {
        let inner = raw.get(1..raw.len().checked_sub(1)?)?;
        let plain = !inner.contains(['\\', '\n']) && !inner.contains("''");
        plain.then_some((1, inner))?
    } else {
        return None;
    };
    let begin = start + u32::try_from(skipped).ok()?;
    Some(begin..begin + u32::try_from(inner.len()).ok()?)
}

/// What the operations of a patch change.
pub(in crate::manifest) fn changes(patch: Node<'_>) -> Vec<Change> {
    let changes = patch.items().filter(|operation| {
        let name = identity::text(*operation, &["op"]);
        matches!(name, "add" | "replace" | "copy" | "move")
    });
    let changes = changes.filter_map(|operation| {
        let path = operation.get("path")?;
        Some(Change {
            pointer: path.text().into(),
            span: path.span(),
            shape: operation.get("value").and_then(Shape::of),
        })
    });
    changes.take(crate::manifest::MAX_PROBLEMS).collect()
}

#[cfg(test)]
mod tests {
    use crate::manifest::contents::Shape;
    use crate::manifest::{Kind, Loaded, ProblemKind, load};
    use crate::source::{OriginId, SourceId};

    fn loaded(text: &str) -> Loaded {
        let bytes = text.as_bytes().to_vec();
        load(SourceId(0), OriginId(0), String::new(), bytes)
    }

    const HEAD: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    const PIECE: &str = "    apiVersion: postgres-operator.crunchydata.com/v1beta1\n    kind: PostgresCluster\n    metadata: {name: hippo}\n    spec: {shutdown: true}\n";

    #[test]
    fn a_piece_of_a_manifest_is_read_where_it_stands() {
        let generator = "secretGenerator:\n- name: s\n  literals: [password=hunter2]\n";
        let text = format!("{HEAD}{generator}patches:\n- patch: |-\n{PIECE}");
        let read = loaded(&text);
        let object = read.objects.first().unwrap();
        assert_eq!(object.kind, Kind::PostgresCluster);
        let span = object.at(&["spec", "shutdown"]).unwrap().span();
        let start = text.find("true").unwrap();
        assert_eq!(span.start as usize, start);
        assert_eq!(&read.source.text[start..start + 4], "true");
        assert!(!read.source.text.contains("hunter2"));
    }

    #[test]
    fn each_document_of_a_patch_is_read() {
        let other = PIECE.replace("hippo", "rhino");
        let text = format!("{HEAD}patches:\n- patch: |-\n{PIECE}    ---\n{other}");
        let read = loaded(&text);
        let names = read.objects.iter().map(|object| &*object.name);
        assert_eq!(names.collect::<Vec<_>>(), ["hippo", "rhino"]);
        let second = read.objects.get(1).unwrap();
        let span = second.at(&["spec", "shutdown"]).unwrap().span();
        assert_eq!(span.start as usize, text.rfind("true").unwrap());
    }

    #[test]
    fn operations_are_told_with_what_they_change() {
        let operations = r#"'[{"op":"replace","path":"/spec/port","value":5433}]'"#;
        let target = "target: {kind: PostgresCluster, name: hippo}";
        for list in ["patches", "patchesJson6902"] {
            let text = format!("{HEAD}{list}:\n- {target}\n  patch: {operations}\n");
            let read = loaded(&text);
            let stray = read.strays.first().unwrap();
            assert_eq!(stray.problem, ProblemKind::JsonPatch);
            assert_eq!(&*stray.name, "hippo");
            let change = stray.changes.first().unwrap();
            assert_eq!(&*change.pointer, "/spec/port");
            assert_eq!(change.shape, Some(Shape::Whole));
            let start = change.span.start as usize;
            assert_eq!(start, text.find("\"/spec").unwrap());
        }
    }

    #[test]
    fn values_of_operations_are_overwritten() {
        let operations = "    - op: add\n      path: /spec/confg\n      value: {password: hunter2}\n    - {value: hunter3, op: add, path: /spec/users/0/options}\n";
        let target = "{kind: PostgresCluster, name: hippo}";
        let read = loaded(&format!(
            "{HEAD}patches:\n- target: {target}\n  patch: |-\n{operations}"
        ));
        assert_eq!(read.strays.first().unwrap().changes.len(), 2);
        let text = &read.source.text;
        assert!(!text.contains("hunter"), "{text}");
        assert!(text.contains("/spec/confg") && text.contains("/spec/users/0/options"));
    }

    #[test]
    fn what_changes_no_cluster_of_ours_is_nobodys_question() {
        let deployment = "- target: {kind: Deployment}\n  patch: |-\n    - op: remove\n      path: /spec/replicas\n";
        let file = "- path: patch.yaml\n";
        let read = loaded(&format!("{HEAD}patches:\n{deployment}{file}"));
        assert!(read.strays.is_empty() && read.objects.is_empty());
        let flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a}\nspec:\n  patches:\n  - patch: |-\n";
        let piece = PIECE.replace("    ", "      ");
        let read = loaded(&format!("{flux}{piece}"));
        assert_eq!(read.objects.len(), 1);
    }
}
