//! The claims a draft adopts beside what it asks for.
//!
//! Whether they are the right ones; whether the drafted claim specs fit them is [`fit`].

mod adopted;
mod fit;

use adopted::adopted;

use super::super::pairing::of_pair;
use super::super::problems::Culprits;
use super::super::{Draft, DraftFact, each};
use super::sides::two_sides;
use crate::fact::Element;
use crate::fact::spec::claims::volumes::Volume;
use crate::fact::v4::seen::found;
use crate::manifest::{Fact, Inventory, Kind};
use fit::{Outcome, compared};

/// What is said of a claim spec beside the claim it is applied to.
const SPEC: [&str; 7] = ["role", "field", "property", "draft", "v4", "kind", "text"];

pub(super) static FACTS: &[DraftFact] = &[
    each(
        "pair.wrongClaims",
        "claims the draft adopts that are not those of the v4 cluster: {role, draft, v4, is, text}; role is data, wal or repo, is says what the drafted claim is",
        &["role", "draft", "v4", "is", "text"],
        wrong_claims,
    ),
    each(
        "pair.claimConflicts",
        "drafted claim specs that a server refuses to apply to the adopted claim: {role, field, property, draft, v4, kind, text}; kind is smaller, larger, class, accessModes or volumeMode",
        &SPEC,
        |draft| compared(draft, Outcome::Refused),
    ),
    each(
        "pair.claimGrowth",
        "drafted claim specs that let the adopted claim grow, in the same form",
        &SPEC,
        |draft| compared(draft, Outcome::Grows),
    ),
];

fn wrong_claims(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |pair| {
        let mut problems = Culprits::default();
        for volume in Volume::ALL {
            let Some(ours) = problems.look(adopted(draft, volume)) else {
                continue;
            };
            if ours.value.is_empty() {
                continue;
            }
            let fact = format!("{}.name", volume.v4_prefix());
            let Some(theirs) = problems.look(draft.v4_text(&fact)) else {
                continue;
            };
            if theirs.value.is_empty() || theirs.value == ours.value {
                continue;
            }
            let is = what_is(
                draft,
                pair.cluster.inventory,
                pair.cluster.namespace,
                &ours.value,
            );
            let (drafted, right) = (&ours.value, &theirs.value);
            let which = if is.is_empty() {
                String::new()
            } else {
                format!(", {is}")
            };
            let text = format!("{} names {drafted}{which}, not {right}", volume.field());
            let item = [
                ("role", volume.role().into()),
                ("draft", drafted.as_str().into()),
                ("v4", right.as_str().into()),
                ("is", is.into()),
                ("text", text.into()),
            ];
            problems.tell(volume.role().to_owned(), item, &two_sides(&ours, &theirs));
        }
        problems.list(draft.nearest(&["spec", "dataSource"]), "the adopted claims")
    })
}

/// What a claim of the v4 cluster's namespace is, as far as that is known.
fn what_is(
    draft: &Draft<'_>,
    inventory: &Inventory,
    namespace: Option<&str>,
    claim: &str,
) -> String {
    for (volume, words) in [
        (Volume::Data, "the data claim"),
        (Volume::Wal, "the WAL claim"),
        (Volume::Repo, "the repository's claim"),
    ] {
        let name = draft.v4_text(&format!("{}.name", volume.v4_prefix()));
        if name.value().is_some_and(|name| name == claim) {
            return words.to_owned();
        }
    }
    let replicas = draft.v4_texts("replicas.names");
    if replicas
        .value()
        .is_some_and(|names| names.iter().any(|name| name == claim))
    {
        return format!("the claim of the replica {claim}");
    }
    let kind = Kind::PersistentVolumeClaim;
    let object = found(inventory.find(kind, namespace, claim), "the claim");
    match object.value() {
        Some(Some(object)) => match object.label("pg-cluster") {
            Some(label) => format!("a claim of the v4 cluster {}", label.text()),
            None => String::new(),
        },
        Some(None) => "which does not exist".to_owned(),
        None => String::new(),
    }
}
