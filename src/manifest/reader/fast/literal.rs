//! Block scalars, literal `|` and folded `>`.

use super::reader::Reader;
use super::scan::Column;
use super::subset::Outside;
use crate::manifest::{NodeId, RawKind};

/// What a block scalar's first line says.
#[derive(Clone, Copy)]
struct Header {
    folded: bool,
    /// `-` strips and `+` keeps the line breaks at the end.
    chomp: u8,
    /// How much deeper than the collection it is indented, where it says so.
    indent: Option<usize>,
}

impl Reader<'_> {
    /// A block scalar in a collection at this column.
    pub(super) fn block_scalar(&mut self, column: Column) -> Result<NodeId, Outside> {
        let start = self.at;
        let header = self.header()?;
        let indent = match header.indent {
            Some(more) => usize::try_from(column).unwrap_or(0) + more,
            None => self.detect_indent(column)?,
        };
        let (value, end) = self.lines(header, indent);
        // A scalar of nothing but line breaks is rare, and only its header is its own.
        let end = end.ok_or(Outside)?;
        let decoded = self.tree.decode(&value);
        let node = self.add(RawKind::Text, start, end, decoded)?;
        if self.at < self.bytes.len() {
            // Back to the line break before the line that is no part of it.
            self.at -= 1;
            self.next_line()?;
        } else {
            self.column = super::scan::END;
        }
        if self.column > column {
            return Err(Outside);
        }
        Ok(node)
    }

    /// From `|` to the line's end.
    fn header(&mut self) -> Result<Header, Outside> {
        let mut header = Header {
            folded: self.byte(self.at) == b'>',
            chomp: b' ',
            indent: None,
        };
        self.at += 1;
        loop {
            match self.byte(self.at) {
                chomp @ (b'+' | b'-') if header.chomp == b' ' => header.chomp = chomp,
                digit @ b'1'..=b'9' if header.indent.is_none() => {
                    header.indent = Some(usize::from(digit - b'0'));
                }
                _ => break,
            }
            self.at += 1;
        }
        self.skip_spaces();
        if self.byte(self.at) != b'\n' || self.at >= self.bytes.len() {
            return Err(Outside);
        }
        self.at += 1;
        Ok(header)
    }

    /// The indentation of the first line that is not blank; blank ones before it must not be deeper.
    fn detect_indent(&self, column: Column) -> Result<usize, Outside> {
        let (mut at, mut line, mut deepest) = (self.at, self.at, 0);
        loop {
            match self.bytes.get(at).ok_or(Outside)? {
                b' ' => {}
                b'\n' => {
                    deepest = deepest.max(at - line);
                    line = at + 1;
                }
                _ => break,
            }
            at += 1;
        }
        let indent = at - line;
        let deep = Column::try_from(indent).is_ok_and(|indent| indent > column);
        if deep && deepest <= indent {
            Ok(indent)
        } else {
            Err(Outside)
        }
    }

    /// The value, and where its last line ends that is not blank. Leaves off at the start of a line.
    fn lines(&mut self, header: Header, indent: usize) -> (String, Option<usize>) {
        let mut value = String::new();
        let mut end = None;
        // Whether the line before ended with a line break, and began with a space.
        let (mut pending, mut was_deeper) = (false, false);
        let mut blank = self.blank_lines(indent);
        while let Some(from) = self.at_content(indent) {
            let deeper = self.byte(from) == b' ';
            if pending {
                if !header.folded || was_deeper || deeper {
                    value.push('\n');
                } else if blank == 0 {
                    value.push(' ');
                }
            }
            value.extend(std::iter::repeat_n('\n', blank));
            was_deeper = deeper;
            self.at = from;
            self.skip_line();
            let line = self.slice(from, self.at);
            value.push_str(line);
            if !line.trim_ascii_end().is_empty() {
                end = Some(self.at);
            }
            pending = self.at < self.bytes.len();
            self.at = (self.at + 1).min(self.bytes.len());
            blank = self.blank_lines(indent);
        }
        if header.chomp != b'-' && pending {
            value.push('\n');
        }
        if header.chomp == b'+' {
            value.extend(std::iter::repeat_n('\n', blank));
        }
        (value, end)
    }

    /// Skips lines of no more than the indentation; gives how many.
    fn blank_lines(&mut self, indent: usize) -> usize {
        let mut count = 0;
        loop {
            let spaces = self.spaces(indent);
            if self.bytes.get(self.at + spaces) != Some(&b'\n') {
                return count;
            }
            count += 1;
            self.at += spaces + 1;
        }
    }

    /// Where a line's content starts, if it is indented enough.
    fn at_content(&self, indent: usize) -> Option<usize> {
        let from = self.at + indent;
        (self.spaces(indent) == indent && from < self.bytes.len()).then_some(from)
    }

    /// How many spaces are here, no more than so many.
    fn spaces(&self, most: usize) -> usize {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        rest.iter()
            .take(most)
            .take_while(|byte| **byte == b' ')
            .count()
    }
}
