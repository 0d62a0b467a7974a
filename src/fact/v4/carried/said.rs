//! What the pods of the primary say of themselves, and what the Pgcluster asked for where they say nothing.

use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::is_unset;
use crate::fact::v4::traces::placed;
use crate::manifest::{Fact, Kind, Node, Object};

/// The Deployment of the primary, or a pod of it.
pub(super) fn runs<'a>(cluster: &Cluster<'a>) -> Option<&'a Object> {
    let name = cluster.primary().name.value()?;
    cluster.instances().get(name)?.runs()
}

/// A field of the pod (template) of the primary; `None` where it says nothing or was not seen.
pub(super) fn of_pods(
    cluster: &Cluster<'_>,
    path: &[&str],
    note: &'static str,
) -> Fact<Option<Value>> {
    let Some(object) = runs(cluster) else {
        return nothing_runs(cluster);
    };
    let whole: Vec<&str> = pod(object).iter().chain(path).copied().collect();
    said(object.read(&whole, note))
}

/// The Secrets with which the primary's image is pulled. PGO v4 names them in its service accounts, which give them to pods as
/// they are made: a Deployment shows none.
pub(super) fn pull_secrets(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    const NOTE: &str = "the Secrets for pulling images";
    let primary = cluster.primary().name.value();
    let instance = primary.and_then(|name| cluster.instances().get(name));
    let pods = instance.map_or(&[][..], |instance| &instance.pods);
    let mut given = pods
        .iter()
        .map(|pod| said(pod.read(&["spec", "imagePullSecrets"], NOTE)));
    let given = given.find(|secrets| matches!(secrets.value(), Some(Some(_))));
    given.unwrap_or_else(|| of_pods(cluster, &["imagePullSecrets"], NOTE))
}

/// A field of the first container of one of these names in a pod (template); `None` where nothing says it.
pub(super) fn container_field(
    object: Option<&Object>,
    names: &[&str],
    field: &str,
    note: &'static str,
) -> Fact<Option<Value>> {
    let Some(object) = object else {
        return Fact::known(None);
    };
    let whole: Vec<&str> = pod(object).iter().chain(&["containers"]).copied().collect();
    object.read(&whole, note).and_then(|containers| {
        let mut containers = containers.into_iter().flat_map(Node::items);
        let named = |one: &Node<'_>| {
            one.get("name")
                .is_some_and(|name| names.contains(&name.text()))
        };
        match containers.find(named).and_then(|one| one.get(field)) {
            Some(value) if !is_unset(value) => {
                Fact::at(Some(Value::from(value)), value.span(), note)
            }
            _ => Fact::known(None),
        }
    })
}

fn pod(object: &Object) -> &'static [&'static str] {
    match object.kind {
        Kind::Pod => &["spec"],
        _ => &["spec", "template", "spec"],
    }
}

fn nothing_runs(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    placed(cluster, Fact::known(None))
}

fn said(field: Fact<Option<Node<'_>>>) -> Fact<Option<Value>> {
    field.map(|node| node.filter(|node| !is_unset(*node)).map(Value::from))
}

/// A structure of the Pgcluster; absent where it is unset.
pub(super) fn asked(cluster: &Cluster<'_>, path: &[&str], note: &'static str) -> Fact<Value> {
    let field = said(cluster.own(path, note));
    field.map(|value| value.unwrap_or(Value::Absent))
}

/// Two fields of the Pgcluster as Kubernetes writes them together.
pub(super) fn resources(cluster: &Cluster<'_>, fields: [&str; 2], below: &[&str]) -> Fact<Value> {
    let read = |field: &str| {
        let path: Vec<&str> = ["spec"]
            .iter()
            .chain(below)
            .copied()
            .chain([field])
            .collect();
        asked(cluster, &path, "what was asked for").map(map)
    };
    let [requests, limits] = fields.map(read);
    let together = |(requests, limits): (Value, Value)| {
        let both = [("requests", requests), ("limits", limits)];
        let given = both.into_iter().filter(|(_, value)| !is_empty(value));
        Value::Map(given.map(|(name, value)| (name.into(), value)).collect())
    };
    // The place that says something comes first.
    if requests.value().is_some_and(is_empty) {
        return requests.both(limits).map(together);
    }
    let swapped = limits.both(requests);
    swapped.map(|(limits, requests)| together((requests, limits)))
}

pub(super) fn is_empty(value: &Value) -> bool {
    matches!(value, Value::Map(entries) if entries.is_empty())
}

pub(super) fn map(value: Value) -> Value {
    match value {
        Value::Absent | Value::Null => Value::Map([].into()),
        other => other,
    }
}
