//! One scalar as written: what it means, which bytes are its own, and whether its value is those bytes.

use std::borrow::Cow;
use std::ops::Range;

use super::{base64, scalar};
use crate::manifest::problem::ProblemKind;
use crate::manifest::{RawKind, Scalar};

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum Style {
    Plain,
    /// Single or double.
    Quoted,
    /// Literal or folded.
    Block,
}

/// What an explicit tag asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::manifest) enum TagName {
    Binary,
    Int,
    Float,
    Bool,
    Null,
    /// `!!str`, and tags that kubectl does not know: a string.
    Other,
}

/// A scalar as a parser gives it.
#[derive(Clone, Debug)]
pub(in crate::manifest) struct Token<'v> {
    /// After unescaping and folding.
    pub(in crate::manifest) value: &'v str,
    pub(in crate::manifest) style: Style,
    pub(in crate::manifest) tag: Option<TagName>,
    /// Its bytes, quotes included; of a block scalar only the content; empty where the value is missing.
    pub(in crate::manifest) at: Range<usize>,
}

/// What a token is and says, if kubectl reads it at all.
#[derive(Debug)]
pub(in crate::manifest) struct Meaning<'v> {
    pub(in crate::manifest) kind: RawKind,
    pub(in crate::manifest) value: Cow<'v, str>,
}

/// Next line, line separator, paragraph separator: line breaks in YAML 1.1 but not in 1.2.
const ODD_LINE_BREAKS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

impl<'v> Token<'v> {
    /// What style and tag make of the value.
    pub(in crate::manifest) fn meaning(&self, is_key: bool) -> Result<Meaning<'v>, ProblemKind> {
        // Parsers have a text of their own for a missing value.
        let value = if self.style == Style::Plain && self.at.is_empty() {
            ""
        } else {
            self.value
        };
        let of = |kind| {
            Ok(Meaning {
                kind,
                value: Cow::Borrowed(value),
            })
        };
        let odd = !value.is_ascii() && value.contains(ODD_LINE_BREAKS);
        if odd && self.style != Style::Quoted {
            return Err(ProblemKind::OddLineBreak);
        }
        let Some(tag) = self.tag else {
            if self.style != Style::Plain {
                return of(RawKind::Text);
            }
            return check_plain(value, is_key).and_then(|()| of(RawKind::Plain));
        };
        let resolved = scalar::resolve(value);
        let fits = match tag {
            TagName::Other => return of(RawKind::Text),
            TagName::Binary => {
                let value = base64::decode(value).ok_or(ProblemKind::WrongTag)?;
                return Ok(Meaning {
                    kind: RawKind::Text,
                    value: Cow::Owned(value),
                });
            }
            TagName::Int => matches!(resolved, Scalar::Int(_)),
            TagName::Float => matches!(resolved, Scalar::Int(_) | Scalar::Float(_)),
            TagName::Bool => matches!(resolved, Scalar::Bool(_)),
            TagName::Null => resolved == Scalar::Null,
        };
        if !fits {
            return Err(ProblemKind::WrongTag);
        }
        check_plain(value, is_key).and_then(|()| of(RawKind::Plain))
    }

    /// Its bytes in a text. A block scalar reaches from its header, somewhere after `from`, to the end of its last
    /// line that is not blank.
    pub(in crate::manifest) fn range(&self, text: &str, from: usize) -> Range<usize> {
        if self.style != Style::Block {
            return self.at.clone();
        }
        let start = block_header(text, from, self.at.start);
        let rest = text.get(start..self.at.end.max(start)).unwrap_or("");
        let is_header = |c: char| matches!(c, '|' | '>' | '+' | '-' | '0'..='9');
        let header = rest.len() - rest.trim_start_matches(is_header).len();
        if self.value.bytes().all(|byte| byte == b'\n') {
            return start..start + header;
        }
        // Spaces at the end of the last line that is not blank are its own.
        let trimmed = rest.trim_ascii_end().len();
        let last_line = rest.get(trimmed..).and_then(|rest| rest.lines().next());
        start..start + header.max(trimmed + last_line.map_or(0, str::len))
    }

    /// Whether the value is what these bytes of it say, without quotes.
    pub(in crate::manifest) fn says(&self, meaning: &Meaning<'_>, written: &str) -> bool {
        match self.style {
            Style::Plain => *written == *meaning.value,
            Style::Quoted => {
                let end = written.len().checked_sub(1);
                let inside = end.and_then(|end| written.get(1..end));
                meaning.kind == RawKind::Text && inside == Some(&*meaning.value)
            }
            Style::Block => false,
        }
    }
}

/// Whether kubectl accepts a plain scalar: no null as a key, and no number that JSON lacks.
#[inline]
pub(in crate::manifest) fn check_plain(value: &str, is_key: bool) -> Result<(), ProblemKind> {
    match value.as_bytes().first() {
        None | Some(b'~' | b'n' | b'N') if is_key && scalar::resolve(value) == Scalar::Null => {
            Err(ProblemKind::NullKey)
        }
        Some(b'+' | b'-' | b'.') => {
            let unsigned = value.trim_start_matches(['+', '-']);
            if unsigned.starts_with('.') && scalar::is_not_json(value) {
                return Err(ProblemKind::NotJson);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Between the token before and a block scalar's header stand only indicators, properties and comments.
fn block_header(text: &str, from: usize, content: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < content {
        let rest = bytes.get(at..).unwrap_or(&[]);
        at += match rest.first() {
            None | Some(b'|' | b'>') => return at,
            Some(b'#') => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'!' | b'&') => {
                let end = rest.iter().position(u8::is_ascii_whitespace);
                end.unwrap_or(rest.len())
            }
            Some(_) => 1,
        }
    }
    content
}
