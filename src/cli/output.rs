//! Writing: the report to standard output or a file, everything else to standard error.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::Path;

use super::Failure;
use super::args::Colour;

/// How much text is gathered before it is written, in bytes.
const BUFFER: usize = 64 * 1024;

/// Writes to standard output. A reader that went away (`| head`) is no failure.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Writes a whole file.
#[allow(clippy::disallowed_methods)] // the one place that writes files, and only where the user says
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text)
        .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

/// Writes a new file; over one that is there only where the user says so.
#[cfg(feature = "live")]
#[allow(clippy::disallowed_methods)] // a bundle, where the user says
pub(super) fn create_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let shown = path.display();
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| {
        Failure::new(match error.kind() {
            ErrorKind::AlreadyExists => format!(
                "{shown} exists already: --force overwrites it, --output names another file"
            ),
            _ => format!("cannot write {shown}: {error}"),
        })
    })
}

/// Text from elsewhere for a terminal: nothing in it drives the terminal.
pub(super) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// Writes to a file, or to standard output where none is named, as the text is made.
#[allow(clippy::disallowed_methods)] // the other place that writes files, likewise
pub(super) fn write_out(
    path: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(path) = path else {
        let mut out = BufWriter::with_capacity(BUFFER, io::stdout().lock());
        return match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
                "cannot write to standard output: {error}"
            ))),
            _ => Ok(()),
        };
    };
    let made = File::create(path).and_then(|file| {
        let mut out = BufWriter::with_capacity(BUFFER, file);
        write(&mut out).and_then(|()| out.flush())
    });
    made.map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

/// One line on standard error; there is nobody left to tell if that fails.
pub(super) fn tell(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Whether to write colour to standard output.
#[allow(clippy::disallowed_methods)] // NO_COLOR is read here and nowhere else
pub(super) fn colour(when: Colour) -> bool {
    match when {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => {
            let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
            io::stdout().is_terminal() && !refused && !dumb
        }
    }
}

/// The working directory, for relative URIs in SARIF.
#[allow(clippy::disallowed_methods)]
pub(super) fn directory() -> Option<String> {
    Some(std::env::current_dir().ok()?.to_str()?.replace('\\', "/"))
}
