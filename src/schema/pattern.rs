//! The `pattern` of a schema: Go's regular expressions by Rust's.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

use crate::allowance::Patterns;

/// A regular expression, compiled when first needed.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) text: Box<str>,
    compiled: OnceLock<Option<Regex>>,
    /// How many steps a byte of a text may take: what the compiled form has of states, at most.
    steps: u64,
}

/// Longer than any pattern that a person writes, in bytes.
const LONGEST: usize = 10_000;
/// How large the compiled form may be, in bytes; tried one after the other.
const SIZES: [usize; 3] = [16 << 10, 128 << 10, 1 << 20];
/// About what one state of a compiled form takes, in bytes.
const STATE: u64 = 32;
/// What matching may keep for later, in bytes, for each thread.
const CACHE: usize = 64 << 10;

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            compiled: OnceLock::new(),
            steps: 1,
        }
    }

    /// One of the input, compiled at once, as far as its memory is allowed. One that does not compile has no expression;
    /// one that would be too large is none at all.
    pub(super) fn within(text: &str, allowed: &mut Patterns) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let expression = in_rust(text);
        for size in SIZES {
            let room = (size + CACHE) as u64;
            if room > allowed.left() {
                return None;
            }
            let built = RegexBuilder::new(&expression)
                .size_limit(size)
                .dfa_size_limit(CACHE)
                .build();
            if matches!(built, Err(regex::Error::CompiledTooBig(_))) {
                continue;
            }
            allowed.take(room);
            return Some(Self {
                text: text.into(),
                compiled: OnceLock::from(built.ok()),
                steps: size as u64 / STATE,
            });
        }
        // Finding out was work, too.
        allowed.take(SIZES.into_iter().map(|size| size as u64).sum());
        None
    }

    /// How many steps it may take to match a text.
    pub(super) fn steps(&self, text: &str) -> u64 {
        self.steps.saturating_mul(text.len() as u64 + 1)
    }

    /// Whether some part of a text matches; a pattern that does not compile matches everything.
    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex().is_none_or(|regex| regex.is_match(text))
    }

    /// The expression; `None` if it does not compile.
    pub(super) fn regex(&self) -> Option<&Regex> {
        let compiled = self
            .compiled
            .get_or_init(|| Regex::new(&in_rust(&self.text)).ok());
        compiled.as_ref()
    }
}

/// Go's `\d`, `\s` and `\w` mean ASCII only; those of `regex` do not.
fn in_rust(pattern: &str) -> String {
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
    ascii
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

    #[test]
    fn patterns_of_the_input_take_no_more_than_their_share() {
        let mut allowed = Patterns::of_one_of(1);
        let one = |allowed: &mut Patterns, number: usize| {
            Pattern::within(&format!("^{number}(a{{1,900}}){{1,900}}$"), allowed)
        };
        assert!(one(&mut allowed, 0).is_none(), "larger than any may be");
        let small = |allowed: &mut Patterns, number: usize| {
            Pattern::within(&format!("^{number}[a-z]{{1,63}}$"), allowed)
        };
        let kept = (0..10_000).take_while(|number| small(&mut allowed, *number).is_some());
        assert!((50..1000).contains(&kept.count()));
        assert!(Pattern::within(&"a".repeat(LONGEST + 1), &mut Patterns::of_one_of(1)).is_none());
    }
}
