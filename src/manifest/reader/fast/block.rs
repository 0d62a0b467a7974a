//! Block mappings and sequences: structure by indentation.

use super::items::{self, Item};
use super::reader::Reader;
use super::scan::{Column, END};
use super::subset::Outside;
use crate::manifest::{NodeId, RawKind};

impl Reader<'_> {
    /// A document from its first byte: comments, perhaps `---`, and a mapping.
    pub(super) fn document(&mut self, start: usize) -> Result<(), Outside> {
        self.at = start;
        self.first_line();
        if self.slice(self.at, self.at + 3) == "---" && self.is_gap(self.at + 3) && self.at == start
        {
            self.at += 3;
            self.end_line()?;
        } else {
            let line = self.text.get(start..self.at).unwrap_or("");
            let column = line
                .rfind('\n')
                .map_or(line.len(), |at| line.len() - at - 1);
            self.column = Column::try_from(column).map_err(|_| Outside)?;
        }
        if self.column == 0 && self.is_mark(self.at) {
            return Err(Outside);
        }
        if self.byte(self.at) == b'{' {
            self.flow(END)?;
            self.end_line()?;
        } else {
            self.block_mapping()?;
        }
        if self.column == END {
            Ok(())
        } else {
            Err(Outside)
        }
    }

    /// Over comments and blank lines at the start.
    fn first_line(&mut self) {
        loop {
            self.skip_spaces();
            match self.bytes.get(self.at) {
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.skip_line(),
                _ => return,
            }
        }
    }

    /// An element of the sequence `items`, alone.
    pub(super) fn element(&mut self, item: &Item) -> Result<(), Outside> {
        self.at = item.start;
        // As deep as it stands in the document.
        self.depth = 2;
        match item.column {
            END => {
                self.flow(END)?;
                if self.at == item.end {
                    Ok(())
                } else {
                    Err(Outside)
                }
            }
            column => {
                self.entry(column)?;
                if self.column == END {
                    Ok(())
                } else {
                    Err(Outside)
                }
            }
        }
    }

    /// A mapping whose first key is here.
    fn block_mapping(&mut self) -> Result<NodeId, Outside> {
        let column = self.column;
        let map = self.open(RawKind::Map)?;
        let (mut last, mut greatest) = (NodeId::NONE, "");
        while self.column == column {
            let key = self.block_key()?;
            greatest = self.compare(map, greatest, key);
            self.tree.link(map, last, key.node);
            let value = self.block_value(column, key.node)?;
            self.tree.link(map, key.node, value);
            last = value;
        }
        if self.column > column {
            return Err(Outside);
        }
        self.close(map, last, None);
        Ok(map)
    }

    /// What follows a key's colon in a mapping at this column.
    fn block_value(&mut self, column: Column, key: NodeId) -> Result<NodeId, Outside> {
        self.skip_spaces();
        if !matches!(self.byte(self.at), b'\n' | b'#') {
            return self.inline(column);
        }
        self.end_line()?;
        let dash = self.is_dash();
        if dash && self.column >= column {
            if let Some(seq) = self.cut_items(key)? {
                return Ok(seq);
            }
            let shares_column = self.column == column;
            let seq = self.block_sequence()?;
            if shares_column {
                self.start_at_first(seq)?;
            }
            return Ok(seq);
        }
        if self.column > column {
            return self.block_mapping();
        }
        Err(Outside)
    }

    #[inline]
    pub(super) fn is_dash(&self) -> bool {
        self.column > END && self.byte(self.at) == b'-' && self.is_gap(self.at + 1)
    }

    /// A sequence whose first dash is here.
    fn block_sequence(&mut self) -> Result<NodeId, Outside> {
        let column = self.column;
        let seq = self.open(RawKind::Seq)?;
        let mut last = NodeId::NONE;
        while self.column == column && self.is_dash() {
            let element = self.entry(column)?;
            self.tree.link(seq, last, element);
            last = element;
        }
        if self.column > column {
            return Err(Outside);
        }
        self.close(seq, last, None);
        Ok(seq)
    }

    /// A sequence no deeper than its key starts with its first element, so says the general reader; where the dash is
    /// alone on its line, it says something else.
    fn start_at_first(&mut self, seq: NodeId) -> Result<(), Outside> {
        let raw = *self.tree.raw(seq).ok_or(Outside)?;
        let first = self.tree.raw(raw.first_child()).ok_or(Outside)?.start;
        let dash = self.slice(raw.start as usize, first as usize);
        if dash.contains('\n') {
            return Err(Outside);
        }
        if let Some(raw) = self.tree.raw_mut(seq) {
            raw.start = first;
        }
        Ok(())
    }

    /// An element of a sequence at this column, from its dash.
    fn entry(&mut self, column: Column) -> Result<NodeId, Outside> {
        let dash = self.at;
        self.at += 1;
        self.skip_spaces();
        let inner = column + Column::try_from(self.at - dash).map_err(|_| Outside)?;
        match self.byte(self.at) {
            b'\n' | b'#' => {
                self.end_line()?;
                match self.is_dash() {
                    _ if self.column <= column => Err(Outside),
                    true => self.block_sequence(),
                    false => self.block_mapping(),
                }
            }
            b'-' if self.is_gap(self.at + 1) => {
                self.column = inner;
                self.block_sequence()
            }
            _ if self.is_at_key() => {
                self.column = inner;
                self.block_mapping()
            }
            _ => self.inline(column),
        }
    }

    /// A value that starts here and is part of a collection at this column.
    fn inline(&mut self, column: Column) -> Result<NodeId, Outside> {
        match self.byte(self.at) {
            b'"' | b'\'' => {
                let node = self.quoted(column)?;
                self.end_line()?;
                Ok(node)
            }
            b'[' | b'{' => {
                let node = self.flow(column)?;
                self.end_line()?;
                Ok(node)
            }
            b'|' | b'>' => self.block_scalar(column),
            _ => self.plain(column),
        }
    }

    /// Cuts the sequence that starts here into items, if it is the root's `items` and wanted so.
    fn cut_items(&mut self, key: NodeId) -> Result<Option<NodeId>, Outside> {
        if !self.are_items(key) {
            return Ok(None);
        }
        let (items, end) = items::block(self.bytes, self.at, self.column);
        let seq = self.add(RawKind::Seq, self.at, self.at, 0)?;
        self.put_aside(items, seq)?;
        // The line break before the line on which they end.
        self.at = end - 1;
        self.next_line()?;
        Ok(Some(seq))
    }
}
