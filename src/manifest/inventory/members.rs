//! Which objects belong to which cluster: an index from a cluster's name to its objects.
//!
//! It must not know what a cluster is: only where an object writes the name of one.

use crate::manifest::{Kind, Object};
use std::cmp::Ordering;

/// Whose way of naming the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Family {
    V4,
    V5,
}

impl Family {
    /// The labels that everything carries which PGO makes for a cluster.
    pub(super) fn labels(self, cluster: &str) -> Vec<(&'static str, &str)> {
        match self {
            // v4 puts the last one on claims.
            Family::V4 => vec![
                ("vendor", "crunchydata"),
                ("pg-cluster", cluster),
                ("pgremove", "true"),
            ],
            Family::V5 => vec![("postgres-operator.crunchydata.com/cluster", cluster)],
        }
    }
}

/// One object belongs to one cluster. An object that names several (its labels disagree, or its copies do) has
/// one entry for each.
#[derive(Debug)]
struct Member {
    family: Family,
    cluster: Box<str>,
    /// Index in the inventory's objects, which are sorted by kind, namespace and name.
    object: usize,
}

/// The index.
#[derive(Debug)]
pub(super) struct Members {
    /// Sorted by family, cluster and object.
    named: Vec<Member>,
    /// Objects whose labels cannot be read, as indices: they may belong to any.
    odd: Vec<usize>,
}

impl Members {
    pub(super) fn of(objects: &[Object]) -> Self {
        let mut members = Vec::with_capacity(objects.len());
        let mut odd = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            for copy in std::iter::once(object).chain(&object.rivals) {
                let before = members.len();
                members.extend(clusters_of(copy).map(|(family, cluster)| Member {
                    family,
                    cluster: cluster.into(),
                    object: index,
                }));
                if members.len() == before && copy.has_odd_labels() {
                    odd.push(index);
                }
            }
        }
        members.sort_unstable_by(|left, right| key(left).cmp(&key(right)));
        members.dedup_by(|left, right| key(left) == key(right));
        Members {
            named: members,
            odd,
        }
    }

    /// An object of a kind and namespace of which nobody knows whose it is.
    pub(super) fn unread<'a>(
        &self,
        objects: &'a [Object],
        kind: Kind,
        namespace: Option<&str>,
    ) -> Option<&'a Object> {
        let found = range(&self.odd, |index| {
            let object = objects.get(*index);
            object
                .map(|object| (object.kind, object.namespace.as_deref()))
                .cmp(&Some((kind, namespace)))
        });
        found.first().and_then(|index| objects.get(*index))
    }

    /// Objects of a kind and namespace that name this cluster, by name.
    pub(super) fn of_cluster<'a>(
        &self,
        objects: &'a [Object],
        family: Family,
        kind: Kind,
        namespace: Option<&str>,
        cluster: &str,
    ) -> impl Iterator<Item = &'a Object> {
        let wanted = (family, cluster, kind, namespace);
        let found = range(&self.named, |member| {
            let place = objects.get(member.object);
            let place = place.map(|object| (object.kind, object.namespace.as_deref()));
            let (kind, namespace) = place.unwrap_or((Kind::Endpoints, None));
            (member.family, &*member.cluster, kind, namespace).cmp(&wanted)
        });
        found.iter().filter_map(|member| objects.get(member.object))
    }
}

fn key(member: &Member) -> (Family, &str, usize) {
    (member.family, &member.cluster, member.object)
}

/// The clusters an object says it belongs to.
fn clusters_of(object: &Object) -> impl Iterator<Item = (Family, &str)> {
    let written: [(Family, &[&str]); 5] = [
        (Family::V4, &["metadata", "labels", "pg-cluster"]),
        (Family::V4, &["metadata", "labels", "crunchy-pgha-scope"]),
        (
            Family::V5,
            &[
                "metadata",
                "labels",
                "postgres-operator.crunchydata.com/cluster",
            ],
        ),
        (Family::V4, &["spec", "clustername"]),
        (Family::V4, &["spec", "parameters", "pg-cluster"]),
    ];
    let of_spec = matches!(object.kind, Kind::Pgreplica | Kind::Pgtask);
    let written = written
        .into_iter()
        .filter(move |(_, path)| of_spec || path.first() == Some(&"metadata"));
    written
        .filter_map(|(family, path)| Some((family, object.at(path)?.text())))
        .filter(|(_, cluster)| !cluster.is_empty())
}

/// The part of a sorted slice that compares equal.
pub(super) fn range<T>(sorted: &[T], compare: impl Fn(&T) -> Ordering) -> &[T] {
    /// Most parts are shorter, and their end is found faster by going on from their start.
    const FEW: usize = 8;
    let start = sorted.partition_point(|item| compare(item).is_lt());
    let rest = sorted.get(start..).unwrap_or_default();
    let first = rest.iter().take(FEW);
    let length = match first.take_while(|item| compare(item).is_eq()).count() {
        FEW => rest.partition_point(|item| compare(item).is_eq()),
        few => few,
    };
    rest.get(..length).unwrap_or_default()
}
