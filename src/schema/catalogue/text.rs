//! The catalogue's text form into a tree of fields.
//!
//! One field a line, indented two blanks under its parent: `name: type word word | 5.2.0 word | 6.0.0/v1 word`.
//! The words after a `|` hold from that release on (and only in that API version, if one is named); a line that
//! begins with `|` continues the one above. The file's head explains types and words.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::lifetime::Lifetime;
use crate::expr::Version;
use crate::hashing::HashMap;
use crate::schema::rule::RuleText;

/// Everything that one or more texts say.
#[derive(Debug, Default)]
pub(super) struct Texts<'t> {
    /// Regular expressions by name.
    pub(super) patterns: BTreeMap<&'t str, &'t str>,
    /// Named types.
    pub(super) types: HashMap<&'t str, Field<'t>>,
    /// CEL rules by name.
    pub(super) rules: BTreeMap<&'t str, RuleText>,
    /// What differs from a type's field as written: (type, field) to edits.
    pub(super) amendments: HashMap<(&'t str, &'t str), Vec<Edit<'t>>>,
    /// Lines that could not be read.
    pub(super) problems: Vec<String>,
}

/// One field, or one named type.
#[derive(Clone, Debug, Default)]
pub(super) struct Field<'t> {
    pub(super) name: &'t str,
    pub(super) kind: Kind<'t>,
    pub(super) edits: Vec<Edit<'t>>,
    pub(super) fields: Vec<Field<'t>>,
    /// Its own lifetime, worked out when it is first asked for: drafts use the same fields.
    pub(super) lifetime: OnceLock<Option<Lifetime>>,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// `object`, `string`, `integer`, `number`, `boolean`, `any`, `quantity` or `int-or-string`.
    Plain(&'t str),
    /// A named type.
    Named(&'t str),
    /// `[...]`.
    List(Box<Kind<'t>>),
    /// `{...}`.
    Map(Box<Kind<'t>>),
}

impl Default for Kind<'_> {
    fn default() -> Self {
        Kind::Plain("any")
    }
}

/// Words that hold from a release on.
#[derive(Clone, Debug)]
pub(super) struct Edit<'t> {
    pub(super) from: Option<Version>,
    pub(super) api: Option<&'t str>,
    pub(super) words: Vec<&'t str>,
}

impl<'t> Texts<'t> {
    /// Adds what a text says.
    pub(super) fn read(&mut self, text: &'t str) {
        // The fields that are still open, by depth; the first is the type.
        let mut open: Vec<Field<'t>> = Vec::new();
        let mut rule: Option<&'t str> = None;
        for line in text.lines() {
            let body = line.trim();
            if body.is_empty() || body.starts_with('#') {
                continue;
            }
            let depth = (line.len() - line.trim_start().len()) / 2;
            if body.starts_with('|') {
                match open.last_mut() {
                    Some(field) => self.edits(body, &mut field.edits),
                    None => self.problems.push(format!("nothing to continue: {body}")),
                }
                continue;
            }
            self.close(&mut open, depth);
            if let (Some(name), true) = (rule, depth > 0) {
                self.rule_line(name, body);
            } else if depth == 0 {
                rule = self.top(body, &mut open);
            } else {
                match self.field(body) {
                    Some(field) if open.len() == depth => open.push(field),
                    _ => self.problems.push(format!("cannot be read: {body}")),
                }
            }
        }
        self.close(&mut open, 0);
    }

    /// Hands fields at `depth` and deeper to their parents.
    fn close(&mut self, open: &mut Vec<Field<'t>>, depth: usize) {
        while open.len() > depth {
            let Some(field) = open.pop() else { return };
            match open.last_mut() {
                Some(parent) => parent.fields.push(field),
                None => {
                    self.types.insert(field.name, field);
                }
            }
        }
    }

    /// A line at the margin; the name of a rule whose lines follow.
    fn top(&mut self, body: &'t str, open: &mut Vec<Field<'t>>) -> Option<&'t str> {
        let (word, rest) = body.split_once(' ').unwrap_or((body, ""));
        let (name, words) = rest.split_once(' ').unwrap_or((rest, ""));
        match word {
            "pattern" => {
                self.patterns.insert(name, words.trim());
            }
            "type" => match self.field(rest) {
                Some(field) => open.push(field),
                None => self.problems.push(format!("cannot be read: {body}")),
            },
            "amend" => match name.split_once('.') {
                Some(place) => {
                    let mut edits = self.amendments.remove(&place).unwrap_or_default();
                    self.edits(words, &mut edits);
                    self.amendments.insert(place, edits);
                }
                None => self.problems.push(format!("cannot be read: {body}")),
            },
            "rule" => {
                self.rules.insert(name, RuleText::default());
                return Some(name);
            }
            _ => self.problems.push(format!("cannot be read: {body}")),
        }
        None
    }

    fn rule_line(&mut self, name: &'t str, body: &'t str) {
        let rule = self.rules.entry(name).or_default();
        match body.split_once(": ") {
            Some(("holds", text)) => rule.rule = text.trim().into(),
            Some(("say", text)) => rule.message = text.trim().into(),
            Some(("at", text)) => rule.field_path = text.trim().into(),
            _ => self.problems.push(format!("cannot be read: {body}")),
        }
    }

    fn field(&mut self, body: &'t str) -> Option<Field<'t>> {
        let (name, rest) = body.split_once(": ")?;
        let (kind, words) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut field = Field {
            name,
            kind: read_kind(kind)?,
            ..Field::default()
        };
        self.edits(words, &mut field.edits);
        Some(field)
    }

    fn edits(&mut self, text: &'t str, edits: &mut Vec<Edit<'t>>) {
        for (at, part) in text.split('|').enumerate() {
            let mut words = part.split_whitespace();
            let mut edit = Edit {
                from: None,
                api: None,
                words: Vec::new(),
            };
            if at > 0 {
                let Some(release) = words.next() else {
                    self.problems.push(format!("a release is missing: {text}"));
                    continue;
                };
                let (from, api) = match release.split_once('/') {
                    Some((from, api)) => (from, Some(api)),
                    None => (release, None),
                };
                edit.from = Version::parse(from);
                edit.api = api;
                if edit.from.is_none() {
                    self.problems.push(format!("not a release: {release}"));
                }
            }
            edit.words = words.collect();
            if !edit.words.is_empty() {
                edits.push(edit);
            }
        }
    }
}

fn read_kind(text: &str) -> Option<Kind<'_>> {
    if let Some(inner) = text.strip_prefix('[') {
        return Some(Kind::List(Box::new(read_kind(inner.strip_suffix(']')?)?)));
    }
    if let Some(inner) = text.strip_prefix('{') {
        return Some(Kind::Map(Box::new(read_kind(inner.strip_suffix('}')?)?)));
    }
    match text {
        "object" | "string" | "integer" | "number" | "boolean" | "any" | "quantity"
        | "int-or-string" => Some(Kind::Plain(text)),
        name if name.starts_with(|c: char| c.is_ascii_uppercase()) => Some(Kind::Named(name)),
        _ => None,
    }
}

/// What the two files say.
pub(super) fn texts() -> &'static Texts<'static> {
    static TEXTS: OnceLock<Texts<'static>> = OnceLock::new();
    TEXTS.get_or_init(|| {
        let mut texts = Texts::default();
        texts.read(include_str!("core.fields"));
        texts.read(include_str!("postgrescluster.fields"));
        texts
    })
}
