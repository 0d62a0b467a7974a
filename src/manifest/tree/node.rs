//! A view of one node of a [`Tree`]: what it holds and where it is written.

use super::scalar::Scalar;
use crate::manifest::{NodeId, RawKind, RawNode, Tree};
use crate::source::Span;

/// One node of a tree. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) id: NodeId,
}

impl Tree {
    /// A view of the root.
    #[inline]
    pub fn root(&self) -> Node<'_> {
        Node {
            tree: self,
            id: NodeId::ROOT,
        }
    }

    /// The entry with this key among those from this one on, of a mapping whose keys are known to be unique: they are as they
    /// are written, quotes aside, and most are told by their length.
    #[inline]
    fn unique_entry(&self, mut next: NodeId, key: &str) -> Option<(Node<'_>, Node<'_>)> {
        let (nodes, text) = (self.nodes.as_slice(), self.source.text.as_bytes());
        let key = key.as_bytes();
        while let Some(name) = nodes.get(next.0 as usize) {
            // None more, or the two quotes: most keys are done with by this.
            let more = (name.end.wrapping_sub(name.start) as usize).wrapping_sub(key.len());
            if more & !2 == 0 && (more == 2) == name.is_text_as_written() {
                let start = name.start as usize + more / 2;
                let written = text.get(start..start + key.len()).unwrap_or_default();
                if written == key {
                    let view = |id| Node { tree: self, id };
                    return Some((view(next), view(name.next)));
                }
            }
            next = nodes.get(name.next.0 as usize)?.next;
        }
        None
    }

    /// A view of every node, in no order.
    pub fn all(&self) -> impl Iterator<Item = Node<'_>> {
        let ids = (0..).map(NodeId).zip(&self.nodes);
        ids.map(|(id, _)| Node { tree: self, id })
    }
}

impl<'a> Node<'a> {
    #[inline]
    fn raw(self) -> Option<&'a RawNode> {
        self.tree.nodes.get(self.id.0 as usize)
    }

    #[inline]
    fn view(self, id: NodeId) -> Option<Node<'a>> {
        (id != NodeId::NONE).then_some(Node {
            tree: self.tree,
            id,
        })
    }

    /// Where it is written. A quoted scalar's span includes its quotes.
    #[inline]
    pub fn span(self) -> Span {
        let (start, end) = self.raw().map_or((0, 0), |raw| (raw.start, raw.end));
        Span {
            source: self.tree.source.id,
            start,
            end,
        }
    }

    /// Whether it is a mapping.
    #[inline]
    pub fn is_map(self) -> bool {
        self.raw().is_some_and(|raw| raw.kind() == RawKind::Map)
    }

    /// Whether it is a sequence.
    #[inline]
    pub fn is_seq(self) -> bool {
        self.raw().is_some_and(|raw| raw.kind() == RawKind::Seq)
    }

    /// Whether it is neither a mapping nor a sequence.
    #[inline]
    pub(in crate::manifest) fn is_scalar(self) -> bool {
        !self.raw().is_some_and(RawNode::is_collection)
    }

    /// The first child of a collection of this kind, or `NONE`.
    #[inline]
    fn first_of(self, kind: RawKind) -> NodeId {
        let raw = self.raw().filter(|raw| raw.kind() == kind);
        raw.map_or(NodeId::NONE, RawNode::first_child)
    }

    /// The items of a sequence; nothing for anything else.
    #[inline]
    pub fn items(self) -> impl Iterator<Item = Node<'a>> {
        let tree = self.tree;
        let mut id = self.first_of(RawKind::Seq);
        std::iter::from_fn(move || {
            let item = Node { tree, id };
            id = item.raw()?.next;
            Some(item)
        })
    }

    /// The entries of a mapping as (key node, value node), duplicates included, in source order.
    #[inline]
    pub fn entries(self) -> impl Iterator<Item = (Node<'a>, Node<'a>)> {
        let tree = self.tree;
        let mut id = self.first_of(RawKind::Map);
        std::iter::from_fn(move || {
            let name = Node { tree, id };
            let value = Node {
                tree,
                id: name.raw()?.next,
            };
            id = value.raw()?.next;
            Some((name, value))
        })
    }

    /// The entry with this key; the last one where a key is repeated, as the API server has it.
    pub fn entry(self, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        let map = self.raw().filter(|raw| raw.kind() == RawKind::Map)?;
        if self.tree.unique_keys {
            return self.tree.unique_entry(map.first_child(), key);
        }
        self.last_entry(map.first_child(), key)
    }

    /// The last entry with this key among those from this one on. Apart, since most trees are known to have each key once.
    #[inline(never)]
    fn last_entry(self, first: NodeId, key: &str) -> Option<(Node<'a>, Node<'a>)> {
        let tree = self.tree;
        let is_word = is_word(key);
        let (mut next, mut found) = (first, None);
        while let Some(raw) = tree.raw(next) {
            let is_named = if is_word && raw.is_plain_as_written() {
                tree.text_of(raw) == key.as_bytes()
            } else {
                Node { tree, id: next }.is_key(key)
            };
            if is_named {
                found = Some((next, raw.next));
            }
            next = tree.raw(raw.next).map_or(NodeId::NONE, |value| value.next);
        }
        let (name, value) = found?;
        Some((self.view(name)?, self.view(value)?))
    }

    /// Whether this node of a mapping is this key; most others are told by their length.
    #[inline]
    fn is_key(self, key: &str) -> bool {
        let is_other = self.raw().is_some_and(|raw| {
            let quotes = raw.len().checked_sub(key.len());
            raw.is_text_as_written() && !matches!(quotes, Some(0 | 2))
        });
        !is_other && self.key() == key
    }

    /// The value under a key.
    #[inline]
    pub fn get(self, key: &str) -> Option<Node<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The same of a key that most mappings of the kind have first.
    #[inline]
    pub fn leading(self, key: &str) -> Option<Node<'a>> {
        let first = self.entries().next().filter(|_| self.tree.unique_keys);
        let is_first = first.filter(|(name, _)| {
            let as_written = |raw: &RawNode| raw.is_plain_as_written() || raw.is_text_as_written();
            name.raw().is_some_and(as_written) && name.says(key)
        });
        is_first.map_or_else(|| self.get(key), |(_, value)| Some(value))
    }

    /// The value at a path of keys.
    pub fn at(self, path: &[&str]) -> Option<Node<'a>> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The scalar's text after unescaping and folding; `""` for collections.
    #[inline]
    pub fn text(self) -> &'a str {
        self.tree.scalar_text(self.id)
    }

    /// Whether its text is this one; most others are told by their length.
    #[inline]
    pub fn says(self, text: &str) -> bool {
        let is_other = self.raw().is_some_and(|raw| {
            let more = raw.len().checked_sub(text.len());
            raw.is_plain_as_written() && more != Some(0)
                || raw.is_text_as_written() && !matches!(more, Some(0 | 2))
        });
        !is_other && self.text() == text
    }

    /// This node's text as a mapping key: numbers and booleans in their canonical spelling, as
    /// kubectl converts them (`yes:` is the key `true`).
    #[inline]
    pub fn key(self) -> std::borrow::Cow<'a, str> {
        let text = self.text();
        match self.raw().map(RawNode::kind) {
            Some(RawKind::Plain) => super::scalar::key_text(text),
            _ => std::borrow::Cow::Borrowed(text),
        }
    }

    /// The scalar's value; `None` for collections.
    pub fn scalar(self) -> Option<Scalar<'a>> {
        match self.raw()?.kind() {
            RawKind::Map | RawKind::Seq => None,
            RawKind::Text => Some(Scalar::Str(self.text())),
            RawKind::Plain => Some(super::scalar::resolve(self.text())),
        }
    }

    /// The value when it is a string.
    pub fn as_str(self) -> Option<&'a str> {
        match self.scalar()? {
            Scalar::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Whether its value was overwritten, as what may be a credential is: nothing is known of what it was.
    pub fn is_overwritten(self) -> bool {
        self.is_scalar() && crate::manifest::redact::filler::is_overwritten(self.text())
    }

    /// Whether it is written line by line, so that what was overwritten of it are lines, and the others are known.
    pub fn shows_lines(self) -> bool {
        let Span { start, end, .. } = self.span();
        let token = self.tree.source.text.get(start as usize..end as usize);
        token.is_some_and(|token| crate::manifest::redact::lines::of(token, self.text()).is_some())
    }

    /// Whether it says that somebody must still fill it in: `TODO`, `TODO the image`, `TODO(me): ...`.
    pub fn is_placeholder(self) -> bool {
        self.is_scalar() && is_placeholder(self.text())
    }

    /// Whether what is written is not the value: it was overwritten, or must still be filled in.
    pub fn is_unsaid(self) -> bool {
        self.is_overwritten() || self.is_placeholder()
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.raw()
            .is_some_and(|raw| raw.kind() == RawKind::Plain && super::scalar::is_null(self.text()))
    }
}

