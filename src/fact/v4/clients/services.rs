//! The Services that applications use.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "services.names",
    Type::Strings,
    "the cluster's Services; where they are not all seen, at least that of the primary, which PGO makes for every cluster",
    |cluster| names(cluster).map(Value::from),
)];

fn names(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let services = cluster.all_of(Kind::Service);
    let mut names: Vec<String> = services
        .objects
        .iter()
        .map(|service| service.name.to_string())
        .collect();
    let complete = if_complete(&services.completeness, ());
    let assumed = complete.value().is_none() && cluster.object.is_some();
    if assumed && !names.iter().any(|name| name == cluster.name) {
        names.insert(0, cluster.name.to_owned());
    }
    if names.is_empty() {
        return placed(cluster, complete.map(|()| names));
    }
    let services = services.objects.iter();
    let found = services.fold(Fact::known(names), |fact, service| {
        fact.and_at(service.name_span(), "a Service of the cluster")
    });
    placed(cluster, found)
}

#[cfg(test)]
mod tests;
