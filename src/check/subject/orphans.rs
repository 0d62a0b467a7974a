//! `PGUpgrade`s whose cluster is not in the input: without it nothing of them is judged, which has to be said.

use super::input::{finding, label, named, subject_of};
use crate::check::judge::label::pointer;
use crate::check::report::finding::Finding;
use crate::manifest::{Inventory, Kind, Node, Object};
use crate::rule::{Method, RuleSet};

/// The rule that tells of them.
const RULE: &str = "pgupgrade-without-its-cluster";

/// One finding for each `PGUpgrade` of which no evidence has the living cluster.
pub(in crate::check) fn findings(
    inventories: &[Inventory],
    rules: &RuleSet,
    methods: &[Method],
) -> Vec<Finding> {
    let Some(rule) = rules.get(RULE) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for inventory in inventories {
        for upgrade in inventory.list_all(Kind::PgUpgrade).objects {
            let place = upgrade.at(&["spec", "postgresClusterName"]);
            let cluster = place.map_or("", Node::text);
            if !cluster.is_empty() && is_there(inventories, inventory, upgrade, cluster) {
                continue;
            }
            let subject = subject_of(inventory, upgrade);
            let said = match cluster {
                "" => format!("{} names no cluster: it is not judged", named(&subject)),
                cluster => format!(
                    "{} is not judged: the PostgresCluster {cluster} that it names is not in the input as it lives",
                    named(&subject)
                ),
            };
            let span = place.map_or_else(|| upgrade.name_span(), Node::span);
            let labels = vec![label(span, true, "the cluster that it names")];
            let path = pointer(upgrade, span).unwrap_or_default();
            found.extend(finding(rule, methods, subject, said, labels, path));
        }
    }
    found
}

/// Whether a living cluster of the name is where the `PGUpgrade` is or may go: in its own evidence, or, beside loose files, in any.
fn is_there(all: &[Inventory], own: &Inventory, upgrade: &Object, cluster: &str) -> bool {
    let reaches = |other: &&Inventory| {
        let (here, there) = (own.origin_name.as_str(), other.origin_name.as_str());
        here == there || here.is_empty() || there.is_empty()
    };
    all.iter().filter(reaches).any(|inventory| {
        let clusters = inventory.list_all(Kind::PostgresCluster).objects;
        clusters.into_iter().any(|one| {
            let namespaces = (one.namespace.as_deref(), upgrade.namespace.as_deref());
            let same = matches!(namespaces, (None, _) | (_, None)) || namespaces.0 == namespaces.1;
            one.is_live() && *one.name == *cluster && same
        })
    })
}
