//! The one door to standard output, standard error and written files: no text that passes it is a command to whatever shows it.
//!
//! Renderers make what comes from input visible where they know what it is. This is the second line, which does not
//! depend on any of them: it knows only what the text is written for.

use std::io::{self, Write};

use crate::printable::is_hidden;
use crate::render::address;

/// How much text is gathered before it is written, in bytes.
const BUFFER: usize = 64 * 1024;

/// What stands for a character that must not pass.
const INSTEAD: char = '\u{fffd}';

/// What a text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Form {
    /// Lines for people or programs that read lines: none of them begins with `::` or holds `##[`, which logs of build
    /// servers run.
    Lines,
    /// The same with colours.
    Coloured,
    /// Lines that GitHub is to run: the program's own `::error`.
    Commands,
    /// JSON, where a character that must not pass is written as its number and keeps its meaning.
    Json,
}

/// Where on a line the next character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing but blanks so far, then so many colons.
    Start(u8),
    /// Behind so many `#`; from two on, letters may have come between.
    Hashes(u8),
    /// Anywhere else.
    Within,
}

/// A writer that lets nothing pass that its form forbids.
pub(in crate::cli) struct Door<W: Write> {
    to: W,
    form: Form,
    place: Place,
    /// What was not looked at yet.
    held: Vec<u8>,
}

impl<W: Write> Door<W> {
    pub(in crate::cli) fn to(to: W, form: Form) -> Door<W> {
        Door {
            to,
            form,
            place: start_of_line(form),
            held: Vec::new(),
        }
    }

    /// Everything that was held, to the end.
    pub(in crate::cli) fn finish(mut self) -> io::Result<()> {
        self.pass(self.held.len())?;
        self.to.flush()
    }

    /// Looks at the first bytes held, and writes them.
    fn pass(&mut self, end: usize) -> io::Result<()> {
        let rest = self.held.split_off(end);
        let bytes = std::mem::replace(&mut self.held, rest);
        self.pass_text(&bytes)
    }

    /// Looks at a text, and writes it.
    fn pass_text(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Most of what is long has nothing in it that must be looked at.
        if self.place == Place::Within && plain(bytes, self.form) == bytes.len() {
            return self.to.write_all(bytes);
        }
        let mut clean = String::with_capacity(bytes.len() + 16);
        // The program writes nothing else than UTF-8; should it ever, that is made visible like everything else.
        match std::str::from_utf8(bytes) {
            Ok(text) => self.clean(text, &mut clean),
            Err(_) => self.clean(&String::from_utf8_lossy(bytes), &mut clean),
        }
        self.to.write_all(clean.as_bytes())
    }

    fn clean(&mut self, text: &str, out: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            if self.place == Place::Within {
                let (before, from) = rest.split_at(plain(rest.as_bytes(), self.form));
                out.push_str(before);
                rest = from;
            }
            let style = style_at(rest).or_else(|| link_at(rest, address::base()));
            if let (Form::Coloured, Some(length)) = (self.form, style) {
                let (style, from) = rest.split_at(length);
                out.push_str(style);
                rest = from;
                continue;
            }
            let mut characters = rest.chars();
            let Some(character) = characters.next() else {
                return;
            };
            rest = characters.as_str();
            let ends_line = character == '\r' && rest.starts_with('\n');
            self.turn(character, ends_line, out);
        }
    }

    /// One character, as it may pass.
    fn turn(&mut self, character: char, ends_line: bool, out: &mut String) {
        let command = match (self.place, character) {
            (Place::Start(1), ':') => self.form != Form::Commands,
            (Place::Hashes(2..), '[') => true,
            _ => false,
        };
        self.place = self.behind(character);
        if matches!(character, '\n' | '\t') || ends_line || !(command || is_hidden(character)) {
            out.push(character);
        } else if self.form == Form::Json {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else if command {
            out.push(' ');
            out.push(character);
        } else {
            out.push(INSTEAD);
        }
    }

    fn behind(&self, character: char) -> Place {
        match (self.place, character) {
            (_, '\n') => start_of_line(self.form),
            (Place::Start(0), blank) if blank.is_whitespace() => Place::Start(0),
            (Place::Start(0), ':') => Place::Start(1),
            (Place::Hashes(count), '#') => Place::Hashes(count.saturating_add(1)),
            (_, '#') => Place::Hashes(1),
            (Place::Hashes(count @ 2..), letter) if letter.is_ascii_alphabetic() => {
                Place::Hashes(count)
            }
            _ => Place::Within,
        }
    }
}

impl<W: Write> Write for Door<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // What comes gathered, and ends where nothing is begun, need not be held.
        if self.held.is_empty() && bytes.len() >= BUFFER / 2 && bytes.ends_with(b"\n") {
            self.pass_text(bytes)?;
            return Ok(bytes.len());
        }
        self.held.extend_from_slice(bytes);
        if self.held.len() >= BUFFER {
            // At the end of a line nothing is begun: no character, no style.
            let line = self.held.iter().rposition(|byte| *byte == b'\n');
            let end = line.map_or_else(|| whole(&self.held), |at| at + 1);
            self.pass(end)?;
        }
        Ok(bytes.len())
    }

    /// What is held may be the beginning of something: it stays until more comes, or the end.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// The bytes up to the last whole character.
fn whole(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => bytes.len(),
    }
}

/// What stands first on a line matters, but in JSON, whose lines never begin with text from elsewhere.
fn start_of_line(form: Form) -> Place {
    match form {
        Form::Json => Place::Within,
        Form::Lines | Form::Coloured | Form::Commands => Place::Start(0),
    }
}

/// Whether a byte must be looked at, with the character that it is of.
fn is_special(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'#' | 0x7f..)
}

