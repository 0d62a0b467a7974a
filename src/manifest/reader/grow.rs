//! A tree growing from what a parser meets: links, aliases, merge keys, and the items of a List one by one.
//!
//! Iterative, so that no input can exhaust the stack. It must not know which parser it is, nor Kubernetes, except
//! that a List has `items`.

use std::ops::Range;
use std::sync::Arc;

use crate::manifest::problem::{Broken, MAX_DEPTH, ProblemKind};
use crate::manifest::tree::token::{Style, Token};
use crate::manifest::{NodeId, RawKind, RawNode, Tree};
use crate::source::Source;

/// Why reading a document stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum Stop {
    /// The text is not what it should be.
    Broken(Broken),
    /// Items cannot be read one by one, since an anchor or a repeated key may join them: read the whole.
    Joined,
}

/// What the next node of an open collection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Element,
    Key,
    Value,
    /// The value of `<<`.
    Merged,
    /// An element that becomes a tree of its own.
    Item,
}

/// An open collection.
#[derive(Clone, Copy, Debug)]
struct Frame {
    node: NodeId,
    last: NodeId,
    end: u32,
    role: Role,
}

/// A document being read. Offsets that come in count from the document's start.
pub(in crate::manifest) struct Growth<'t, 'b, 'i> {
    text: &'t str,
    base: u32,
    /// The document, or while items are read one by one the item.
    tree: Tree,
    /// The document while `tree` is an item.
    root: Option<Tree>,
    frames: Vec<Frame>,
    /// By the parser's number of the anchor.
    anchors: Vec<NodeId>,
    /// How far the text is accounted for by tokens.
    cursor: usize,
    /// How many more nodes aliases may stand for.
    budget: &'b mut usize,
    item: Option<&'i mut (dyn FnMut(&Tree) + 'i)>,
    /// Whether `items` was met.
    items_met: bool,
}