impl<'a> Node<'a> {
    /// The entries of a mapping by key, of a repeated key the last. Sorted once: comparing two hostile mappings
    /// of many keys must not take the square of their size.
    fn fields(self) -> Vec<(std::borrow::Cow<'a, str>, Node<'a>)> {
        let entries = self.entries().map(|(name, value)| (name.key(), value));
        let mut fields: Vec<_> = entries.collect();
        fields.reverse();
        fields.sort_by(|(left, _), (right, _)| left.cmp(right));
        fields.dedup_by(|(later, _), (kept, _)| later == kept);
        fields
    }

    /// Whether two nodes hold the same value (mappings compared without regard to order).
    pub fn same_value(self, other: Node<'_>) -> bool {
        if self.is_map() || other.is_map() {
            let (here, there) = (self.fields(), other.fields());
            return self.is_map()
                && other.is_map()
                && here.len() == there.len()
                && here
                    .iter()
                    .zip(&there)
                    .all(|((key, value), (name, other))| key == name && value.same_value(*other));
        }
        if self.is_seq() || other.is_seq() {
            let (mut left, mut right) = (self.items(), other.items());
            return self.is_seq()
                && other.is_seq()
                && loop {
                    match (left.next(), right.next()) {
                        (None, None) => break true,
                        (Some(left), Some(right)) if left.same_value(right) => {}
                        _ => break false,
                    }
                };
        }
        match (self.scalar(), other.scalar()) {
            (Some(left), Some(right)) => left.eq_value(&right),
            _ => false,
        }
    }
}

fn is_placeholder(text: &str) -> bool {
    text.strip_prefix("TODO").is_some_and(|rest| {
        let next = rest.chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && !matches!(next, '_' | '-'))
    })
}

/// Whether a plain scalar is this key just if it is written like it. As keys, booleans are `true` or `false`, and numbers
/// begin with a sign, a point or a digit.
#[inline]
fn is_word(key: &str) -> bool {
    let first = key.as_bytes().first();
    first.is_some_and(u8::is_ascii_alphabetic) && !super::scalar::is_special(key)
}
