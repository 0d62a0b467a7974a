//! The v4 cluster that facts are asked of, and how clusters are found in an inventory.

use std::collections::BTreeMap;

use super::Surroundings;
use crate::fact::Run;
use crate::manifest::{Fact, Inventory, Kind, Node, Object};
use crate::source::Span;

/// One v4 cluster of one origin, with what is worked out about it once.
pub struct Cluster<'a> {
    /// All evidence of the cluster's origin.
    pub inventory: &'a Inventory,
    /// What is given to the whole run.
    pub run: &'a Run,
    /// What all clusters of the origin share.
    pub surroundings: &'a Surroundings,
    /// The Pgcluster; `None` when it is gone or not in the input.
    pub object: Option<&'a Object>,
    /// Its namespace; `None` where the manifest names none.
    pub namespace: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// What the subject's own findings point at: the Pgcluster, else the first object that bears the label.
    pub anchor: &'a Object,
}

impl<'a> Cluster<'a> {
    /// A field of the Pgcluster as written; unknown when the Pgcluster is not in the input.
    pub fn own(&self, path: &[&str], note: &'static str) -> Fact<Option<Node<'a>>> {
        match self.object {
            Some(object) => object.read(path, note),
            None => Fact::unknown(self.gap_of_object()),
        }
    }

    /// Where the cluster's name is written.
    pub fn name_span(&self) -> Span {
        self.anchor.name_span()
    }

    /// What is missing when the Pgcluster itself is not in the input.
    pub fn gap_of_object(&self) -> crate::manifest::Gap {
        crate::manifest::Gap {
            missing: format!("the Pgcluster {}", self.name),
            because: "it is not in the input".to_owned(),
            ask: format!(
                "kubectl get pgclusters.crunchydata.com {} {}-o yaml",
                self.name,
                self.namespace_flag()
            ),
        }
    }

    /// `-n NAMESPACE ` for commands, empty where the namespace is not known.
    pub fn namespace_flag(&self) -> String {
        self.namespace
            .map(|namespace| format!("-n {namespace} "))
            .unwrap_or_default()
    }
}

/// Every v4 cluster of an inventory, ordered by namespace and name: each Pgcluster, and each name that
/// claims, Deployments or pods still bear in the label `pg-cluster` without a Pgcluster in the input.
pub fn clusters<'a>(
    inventory: &'a Inventory,
    run: &'a Run,
    surroundings: &'a Surroundings,
) -> Vec<Cluster<'a>> {
    let mut found: BTreeMap<(Option<&str>, &str), Cluster<'a>> = BTreeMap::new();
    let mut add = |name: &'a str, anchor: &'a Object, object: Option<&'a Object>| {
        let namespace = anchor.namespace.as_deref();
        found.entry((namespace, name)).or_insert(Cluster {
            inventory,
            run,
            surroundings,
            object,
            namespace,
            name,
            anchor,
        });
    };
    for object in inventory.list_all(Kind::Pgcluster).objects {
        add(&object.name, object, Some(object));
    }
    for kind in [Kind::PersistentVolumeClaim, Kind::Deployment, Kind::Pod] {
        for object in inventory.list_all(kind).objects {
            let v4 = object.label("vendor").and_then(Node::as_str) == Some("crunchydata");
            if let Some(name) = object.label("pg-cluster").filter(|_| v4) {
                add(name.text(), object, None);
            }
        }
    }
    found.into_values().collect()
}
