//! A text to one tree, by the fast reader where it can and by the general one elsewhere.

use std::ops::Range;
use std::sync::Arc;

use super::fast::subset::Outside;
use super::grow::Stop;
use super::{fast, yaml};
use crate::manifest::Tree;
use crate::source::Source;

/// Reads a document as one tree, whatever it is; nothing where there is none. `budget` is how many more nodes aliases may stand for.
pub(in crate::manifest) fn read_tree(
    source: &Arc<Source>,
    range: Range<u32>,
    budget: &mut usize,
) -> Result<Option<Tree>, Stop> {
    match fast::whole(source, range.clone()) {
        Ok(tree) => Ok(Some(tree)),
        Err(Outside) => yaml::read(source, range, budget, None).map(|reading| reading.tree),
    }
}
