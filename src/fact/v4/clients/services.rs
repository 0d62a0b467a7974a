//! The Services that applications use.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::{found, if_complete, resting_on};
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind, Node};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "services.names",
        Type::Strings,
        "the cluster's Services; where they are not all seen, at least that of the primary, which PGO makes for every cluster",
        |cluster| names(cluster).map(Value::from),
    ),
    row(
        "services.foreign",
        Type::Strings,
        "Services that are not PGO's and select the cluster's pods; empty only when all Services of the namespace are seen",
        |cluster| foreign(cluster).map(Value::from),
    ),
    row(
        "services.nodePort",
        Type::Int,
        "the port by which the nodes lead to Postgres, of the primary's Service; 0 for none",
        |cluster| node_port(cluster).map(Value::from),
    ),
];

fn node_port(cluster: &Cluster<'_>) -> Fact<i64> {
    let answer = cluster
        .inventory
        .find(Kind::Service, cluster.namespace, cluster.name);
    let service = found(answer, "the primary's Service");
    resting_on(&service, |service| {
        let ports = service.and_then(|one| one.at(&["spec", "ports"]));
        let named = |port: &Node<'_>| {
            port.get("name")
                .is_some_and(|name| name.text() == "postgres")
        };
        let port = ports.into_iter().flat_map(Node::items).find(named);
        let open = port.and_then(|port| port.get("nodePort"));
        match open.and_then(|node| Some((node.text().parse::<i64>().ok()?, node))) {
            Some((number, node)) => Fact::at(number, node.span(), "the port on the nodes"),
            None => match service {
                Some(service) => Fact::at(0, service.name_span(), "the primary's Service"),
                None => placed(cluster, Fact::known(0)),
            },
        }
    })
}

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
    let seen = services.fold(Fact::known(names), |fact, service| {
        fact.and_at(service.name_span(), "a Service of the cluster")
    });
    placed(cluster, seen)
}

/// Services that somebody made for v4's pods.
fn foreign(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let place = (cluster.namespace, cluster.name);
    let others = cluster.selecting().of(cluster.inventory, place);
    if others.is_empty() {
        let all = cluster.inventory.list(Kind::Service, cluster.namespace);
        return placed(cluster, if_complete(&all.completeness, Vec::new()));
    }
    let names = others.iter().map(|object| object.name.to_string());
    let names = Fact::known(names.collect());
    others.iter().fold(names, |names, object| {
        names.and_at(object.name_span(), "selects the pods of PGO v4")
    })
}

#[cfg(test)]
mod tests;
