//! The `pattern` of a schema: Go's regular expressions by Rust's.

use std::sync::OnceLock;

use regex::Regex;

/// A regular expression, compiled when first needed.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: Box<str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            compiled: OnceLock::new(),
        }
    }

    /// Whether some part of a text matches; a pattern that does not compile matches everything.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex().is_none_or(|regex| regex.is_match(text))
    }

    /// The expression; `None` if it does not compile.
    pub(super) fn regex(&self) -> Option<&Regex> {
        let compiled = self.compiled.get_or_init(|| compile(&self.text));
        compiled.as_ref()
    }
}

/// Go's `\d`, `\s` and `\w` mean ASCII only; those of `regex` do not.
fn compile(pattern: &str) -> Option<Regex> {
    let mut ascii = String::with_capacity(pattern.len());
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('\\', Some('d')) => ascii.push_str("[0-9]"),
            ('\\', Some('D')) => ascii.push_str("[^0-9]"),
            ('\\', Some('w')) => ascii.push_str("[0-9A-Za-z_]"),
            ('\\', Some('W')) => ascii.push_str("[^0-9A-Za-z_]"),
            ('\\', Some('s')) => ascii.push_str(r"[\t\n\f\r ]"),
            ('\\', Some('S')) => ascii.push_str(r"[^\t\n\f\r ]"),
            ('\\', Some(b @ ('b' | 'B'))) => {
                ascii.push_str(if b == 'b' { r"(?-u:\b)" } else { r"\B" });
            }
            (c, None) => ascii.push(c),
            (c, Some(next)) => ascii.extend([c, next]),
        }
    }
    Regex::new(&ascii).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_go() {
        let matches = |pattern: &str, text: &str| Pattern::new(pattern).is_match(text);
        assert!(matches(r"^\d+$", "12") && !matches(r"^\d+$", "٣"));
        assert!(matches(r"^[\w-]+$", "a_-1") && !matches(r"^\w$", "ä"));
        assert!(matches(r"^a\sb$", "a b") && !matches(r"^a\sb$", "a\u{a0}b"));
        assert!(matches(r"^\\d$", r"\d"));
        assert!(matches("^[[:print:]]+$", "host all") && !matches("^[[:print:]]+$", "a\tb"));
        assert!(matches(r"(?i:kb)$", "10KB"));
    }

    #[test]
    fn a_pattern_that_does_not_compile_accepts_everything() {
        assert!(Pattern::new("(").is_match("x"));
        assert!(Pattern::new("(").regex().is_none());
    }
}
