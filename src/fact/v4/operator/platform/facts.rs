//! The platform of one cluster, as facts.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::workload::deleting;
use crate::fact::v4::seen::found;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Found, Kind};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "crd.v5",
        Type::String,
        "\"present\" or \"absent\": the PostgresCluster CustomResourceDefinition (a live PostgresCluster shows it too)",
        crd_v5,
    ),
    row(
        "crd.v5Deleting",
        Type::Bool,
        "the PostgresCluster CustomResourceDefinition is being deleted, and every PostgresCluster with it",
        |cluster| v5_going(cluster).map(Value::from),
    ),
    row(
        "crd.v4Deleting",
        Type::String,
        "of the definitions Pgcluster and Pgreplica of PGO v4, the one that is seen to be being deleted, and all its objects with it, as \"pgclusters.crunchydata.com\"; \"\" where none is seen, whether or not there is one",
        |cluster| v4_going(cluster).map(Value::from),
    ),
    row(
        "platform.openshift",
        Type::Bool,
        "this is OpenShift: its own definitions, or what it writes on namespaces and pods",
        |cluster| cluster.surroundings.openshift.clone().map(Value::from),
    ),
];

/// A definition that is not there is not being deleted.
fn v5_going(cluster: &Cluster<'_>) -> Fact<bool> {
    const NOTE: &str = "when the deletion of the definition was asked for";
    let definition = found(super::v5_definition(cluster.inventory), NOTE);
    let going = definition.and_then(|object| match object {
        Some(object) => deleting(object, NOTE),
        None => Fact::known(false),
    });
    placed(cluster, going)
}

/// Kubernetes deletes what is of a definition with it, one by one, and the operator answers each (onDelete).
fn v4_going(cluster: &Cluster<'_>) -> Fact<String> {
    const NOTE: &str = "when the deletion of the definition was asked for";
    for name in ["pgclusters.crunchydata.com", "pgreplicas.crunchydata.com"] {
        let kind = Kind::CustomResourceDefinition;
        let Found::Here(definition) = cluster.inventory.find(kind, None, name) else {
            continue;
        };
        let going = deleting(definition, NOTE);
        if going.value() != Some(&false) {
            return going.map(|_| name.to_owned());
        }
    }
    placed(cluster, Fact::known(String::new()))
}

fn crd_v5(cluster: &Cluster<'_>) -> Fact<Value> {
    let word = |defined| if defined { "present" } else { "absent" };
    let defined = cluster
        .surroundings
        .v5_defined
        .clone()
        .map(|defined| word(defined).into());
    defined.and_at(cluster.name_span(), "the cluster that is to move")
}
