//! Comments beside what is overwritten: who writes a password into a file may have written the old one beside it.

use std::ops::Range;

/// The comment on the rest of a line.
pub(super) fn comment_after(text: &str, end: u32) -> Option<Range<u32>> {
    let rest = text.get(end as usize..)?;
    // Looking for the end of the line only then: a line may be the whole text.
    let is_comment = rest.trim_start_matches([' ', '\t']).starts_with('#');
    is_comment
        .then(|| end..end + shorter(memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())))
}

/// Where the comments end that follow on this line and on lines of their own.
pub(super) fn comment_lines_after(text: &str, mut at: u32) -> u32 {
    while let Some(rest) = text.get(at as usize..).filter(|rest| !rest.is_empty()) {
        let is_comment = rest
            .trim_start_matches([' ', '\t'])
            .starts_with(['#', '\n', '\r']);
        if !is_comment {
            break;
        }
        let line = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |line| line + 1);
        at += shorter(line);
    }
    at
}

/// The comments in a stretch of text that holds no scalars.
pub(super) fn comments_between(
    text: &str,
    stretch: Range<u32>,
) -> impl Iterator<Item = Range<u32>> {
    let within = text
        .get(stretch.start as usize..stretch.end as usize)
        .unwrap_or("");
    within
        .split_inclusive('\n')
        .scan(stretch.start, |at, line| {
            let start = *at;
            *at += shorter(line.len());
            Some(start + shorter(line.find('#').unwrap_or(line.len()))..*at)
        })
}

/// A length inside a text, all of which are below 4 GiB.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn shorter(length: usize) -> u32 {
    length as u32
}
