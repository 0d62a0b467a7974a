//! The text of a rule's or a step's file to its keys, with every mistake at its place.

use std::fmt;

use serde::de::DeserializeOwned;

use super::place::{self, Place};
use super::resolve::{Faults, Part};
use crate::expr::nearest;
use crate::printable::one_line;

/// Larger than any rule a person writes, in bytes.
const MAX_FILE: usize = 64 * 1024;
/// Deeper than any rule nests, even with unpaired brackets in its texts.
const MAX_NESTING: usize = 200;

/// So many keys of its own make a file one of its kind.
const ENOUGH: usize = 2;

/// A kind of file.
pub(super) struct Form {
    /// Its keys, for "did you mean".
    pub(super) keys: &'static [&'static str],
    /// Keys by which such a file is known.
    pub(super) own: &'static [&'static str],
    /// What is said of any other file.
    pub(super) refusal: &'static str,
}

/// A mistake in a rule file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RuleProblem {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1, where it is sure.
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for RuleProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

impl std::error::Error for RuleProblem {}

/// The keys of a file.
pub(super) fn read<T: DeserializeOwned>(
    file: &str,
    text: &str,
    form: &Form,
) -> Result<T, Vec<RuleProblem>> {
    let problem = |place: Place, message: String| {
        vec![RuleProblem {
            file: file.to_owned(),
            line: place.line,
            column: place.column,
            message,
        }]
    };
    if text.len() > MAX_FILE {
        let message = format!("the file is larger than {MAX_FILE} bytes, no rule is");
        return Err(problem(Place::line(1), message));
    }
    if nests_too_deep(text) {
        let message = "brackets nest too deep for a rule".to_owned();
        return Err(problem(Place::line(1), message));
    }
    if !form.is_meant(text) {
        return Err(problem(Place::line(1), form.refusal.to_owned()));
    }
    yaml_serde::from_str(text).map_err(|error| {
        let at = error.location();
        let place = at.map_or(Place::line(1), |at| Place {
            line: at.line(),
            column: Some(at.column()),
        });
        problem(place, explained(&error.to_string(), form))
    })
}

/// The documents of a YAML text as data, empty ones aside.
pub fn documents(text: &str) -> Result<Vec<serde_json::Value>, String> {
    let texts = text.split("\n---").map(str::trim);
    let texts = texts.filter(|text| !text.is_empty());
    let read =
        |text| yaml_serde::from_str(text).map_err(|error| format!("this is no YAML: {error}"));
    texts.map(read).collect()
}

/// What was made of a file, or its faults at their places.
pub(super) fn unless_faulty<T>(
    made: Option<T>,
    file: &str,
    text: &str,
    faults: Faults,
) -> Result<T, Vec<RuleProblem>> {
    match made {
        Some(made) if faults.0.is_empty() => Ok(made),
        _ => Err(faults
            .0
            .into_iter()
            .map(|fault| {
                let place = place_of(text, fault.part);
                RuleProblem {
                    file: file.to_owned(),
                    line: place.line,
                    column: place.column,
                    message: fault.message,
                }
            })
            .collect()),
    }
}

impl Form {
    /// Whether a text has keys of this form, each where such a file has it. Of any other file nothing is to be quoted, so its
    /// mistakes are not looked for.
    fn is_meant(&self, text: &str) -> bool {
        let in_braces = text.trim_start().starts_with('{');
        let has = |key: &str| {
            let starts = |line: &str| {
                let line = if in_braces {
                    line.trim_start_matches([' ', '\t', '{', ','])
                } else {
                    line
                };
                let rest = line.trim_start_matches(['"', '\'']).strip_prefix(key);
                let rest = rest.map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
                rest.is_some_and(|rest| rest.starts_with(':'))
            };
            text.lines().any(starts)
        };
        self.own.iter().filter(|key| has(key)).count() >= ENOUGH
    }
}

/// Whether brackets are opened far more often than closed: the YAML reader takes quadratic time on that.
fn nests_too_deep(text: &str) -> bool {
    let mut depth = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > MAX_NESTING
    })
}

fn place_of(text: &str, part: Part) -> Place {
    match part {
        Part::Key(key) => place::key(text, key),
        Part::Within(key, offset) => place::within(text, key, offset),
        Part::Example(index) => place::example(text, index),
    }
}

/// A YAML reader's message, with "did you mean" for a misspelt key and without its own position.
fn explained(message: &str, form: &Form) -> String {
    // What it quotes may have lines of its own.
    let plain = one_line(message.split(" at line ").next().unwrap_or(message));
    let key = plain
        .split_once("unknown field `")
        .and_then(|(_, rest)| rest.split_once('`'));
    let Some((key, _)) = key else {
        return plain;
    };
    match nearest(key, form.keys.iter().copied()) {
        Some(near) => format!("there is no key `{key}`; did you mean `{near}`?"),
        None => plain,
    }
}
