//! Credentials that a text spells out only once it is read: escapes, and lines that are folded, part its words.

use super::filler::is_overwritten;
use super::spelled::credentials;
use crate::manifest::Node;

/// Each is looked for in all of the text: a text with more of them than this is taken as a whole.
const MOST: usize = 64;

/// Whether a text spells out a credential that what it is written with does not show.
pub(super) fn hides(scalar: Node<'_>) -> bool {
    let span = scalar.span();
    let token = &scalar.tree.source.text;
    let token = token.get(span.start as usize..span.end as usize);
    let token = token.filter(|token| parts_words(token));
    token.is_some_and(|token| hides_in(token, scalar.text()))
}

fn parts_words(token: &str) -> bool {
    token.starts_with('"') && token.contains('\\')
        || !token.starts_with('|') && token.contains('\n')
}

fn hides_in(token: &str, text: &str) -> bool {
    let told = credentials(text);
    if told.is_empty() || told.len() > MOST {
        return !told.is_empty();
    }
    let mut left = token.as_bytes().to_vec();
    for shown in credentials(token) {
        left.get_mut(shown).unwrap_or_default().fill(b'_');
    }
    told.into_iter().any(|range| {
        let credential = text.get(range).unwrap_or("");
        // A bundle is read again.
        if is_overwritten(credential) {
            return false;
        }
        let credential = credential.as_bytes();
        let is_in = |text: &[u8]| memchr::memmem::find(text, credential).is_some();
        !is_in(token.as_bytes()) || is_in(&left)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_escapes_and_folded_lines_part_is_seen() {
        for (token, text) in [
            (r#""password\x3dhunter2""#, "password=hunter2"),
            (r#""a\npw=hunter2""#, "a\npw=hunter2"),
            (r#""postgres:\/\/u:hunter2@h""#, "postgres://u:hunter2@h"),
            (
                "\"host=h pass\\\n  word=hunter2\"",
                "host=h password=hunter2",
            ),
            (
                "host=h\n  --password\n  hunter2",
                "host=h --password hunter2",
            ),
        ] {
            let is_shown = credentials(token)
                .into_iter()
                .any(|shown| token[shown].contains("hunter2"));
            assert!(is_shown || hides_in(token, text), "{token}");
        }
        assert!(!hides_in(
            r#""a\npassword=hunter2\n""#,
            "a\npassword=hunter2\n"
        ));
        assert!(!hides_in(r#""a\nb""#, "a\nb"));
    }
}
