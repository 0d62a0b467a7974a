//! Containers of one's own beside Postgres: `spec.instances[].containers`.

use super::problems::{Problems, at};
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind, Node, Object};

const INSTANCES: [&str; 2] = ["spec", "instances"];
const NOTE: &str = "the instance sets";
/// The containers PGO puts into the pod of an instance: internal/naming/names.go.
const OF_PGO: [&str; 10] = [
    "collector",
    "database",
    "exporter",
    "nss-wrapper-init",
    "pgbackrest",
    "pgbackrest-config",
    "pgbackrest-log-dir",
    "postgres-startup",
    "replication-cert-copy",
    "repo-host",
];

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.sidecars",
        Type::Strings,
        "the containers of one's own in the instance sets",
        |draft| list(draft, |_| true),
    ),
    row(
        "draft.sidecarsNamedLikePgos",
        Type::Strings,
        "those that have the name of a container PGO itself puts into the pod",
        |draft| list(draft, |name| OF_PGO.contains(&name)),
    ),
    row(
        "draft.sidecarGate",
        Type::String,
        "the gate InstanceSidecars as an operator in the input sets it: \"true\", \"false\"; \"\" where none does",
        gate,
    ),
];

fn list(draft: &Draft<'_>, wanted: fn(&str) -> bool) -> Fact<Value> {
    let mut problems = Problems::default();
    let sets = problems.look(draft.items(&INSTANCES));
    for set in sets.into_iter().flat_map(|truth| truth.value) {
        let containers = set.get("containers").into_iter().flat_map(Node::items);
        for name in containers.filter_map(|container| container.get("name")) {
            if wanted(name.text()) {
                problems.add(name.text(), &[at(name.span(), "a container of one's own")]);
            }
        }
    }
    problems.list(draft.nearest(&INSTANCES), NOTE)
}

fn gate(draft: &Draft<'_>) -> Fact<Value> {
    let operators = draft
        .places()
        .flat_map(|place| place.list_all(Kind::Deployment).objects);
    let operators = operators.filter(|deployment| {
        deployment
            .label("postgres-operator.crunchydata.com/control-plane")
            .is_some()
    });
    let found = operators
        .filter_map(gates)
        .find_map(|node| Some((set(node.text())?, node)));
    match found {
        Some((value, node)) => Fact::at(value.into(), node.span(), "the operator's gates"),
        None => Fact::at("".into(), draft.nearest(&INSTANCES), NOTE),
    }
}

/// `PGO_FEATURE_GATES` of an operator.
fn gates(deployment: &Object) -> Option<Node<'_>> {
    let pod = ["spec", "template", "spec", "containers"];
    let mut env = deployment
        .at(&pod)?
        .items()
        .filter_map(|container| container.get("env"))
        .flat_map(Node::items);
    let is_it = |variable: &Node<'_>| {
        variable
            .get("name")
            .is_some_and(|name| name.text() == "PGO_FEATURE_GATES")
    };
    env.find(is_it)?.get("value")
}

/// What a list of gates says of the sidecars.
fn set(gates: &str) -> Option<String> {
    let mut all = gates
        .split(',')
        .filter_map(|gate| gate.trim().split_once('='));
    let gate = all.find(|(name, _)| *name == "InstanceSidecars");
    gate.map(|(_, value)| value.to_ascii_lowercase())
}
