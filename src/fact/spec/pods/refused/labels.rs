//! Labels and annotations that the operator puts onto what it makes: `metadata` below the spec.

use super::refusals::Refusals;
use crate::fact::spec::Draft;
use crate::fact::spec::pods::places;
use crate::manifest::Node;
use crate::schema::names::{is_name, is_qualified};

pub(super) fn look(draft: &Draft<'_>, refusals: &mut Refusals) {
    for place in places(draft, "metadata") {
        let of = |field| place.value.get(field).into_iter().flat_map(Node::entries);
        for (key, value) in of("labels") {
            let at = format!("{}.labels.{}", place.path, key.key());
            if !is_qualified(&key.key()) {
                refusals.tell(&at, key, format!("{} cannot be a label", key.key()));
            }
            let text = value.as_str().unwrap_or("");
            if !text.is_empty() && !is_name(text) && !value.is_unsaid() {
                let why = format!("{text} cannot be the value of a label");
                refusals.tell(&at, value, why);
            }
        }
        for (key, _) in of("annotations") {
            if !is_qualified(&key.key().to_lowercase()) {
                let at = format!("{}.annotations.{}", place.path, key.key());
                refusals.tell(&at, key, format!("{} cannot be an annotation", key.key()));
            }
        }
    }
}
