//! Bytes of one input.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

use super::skip::unreadable;
use super::{Reason, Skipped, logs};
use crate::allowance::Bytes;

/// How much is read at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one text. Spans are 32 bits wide.
    pub file: u64,
    /// Bytes of all files together.
    pub total: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file: u64::from(u32::MAX) - 1,
            total: Bytes::default().left(),
        }
    }
}

impl Limits {
    /// Whether a file of this size may be read; then its bytes are taken from those of the run.
    pub(super) fn admit(self, bytes: u64, run: &Bytes) -> Result<(), Reason> {
        if bytes > self.file {
            Err(Reason::TooLarge(self.file))
        } else if run.take(bytes) {
            Ok(())
        } else {
            Err(Reason::TooMuch(self.total))
        }
    }
}

/// One text to be read.
#[derive(Clone, Debug)]
pub struct InputFile {
    /// The path as given on the command line (joined for members of folders, forward slashes), `-` for
    /// standard input.
    pub uri: String,
    pub(super) place: Place,
}

/// Where a text comes from.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Stdin,
    File(PathBuf),
}

/// A file to go through, or bytes at hand.
pub(super) enum Opened {
    /// With its size, as the system says it.
    File(File, u64),
    Bytes(Vec<u8>),
}

impl InputFile {
    /// Opens what may be too large to be read at once.
    pub(super) fn open(&self, limits: Limits) -> Result<Opened, Reason> {
        match &self.place {
            Place::Stdin => read_whole(io::stdin().lock(), 0, limits).map(Opened::Bytes),
            Place::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(&error))?;
                let size = file.metadata().map_err(|error| unreadable(&error))?.len();
                Ok(Opened::File(file, size))
            }
        }
    }

    /// Reads it whole. Standard input can be read only once.
    pub fn read(&self, limits: Limits) -> Result<Vec<u8>, Skipped> {
        let bytes = match &self.place {
            Place::Stdin => read_whole(io::stdin().lock(), 0, limits),
            Place::File(path) => File::open(path)
                .map_err(|error| unreadable(&error))
                .and_then(|file| {
                    let size = file.metadata().map_or(0, |data| data.len());
                    read_whole(file, size, limits)
                }),
        };
        bytes
            .map(|mut bytes| {
                logs::blank(&mut bytes);
                bytes
            })
            .map_err(|reason| Skipped {
                uri: self.uri.clone(),
                reason,
            })
    }
}

/// All bytes, unless there are none or too many. The size is only what the system says: it is checked before
/// memory is taken, and what really comes is checked again.
fn read_whole(reader: impl Read, size: u64, limits: Limits) -> Result<Vec<u8>, Reason> {
    if size > limits.file {
        return Err(Reason::TooLarge(limits.file));
    }
    let mut bytes = Vec::new();
    usize::try_from(size)
        .ok()
        .and_then(|size| bytes.try_reserve_exact(size).ok())
        .ok_or_else(|| Reason::Unreadable("not enough memory".to_owned()))?;
    reader
        .take(limits.file + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.is_empty() {
        return Err(Reason::Empty);
    }
    if bytes.len() as u64 > limits.file {
        return Err(Reason::TooLarge(limits.file));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits { file: 4, total: 9 };

    #[test]
    fn more_bytes_than_announced_are_still_counted() {
        let read = |text: &str, size| read_whole(text.as_bytes(), size, SMALL);
        assert_eq!(read("abcd", 4), Ok(b"abcd".to_vec()));
        assert_eq!(read("abcde", 0), Err(Reason::TooLarge(4)));
        assert_eq!(read("", 0), Err(Reason::Empty));
        assert_eq!(read("", 5), Err(Reason::TooLarge(4)));
    }

    #[test]
    fn an_endless_reader_ends() {
        assert_eq!(
            read_whole(io::repeat(b'x'), 0, SMALL),
            Err(Reason::TooLarge(4))
        );
    }

    #[test]
    fn every_offset_of_the_largest_text_fits_a_span() {
        assert!(Limits::default().file < u64::from(u32::MAX));
    }
}
