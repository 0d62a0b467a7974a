//! Writing: the report to standard output or a file, everything else to standard error.

use std::fs::File;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;

use super::door::{Door, Form};
use super::format::{Colour, Output};
use super::terminal::knows_links;
use crate::cli::Failure;
use crate::render::Screen;

/// JSON for reading, with a last line end.
pub(in crate::cli) fn pretty(value: &serde_json::Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Writes to standard output. A reader that went away (`| head`) is no failure.
pub(in crate::cli) fn print(text: &str, form: Form) -> Result<(), Failure> {
    write_out(None, form, |out| out.write_all(text.as_bytes()))
}

/// Writes a whole file.
pub(in crate::cli) fn write_file(path: &Path, text: &str, form: Form) -> Result<(), Failure> {
    write_out(Some(path), form, |out| out.write_all(text.as_bytes()))
}

/// Writes a new file; over one that is there only where the user says so.
#[cfg(feature = "live")]
#[allow(clippy::disallowed_methods)] // a bundle, where the user says
pub(in crate::cli) fn create_file(path: &Path, bytes: &[u8], force: bool) -> Result<(), Failure> {
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

/// Writes a new text file; over one that is there only where the user says so.
#[allow(clippy::disallowed_methods)] // where the user says
pub(in crate::cli) fn write_new(path: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let written = options.open(path).and_then(|file| {
        let mut out = Door::to(file, Form::Lines);
        out.write_all(text.as_bytes()).and_then(|()| out.finish())
    });
    written.map_err(|error| {
        let shown = path.display();
        Failure::new(match error.kind() {
            ErrorKind::AlreadyExists => format!("{shown} exists already: --force overwrites it"),
            _ => format!("cannot write {shown}: {error}"),
        })
    })
}

/// Writes to a file, or to standard output where none is named, as the text is made.
#[allow(clippy::disallowed_methods)] // the one place that writes files, and only where the user says
pub(in crate::cli) fn write_out(
    path: Option<&Path>,
    form: Form,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let Some(path) = path else {
        let mut out = Door::to(io::stdout().lock(), form);
        return match write(&mut out).and_then(|()| out.finish()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
                "cannot write to standard output: {error}"
            ))),
            _ => Ok(()),
        };
    };
    let made = File::create(path).and_then(|file| {
        let mut out = Door::to(file, form);
        write(&mut out).and_then(|()| out.finish())
    });
    made.map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}

/// A message on standard error; there is nobody left to tell if that fails.
pub(in crate::cli) fn tell(message: &str) {
    tell_in(message, Form::Lines);
}

/// The same, in the colours of whoever made it.
pub(in crate::cli) fn tell_in(message: &str, form: Form) {
    let mut err = Door::to(io::stderr().lock(), form);
    let _ = writeln!(err, "{}", message.trim_end()).and_then(|()| err.finish());
}

/// Whether to write colour to standard output.
pub(in crate::cli) fn colour(when: Colour) -> bool {
    match when {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => wants_colour(io::stdout().is_terminal()),
    }
}

/// Whether to write colour to standard error.
pub(in crate::cli) fn colour_errors() -> bool {
    wants_colour(io::stderr().is_terminal())
}

/// What the environment says of colour.
struct Wishes {
    /// `NO_COLOR`, <https://no-color.org>.
    refused: bool,
    /// `CLICOLOR_FORCE`, <https://bixense.com/clicolors>: also where nobody looks.
    forced: bool,
    /// `CLICOLOR=0` or a terminal that knows none.
    unwanted: bool,
}

impl Wishes {
    #[allow(clippy::disallowed_methods)] // these variables are read here and nowhere else
    fn read() -> Wishes {
        let is = |name, wanted: fn(&str) -> bool| {
            std::env::var_os(name).is_some_and(|value| wanted(&value.to_string_lossy()))
        };
        Wishes {
            refused: is("NO_COLOR", |value| !value.is_empty()),
            forced: is("CLICOLOR_FORCE", |value| !value.is_empty() && value != "0"),
            unwanted: is("CLICOLOR", |value| value == "0") || is("TERM", |value| value == "dumb"),
        }
    }

    /// Whether to use colour, where nobody said so: a refusal outranks everything.
    fn colour(&self, terminal: bool) -> bool {
        !self.refused && (self.forced || (terminal && !self.unwanted))
    }
}

fn wants_colour(terminal: bool) -> bool {
    Wishes::read().colour(terminal)
}

/// What the place that a report is written to can show.
pub(in crate::cli) fn screen(output: &Output, when: Colour) -> Screen {
    if output.file.is_some() {
        return Screen::PLAIN;
    }
    let terminal = io::stdout().is_terminal();
    let width = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let width = width.filter(|_| terminal);
    Screen {
        width: width.map_or(Screen::PLAIN.width, |width| width.clamp(40, 240)),
        colour: colour(when),
        links: colour(when) && knows_links(terminal),
    }
}

/// The working directory, for relative URIs in SARIF.
#[allow(clippy::disallowed_methods)]
pub(in crate::cli) fn directory() -> Option<String> {
    Some(std::env::current_dir().ok()?.to_str()?.replace('\\', "/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_colour_outranks_force_which_outranks_the_place() {
        let wishes = |refused, forced, unwanted| Wishes {
            refused,
            forced,
            unwanted,
        };
        assert!(wishes(false, false, false).colour(true));
        assert!(!wishes(false, false, false).colour(false));
        assert!(!wishes(false, false, true).colour(true));
        assert!(wishes(false, true, true).colour(false));
        assert!(!wishes(true, true, false).colour(true));
    }
}
