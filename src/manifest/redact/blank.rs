//! Overwriting: text whose length in bytes, characters and lines stays, so that every position stays right.

use std::ops::Range;

use super::filler::FILLER;
use crate::manifest::Tree;

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

/// A tree's values with those in these ranges overwritten, to be called before the text itself is. A value on one
/// line becomes what the new text will say; of another only the line breaks stay.
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
        let one_line = token.is_some_and(|token| !token.contains('\n'));
        if let Some(value) = decoded.get_mut(index as usize) {
            let filled = |c| if c == '\n' { c } else { char::from(FILLER) };
            let kept = if one_line { "" } else { &**value };
            *value = kept.chars().map(filled).collect::<String>().into();
        }
        *raw = raw.as_text(if one_line { 0 } else { raw.decoded() });
    }
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
