//! Where a part of a quoted scalar may begin and end, so that what is left when it is overwritten is still YAML.

use std::ops::Range;

/// The part with what its ends would cut in two: a quote that is written twice, an escape.
pub(super) fn whole(token: &str, part: Range<usize>) -> Range<usize> {
    match token.as_bytes().first() {
        Some(b'\'') => with_quotes(token.as_bytes(), part),
        Some(b'"') => with_escapes(token.as_bytes(), part),
        _ => part,
    }
}

/// With all quotes around it: of a pair none may stay alone.
fn with_quotes(token: &[u8], part: Range<usize>) -> Range<usize> {
    let run =
        |bytes: &mut dyn Iterator<Item = &u8>| bytes.take_while(|byte| **byte == b'\'').count();
    let before = token.get(..part.start).unwrap_or_default();
    let after = token.get(part.end..).unwrap_or_default();
    part.start - run(&mut before.iter().rev())..part.end + run(&mut after.iter())
}

/// With the backslash before it, if that begins an escape, and the rest of an escape at its end.
fn with_escapes(token: &[u8], part: Range<usize>) -> Range<usize> {
    let is_escaped = |at: usize| {
        let before = token.get(..at).unwrap_or_default();
        before
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count()
            % 2
            == 1
    };
    let start = part.start - usize::from(is_escaped(part.start));
    let rest = if is_escaped(part.end) {
        match token.get(part.end) {
            Some(b'x') => 3,
            Some(b'u') => 5,
            Some(b'U') => 9,
            Some(_) => 1,
            None => 0,
        }
    } else {
        0
    };
    start..part.end + rest
}

#[cfg(test)]
mod tests {
    use super::whole;

    /// What of a token is taken where this is meant.
    fn taken<'t>(token: &'t str, meant: &str) -> &'t str {
        let at = token.find(meant).unwrap();
        &token[whole(token, at..at + meant.len())]
    }

    #[test]
    fn neither_a_pair_of_quotes_nor_an_escape_is_cut_in_two() {
        assert_eq!(taken("'password ''x'' y'", "x"), "''x''");
        assert_eq!(taken("'password ''x'' y'", "'x'"), "''x''");
        assert_eq!(taken(r#""password=\"x\"""#, "x"), "x");
        assert_eq!(taken(r#""password=\"x\"""#, "\"x\\"), "\\\"x\\\"");
        assert_eq!(taken(r#""password=\x41b""#, "x41b"), r"\x41b");
        assert_eq!(taken(r#""password=a\u0041b""#, "a\\"), r"a\u0041");
        assert_eq!(taken(r#""password=a\\b""#, "a\\\\"), r"a\\");
        assert_eq!(taken("password='x'", "x"), "x");
    }
}
