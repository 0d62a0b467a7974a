//! JSON as `serde_json` writes it, byte for byte, on one line or over several: with less work for each text, of which a report has
//! very many, most of them short and with nothing in them that must be escaped.

mod data;
mod escape;
#[cfg(test)]
mod tests;

use std::fmt;
use std::io::{self, Write};

use serde::Serialize;
use serde::ser::Error;

use super::chunks::Chunks;
use escape::{escape, plain};

/// A comma, a line break, and the spaces of [`DEEPEST`] levels.
const BREAK: &[u8] = b",\n                                                                ";

/// The deepest level that is written at once.
const DEEPEST: usize = (BREAK.len() - 2) / 2;

/// Writes a value on one line.
pub(super) fn on_one_line(
    out: &mut Chunks<'_>,
    value: &(impl Serialize + ?Sized),
) -> io::Result<()> {
    value.serialize(&mut Json { out, level: None })?;
    Ok(())
}

/// Writes a value over several lines, two spaces for each level, and a line break behind it.
pub(super) fn over_lines(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut out = Chunks::to(out);
    let level = Some(0);
    value.serialize(&mut Json {
        out: &mut out,
        level,
    })?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A text on its way out.
struct Json<'o, 'w> {
    out: &'o mut Chunks<'w>,
    /// How deep it is, where each item and entry has a line of its own.
    level: Option<usize>,
}

/// What is written of a list or an object.
struct Items<'j, 'o, 'w> {
    json: &'j mut Json<'o, 'w>,
    first: bool,
    end: u8,
    /// Whether it is the one entry of an object, under the name of an enum's variant.
    named: bool,
}

/// Why a value cannot be written.
#[derive(Debug)]
struct Failed(io::Error);

impl fmt::Display for Failed {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(to)
    }
}

impl std::error::Error for Failed {}

impl Error for Failed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Failed(io::Error::other(message.to_string()))
    }
}

impl From<Failed> for io::Error {
    fn from(failed: Failed) -> Self {
        failed.0
    }
}

type Wrote = Result<(), Failed>;

impl<'o, 'w> Json<'o, 'w> {
    #[inline]
    fn put(&mut self, text: &[u8]) {
        self.out.gathered().extend_from_slice(text);
    }

    #[inline]
    fn text(&mut self, text: &str) {
        let out = self.out.gathered();
        out.push(b'"');
        let mut rest = text.as_bytes();
        loop {
            let (plain, from) = rest.split_at(plain(rest));
            out.extend_from_slice(plain);
            let Some((byte, after)) = from.split_first() else {
                break;
            };
            escape(out, *byte);
            rest = after;
        }
        out.push(b'"');
    }

    fn number(&mut self, mut number: u64) {
        // As many digits as the largest has.
        let mut digits = [b'0'; 20];
        let mut length = 0;
        for digit in digits.iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            (number, length) = (number / 10, length + 1);
            if number == 0 {
                break;
            }
        }
        let (_, digits) = digits.split_at(digits.len() - length);
        self.put(digits);
    }

    /// A list or an object.
    fn open<'j>(&'j mut self, begin: u8, end: u8) -> Items<'j, 'o, 'w> {
        self.out.gathered().push(begin);
        self.level = self.level.map(|level| level + 1);
        Items {
            json: self,
            first: true,
            end,
            named: false,
        }
    }

    /// The same under the name of an enum's variant.
    fn open_named<'j>(
        &'j mut self,
        variant: &'static str,
        begin: u8,
        end: u8,
    ) -> Items<'j, 'o, 'w> {
        self.open(b'{', b'}').key(variant);
        Items {
            named: true,
            ..self.open(begin, end)
        }
    }

    fn close(&mut self, is_empty: bool, end: u8) {
        self.level = self.level.map(|level| level - 1);
        if !is_empty {
            self.line(true);
        }
        self.out.gathered().push(end);
    }

    /// A new item or entry, after a comma unless it is the first.
    #[inline]
    fn line(&mut self, first: bool) {
        let Some(level) = self.level else { return };
        let from = usize::from(first);
        let spaces = level.min(DEEPEST) * 2;
        self.put(BREAK.get(from..2 + spaces).unwrap_or_default());
        for _ in DEEPEST..level {
            self.put(b"  ");
        }
    }
}

impl Items<'_, '_, '_> {
    #[inline]
    fn next(&mut self) {
        if self.json.level.is_some() {
            self.json.line(self.first);
        } else if !self.first {
            self.json.out.gathered().push(b',');
        }
        self.first = false;
    }

    /// A name of Rust's as a key: nothing in it is escaped.
    #[inline]
    fn key(&mut self, key: &'static str) {
        self.next();
        let out = self.json.out.gathered();
        out.reserve(key.len() + 4);
        out.push(b'"');
        out.extend_from_slice(key.as_bytes());
        out.push(b'"');
        self.colon();
    }

    #[inline]
    fn colon(&mut self) {
        match self.json.level {
            Some(_) => self.json.put(b": "),
            None => self.json.out.gathered().push(b':'),
        }
    }

    fn close(self) -> Wrote {
        self.json.close(self.first, self.end);
        if self.named {
            self.json.close(false, b'}');
        }
        self.json.out.pass_on_if_full().map_err(Failed)
    }
}
