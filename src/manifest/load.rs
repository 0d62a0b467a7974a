//! The bytes of one input to its objects.
//!
//! It decides what is text, cuts it into documents, and hands the text on only after every secret in it was
//! overwritten. It must not know what the objects mean.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::document::{self, Contents, problem_at};
use super::problem::{Broken, MAX_PROBLEMS, Problem, ProblemKind};
use super::{Kind, Object, blank, split, template};
use crate::source::{OriginId, Source, SourceId, Span};

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

/// How many nodes aliases may stand for in one input, besides a quarter of its bytes.
const ALIAS_BUDGET: usize = 100_000;

/// Reads one input. Never fails: what cannot be read is a problem.
pub fn load(id: SourceId, origin: OriginId, uri: String, bytes: Vec<u8>) -> Loaded {
    match text_of(bytes) {
        Ok(text) => {
            let source = Arc::new(Source::new(id, origin, uri, text));
            let contents = read_documents(&source);
            finish(source, contents)
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

fn read_documents(source: &Arc<Source>) -> Contents {
    let mut budget = ALIAS_BUDGET + source.text.len() / 4;
    let mut all = Contents::default();
    for range in split::documents(&source.text) {
        if all.problems.len() > MAX_PROBLEMS {
            all.secrets
                .push(shifted_range(&(range.start..source.text.len()), 0));
            break;
        }
        let text = source.text.get(range.clone()).unwrap_or("");
        if split::is_only_directives(text) {
            let at = shifted(range.start, 0);
            all.problems
                .push(problem_at(source, at, ProblemKind::Directive));
        } else if let Err(broken) = all.take(source, shifted_range(&range, 0), &mut budget) {
            all.take_json_values(source, &range, broken, &mut budget);
        }
    }
    all
}

#[allow(clippy::cast_possible_truncation)] // texts are below 4 GiB
fn shifted(at: usize, by: usize) -> u32 {
    (at + by) as u32
}

fn shifted_range(range: &Range<usize>, by: usize) -> Range<u32> {
    shifted(range.start, by)..shifted(range.end, by)
}

impl Contents {
    /// Reads one document and adds what is in it.
    fn take(
        &mut self,
        source: &Arc<Source>,
        range: Range<u32>,
        budget: &mut usize,
    ) -> Result<(), Broken> {
        let end = range.end;
        let mut other = document::read(source, range, budget)?;
        if let Some(at) = other.after_end {
            other
                .problems
                .push(problem_at(source, at, ProblemKind::AfterEnd));
            other.secrets.push(at..end);
        }
        self.objects.append(&mut other.objects);
        self.counted += other.counted;
        self.lists.append(&mut other.lists);
        self.problems.append(&mut other.problems);
        self.duplicates.append(&mut other.duplicates);
        self.secrets.append(&mut other.secrets);
        Ok(())
    }

    /// Reads JSON values that follow one another; there was a reason why they are not one document.
    fn take_json_values(
        &mut self,
        source: &Arc<Source>,
        range: &Range<usize>,
        why: Broken,
        budget: &mut usize,
    ) {
        let values = split::json_values(source.text.get(range.clone()).unwrap_or(""));
        if values.is_empty() {
            self.refuse(source, shifted_range(range, 0), why);
        }
        for value in values {
            let value = shifted_range(&value, range.start);
            if self.problems.len() > MAX_PROBLEMS {
                self.secrets.push(value.start..shifted(range.end, 0));
                break;
            }
            if let Err(broken) = self.take(source, value.clone(), budget) {
                self.refuse(source, value, broken);
            }
        }
    }

    /// Reports a document that could not be read; nothing of it stays.
    fn refuse(&mut self, source: &Source, range: Range<u32>, broken: Broken) {
        let text = source.text.get(range.start as usize..range.end as usize);
        let at = broken.at.saturating_sub(range.start) as usize;
        let is_template = broken.kind.may_be_template() && template::breaks(text.unwrap_or(""), at);
        let kind = if is_template {
            ProblemKind::UnrenderedTemplate
        } else {
            broken.kind
        };
        self.problems.push(problem_at(source, broken.at, kind));
        self.secrets.push(range);
    }
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
    }
}
