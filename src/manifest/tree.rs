//! One document (or one item of a List) as an arena of nodes with byte spans.
//!
//! Every reader (the general one and the fast one) produces this same form.

pub(super) mod base64;
pub(super) mod node;
pub(super) mod scalar;
pub(super) mod token;
mod without;

use std::sync::Arc;

use crate::source::Source;

/// Index of a node in its [`Tree`]. The root is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// "No such node".
    pub const NONE: NodeId = NodeId(u32::MAX);
    /// The first node of every tree.
    pub const ROOT: NodeId = NodeId(0);
}

/// What a node is, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawKind {
    /// A mapping; its children alternate key, value, in source order.
    Map,
    /// A sequence.
    Seq,
    /// A plain scalar, resolved as kubectl would on reading.
    Plain,
    /// A quoted or block scalar, or one tagged as a string: always a string.
    Text,
}

/// One node: 16 bytes. `start..end` are byte offsets in the source's text; quotes and block headers belong to the span.
///
/// What an alias stands for is copied, with the spans of what it was copied from: such a node lies
/// outside the span of its parent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawNode {
    /// First byte.
    pub start: u32,
    /// One past the last byte. A block collection ends where its last child ends, a flow collection after its
    /// bracket, a block scalar after its last line that is not blank.
    pub end: u32,
    /// Next sibling, or `NONE`.
    pub next: NodeId,
    /// The kind in the lowest two bits; above them a collection's first child and 1, or what `decoded` gives.
    rest: u32,
}

impl RawNode {
    /// A node without children or siblings yet.
    #[inline]
    pub(super) fn new(kind: RawKind, start: u32, end: u32) -> Self {
        let rest = match kind {
            RawKind::Map => 0,
            RawKind::Seq => 1,
            RawKind::Plain => 2,
            RawKind::Text => 3,
        };
        let next = NodeId::NONE;
        RawNode {
            start,
            end,
            next,
            rest,
        }
    }

    /// What it is.
    #[inline]
    pub fn kind(&self) -> RawKind {
        match self.rest & 3 {
            0 => RawKind::Map,
            1 => RawKind::Seq,
            2 => RawKind::Plain,
            _ => RawKind::Text,
        }
    }

    /// Whether it is a mapping or a sequence.
    #[inline]
    pub fn is_collection(&self) -> bool {
        self.rest & 2 == 0
    }

    /// Whether it is a plain scalar whose value is its text.
    #[inline]
    pub(super) fn is_plain_as_written(&self) -> bool {
        self.rest == 2
    }

    /// Whether it is another scalar whose value is its text, quotes aside.
    #[inline]
    pub(super) fn is_text_as_written(&self) -> bool {
        self.rest == 3
    }

    /// How many bytes it covers.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// First child of a collection, or `NONE`.
    #[inline]
    pub fn first_child(&self) -> NodeId {
        let first = (self.rest >> 2).checked_sub(1);
        first
            .filter(|_| self.is_collection())
            .map_or(NodeId::NONE, NodeId)
    }

    /// 0: a scalar's value is its own text (without the quotes of a quoted one), or it is no scalar.
    /// Otherwise the value is `decoded[decoded - 1]` of the tree (escapes, folded and block scalars).
    #[inline]
    pub fn decoded(&self) -> u32 {
        if self.is_collection() {
            0
        } else {
            self.rest >> 2
        }
    }

    /// Makes a collection start with this child.
    #[inline]
    fn set_first_child(&mut self, child: NodeId) {
        if self.is_collection() {
            self.rest = (child.0 + 1) << 2 | self.rest & 3;
        }
    }

    /// The same scalar as a string that says this.
    #[inline]
    pub(super) fn as_text(self, decoded: u32) -> Self {
        RawNode {
            rest: self.rest | 3,
            ..self
        }
        .saying(decoded)
    }

    /// The same scalar with another value, as [`RawNode::decoded`] has it.
    #[inline]
    pub(super) fn saying(self, decoded: u32) -> Self {
        RawNode {
            rest: decoded << 2 | self.rest & 3,
            ..self
        }
    }
}

/// How many nodes a tree may have: 64 MiB of them. Items of a List are trees of their own, and an API server takes no object of
/// more than three million bytes.
const MOST: usize = 1 << 22;

/// An arena of nodes over one source's text.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The text the spans point into.
    pub source: Arc<Source>,
    /// The nodes; the root is the first.
    pub nodes: Vec<RawNode>,
    /// Values of scalars that differ from their text.
    pub decoded: Vec<Box<str>>,
    /// Whether it is sure that no mapping holds a key twice.
    pub(super) unique_keys: bool,
}

impl Tree {
    /// A tree without nodes yet.
    pub(super) fn over(source: Arc<Source>) -> Self {
        Tree {
            source,
            nodes: Vec::new(),
            decoded: Vec::new(),
            unique_keys: false,
        }
    }

    /// Room for other nodes.
    pub(super) fn clear(&mut self) {
        self.nodes.clear();
        self.decoded.clear();
    }

    /// The same nodes again, without spare room.
    pub(super) fn copy(&self) -> Self {
        Tree {
            source: Arc::clone(&self.source),
            nodes: self.nodes.clone(),
            decoded: self.decoded.clone(),
            unique_keys: self.unique_keys,
        }
    }

