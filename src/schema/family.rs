//! The schemas of several releases, applied to one object at the price of little more than one: what they share is stored
//! once, and what one found right is right for the others, too.

use std::collections::{HashMap, HashSet};

use super::crd::CrdSchemas;
use super::releases::releases;
use super::shape::ShapeId;
use super::walk::Validation;
use crate::expr::{Value, Version};
use crate::manifest::{Node, NodeId};

/// The catalogue's schemas of several releases, oldest first.
#[derive(Debug)]
pub struct Family {
    members: Vec<(Version, CrdSchemas)>,
}

impl Family {
    /// The schemas of every release that changed the definition.
    pub fn of_all_releases() -> Family {
        let mut changed: Vec<Version> = releases().iter().map(|release| release.crd).collect();
        changed.sort_unstable();
        changed.dedup();
        let schemas = CrdSchemas::of_releases(changed.iter().copied());
        Family {
            members: changed.into_iter().zip(schemas).collect(),
        }
    }

    /// The schemas of a release that changed the definition.
    pub fn member(&self, release: &Version) -> Option<&CrdSchemas> {
        let place = self
            .members
            .binary_search_by_key(release, |(release, _)| *release);
        let (_, schemas) = self.members.get(place.ok()?)?;
        Some(schemas)
    }

    /// Everything wrong with an object by the schemas of these releases, in their order. Advice about an unknown field
    /// is given with the first of them only.
    pub fn validate<'r>(
        &self,
        object: Node<'_>,
        wanted: impl IntoIterator<Item = &'r Version>,
    ) -> Vec<(&'r Version, Validation)> {
        let mut memo = Memo::of_several();
        let mut validate = |release: &'r Version| {
            let schemas = self.member(release)?;
            Some((release, schemas.validate_beside(object, &mut memo)))
        };
        wanted.into_iter().filter_map(&mut validate).collect()
    }
}

/// A value of an object by a shape.
pub(super) type Place = (NodeId, ShapeId);

/// What was found out about one object, for the next schema of the same arena.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// Whether there is a next one.
    pub(super) several: bool,
    /// The object's own metadata are in order.
    pub(super) metadata: bool,
    /// Keys of unknown fields for which advice was given.
    pub(super) advised: HashSet<NodeId>,
    /// What nothing is wrong with, rules aside.
    pub(super) right: HashSet<Place>,
    /// What breaks no rule, and its value as rules see it if any asked for it.
    pub(super) values: HashMap<Place, Option<Value>>,
}

impl Memo {
    fn of_several() -> Memo {
        Memo {
            several: true,
            ..Memo::default()
        }
    }
}
