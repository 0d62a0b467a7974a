//! The items of a List, cut apart without reading them.
//!
//! A cut can be wrong only inside a scalar of several lines that is written as kubectl never writes; then what is
//! cut off is not well-formed, and the whole document goes to the general reader.

use super::scan;
use super::scan::{Column, END};

/// One element of the sequence `items`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) struct Item {
    /// Its dash, or in JSON its bracket.
    pub(super) start: usize,
    /// Where the next one starts, or what follows the sequence; in JSON after its bracket.
    pub(super) end: usize,
    /// The column of its dash; [`END`] in JSON.
    pub(super) column: Column,
}

/// The elements of a block sequence whose first dash is here, and where the line starts that follows the last.
pub(super) fn block(bytes: &[u8], first: usize, column: Column) -> (Vec<Item>, usize) {
    let indent = usize::try_from(column).unwrap_or(0);
    let mut starts = vec![first];
    let mut end = bytes.len();
    let mut line = first;
    while line < bytes.len() {
        line = next_line(bytes, line, indent);
        let at = scan::after_spaces(bytes, line);
        let spaces = at - line;
        match bytes.get(at) {
            Some(b'\n' | b'#') | None => {}
            Some(_) if spaces > indent => {}
            Some(b'-') if spaces == indent && is_dash(bytes, at) => starts.push(at),
            Some(_) => {
                end = line;
                break;
            }
        }
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([end]).collect();
    let items = starts.into_iter().zip(ends);
    let items = items.map(|(start, end)| Item { start, end, column });
    (items.collect(), end)
}

/// The next line that may be an element or end the sequence. kubectl does not indent the sequence: then most lines are
/// passed over without being looked at.
fn next_line(bytes: &[u8], from: usize, indent: usize) -> usize {
    if indent == 0 {
        return scan::line_without_indent(bytes, from);
    }
    let rest = bytes.get(from..).unwrap_or_default();
    from + memchr::memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1)
}

fn is_dash(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at + 1), None | Some(b' ' | b'\n'))
}

/// The elements of a JSON array of objects whose bracket is here, and where its other bracket is. Nothing where that
/// is not sure.
pub(super) fn flow(bytes: &[u8], bracket: usize) -> Option<(Vec<Item>, usize)> {
    let mut at = after_gap(bytes, bracket + 1);
    // In pretty JSON an element ends at its bracket's own column.
    let line = bytes.get(bracket + 1..at)?;
    let pretty = line.starts_with(b"\n").then(|| [line, b"}"].concat());
    let pretty = pretty.as_deref().map(memchr::memmem::Finder::new);
    let mut items = Vec::new();
    loop {
        let end = match &pretty {
            Some(closing) if bytes.get(at + 1) == Some(&b'\n') => {
                at + closing.find(bytes.get(at..)?)? + closing.needle().len()
            }
            _ => object_end(bytes, at)?,
        };
        items.push(Item {
            start: at,
            end,
            column: END,
        });
        let next = after_gap(bytes, end);
        match bytes.get(next)? {
            b']' => return Some((items, next)),
            b',' => at = after_gap(bytes, next + 1),
            _ => return None,
        }
    }
}

fn after_gap(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or(&[]);
    let gap = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\n'));
    from + gap.count()
}

/// Behind the bracket of the object that starts here.
fn object_end(bytes: &[u8], start: usize) -> Option<usize> {
    let (mut at, mut depth) = (start, 0usize);
    loop {
        match bytes.get(at)? {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            b'"' => at = string_end(bytes, at)?,
            _ if depth == 0 => return None,
            _ => {}
        }
        at += 1;
    }
}

/// The closing quote of the string that starts here.
fn string_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = bytes.get(at..)?;
        at += memchr::memchr2(b'"', b'\\', rest)?;
        if bytes.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}
