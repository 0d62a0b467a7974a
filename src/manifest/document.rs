//! One document's text to the objects in it, by the fast reader where it can and by the general one elsewhere.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::fast::{self, Outside};
use super::grow::Stop;
use super::keep::Document;
use super::load::{DuplicateKey, ListSeen, Stray};
use super::problem::{Broken, Problem, ProblemKind};
use super::{Object, ServerSaid, Tree, redact, yaml};
use crate::source::{Source, Span};

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

/// How many items of a List one thread reads at a time.
const AT_ONCE: usize = 64;

/// Reads one document that is written as kubectl writes. It never says what is wrong with another.
pub(super) fn read_fast(source: &Arc<Source>, range: Range<u32>) -> Result<Contents, Outside> {
    let mut document = Document::over(source, range.clone(), true);
    let mut outline = fast::outline(source, range)?;
    let sniff = outline.items.first().and_then(fast::Sniff::like);
    let parts: Vec<(Document<'_>, u32)> = outline
        .items
        .par_chunks(AT_ONCE)
        .map(|items| {
            let mut part = document.part();
            let mut tree = Tree::over(Arc::clone(source));
            let mut end = 0;
            for item in items {
                let dropped = sniff
                    .as_ref()
                    .and_then(|sniff| fast::skim(&mut tree, item, sniff));
                if let Some(dropped) = dropped {
                    end = dropped.end;
                    part.pass_item(dropped);
                    continue;
                }
                fast::item(&mut tree, item)?;
                end = tree.root().span().end;
                part.take_item(&tree);
                tree.clear();
            }
            Ok((part, end))
        })
        .collect::<Result<_, Outside>>()?;
    for (part, end) in parts {
        document.join(part);
        outline.reaches(end);
    }
    match document.take_envelope(outline.tree.root()) {
        Ok(false) => Ok(document.contents),
        // Something is wrong with it, or it is no List.
        Ok(true) | Err(_) => Err(Outside),
    }
}

/// Reads a document as one tree, whatever it is; nothing where there is none. `budget` as in [`read`].
pub(super) fn read_tree(
    source: &Arc<Source>,
    range: Range<u32>,
    budget: &mut usize,
) -> Result<Option<Tree>, Stop> {
    match fast::whole(source, range.clone()) {
        Ok(tree) => Ok(Some(tree)),
        Err(Outside) => yaml::read(source, range, budget, None).map(|reading| reading.tree),
    }
}

/// Reads one document; `budget` is how many more nodes aliases may stand for.
pub(super) fn read(
    source: &Arc<Source>,
    range: Range<u32>,
    budget: &mut usize,
) -> Result<Contents, Broken> {
    let mut document = Document::over(source, range.clone(), true);
    let mut take = |item: &Tree| document.take_item(item);
    match yaml::read(source, range.clone(), budget, Some(&mut take)) {
        Ok(reading) => {
            document.contents.after_end = reading.after_end;
            let again = match &reading.tree {
                None => false,
                Some(tree) => document.take_envelope(tree.root())?,
            };
            if !again {
                return Ok(document.contents);
            }
        }
        Err(Stop::Broken(broken)) => return Err(broken),
        Err(Stop::Joined) => {}
    }
    read_whole(source, range, budget)
}

/// Reads a document whose parts may share values: those may be needed where they stand, in what is kept or in
/// what is dropped, so only what is secret is overwritten.
fn read_whole(
    source: &Arc<Source>,
    range: Range<u32>,
    budget: &mut usize,
) -> Result<Contents, Broken> {
    let mut document = Document::over(source, range.clone(), false);
    let reading = match yaml::read(source, range.clone(), budget, None) {
        Ok(reading) => reading,
        Err(Stop::Broken(broken)) => return Err(broken),
        Err(Stop::Joined) => return Ok(document.contents),
    };
    document.contents.after_end = reading.after_end;
    if let Some(tree) = &reading.tree {
        redact::secrets(tree.root(), "", &mut document.contents.secrets);
        document.take(tree.root(), ("", ""));
    }
    if document.contents.objects.is_empty() {
        document.contents.secrets.push(range);
    }
    Ok(document.contents)
}

/// A problem at the character that starts at this byte.
pub(super) fn problem_at(source: &Source, at: u32, kind: ProblemKind) -> Problem {
    let rest = source.text.get(at as usize..).unwrap_or("");
    let first = rest
        .chars()
        .next()
        .filter(|first| *first != '\n' && *first != '\r');
    #[allow(clippy::cast_possible_truncation)] // at most 4
    let length = first.map_or(0, char::len_utf8) as u32;
    let span = Span {
        source: source.id,
        start: at,
        end: at + length,
    };
    Problem { span, kind }
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
