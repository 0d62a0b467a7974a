//! Percona's operator beside one cluster, as a fact.

use crate::fact::Type;
use crate::fact::v4::{ClusterFact, row};
use crate::manifest::Fact;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "operator.percona",
    Type::String,
    "a Percona operator for Postgres in the input that is not known to be of 3.0 or later, as namespace/name; \"\" where none is, which proves nothing",
    |cluster| match &cluster.surroundings.percona {
        Some((name, image)) => Fact::at(name.as_str().into(), *image, "an operator of Percona's"),
        None => Fact::at("".into(), cluster.name_span(), "the cluster"),
    },
)];
