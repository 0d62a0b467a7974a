//! Services that a server refuses: what its type does not have.

use super::places;
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.servicesRefused",
    "every field of a Service, wherever one can be described, that does not go with another of its fields: {path, why}",
    &["path", "why"],
    refused,
)];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut found = Vec::new();
    let mut tell = |path: &str, node: Node<'_>, why: String| {
        let element = Element::new(path.to_owned(), node.span(), "refused in a Service");
        found.push(
            element
                .with("path", Fact::known(path.into()))
                .with("why", Fact::known(why.into())),
        );
    };
    for place in places(draft, "externalTrafficPolicy") {
        let policy = place.value.text();
        if !policy.is_empty() && !place.value.is_null() && kind(place.around) == "ClusterIP" {
            let why = format!("it is {policy}, and a Service of type ClusterIP has none");
            tell(&place.path, place.value, why);
        }
    }
    for place in places(draft, "ipFamilies") {
        let policy = place.around.get("ipFamilyPolicy").map_or("", Node::text);
        let families: Vec<&str> = place.value.items().map(Node::text).collect();
        if families.len() > 1 && policy == "SingleStack" {
            let why = "there are two, and the policy is SingleStack".to_owned();
            tell(&place.path, place.value, why);
        } else if families.len() > 1 && families.first() == families.get(1) {
            tell(&place.path, place.value, "both are the same".to_owned());
        }
    }
    Fact::at(found, draft.nearest(&["spec"]), "the spec")
}

/// The type of a Service; the operator makes one of `ClusterIP` unless told otherwise.
fn kind(service: Node<'_>) -> &str {
    let kind = service.get("type").filter(|kind| !kind.is_null());
    kind.map_or("ClusterIP", Node::text)
}
