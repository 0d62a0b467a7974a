//! Credentials that a text gives to a name: `password=...` and `password: ...`.
//!
//! It must not know what else a text may spell out.

use std::ops::Range;

use memchr::{memchr, memchr_iter, memchr2_iter};

use super::names::{ends_with, is_credential, names_credential};

/// The values of `password=...` and its like, as in connection strings, in scripts, in queries and in `pg_hba.conf`.
pub(super) fn of_equals(text: &str, found: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(next) = memchr(b'=', text.as_bytes().get(at..).unwrap_or_default()) {
        let before = text.get(at..at + next).unwrap_or("");
        at += next + 1;
        let before = before.trim_end_matches([' ', '\t', ':', '"', '\'', ']']);
        let begins = before.rfind(ends_name);
        let name = before.get(begins.map_or(0, |end| end + 1)..).unwrap_or("");
        // As Ruby and Perl write it.
        at += usize::from(text.as_bytes().get(at) == Some(&b'>'));
        let rest = text.get(at..).unwrap_or("");
        let is_path = name.ends_with("gcs-key") && rest.starts_with('/');
        let is_compared = rest.starts_with('=');
        if names_credential(name) && !is_path && !is_compared {
            let value = value(rest, at, char::is_whitespace);
            at = value.as_ref().map_or(at, |value| value.end);
            found.extend(value);
        }
    }
}

/// The values of `password: hunter2` and `"password":"hunter2"`, as in a line of YAML or in JSON within other text.
pub(super) fn of_colons(text: &str, found: &mut Vec<Range<usize>>) {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '\\');
    let of = |at: usize| {
        let (before, rest) = (text.get(..at)?, text.get(at + 1..)?);
        let before = before
            .trim_end_matches([' ', '\t'])
            .trim_end_matches(is_quote);
        let begins = before.rfind(ends_name);
        let name = before.get(begins.map_or(0, |end| end + 1)..)?;
        // What is called a secret is the name of one.
        let is_one = names_credential(name) && !ends_with(name, &["secret", "secrets"])
            || ends_with(name, &["client_secret", "clientsecret", "client-secret"])
            || ends_with(name, &["authorization", "cookie"])
            || is_credential(name);
        if !is_one || !rest.starts_with(|c: char| c.is_whitespace() || is_quote(c)) {
            return None;
        }
        // A blank ends none: it is a line of YAML, or prose.
        let held = value(rest, at + 1, |c| c == '\n')?;
        let word = text
            .get(held.clone())?
            .trim_end_matches([' ', ',', '}', ']', '\r']);
        let is_none =
            word.starts_with(['{', '[']) || matches!(word, "" | "true" | "false" | "null" | "~");
        (!is_none).then(|| held.start..held.start + word.len())
    };
    found.extend(memchr_iter(b':', text.as_bytes()).filter_map(of));
}

/// What stands between `<password>` and `</password>`.
pub(super) fn of_tags(text: &str, found: &mut Vec<Range<usize>>) {
    let mut opened = None;
    for at in memchr2_iter(b'<', b'>', text.as_bytes()) {
        let tag = opened.take().and_then(|from| text.get(from..at));
        match (text.as_bytes().get(at), tag) {
            (Some(b'<'), _) => opened = Some(at + 1),
            (_, Some(name)) if names_credential(name) => {
                let held = text.get(at + 1..).unwrap_or("");
                found.push(at + 1..at + 1 + held.find('<').unwrap_or(0));
            }
            _ => {}
        }
    }
}

/// The value at the beginning of a text that itself begins at `from`: what quotes hold, or what is before the next quote or
/// what else ends it.
fn value(text: &str, from: usize, is_end: impl Fn(char) -> bool) -> Option<Range<usize>> {
    let is_quote = |c: char| matches!(c, '"' | '\'' | '\\');
    let quoted = text
        .trim_start_matches([' ', '\t'])
        .trim_start_matches(is_quote);
    let start = text.len() - quoted.len();
    let quote = text
        .get(..start)?
        .chars()
        .next_back()
        .filter(|c| is_quote(*c));
    let ends = |c: char| match quote {
        Some(quote) => c == quote || c == '\n',
        None => is_end(c) || is_quote(c),
    };
    let held = quoted.get(..quoted.find(ends).unwrap_or(quoted.len()))?;
    // Within a text within a text quotes are written `\"`.
    let is_escaped = text.get(..start)?.contains('\\');
    let held = if is_escaped {
        held.trim_end_matches('\\')
    } else {
        held
    };
    let end = start + held.len();
    (start < end).then(|| from + start..from + end)
}

/// Whether a character is none of a setting's name.
fn ends_name(c: char) -> bool {
    !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-')
}
