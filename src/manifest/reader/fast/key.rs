//! Keys of block mappings: one line, with a colon and a gap after it.

use super::reader::Reader;
use super::scan;
use super::subset::{LONGEST_KEY, Outside};
use crate::manifest::tree::scalar;
use crate::manifest::tree::token::check_plain;
use crate::manifest::{NodeId, RawKind, RawNode, Scalar};

/// A key that was read.
#[derive(Clone, Copy)]
pub(super) struct Key<'t> {
    pub(super) node: NodeId,
    /// Its text, if that is how kubectl reads it.
    text: Option<&'t str>,
}

/// How many keys a key out of order is compared with; in greater mappings that is better done once for all.
const MANY_KEYS: usize = 32;

impl<'t> Reader<'t> {
    /// The key that starts here; leaves its colon behind.
    pub(super) fn block_key(&mut self) -> Result<Key<'t>, Outside> {
        let start = self.at;
        let key = if matches!(self.byte(start), b'"' | b'\'') {
            self.quoted_key()?
        } else {
            self.at = self.plain_key_end(start).ok_or(Outside)?;
            if self.byte(self.at - 1) == b' ' {
                return Err(Outside);
            }
            self.plain_key(start, self.at)?
        };
        let is_key = self.byte(self.at) == b':' && self.is_gap(self.at + 1);
        if !is_key || self.at - start > LONGEST_KEY {
            return Err(Outside);
        }
        self.at += 1;
        Ok(key)
    }

    pub(super) fn quoted_key(&mut self) -> Result<Key<'t>, Outside> {
        let start = self.at;
        let node = self.quoted_line()?;
        let as_written = self.tree.raw(node).is_some_and(RawNode::is_text_as_written);
        let text = as_written.then(|| self.slice(start + 1, self.at - 1));
        Ok(Key { node, text })
    }

    #[inline]
    pub(super) fn plain_key(&mut self, start: usize, end: usize) -> Result<Key<'t>, Outside> {
        let text = self.slice(start, end);
        if text == "<<" || check_plain(text, true).is_err() {
            return Err(Outside);
        }
        let node = self.add(RawKind::Plain, start, end, 0)?;
        let is_word = matches!(scalar::resolve(text), Scalar::Str(_));
        let text = is_word.then_some(text);
        Ok(Key { node, text })
    }

    /// Takes note unless a mapping's next key is sure to be none of those before it, of which the greatest is known.
    /// Gives the greatest of all.
    #[inline]
    pub(super) fn compare(&mut self, map: NodeId, greatest: &'t str, key: Key<'t>) -> &'t str {
        match key.text {
            _ if !self.tree.unique_keys => greatest,
            Some(text) if text > greatest => text,
            text => {
                self.tree.unique_keys = text.is_some_and(|text| self.is_new(map, text));
                greatest
            }
        }
    }

    /// Whether none of a mapping's keys, which all are as they are written, is sure to be this one.
    fn is_new(&self, map: NodeId, text: &str) -> bool {
        let map = self.tree.raw(map);
        let mut earlier = map.map_or(NodeId::NONE, RawNode::first_child);
        for _ in 0..MANY_KEYS {
            let Some(raw) = self.tree.raw(earlier) else {
                return true;
            };
            let quote = usize::from(raw.is_text_as_written());
            let written = self.tree.text_of(raw);
            if raw.len() == text.len() + 2 * quote
                && written.get(quote..quote + text.len()) == Some(text.as_bytes())
            {
                return false;
            }
            earlier = self.tree.raw(raw.next).map_or(NodeId::NONE, |raw| raw.next);
        }
        false
    }

    /// Whether a key and its colon follow on this line.
    pub(super) fn is_at_key(&self) -> bool {
        let end = match self.byte(self.at) {
            quote @ (b'"' | b'\'') => self.quote_end(self.at, quote),
            _ => self.plain_key_end(self.at),
        };
        end.is_some_and(|end| self.byte(end) == b':' && self.is_gap(end + 1))
    }

    /// The colon after a plain key on this line.
    #[inline]
    pub(super) fn plain_key_end(&self, start: usize) -> Option<usize> {
        if !self.may_be_plain(start) {
            return None;
        }
        let mut at = start;
        loop {
            at = scan::plain_end(self.bytes, at);
            match self.byte(at) {
                b'\n' => return None,
                b':' if self.is_gap(at + 1) => return Some(at),
                b'#' if self.byte(at - 1) == b' ' => return None,
                _ => at += 1,
            }
        }
    }

    /// Behind the closing quote, if it is on this line.
    fn quote_end(&self, start: usize, quote: u8) -> Option<usize> {
        let mut at = start + 1;
        loop {
            match self.byte(at) {
                b'\n' => return None,
                b'\\' if quote == b'"' => at += 2,
                byte if byte == quote => {
                    if quote == b'"' || self.byte(at + 1) != b'\'' {
                        return Some(at + 1);
                    }
                    at += 2;
                }
                _ => at += 1,
            }
        }
    }
}
