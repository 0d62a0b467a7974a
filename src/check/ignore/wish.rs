//! One comment or annotation that asks to ignore something, as it was read.

use std::sync::Arc;

use crate::check::report::finding::{FindingSubject, SuppressedBy};
use crate::manifest::Object;
use crate::source::{Source, SourceId, Span};

/// How many ignores of one text are read.
pub(super) const MOST: usize = 100_000;

/// How many rules one ignore may name.
const MOST_RULES: usize = 50;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// One comment or annotation.
#[derive(Debug)]
pub(super) struct Ignore {
    pub(super) by: SuppressedBy,
    /// The comment, or the annotation's value.
    pub(super) span: Span,
    /// The object in whose document it stands.
    pub(super) subject: Arc<FindingSubject>,
    pub(super) reach: Reach,
    /// The rules it names, each with its place; empty where it could not be understood.
    pub(super) rules: Vec<(Box<str>, Span)>,
    pub(super) reason: Arc<str>,
    /// `uri:line`.
    pub(super) place: Arc<str>,
}

/// Which findings about the object an ignore covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// All.
    Document,
    /// Those whose primary label starts on this line.
    Line(SourceId, u32),
    /// None: it stands where it can mean nothing.
    Nothing,
}

/// What a comment or an annotation asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wish<'t> {
    /// Byte offset of each rule's name in what was read, and the name.
    pub(super) rules: Vec<(usize, &'t str)>,
    pub(super) reason: &'t str,
}

/// The subject that findings about an object have.
pub(super) fn subject_of(origin: &str, object: &Object) -> Arc<FindingSubject> {
    Arc::new(FindingSubject {
        origin: origin.to_owned(),
        kind: object.kind.info().name.to_owned(),
        namespace: object.namespace.as_deref().unwrap_or("").to_owned(),
        name: object.name.to_string(),
    })
}

/// `uri:line` of a place.
pub(super) fn place_of(source: &Source, span: Span) -> Arc<str> {
    let line = source.position(span.start).line;
    Arc::from(format!("{}:{line}", source.uri))
}

/// A reason as it is kept.
pub(super) fn kept(reason: &str) -> Arc<str> {
    let cut = reason.char_indices().nth(LONGEST_REASON);
    Arc::from(cut.map_or(reason, |(end, _)| reason.get(..end).unwrap_or("")))
}

/// Rules with commas between them, with their offsets; `None` where there are none, or far too many.
pub(super) fn names(list: &str, offset: usize) -> Option<Vec<(usize, &str)>> {
    let mut at = offset;
    let mut rules = Vec::new();
    for part in list.split(',') {
        let name = part.trim();
        let before = part.len() - part.trim_start().len();
        if name.is_empty() || rules.len() == MOST_RULES {
            return None;
        }
        rules.push((at + before, name));
        at += part.len() + 1;
    }
    Some(rules)
}
