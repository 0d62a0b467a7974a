//! What runs: the instances in the status, their `StatefulSets`, their pods.

use super::row::{LivingFact, row};
use super::status::items;
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Node, Object, Scalar};
use crate::source::Span;

/// v5's label with the role of an instance's pod: `master` until 6.0.3, `primary` later.
pub(super) const ROLE: &str = "postgres-operator.crunchydata.com/role";
/// v5's label with the instance a pod belongs to.
pub(super) const INSTANCE: &str = "postgres-operator.crunchydata.com/instance";

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.instances",
        Type::Records,
        "the instance sets in the status as {name, replicas, ready, updated}",
        |living| instances(living).map(|sets| Value::List(sets.into_iter().map(record).collect())),
    ),
    row(
        "live.replicas",
        Type::Int,
        "how many instances the status counts, ready or not",
        |living| instances(living).map(|sets| total(sets.iter().map(|set| set.replicas)).into()),
    ),
    row(
        "live.readyReplicas",
        Type::Int,
        "how many instances the status counts as ready",
        |living| instances(living).map(|sets| total(sets.iter().map(|set| set.ready)).into()),
    ),
    row(
        "live.pods",
        Type::Strings,
        "its database pods that have not finished",
        |living| {
            let pods = living.all_of(Kind::Pod);
            let mut names: Vec<String> = database_pods(living)
                .map(|pod| pod.name.to_string())
                .collect();
            names.sort_unstable();
            if_complete(&pods.completeness, names.into())
        },
    ),
    row(
        "live.statefulSets",
        Type::Strings,
        "the StatefulSets of its instances",
        |living| {
            let sets = living.all_of(Kind::StatefulSet);
            let of_instances = sets
                .objects
                .iter()
                .filter(|set| set.label(INSTANCE).is_some());
            let names: Vec<String> = of_instances.map(|set| set.name.to_string()).collect();
            if_complete(&sets.completeness, names.into())
        },
    ),
    row(
        "live.notReady",
        Type::Strings,
        "its database pods whose database container is not ready, those that are being stopped aside",
        |living| {
            let pods = living.all_of(Kind::Pod);
            let waiting = |pod: &&Object| !is_stopping(pod) && is_ready(pod).is_none();
            let waiting: Vec<&Object> = database_pods(living).filter(waiting).collect();
            let mut names: Vec<String> = waiting.iter().map(|pod| pod.name.to_string()).collect();
            names.sort_unstable();
            let fact = if_complete(&pods.completeness, names.into());
            waiting.into_iter().take(8).fold(fact, |fact, pod| {
                fact.and_at(pod.name_span(), "a pod that is not ready")
            })
        },
    ),
];

/// One instance set as the status counts it.
struct Set {
    name: String,
    replicas: i64,
    ready: i64,
    updated: i64,
}

fn record(set: Set) -> Value {
    let fields = [
        ("name", Value::from(set.name)),
        ("replicas", set.replicas.into()),
        ("ready", set.ready.into()),
        ("updated", set.updated.into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Map(fields.collect())
}

fn instances(living: &Living<'_>) -> Fact<Vec<Set>> {
    let path = ["status", "instances"];
    let sets = items(living, &path, "the instances the operator counts");
    sets.map(|sets| sets.into_iter().map(set).collect())
}

fn set(node: Node<'_>) -> Set {
    let number = |key| match node.get(key).and_then(Node::scalar) {
        Some(Scalar::Int(value)) => value,
        _ => 0,
    };
    Set {
        name: node
            .get("name")
            .map_or_else(String::new, |name| name.text().to_owned()),
        replicas: number("replicas"),
        ready: number("readyReplicas"),
        updated: number("updatedReplicas"),
    }
}

/// Pods of instances that have not finished. Pods of Jobs and of the repository host bear no instance label.
pub(super) fn database_pods<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
    let pods = living.all_of(Kind::Pod).objects.iter().copied();
    pods.filter(|pod| pod.label(INSTANCE).is_some() && !has_finished(pod))
}

fn has_finished(pod: &Object) -> bool {
    let phase = pod.at(&["status", "phase"]).map_or("", Node::text);
    matches!(phase, "Succeeded" | "Failed")
}

/// Whether a pod is being stopped.
fn total(counts: impl Iterator<Item = i64>) -> i64 {
    counts.fold(0, i64::saturating_add)
}

pub(super) fn is_stopping(pod: &Object) -> bool {
    let asked = pod.at(&["metadata", "deletionTimestamp"]);
    asked.is_some_and(|time| !fields::is_unset(time))
}

/// Where a pod's status says that its database container is ready.
pub(super) fn is_ready(pod: &Object) -> Option<Span> {
    let ready = container_ready(pod, "database")?;
    (ready.scalar() == Some(Scalar::Bool(true))).then(|| ready.span())
}

/// Whether a container is ready, as its pod's status says.
pub(super) fn container_ready<'a>(pod: &'a Object, container: &str) -> Option<Node<'a>> {
    let statuses = pod.at(&["status", "containerStatuses"])?;
    let named = |status: &Node<'_>| {
        status
            .get("name")
            .is_some_and(|name| name.text() == container)
    };
    statuses.items().find(named)?.get("ready")
}
