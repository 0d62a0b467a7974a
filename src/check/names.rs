//! The names of the clusters in the input, for whoever names one on the command line.

use jiff::Timestamp;

use super::Evidence;
use crate::fact::Run;
use crate::fact::v4::{Surroundings, clusters};
use crate::manifest::{Inventory, Kind};

/// The v4 clusters, as namespace and name; no namespace where their manifests write none.
pub fn v4_clusters(evidence: &Evidence) -> Vec<(Option<String>, String)> {
    // No name depends on the time or the target.
    let run = Run {
        now: Timestamp::UNIX_EPOCH,
        target: None,
        definition: None,
    };
    let of = |inventory: &Inventory| {
        let around = Surroundings::of(inventory, &run);
        let found = clusters(inventory, &run, &around);
        let names = found.iter();
        let names = names.map(|one| (one.namespace.map(str::to_owned), one.name.to_owned()));
        names.collect::<Vec<_>>()
    };
    evidence.inventories.iter().flat_map(of).collect()
}

/// The PostgresClusters, drafts and living ones, in the same form.
pub fn postgres_clusters(evidence: &Evidence) -> Vec<(Option<String>, String)> {
    let all = evidence.inventories.iter();
    let objects = all.flat_map(|one| one.list_all(Kind::PostgresCluster).objects);
    let name = |object: &crate::manifest::Object| {
        let namespace = object.namespace.as_deref().map(str::to_owned);
        (namespace, object.name.to_string())
    };
    objects.map(name).collect()
}
