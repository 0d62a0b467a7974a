//! What was named but not read, and why.

use std::io;

/// Why a file or folder was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It holds nothing.
    Empty,
    /// A folder without a single manifest.
    NoManifests,
    /// The same file was read under this name.
    Repeated(String),
    /// A symlink inside a folder that leads to a folder: it may lead anywhere, also back.
    FolderLink,
    /// A symlink inside a folder that leads out of it.
    LinkOut,
    /// Neither file nor folder: "a pipe", "a device", ...
    Special(&'static str),
    /// The configuration in this file leaves it out.
    Excluded(String),
    /// Larger than this many bytes.
    TooLarge(u64),
    /// With what is read before it, larger than this many bytes.
    TooMuch(u64),
    /// The system says no, or the file changed under us.
    Unreadable(String),
    /// Something to know about what was read, or why nothing in it was of use. No object is missed.
    Note(String),
    /// Objects of a live cluster that were not listed, or not at one moment: what that leaves open the listings tell.
    NotWhole(String),
}

impl Reason {
    /// Whether objects may have been missed.
    pub fn may_hide_objects(&self) -> bool {
        !matches!(
            self,
            Reason::Empty
                | Reason::NoManifests
                | Reason::Repeated(_)
                | Reason::Excluded(_)
                | Reason::Note(_)
        )
    }

    /// Whether anything may be in what was not read, so that no absence can be told. What a configuration leaves out is
    /// unseen, too, though nobody failed to read it.
    pub fn hides_anything(&self) -> bool {
        match self {
            Reason::NotWhole(_) => false,
            Reason::Excluded(_) => true,
            other => other.may_hide_objects(),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Reason::Empty => f.write_str("empty"),
            Reason::NoManifests => f.write_str("no .yaml, .yml or .json file in this folder"),
            Reason::Repeated(uri) => write!(f, "the same file as {uri}"),
            Reason::FolderLink => f.write_str(
                "a symlink to a folder; name the folder itself on the command line to read it",
            ),
            Reason::LinkOut => f.write_str(
                "a symlink that leads out of the folder; name the file itself on the command line to read it",
            ),
            Reason::Special(what) => write!(f, "{what}, not a file"),
            Reason::Excluded(by) => write!(f, "excluded by {by}"),
            Reason::TooLarge(bytes) => write!(f, "larger than {bytes} bytes"),
            Reason::TooMuch(bytes) => write!(f, "the whole input is larger than {bytes} bytes"),
            Reason::Unreadable(why) | Reason::NotWhole(why) | Reason::Note(why) => f.write_str(why),
        }
    }
}

/// Something named, or found in a named folder, that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The path as given on the command line (joined for members of folders).
    pub uri: String,
    /// Why.
    pub reason: Reason,
}

pub(super) fn unreadable(error: &io::Error) -> Reason {
    Reason::Unreadable(match error.kind() {
        io::ErrorKind::PermissionDenied => "no permission to read it".to_owned(),
        io::ErrorKind::NotFound => "it leads to nothing".to_owned(),
        _ => error.to_string(),
    })
}
