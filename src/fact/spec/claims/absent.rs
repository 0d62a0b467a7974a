//! Whether a claim that a draft adopts is there at all.
//!
//! PGO applies the claim: one that is not there is made, empty, and nothing tells.

use super::volumes::Volume;
use crate::expr::Value;
use crate::fact::spec::Draft;
use crate::fact::spec::around::existing;
use crate::manifest::{Completeness, Fact, Found, Inventory, Kind, Listing, Node};

const KIND: Kind = Kind::PersistentVolumeClaim;
const NOTE: &str = "the claim the draft adopts";

/// Whether the claim named here does not exist where the draft will be. Nothing is to be said where a paired cluster is known
/// to have one (where the two differ, the comparison tells), and where the input shows neither v4 nor claims: a draft may
/// be checked alone, whatever is said of the rest.
pub(super) fn absent(draft: &Draft<'_>, volume: Volume, name: Option<Node<'_>>) -> Fact<Value> {
    let Some(name) = name else {
        return Fact::known(false.into());
    };
    let there = || Fact::at(false.into(), name.span(), NOTE);
    if draft.places().all(Inventory::holds_only_drafts) {
        return there();
    }
    if let Some(pair) = draft.pairing.pair() {
        let theirs = draft.v4(&format!("{}.name", volume.v4_prefix()));
        let known = matches!(theirs.value(), Some(Value::Str(name)) if !name.is_empty());
        // Claims are never taken from another namespace, whatever the pair has there.
        let apart = draft.namespace.is_some()
            && pair.cluster.namespace.is_some()
            && draft.namespace != pair.cluster.namespace;
        if known && !apart {
            return there();
        }
    }
    let Some(namespace) = draft.namespace().value().map(|text| (*text).to_owned()) else {
        return anywhere(draft, name);
    };
    let missing = || Fact::at(true.into(), name.span(), "does not exist");
    match existing::find(draft, KIND, Some(&namespace), name.text()) {
        Found::Absent(None) => missing(),
        Found::Absent(Some(assumption)) => missing().assuming(assumption),
        Found::Unseen(gap) if shows(draft, &namespace) => Fact::unknown(gap),
        Found::Here(_) | Found::Unseen(_) => there(),
    }
}

/// Of a draft that writes no namespace: whether no namespace has a claim of this name.
fn anywhere(draft: &Draft<'_>, name: Node<'_>) -> Fact<Value> {
    let there = || Fact::at(false.into(), name.span(), NOTE);
    let listings: Vec<Listing<'_>> = draft.places().map(|place| place.list_all(KIND)).collect();
    let first = listings.first();
    let whole = first.is_some_and(|first| matches!(first.completeness, Completeness::Full));
    let mut claims = listings.iter().flat_map(|listing| &listing.objects);
    if whole && !claims.any(|claim| *claim.name == *name.text()) {
        Fact::at(true.into(), name.span(), "does not exist in any namespace")
    } else {
        there()
    }
}

/// Whether the input shows what v4, or anybody, has in the namespace.
fn shows(draft: &Draft<'_>, namespace: &str) -> bool {
    let known = draft.pairing.pair().is_some() || !draft.pairing.near().is_empty();
    known
        || draft.places().any(|place| {
            let kinds = [KIND, Kind::Pgcluster];
            let mut listings = kinds.iter().map(|kind| place.list(*kind, Some(namespace)));
            listings.any(|listing| !listing.objects.is_empty())
        })
}