/// How many bytes from here on need no look. Asked in blocks, which a processor compares at once.
fn plain(bytes: &[u8], form: Form) -> usize {
    const BLOCK: usize = 64;
    // Where lines mean nothing their ends need no look either.
    let newline = if form == Form::Json { b'\n' } else { 0xff };
    let stops = |byte: u8| is_special(byte) && byte != newline;
    let mut passed = 0;
    for block in bytes.chunks(BLOCK) {
        if block.iter().fold(false, |any, byte| any | stops(*byte)) {
            let stop = block.iter().position(|byte| stops(*byte));
            return passed + stop.unwrap_or(block.len());
        }
        passed += block.len();
    }
    passed
}

/// The length of a style (`ESC [ numbers m`) at the start of a text: colours, and nothing else that terminals do.
fn style_at(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("\u{1b}[")?;
    let end = numbers.find(|c: char| !c.is_ascii_digit() && c != ';')?;
    numbers.get(end..)?.starts_with('m').then_some(end + 3)
}

/// The length of the begin or the end of a hyperlink (OSC 8) at the start of a text: of one that leads into this program's own
/// documentation, and of no other.
fn link_at(text: &str, base: Option<&str>) -> Option<usize> {
    const END: &str = "\u{1b}\\";
    let target = text.strip_prefix("\u{1b}]8;;")?;
    let end = target.find(END)?;
    let (target, length) = (
        target.get(..end)?,
        text.len() - target.len() + end + END.len(),
    );
    let own = |base: &str| {
        let page = target
            .strip_prefix(base)
            .and_then(|page| page.strip_prefix('/'));
        page.is_some_and(|page| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-.#".contains(c);
            !page.is_empty() && page.chars().all(plain)
        })
    };
    (target.is_empty() || base.is_some_and(own)).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_into_our_own_documentation_pass() {
        let base = Some("https://docs.example.org/p");
        let link = |target: &str| format!("\u{1b}]8;;{target}\u{1b}\\rest");
        for own in ["https://docs.example.org/p/rules.md#a-b", ""] {
            assert_eq!(
                link_at(&link(own), base),
                Some(link(own).len() - 4),
                "{own}"
            );
        }
        for other in [
            "https://docs.example.org/q/rules.md",
            "https://docs.example.org/p/../x?y",
            "https://docs.example.org/pages/rules.md",
            "file:///etc/passwd",
        ] {
            assert_eq!(link_at(&link(other), base), None, "{other}");
            assert_eq!(link_at(&link(other), None), None, "{other}");
        }
        assert_eq!(link_at("\u{1b}]8;;no end", base), None);
    }

    fn through(text: &str, form: Form) -> String {
        let mut out = Vec::new();
        let mut door = Door::to(&mut out, form);
        door.write_all(text.as_bytes()).unwrap();
        door.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn nothing_drives_a_terminal() {
        let hostile = "a\u{1b}[31mb\u{9b}2Jc\rd\u{202e}e\u{61c}f\u{feff}g\u{fffe}\ttab\r\nnext\n";
        let tame =
            "a\u{fffd}[31mb\u{fffd}2Jc\u{fffd}d\u{fffd}e\u{fffd}f\u{fffd}g\u{fffd}\ttab\r\nnext\n";
        assert_eq!(through(hostile, Form::Lines), tame);
        assert_eq!(
            through(
                "\u{1b}[1;31mred\u{1b}[0m\u{1b}]0;x\u{7}\u{1b}[2J",
                Form::Coloured
            ),
            "\u{1b}[1;31mred\u{1b}[0m\u{fffd}]0;x\u{fffd}\u{fffd}[2J"
        );
    }

    #[test]
    fn no_line_is_a_command_of_a_build_server() {
        let hostile = "::stop-commands::x\n \u{a0}\t::error::y\na ::b c::d\n##[error]z ##vso[x] ###[y] #[ok] # #[ok]\n";
        let tame = ": :stop-commands::x\n \u{a0}\t: :error::y\na ::b c::d\n## [error]z ##vso [x] ### [y] #[ok] # #[ok]\n";
        assert_eq!(through(hostile, Form::Lines), tame);
        assert_eq!(
            through("\u{1b}[1m::x", Form::Coloured),
            "\u{1b}[1m: :x",
            "a style is no text"
        );
        assert_eq!(
            through("::error::a ##[b]\n", Form::Commands),
            "::error::a ## [b]\n"
        );
    }

    #[test]
    fn json_keeps_its_meaning() {
        let value = serde_json::json!({"a": "x\u{202e}y\u{7f}\u{e0041}##[e] ##vso[x]\n::z", "b##": ["#", [1]], "größe": "集"});
        for text in [
            value.to_string(),
            serde_json::to_string_pretty(&value).unwrap(),
        ] {
            let written = through(&text, Form::Json);
            assert!(
                !written.contains(['\u{202e}', '\u{7f}'])
                    && !written.contains("##[")
                    && !written.contains("##vso["),
                "{written}"
            );
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(&written).unwrap(),
                value
            );
        }
    }

    #[test]
    fn what_comes_in_pieces_is_seen_whole() {
        let long = format!("{}\u{202e}::x\n  ::y ##[z\n", "ü".repeat(BUFFER));
        for form in [Form::Lines, Form::Json] {
            let mut out = Vec::new();
            let mut door = Door::to(&mut out, form);
            for byte in long.bytes() {
                door.write_all(&[byte]).unwrap();
            }
            door.finish().unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), through(&long, form));
        }
        assert!(through(&long, Form::Lines).ends_with("ü\u{fffd}::x\n  : :y ## [z\n"));
    }
}
