//! Which ConfigMap of custom Postgres configuration is in effect.

use super::Cluster;
use super::objects::workload::config_maps;
use super::seen::if_complete;
use super::servers::instances::Instance;
use super::traces::{V4Order, asked, placed, source, to_the_letter};
use crate::fact::trust::{Answer, Trust};
use crate::manifest::{Fact, Kind};

/// Taken from the cluster's namespace, when the cluster is made, where it names none of its own.
const GLOBAL_CONFIG: &str = "pgo-custom-pg-config";

const CONFIG_NOTE: &str = "the custom configuration";

/// Who tells the ConfigMap of custom configuration. PGO v4 looks for it when it makes a Deployment, and never again.
pub(super) static CUSTOM_CONFIG: V4Order = V4Order {
    what: CONFIG_NOTE,
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "the volume pgconf-volume of the Deployments",
            mounted_config,
        ),
        source(Trust::Wish, "spec.customconfig", |cluster| {
            asked(
                cluster,
                cluster.string(&["spec", "customconfig"], CONFIG_NOTE),
            )
        }),
        source(
            Trust::Default,
            "ConfigMap pgo-custom-pg-config of the namespace",
            |cluster| {
                let global = cluster.object_named(Kind::ConfigMap, GLOBAL_CONFIG, CONFIG_NOTE);
                global
                    .map(|config| config.map(|config| config.name.to_string()))
                    .into()
            },
        ),
    ],
};

/// Beside it PGO v4 mounts a ConfigMap of its own, from 4.2 on. An instance that shows neither says nothing.
fn mounted_config(cluster: &Cluster<'_>) -> Answer {
    let name = cluster.name;
    let own = [
        format!("{name}-pgha-config"),
        format!("{name}-pgha-default-config"),
    ];
    let instances = cluster.instances();
    for object in instances.seen.iter().filter_map(Instance::runs) {
        match config_maps(object, "pgconf-volume", CONFIG_NOTE) {
            Fact::Unknown(gaps) => return Answer::Unclear(gaps),
            Fact::Known(truth) if truth.value.as_ref().is_none_or(Vec::is_empty) => {}
            known @ Fact::Known(_) => {
                let first = |names: Option<Vec<String>>| {
                    let mut names = names.into_iter().flatten();
                    names.find(|name| !own.contains(name)).unwrap_or_default()
                };
                return known.map(first).map(Some).into();
            }
        }
    }
    if_complete(&cluster.deployments().completeness, None).into()
}

pub(super) fn custom_config(cluster: &Cluster<'_>) -> Fact<String> {
    placed(cluster, cluster.settled_text(&CUSTOM_CONFIG))
}
