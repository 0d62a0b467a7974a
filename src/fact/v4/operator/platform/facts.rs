//! The platform of one cluster, as facts.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::Fact;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "crd.v5",
        Type::String,
        "\"present\" or \"absent\": the PostgresCluster CustomResourceDefinition (a live PostgresCluster shows it too)",
        crd_v5,
    ),
    row(
        "platform.openshift",
        Type::Bool,
        "this is OpenShift: its own definitions, or what it writes on namespaces and pods",
        |cluster| cluster.surroundings.openshift.clone().map(Value::from),
    ),
];

fn crd_v5(cluster: &Cluster<'_>) -> Fact<Value> {
    let word = |defined| if defined { "present" } else { "absent" };
    let defined = cluster
        .surroundings
        .v5_defined
        .clone()
        .map(|defined| word(defined).into());
    defined.and_at(cluster.name_span(), "the cluster that is to move")
}
