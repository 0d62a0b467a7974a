//! The bytes of one input to its objects.
//!
//! It decides what is text, cuts it into documents, and hands the text on only after every secret in it was
//! overwritten. It must not know what the objects mean.

use std::sync::Arc;

use super::contents::{Contents, DuplicateKey, ListSeen, Stray};
use super::document::stream::{Readers, Stream};
use super::problem::{MAX_PROBLEMS, Problem, ProblemKind, problem_at};
use super::redact::blank;
use super::{Object, ServerSaid};
use crate::source::{OriginId, Source, SourceId};

/// What one input holds.
#[derive(Debug)]
pub struct Loaded {
    /// Its text, secrets overwritten; without a byte-order mark. What is not part of a kept object may be
    /// overwritten as well, what could not be read always is. Lines and columns are those of the input.
    pub source: Arc<Source>,
    /// Objects of kinds we keep, in the order of the text.
    pub objects: Vec<Object>,
    /// How many Kubernetes objects it holds, those of other kinds included.
    pub counted: usize,
    /// The Lists in it, nested ones before those around them.
    pub lists: Vec<ListSeen>,
    /// What could not be read, in the order of the text.
    pub problems: Vec<Problem>,
    /// Keys written more than once in kept objects, in the order of the text.
    pub duplicates: Vec<DuplicateKey>,
    /// Objects that are not what they seem, in the order of the text.
    pub strays: Vec<Stray>,
    /// What it says of the API server.
    pub server: Vec<ServerSaid>,
    /// How many of its documents the fast reader read; it makes no other difference.
    pub fast: usize,
}

/// Reads one input. Never fails: what cannot be read is a problem.
pub fn load(id: SourceId, origin: OriginId, uri: String, bytes: Vec<u8>) -> Loaded {
    load_by(Readers::Both, id, origin, uri, bytes)
}

/// As [`load`], but without the fast reader: the measure of what that has to say.
pub fn load_generally(id: SourceId, origin: OriginId, uri: String, bytes: Vec<u8>) -> Loaded {
    load_by(Readers::General, id, origin, uri, bytes)
}

fn load_by(
    readers: Readers,
    id: SourceId,
    origin: OriginId,
    uri: String,
    bytes: Vec<u8>,
) -> Loaded {
    match text_of(bytes) {
        Ok(text) => {
            let source = Arc::new(Source::new(id, origin, uri, text));
            let (contents, fast) = Stream::over(&source, readers).read();
            Loaded {
                fast,
                ..finish(source, contents)
            }
        }
        Err((kind, at, text)) => unreadable(Source::new(id, origin, uri, text), kind, at),
    }
}

/// An input of which nothing could be read.
fn unreadable(source: Source, kind: ProblemKind, at: u32) -> Loaded {
    let problem = problem_at(&source, at, kind);
    Loaded {
        source: Arc::new(source),
        objects: Vec::new(),
        counted: 0,
        lists: Vec::new(),
        problems: vec![problem],
        duplicates: Vec::new(),
        strays: Vec::new(),
        server: Vec::new(),
        fast: 0,
    }
}

/// The text without byte-order mark; otherwise what is wrong with it, where, and its lines without their content.
fn text_of(mut bytes: Vec<u8>) -> Result<String, (ProblemKind, u32, String)> {
    if u32::try_from(bytes.len()).is_err() {
        return Err((ProblemKind::TooLarge, 0, String::new()));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err((ProblemKind::Utf16, 0, blank::all(bytes)));
    }
    if bytes.starts_with("\u{feff}".as_bytes()) {
        bytes.drain(..3);
    }
    #[allow(clippy::cast_possible_truncation)] // below 4 GiB by the check above
    if let Some(at) = memchr::memchr(0, &bytes) {
        return Err((ProblemKind::Binary, at as u32, blank::all(bytes)));
    }
    String::from_utf8(bytes).map_err(|error| {
        #[allow(clippy::cast_possible_truncation)]
        let at = error.utf8_error().valid_up_to() as u32;
        (ProblemKind::NotUtf8, at, blank::all(error.into_bytes()))
    })
}

/// Overwrites what must not stay, in the text and in the decoded values, and puts the trees over the new text.
fn finish(raw: Arc<Source>, contents: Contents) -> Loaded {
    let secrets = blank::Ranges::of(contents.secrets);
    let mut objects = contents.objects;
    objects.sort_by_key(|object| object.root().span());
    // No tree may hold on to the text, so that it can change in place.
    let nothing = Arc::new(Source::new(
        raw.id,
        raw.origin,
        String::new(),
        String::new(),
    ));
    for object in &mut objects {
        blank::values(&mut object.tree, &secrets);
        object.tree.source = Arc::clone(&nothing);
    }
    let raw = Arc::try_unwrap(raw)
        .unwrap_or_else(|raw| Source::new(raw.id, raw.origin, raw.uri.clone(), raw.text.clone()));
    let text = blank::text(raw.text, &secrets);
    let source = Arc::new(Source::new(raw.id, raw.origin, raw.uri, text));
    for object in &mut objects {
        object.tree.source = Arc::clone(&source);
    }
    let mut problems = contents.problems;
    problems.sort_by_key(|problem| problem.span);
    if let Some(last) = problems.get_mut(MAX_PROBLEMS) {
        last.kind = ProblemKind::TooManyProblems;
    }
    problems.truncate(MAX_PROBLEMS + 1);
    Loaded {
        source,
        objects,
        counted: contents.counted,
        lists: contents.lists,
        problems,
        duplicates: contents.duplicates,
        strays: contents.strays,
        server: contents.server,
        fast: 0,
    }
}
