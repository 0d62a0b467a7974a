//! The first bytes of a file to the form of archive it is.

use std::io::{Read, Seek, SeekFrom};

use super::super::Reason;
use super::super::skip::unreadable;

/// A form of archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum Form {
    /// Compressed; a tar archive is expected inside.
    Gzip,
    Tar,
    Zip,
}

/// How many bytes tell: one header of a tar archive.
pub(super) const HEAD: usize = 512;

impl Form {
    /// Looks at the beginning, and goes back there.
    pub(in crate::source) fn of(reader: &mut (impl Read + Seek)) -> Result<Option<Form>, Reason> {
        let mut head = Vec::with_capacity(HEAD);
        reader
            .by_ref()
            .take(HEAD as u64)
            .read_to_end(&mut head)
            .and_then(|_| reader.seek(SeekFrom::Start(0)))
            .map_err(|error| unreadable(&error))?;
        Ok(Form::of_head(&head))
    }

    /// By the bytes that such files begin with. No manifest begins so.
    pub(in crate::source) fn of_head(head: &[u8]) -> Option<Form> {
        if head.starts_with(&[0x1f, 0x8b]) {
            Some(Form::Gzip)
        } else if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            Some(Form::Zip)
        } else if head.get(257..262) == Some(b"ustar") || is_old_tar(head) {
            Some(Form::Tar)
        } else {
            None
        }
    }
}

/// A header from before the magic word: its checksum is right.
fn is_old_tar(head: &[u8]) -> bool {
    // Of standard input more than a header is at hand.
    let Some(head) = head.get(..HEAD).filter(|head| head.first() != Some(&0)) else {
        return false;
    };
    let header = tar::Header::from_byte_slice(head);
    let sum: u32 = head
        .iter()
        .enumerate()
        .map(|(at, byte)| match at {
            148..156 => u32::from(b' '),
            _ => u32::from(*byte),
        })
        .sum();
    header.cksum().is_ok_and(|written| written == sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_no_archives() {
        for text in [
            "",
            "a: 1\n",
            "{\"kind\": \"List\"}",
            "PK: 1\n",
            "\u{feff}a: 1",
        ] {
            assert_eq!(Form::of_head(text.as_bytes()), None, "{text:?}");
        }
        assert_eq!(Form::of_head(&[0; HEAD]), None);
        assert_eq!(Form::of_head(&[b' '; HEAD]), None);
    }

    #[test]
    fn a_tar_archive_of_the_oldest_form_is_seen() {
        let mut header = tar::Header::new_old();
        header.set_path("a.yaml").unwrap();
        header.set_size(0);
        header.set_cksum();
        assert_eq!(Form::of_head(header.as_bytes()), Some(Form::Tar));
        let followed = [&header.as_bytes()[..], b"more"].concat();
        assert_eq!(Form::of_head(&followed), Some(Form::Tar));
    }

    #[test]
    fn a_manifest_longer_than_a_tar_header_on_standard_input_is_no_panic() {
        assert_eq!(Form::of_head(&[b'a'; HEAD + 1]), None);
        assert_eq!(Form::of_head(&[b'a'; 8 * HEAD]), None);
    }
}
