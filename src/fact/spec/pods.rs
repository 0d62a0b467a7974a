//! What a draft says of the pods that the operator makes, wherever in the spec it stands: the API server takes a
//! PostgresCluster with it, and refuses the pods.

pub(super) mod additional;
mod additional_volumes;
pub(super) mod amounts;
pub(super) mod image;
mod image_reference;
pub(super) mod images;
pub(super) mod instances;
mod known_images;
pub(super) mod mesh;
pub(super) mod node_ports;
pub(super) mod pgbouncer;
mod place;
pub(super) mod ports;
pub(super) mod refused;
pub(super) mod requests;
pub(super) mod services;
pub(super) mod sidecars;
pub(super) mod tolerations;
pub(super) mod way;

pub(super) use place::Place;

use std::borrow::Cow;

use super::Draft;
use crate::manifest::Node;
use way::{Step, Ways};

/// The fields that are looked at wherever they stand.
const KINDS: [&str; 10] = [
    "affinity",
    "externalTrafficPolicy",
    "ipFamilies",
    "metadata",
    "minAvailable",
    "nodePort",
    "priorityClassName",
    "resources",
    "tolerations",
    "topologySpreadConstraints",
];

/// Every place below the spec of this kind, in the order of the text; of one that stands in several places through an
/// alias the first.
fn places<'d, 'a>(draft: &'d Draft<'a>, kind: &str) -> impl Iterator<Item = &'d Place<'a>> {
    let all = draft.memo().places.get_or_init(|| walk(draft));
    all.iter().filter(move |place| place.kind == kind)
}

/// One walk for all kinds.
fn walk<'a>(draft: &Draft<'a>) -> Vec<Place<'a>> {
    let is_collection = |node: Node<'_>| node.is_map() || node.is_seq();
    let mut found = Vec::new();
    let mut ways = Ways::default();
    let spec = draft.at(&["spec"]).into_iter();
    let mut open: Vec<_> = spec.map(|spec| (None, spec)).collect();
    while let Some((from, node)) = open.pop() {
        for (at, item) in node.items().enumerate() {
            if is_collection(item) {
                open.push((ways.step(from, Step::Item(called(item, at))), item));
            }
        }
        for entry in draft.keys().below(node) {
            if let Some(kind) = KINDS.into_iter().find(|kind| *kind == entry.name) {
                found.push(Place {
                    kind,
                    path: format!("{}.{kind}", ways.text(from)),
                    value: entry.value,
                    around: node,
                });
            } else if is_collection(entry.value) && entry.name != "dynamicConfiguration" {
                let step = Step::Field(entry.name.clone());
                open.push((ways.step(from, step), entry.value));
            }
        }
    }
    found.sort_by_key(|place| place.value.span());
    found.dedup_by_key(|place| place.value.span());
    found
}

/// What tells an item from the others: its name, else its number.
fn called(item: Node<'_>, at: usize) -> Cow<'_, str> {
    let name = item.get("name").map_or("", Node::text);
    if name.is_empty() {
        at.to_string().into()
    } else {
        name.into()
    }
}
