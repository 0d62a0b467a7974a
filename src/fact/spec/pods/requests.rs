//! Requests above the limits beside them: the API server refuses such a pod. Of a claim it does not, so storage is left
//! out.

use super::places;
use crate::expr::Quantity;
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.requestsAboveLimits",
    "requests of containers anywhere in the spec that are above their limit: {path, resource, request, limit}",
    &["path", "resource", "request", "limit"],
    above,
)];

fn above(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut found = Vec::new();
    for place in places(draft, "resources") {
        let both = place.value.get("requests").zip(place.value.get("limits"));
        for (resource, request) in both
            .into_iter()
            .flat_map(|(requests, _)| requests.entries())
        {
            let name = resource.key();
            let limit = both.and_then(|(_, limits)| limits.get(&name));
            let Some(limit) = limit.filter(|_| name != "storage") else {
                continue;
            };
            let more = amount(request).zip(amount(limit));
            if more.is_some_and(|(request, limit)| request > limit) {
                let said = |node: Node<'_>| Fact::at(node.text().into(), node.span(), "the amount");
                let id = format!("{}.{name}", place.path);
                let element = Element::new(id, request.span(), "more than the limit");
                found.push(
                    element
                        .with("path", Fact::known(place.path.as_str().into()))
                        .with("resource", Fact::known((&*name).into()))
                        .with("request", said(request))
                        .with("limit", said(limit)),
                );
            }
        }
    }
    Fact::at(found, draft.nearest(&["spec", "instances"]), "the spec")
}

/// One that is no quantity is told by the schema.
fn amount(node: Node<'_>) -> Option<i128> {
    Quantity::parse(node.text()).map(|quantity| quantity.0)
}
