//! What findings are told from one another by, in this run and in later ones.

use std::fmt;
use std::ops::Deref;

/// 64-bit FNV-1a over some parts, as 16 hexadecimal digits. Stable across versions and machines.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 16]);

/// What stands for the origin among the parts of an id: nothing. A finding of a live cluster is that of its bundle and of
/// its export, whatever they are called. Where one run has a cluster twice, `namesakes` tells them apart.
pub(in crate::check) const ORIGIN: &str = "";

impl Fingerprint {
    /// Of parts whose order counts, and where one ends and the next begins.
    pub fn of(parts: &[&str]) -> Self {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        for part in parts {
            for byte in part.bytes().chain([0]) {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
        let mut digits = [b'0'; 16];
        for digit in digits.iter_mut().rev() {
            *digit = match (hash & 15) as u8 {
                low @ 0..=9 => b'0' + low,
                high => b'a' + high - 10,
            };
            hash >>= 4;
        }
        Fingerprint(digits)
    }
}

impl Deref for Fingerprint {
    type Target = str;

    fn deref(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_tells_parts_apart() {
        let of = Fingerprint::of;
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["a", "b"]), of(&["ab"]));
        assert_ne!(of(&["a", "b"]), of(&["b", "a"]));
    }

    #[test]
    fn a_fingerprint_is_the_one_that_earlier_releases_wrote() {
        assert_eq!(&*Fingerprint::of(&[]), "cbf29ce484222325");
        assert_eq!(&*Fingerprint::of(&["a", "b"]), "ab40d7820d408076");
    }
}
