//! Which objects belong to a cluster: by the labels PGO puts on them (by the spec for Pgreplicas and Pgtasks), never
//! by the beginning of a name.

mod memo;

pub(in crate::fact::v4) use memo::Listings;

use super::selection::{CONTRADICTED, contradiction};
use crate::fact::v4::Cluster;
use crate::fact::v4::seen::found;
use crate::manifest::{Completeness, Fact, Found, Gap, Kind, Listing, Object};

impl<'a> Cluster<'a> {
    /// The cluster's objects of a kind. `pg-cluster` is also on the repository host, `PgBouncer`, Jobs and so on.
    pub fn all_of(&self, kind: Kind) -> &Listing<'a> {
        self.listings().of(kind, || {
            let (namespace, name) = (self.namespace, self.name);
            let mut listing = self.inventory.of_cluster(kind, namespace, name);
            // A host that bootstraps another cluster from this one's repository bears this one's label. The Job of a
            // bootstrap bears that of the cluster being made.
            let is_own = |object: &Object| {
                let target = object.label("pgha-bootstrap");
                target.is_none_or(|target| kind == Kind::Job && target.text() == name)
            };
            listing.objects.retain(|object| is_own(object));
            if let Some(gap) = contradiction(self.inventory, (namespace, name), kind, &listing) {
                listing.completeness = Completeness::Unknown(gap);
            }
            listing
        })
    }

    /// The cluster's Deployments: instances, repository host, `PgBouncer`, pgAdmin.
    pub fn deployments(&self) -> &Listing<'a> {
        self.all_of(Kind::Deployment)
    }

    /// The cluster's pods of every sort.
    pub fn pods(&self) -> &Listing<'a> {
        self.all_of(Kind::Pod)
    }

    /// The cluster's Jobs: backups, restores, removals.
    pub fn jobs(&self) -> &Listing<'a> {
        self.all_of(Kind::Job)
    }

    /// The PersistentVolumeClaims that bear the cluster's label.
    pub fn labelled_claims(&self) -> &Listing<'a> {
        self.all_of(Kind::PersistentVolumeClaim)
    }

    /// An object of the cluster's namespace by name: `Known(None)` where it is known not to exist.
    pub fn object_named(
        &self,
        kind: Kind,
        name: &str,
        note: &'static str,
    ) -> Fact<Option<&'a Object>> {
        let own = [
            ("vendor", "crunchydata"),
            ("pg-cluster", self.name),
            ("pgremove", "true"),
        ];
        // PGO labels all of these that it makes; of ConfigMaps some are Patroni's, or somebody's.
        let carried: &[(&str, &str)] = match kind {
            Kind::PersistentVolumeClaim | Kind::Deployment | Kind::Service | Kind::Secret => &own,
            _ => &[],
        };
        let answer = self
            .inventory
            .find_carrying(kind, self.namespace, name, carried);
        let doubt = match (&answer, &self.all_of(kind).completeness) {
            // The same list, which something in the input contradicts.
            (Found::Absent(Some(_)), Completeness::Unknown(gap)) => Some(gap),
            _ => None,
        };
        match doubt {
            Some(gap) if CONTRADICTED.contains(&kind) => Fact::unknown(gap.clone()),
            _ => found(answer, note).map(|object| object.filter(|object| !is_of_v5(object))),
        }
    }

    /// The Deployment of the pgBackRest repository host.
    pub fn repo_host(&self) -> Fact<Option<&'a Object>> {
        let name = format!("{}-backrest-shared-repo", self.name);
        self.object_named(Kind::Deployment, &name, "the repository host")
    }

    /// The pods of the pgBackRest repository host that are seen, those that make other clusters aside.
    pub fn repo_pods(&self) -> impl Iterator<Item = &'a Object> {
        let pods = self.pods().objects.iter().copied();
        pods.filter(|pod| {
            let host = pod.label("pgo-backrest-repo");
            host.is_some_and(|label| label.text() == "true")
                && pod.label("pgha-bootstrap").is_none()
        })
    }

    /// All objects of a kind in the cluster's namespace are missing, or may be.
    pub fn gap_for(&self, kind: Kind) -> Gap {
        Gap::of_all(kind, self.namespace)
    }
}

/// A v5 cluster of the same name and namespace calls PgBouncer's Deployment and Service as v4 does.
fn is_of_v5(object: &Object) -> bool {
    let shared = matches!(object.kind, Kind::Deployment | Kind::Service);
    shared
        && object
            .label("postgres-operator.crunchydata.com/cluster")
            .is_some()
}

/// Adds to a gap about a cluster-scoped kind what a namespaced reader lacks.
#[must_use]
pub(in crate::fact::v4) fn needing_cluster_role(mut gap: Gap, kind: Kind) -> Gap {
    let plural = kind.info().plural;
    let resource = plural.split('.').next().unwrap_or(plural);
    let group = kind.info().group;
    let of = if group.is_empty() {
        String::new()
    } else {
        format!(" of {group}")
    };
    gap.ask = format!(
        "{} # needs a ClusterRole with get on {resource}{of}",
        gap.ask
    );
    gap
}
