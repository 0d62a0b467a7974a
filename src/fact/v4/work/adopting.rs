//! Which claims living PostgresClusters are to adopt: an index over those of an inventory, built once.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use crate::fact::v4::fields::text;
use crate::manifest::{Completeness, Fact, Inventory, Kind, Object};

/// The volumes that a PostgresCluster can adopt (PGO v5 pkg/apis, `DataSourceVolumes`).
const ADOPTS: [&str; 3] = ["pgDataVolume", "pgWALVolume", "pgBackRestVolume"];

/// Namespace and name.
type Place<'a> = (Option<&'a str>, &'a str);

/// One claim that a living PostgresCluster names.
pub(super) struct Wish<'a> {
    /// The PostgresCluster.
    pub(super) by: &'a Object,
    /// The claim's name, and where it is written.
    pub(super) claim: Fact<String>,
}

#[derive(Default)]
struct Index<'a> {
    by_claim: HashMap<(Option<&'a str>, String), Vec<Wish<'a>>>,
    living: HashSet<Place<'a>>,
    /// Of the namespaces in which there are any.
    completeness: HashMap<Option<&'a str>, Completeness>,
}

/// The living PostgresClusters of an inventory; looked at on first use.
#[derive(Default)]
pub(in crate::fact::v4) struct Adopting<'a>(OnceLock<Index<'a>>);

impl<'a> Adopting<'a> {
    /// Who names this claim.
    pub(super) fn wishes(
        &self,
        inventory: &'a Inventory,
        namespace: Option<&'a str>,
        claim: &str,
    ) -> &[Wish<'a>] {
        let place = (namespace, claim.to_owned());
        self.index(inventory)
            .by_claim
            .get(&place)
            .map_or(&[], Vec::as_slice)
    }

    /// Whether a PostgresCluster of this name is alive.
    pub(super) fn lives(&self, inventory: &'a Inventory, place: Place<'a>) -> bool {
        self.index(inventory).living.contains(&place)
    }

    /// Whether all PostgresClusters of a namespace are in the input.
    pub(super) fn completeness(
        &self,
        inventory: &'a Inventory,
        namespace: Option<&'a str>,
    ) -> Completeness {
        let known = self.index(inventory).completeness.get(&namespace).cloned();
        known.unwrap_or_else(|| {
            inventory
                .list(Kind::PostgresCluster, namespace)
                .completeness
        })
    }

    fn index(&self, inventory: &'a Inventory) -> &Index<'a> {
        self.0.get_or_init(|| index(inventory))
    }
}

fn index(inventory: &Inventory) -> Index<'_> {
    let mut index = Index::default();
    for object in inventory.list_all(Kind::PostgresCluster).objects {
        let namespace = object.namespace.as_deref();
        index.completeness.entry(namespace).or_insert_with(|| {
            inventory
                .list(Kind::PostgresCluster, namespace)
                .completeness
        });
        if object.is_draft() {
            continue;
        }
        index.living.insert((namespace, &*object.name));
        for volume in ADOPTS {
            let path = ["spec", "dataSource", "volumes", volume, "pvcName"];
            let claim = text(
                object,
                &path,
                "the claim that a living PostgresCluster is to adopt",
            );
            if let Some(name) = claim.value().filter(|name| !name.is_empty()).cloned() {
                let wish = Wish { by: object, claim };
                index
                    .by_claim
                    .entry((namespace, name))
                    .or_default()
                    .push(wish);
            }
        }
    }
    index
}
