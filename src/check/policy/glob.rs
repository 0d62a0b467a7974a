//! Patterns with `*` and `?`.

use regex::Regex;

/// A pattern that a whole text must match.
#[derive(Clone, Debug)]
pub struct Glob {
    regex: Regex,
    pattern: Box<str>,
}

/// A pattern that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this pattern is too large")]
pub struct GlobError;

/// The longest pattern, in bytes.
const LONGEST: usize = 1000;

impl Glob {
    /// For names: `*` stands for any characters, `?` for one.
    pub fn name(pattern: &str) -> Result<Glob, GlobError> {
        build(pattern, |rest| match rest.as_bytes() {
            [b'*', ..] => Some((1, ".*")),
            [b'?', ..] => Some((1, ".")),
            _ => None,
        })
    }

    /// For paths: `*` and `?` stop at a slash, `**` does not; a pattern that ends with a slash is a folder with all in it.
    pub fn path(pattern: &str) -> Result<Glob, GlobError> {
        let folder = format!("{pattern}**");
        let pattern = if pattern.ends_with('/') {
            &folder
        } else {
            pattern
        };
        build(pattern, |rest| match rest.as_bytes() {
            [b'*', b'*', b'/', ..] => Some((3, "(?:.*/)?")),
            [b'*', b'*', ..] => Some((2, ".*")),
            [b'*', ..] => Some((1, "[^/]*")),
            [b'?', ..] => Some((1, "[^/]")),
            _ => None,
        })
    }

    /// Whether it matches the whole text.
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Whether it means a cluster: by its name, or by NAMESPACE/NAME.
    pub fn means(&self, namespace: &str, name: &str) -> bool {
        self.matches(name) || self.matches(&format!("{namespace}/{name}"))
    }

    /// The pattern.
    pub fn pattern(&self) -> &str {
        &self.pattern
    }
}

/// `special` tells for what a text starts with how many bytes of it stand for which expression.
fn build(
    pattern: &str,
    special: impl Fn(&str) -> Option<(usize, &'static str)>,
) -> Result<Glob, GlobError> {
    if pattern.len() > LONGEST {
        return Err(GlobError);
    }
    let mut expression = String::from(r"(?s)\A");
    let mut rest = pattern;
    while let Some(first) = rest.chars().next() {
        let length = if let Some((length, words)) = special(rest) {
            expression.push_str(words);
            length
        } else {
            expression.push_str(&regex::escape(first.encode_utf8(&mut [0; 4])));
            first.len_utf8()
        };
        rest = rest.get(length..).unwrap_or("");
    }
    expression.push_str(r"\z");
    let glob = |regex| Glob {
        regex,
        pattern: pattern.into(),
    };
    Regex::new(&expression).map(glob).map_err(|_| GlobError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_for_names_matches_whole_names() {
        let matches = |pattern, text| Glob::name(pattern).unwrap().matches(text);
        assert!(matches("team-*", "team-a") && matches("*", "") && matches("h?ppo", "hippo"));
        assert!(matches("*/prod", "arn:aws:eks:x:cluster/prod"));
        assert!(!matches("team-*", "my-team-a") && !matches("a.c", "abc") && !matches("", "a"));
    }

    #[test]
    fn a_pattern_for_paths_stops_at_slashes() {
        let matches = |pattern, text| Glob::path(pattern).unwrap().matches(text);
        assert!(matches("old/*.yaml", "old/a.yaml") && !matches("old/*.yaml", "old/a/b.yaml"));
        assert!(matches("old/**", "old/a/b.yaml") && matches("old/", "old/a/b.yaml"));
        assert!(matches("**/test/*", "test/a") && matches("**/test/*", "x/y/test/a"));
        assert!(!matches("old", "older") && !matches("?", "/"));
    }

    #[test]
    fn a_pattern_that_is_too_large_is_refused() {
        assert_eq!(Glob::name(&"?".repeat(100_000)).unwrap_err(), GlobError);
    }
}
