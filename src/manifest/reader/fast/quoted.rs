//! Quoted scalars, single and double, on one line or folded over several.

use super::plain::fold;
use super::reader::Reader;
use super::scan;
use super::scan::Column;
use super::subset::Outside;
use crate::manifest::{NodeId, RawKind};

impl Reader<'_> {
    /// A quoted scalar in a collection at this column; leaves the closing quote behind.
    pub(super) fn quoted(&mut self, column: Column) -> Result<NodeId, Outside> {
        let (start, quote) = (self.at, self.byte(self.at));
        let inside = start + 1;
        let end = scan::quote_end(self.bytes, inside, quote);
        let is_doubled = quote == b'\'' && self.byte(end + 1) == quote;
        if self.byte(end) == quote && !is_doubled {
            self.at = end + 1;
            return self.add(RawKind::Text, start, self.at, 0);
        }
        if end >= self.bytes.len() {
            return Err(Outside);
        }
        self.at = inside;
        let value = if quote == b'"' {
            self.double(column)?
        } else {
            self.single(column)?
        };
        let decoded = self.tree.decode(&value);
        self.add(RawKind::Text, start, self.at, decoded)
    }

    /// A quoted scalar that must end on its line.
    pub(super) fn quoted_line(&mut self) -> Result<NodeId, Outside> {
        self.quoted(Column::MAX)
    }

    fn single(&mut self, column: Column) -> Result<String, Outside> {
        let mut value = String::new();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let found = memchr::memchr2(b'\'', b'\n', rest).ok_or(Outside)?;
            value.push_str(self.slice(self.at, self.at + found));
            self.at += found;
            if self.byte(self.at) == b'\n' {
                self.fold_line(&mut value, 0, column)?;
            } else if self.byte(self.at + 1) == b'\'' {
                value.push('\'');
                self.at += 2;
            } else {
                self.at += 1;
                return Ok(value);
            }
        }
    }

    fn double(&mut self, column: Column) -> Result<String, Outside> {
        let mut value = String::new();
        // Up to here the value comes from escapes: spaces among it are not those before a line break.
        let mut solid = 0;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or(&[]);
            let found = memchr::memchr3(b'"', b'\\', b'\n', rest).ok_or(Outside)?;
            value.push_str(self.slice(self.at, self.at + found));
            self.at += found;
            match self.byte(self.at) {
                b'"' => {
                    self.at += 1;
                    return Ok(value);
                }
                b'\n' => self.fold_line(&mut value, solid, column)?,
                _ if self.byte(self.at + 1) == b'\n' => {
                    self.at += 1;
                    // A blank line after this is read differently by different readers.
                    if self.continues(column) != Some(1) {
                        return Err(Outside);
                    }
                }
                _ => value.push(self.escape()?),
            }
            solid = value.len();
        }
    }

    /// A line break inside quotes; spaces around it do not count.
    fn fold_line(
        &mut self,
        value: &mut String,
        solid: usize,
        column: Column,
    ) -> Result<(), Outside> {
        while value.len() > solid && value.ends_with(' ') {
            value.pop();
        }
        let breaks = self.continues(column).ok_or(Outside)?;
        fold(value, breaks);
        Ok(())
    }

    /// What a backslash and what follows it stand for.
    fn escape(&mut self) -> Result<char, Outside> {
        let name = self.byte(self.at + 1);
        self.at += 2;
        Ok(match name {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' => ' ',
            b'"' => '"',
            b'/' => '/',
            b'\\' => '\\',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.hex(2),
            b'u' => return self.hex(4),
            b'U' => return self.hex(8),
            _ => return Err(Outside),
        })
    }

    fn hex(&mut self, digits: usize) -> Result<char, Outside> {
        let text = self.slice(self.at, self.at + digits);
        if text.len() != digits || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(Outside);
        }
        self.at += digits;
        let code = u32::from_str_radix(text, 16).map_err(|_| Outside)?;
        char::from_u32(code).ok_or(Outside)
    }
}
