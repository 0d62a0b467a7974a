//! What a draft says of the pods that the operator makes, wherever in the spec it stands: the API server takes a
//! PostgresCluster with it, and refuses the pods.

pub(super) mod image;
pub(super) mod images;
pub(super) mod instances;
pub(super) mod mesh;
pub(super) mod node_ports;
pub(super) mod pgbouncer;
pub(super) mod ports;
pub(super) mod requests;
pub(super) mod sidecars;
pub(super) mod tolerations;
pub(super) mod way;

use std::borrow::Cow;

use super::Draft;
use crate::manifest::Node;
use way::{Step, Ways};

/// One place of a kind, as `spec.instances[00].tolerations`, and what stands there.
struct Place<'a> {
    path: String,
    value: Node<'a>,
    /// The map it stands in.
    around: Node<'a>,
}

/// Every place below the spec with this key, in the order of the text; of one that stands in several places through an
/// alias the first.
fn places<'a>(draft: &Draft<'a>, key: &str) -> Vec<Place<'a>> {
    let mut found = Vec::new();
    if !draft.keys().any(|name| name == key) {
        return found;
    }
    let is_collection = |node: Node<'_>| node.is_map() || node.is_seq();
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
            if entry.name == key {
                let path = format!("{}.{key}", ways.text(from));
                found.push(Place {
                    path,
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
