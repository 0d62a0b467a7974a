//! Overwriting: text whose length in bytes, characters and lines stays, so that every position stays right.

use std::ops::Range;

use super::filler::FILLER;
use crate::manifest::{Tree, embedded};

/// Sorted byte ranges that do not touch.
#[derive(Debug, Default)]
pub(in crate::manifest) struct Ranges(Vec<Range<u32>>);

impl Ranges {
    /// The union of these.
    pub(in crate::manifest) fn of(mut ranges: Vec<Range<u32>>) -> Self {
        ranges.retain(|range| range.start < range.end);
        ranges.sort_unstable_by_key(|range| range.start);
        let mut union: Vec<Range<u32>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match union.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => union.push(range),
            }
        }
        Ranges(union)
    }

    /// Whether one of them has something of this range.
    pub(in crate::manifest) fn touch(&self, start: u32, end: u32) -> bool {
        let next = self.0.partition_point(|range| range.end <= start);
        self.0.get(next).is_some_and(|range| range.start < end)
    }

    /// Whether one of them has all of this range.
    fn cover(&self, start: u32, end: u32) -> bool {
        let next = self.0.partition_point(|range| range.end <= start);
        let next = self.0.get(next);
        next.is_some_and(|range| range.start <= start && end <= range.end)
    }

    /// What of them is within this range, counted from its beginning.
    fn within(&self, start: u32, end: u32) -> Ranges {
        let next = self.0.partition_point(|range| range.end <= start);
        let rest = self.0.get(next..).unwrap_or_default();
        let rest = rest.iter().take_while(|range| range.start < end);
        let shifted = |range: &Range<u32>| {
            range.start.saturating_sub(start)..range.end.min(end).saturating_sub(start)
        };
        Ranges(rest.map(shifted).collect())
    }
}

/// Every line without its content; for bytes that are not text.
pub(in crate::manifest) fn all(mut bytes: Vec<u8>) -> String {
    for byte in &mut bytes {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = FILLER;
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The text with these ranges overwritten.
pub(in crate::manifest) fn text(text: String, ranges: &Ranges) -> String {
    let mut bytes = text.into_bytes();
    for range in &ranges.0 {
        let Some(part) = bytes.get_mut(range.start as usize..range.end as usize) else {
            continue;
        };
        overwrite(part);
    }
    String::from_utf8(bytes).unwrap_or_else(|error| all(error.into_bytes()))
}

/// Line breaks and the indentation of lines stay, all else is replaced character by character.
fn overwrite(part: &mut [u8]) {
    let mut rest = part;
    let mut is_first = true;
    while !rest.is_empty() {
        let end = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let (line, more) = rest.split_at_mut(end);
        // The first is the rest of a line.
        let is_indent = |byte: &&u8| **byte == b' ' && !is_first;
        let indent = line.iter().take_while(is_indent).count();
        fill(line.get_mut(indent..).unwrap_or_default());
        rest = more.get_mut(1..).unwrap_or_default();
        is_first = false;
    }
}

/// Puts a low line, or another character of the same length, for every character.
fn fill(line: &mut [u8]) {
    if line.is_ascii() {
        line.fill(FILLER);
        return;
    }
    let mut at = 0;
    while let Some(rest) = line.get_mut(at..).filter(|rest| !rest.is_empty()) {
        let filler = match rest.first() {
            Some(0xf0..) => "\u{1d12a}",
            Some(0xe0..) => "\u{203b}",
            Some(0xc0..) => "\u{d7}",
            _ => "_",
        };
        for (byte, new) in rest.iter_mut().zip(filler.bytes()) {
            *byte = new;
        }
        at += filler.len();
    }
}

/// A tree's values with those in these ranges overwritten, to be called before the text itself is. A value becomes what
/// whoever reads the new text will be told, as the reader of a bundle is.
pub(in crate::manifest) fn values(tree: &mut Tree, ranges: &Ranges) {
    let Tree {
        nodes,
        decoded,
        source,
        ..
    } = tree;
    for raw in nodes {
        let Some(index) = raw.decoded().checked_sub(1) else {
            continue;
        };
        if !ranges.touch(raw.start, raw.end) {
            continue;
        }
        let token = source.text.get(raw.start as usize..raw.end as usize);
        let token = token.unwrap_or("");
        // What quotes hold, and no more than that, is then written as it is read.
        let is_plain =
            !token.contains('\n') && ranges.cover(raw.start + 1, raw.end.saturating_sub(1));
        if let Some(value) = decoded.get_mut(index as usize) {
            let read = (!is_plain).then(|| {
                let text = text(token.to_owned(), &ranges.within(raw.start, raw.end));
                read_again(&text).unwrap_or_else(|| filled_lines(value))
            });
            *value = read.unwrap_or_default().into();
        }
        *raw = raw.as_text(if is_plain { 0 } else { raw.decoded() });
    }
}

/// The value of a scalar as it is written now.
fn read_again(token: &str) -> Option<String> {
    let header = token.lines().next().unwrap_or("");
    let is_block = token.starts_with(['|', '>']);
    // How far such a text is indented counts from what is around it.
    let counts = is_block && header.contains(|c: char| c.is_ascii_digit());
    let tree = match is_block {
        _ if counts => None,
        true => embedded(&format!("{token}\n")),
        false => embedded(token),
    };
    let root = tree.as_ref().map(Tree::root);
    root.filter(|root| root.is_scalar())
        .map(|root| root.text().to_owned())
}

/// Of a text only the line breaks.
fn filled_lines(text: &str) -> String {
    let filled = |c| if c == '\n' { c } else { char::from(FILLER) };
    text.chars().map(filled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_indentation_and_lengths_stay() {
        let text = "  a: é \n  b\r\n\n   c \u{203b}\u{1d12a}d";
        #[allow(clippy::cast_possible_truncation)]
        let all = Ranges::of(std::iter::once(0..text.len() as u32).collect());
        let left = super::text(text.to_owned(), &all);
        assert_eq!(left, "_____×_\n  _\r\n\n   __\u{203b}\u{1d12a}_");
        assert_eq!(left.len(), text.len());
    }
}
