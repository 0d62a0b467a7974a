//! Flow collections: JSON, and the `{}` and `[]` in block ones.

use super::items;
use super::key::Key;
use super::reader::Reader;
use super::scan::{Column, END};
use super::subset::{LONGEST_KEY, Outside};
use crate::manifest::tree::token::check_plain;
use crate::manifest::{NodeId, RawKind};

impl<'t> Reader<'t> {
    /// A flow collection in a block collection at this column; leaves its bracket behind.
    pub(super) fn flow(&mut self, column: Column) -> Result<NodeId, Outside> {
        if self.byte(self.at) == b'[' {
            self.flow_sequence(column)
        } else {
            self.flow_mapping(column)
        }
    }

    fn flow_sequence(&mut self, column: Column) -> Result<NodeId, Outside> {
        let seq = self.open(RawKind::Seq)?;
        let mut last = NodeId::NONE;
        self.at += 1;
        self.gap(column)?;
        let mut more = self.byte(self.at) != b']';
        while more {
            let value = self.flow_value(column)?;
            self.tree.link(seq, last, value);
            last = value;
            more = self.comma(column, b']')?;
        }
        self.at += 1;
        self.close(seq, last, Some(self.at));
        Ok(seq)
    }

    fn flow_mapping(&mut self, column: Column) -> Result<NodeId, Outside> {
        let map = self.open(RawKind::Map)?;
        let (mut last, mut greatest) = (NodeId::NONE, "");
        self.at += 1;
        self.gap(column)?;
        let mut more = self.byte(self.at) != b'}';
        while more {
            let key = self.flow_key()?;
            greatest = self.compare(map, greatest, key);
            self.tree.link(map, last, key.node);
            self.gap(column)?;
            let value = match self.cut_elements(key.node)? {
                Some(seq) => seq,
                None => self.flow_value(column)?,
            };
            self.tree.link(map, key.node, value);
            last = value;
            more = self.comma(column, b'}')?;
        }
        self.at += 1;
        self.close(map, last, Some(self.at));
        Ok(map)
    }

    /// Cuts the sequence that starts here into items, if it is the root's `items` and wanted so.
    fn cut_elements(&mut self, key: NodeId) -> Result<Option<NodeId>, Outside> {
        let bracket = self.at;
        if self.byte(bracket) != b'[' || !self.are_items(key) {
            return Ok(None);
        }
        self.at += 1;
        self.gap(END)?;
        if self.byte(self.at) == b']' {
            self.at = bracket;
            return Ok(None);
        }
        let (items, end) = items::flow(self.bytes, bracket).ok_or(Outside)?;
        self.at = end + 1;
        let seq = self.add(RawKind::Seq, bracket, self.at, 0)?;
        self.put_aside(items, seq)?;
        Ok(Some(seq))
    }

    /// After a value: whether another follows.
    fn comma(&mut self, column: Column, bracket: u8) -> Result<bool, Outside> {
        self.gap(column)?;
        match self.byte(self.at) {
            byte if byte == bracket => return Ok(false),
            b',' => self.at += 1,
            _ => return Err(Outside),
        }
        self.gap(column)?;
        Ok(true)
    }

    /// Over spaces and line breaks. Lines must be deeper than the block collection.
    fn gap(&mut self, column: Column) -> Result<(), Outside> {
        self.skip_spaces();
        if self.byte(self.at) == b'\n' {
            self.continues(column).ok_or(Outside)?;
        }
        Ok(())
    }

    fn flow_value(&mut self, column: Column) -> Result<NodeId, Outside> {
        match self.byte(self.at) {
            b'"' | b'\'' => self.quoted(column),
            b'[' | b'{' => self.flow(column),
            _ => self.flow_plain(),
        }
    }

    /// A key; leaves its colon behind.
    fn flow_key(&mut self) -> Result<Key<'t>, Outside> {
        let start = self.at;
        let quoted = matches!(self.byte(start), b'"' | b'\'');
        let key = if quoted {
            self.quoted_key()?
        } else {
            let end = self.flow_plain_end()?;
            if end != self.at {
                return Err(Outside);
            }
            self.plain_key(start, end)?
        };
        if self.byte(self.at) != b':' || self.at - start > LONGEST_KEY {
            return Err(Outside);
        }
        self.at += 1;
        if !quoted && !self.is_gap(self.at) {
            return Err(Outside);
        }
        Ok(key)
    }

    fn flow_plain(&mut self) -> Result<NodeId, Outside> {
        let start = self.at;
        let end = self.flow_plain_end()?;
        if self.byte(self.at) == b':' || check_plain(self.slice(start, end), false).is_err() {
            return Err(Outside);
        }
        self.add(RawKind::Plain, start, end, 0)
    }

    /// Where a plain scalar on this line ends; leaves off at what follows it.
    fn flow_plain_end(&mut self) -> Result<usize, Outside> {
        let mut end = self.at;
        if !self.may_be_plain(self.at) || matches!(self.byte(self.at), b'-' | b'?' | b':') {
            // A dash starts a number, and only then is it sure.
            let is_number = self.byte(self.at) == b'-' && self.byte(self.at + 1).is_ascii_digit();
            if !is_number {
                return Err(Outside);
            }
        }
        loop {
            match self.byte(self.at) {
                b',' | b']' | b'}' => return Ok(end),
                b':' if self.is_gap(self.at + 1) => return Ok(end),
                b'[' | b'{' | b'\n' | b'#' | b':' | b'"' | b'\'' => {
                    return self.end_of_json_word(end);
                }
                b' ' => {}
                _ => end = self.at + 1,
            }
            self.at += 1;
        }
    }

    /// In pretty JSON the last value of a collection is followed by a line break, and then the bracket.
    fn end_of_json_word(&mut self, end: usize) -> Result<usize, Outside> {
        let line_end = self.at;
        if self.byte(line_end) != b'\n' {
            return Err(Outside);
        }
        let rest = self.bytes.get(line_end..).unwrap_or(&[]);
        let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\n'));
        match next {
            Some(b',' | b']' | b'}') => Ok(end),
            _ => Err(Outside),
        }
    }
}
