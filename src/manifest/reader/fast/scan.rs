//! Bytes looked at eight at a time: keys, values and indentations are too short for more.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = ONES << 7;

#[inline]
fn eight(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*chunk))
}

/// Marks bytes that are this one. Only the first mark is sure to be right, for it may borrow from those after it.
#[inline]
fn marks(eight: u64, byte: u8) -> u64 {
    let differences = eight ^ (ONES * u64::from(byte));
    differences.wrapping_sub(ONES) & !differences & HIGH_BITS
}

/// Goes on from there by eight bytes while nothing is marked.
#[inline]
fn first(bytes: &[u8], from: usize, mark: impl Fn(u64) -> u64, is: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    while let Some(eight) = eight(bytes, at) {
        let marks = mark(eight);
        if marks != 0 {
            return at + (marks.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| is(*byte)).unwrap_or(rest.len())
}

/// The first byte from there that may end a plain scalar, or the end: a line break, a colon, `#`; or `*` or U+001A, which
/// are told from the first two by what is left out to make one test of two.
#[inline]
pub(super) fn plain_end(bytes: &[u8], from: usize) -> usize {
    const SAME: u8 = !(b'\n' ^ b':');
    let mark = |eight| marks(eight & (ONES * u64::from(SAME)), b'\n') | marks(eight, b'#');
    first(bytes, from, mark, |byte| {
        byte & SAME == b'\n' || byte == b'#'
    })
}

/// The first byte from there that ends or changes a quoted scalar, or the end.
#[inline]
pub(super) fn quote_end(bytes: &[u8], from: usize, quote: u8) -> usize {
    /// What is longer is searched in greater steps.
    const NEAR: usize = 64;
    let near = bytes.get(..from + NEAR).unwrap_or(bytes);
    let other = if quote == b'"' { b'\\' } else { quote };
    let mark = |eight| marks(eight, quote) | marks(eight, other) | marks(eight, b'\n');
    let is = |byte| byte == quote || byte == other || byte == b'\n';
    let at = first(near, from, mark, is);
    if at < near.len() {
        return at;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + memchr::memchr3(quote, other, b'\n', rest).unwrap_or(rest.len())
}

/// The first line from there on that does not start with a space, or the end.
pub(super) fn line_without_indent(bytes: &[u8], from: usize) -> usize {
    const CHUNK: usize = 256;
    let is = |(byte, next): (&u8, &u8)| u8::from(*byte == b'\n') & u8::from(*next != b' ');
    let mut at = from;
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        let chunk = rest.get(..CHUNK).unwrap_or(rest);
        let next = rest.get(1..).unwrap_or_default();
        let pairs = || chunk.iter().zip(next);
        // Without leaving early the compiler can look at many bytes at once.
        if pairs().fold(0, |found, pair| found | is(pair)) != 0 {
            return at + pairs().position(|pair| is(pair) != 0).unwrap_or(0) + 1;
        }
        if rest.len() <= CHUNK {
            return bytes.len();
        }
        at += CHUNK;
    }
}

/// The first byte from there that is no space, or the end.
#[inline]
pub(super) fn after_spaces(bytes: &[u8], from: usize) -> usize {
    let mark = |eight| eight ^ (ONES * u64::from(b' '));
    first(bytes, from, mark, |byte| byte != b' ')
}

/// A column; that of the document's end is before all others.
pub(super) type Column = isize;

/// The column of the end, and of what the root is in.
pub(super) const END: Column = -1;

#[cfg(test)]
mod tests {
    use super::*;

    fn slowly(bytes: &[u8], from: usize, wanted: &[u8]) -> usize {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest
            .iter()
            .position(|byte| wanted.contains(byte))
            .unwrap_or(rest.len())
    }

    #[test]
    fn the_first_is_found_wherever_it_stands() {
        // Wanted bytes, those beside them, and the same with the high bit.
        let near: Vec<u8> = b"\n:#*\"'\\"
            .iter()
            .flat_map(|byte| [*byte, byte - 1, byte + 1, byte | 0x80])
            .collect();
        for length in 0..90 {
            for at in 0..length {
                for (index, byte) in near.iter().enumerate() {
                    let mut bytes = vec![b'x'; length];
                    bytes[at] = *byte;
                    bytes[length - 1] = near[(index + at) % near.len()];
                    for from in [0, at, at + 1] {
                        assert_eq!(plain_end(&bytes, from), slowly(&bytes, from, b"\n:#*\x1a"));
                        assert_eq!(
                            quote_end(&bytes, from, b'"'),
                            slowly(&bytes, from, b"\"\\\n")
                        );
                        assert_eq!(quote_end(&bytes, from, b'\''), slowly(&bytes, from, b"'\n"));
                    }
                }
            }
        }
        assert_eq!(plain_end(b"x:", 7), 7);
        assert_eq!(quote_end(b"x:", 7, b'"'), 7);
    }

    #[test]
    fn lines_without_indent_are_found() {
        for before in 0..600 {
            let text = format!("{}\n  x\n- y\n", "z".repeat(before));
            let bytes = text.as_bytes();
            let found = line_without_indent(bytes, 0);
            assert_eq!(found, before + 5);
            assert_eq!(line_without_indent(bytes, found), bytes.len());
            assert_eq!(line_without_indent(bytes, bytes.len()), bytes.len());
        }
        assert_eq!(line_without_indent(b"a\n\nb", 0), 2);
        assert_eq!(line_without_indent(b"a\n\nb", 2), 3);
    }

    #[test]
    fn spaces_end_at_any_other_byte() {
        for length in 0..40 {
            let mut text = vec![b' '; length];
            assert_eq!(after_spaces(&text, 0), length);
            text.extend(b"!  ");
            assert_eq!(after_spaces(&text, 0), length);
            assert_eq!(after_spaces(&text, length), length);
        }
        assert_eq!(after_spaces(b"  ", 5), 5);
    }
}
