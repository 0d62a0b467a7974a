//! Where the head of a document begins: the comments before its first key.

use crate::source::Source;

/// The heads of a text's documents and List items.
pub(super) struct Heads<'t> {
    source: &'t Source,
    /// Where the first line stands that is neither blank nor a comment.
    opening: usize,
    /// The object last asked about, by its start; where its head begins, and how far right its comments may stand.
    last: Option<(u32, Head)>,
}

#[derive(Clone, Copy)]
struct Head {
    start: usize,
    /// Byte offset of the List's dash, and its column; comments before it must not be indented deeper.
    dash: Option<(usize, usize)>,
}

impl<'t> Heads<'t> {
    pub(super) fn of(source: &'t Source) -> Self {
        let mut opening = 0;
        for line in source.text.split_inclusive('\n') {
            if !is_blank_or_comment(line) {
                break;
            }
            opening += line.len();
        }
        Heads {
            source,
            opening,
            last: None,
        }
    }

    /// Whether a comment belongs to the head of the object that starts at `object`. `floor` is where the object before
    /// it ends.
    pub(super) fn covers(&mut self, object: u32, floor: u32, comment: usize) -> bool {
        let head = match self.last {
            Some((of, head)) if of == object => head,
            _ => self.find(object as usize, floor as usize),
        };
        self.last = Some((object, head));
        if comment < head.start {
            return false;
        }
        match head.dash {
            Some((at, column)) if comment < at => self.column(comment) <= column,
            _ => true,
        }
    }

    /// Bytes between the start of the line and an offset.
    fn column(&self, at: usize) -> usize {
        let before = self.source.text.get(..at).unwrap_or("");
        before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// Walks up from the object over blank lines, comments, its dashes and the marker of its document.
    fn find(&self, object: usize, floor: usize) -> Head {
        let text = &self.source.text;
        let line_start = object - self.column(object);
        let mut head = Head {
            start: object,
            dash: None,
        };
        let mut end = object;
        let mut start = line_start;
        loop {
            let line = text.get(start..end).unwrap_or("");
            if start < floor {
                break;
            }
            if is_marker(line) {
                head.start = if start <= self.opening { 0 } else { start };
                break;
            }
            if let Some(column) = dash(line) {
                head.dash = Some((start + column, column));
            } else if !is_blank_or_comment(line) {
                break;
            }
            head.start = start;
            let Some(above) = start.checked_sub(1) else {
                break;
            };
            end = start;
            start = above - self.column(above);
        }
        head
    }
}

fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.is_empty() || line.starts_with('#')
}

/// `---`, alone or before a comment or the value.
fn is_marker(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| {
        let rest = rest.trim_end_matches(['\n', '\r']);
        rest.is_empty() || rest.starts_with([' ', '\t'])
    })
}

/// The column of the first dash of a line that holds nothing but dashes of a List, and perhaps a comment.
fn dash(line: &str) -> Option<usize> {
    let column = line.len() - line.trim_start().len();
    let mut rest = line.get(column..)?.strip_prefix('-')?;
    loop {
        let inner = rest.trim_start();
        if inner.is_empty() || inner.starts_with('#') {
            return Some(column);
        }
        if inner.len() == rest.len() {
            return None;
        }
        rest = inner.strip_prefix('-')?;
    }
}
