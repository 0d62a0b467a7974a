//! The page keeps its own policy and escapes what it shows.

use super::*;

#[test]
fn the_policy_names_the_page_s_own_style_and_script() {
    assert!(
        POLICY.contains(&format!("style-src 'sha256-{}'", hash(STYLE))),
        "style: {}",
        hash(STYLE)
    );
    assert!(
        POLICY.contains(&format!("script-src 'sha256-{}'", hash(SCRIPT))),
        "script: {}",
        hash(SCRIPT)
    );
}

/// SHA-256 in base64, as a Content-Security-Policy writes it.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut out = String::new();
    for chunk in digest.as_ref().chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for position in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * position)) as usize & 63];
            out.push(if position <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}
