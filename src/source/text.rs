//! One text and its line index.

use std::sync::OnceLock;

use super::{Position, SourceId, Span};

/// One Kubernetes cluster's worth of evidence. Facts never join across origins.
///
/// `OriginId(0)` is all loose files and standard input together; each bundle and each live context
/// gets one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OriginId(pub u32);

/// One text with its name. Secret values in it have already been overwritten.
#[derive(Debug)]
pub struct Source {
    /// Its place in the run's list.
    pub id: SourceId,
    /// Which cluster's evidence it is.
    pub origin: OriginId,
    /// The path as given on the command line (joined for members of folders, forward slashes), `-` for
    /// standard input.
    pub uri: String,
    /// The text; at most 4 GiB.
    pub text: String,
    lines: OnceLock<Vec<u32>>,
    blocks: OnceLock<Vec<Before>>,
}

/// How many bytes are counted through to find a position.
const BLOCK: usize = 1024;

/// What is before a block of the text.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// Line breaks.
    lines: u32,
    /// Characters after the last of them.
    characters: u32,
}

impl Before {
    /// After these bytes too. Characters are counted where they start.
    fn and(self, bytes: &[u8]) -> Self {
        let starts = |byte: &&u8| **byte & 0xc0 != 0x80;
        let (lines, before, line) = match memchr::memrchr(b'\n', bytes) {
            Some(last) => {
                let lines = memchr::memchr_iter(b'\n', bytes).count();
                (lines, 0, bytes.get(last + 1..).unwrap_or_default())
            }
            None => (0, self.characters, bytes),
        };
        #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at reading
        Before {
            lines: self.lines + lines as u32,
            characters: before + line.iter().filter(starts).count() as u32,
        }
    }
}

impl Source {
    /// A named text.
    pub fn new(id: SourceId, origin: OriginId, uri: String, text: String) -> Self {
        Self {
            id,
            origin,
            uri,
            text,
            lines: OnceLock::new(),
            blocks: OnceLock::new(),
        }
    }

    /// The text a span covers; empty when the span does not lie in this source.
    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }

    /// Byte offsets at which lines start; computed on first use.
    pub fn line_starts(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let newlines = || memchr::memchr_iter(b'\n', self.text.as_bytes());
            let mut starts = Vec::with_capacity(newlines().count() + 1);
            #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at reading
            starts.extend(std::iter::once(0).chain(newlines().map(|at| at as u32 + 1)));
            starts
        })
    }

    /// Where a span starts and ends.
    pub fn ends(&self, span: Span) -> (Position, Position) {
        let start = self.position(span.start);
        let covered = self.slice(span);
        if covered.is_empty() || covered.contains('\n') {
            return (start, self.position(span.end));
        }
        #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at reading
        let end = Position {
            line: start.line,
            column: start.column + covered.chars().count() as u32,
        };
        (start, end)
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    ///
    /// An index of blocks, not of lines: it is small, and a line may be the whole text.
    pub fn position(&self, offset: u32) -> Position {
        let bytes = self.text.as_bytes();
        let blocks = self.blocks.get_or_init(|| {
            let ends = bytes
                .chunks(BLOCK)
                .scan(Before::default(), |before, block| {
                    *before = before.and(block);
                    Some(*before)
                });
            std::iter::once(Before::default()).chain(ends).collect()
        });
        let offset = (offset as usize).min(bytes.len());
        let block = offset / BLOCK;
        let before = blocks.get(block).copied().unwrap_or_default();
        let before = before.and(bytes.get(block * BLOCK..offset).unwrap_or_default());
        Position {
            line: before.lines + 1,
            column: before.characters + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_those_of_counting_from_the_start() {
        let line = "é: x\u{1d12a} and so on\n\n";
        let long = "ö".repeat(3 * BLOCK / 2);
        let text = format!("{}{long}\n{long}{}", line.repeat(150), line.repeat(3));
        let source = Source::new(SourceId(0), OriginId(0), String::new(), text);
        let (mut line, mut column) = (1, 1);
        for (at, character) in source.text.char_indices() {
            let position = source.position(u32::try_from(at).unwrap());
            assert_eq!(position, Position { line, column }, "at {at}");
            (line, column) = match character {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        let end = source.position(u32::try_from(source.text.len()).unwrap());
        assert_eq!(end, Position { line, column });
    }

    #[test]
    fn a_span_ends_where_its_last_byte_s_successor_stands() {
        let text = "aé: öx\nb: \u{1d12a}\n".to_owned();
        let source = Source::new(SourceId(0), OriginId(0), String::new(), text);
        let length = u32::try_from(source.text.len()).unwrap();
        let id = source.id;
        for (start, end) in
            (0..=length).flat_map(|start| (start..=length).map(move |end| (start, end)))
        {
            let span = Span {
                source: id,
                start,
                end,
            };
            let apart = (source.position(start), source.position(end));
            let is_whole = source.text.is_char_boundary(start as usize)
                && source.text.is_char_boundary(end as usize);
            if is_whole {
                assert_eq!(source.ends(span), apart, "{start}..{end}");
            }
        }
    }
}
