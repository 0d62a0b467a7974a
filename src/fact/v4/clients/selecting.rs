//! Whose pods a Service selects that PGO did not make: an index over the Services of an inventory.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::manifest::{Inventory, Kind, Node, Object};

/// Services that are not PGO's, by the cluster whose pods they select; built on first use.
#[derive(Default)]
pub(in crate::fact::v4) struct Selecting<'a>(OnceLock<HashMap<Place<'a>, Vec<&'a Object>>>);

type Place<'a> = (Option<&'a str>, &'a str);

impl<'a> Selecting<'a> {
    /// Those of one cluster.
    pub(in crate::fact::v4) fn of(
        &self,
        inventory: &'a Inventory,
        place: Place<'a>,
    ) -> &[&'a Object] {
        let index = self.0.get_or_init(|| index(inventory));
        index.get(&place).map_or(&[], Vec::as_slice)
    }
}

/// They choose pods by the labels that PGO v4 gives.
fn index(inventory: &Inventory) -> HashMap<Place<'_>, Vec<&Object>> {
    let mut by_cluster: HashMap<Place<'_>, Vec<&Object>> = HashMap::new();
    for object in inventory.list_all(Kind::Service).objects {
        let vendor = object.label("vendor").map_or("", Node::text);
        let keys = ["pg-cluster", "crunchy-pgha-scope"];
        let mut named = keys
            .iter()
            .filter_map(|key| object.at(&["spec", "selector", key]));
        if let Some(cluster) = named.next().filter(|_| vendor != "crunchydata") {
            let place = (object.namespace.as_deref(), cluster.text());
            by_cluster.entry(place).or_default().push(object);
        }
    }
    by_cluster
}
