//! Tolerations that the API server refuses in a pod. A PostgresCluster may hold them: its schema names no values.

use super::places;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::{Element, element};
use crate::manifest::{Fact, Node};
use crate::source::Span;

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.tolerationsRefused",
    "tolerations anywhere in the spec that no pod may have: {why}",
    &["why"],
    refused,
)];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut found = Vec::new();
    for place in places(draft, "tolerations") {
        for item in place.value.items() {
            if let Some((why, span)) = wrong(item) {
                let said = |key| item.get(key).map_or("", Node::text);
                let id = format!("{}[{}:{}]", place.path, said("key"), said("effect"));
                let element = Element::new(id, span, "refused in a pod");
                found.push(element.with("why", Fact::known(why.into())));
            }
        }
    }
    let found = element::told_apart(found);
    Fact::at(found, draft.nearest(&["spec", "instances"]), "the spec")
}

/// What is wrong, and where (Kubernetes pkg/apis/core/validation, `ValidateTolerations`). `Lt` and `Gt` are taken since
/// 1.35, so nothing is said of them.
fn wrong(item: Node<'_>) -> Option<(String, Span)> {
    let text = |key| item.get(key).filter(|node| !node.is_null()).map(Node::text);
    let span = |key| item.get(key).unwrap_or(item).span();
    let operator = text("operator").unwrap_or("");
    let effect = text("effect").unwrap_or("");
    if !matches!(operator, "" | "Equal" | "Exists" | "Lt" | "Gt") {
        let why = format!("its operator is {operator}, not Equal or Exists");
        return Some((why, span("operator")));
    }
    if !matches!(effect, "" | "NoSchedule" | "PreferNoSchedule" | "NoExecute") {
        let why = format!("its effect is {effect}, not NoSchedule, PreferNoSchedule or NoExecute");
        return Some((why, span("effect")));
    }
    if text("key").unwrap_or("").is_empty() && operator != "Exists" {
        return Some((
            "it has no key, which only Exists may".to_owned(),
            item.span(),
        ));
    }
    if operator == "Exists" && !text("value").unwrap_or("").is_empty() {
        return Some(("it has a value beside Exists".to_owned(), span("value")));
    }
    if text("tolerationSeconds").is_some() && effect != "NoExecute" {
        let why = "it has tolerationSeconds, which only the effect NoExecute may".to_owned();
        return Some((why, span("tolerationSeconds")));
    }
    None
}
