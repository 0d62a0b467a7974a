//! What PGO v4's own settings say for one cluster.

use super::super::operators::Generation;
use super::{AllSettings, NOTE, Settings};
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::fact::v4::fields::{parse_bool, scalar_text};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Gap, Kind};

impl AllSettings {
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
    pub(in crate::fact::v4) fn operator_setting(&self, key: &str) -> Fact<String> {
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

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "operator.v4DisableFsGroup",
    Type::Bool,
    "PGO v4 leaves fsGroup out of its pods: DisableFSGroup in pgo.yaml, by itself on OpenShift from 4.6.2 on",
    disable_fs_group,
)];

fn disable_fs_group(cluster: &Cluster<'_>) -> Fact<Value> {
    let setting = cluster.operator_setting("DisableFSGroup");
    let said = setting.and_then(|said| match said.as_str() {
        "" => by_itself(cluster),
        said => Fact::known(parse_bool(said).unwrap_or(false)),
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
