//! PGO v4's own settings: the `pgo.yaml` in the ConfigMap `pgo-config` of the operator's namespace.

use super::fields::scalar_text;
use super::operators::Generation;
use super::{Cluster, ClusterFact, row};
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::manifest::{Fact, Gap, Inventory, Kind, Tree, embedded};
use crate::source::Span;

/// One `pgo-config`.
#[derive(Debug)]
struct Settings {
    namespace: Option<Box<str>>,
    /// Where `pgo.yaml` is written.
    span: Span,
    /// What it says; `None` where it cannot be read.
    yaml: Option<Tree>,
}

/// Every `pgo-config` of an origin: one for each PGO v4 operator.
#[derive(Debug)]
pub(super) struct AllSettings(Vec<Settings>);

const NOTE: &str = "PGO v4's own settings";

impl AllSettings {
    pub(super) fn of(inventory: &Inventory) -> AllSettings {
        let maps = inventory.list_all(Kind::ConfigMap).objects;
        let named = maps.iter().filter(|object| &*object.name == "pgo-config");
        let settings = named.filter_map(|object| {
            let text = object.at(&["data", "pgo.yaml"])?;
            Some(Settings {
                namespace: object.namespace.clone(),
                span: text.span(),
                yaml: Some(text.text())
                    .filter(|_| object.rivals.is_empty())
                    .and_then(embedded),
            })
        });
        AllSettings(settings.collect())
    }

    /// The settings of the operator that manages a namespace: those beside it, or the only ones there are.
    fn for_cluster(&self, cluster: &Cluster<'_>) -> Fact<&Settings> {
        let home = cluster
            .surroundings
            .operators
            .nearest(cluster.inventory, Generation::V4, cluster.namespace)
            .map(|operator| operator.namespace.as_deref());
        let found = match (home, self.0.as_slice()) {
            (Some(home), all) => all
                .iter()
                .find(|settings| settings.namespace.as_deref() == home),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        match found {
            Some(settings) => Fact::at(settings, settings.span, NOTE),
            None => Fact::unknown(missing(home.flatten())),
        }
    }
}

fn missing(home: Option<&str>) -> Gap {
    match home {
        Some(namespace) => Gap::of_one(Kind::ConfigMap, Some(namespace), "pgo-config"),
        None => Gap {
            missing: "ConfigMap pgo-config of the PGO v4 operator".to_owned(),
            because: "not in the input".to_owned(),
            ask: "kubectl get configmaps -A --field-selector metadata.name=pgo-config -o yaml"
                .to_owned(),
        },
    }
}

impl Cluster<'_> {
    /// An entry of the section `Cluster` of `pgo.yaml`; `""` when unset.
    pub(super) fn operator_setting(&self, key: &str) -> Fact<String> {
        let settings = self.surroundings.settings.for_cluster(self);
        settings.and_then(|settings| match &settings.yaml {
            Some(tree) => {
                let value = tree.root().at(&["Cluster", key]);
                Fact::known(value.and_then(scalar_text).unwrap_or_default())
            }
            None => Fact::unknown(Gap {
                because: "its pgo.yaml cannot be read".to_owned(),
                ..missing(settings.namespace.as_deref())
            }),
        })
    }
}

pub(super) static FACTS: &[ClusterFact] = &[row(
    "operator.v4DisableFsGroup",
    Type::Bool,
    "PGO v4 leaves fsGroup out of its pods: DisableFSGroup in pgo.yaml, by itself on OpenShift from 4.6.2 on",
    disable_fs_group,
)];

fn disable_fs_group(cluster: &Cluster<'_>) -> Fact<Value> {
    let setting = cluster.operator_setting("DisableFSGroup");
    let said = setting.and_then(|said| match said.as_str() {
        "" => by_itself(cluster),
        said => Fact::known(super::fields::parse_bool(said).unwrap_or(false)),
    });
    said.map(Value::from)
}

/// What the operator does when nothing is said.
fn by_itself(cluster: &Cluster<'_>) -> Fact<bool> {
    let automatic = Version::parse("4.6.2");
    cluster.version().clone().and_then(|version| {
        if Some(version) < automatic {
            return Fact::known(false);
        }
        cluster.surroundings.openshift.clone()
    })
}

#[cfg(test)]
mod tests;
