//! A zip archive to its members.
//!
//! The `zip` crate believes the number of members that the archive claims when it takes memory, and of members with the
//! same name it keeps one: both are looked at here beforehand.

use std::io::{self, Read, Seek, SeekFrom};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::super::Reason;
use super::allowance::{Allowance, MEMBERS, Metered, TOO_MANY};
use super::members::Members;

/// Reads as far as it can.
pub(super) fn read(
    mut reader: impl Read + Seek,
    mut members: Members,
    allowance: &mut Allowance,
) -> Members {
    let archive = claimed(&mut reader)
        .map_err(ZipError::from)
        .and_then(|claimed| Ok((claimed, ZipArchive::new(reader)?)));
    match archive {
        Ok((claimed, mut archive)) => {
            if claimed.is_some_and(|claimed| claimed != archive.len()) {
                members.incomplete(
                    "two members of it have the same path, or it is damaged; one of them was read"
                        .to_owned(),
                );
            }
            if let Err(why) = walk(&mut archive, &mut members, allowance) {
                members.broken(&why);
            }
        }
        Err(error) => members.broken(&said(&error)),
    }
    members.finish()
}

fn walk<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    members: &mut Members,
    allowance: &mut Allowance,
) -> Result<(), String> {
    for index in 0..archive.len() {
        let name = archive.name_for_index(index).unwrap_or("").to_owned();
        if name.ends_with('/') {
            continue;
        }
        let Some(path) = members.wanted(name.as_bytes()) else {
            continue;
        };
        match archive.by_index(index) {
            Ok(member) if member.is_symlink() => members.skip(path, Reason::Special("a link")),
            Ok(member) => {
                let size = member.size();
                // One bad member does not spoil those beside it; what is used up is used up for all of them.
                let read = members.read(path, size, Metered::new(member, allowance));
                if allowance.is_used_up() {
                    return read;
                }
            }
            Err(error) => members.skip(path, Reason::Unreadable(said(&error))),
        }
    }
    Ok(())
}

fn said(error: &ZipError) -> String {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => "it is encrypted".to_owned(),
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            format!("{error}; unpack it, and name the folder")
        }
        ZipError::Io(error) => error.to_string(),
        // Not in the crate's words, which may quote what is there.
        _ => "it is damaged, or no zip archive".to_owned(),
    }
}

/// How many members the archive says it has; an error where it says too many.
fn claimed(reader: &mut (impl Read + Seek)) -> io::Result<Option<usize>> {
    const END: &[u8] = b"PK\x05\x06";
    const LONG_END: &[u8] = b"PK\x06\x06";
    /// Where the number stands, and how long it is, in either form.
    const SHORT: (usize, usize) = (10, 2);
    const LONG: (usize, usize) = (32, 8);
    const CHUNK: usize = 1 << 16;
    const RECORD: usize = 40;

    reader.seek(SeekFrom::Start(0))?;
    let (mut last, mut last_long) = (None, None);
    let mut window: Vec<u8> = Vec::with_capacity(CHUNK + RECORD);
    loop {
        let came = reader
            .by_ref()
            .take(CHUNK as u64)
            .read_to_end(&mut window)?;
        for at in memmem::find_iter(&window, LONG_END) {
            let Some(count) = number(&window, at, LONG) else {
                continue;
            };
            if count > u64::from(MEMBERS) {
                return Err(io::Error::other(TOO_MANY));
            }
            last_long = Some(count);
        }
        if let Some(at) = memmem::rfind(&window, END)
            && let Some(count) = number(&window, at, SHORT)
        {
            last = Some(count);
        }
        if came == 0 {
            break;
        }
        // A record may lie across two windows.
        let keep = window.len().saturating_sub(RECORD);
        window.drain(..keep);
    }
    reader.seek(SeekFrom::Start(0))?;
    // The short form holds its largest number where the long form has to be asked.
    let is_short = |count: &u64| *count != u64::from(u16::MAX);
    let known = last.filter(is_short).or(last_long);
    Ok(known.and_then(|count| usize::try_from(count).ok()))
}

/// A little-endian number in a record.
fn number(bytes: &[u8], at: usize, (offset, length): (usize, usize)) -> Option<u64> {
    let from = at + offset;
    let digits = bytes.get(from..from + length)?;
    Some(
        digits
            .iter()
            .rev()
            .fold(0, |sum, digit| (sum << 8) | u64::from(*digit)),
    )
}
