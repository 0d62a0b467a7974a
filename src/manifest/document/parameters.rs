//! Parameters of OpenShift Templates: what stands for them in the objects of the template.

use std::collections::BTreeMap;
use std::ops::Range;

use super::identity;
use crate::manifest::redact::filler::filled_out;
use crate::manifest::redact::names_secret;
use crate::manifest::{Node, NodeId, RawNode, Tree};
use crate::source::Span;

/// Whether this is an OpenShift `Template`, which holds objects. Old ones are of the core group.
pub(in crate::manifest) fn is_template(node: Node<'_>) -> bool {
    let api_version = identity::text(node, &["apiVersion"]);
    identity::text(node, &["kind"]) == "Template"
        && (api_version == "v1" || api_version.starts_with("template.openshift.io/"))
        && node.get("objects").is_some_and(Node::is_seq)
}

/// What a template says of its parameters: by name the value each has by default.
pub(in crate::manifest) struct Parameters<'t> {
    by_name: BTreeMap<&'t str, Option<Node<'t>>>,
}

/// An object with its parameters filled in.
pub(in crate::manifest) struct Filled {
    pub(in crate::manifest) tree: Tree,
    /// Where parameters stand that have no value.
    pub(in crate::manifest) open: Vec<Span>,
    pub(in crate::manifest) namespace_is_open: bool,
}

/// What is in place of the parameters of one scalar.
struct Text {
    words: String,
    /// One of them has no value.
    is_open: bool,
    /// `${{NAME}}` alone: what it stands for is read again, and may be a number.
    is_plain: bool,
}

impl<'t> Parameters<'t> {
    pub(in crate::manifest) fn of(template: Node<'t>) -> Self {
        let list = template.get("parameters");
        let named = list.into_iter().flat_map(Node::items).filter_map(|one| {
            let name = identity::written(one, &["name"])?.text();
            let value = identity::written(one, &["value"]);
            // What may be a credential is nobody's to see.
            Some((name, value.filter(|_| !names_secret(name))))
        });
        Parameters {
            by_name: named.collect(),
        }
    }

    /// An object of the template with the values that are known; nothing where it cannot be taken out.
    pub(in crate::manifest) fn filled(&self, object: Node<'_>) -> Option<Filled> {
        let mut tree = object.tree.extract(object.id, usize::MAX)?;
        let source = object.span().source;
        let at = |path: &[&str]| tree.root().at(path).map(|node| node.id);
        let (name, namespace) = (at(&["metadata", "name"]), at(&["metadata", "namespace"]));
        let mut open = Vec::new();
        let mut namespace_is_open = false;
        for id in (0..).map(NodeId).take(tree.nodes.len()) {
            let Some(text) = self.text(tree.scalar_text(id)) else {
                continue;
            };
            let Some(raw) = tree.raw(id).copied() else {
                continue;
            };
            let own = if !text.is_open {
                text.words
            } else if Some(id) == name {
                stand_in(&text.words)
            } else {
                filled_out(&text.words)
            };
            namespace_is_open |= text.is_open && Some(id) == namespace;
            if text.is_open {
                open.push(Span {
                    source,
                    start: raw.start,
                    end: raw.end,
                });
            }
            let decoded = tree.decode(&own);
            let new = if text.is_plain && !text.is_open {
                RawNode::new(crate::manifest::RawKind::Plain, raw.start, raw.end).saying(decoded)
            } else {
                raw.as_text(decoded)
            };
            if let Some(node) = tree.raw_mut(id) {
                *node = new;
                node.next = raw.next;
            }
        }
        // Keys may have become equal.
        tree.unique_keys = false;
        Some(Filled {
            tree,
            open,
            namespace_is_open,
        })
    }

    /// A scalar's text with values in place of parameters; nothing where it has none. A parameter that is not declared
    /// is no parameter.
    fn text(&self, text: &str) -> Option<Text> {
        let mut filled = String::new();
        let (mut rest, mut found, mut is_open) = (text, false, false);
        let is_plain = text.starts_with("${{") && text.ends_with("}}");
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let (inner, closing) = match after.strip_prefix('{') {
                Some(inner) if is_plain => (inner, "}}"),
                _ => (after, "}"),
            };
            let named = inner.split_once(closing);
            let known = named.and_then(|(name, more)| Some((name, self.by_name.get(name)?, more)));
            let Some((name, value, more)) = known else {
                filled.push_str("${");
                rest = after;
                continue;
            };
            found = true;
            is_open |= value.is_none();
            filled.push_str(value.map_or(name, Node::text));
            rest = more;
        }
        filled.push_str(rest);
        found.then_some(Text {
            words: filled,
            is_open,
            is_plain,
        })
    }
}

/// All that a template says besides its objects: no finding points there, and values of parameters may be passwords.
pub(in crate::manifest) fn values(template: Node<'_>) -> impl Iterator<Item = Range<u32>> {
    let list = template.get("parameters");
    let values = list.into_iter().flat_map(Node::items);
    values.filter_map(|one| {
        let Span { start, end, .. } = one.get("value")?.span();
        Some(start..end)
    })
}

/// A name for an object whose own is a parameter without a value: that of the parameter, as names are written.
fn stand_in(text: &str) -> String {
    text.to_ascii_lowercase().replace('_', "-")
}
