//! Files that are no evidence (configurations, rules, baselines, reports): read whole, within a limit, as what they are.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Why such a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// It is larger than such a file may be.
    #[error("larger than {0} bytes, no such file is")]
    TooLarge(u64),
    /// It is a folder, a device or a socket.
    #[error("{0}, not a file")]
    NoFile(&'static str),
    /// The system says no.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// It was found, not named, and leads elsewhere.
    #[error("a link that leads out of the folder it is in; name the file itself to use it")]
    LeadsOut,
}

/// Reads a file that was named, at most so many bytes of it; `-` is standard input. A pipe that the shell opened is
/// one, too.
pub fn read_setting(path: &Path, most: u64) -> Result<Vec<u8>, SettingError> {
    if path == Path::new("-") {
        return bounded(io::stdin().lock(), most);
    }
    let kind = fs::metadata(path)?;
    if kind.is_dir() {
        return Err(SettingError::NoFile("a folder"));
    }
    if !kind.is_file() && !super::input::is_inherited_pipe(path, kind.file_type()) {
        return Err(SettingError::NoFile(super::input::special_name(
            kind.file_type(),
        )));
    }
    let file = File::open(path)?;
    if file.metadata()?.len() > most {
        return Err(SettingError::TooLarge(most));
    }
    bounded(file, most)
}

/// Reads a file that nobody named: a plain file, that a link may lead to only within its folder.
pub fn read_found(path: &Path, most: u64) -> Result<Vec<u8>, SettingError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !stays_below(path, folder)? {
        return Err(SettingError::LeadsOut);
    }
    let kind = fs::metadata(path)?;
    if !kind.is_file() {
        return Err(SettingError::NoFile(super::input::special_name(
            kind.file_type(),
        )));
    }
    read_setting(path, most)
}

/// Whether a path, once all links are followed, lies in a folder.
pub fn stays_below(path: &Path, folder: &Path) -> io::Result<bool> {
    let folder = match folder {
        empty if empty == Path::new("") => PathBuf::from("."),
        other => other.to_owned(),
    };
    Ok(fs::canonicalize(path)?.starts_with(fs::canonicalize(folder)?))
}

/// Whether two paths lead to one file, all links followed; not where either leads to nothing.
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    let found = fs::canonicalize(one).ok().zip(fs::canonicalize(other).ok());
    found.is_some_and(|(one, other)| one == other)
}

/// Whether a folder may be written to by everybody on this machine. Nobody can say where the system does not tell.
#[cfg(unix)]
pub fn is_open_to_all(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(folder).is_ok_and(|data| data.mode() & 0o002 != 0)
}

/// Whether a folder may be written to by everybody on this machine. Nobody can say where the system does not tell.
#[cfg(not(unix))]
pub fn is_open_to_all(_: &Path) -> bool {
    false
}

fn bounded(reader: impl Read, most: u64) -> Result<Vec<u8>, SettingError> {
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(SettingError::TooLarge(most));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_may_be() {
        assert!(matches!(
            bounded(io::repeat(b'x'), 9),
            Err(SettingError::TooLarge(9))
        ));
        assert_eq!(bounded(&b"abc"[..], 3).unwrap(), b"abc");
    }
}
