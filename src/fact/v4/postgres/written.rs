//! Configuration of Patroni as text inside ConfigMaps, that of somebody's own among it.

use std::sync::Arc;

use super::memo::Written;
use crate::fact::v4::Cluster;
use crate::fact::v4::custom_config::custom_config;
use crate::fact::v4::fields::is_unset;
use crate::manifest::{Fact, Gap, Kind, Node, Object, embedded};

/// What a text holds; unknown where it is no mapping.
pub(super) fn written(
    cluster: &Cluster<'_>,
    name: &str,
    node: Option<Node<'_>>,
) -> Fact<Option<Written>> {
    let Some(node) = node else {
        return Fact::known(None);
    };
    match embedded(node.text()).filter(|tree| tree.root().is_map() || is_unset(tree.root())) {
        Some(tree) => Fact::known(Some(Written {
            tree: Arc::new(tree),
            span: node.span(),
        })),
        None => Fact::unknown(Gap {
            missing: format!("Patroni's configuration in ConfigMap {name}"),
            because: "it can be read neither as a mapping of YAML nor of JSON".to_owned(),
            ask: format!(
                "kubectl get configmap {name} {}-o yaml",
                cluster.namespace_flag()
            ),
        }),
    }
}

/// The ConfigMap of custom configuration in effect.
pub(super) fn custom_map<'a>(cluster: &Cluster<'a>) -> Fact<Option<&'a Object>> {
    custom_config(cluster).and_then(|name| match name.as_str() {
        "" => Fact::known(None),
        name => cluster.object_named(Kind::ConfigMap, name, "the custom configuration"),
    })
}

/// Its file for Patroni. At every start a container merges it over all that PGO has (crunchy-containers v4.7.9
/// `bin/postgres-ha/bootstrap/pre-bootstrap.sh`): `postgresql` counts for the server, `bootstrap` only for a new cluster.
pub(super) fn custom_file(cluster: &Cluster<'_>) -> Fact<Option<Written>> {
    let read = || {
        custom_map(cluster).and_then(|map| match map {
            None => Fact::known(None),
            Some(map) => {
                let file = map.read(&["data", "postgres-ha.yaml"], "the custom configuration");
                file.and_then(|file| written(cluster, &map.name, file))
            }
        })
    };
    cluster.patroni().custom.get_or_init(read).clone()
}
