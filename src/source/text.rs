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
            let newlines = memchr::memchr_iter(b'\n', self.text.as_bytes());
            #[allow(clippy::cast_possible_truncation)] // texts over 4 GiB are refused at reading
            std::iter::once(0)
                .chain(newlines.map(|at| at as u32 + 1))
                .collect()
        })
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start <= offset).max(1);
        let start = starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start as usize..offset as usize).unwrap_or("");
        #[allow(clippy::cast_possible_truncation)]
        Position {
            line: line as u32,
            column: before.chars().count() as u32 + 1,
        }
    }
}
