//! What is found in one document: objects, and what is to be told of them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::problem::Problem;
use super::{Kind, Node, Object, ProblemKind, Scalar, ServerSaid};
use crate::source::Span;

/// What was found in a document.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) objects: Vec<Object>,
    pub(super) counted: usize,
    pub(super) lists: Vec<ListSeen>,
    pub(super) problems: Vec<Problem>,
    pub(super) duplicates: Vec<DuplicateKey>,
    pub(super) strays: Vec<Stray>,
    pub(super) server: Vec<ServerSaid>,
    /// What must not stay in the text.
    pub(super) secrets: Vec<Range<u32>>,
    /// Where something follows `...`.
    pub(super) after_end: Option<u32>,
}

impl Contents {
    /// Adds what follows in the text.
    pub(super) fn append(&mut self, mut other: Contents) {
        self.objects.append(&mut other.objects);
        self.counted += other.counted;
        self.lists.append(&mut other.lists);
        self.problems.append(&mut other.problems);
        self.duplicates.append(&mut other.duplicates);
        self.strays.append(&mut other.strays);
        self.server.append(&mut other.server);
        self.secrets.append(&mut other.secrets);
    }
}

/// A kubectl `kind: List`, or a typed list such as `PgclusterList`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListSeen {
    /// All of it.
    pub span: Span,
    /// `kind` as written.
    pub kind: Box<str>,
    /// What a typed list holds, even when it is empty; nothing for `List` and kinds we do not keep.
    pub of: Option<Kind>,
    /// How many elements it has, of any kind.
    pub items: usize,
    /// Kind and namespace of its elements of kinds we keep. The namespace is `None` for cluster-scoped kinds and
    /// where it is not written. Elements of nested Lists belong to those.
    pub holds: BTreeSet<(Kind, Option<Box<str>>)>,
    /// The labels, with values, that all those elements carry, as what a selector left; none of a List of one.
    pub common: BTreeSet<(Box<str>, Box<str>)>,
    /// Whether there are more: it says `continue` or `remainingItemCount`, or an element is no object.
    pub partial: bool,
}

/// A key that a mapping of an object holds again. The last one counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DuplicateKey {
    /// The object's kind.
    pub kind: Kind,
    /// Its namespace, as in [`Object::namespace`].
    pub namespace: Option<Box<str>>,
    /// Its name.
    pub name: Box<str>,
    /// The key.
    pub key: Box<str>,
    /// Where it stands again.
    pub again: Span,
    /// Where it stood before.
    pub earlier: Span,
}

/// An object that is not what it seems, or not all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stray {
    /// The kind it is, or is meant to be.
    pub kind: Kind,
    /// Its namespace as written; empty where none is.
    pub namespace: Box<str>,
    /// Its name as written; empty where none is.
    pub name: Box<str>,
    /// Where that shows.
    pub span: Span,
    /// What is wrong with it.
    pub problem: ProblemKind,
    /// Of a JSON patch: what it changes.
    pub changes: Vec<Change>,
}

/// What an operation of a JSON patch changes. Its value may be a credential, and is never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The JSON pointer.
    pub pointer: Box<str>,
    /// Where it is written.
    pub span: Span,
    /// Of what shape the value is; nothing for one that comes from elsewhere, or is none.
    pub shape: Option<Shape>,
}

/// The shape of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A mapping.
    Mapping,
    /// A list.
    List,
    /// A string.
    Text,
    /// A whole number.
    Whole,
    /// Another number.
    Number,
    /// A boolean.
    Truth,
}

impl Shape {
    /// The shape of a value; nothing for one that is none.
    pub(in crate::manifest) fn of(node: Node<'_>) -> Option<Shape> {
        if node.is_map() {
            return Some(Shape::Mapping);
        }
        if node.is_seq() {
            return Some(Shape::List);
        }
        Some(match node.scalar()? {
            Scalar::Null => return None,
            Scalar::Bool(_) => Shape::Truth,
            Scalar::Int(_) => Shape::Whole,
            Scalar::Float(_) => Shape::Number,
            Scalar::Str(_) => Shape::Text,
        })
    }

    /// It in words: "a string".
    pub fn in_words(self) -> &'static str {
        match self {
            Shape::Mapping => "a mapping",
            Shape::List => "a list",
            Shape::Text => "a string",
            Shape::Whole => "a whole number",
            Shape::Number => "a number",
            Shape::Truth => "a boolean",
        }
    }
}
