//! All objects of one origin, and how completely each kind was seen: found, absent, or unseen.

use std::collections::{BTreeMap, HashMap};

use super::{Gap, Kind, Object};
use crate::source::OriginId;

/// The answer to "is there such an object?".
#[derive(Clone, Debug)]
pub enum Found<'a> {
    /// Yes, this one.
    Here(&'a Object),
    /// No; with the assumption the "no" rests on, if its kind's listing was only inferred to be complete.
    Absent(Option<String>),
    /// We could not look.
    Unseen(Gap),
}

/// How completely a kind was seen in a namespace.
#[derive(Clone, Debug)]
pub enum Completeness {
    /// A listing said so, or the user did.
    Full,
    /// A kubectl List held objects of the kind and namespace; the assumption, in words.
    Inferred(String),
    /// There may be more.
    Unknown(Gap),
}

/// The answer to "which objects are there?".
#[derive(Clone, Debug)]
pub struct Listing<'a> {
    /// Those in the input, ordered by name.
    pub objects: Vec<&'a Object>,
    /// Whether these are all.
    pub completeness: Completeness,
}

/// All objects of one origin.
#[derive(Debug)]
pub struct Inventory {
    /// The origin.
    pub origin: OriginId,
    /// Its name in reports: `""` for loose files, a bundle's path, or a context.
    pub origin_name: String,
    objects: Vec<Object>,
    by_name: HashMap<(Kind, Option<Box<str>>, Box<str>), usize>,
    by_cluster: HashMap<(Kind, Option<Box<str>>, Box<str>), Vec<usize>>,
    by_kind: BTreeMap<Kind, Vec<usize>>,
}

impl Inventory {
    /// Every object of a kind in any namespace, ordered by namespace and name.
    pub fn list_all(&self, kind: Kind) -> Listing<'_> {
        let objects = self
            .by_kind
            .get(&kind)
            .into_iter()
            .flatten()
            .filter_map(|index| self.objects.get(*index));
        let gap = Gap {
            missing: String::new(),
            because: String::new(),
            ask: String::new(),
        };
        Listing {
            objects: objects.collect(),
            completeness: Completeness::Unknown(gap),
        }
    }
}
