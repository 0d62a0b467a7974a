//! Texts in other letters: base64, and gzip in base64, as tools keep copies of what they applied.

use std::io::Read as _;

use crate::manifest::tree::base64;

/// Shorter than any copy of an object, in characters.
pub(super) const SHORTEST: usize = 40;
/// How many times its own size a copy may unpack to. Manifests shrink to a twentieth.
const RATIO: usize = 100;

/// What a text stands for.
pub(in crate::manifest) enum Decoded {
    /// Itself.
    No,
    Text(String),
    /// More than any manifest.
    Endless,
}

/// Reads base64, and what is compressed in it.
pub(in crate::manifest) fn decoded(text: &str) -> Decoded {
    let text = text.trim();
    if text.len() < SHORTEST || !text.bytes().all(is_digit) {
        return Decoded::No;
    }
    // Padding may be left out, and lines may break.
    let digits = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=');
    let mut plain: Vec<u8> = digits
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    while !plain.len().is_multiple_of(4) {
        plain.push(b'=');
    }
    let bytes = str::from_utf8(&plain).ok().and_then(base64::bytes);
    let Some(bytes) = bytes else {
        return Decoded::No;
    };
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return String::from_utf8(bytes).map_or(Decoded::No, Decoded::Text);
    }
    let most = (bytes.len() * RATIO + 4096) as u64;
    let mut unpacked = Vec::new();
    // What was read before it broke counts.
    let _ = flate2::read::MultiGzDecoder::new(&bytes[..])
        .take(most + 1)
        .read_to_end(&mut unpacked);
    if unpacked.len() as u64 > most {
        return Decoded::Endless;
    }
    Decoded::Text(String::from_utf8_lossy(&unpacked).into_owned())
}

fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_with_and_without_padding_and_over_lines() {
        let text = |text: &str| match decoded(text) {
            Decoded::Text(text) => Some(text),
            _ => None,
        };
        let copy = "eyJraW5kIjogIlNlY3JldCIsICJkYXRhIjogeyJwIjogImh1bnRlcjIifX0=";
        let said = "{\"kind\": \"Secret\", \"data\": {\"p\": \"hunter2\"}}";
        assert_eq!(text(copy).as_deref(), Some(said));
        assert_eq!(text(copy.trim_end_matches('=')).as_deref(), Some(said));
        let lines = format!("{}\n{}\n", &copy[..20], &copy[20..]);
        assert_eq!(text(&lines).as_deref(), Some(said));
        assert!(text("registry.developers.crunchydata.com/crunchydata/x").is_none());
    }
}
