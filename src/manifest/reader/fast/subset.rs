//! How far the fast lane goes, and what it says of anything beyond.

/// Not in the subset, or not well-formed: the general reader is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) struct Outside;

/// How deep collections may be nested; the reader calls itself.
pub(super) const DEPTH: usize = 64;

/// kubectl refuses keys of 1024 characters; somewhat before that the general reader is asked.
pub(super) const LONGEST_KEY: usize = 900;

/// Whether a text is free of characters that YAML forbids, reads as line breaks, or only some readers accept.
pub(super) fn is_subset(text: &str) -> bool {
    let odd = |byte: &u8| (*byte < b' ' && *byte != b'\n') || *byte == 0x7f;
    // In chunks, so that the compiler can look at many bytes at once.
    let has_odd = text
        .as_bytes()
        .chunks(256)
        .any(|chunk| chunk.iter().fold(false, |found, byte| found | odd(byte)));
    let is_odd = |c| {
        matches!(
            c,
            '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
        )
    };
    !has_odd && (text.is_ascii() || !text.contains(is_odd))
}
