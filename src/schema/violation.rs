//! One thing wrong with a manifest, and where.

use std::borrow::Cow;

use crate::manifest::Node;
use crate::source::Span;

/// One breach of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// `schema-unknown-field`, `schema-wrong-type`, `schema-missing-field`, `schema-value`, `schema-duplicate`,
    /// `schema-cel`, `schema-version`, `schema-metadata` or `schema-too-much`.
    pub rule: &'static str,
    /// JSON pointer to the value; for a missing field, to where it belongs.
    pub path: String,
    /// What to point at: the key of an unknown field, the value of a wrong one, and for a missing field the
    /// key of its nearest ancestor that exists.
    pub span: Span,
    /// What is wrong, in one or two sentences.
    pub message: String,
    /// What to do about it, where that is clear.
    pub fix: Option<String>,
    /// What to write instead of the text at `span`, where that is certain.
    pub replacement: Option<String>,
    /// Other places that explain it.
    pub related: Vec<(Span, String)>,
}

impl Violation {
    pub(super) fn new(rule: &'static str, path: String, span: Span, message: String) -> Self {
        Self {
            rule,
            path,
            span,
            message,
            fix: None,
            replacement: None,
            related: Vec::new(),
        }
    }

    /// How many bytes of text it holds.
    pub(super) fn text(&self) -> usize {
        let related: usize = self.related.iter().map(|(_, text)| text.len()).sum();
        let fix = self.fix.as_ref().map_or(0, String::len);
        self.path.len() + self.message.len() + fix + related
    }

    /// Says to write something else in its place.
    pub(super) fn replace(&mut self, text: String) {
        self.fix = Some(format!("write `{text}`"));
        self.replacement = Some(text);
    }
}

/// One step down a manifest.
#[derive(Clone, Debug)]
pub(super) enum Step<'n> {
    /// Into a field; its name and where the name is written.
    Key(Cow<'n, str>, Span),
    /// Into an item of a list.
    Index(usize),
}

/// Where a walk is.
#[derive(Clone, Debug, Default)]
pub(super) struct Path<'n>(pub(super) Vec<Step<'n>>);

impl Path<'_> {
    /// As a JSON pointer.
    pub(super) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for step in &self.0 {
            pointer.push('/');
            match step {
                Step::Key(name, _) => pointer.push_str(&escape(name)),
                Step::Index(at) => pointer.push_str(&at.to_string()),
            }
        }
        pointer
    }

    /// As people write it: `spec.instances[0].name`; empty for the whole object.
    pub(super) fn dotted(&self) -> String {
        let mut dotted = String::new();
        for step in &self.0 {
            match step {
                Step::Key(name, _) if plain(name) => {
                    if !dotted.is_empty() {
                        dotted.push('.');
                    }
                    dotted.push_str(name);
                }
                Step::Key(name, _) => {
                    dotted.push_str("[\"");
                    dotted.push_str(name);
                    dotted.push_str("\"]");
                }
                Step::Index(at) => {
                    dotted.push('[');
                    dotted.push_str(&at.to_string());
                    dotted.push(']');
                }
            }
        }
        dotted
    }

    /// What to point at for a value here: a scalar itself, the key of anything larger.
    pub(super) fn label(&self, node: Node<'_>) -> Span {
        match self.0.last() {
            Some(Step::Key(_, span)) if node.scalar().is_none() => *span,
            _ if node.scalar().is_some() => node.span(),
            _ => first_key(node),
        }
    }

    /// The innermost key on the way here.
    pub(super) fn key(&self) -> Option<Span> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Key(_, span) => Some(*span),
            Step::Index(_) => None,
        })
    }
}

fn plain(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'$'))
}

/// One step of a JSON pointer.
pub(super) fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) {
        name.replace('~', "~0").replace('/', "~1").into()
    } else {
        name.into()
    }
}

/// Where a mapping begins; all of anything else.
pub(super) fn first_key(node: Node<'_>) -> Span {
    node.entries()
        .next()
        .map_or_else(|| node.span(), |(key, _)| key.span())
}

/// A text cut to a length that a sentence can carry.
pub(super) fn cropped(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
        None => text.to_owned(),
    }
}
