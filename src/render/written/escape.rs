//! What must be escaped in a text of JSON, and where.

/// The first of eight bytes that must be escaped: a quote, a backslash, or what is no character to be shown.
#[inline]
fn first_escaped(bytes: [u8; 8]) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    let word = u64::from_le_bytes(bytes);
    // Of each byte the highest bit: whether it was too small to take that from it. What that borrows from the bytes behind it
    // does not change which is the first.
    let small = |of: u64, than: u8| of.wrapping_sub(ONES * u64::from(than));
    let quote = small(word ^ (ONES * u64::from(b'"')), 1);
    let backslash = small(word ^ (ONES * u64::from(b'\\')), 1);
    let found = (small(word, 0x20) | quote | backslash) & !word & HIGH;
    (found != 0).then(|| found.trailing_zeros() as usize / 8)
}

/// How many bytes from here on are written as they are.
#[inline]
pub(super) fn plain(bytes: &[u8]) -> usize {
    let mut words = bytes.chunks_exact(8);
    let mut passed = 0;
    for word in words.by_ref() {
        if let Some(at) = first_escaped(word.try_into().unwrap_or_default()) {
            return passed + at;
        }
        passed += 8;
    }
    let escaped = |byte: &u8| matches!(byte, 0..=0x1f | b'"' | b'\\');
    let rest = words.remainder();
    passed + rest.iter().position(escaped).unwrap_or(rest.len())
}

/// A byte that must be escaped.
#[cold]
pub(super) fn escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        other => return out.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
    };
    out.extend([b'\\', letter]);
}
