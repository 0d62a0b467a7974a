//! The schemas of several releases, applied to one object at the price of little more than one: what they share is stored
//! once, and what one found right is right for the others, too.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::crd::CrdSchemas;
use super::releases::releases;
use super::shape::{Schema, ShapeId};
use super::validate::Validation;
use super::validate::joint::Joint;
use super::validate::memo::{Memo, written};
use crate::allowance::Work;
use crate::expr::Version;
use crate::manifest::Node;

/// The catalogue's schemas of several releases, oldest first.
#[derive(Debug)]
pub struct Family {
    members: Vec<(Version, CrdSchemas)>,
    /// What several of them say together, by the shapes of the whole object.
    joints: Mutex<BTreeMap<Vec<ShapeId>, Arc<Joint>>>,
}

impl Family {
    /// The schemas of every release that changed the definition.
    pub fn of_all_releases() -> Family {
        let mut changed: Vec<Version> = releases().iter().map(|release| release.crd).collect();
        changed.sort_unstable();
        changed.dedup();
        Family::of(&changed)
    }

    /// The schemas of one release.
    pub fn of_release(release: Version) -> Family {
        Family::of(&[release])
    }

    fn of(releases: &[Version]) -> Family {
        let schemas = CrdSchemas::of_releases(releases.iter().copied());
        Family {
            members: releases.iter().copied().zip(schemas).collect(),
            joints: Mutex::default(),
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
        self.validate_one_of(object, wanted, 1)
    }

    /// The same for one of so many objects, which share what a run may spend on such checks.
    pub fn validate_one_of<'r>(
        &self,
        object: Node<'_>,
        wanted: impl IntoIterator<Item = &'r Version>,
        objects: usize,
    ) -> Vec<(&'r Version, Validation)> {
        let wanted = wanted.into_iter();
        let wanted: Vec<(&Version, &CrdSchemas)> = wanted
            .filter_map(|release| Some((release, self.member(release)?)))
            .collect();
        let mut memo = Memo {
            several: wanted.len() > 1,
            allowance: Work::of(written(object), wanted.len(), objects),
            ..Memo::default()
        };
        if let Some((joint, schemas)) = self.joint(object, &wanted)
            && let Some(first) = schemas.first()
        {
            let releases = wanted.iter().map(|(release, _)| *release);
            if !joint.is_right(first, object) {
                if memo.several {
                    memo.right_by_all = joint.right_parts(first, object);
                }
            } else if joint.rules_hold(first, object, true) {
                return releases.map(|one| (one, Validation::default())).collect();
            } else {
                let rules = schemas
                    .iter()
                    .map(|schema| schema.check_rules(object, &mut memo));
                return releases.zip(rules).collect();
            }
        }
        let validate = |(release, schemas): (&'r Version, &CrdSchemas)| {
            (release, schemas.validate_beside(object, &mut memo))
        };
        wanted.into_iter().map(validate).collect()
    }

    /// The schemas that an object asks for, if each of the releases has one, and what they say together.
    fn joint<'s>(
        &self,
        object: Node<'_>,
        wanted: &[(&Version, &'s CrdSchemas)],
    ) -> Option<(Arc<Joint>, Vec<&'s Schema>)> {
        let api_version = object.get("apiVersion")?.text();
        let schema = |schemas: &'s CrdSchemas| Some(&schemas.asked_for(api_version)?.schema);
        let schemas = wanted.iter().map(|(_, schemas)| schema(schemas));
        let schemas = schemas.collect::<Option<Vec<&Schema>>>()?;
        let first = schemas.first()?;
        let roots: Vec<ShapeId> = schemas.iter().map(|schema| schema.root()).collect();
        let joint = {
            let joints = self.joints.lock();
            let mut joints = joints.unwrap_or_else(std::sync::PoisonError::into_inner);
            let joint = joints.entry(roots);
            let joint = joint.or_insert_with_key(|roots| Joint::new(first, roots.clone()).into());
            Arc::clone(joint)
        };
        Some((joint, schemas))
    }
}
