//! The fast lane: one document's text to a tree, if it is written as kubectl writes, YAML or JSON.
//!
//! It reads a subset of YAML in one pass over the bytes and gives the very tree that the general reader (`yaml.rs`,
//! `grow.rs`) would give. Whatever is outside of the subset, or is not well-formed, it does not judge: it says
//! [`Outside`], and the general reader reads that document from its start. Outside are, among others: tabs,
//! carriage returns, anchors, aliases, tags, `<<`, `?` keys, directives, keys of more than a line, comments inside
//! scalars of several lines, and anything nested deeper than [`DEPTH`].

mod block;
mod flow;
mod items;
mod key;
mod literal;
mod plain;
mod quoted;
mod reader;
mod scan;
mod skim;
pub(in crate::manifest) mod subset;

use std::ops::Range;
use std::sync::Arc;

use crate::manifest::{NodeId, Tree};
use crate::source::Source;
use items::Item;
use reader::Reader;
pub(in crate::manifest) use skim::Sniff;
use subset::{Outside, is_subset};

/// A document, its List items still unread.
pub(in crate::manifest) struct Outline {
    /// The document; in a List with an empty sequence as `items`.
    pub(in crate::manifest) tree: Tree,
    /// The elements of the sequence under the root's key `items`, if it has any.
    pub(in crate::manifest) items: Vec<Item>,
    /// That sequence.
    seq: NodeId,
}

/// Reads a document up to its items.
pub(in crate::manifest) fn outline(
    source: &Arc<Source>,
    range: Range<u32>,
) -> Result<Outline, Outside> {
    let mut reader = document(source, range, true)?;
    let (items, seq) = reader.items.take().unwrap_or_default();
    Ok(Outline {
        tree: reader.tree,
        items,
        seq,
    })
}

/// Reads a document in one piece.
pub(in crate::manifest) fn whole(source: &Arc<Source>, range: Range<u32>) -> Result<Tree, Outside> {
    Ok(document(source, range, false)?.tree)
}

fn document(source: &Arc<Source>, range: Range<u32>, cuts: bool) -> Result<Reader<'_>, Outside> {
    let (start, end) = (range.start as usize, range.end as usize);
    let text = source.text.get(..end).ok_or(Outside)?;
    if !is_subset(text.get(start..).ok_or(Outside)?) {
        return Err(Outside);
    }
    let mut reader = Reader::over(Tree::over(Arc::clone(source)), text, cuts);
    reader.document(start)?;
    Ok(reader)
}

/// Reads one element of the sequence `items` into an empty tree, whose room it uses.
pub(in crate::manifest) fn item(tree: &mut Tree, item: &Item) -> Result<(), Outside> {
    let source = Arc::clone(&tree.source);
    let text = source.text.get(..item.end).ok_or(Outside)?;
    let empty = Tree::over(Arc::clone(&source));
    let mut reader = Reader::over(std::mem::replace(tree, empty), text, false);
    let done = reader.element(item);
    *tree = reader.tree;
    done
}

/// Where an element of the sequence `items` stands that is sure to be well-formed, and an object of a kind we do not keep;
/// nothing where only reading it can tell. The tree is empty before and after.
pub(in crate::manifest) fn skim(tree: &mut Tree, item: &Item, sniff: &Sniff) -> Option<Range<u32>> {
    let source = Arc::clone(&tree.source);
    let text = source.text.get(..item.end)?;
    if !sniff.is_worthwhile(text, item) {
        return None;
    }
    let empty = Tree::over(Arc::clone(&source));
    let mut reader = Reader::over(std::mem::replace(tree, empty), text, false);
    let found = reader.skim(item);
    *tree = reader.tree;
    tree.clear();
    let (start, end) = found?;
    Some(u32::try_from(start).ok()?..u32::try_from(end).ok()?)
}

impl Outline {
    /// The items were read, the last of them up to this byte: so far reach the sequence and the document.
    pub(in crate::manifest) fn reaches(&mut self, end: u32) {
        for id in [self.seq, NodeId::ROOT] {
            if let Some(raw) = self.tree.raw_mut(id)
                && raw.end < end
            {
                raw.end = end;
            }
        }
    }
}
