//! All objects of one origin, and how completely each kind was seen: found, absent, or unseen.
//!
//! It turns loaded objects into answers and must not know what they mean. Namespaces: cluster-scoped kinds
//! have none (a namespace asked for is ignored). A namespaced object that does not write its namespace may belong
//! to any: it is found only by asking for `None`, and makes "there is no such object" uncertain elsewhere.

mod again;
mod assume;
mod clusters;
mod coverage;
mod holdings;
mod listing;
mod members;
#[cfg(test)]
mod tests;
mod words;

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::Timestamp;

use super::{BackupInfo, Fact, Gap, Kind, Object, ServerSaid};
use crate::source::OriginId;

pub use assume::{Assume, UnknownKind};
use clusters::Clusters;
pub use coverage::{Coverage, List, Refusal, Unread};
use coverage::{Coverages, Seen};
pub use holdings::Holdings;
pub use holdings::MOST_CLUSTERS;
use holdings::{settled, within_bounds};
pub use listing::{Completeness, Found, Listing};
use members::{Members, range};
pub use words::shell_word;

/// All objects of one origin. Answers do not depend on the order in which they were loaded.
#[derive(Debug)]
pub struct Inventory {
    /// The origin.
    pub origin: OriginId,
    /// Its name in reports: `""` for loose files, a bundle's path, or a context.
    pub origin_name: String,
    /// The context it was read from, which commands for it name.
    pub context: Option<String>,
    /// When it was true; `None` where nothing says, as of loose files.
    pub taken: Option<Timestamp>,
    /// What is said of the API server.
    server: Vec<ServerSaid>,
    /// What pgBackRest said of the repositories of clusters, as far as somebody saved it.
    pub backup_infos: Arc<[BackupInfo]>,
    /// By kind, namespace and name.
    objects: Vec<Object>,
    members: Members,
    clusters: Clusters,
    left_out: usize,
    coverages: Coverages,
}

impl Inventory {
    /// Sorts and indexes the objects. Of several copies of an object, equal ones are dropped and differing ones
    /// become rivals of the first.
    pub fn build(holdings: Holdings, assume: &Assume) -> Self {
        let (objects, beyond) = within_bounds(settled(holdings.objects));
        let mut unread = holdings.unread;
        unread.extend(beyond.first().cloned().map(Unread::failed));
        Inventory {
            origin: holdings.origin,
            origin_name: holdings.origin_name,
            context: holdings.context,
            taken: holdings.taken,
            backup_infos: Arc::default(),
            server: holdings.server,
            members: Members::of(&objects),
            clusters: Clusters::default(),
            left_out: beyond.len(),
            objects,
            coverages: Coverages::new(
                holdings.coverage,
                holdings.refusals,
                holdings.lists,
                unread,
                assume.clone(),
            ),
        }
    }

    /// Every object, by kind, namespace and name.
    pub fn objects(&self) -> &[Object] {
        &self.objects
    }

    /// How many clusters of v4 or v5 were more than an inventory holds, [`MOST_CLUSTERS`]. Nothing is known of any kind as if all of it
    /// were there.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The PostgresClusters of a name, in whatever namespace.
    pub fn v5_clusters_named(&self, name: &str) -> impl Iterator<Item = &Object> {
        self.clusters.named(&self.objects, name)
    }

    /// Whether nothing is in it but drafts.
    pub fn holds_only_drafts(&self) -> bool {
        self.clusters.only_drafts(&self.objects)
    }

    /// The release of the API server, as written: `v1.31.4`.
    pub fn server(&self) -> Fact<&str> {
        ServerSaid::fact(&self.server)
    }

    /// Objects of which the input holds copies that differ: each has `rivals`.
    pub fn contested(&self) -> impl Iterator<Item = &Object> {
        let contested = |object: &&Object| !object.rivals.is_empty();
        self.objects.iter().filter(contested)
    }

    /// Why all objects of a kind may not have been seen although they were asked for, or the user says so: a listing that
    /// was refused or failed, a text that was left out or could not be read. `None` also where nobody asked.
    pub fn withheld(&self, kind: Kind) -> Option<Gap> {
        self.coverages.withheld(kind)
    }

