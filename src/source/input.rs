//! What the user names to a list of files: folders walked, sorted, each file once.
//!
//! In folders it takes `.yaml`, `.yml` and `.json` files (any case); files named directly may have any name.
//! Archives (`.tar.gz`, `.tgz`, `.tar`, `.zip`) are told apart: each is the evidence of one cluster. Hidden files and folders (`.git`, `.github`, editors' copies) are left out unless named directly. Symlinks to
//! files are followed where they stay in the folder that was named; symlinks to folders are not, so there is no way in
//! circles or out to the rest of the disk. Pipes, devices and sockets in folders are told of and never opened. Everything else that is not read becomes a [`Skipped`].

use std::collections::HashMap;
use std::fs::{self, File, FileType, Metadata};
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use super::bundle::{Archive, Form, is_archive, unpacked};
use super::name::{is_archive_name, is_manifest};
use super::read::Place;
use super::skip::unreadable;
use super::{InputFile, Limits, Reason, Skipped};
use crate::allowance::Bytes;

/// The user named something that is not there.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// No such file or folder.
    #[error("no such file or folder: `{0}`")]
    Missing(String),
}

/// What is to be read, and what is not.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Files by uri; each once.
    pub files: Vec<InputFile>,
    /// Archives by uri; each once. For [`read_all`](super::bundle::read_all).
    pub archives: Vec<Archive>,
    /// What was found and will not be read, by uri.
    pub skipped: Vec<Skipped>,
    /// How much may be read.
    pub limits: Limits,
    /// What is left of all that the run may read.
    pub bytes: Bytes,
    /// What the user calls the Kubernetes cluster that all of it is from, archives that name one themselves aside.
    pub origin: Option<String>,
}

impl Inputs {
    /// Finds the files behind what the user names: files, folders, and `-` for standard input.
    pub fn find<P: AsRef<Path>>(
        named: impl IntoIterator<Item = P>,
        limits: Limits,
    ) -> Result<Inputs, InputError> {
        Inputs::find_within(named, limits, &Bytes::of(limits.total))
    }

    /// The same where others read, too: all of them draw on what is left for the run.
    pub fn find_within<P: AsRef<Path>>(
        named: impl IntoIterator<Item = P>,
        limits: Limits,
        bytes: &Bytes,
    ) -> Result<Inputs, InputError> {
        let mut search = Search::default();
        for path in named {
            search.named(path.as_ref())?;
        }
        Ok(search.finish(limits, bytes))
    }
}

/// A file that was found, before repeats are dropped.
#[derive(Debug)]
struct Candidate {
    file: InputFile,
    /// Which file it is, whatever it is called; `None` for what can be read only once.
    identity: Option<Identity>,
    bytes: u64,
    form: Candidacy,
}

/// As what a file was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Candidacy {
    Text,
    /// In a folder.
    FoundArchive,
    NamedArchive,
}

#[derive(Debug, Default)]
struct Search {
    found: Vec<Candidate>,
    skipped: Vec<Skipped>,
}