impl<'t, 'b, 'i> Growth<'t, 'b, 'i> {
    /// Nothing yet; for the meaning of the rest see [`super::yaml::read`].
    pub(in crate::manifest) fn new(
        source: &'t Arc<Source>,
        range: Range<u32>,
        budget: &'b mut usize,
        item: Option<&'i mut (dyn FnMut(&Tree) + 'i)>,
    ) -> Self {
        let text = source.text.get(range.start as usize..range.end as usize);
        Growth {
            text: text.unwrap_or(""),
            base: range.start,
            tree: Tree::over(Arc::clone(source)),
            root: None,
            frames: Vec::new(),
            anchors: Vec::new(),
            cursor: 0,
            budget,
            item,
            items_met: false,
        }
    }

    /// The document's text.
    pub(in crate::manifest) fn text(&self) -> &'t str {
        self.text
    }

    /// An offset in the document as one in the source.
    #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at loading
    pub(in crate::manifest) fn place(&self, offset: usize) -> u32 {
        self.base + offset.min(self.text.len()) as u32
    }

    /// What grew; nothing for an empty document.
    pub(in crate::manifest) fn finish(self) -> Option<Tree> {
        let tree = self.root.unwrap_or(self.tree);
        (!tree.nodes.is_empty()).then_some(tree)
    }

    /// The text up to here holds no part of a node that comes.
    pub(in crate::manifest) fn skip(&mut self, to: usize) {
        self.cursor = self.cursor.max(to);
    }

    /// A collection begins.
    pub(in crate::manifest) fn open(
        &mut self,
        kind: RawKind,
        anchor: usize,
        at: Range<usize>,
    ) -> Result<(), Stop> {
        if self.role() == Role::Key {
            return self.broken(at.start, ProblemKind::ComplexKey);
        }
        if self.frames.len() >= MAX_DEPTH {
            return self.broken(at.start, ProblemKind::TooDeep);
        }
        let apart = kind == RawKind::Seq && self.opens_items()?;
        let node = self.add(kind, &at, 0)?;
        self.anchor(anchor, node)?;
        self.frames.push(Frame {
            node,
            last: NodeId::NONE,
            end: self.place(at.end),
            role: match kind {
                RawKind::Map => Role::Key,
                _ if apart => Role::Item,
                _ => Role::Element,
            },
        });
        if apart {
            let item = Tree::over(Arc::clone(&self.tree.source));
            self.root = Some(std::mem::replace(&mut self.tree, item));
        }
        self.skip(at.end);
        Ok(())
    }

    /// The innermost open collection ends; `at` is its bracket, or empty.
    pub(in crate::manifest) fn close(&mut self, at: Range<usize>) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if frame.role == Role::Item
            && let Some(root) = self.root.take()
        {
            self.tree = root;
        }
        let end = match self.text.get(at.clone()) {
            Some("]" | "}") => self.place(at.end),
            _ => frame.end,
        };
        if let Some(raw) = self.tree.raw_mut(frame.node) {
            raw.end = end;
        }
        self.skip(at.end);
        self.done(frame.node, end)
    }

    /// An alias of the anchor with this number.
    pub(in crate::manifest) fn alias(
        &mut self,
        anchor: usize,
        at: Range<usize>,
    ) -> Result<(), Stop> {
        if self.item.is_some() {
            return Err(Stop::Joined);
        }
        let target = self.anchors.get(anchor).copied().unwrap_or(NodeId::NONE);
        if target == NodeId::NONE {
            return self.broken(at.start, ProblemKind::UnknownAlias);
        }
        if self.frames.iter().any(|frame| frame.node == target) {
            return self.broken(at.start, ProblemKind::AliasInItself);
        }
        let is_collection = matches!(self.kind(target), Some(RawKind::Map | RawKind::Seq));
        if self.role() == Role::Key && is_collection {
            return self.broken(at.start, ProblemKind::ComplexKey);
        }
        let node = self.graft(target, self.place(at.start))?;
        self.link(node);
        self.skip(at.end);
        self.done(node, self.place(at.end))
    }

    /// A scalar.
    pub(in crate::manifest) fn scalar(
        &mut self,
        token: &Token<'_>,
        anchor: usize,
    ) -> Result<(), Stop> {
        let is_key = self.role() == Role::Key;
        let range = token.range(self.text, self.cursor);
        self.skip(token.at.end);
        let meaning = match token.meaning(is_key) {
            Ok(meaning) => meaning,
            Err(kind) => return self.broken(token.at.start, kind),
        };
        let is_merge = is_key && token.style == Style::Plain && token.tag.is_none();
        if is_merge && meaning.value == "<<" {
            if let Some(frame) = self.frames.last_mut() {
                frame.role = Role::Merged;
            }
            return self.anchor(anchor, NodeId::NONE);
        }
        let written = self.text.get(range.clone()).unwrap_or("");
        let decoded = if token.says(&meaning, written) {
            0
        } else {
            self.tree.decode(&meaning.value)
        };
        let node = self.add(meaning.kind, &range, decoded)?;
        self.anchor(anchor, node)?;
        self.done(node, self.place(range.end))
    }

    fn broken<T>(&self, at: usize, kind: ProblemKind) -> Result<T, Stop> {
        let at = self.place(at);
        Err(Stop::Broken(Broken { at, kind }))
    }

    /// The role of the node that comes next.
    fn role(&self) -> Role {
        self.frames.last().map_or(Role::Element, |frame| frame.role)
    }

    fn kind(&self, node: NodeId) -> Option<RawKind> {
        self.tree.raw(node).map(RawNode::kind)
    }

    /// Whether the sequence that starts now is the root's `items`, wanted one by one.
    fn opens_items(&mut self) -> Result<bool, Stop> {
        let [root] = self.frames.as_slice() else {
            return Ok(false);
        };
        let is_items = root.role == Role::Value && self.tree.scalar_text(root.last) == "items";
        if self.item.is_none() || !is_items {
            return Ok(false);
        }
        if std::mem::replace(&mut self.items_met, true) {
            return Err(Stop::Joined);
        }
        Ok(true)
    }

    /// Remembers what an anchor names; 0 is no anchor.
    fn anchor(&mut self, anchor: usize, node: NodeId) -> Result<(), Stop> {
        if anchor == 0 {
            return Ok(());
        }
        if self.item.is_some() {
            return Err(Stop::Joined);
        }
        if self.anchors.len() <= anchor {
            self.anchors.resize(anchor + 1, NodeId::NONE);
        }
        if let Some(named) = self.anchors.get_mut(anchor) {
            *named = node;
        }
        Ok(())
    }

    fn add(&mut self, kind: RawKind, at: &Range<usize>, decoded: u32) -> Result<NodeId, Stop> {
        if self.tree.room() == 0 {
            return self.broken(at.start, ProblemKind::TooManyValues);
        }
        let raw = RawNode::new(kind, self.place(at.start), self.place(at.end));
        let node = self.tree.add(raw.saying(decoded));
        self.link(node);
        Ok(node)
    }

    /// Makes a node the child of the open collection, unless it is to be merged or an item.
    fn link(&mut self, node: NodeId) {
        if let Some(frame) = self.frames.last_mut()
            && matches!(frame.role, Role::Element | Role::Key | Role::Value)
        {
            self.tree.link(frame.node, frame.last, node);
            frame.last = node;
        }
    }

    /// A child of the open collection is complete.
    fn done(&mut self, node: NodeId, end: u32) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        frame.end = frame.end.max(end);
        match frame.role {
            Role::Element => {}
            Role::Key => frame.role = Role::Value,
            Role::Value => frame.role = Role::Key,
            Role::Merged => {
                frame.role = Role::Key;
                self.merge(node)?;
            }
            Role::Item => {
                if let Some(item) = &mut self.item {
                    item(&self.tree);
                }
                self.tree.clear();
            }
        }
        Ok(())
    }

    /// A copy of a node with all in it, nobody's child yet.
    fn graft(&mut self, node: NodeId, at: u32) -> Result<NodeId, Stop> {
        let Some(copy) = self.tree.extract(node, self.tree.room().min(*self.budget)) else {
            let kind = ProblemKind::TooManyAliases;
            return Err(Stop::Broken(Broken { at, kind }));
        };
        *self.budget -= copy.nodes.len();
        Ok(self.tree.append(copy))
    }

    /// Puts the entries of what `<<` names where it stands: later ones win, as in kubectl's reader. In a sequence
    /// of mappings the earlier ones win.
    fn merge(&mut self, node: NodeId) -> Result<(), Stop> {
        let at = self.tree.raw(node).map_or(0, |raw| raw.start);
        let mut maps = match self.kind(node) {
            Some(RawKind::Seq) => self.tree.children(node),
            _ => vec![node],
        };
        if !maps.iter().all(|map| self.kind(*map) == Some(RawKind::Map)) {
            let kind = ProblemKind::MergeOfNoMapping;
            return Err(Stop::Broken(Broken { at, kind }));
        }
        maps.reverse();
        for child in maps
            .into_iter()
            .flat_map(|map| self.tree.children(map))
            .collect::<Vec<_>>()
        {
            let copy = self.graft(child, at)?;
            self.link(copy);
        }
        Ok(())
    }
}
