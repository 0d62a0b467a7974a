//! What stands in the spec for the operator's pods, and a server refuses there: the operator's StatefulSets and Jobs are
//! not made, and it does not go on. The schema of a PostgresCluster lets it pass.
//!
//! As Kubernetes' pkg/apis/core/validation/validation.go has it; what only newer servers take is not told.

mod affinity;
mod containers;
mod labels;
mod resources;
mod spread;

use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::{Element, element};
use crate::manifest::{Fact, Node};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.podPartsRefused",
    "every part of affinity, spread constraints, resources, containers, labels and annotations, wherever it stands in the spec, that no pod may have: {place, why}; tolerations are in draft.tolerationsRefused, requests above limits in draft.requestsAboveLimits",
    &["place", "why"],
    refused,
)];

fn refused(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut refusals = Refusals::default();
    affinity::look(draft, &mut refusals);
    spread::look(draft, &mut refusals);
    resources::look(draft, &mut refusals);
    containers::look(draft, &mut refusals);
    labels::look(draft, &mut refusals);
    let found = element::told_apart(refusals.0);
    Fact::at(found, draft.nearest(&["spec", "instances"]), "the spec")
}

/// What was found so far.
#[derive(Default)]
struct Refusals(Vec<Element>);

impl Refusals {
    /// That what stands in a place is refused, and why: "the weight of an affinity is 0, not one from 1 to 100".
    fn tell(&mut self, place: &str, node: Node<'_>, why: String) {
        let note = "refused in a pod";
        let element = Element::new(place.to_owned(), node.span(), note)
            .with("place", Fact::known(place.into()))
            .with("why", Fact::known(why.into()));
        self.0.push(element);
    }
}

/// The text of a field that is there and not null.
fn text<'a>(node: Node<'a>, field: &str) -> Option<(Node<'a>, &'a str)> {
    let value = node.get(field).filter(|value| !value.is_null())?;
    Some((value, value.text()))
}
