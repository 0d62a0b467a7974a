//! A text to the ranges of its documents, as kubectl cuts it: at lines that start with `---`, and between JSON
//! values that follow one another.

use std::ops::Range;

/// The documents of a stream, each with the `---` it starts with. Blank stretches before the first are included.
pub(in crate::manifest) fn documents(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let markers = memchr::memmem::find_iter(bytes, b"\n---").map(|at| at + 1);
    let is_marker = |at: &usize| {
        let after = bytes.get(at + 3);
        after.is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
    };
    let mut ends = markers.filter(is_marker).chain([text.len()]);
    let mut start = 0;
    std::iter::from_fn(move || {
        let end = ends.next()?;
        let range = start..end;
        start = end;
        Some(range)
    })
    .filter(|range| !range.is_empty())
}

/// JSON objects written one after the other; nothing unless there are at least two and nothing else.
pub(in crate::manifest) fn json_values(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut values = Vec::new();
    if !text.trim_ascii_start().starts_with('{') {
        return values;
    }
    let mut start = 0;
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    values.push(start..at + 1);
                    start = at + 1;
                }
            }
            _ => {}
        }
    }
    let is_object = |range: &Range<usize>| {
        let value = text.get(range.clone()).unwrap_or("");
        value.trim_ascii_start().starts_with('{')
    };
    let rest_is_blank = text
        .get(start..)
        .is_some_and(|rest| rest.trim_ascii().is_empty());
    if values.len() < 2 || !rest_is_blank || !values.iter().all(is_object) {
        values.clear();
    }
    values
}

/// Whether there is nothing here but `%` directives, comments and blank lines, and at least one directive.
pub(in crate::manifest) fn is_only_directives(text: &str) -> bool {
    let mut lines = text
        .lines()
        .filter(|line| {
            let line = line.trim_ascii();
            !line.is_empty() && !line.starts_with('#')
        })
        .peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with('%'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        documents(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn documents_start_at_lines_of_three_dashes() {
        assert_eq!(
            cut("a\n---\nb\n--- # c\n---\r\nd\n---"),
            ["a\n", "---\nb\n", "--- # c\n", "---\r\nd\n", "---"]
        );
        assert_eq!(cut("---\na"), ["---\na"]);
        assert_eq!(cut("a\n----\n---b\n ---\nc: ---\n").len(), 1);
        assert!(cut("").is_empty());
    }

    #[test]
    fn json_values_are_cut_only_where_nothing_else_stands() {
        let values = |text: &str| json_values(text).len();
        assert_eq!(values("{\"a\": \"}{\"}\n{\"b\": [{}]}\n"), 2);
        for text in [
            "{}",
            "{} x {}",
            "{}\n[]",
            "{a: '}'}",
            "x: {}\n{}",
            "{}{",
            "",
        ] {
            assert_eq!(values(text), 0, "{text}");
        }
    }

    #[test]
    fn directives_alone_are_no_document() {
        assert!(is_only_directives("# c\n\n%YAML 1.1\n"));
        assert!(!is_only_directives("# 100%\n"));
        assert!(!is_only_directives("%YAML 1.1\na: 1\n"));
    }
}
