//! JSON over several lines, two spaces for each level: the text of `serde_json`'s own pretty printer, byte for byte, with a
//! line's break and indentation written at once.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::chunks::Chunks;

/// A comma, a line break, and the spaces of [`DEEPEST`] levels.
const BREAK: &[u8] = b",\n                                                                ";

/// The deepest level that is written at once.
const DEEPEST: usize = (BREAK.len() - 2) / 2;

/// Writes a value, and a line break behind it.
pub(super) fn write(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut out = Chunks::to(out);
    value.serialize(&mut Serializer::with_formatter(
        &mut out,
        Indented::default(),
    ))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Where the writer is.
#[derive(Default)]
pub(super) struct Indented {
    level: usize,
    /// Whether the innermost list or object holds something.
    filled: bool,
}

impl Indented {
    /// A new line, after a comma unless it is the first.
    fn line<W: ?Sized + Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        let from = usize::from(first);
        let spaces = self.level.min(DEEPEST) * 2;
        out.write_all(BREAK.get(from..2 + spaces).unwrap_or_default())?;
        for _ in DEEPEST..self.level {
            out.write_all(b"  ")?;
        }
        Ok(())
    }

    fn open<W: ?Sized + Write>(&mut self, out: &mut W, bracket: u8) -> io::Result<()> {
        self.level += 1;
        self.filled = false;
        out.write_all(&[bracket])
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, bracket: u8) -> io::Result<()> {
        self.level -= 1;
        if self.filled {
            self.line(out, true)?;
        }
        out.write_all(&[bracket])
    }
}

impl Formatter for Indented {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b'[')
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b']')
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.line(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b'{')
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b'}')
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.line(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn written(value: &Value) -> String {
        let mut text = Vec::new();
        write(&mut text, value).unwrap();
        String::from_utf8(text).unwrap()
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((".*", inner), 0..5)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_text_is_that_of_serde_json(value in values()) {
            let theirs = serde_json::to_string_pretty(&value).unwrap() + "\n";
            prop_assert_eq!(written(&value), theirs);
        }
    }

    #[test]
    fn levels_below_the_deepest_are_indented_too() {
        let nested = |deep: usize| (0..deep).fold(Value::from(1), |value, _| Value::from([value]));
        for deep in [DEEPEST - 1, DEEPEST, DEEPEST + 1, DEEPEST + 40] {
            let value = nested(deep);
            let theirs = serde_json::to_string_pretty(&value).unwrap() + "\n";
            assert_eq!(written(&value), theirs);
        }
    }
}
