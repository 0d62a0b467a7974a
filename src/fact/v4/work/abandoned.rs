//! Deployments that outlived their Pgcluster: nobody manages them, and they go on writing.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::{found, if_complete};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Object};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "cluster.abandoned",
    Type::Strings,
    "the Deployments of the cluster that are asked to run although its Pgcluster is gone; unknown while the Pgcluster is neither in the input nor known to be gone",
    abandoned,
)];

fn abandoned(cluster: &Cluster<'_>) -> Fact<Value> {
    if cluster.object.is_some() {
        let none = Vec::<String>::new();
        return Fact::at(none.into(), cluster.name_span(), "the Pgcluster");
    }
    found(cluster.find_object(), "the Pgcluster").and_then(|_| {
        let deployments = &cluster.deployments().objects;
        let asleep = |object: &Object| {
            let replicas = object.at(&["spec", "replicas"]);
            replicas.is_some_and(|node| node.text() == "0")
        };
        let running: Vec<_> = deployments.iter().filter(|one| !asleep(one)).collect();
        let names: Vec<String> = running.iter().map(|one| one.name.to_string()).collect();
        let places = running.iter().map(|one| one.name_span());
        // Only a whole list shows that none runs.
        let fact = if names.is_empty() {
            if_complete(&cluster.deployments().completeness, Value::from(names))
        } else {
            Fact::known(Value::from(names))
        };
        places
            .fold(fact, |fact, span| {
                fact.and_at(span, "runs without a Pgcluster")
            })
            .and_at(cluster.name_span(), "the cluster")
    })
}
