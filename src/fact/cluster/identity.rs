//! Who the cluster is.

use super::{Cluster, ClusterFact};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::Fact;

pub(super) static FACTS: [ClusterFact; 3] = [
    ClusterFact {
        name: "cluster.name",
        ty: Type::String,
        meaning: "the cluster's name",
        read: name,
    },
    ClusterFact {
        name: "cluster.namespace",
        ty: Type::String,
        meaning: "its namespace; \"\" where the manifest names none",
        read: namespace,
    },
    ClusterFact {
        name: "cluster.seen",
        ty: Type::Bool,
        meaning: "the Pgcluster object is in the input",
        read: seen,
    },
];

fn name(cluster: &Cluster<'_>) -> Fact<Value> {
    Fact::at(
        cluster.name.into(),
        cluster.name_span(),
        "the cluster's name",
    )
}

fn namespace(cluster: &Cluster<'_>) -> Fact<Value> {
    Fact::at(
        cluster.namespace.unwrap_or("").into(),
        cluster.name_span(),
        "the cluster",
    )
}

fn seen(cluster: &Cluster<'_>) -> Fact<Value> {
    Fact::at(
        cluster.object.is_some().into(),
        cluster.name_span(),
        "the cluster",
    )
}
