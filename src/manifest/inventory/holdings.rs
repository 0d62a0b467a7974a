//! Everything loaded for one origin, and which of its objects are copies of one.
//!
//! It must not know what is asked of the objects later.

use std::cmp::Ordering;

use jiff::Timestamp;

use super::{Coverage, List, Refusal, Unread};
use crate::manifest::{Kind, Object, ServerSaid};
use crate::source::OriginId;

/// What an [`Inventory`](super::Inventory) is built from: everything that was loaded for one origin.
#[derive(Debug)]
pub struct Holdings {
    /// The origin.
    pub origin: OriginId,
    /// Its name in reports: `""` for loose files, a bundle's path, or a context.
    pub origin_name: String,
    /// The context it was read from.
    pub context: Option<String>,
    /// When it was true, where that is known.
    pub taken: Option<Timestamp>,
    /// The objects, in any order.
    pub objects: Vec<Object>,
    /// The Lists they came in, as far as they came in Lists.
    pub lists: Vec<List>,
    /// What is said of the API server.
    pub server: Vec<ServerSaid>,
    /// Listings that succeeded.
    pub coverage: Vec<Coverage>,
    /// Listings that failed.
    pub refusals: Vec<Refusal>,
    /// Uris of texts, or of parts of them, that could not be read and so may hold objects.
    pub unread: Vec<Unread>,
}

impl Holdings {
    /// Nothing yet.
    pub fn of(origin: OriginId, origin_name: String) -> Self {
        Holdings {
            origin,
            origin_name,
            context: None,
            taken: None,
            server: Vec::new(),
            objects: Vec::new(),
            lists: Vec::new(),
            coverage: Vec::new(),
            refusals: Vec::new(),
            unread: Vec::new(),
        }
    }
}

/// Objects by kind, namespace and name, one for each: copies that say the same dropped, others made rivals; drafts
/// that differ stand each for itself.
///
/// The order of copies depends on what they say, not on where in a file they stand.
pub(super) fn settled(mut objects: Vec<Object>) -> Vec<Object> {
    for object in &mut objects {
        if !object.kind.info().namespaced {
            object.namespace = None;
        }
    }
    objects.sort_by(|left, right| {
        by_place(left, right)
            .then_with(|| left.is_draft().cmp(&right.is_draft()))
            .then_with(|| left.text().cmp(right.text()))
            .then_with(|| left.uri().cmp(right.uri()))
            .then_with(|| left.root().span().cmp(&right.root().span()))
    });
    let mut settled: Vec<Object> = Vec::with_capacity(objects.len());
    for object in objects {
        match settled.last_mut() {
            // Drafts are no evidence: one name in several folders is one cluster in several environments, or a patch.
            Some(last) if object.is_draft() && are_copies(last, &object) => {
                if !last.says_the_same(&object) {
                    settled.push(object);
                }
            }
            Some(first) if are_copies(first, &object) => {
                // Copies of one text are neighbours: one look back is enough, and many copies cost no square.
                let known = first.rivals.last().unwrap_or(first);
                if !first.says_the_same(&object) && !known.says_the_same(&object) {
                    first.rivals.push(object);
                }
            }
            _ => settled.push(object),
        }
    }
    settled
}

/// The most clusters of an origin: those of v4, drafts, and living ones of v5 each. A small archive can hold a million names, and each
/// takes some kilobytes, sixty where one of v4 and one of v5 are a pair, and a while.
pub const MOST_CLUSTERS: usize = 12_000;

/// The objects without the clusters that are too many, and the text that each of these was in.
pub(super) fn within_bounds(mut objects: Vec<Object>) -> (Vec<Object>, Vec<String>) {
    let (mut v4, mut drafts, mut living) = (0, 0, 0);
    let mut beyond = Vec::new();
    objects.retain(|object| {
        let count = match object.kind {
            Kind::Pgcluster => &mut v4,
            Kind::PostgresCluster if object.is_live() => &mut living,
            Kind::PostgresCluster => &mut drafts,
            _ => return true,
        };
        *count += 1;
        if *count > MOST_CLUSTERS {
            beyond.push(object.uri().to_owned());
        }
        *count <= MOST_CLUSTERS
    });
    objects.shrink_to_fit();
    (objects, beyond)
}

/// The order of objects: by kind, namespace and name.
fn by_place(left: &Object, right: &Object) -> Ordering {
    left.kind
        .cmp(&right.kind)
        .then_with(|| left.namespace.cmp(&right.namespace))
        .then_with(|| left.name.cmp(&right.name))
}

/// Whether two objects are copies of one. A draft is never a copy of a live object.
fn are_copies(left: &Object, right: &Object) -> bool {
    !left.name.is_empty() && by_place(left, right).is_eq() && left.is_draft() == right.is_draft()
}