    /// Looks for one object. `namespace` is that of the object asking, `None` if it writes none.
    ///
    /// Of a live object and a draft of the same name, the live one.
    pub fn find(&self, kind: Kind, namespace: Option<&str>, name: &str) -> Found<'_> {
        self.find_carrying(kind, namespace, name, &[])
    }

    /// Looks for one object that, if there is one, carries these labels: a List that was made by them holds it, too.
    pub fn find_carrying(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        name: &str,
        carried: &[(&str, &str)],
    ) -> Found<'_> {
        let namespace = scope(kind, namespace);
        if let Some(object) = named(self.group(kind, namespace), name) {
            return Found::Here(object);
        }
        if let Some(gap) = self.homeless(kind, namespace, |group| {
            named(group, name).filter(|object| !object.is_draft())
        }) {
            return Found::Unseen(gap);
        }
        let one = || Gap::of_one(kind, namespace, name);
        match self.coverages.of(kind, namespace).carrying(carried) {
            Seen::Full => Found::Absent(None),
            Seen::Inferred(assumption) => Found::Absent(Some(Arc::clone(assumption))),
            Seen::Unlisted => Found::Unseen(one()),
            other => match other.completeness(kind, namespace) {
                Completeness::Unknown(all) => Found::Unseen(Gap {
                    missing: one().missing,
                    ..all
                }),
                Completeness::Full | Completeness::Inferred(_) => Found::Unseen(one()),
            },
        }
    }

    /// All objects of a kind in a namespace.
    pub fn list(&self, kind: Kind, namespace: Option<&str>) -> Listing<'_> {
        let namespace = scope(kind, namespace);
        let uncertain = self.homeless(kind, namespace, |group| {
            group.iter().find(|object| !object.is_draft())
        });
        Listing {
            objects: self.group(kind, namespace).iter().collect(),
            completeness: self.completeness(kind, namespace, uncertain, &[]),
        }
    }

    /// All objects of a kind in all namespaces.
    pub fn list_all(&self, kind: Kind) -> Listing<'_> {
        Listing {
            objects: self.range(|object| object.kind.cmp(&kind)).iter().collect(),
            completeness: self.coverages.of_all_namespaces(kind),
        }
    }

    /// Objects of a kind that belong to a PGO v4 cluster: by the label `pg-cluster`, by Patroni's label
    /// `crunchy-pgha-scope`, or (a Pgreplica or Pgtask) by what the spec says.
    pub fn of_cluster(&self, kind: Kind, namespace: Option<&str>, cluster: &str) -> Listing<'_> {
        self.belonging(members::Family::V4, kind, namespace, cluster)
    }

    /// Objects of a kind that belong to a PGO v5 cluster: by the label
    /// `postgres-operator.crunchydata.com/cluster`.
    pub fn of_v5_cluster(&self, kind: Kind, namespace: Option<&str>, cluster: &str) -> Listing<'_> {
        self.belonging(members::Family::V5, kind, namespace, cluster)
    }

    fn belonging(
        &self,
        family: members::Family,
        kind: Kind,
        namespace: Option<&str>,
        cluster: &str,
    ) -> Listing<'_> {
        let namespace = scope(kind, namespace);
        let of = |namespace| {
            self.members
                .of_cluster(&self.objects, family, kind, namespace, cluster)
        };
        let uncertain = match namespace {
            Some(_) if kind.info().namespaced => of(None).next().map(Gap::of_homeless),
            _ => self.homeless(kind, namespace, |group| group.first()),
        };
        let unread = || {
            let odd = self.members.unread(&self.objects, kind, namespace);
            odd.map(Gap::of_unlabelled)
        };
        let uncertain = uncertain.or_else(unread);
        let carried = family.labels(cluster);
        Listing {
            objects: of(namespace).collect(),
            completeness: self.completeness(kind, namespace, uncertain, &carried),
        }
    }

    fn completeness(
        &self,
        kind: Kind,
        namespace: Option<&str>,
        uncertain: Option<Gap>,
        carried: &[(&str, &str)],
    ) -> Completeness {
        let seen = || self.coverages.of(kind, namespace).carrying(carried);
        uncertain.map_or_else(
            || seen().completeness(kind, namespace),
            Completeness::Unknown,
        )
    }

    /// Why "all of this namespace" is uncertain although everything was listed: an object that may belong to it
    /// because it, or the one asking, does not write its namespace.
    fn homeless<'a>(
        &'a self,
        kind: Kind,
        namespace: Option<&str>,
        pick: impl Fn(&'a [Object]) -> Option<&'a Object>,
    ) -> Option<Gap> {
        if !kind.info().namespaced {
            return None;
        }
        if namespace.is_some() {
            return pick(self.group(kind, None)).map(Gap::of_homeless);
        }
        let all = self.range(|object| object.kind.cmp(&kind));
        let somewhere = all.last().filter(|object| object.namespace.is_some());
        somewhere.map(|_| Gap::of_asker(kind))
    }

    /// Objects of a kind in a namespace.
    fn group(&self, kind: Kind, namespace: Option<&str>) -> &[Object] {
        self.range(|object| (object.kind, object.namespace.as_deref()).cmp(&(kind, namespace)))
    }

    /// The objects that compare equal.
    fn range(&self, compare: impl Fn(&Object) -> Ordering) -> &[Object] {
        range(&self.objects, compare)
    }
}

/// The namespace a kind is looked up in.
fn scope(kind: Kind, namespace: Option<&str>) -> Option<&str> {
    namespace.filter(|_| kind.info().namespaced)
}

/// The object of a sorted group that has this name; the live one before a draft.
fn named<'a>(group: &'a [Object], name: &str) -> Option<&'a Object> {
    let at = group.partition_point(|object| &*object.name < name);
    let object = group.get(at)?;
    (!name.is_empty() && &*object.name == name).then_some(object)
}
