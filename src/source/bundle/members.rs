//! What an archive's members come to: texts that are kept, and what is said of the others.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::super::name::{is_archive_name, is_manifest};
use super::super::{Limits, Reason, logs};
use super::allowance::FAR_MORE;
use super::path;

/// How many members are told of that were not read; the rest are counted.
const TOLD: usize = 100;

/// One text of an archive.
#[derive(Debug)]
pub(super) struct Member {
    /// Below the archive; no two are the same.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// The members of an archive, as they come.
#[derive(Debug)]
pub(super) struct Members {
    limits: Limits,
    pub(super) texts: Vec<Member>,
    /// By path below the archive; `""` is the archive itself.
    pub(super) skipped: Vec<(String, Reason)>,
    untold: usize,
    /// How often each path was taken.
    taken: BTreeMap<String, usize>,
    seen: usize,
}

impl Members {
    pub(super) fn new(limits: Limits) -> Members {
        Members {
            limits,
            texts: Vec::new(),
            skipped: Vec::new(),
            untold: 0,
            taken: BTreeMap::new(),
            seen: 0,
        }
    }

    /// A member that is a file: its path, if its text is wanted.
    pub(super) fn wanted(&mut self, name: &[u8]) -> Option<String> {
        self.seen += 1;
        let raw = String::from_utf8_lossy(name);
        let is_text = is_manifest(Path::new(&*raw));
        let is_archive = is_archive_name(Path::new(&*raw));
        if !is_text && !is_archive {
            return None;
        }
        match path::clean(&raw) {
            Ok(path) if path::is_hidden(&path) => None,
            Ok(path) if is_archive => {
                let why = "an archive inside an archive; unpack it and name it by itself";
                self.skip(path, Reason::Unreadable(why.to_owned()));
                None
            }
            Ok(path) => Some(path),
            Err(why) => {
                self.skip(shown(&raw), Reason::Unreadable(why.to_owned()));
                None
            }
        }
    }

    /// A member that is no file: "a link", "a device". Quiet where its name is of something that is never read.
    pub(super) fn no_file(&mut self, name: &[u8], what: &'static str) {
        self.seen += 1;
        let raw = String::from_utf8_lossy(name);
        let named = Path::new(&*raw);
        if named.extension().is_none() || is_manifest(named) || is_archive_name(named) {
            self.skip(shown(&raw), Reason::Special(what));
        }
    }

    /// Reads a wanted member to its end.
    pub(super) fn read(
        &mut self,
        path: String,
        size: u64,
        reader: impl Read,
    ) -> Result<(), String> {
        let mut bytes = Vec::new();
        if size > self.limits.file {
            self.skip(path, Reason::TooLarge(self.limits.file));
            return Ok(());
        }
        let most = size.saturating_add(1);
        if let Err(error) = reader.take(most).read_to_end(&mut bytes) {
            self.skip(path, Reason::Unreadable(error.to_string()));
            return Err(error.to_string());
        }
        if bytes.len() as u64 != size {
            let why = "it does not have the size that the archive says";
            self.skip(path, Reason::Unreadable(why.to_owned()));
            return Ok(());
        }
        if bytes.is_empty() {
            self.skip(path, Reason::Empty);
            return Ok(());
        }
        logs::blank(&mut bytes);
        let count = self.taken.entry(path.clone()).or_default();
        *count += 1;
        // Both are kept: what differs between them is for the Inventory to say.
        let path = match *count {
            1 => path,
            again => format!("{path}#{again}"),
        };
        self.texts.push(Member { path, bytes });
        Ok(())
    }

    /// Says of one member why it was not read.
    pub(super) fn skip(&mut self, path: String, reason: Reason) {
        if self.skipped.len() < TOLD {
            self.skipped.push((path, reason));
        } else if reason.may_hide_objects() {
            self.untold += 1;
        }
    }

    /// Says that the archive could not be read on; what was read before counts.
    pub(super) fn broken(&mut self, why: &str) {
        let place = match self.seen {
            0 => String::new(),
            1 => " after its first member".to_owned(),
            seen => format!(" after {seen} members"),
        };
        let why = format!("it cannot be read on{place}: {why}");
        self.skipped
            .insert(0, (String::new(), Reason::Unreadable(why)));
    }

    /// One sentence on the archive itself.
    pub(super) fn incomplete(&mut self, why: String) {
        self.skipped
            .insert(0, (String::new(), Reason::Unreadable(why)));
    }

    /// A gzip file may hold one text and no archive: then the reason is not that it is broken.
    pub(super) fn explain_single_gzip(&mut self) {
        if self.seen > 0 {
            return;
        }
        if let Some((_, reason)) = self.skipped.first_mut() {
            let is_bomb = reason.to_string().contains(FAR_MORE);
            if !is_bomb {
                let why = "no tar archive in this gzip file; if it is one compressed manifest, unpack it (`gunzip -k`)";
                *reason = Reason::Unreadable(why.to_owned());
            }
        }
    }

    /// Ends: says how many were not told of.
    pub(super) fn finish(mut self) -> Members {
        if self.untold > 0 {
            let why = format!("{} more members of it were not read", self.untold);
            self.incomplete(why);
        }
        self
    }
}

/// A path that could not be cleaned, short enough to be told.
fn shown(raw: &str) -> String {
    const MOST: usize = 200;
    let mut text: String = raw.chars().take(MOST).collect();
    if text.len() < raw.len() {
        text.push('…');
    }
    text
}
