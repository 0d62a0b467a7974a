//! Keys of block mappings: one line, with a colon and a gap after it.

use super::reader::Reader;
use super::{LONGEST_KEY, Outside};
use crate::manifest::token::check_plain;
use crate::manifest::{NodeId, RawKind, RawNode, Scalar, scalar};

/// How many keys a key out of order is compared with; in greater mappings that is better done once for all.
const MANY_KEYS: usize = 32;

impl<'t> Reader<'t> {
    /// The key that starts here; leaves its colon behind.
    pub(super) fn block_key(&mut self) -> Result<NodeId, Outside> {
        let start = self.at;
        let node = if matches!(self.byte(start), b'"' | b'\'') {
            self.quoted_line()?
        } else {
            self.at = self.plain_key_end(start).ok_or(Outside)?;
            let text = self.slice(start, self.at);
            if text == "<<" || text.ends_with(' ') || check_plain(text, true).is_err() {
                return Err(Outside);
            }
            self.add(RawKind::Plain, start, self.at, 0)?
        };
        let is_key = self.byte(self.at) == b':' && self.is_gap(self.at + 1);
        if !is_key || self.at - start > LONGEST_KEY {
            return Err(Outside);
        }
        self.at += 1;
        Ok(node)
    }

    /// Takes note unless a mapping's next key is sure to be none of those before it, of which the greatest is known.
    /// Gives the greatest of all.
    pub(super) fn compare(&mut self, map: NodeId, greatest: &'t str, key: NodeId) -> &'t str {
        let Some(text) = self.sure_key(key) else {
            self.tree.unique_keys = false;
            return greatest;
        };
        if text > greatest {
            return text;
        }
        let mut earlier = self
            .tree
            .raw(map)
            .map_or(NodeId::NONE, RawNode::first_child);
        for _ in 0..MANY_KEYS {
            let Some(raw) = self.tree.raw(earlier) else {
                return greatest;
            };
            if self.sure_key(earlier) == Some(text) {
                break;
            }
            earlier = self.tree.raw(raw.next).map_or(NodeId::NONE, |raw| raw.next);
        }
        self.tree.unique_keys = false;
        greatest
    }

    /// A key's text, if that is how kubectl reads it.
    fn sure_key(&self, key: NodeId) -> Option<&'t str> {
        let raw = self.tree.raw(key).filter(|raw| raw.decoded() == 0)?;
        let (start, end) = (raw.start as usize, raw.end as usize);
        if raw.kind() == RawKind::Text {
            return Some(self.slice(start + 1, end - 1));
        }
        let text = self.slice(start, end);
        matches!(scalar::resolve(text), Scalar::Str(_)).then_some(text)
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
    fn plain_key_end(&self, start: usize) -> Option<usize> {
        if !self.may_be_plain(start) {
            return None;
        }
        let mut at = start;
        loop {
            at = self.until(at, |byte| matches!(byte, b'\n' | b':' | b'#'));
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