    /// A scalar's value after unescaping and folding; `""` for collections and unknown ids.
    #[inline]
    pub fn scalar_text(&self, id: NodeId) -> &str {
        match self.raw(id) {
            // Most are written as they are read.
            Some(raw) if raw.is_plain_as_written() => self.written(raw),
            Some(raw) if !raw.is_collection() => self.read_text(raw),
            _ => "",
        }
    }

    #[inline]
    fn written(&self, raw: &RawNode) -> &str {
        let text = self.source.text.get(raw.start as usize..raw.end as usize);
        text.unwrap_or("")
    }

    /// The same of a scalar that is quoted, decoded, or both.
    fn read_text(&self, raw: &RawNode) -> &str {
        if let Some(index) = raw.decoded().checked_sub(1) {
            return self.decoded.get(index as usize).map_or("", |text| text);
        }
        let text = self.written(raw);
        if raw.kind() == RawKind::Plain {
            return text;
        }
        match text.as_bytes() {
            [quote @ (b'"' | b'\''), .., end] if quote == end => {
                text.get(1..text.len() - 1).unwrap_or("")
            }
            _ => text,
        }
    }

    /// The bytes of a node.
    #[inline]
    pub(super) fn text_of(&self, raw: &RawNode) -> &[u8] {
        let text = self.source.text.as_bytes();
        text.get(raw.start as usize..raw.end as usize)
            .unwrap_or_default()
    }

    #[inline]
    pub(super) fn raw(&self, id: NodeId) -> Option<&RawNode> {
        self.nodes.get(id.0 as usize)
    }

    #[inline]
    pub(super) fn raw_mut(&mut self, id: NodeId) -> Option<&mut RawNode> {
        self.nodes.get_mut(id.0 as usize)
    }

    pub(super) fn children(&self, node: NodeId) -> Vec<NodeId> {
        let next = |id: NodeId| (id != NodeId::NONE).then_some(id);
        let first = self.raw(node).and_then(|raw| next(raw.first_child()));
        let siblings =
            std::iter::successors(first, |id| self.raw(*id).and_then(|raw| next(raw.next)));
        siblings.collect()
    }

    /// How many more nodes it may have.
    #[inline]
    pub(super) fn room(&self) -> usize {
        MOST.saturating_sub(self.nodes.len() + 1)
    }

    /// Adds a node that is nobody's child yet.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // a node stands for at least one byte of a text below 4 GiB, or for
    // one of a limited number of copies
    pub(super) fn add(&mut self, raw: RawNode) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(raw);
        id
    }

    /// Adds a value that differs from its text; gives what [`RawNode::decoded`] is to hold.
    #[allow(clippy::cast_possible_truncation)] // never more values than nodes
    pub(super) fn decode(&mut self, value: &str) -> u32 {
        self.decoded.push(value.into());
        self.decoded.len() as u32
    }

    /// A subtree as a tree of its own; nothing if it has more than `limit` nodes.
    pub(super) fn extract(&self, root: NodeId, limit: usize) -> Option<Tree> {
        let mut copy = Tree::over(Arc::clone(&self.source));
        let mut open = vec![(root, NodeId::NONE, NodeId::NONE)];
        while let Some((from, parent, previous)) = open.pop() {
            let Some(raw) = self.raw(from) else { continue };
            if copy.nodes.len() >= limit {
                return None;
            }
            let decoded = raw.decoded().checked_sub(1);
            let decoded = decoded.and_then(|index| self.decoded.get(index as usize));
            let decoded = decoded.map_or(0, |value| copy.decode(value));
            let alone = RawNode::new(raw.kind(), raw.start, raw.end);
            let id = copy.add(alone.saying(decoded));
            copy.link(parent, previous, id);
            if from != root {
                open.push((raw.next, parent, id));
            }
            if raw.is_collection() {
                open.push((raw.first_child(), id, NodeId::NONE));
            }
        }
        Some(copy)
    }

    /// Adds another tree's nodes; gives the id of its root, which is nobody's child yet.
    #[allow(clippy::cast_possible_truncation)] // as for `add`
    pub(super) fn append(&mut self, other: Tree) -> NodeId {
        let (nodes, decoded) = (self.nodes.len() as u32, self.decoded.len() as u32);
        let moved = |id: NodeId| match id {
            NodeId::NONE => NodeId::NONE,
            NodeId(id) => NodeId(id + nodes),
        };
        self.decoded.extend(other.decoded);
        self.nodes.extend(other.nodes.into_iter().map(|mut raw| {
            raw.next = moved(raw.next);
            match (raw.first_child(), raw.decoded()) {
                (NodeId::NONE, 0) => {}
                (NodeId::NONE, own) => raw = raw.saying(own + decoded),
                (first, _) => raw.set_first_child(moved(first)),
            }
            raw
        }));
        NodeId(nodes)
    }

    /// Makes a node the next child of its parent.
    #[inline]
    pub(super) fn link(&mut self, parent: NodeId, previous: NodeId, id: NodeId) {
        if let Some(previous) = self.raw_mut(previous) {
            previous.next = id;
        } else if let Some(parent) = self.raw_mut(parent) {
            parent.set_first_child(id);
        }
    }
}
