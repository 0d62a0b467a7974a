//! What stands in the spec for the operator's pods, and a server refuses there: the operator's `StatefulSet`s and Jobs are
//! not made, and it does not go on. The schema of a PostgresCluster lets it pass.
//!
//! As Kubernetes' pkg/apis/core/validation/validation.go has it; what only newer servers take is not told.

mod affinity;
mod containers;
mod labels;
mod refusals;
mod resources;
mod spread;

use crate::fact::spec::{Draft, DraftFact, each};
use crate::fact::{Element, element};
use crate::manifest::Fact;
use refusals::Refusals;

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
