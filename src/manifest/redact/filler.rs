//! What overwriting leaves of a text.

/// What stands for a character of one byte: a text of it is a plain scalar that is a string, so what is overwritten keeps
/// its shape when it is read again. (A star would be an alias.)
pub(in crate::manifest) const FILLER: u8 = b'_';
/// The same for characters of two, three and four bytes.
pub(in crate::manifest) const WIDE: [char; 3] = ['\u{d7}', '\u{203b}', '\u{1d12a}'];

/// Whether a text is what overwriting leaves of one. A text that was like that before says as little.
pub(in crate::manifest) fn is_overwritten(text: &str) -> bool {
    let is_filler = |c: char| c == char::from(FILLER) || WIDE.contains(&c);
    text.contains(is_filler)
        && text
            .chars()
            .all(|c| is_filler(c) || matches!(c, '\n' | '\r' | ' '))
}

/// A text that says nothing of what is in its place.
pub(in crate::manifest) fn filled_out(text: &str) -> String {
    let length = text.chars().count().max(1);
    std::iter::repeat_n(char::from(FILLER), length).collect()
}
