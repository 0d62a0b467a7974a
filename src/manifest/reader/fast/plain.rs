//! Plain scalars in block collections, on one line or folded over several.

use super::reader::Reader;
use super::scan;
use super::scan::Column;
use super::subset::Outside;
use crate::manifest::tree::token::check_plain;
use crate::manifest::{NodeId, RawKind};

impl Reader<'_> {
    /// Whether a plain scalar may start with the character there.
    #[inline]
    pub(super) fn may_be_plain(&self, at: usize) -> bool {
        match self.byte(at) {
            b'-' | b'?' | b':' => !self.is_gap(at + 1),
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' | b' ' | b'\n' => false,
            _ => true,
        }
    }

    /// A plain scalar in a collection at this column.
    pub(super) fn plain(&mut self, column: Column) -> Result<NodeId, Outside> {
        let start = self.at;
        if !self.may_be_plain(start) {
            return Err(Outside);
        }
        let end = self.plain_line()?;
        let line_end = self.at;
        let comment = self.byte(line_end) == b'#';
        if comment {
            self.skip_line();
        }
        self.next_line()?;
        if self.column > column {
            if comment {
                return Err(Outside);
            }
            self.at = line_end;
            return self.folded_plain(start, end, column);
        }
        check_plain(self.slice(start, end), false).map_err(|_| Outside)?;
        self.add(RawKind::Plain, start, end, 0)
    }

    /// Goes to the line's end or a comment; gives where the text on it ends.
    #[inline]
    pub(super) fn plain_line(&mut self) -> Result<usize, Outside> {
        let start = self.at;
        loop {
            self.at = scan::plain_end(self.bytes, self.at);
            match self.byte(self.at) {
                b'\n' => break,
                b'#' if self.byte(self.at - 1) == b' ' => break,
                b':' if self.is_gap(self.at + 1) => return Err(Outside),
                _ => self.at += 1,
            }
        }
        let mut end = self.at;
        while end > start && self.byte(end - 1) == b' ' {
            end -= 1;
        }
        Ok(end)
    }

    /// The lines after the first: a line break is a space, and each empty line a line break.
    fn folded_plain(
        &mut self,
        start: usize,
        mut end: usize,
        column: Column,
    ) -> Result<NodeId, Outside> {
        let mut value = self.slice(start, end).to_owned();
        while let Some(breaks) = self.continues(column) {
            // Also where a comment, which is no part of a scalar, comes before more of it.
            if self.byte(self.at) == b'#' {
                return Err(Outside);
            }
            fold(&mut value, breaks);
            let line = self.at;
            end = self.plain_line()?;
            value.push_str(self.slice(line, end));
            if self.byte(self.at) != b'\n' {
                self.skip_line();
                break;
            }
        }
        self.next_line()?;
        if self.column > column {
            return Err(Outside);
        }
        check_plain(&value, false).map_err(|_| Outside)?;
        let decoded = self.tree.decode(&value);
        self.add(RawKind::Plain, start, end, decoded)
    }

    /// From a line's end to the next line that is not blank, if it belongs to a scalar in a collection at this
    /// column; gives the number of line breaks. Otherwise stays.
    pub(super) fn continues(&mut self, column: Column) -> Option<usize> {
        let (mut at, mut breaks) = (self.at, 0);
        let mut line = at;
        loop {
            at = scan::after_spaces(self.bytes, at);
            if self.bytes.get(at)? != &b'\n' {
                break;
            }
            breaks += 1;
            at += 1;
            line = at;
        }
        let deep = Column::try_from(at - line).is_ok_and(|indent| indent > column);
        let goes_on = deep && !(at == line && self.is_mark(at));
        goes_on.then(|| {
            self.at = at;
            breaks
        })
    }
}

/// Puts what so many line breaks between two words mean.
pub(super) fn fold(value: &mut String, breaks: usize) {
    match breaks {
        1 => value.push(' '),
        _ => value.extend(std::iter::repeat_n('\n', breaks.saturating_sub(1))),
    }
}
