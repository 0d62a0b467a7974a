//! Objects found, and whether these are all.

use std::sync::Arc;

use crate::manifest::{Gap, Object};

/// How completely a kind was seen in a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// A listing said so, or the user did.
    Full,
    /// A kubectl List held objects of the kind and namespace; the assumption, in words.
    Inferred(Arc<str>),
    /// There may be more.
    Unknown(Gap),
}

/// The answer to "which objects are there?".
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    /// Those in the input, ordered by namespace and name.
    pub objects: Vec<&'a Object>,
    /// Whether these are all.
    pub completeness: Completeness,
}

/// The answer to "is there such an object?".
#[derive(Clone, Debug)]
pub enum Found<'a> {
    /// Yes, this one.
    Here(&'a Object),
    /// No; with the assumption the "no" rests on, if its kind's listing was only inferred to be complete.
    Absent(Option<Arc<str>>),
    /// We could not look.
    Unseen(Gap),
}
