//! The lines that labels point at, cropped and made safe to print.
//!
//! A one-line file of 60 MB must not be printed whole, and no control character of the input may reach the
//! terminal: so a snippet is drawn from an excerpt, never from the source itself.

use std::collections::BTreeMap;
use std::ops::Range;

use super::visible_char;
use crate::source::{Source, Span};

/// How many characters of a line are shown.
const LINE_LIMIT: usize = 100;
/// How many characters are kept in front of a label on a cropped line.
const LEAD: usize = 24;

/// Lines of one source, with the labels' places in them.
pub(super) struct Excerpt {
    /// The source's name.
    pub(super) name: String,
    /// The shown lines, one after the other.
    pub(super) text: String,
    /// By line index in the source.
    lines: BTreeMap<usize, ExcerptLine>,
}

struct ExcerptLine {
    /// Bytes in the excerpt's text, without the newline.
    range: Range<usize>,
    /// Bytes of the source line that are shown.
    shown: Range<usize>,
    /// Column of the first shown character, from 1.
    first_column: usize,
    /// Bytes in front of the shown part: the ellipsis.
    lead: usize,
}

impl Excerpt {
    /// The lines of `source` in which `spans` begin, and single lines between two of them.
    pub(super) fn new(source: &Source, spans: &[Span]) -> Excerpt {
        let mut wanted: BTreeMap<usize, u32> = BTreeMap::new();
        for span in spans {
            let index = line_index(source, span.start);
            let first = wanted.entry(index).or_insert(span.start);
            *first = (*first).min(span.start);
        }
        let between: Vec<usize> = wanted
            .keys()
            .zip(wanted.keys().skip(1))
            .filter(|(a, b)| *b - *a == 2)
            .map(|(a, _)| a + 1)
            .collect();
        for index in between {
            let start = source.line_starts().get(index).copied().unwrap_or(0);
            wanted.insert(index, start);
        }
        let mut excerpt = Excerpt {
            name: name(source),
            text: String::new(),
            lines: BTreeMap::new(),
        };
        for (index, first) in wanted {
            excerpt.push(source, index, first);
        }
        excerpt
    }

    fn push(&mut self, source: &Source, index: usize, first_label: u32) {
        let line = line_range(source, index);
        let text = source.text.get(line.clone()).unwrap_or("");
        let label = (first_label as usize)
            .saturating_sub(line.start)
            .min(text.len());
        let (from, to) = window(text, label);
        let lead = if from > 0 { "…" } else { "" };
        let start = self.text.len();
        self.text.push_str(lead);
        // Every character is replaced by one of any width in bytes; places are mapped by counting characters.
        self.text
            .extend(text.get(from..to).unwrap_or("").chars().map(visible_char));
        if to < text.len() {
            self.text.push('…');
        }
        let shown = ExcerptLine {
            range: start..self.text.len(),
            shown: line.start + from..line.start + to,
            first_column: column(source, line.start + from),
            lead: lead.len(),
        };
        self.text.push('\n');
        self.lines.insert(index, shown);
    }

    /// Where a span (its part on its first line) stands in the excerpt's text.
    pub(super) fn place(&self, source: &Source, span: Span) -> Option<Range<usize>> {
        let line = self.lines.get(&line_index(source, span.start))?;
        let clamp = |at: usize| at.clamp(line.shown.start, line.shown.end);
        let map = |at: usize| {
            let chars = source
                .text
                .get(line.shown.start..clamp(at))
                .unwrap_or("")
                .chars()
                .count();
            let shown = self
                .text
                .get(line.range.start + line.lead..line.range.end)
                .unwrap_or("");
            line.range.start
                + line.lead
                + shown
                    .char_indices()
                    .nth(chars)
                    .map_or(shown.len(), |(at, _)| at)
        };
        Some(map(span.start as usize)..map(span.end as usize))
    }

    /// The index in the source of the line that holds a byte of the excerpt's text.
    pub(super) fn line_at(&self, byte: usize) -> Option<usize> {
        self.lines
            .iter()
            .find(|(_, line)| line.range.start <= byte && byte <= line.range.end)
            .map(|(index, _)| *index)
    }

    /// The bytes of a line in the excerpt's text, its newline included.
    pub(super) fn line(&self, index: usize) -> Option<Range<usize>> {
        self.lines
            .get(&index)
            .map(|line| line.range.start..line.range.end + 1)
    }

    /// The column in the source, from 1, of a byte of the excerpt's text.
    pub(super) fn column(&self, index: usize, byte: usize) -> Option<usize> {
        let line = self.lines.get(&index)?;
        let before = self.text.get(line.range.start + line.lead..byte)?;
        Some(line.first_column + before.chars().count())
    }
}

fn name(source: &Source) -> String {
    let name = if source.uri == "-" {
        "standard input"
    } else {
        &source.uri
    };
    name.chars().map(visible_char).collect()
}

/// A column without counting from the start of a line, which may be the whole text.
fn column(source: &Source, offset: usize) -> usize {
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    source.position(offset).column as usize
}

fn line_index(source: &Source, offset: u32) -> usize {
    (source.position(offset).line as usize).saturating_sub(1)
}

/// The bytes of a line, without its line break.
fn line_range(source: &Source, index: usize) -> Range<usize> {
    let starts = source.line_starts();
    let start = starts
        .get(index)
        .map_or(source.text.len(), |start| *start as usize);
    let end = starts
        .get(index + 1)
        .map_or(source.text.len(), |next| *next as usize);
    let text = source.text.get(start..end).unwrap_or("");
    start..start + text.trim_end_matches(['\n', '\r']).len()
}

/// The part of a line to show, so that the character at `label` is in it.
fn window(text: &str, label: usize) -> (usize, usize) {
    let boundary = |mut at: usize| {
        while at < text.len() && !text.is_char_boundary(at) {
            at += 1;
        }
        at.min(text.len())
    };
    if text.len() <= LINE_LIMIT {
        return (0, text.len());
    }
    let from = if label > LINE_LIMIT - LEAD {
        boundary(label - LEAD)
    } else {
        0
    };
    (from, boundary(from + LINE_LIMIT))
}
