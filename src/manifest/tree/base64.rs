//! The value of a scalar tagged `!!binary`.

/// The text that base64 stands for, line breaks ignored and what is not UTF-8 replaced; nothing if it is not base64.
pub(in crate::manifest) fn decode(text: &str) -> Option<String> {
    bytes(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// The bytes that base64 stands for, line breaks ignored; nothing if it is not base64.
pub(in crate::manifest) fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0u32;
    let (mut digits, mut padding) = (0usize, 0usize);
    for byte in text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')) {
        digits += 1;
        let six = match byte {
            b'=' => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        if digits.is_multiple_of(4) {
            bytes.extend(bits.to_be_bytes().into_iter().skip(1));
        }
    }
    if !digits.is_multiple_of(4) || padding > 2 {
        return None;
    }
    bytes.truncate(bytes.len() - padding);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decodes_with_and_without_padding() {
        assert_eq!(decode("aGVsbG8=").as_deref(), Some("hello"));
        assert_eq!(decode("aGVs\nbG8h").as_deref(), Some("hello!"));
        assert_eq!(decode("").as_deref(), Some(""));
        assert_eq!(decode("/w==").as_deref(), Some("\u{fffd}"));
    }

    #[test]
    fn refuses_what_is_not_base64() {
        for text in ["a", "aGVsbG8", "a=bc", "====", "aG Vs", "äöü="] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
