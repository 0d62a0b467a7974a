//! One document (or one item of a List) as an arena of nodes with byte spans.
//!
//! Every reader (the general one and the fast one) produces this same form.

use std::sync::Arc;

use crate::source::Source;

/// Index of a node in its [`Tree`]. The root is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
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

/// One node: 24 bytes. `start..end` are byte offsets in the source's text; quotes and block headers belong to the span.
#[derive(Clone, Copy, Debug)]
pub struct RawNode {
    /// First byte.
    pub start: u32,
    /// One past the last byte. A collection ends where its last child ends.
    pub end: u32,
    /// First child of a collection, or `NONE`. For scalars unused.
    pub first_child: NodeId,
    /// Next sibling, or `NONE`.
    pub next: NodeId,
    /// 0: a scalar's value is its own text (without the quotes of a quoted one).
    /// Otherwise the value is `decoded[decoded - 1]` of the tree (escapes, folded and block scalars).
    pub decoded: u32,
    /// What it is.
    pub kind: RawKind,
}

/// An arena of nodes over one source's text.
#[derive(Debug)]
pub struct Tree {
    /// The text the spans point into.
    pub source: Arc<Source>,
    /// The nodes; the root is the first.
    pub nodes: Vec<RawNode>,
    /// Values of scalars that differ from their text.
    pub decoded: Vec<Box<str>>,
}

impl Tree {
    /// A scalar's value after unescaping and folding; `""` for collections and unknown ids.
    pub fn scalar_text(&self, id: NodeId) -> &str {
        let Some(raw) = self.nodes.get(id.0 as usize) else {
            return "";
        };
        if matches!(raw.kind, RawKind::Map | RawKind::Seq) {
            return "";
        }
        if let Some(index) = raw.decoded.checked_sub(1) {
            return self.decoded.get(index as usize).map_or("", |text| text);
        }
        let text = self
            .source
            .text
            .get(raw.start as usize..raw.end as usize)
            .unwrap_or("");
        match text.as_bytes() {
            [quote @ (b'"' | b'\''), .., end] if raw.kind == RawKind::Text && quote == end => {
                text.get(1..text.len() - 1).unwrap_or("")
            }
            _ => text,
        }
    }
}
