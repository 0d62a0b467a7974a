//! The lines that a text has as it is written: JSON has its line breaks as escapes.
//!
//! It must not know what is looked for in them.

use std::ops::Range;

/// Where the lines of a text stand in the token it is written with, without their breaks; nothing where what is written on one line
/// is none of the text's, as in what is folded, or has its breaks as other escapes.
pub(in crate::manifest) fn of(token: &str, text: &str) -> Option<Vec<Range<usize>>> {
    let first = token.as_bytes().first();
    if first == Some(&b'|') {
        let header = token.find('\n').map_or(token.len(), |end| end + 1);
        return Some(parts(token, header..token.len(), "\n"));
    }
    if token.contains('\n') || first == Some(&b'>') {
        return None;
    }
    let inner = 1..token.len().saturating_sub(1);
    let lines = match first {
        Some(b'"') => parts(token, inner, "\\n"),
        Some(b'\'') => vec![inner],
        _ => std::iter::once(0..token.len()).collect(),
    };
    (lines.len() == text.split('\n').count()).then_some(lines)
}

/// The parts of a range between these breaks, of which one after a backslash is none.
fn parts(token: &str, range: Range<usize>, line_break: &str) -> Vec<Range<usize>> {
    let text = token.get(range.clone()).unwrap_or("");
    let is_break = |at: &usize| {
        let before = text.as_bytes().get(..*at).unwrap_or_default();
        let slashes = before.iter().rev().take_while(|byte| **byte == b'\\');
        line_break == "\n" || slashes.count() % 2 == 0
    };
    let breaks = memchr::memmem::find_iter(text.as_bytes(), line_break).filter(is_break);
    let mut from = range.start;
    let mut all = Vec::new();
    for at in breaks {
        all.push(from..range.start + at);
        from = range.start + at + line_break.len();
    }
    all.push(from..range.end);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines<'t>(token: &'t str, text: &str) -> Option<Vec<&'t str>> {
        of(token, text).map(|lines| lines.into_iter().map(|line| &token[line]).collect())
    }

    #[test]
    fn lines_are_those_of_the_text() {
        for (token, text, expected) in [
            ("\"a\\nb\"", "a\nb", vec!["a", "b"]),
            ("|-\na\nb", "a\nb", vec!["a", "b"]),
            ("\"a\\\\nb\"", "a\\nb", vec!["a\\\\nb"]),
            ("\"a\\\\\\nb\"", "a\\\nb", vec!["a\\\\", "b"]),
            ("'a\\nb'", "a\\nb", vec!["a\\nb"]),
            ("a b", "a b", vec!["a b"]),
        ] {
            assert_eq!(lines(token, text), Some(expected), "{token}");
        }
        for (token, text) in [
            (">\n  a\n  b", "a b"),
            ("\"a\n  b\"", "a b"),
            ("a\n  b", "a b"),
            ("'a\n  b'", "a b"),
            ("\"a\\x0ab\"", "a\nb"),
            ("\"a\\u000Ab\"", "a\nb"),
        ] {
            assert_eq!(lines(token, text), None, "{token}");
        }
    }
}