impl Search {
    fn named(&mut self, path: &Path) -> Result<(), InputError> {
        if path == Path::new("-") {
            self.found.push(Candidate {
                file: InputFile {
                    uri: "-".to_owned(),
                    place: Place::Stdin,
                },
                identity: None,
                bytes: 0,
                form: stdin_form(),
            });
            return Ok(());
        }
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => self.folder(path),
            Ok(data) if is_inherited_pipe(path, data.file_type()) => {
                self.take(path, None, 0, Candidacy::Text);
            }
            Ok(data) => {
                let is_archive = data.is_file()
                    && (is_archive_name(path)
                        || File::open(path).is_ok_and(|mut file| is_archive(&mut file)));
                let form = if is_archive {
                    Candidacy::NamedArchive
                } else {
                    Candidacy::Text
                };
                self.file(path, &data, form);
            }
            Err(error) if is_missing(&error) => {
                return Err(InputError::Missing(uri_of(path)));
            }
            Err(error) => self.skip(path, unreadable(&error)),
        }
        Ok(())
    }

    /// All manifests below a folder. A stack, not recursion: depth is up to whoever made the folder.
    fn folder(&mut self, root: &Path) {
        let home = fs::canonicalize(root).ok();
        let before = (self.found.len(), self.skipped.len());
        let mut stack = vec![root.to_owned()];
        while let Some(folder) = stack.pop() {
            match fs::read_dir(&folder) {
                Ok(entries) => {
                    for entry in entries {
                        match entry {
                            Ok(entry) => self.member(&entry, home.as_deref(), &mut stack),
                            Err(error) => self.skip(&folder, unreadable(&error)),
                        }
                    }
                }
                Err(error) => self.skip(&folder, unreadable(&error)),
            }
        }
        if before == (self.found.len(), self.skipped.len()) {
            self.skip(root, Reason::NoManifests);
        }
    }

    /// `home` is the folder that was named, all links followed.
    fn member(&mut self, entry: &fs::DirEntry, home: Option<&Path>, stack: &mut Vec<PathBuf>) {
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            return;
        }
        let path = entry.path();
        let is_link = match entry.file_type() {
            Ok(kind) if kind.is_dir() => return stack.push(path),
            Ok(kind) => kind.is_symlink(),
            Err(error) => return self.skip(&path, unreadable(&error)),
        };
        let data = if is_link {
            fs::metadata(&path)
        } else {
            entry.metadata()
        };
        match data {
            Ok(data) if is_link && data.is_dir() => self.skip(&path, Reason::FolderLink),
            _ if !is_manifest(&path) && !is_archive_name(&path) => {}
            Ok(data) if !data.is_file() => self.skip(&path, special(data.file_type())),
            Ok(_) if is_link && !leads_within(&path, home) => self.skip(&path, Reason::LinkOut),
            Ok(data) if is_archive_name(&path) => {
                self.file(&path, &data, Candidacy::FoundArchive);
            }
            // Not opened: a symlink into /proc leads to files without a size, some of which never end.
            Ok(data) if data.is_file() && data.len() == 0 => self.skip(&path, Reason::Empty),
            Ok(data) => match unpacked(&path) {
                Some(note) => self.skip(&path, note),
                None => self.file(&path, &data, Candidacy::Text),
            },
            Err(error) => self.skip(&path, unreadable(&error)),
        }
    }

    fn file(&mut self, path: &Path, data: &Metadata, form: Candidacy) {
        if !data.is_file() {
            return self.skip(path, special(data.file_type()));
        }
        match identity(path, data) {
            Ok(identity) => self.take(path, Some(identity), data.len(), form),
            Err(error) => self.skip(path, unreadable(&error)),
        }
    }

    fn take(&mut self, path: &Path, identity: Option<Identity>, bytes: u64, form: Candidacy) {
        let file = InputFile {
            uri: uri_of(path),
            place: Place::File(path.to_owned()),
        };
        self.found.push(Candidate {
            file,
            identity,
            bytes,
            form,
        });
    }

    fn skip(&mut self, path: &Path, reason: Reason) {
        let uri = uri_of(path);
        self.skipped.push(Skipped { uri, reason });
    }

    /// Sorts, drops repeats, and keeps the sum of sizes within the limit. None of it depends on the order of the
    /// command line or of the file system.
    fn finish(mut self, limits: Limits, bytes: &Bytes) -> Inputs {
        self.found
            .sort_by(|left, right| left.file.uri.cmp(&right.file.uri));
        self.found.dedup_by(|later, first| {
            let is_same = later.file.uri == first.file.uri && later.identity == first.identity;
            if is_same {
                first.form = first.form.max(later.form);
            }
            is_same
        });
        let mut inputs = Inputs {
            files: Vec::with_capacity(self.found.len()),
            archives: Vec::new(),
            skipped: self.skipped,
            limits,
            bytes: bytes.clone(),
            origin: None,
        };
        let mut read: HashMap<Identity, String> = HashMap::with_capacity(self.found.len());
        for candidate in self.found {
            let uri = candidate.file.uri.clone();
            if let Some(identity) = candidate.identity {
                if let Some(first) = read.get(&identity) {
                    let reason = Reason::Repeated(first.clone());
                    inputs.skipped.push(Skipped { uri, reason });
                    continue;
                }
                read.insert(identity, uri.clone());
            }
            if let Err(reason) = limits.admit(candidate.bytes, bytes) {
                inputs.skipped.push(Skipped { uri, reason });
                continue;
            }
            match candidate.form {
                Candidacy::Text => inputs.files.push(candidate.file),
                form => inputs.archives.push(Archive {
                    file: candidate.file,
                    named: form == Candidacy::NamedArchive,
                }),
            }
        }
        inputs
            .skipped
            .sort_by(|left, right| left.uri.cmp(&right.uri));
        inputs.skipped.dedup();
        inputs
    }
}

/// What comes on standard input, by its first bytes. They are only looked at: reading starts with them.
fn stdin_form() -> Candidacy {
    let mut input = io::stdin().lock();
    match input.fill_buf() {
        Ok(head) if Form::of_head(head).is_some() => Candidacy::NamedArchive,
        _ => Candidacy::Text,
    }
}

/// Whether a link leads to something in this folder.
fn leads_within(link: &Path, home: Option<&Path>) -> bool {
    let target = fs::canonicalize(link).ok();
    target
        .zip(home)
        .is_some_and(|(target, home)| target.starts_with(home))
}

fn is_missing(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// The path as given, with forward slashes.
fn uri_of(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

/// What tells one file from another. Not its resolved path: in a folder a thousand levels deep, resolving takes
/// the square of the depth for each file.
#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // elsewhere it can fail
fn identity(_: &Path, data: &Metadata) -> io::Result<Identity> {
    use std::os::unix::fs::MetadataExt;
    Ok((data.dev(), data.ino()))
}

#[cfg(not(unix))]
fn identity(path: &Path, _: &Metadata) -> io::Result<Identity> {
    fs::canonicalize(path)
}

/// A pipe that the shell opened for us, as in `check <(kubectl get ...)`. Other pipes may have nobody at the other
/// end, and opening them would wait forever.
pub(super) fn is_inherited_pipe(path: &Path, kind: FileType) -> bool {
    let inherited = ["/dev/fd", "/proc/self/fd", "/dev/stdin"]
        .iter()
        .any(|place| path.starts_with(place));
    inherited && special_name(kind) == "a pipe"
}

fn special(kind: FileType) -> Reason {
    Reason::Special(special_name(kind))
}

/// What something is that is neither file nor folder.
#[cfg(unix)]
pub(super) fn special_name(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
pub(super) fn special_name(_: FileType) -> &'static str {
    "something special"
}
