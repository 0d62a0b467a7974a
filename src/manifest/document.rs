//! One document's text to the objects in it, by the fast reader where it can and by the general one elsewhere.

pub(super) mod common_labels;
pub(super) mod duplicate;
pub(super) mod identity;
pub(super) mod keep;
pub(super) mod parameters;
pub(super) mod patches;
pub(super) mod split;
pub(super) mod stream;
pub(super) mod template;
mod unread;

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::contents::Contents;
use super::problem::Broken;
use super::reader::fast::subset::Outside;
use super::reader::grow::Stop;
use super::reader::{fast, yaml};
use super::{Tree, redact};
use crate::source::Source;
use keep::Document;

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
        redact::secrets(tree.root(), "", None, &mut document.contents.secrets);
        document.take(tree.root(), ("", ""));
    }
    if document.contents.objects.is_empty() {
        document.contents.secrets.push(range);
    }
    Ok(document.contents)
}
