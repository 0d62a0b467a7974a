//! One Kubernetes object: identity and tree.

use std::sync::OnceLock;

use super::{Fact, Gap, Kind, Node, NodeId, Tree};
use crate::source::Span;

/// One Kubernetes object of a kind we keep.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its kind.
    pub kind: Kind,
    /// `apiVersion` as written.
    pub api_version: Box<str>,
    /// `metadata.namespace`; `None` for cluster-scoped kinds and where it is not written.
    pub namespace: Option<Box<str>>,
    /// `metadata.name`; empty where it is not written.
    pub name: Box<str>,
    /// What Helm's `# Source:` comment says it was rendered from.
    pub helm_source: Option<Box<str>>,
    /// Everything it says.
    pub tree: Tree,
    /// Other objects of the same kind, namespace and name in the same origin whose text differs.
    /// What differs is unknown.
    pub rivals: Vec<Object>,
    /// What [`Object::is_live`] says, once it was asked: many facts of one draft ask.
    pub(super) live: OnceLock<bool>,
}

impl Object {
    /// The whole object.
    pub fn root(&self) -> Node<'_> {
        Node {
            tree: &self.tree,
            id: NodeId::ROOT,
        }
    }

    /// The name of the text it is in.
    pub fn uri(&self) -> &str {
        &self.tree.source.uri
    }

    /// Its text as written (secret values overwritten).
    pub fn text(&self) -> &str {
        self.tree.source.slice(self.root().span())
    }

    /// Whether a server has seen it: it has a `metadata.uid` or a `status` that says anything.
    pub fn is_live(&self) -> bool {
        *self.live.get_or_init(|| is_live(self.root()))
    }

    /// Whether it is a PGO v5 cluster that no server has seen yet.
    pub fn is_draft(&self) -> bool {
        self.kind == Kind::PostgresCluster && !self.is_live()
    }

    /// Whether two copies say the same, order of keys and style aside.
    pub(super) fn says_the_same(&self, other: &Object) -> bool {
        self.root().same_value(other.root())
    }

    /// The value at a path of keys, as this copy has it.
    pub fn at(&self, path: &[&str]) -> Option<Node<'_>> {
        self.root().at(path)
    }

    /// A label's value.
    pub fn label(&self, key: &str) -> Option<Node<'_>> {
        self.at(&["metadata", "labels", key])
    }

    /// Whether it has labels that are no map, written null among them, or names its v4 cluster in a label that is no text: then nobody knows whose it
    /// is. No server holds such an object.
    pub fn has_odd_labels(&self) -> bool {
        let Some(labels) = self.at(&["metadata", "labels"]) else {
            return false;
        };
        if labels.is_map() {
            let named = labels.get("pg-cluster");
            return named.is_some_and(|named| named.is_map() || named.is_seq());
        }
        true
    }

    /// An annotation's value.
    pub fn annotation(&self, key: &str) -> Option<Node<'_>> {
        self.at(&["metadata", "annotations", key])
    }

    /// Where its name is written, or the whole object where it has none.
    pub fn name_span(&self) -> Span {
        self.at(&["metadata", "name"])
            .map_or_else(|| self.root().span(), Node::span)
    }

    /// The value at a path: `Known(None)` where it is absent or null, unknown where differing copies of the
    /// object disagree about it. Evidence is the value, or for an absent one the key of the nearest
    /// ancestor that exists.
    pub fn read(&self, path: &[&str], note: &'static str) -> Fact<Option<Node<'_>>> {
        self.read_near(path, note).0
    }

    /// The same, and what [`Object::nearest`] says.
    pub fn read_near(&self, path: &[&str], note: &'static str) -> (Fact<Option<Node<'_>>>, Span) {
        let (here, nearest) = self.walk(path);
        let nearest = nearest.map_or_else(|| self.name_span(), Node::span);
        (self.fact_of(here, nearest, path, note), nearest)
    }

    fn fact_of<'a>(
        &'a self,
        here: Option<Node<'a>>,
        nearest: Span,
        path: &[&str],
        note: &'static str,
    ) -> Fact<Option<Node<'a>>> {
        let here = here.filter(|node| !node.is_null());
        for rival in &self.rivals {
            let there = rival.at(path).filter(|node| !node.is_null());
            let same = match (here, there) {
                (None, None) => true,
                (Some(here), Some(there)) => here.same_value(there),
                _ => false,
            };
            if !same {
                let name = format!("{} {}", self.kind.info().name, self.name);
                return Fact::unknown(Gap {
                    missing: format!("{} of {name}", path.join(".")),
                    because: format!("the input holds copies of {name} that disagree about it"),
                    ask: "keep only the newest copy in the input and run again".to_owned(),
                });
            }
        }
        match here {
            Some(value) if value.is_overwritten() => {
                Fact::unknown(self.overwritten(&path.join(".")))
            }
            Some(value) if self.kind == Kind::PostgresCluster && value.is_placeholder() => {
                Fact::unknown(self.not_filled_in(&path.join(".")))
            }
            Some(value) => Fact::at(Some(value), value.span(), note),
            None => Fact::lacking(None, nearest, note),
        }
    }

    /// The gap that an overwritten value leaves.
    pub fn overwritten(&self, what: &str) -> Gap {
        let name = format!("{} {}", self.kind.info().name, self.name);
        Gap {
            missing: format!("{what} of {name}"),
            because: "its value may be a credential, and was overwritten when it was read"
                .to_owned(),
            ask: format!("look up {what} of {name} yourself; it is not for this program to see"),
        }
    }

    /// The gap that a value leaves which somebody must still fill in.
    fn not_filled_in(&self, what: &str) -> Gap {
        let name = format!("{} {}", self.kind.info().name, self.name);
        Gap {
            missing: format!("{what} of {name}"),
            because: "it says TODO, and is still to be filled in".to_owned(),
            ask: format!("fill in {what} of {name} and run again"),
        }
    }

    /// The key of the deepest existing ancestor of an absent path; the object's name if none exists.
    pub fn nearest(&self, path: &[&str]) -> Span {
        let (_, nearest) = self.walk(path);
        nearest.map_or_else(|| self.name_span(), Node::span)
    }

    /// The value at a path, and the key of the deepest of its mappings' entries that exists: its own, where it is there.
    pub(crate) fn walk(&self, path: &[&str]) -> (Option<Node<'_>>, Option<Node<'_>>) {
        let (mut node, mut nearest) = (self.root(), None);
        for key in path {
            let Some((name, value)) = node.entry(key) else {
                return (None, nearest);
            };
            (node, nearest) = (value, Some(name));
        }
        (Some(node), nearest)
    }
}

/// Whether a server has seen an object, by what it says.
pub fn is_live(root: Node<'_>) -> bool {
    let uid = root.at(&["metadata", "uid"]);
    let status = root.at(&["status"]);
    uid.is_some_and(|uid| !uid.text().is_empty())
        || status.is_some_and(|status| status.entries().next().is_some())
}
