//! A tar archive to its members.

use std::io::{self, Read};

use tar::EntryType;

use super::allowance::{Allowance, MEMBERS, Metered, TOO_MANY};
use super::members::Members;

/// Reads as far as it can.
pub(super) fn read(reader: impl Read, mut members: Members, allowance: &mut Allowance) -> Members {
    let mut archive = tar::Archive::new(Metered::new(reader, allowance));
    let walked = walk(&mut archive, &mut members);
    let mut rest = archive.into_inner();
    let ended = walked.and_then(|()| end(&mut rest));
    if let Err(broken) = ended {
        members.broken(rest.failed.as_deref().unwrap_or(broken));
    }
    members.finish()
}

/// What is wrong with an archive. In words of our own: those of `tar` quote what it took for a header, which may be
/// anything, also a secret.
type Broken = &'static str;

const DAMAGED: Broken = "it is damaged, or no tar archive";

fn walk<R: Read>(
    archive: &mut tar::Archive<Metered<'_, R>>,
    members: &mut Members,
) -> Result<(), Broken> {
    let entries = archive.entries().map_err(|_| DAMAGED)?;
    for (entry, number) in entries.zip(0..) {
        let mut entry = entry.map_err(|_| DAMAGED)?;
        if number >= MEMBERS {
            return Err(TOO_MANY);
        }
        let name = entry.path_bytes().into_owned();
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous if !name.ends_with(b"/") => {
                let size = entry.size();
                if let Some(path) = members.wanted(&name) {
                    members.read(path, size, &mut entry).map_err(|_| DAMAGED)?;
                }
            }
            EntryType::Symlink | EntryType::Link => members.no_file(&name, "a link"),
            EntryType::Char | EntryType::Block => members.no_file(&name, "a device"),
            EntryType::Fifo => members.no_file(&name, "a pipe"),
            EntryType::Regular
            | EntryType::Continuous
            | EntryType::Directory
            | EntryType::XGlobalHeader => {}
            _ => members.no_file(&name, "something special"),
        }
    }
    Ok(())
}

/// An archive ends with zeros, and nothing but zeros follows. Reading to the end also checks what gzip says of the whole.
fn end<R: Read>(rest: &mut Metered<'_, R>) -> Result<(), Broken> {
    const BLOCK: u64 = 512;
    if rest.zeros < BLOCK {
        return Err("it ends without an end: it was cut off");
    }
    let before = rest.zeros;
    let more = io::copy(rest, &mut io::sink()).map_err(|_| DAMAGED)?;
    if rest.zeros < before + more {
        return Err("something follows its end");
    }
    Ok(())
}
