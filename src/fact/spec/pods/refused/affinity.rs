//! Affinity: terms of nodes and of pods, with their selectors.

use super::refusals::{Refusals, text};
use crate::fact::spec::Draft;
use crate::fact::spec::pods::places;
use crate::manifest::Node;
use crate::schema::names::{is_name, is_qualified};

const REQUIRED: &str = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED: &str = "preferredDuringSchedulingIgnoredDuringExecution";

pub(super) fn look(draft: &Draft<'_>, refusals: &mut Refusals) {
    for place in places(draft, "affinity") {
        for (key, kind) in place.value.entries() {
            let at = format!("{}.{}", place.path, key.key());
            if key.key() == "nodeAffinity" {
                of_nodes(&at, kind, refusals);
            } else {
                of_pods(&at, kind, refusals);
            }
        }
    }
}

fn of_nodes(at: &str, kind: Node<'_>, refusals: &mut Refusals) {
    let required = kind.get(REQUIRED);
    if let Some((key, terms)) = required.and_then(|one| one.entry("nodeSelectorTerms")) {
        if terms.is_seq() && terms.items().next().is_none() {
            refusals.tell(at, key, "it has no nodeSelectorTerms".to_owned());
        }
        for term in terms.items() {
            node_term(at, term, refusals);
        }
    }
    for item in items(kind, PREFERRED) {
        weight(at, item, refusals);
        if let Some(term) = item.get("preference") {
            node_term(at, term, refusals);
        }
    }
}

fn node_term(at: &str, term: Node<'_>, refusals: &mut Refusals) {
    for field in ["matchExpressions", "matchFields"] {
        for one in items(term, field) {
            requirement(at, one, true, refusals);
        }
    }
}

fn of_pods(at: &str, kind: Node<'_>, refusals: &mut Refusals) {
    for term in items(kind, REQUIRED) {
        pod_term(at, term, refusals);
    }
    for item in items(kind, PREFERRED) {
        weight(at, item, refusals);
        if let Some(term) = item.get("podAffinityTerm") {
            pod_term(at, term, refusals);
        }
    }
}

fn pod_term(at: &str, term: Node<'_>, refusals: &mut Refusals) {
    topology_key(at, term, refusals);
    for field in ["labelSelector", "namespaceSelector"] {
        if let Some(one) = term.get(field) {
            selector(at, one, refusals);
        }
    }
}

fn items<'a>(node: Node<'a>, field: &str) -> impl Iterator<Item = Node<'a>> + use<'a> {
    node.get(field).into_iter().flat_map(Node::items)
}

fn weight(at: &str, item: Node<'_>, refusals: &mut Refusals) {
    let Some((node, said)) = text(item, "weight") else {
        return;
    };
    if said
        .parse::<i64>()
        .is_ok_and(|weight| !(1..=100).contains(&weight))
    {
        refusals.tell(
            at,
            node,
            format!("its weight is {said}, not one from 1 to 100"),
        );
    }
}

/// The label of nodes by which pods are kept together or apart.
pub(super) fn topology_key(at: &str, term: Node<'_>, refusals: &mut Refusals) {
    if let Some((node, said)) = text(term, "topologyKey")
        && !is_qualified(said)
    {
        let said = if said.is_empty() { "empty" } else { said };
        refusals.tell(
            at,
            node,
            format!("its topologyKey is {said}, which no label can be"),
        );
    }
}

/// Labels that pods are to have.
pub(super) fn selector(at: &str, selector: Node<'_>, refusals: &mut Refusals) {
    for one in items(selector, "matchExpressions") {
        requirement(at, one, false, refusals);
    }
    for (key, value) in selector
        .get("matchLabels")
        .into_iter()
        .flat_map(Node::entries)
    {
        if !is_qualified(&key.key()) {
            refusals.tell(at, key, format!("{} cannot be a label", key.key()));
        }
        let said = value.text();
        if value.as_str().is_some() && !said.is_empty() && !is_name(said) {
            refusals.tell(at, value, format!("{said} cannot be the value of a label"));
        }
    }
}

/// One condition on a label.
fn requirement(at: &str, one: Node<'_>, of_nodes: bool, refusals: &mut Refusals) {
    let Some((operator, said)) = text(one, "operator") else {
        return;
    };
    let count = items(one, "values").count();
    let why = match said {
        "In" | "NotIn" if count == 0 => format!("{said} has no values"),
        "Exists" | "DoesNotExist" if count > 0 => format!("{said} has values"),
        "In" | "NotIn" | "Exists" | "DoesNotExist" => return,
        "Gt" | "Lt" if of_nodes && count != 1 => format!("{said} has not one value"),
        "Gt" | "Lt" if of_nodes => return,
        _ => format!("its operator is {said}, not In, NotIn, Exists or DoesNotExist"),
    };
    refusals.tell(at, operator, why);
}
