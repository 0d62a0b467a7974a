//! One archive among what the user named, and what it holds.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};

use super::super::read::Opened;
use super::super::{Dump, InputFile, Limits, Reason, Skipped};
use super::allowance::Allowance;
use super::form::Form;
use super::members::Members;
use super::{layout, tarball, zipped};
use crate::allowance::Bytes;

/// An archive among what the user named.
#[derive(Clone, Debug)]
pub struct Archive {
    /// The file.
    pub file: InputFile,
    /// Whether the user named it, or it was found in a folder that the user named. In a folder, only bundles and dumps
    /// are taken: other archives there may be anything.
    pub named: bool,
}

/// Reads an archive at hand, as if it were a file of this name that was named.
pub fn read_bytes(uri: &str, bytes: Vec<u8>, limits: Limits) -> Result<Dump, Skipped> {
    let skipped = |reason| Skipped {
        uri: uri.to_owned(),
        reason,
    };
    let size = bytes.len() as u64;
    let run = &Bytes::of(limits.total);
    let members = members(Cursor::new(bytes), size, limits, run).map_err(skipped)?;
    layout::dump(uri, None, true, members).map_err(skipped)
}

impl Archive {
    /// What it holds. An error only where the whole of it is not to be taken; a damaged archive gives what could be
    /// read, and says what could not.
    pub fn read(&self, limits: Limits) -> Result<Dump, Skipped> {
        self.read_within(limits, &Bytes::of(limits.total), None)
    }

    pub(super) fn read_within(
        &self,
        limits: Limits,
        run: &Bytes,
        origin: Option<&str>,
    ) -> Result<Dump, Skipped> {
        let skipped = |reason| Skipped {
            uri: self.file.uri.clone(),
            reason,
        };
        let members = match self.file.open(limits).map_err(skipped)? {
            Opened::File(file, size) => members(BufReader::new(file), size, limits, run),
            Opened::Bytes(bytes) => {
                let size = bytes.len() as u64;
                members(Cursor::new(bytes), size, limits, run)
            }
        };
        let members = members.map_err(skipped)?;
        layout::dump(&self.file.uri, origin, self.named, members).map_err(skipped)
    }
}

fn members(
    mut reader: impl Read + Seek,
    size: u64,
    limits: Limits,
    run: &Bytes,
) -> Result<Members, Reason> {
    let form = Form::of(&mut reader)?.ok_or_else(|| {
        Reason::Unreadable("named like an archive, but neither tar, gzip nor zip inside".to_owned())
    })?;
    let mut allowance = Allowance::of(size, run);
    let members = Members::new(limits);
    let members = match form {
        Form::Zip => zipped::read(reader, members, &mut allowance),
        Form::Tar => tarball::read(reader, members, &mut allowance),
        Form::Gzip => {
            let unpacked = flate2::read::MultiGzDecoder::new(reader);
            let mut members = tarball::read(unpacked, members, &mut allowance);
            members.explain_single_gzip();
            members
        }
    };
    allowance.settle(run);
    Ok(members)
}

/// What the first bytes of a file, or of standard input, make of it.
pub(in crate::source) fn is_archive(file: &mut File) -> bool {
    matches!(Form::of(file), Ok(Some(_)))
}
