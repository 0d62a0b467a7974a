//! Where the fast lane is in the text: bytes, lines, columns, and the nodes so far.

use super::items::Item;
use super::scan;
use super::scan::{Column, END};
use super::subset::{DEPTH, Outside};
use crate::manifest::{NodeId, RawKind, RawNode, Tree};

/// A text being read. Offsets are those of the source.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) bytes: &'t [u8],
    /// The next byte.
    pub(super) at: usize,
    /// Its column, where it begins a line or an element; [`END`] at the end.
    pub(super) column: Column,
    pub(super) tree: Tree,
    /// How many collections are open.
    pub(super) depth: usize,
    /// Whether the sequence under the root's key `items` is to be cut up and left unread.
    pub(super) cuts_items: bool,
    /// What it was cut into, and its node.
    pub(super) items: Option<(Vec<Item>, NodeId)>,
}

impl<'t> Reader<'t> {
    /// At the start of a text.
    pub(super) fn over(mut tree: Tree, text: &'t str, cuts_items: bool) -> Self {
        tree.unique_keys = true;
        Reader {
            text,
            bytes: text.as_bytes(),
            at: 0,
            column: END,
            tree,
            depth: 0,
            cuts_items,
            items: None,
        }
    }

    /// A byte; the end reads as a line break.
    #[inline]
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(b'\n')
    }

    /// Whether a byte there ends a word: space, line break, or the end.
    #[inline]
    pub(super) fn is_gap(&self, at: usize) -> bool {
        matches!(self.byte(at), b' ' | b'\n')
    }

    #[inline]
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }

    #[inline]
    pub(super) fn skip_spaces(&mut self) {
        self.at = scan::after_spaces(self.bytes, self.at);
    }

    /// Leaves a line of which nothing but a comment remains, for the next that says something.
    pub(super) fn end_line(&mut self) -> Result<(), Outside> {
        let from = self.at;
        self.skip_spaces();
        if self.byte(self.at) == b'#' && self.at > from {
            self.skip_line();
        }
        if self.byte(self.at) != b'\n' {
            return Err(Outside);
        }
        self.next_line()
    }

    /// Goes to the line's end.
    pub(super) fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    /// From a line's end to the next line that says something.
    pub(super) fn next_line(&mut self) -> Result<(), Outside> {
        loop {
            if self.at >= self.bytes.len() {
                self.column = END;
                return Ok(());
            }
            let start = self.at + 1;
            self.at = start;
            self.skip_spaces();
            match self.bytes.get(self.at) {
                None | Some(b'\n') => {}
                Some(b'#') => self.skip_line(),
                Some(_) => {
                    self.column = Column::try_from(self.at - start).map_err(|_| Outside)?;
                    let is_mark = self.at == start && self.is_mark(start);
                    return if is_mark { Err(Outside) } else { Ok(()) };
                }
            }
        }
    }

    /// Whether a line that starts there is a mark between documents.
    pub(super) fn is_mark(&self, line: usize) -> bool {
        matches!(self.slice(line, line + 3), "---" | "...")
    }

    /// Adds a node that is nobody's child yet.
    #[inline]
    pub(super) fn add(
        &mut self,
        kind: RawKind,
        start: usize,
        end: usize,
        decoded: u32,
    ) -> Result<NodeId, Outside> {
        if self.tree.room() == 0 {
            return Err(Outside);
        }
        #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at loading
        let raw = RawNode::new(kind, start as u32, end as u32);
        Ok(self.tree.add(raw.saying(decoded)))
    }

    /// Adds a collection that starts here.
    pub(super) fn open(&mut self, kind: RawKind) -> Result<NodeId, Outside> {
        if self.depth >= DEPTH {
            return Err(Outside);
        }
        self.depth += 1;
        self.add(kind, self.at, self.at, 0)
    }

    /// Whether the value of this key is to be cut up and left unread.
    pub(super) fn are_items(&self, key: NodeId) -> bool {
        self.cuts_items && self.depth == 1 && self.tree.scalar_text(key) == "items"
    }

    /// Leaves items unread.
    pub(super) fn put_aside(&mut self, items: Vec<Item>, seq: NodeId) -> Result<(), Outside> {
        match self.items.replace((items, seq)) {
            None => Ok(()),
            Some(_) => Err(Outside),
        }
    }

    /// Ends a collection, if nowhere else then where its last child ends.
    pub(super) fn close(&mut self, node: NodeId, last: NodeId, end: Option<usize>) {
        self.depth -= 1;
        #[allow(clippy::cast_possible_truncation)] // as in `add`
        let end = end.map(|end| end as u32);
        let last = self.tree.raw(last).map(|raw| raw.end);
        if let Some(raw) = self.tree.raw_mut(node) {
            raw.end = end.or(last).unwrap_or(raw.end);
        }
    }
}
