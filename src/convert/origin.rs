//! From a place in the input to the words that name it: "Pgcluster/hippo spec.ccpimagetag, pgo.yaml:41".

use crate::manifest::{Evidence, Inventory, KINDS, Node, Object};
use crate::source::Span;

/// The objects of the input by where they are written.
pub(super) struct Origins<'a>(Vec<(Span, &'a Object)>);

impl<'a> Origins<'a> {
    /// Of all objects of these inventories.
    pub(super) fn of(inventories: impl IntoIterator<Item = &'a Inventory>) -> Origins<'a> {
        let mut placed = Vec::new();
        for inventory in inventories {
            for kind in KINDS {
                let objects = inventory.list_all(kind.kind).objects;
                placed.extend(
                    objects
                        .into_iter()
                        .map(|object| (object.root().span(), object)),
                );
            }
        }
        placed.sort_unstable_by_key(|(span, _)| (span.source, span.start));
        Origins(placed)
    }

    /// The words for the place that tells most; `""` where there is none.
    pub(super) fn words(&self, evidence: &[Evidence]) -> String {
        let Some(place) = evidence.first() else {
            return String::new();
        };
        let Some(object) = self.object(place.span) else {
            return place.note.to_owned();
        };
        let source = &object.tree.source;
        let line = source.position(place.span.start).line;
        let name = format!("{}/{}", object.kind.info().name, object.name);
        let path = path(object.root(), place.span);
        format!("{name}{path}, {}:{line}", source.uri)
    }

    fn object(&self, span: Span) -> Option<&'a Object> {
        let after = self
            .0
            .partition_point(|(whole, _)| (whole.source, whole.start) <= (span.source, span.start));
        let (whole, object) = self.0.get(after.checked_sub(1)?)?;
        (whole.source == span.source && span.end <= whole.end).then_some(*object)
    }
}

/// The path of the innermost value that covers a span; items of lists go by their names where they have some.
fn path(root: Node<'_>, span: Span) -> String {
    let covers = |node: Node<'_>| {
        let outer = node.span();
        outer.start <= span.start && span.end <= outer.end
    };
    let mut path = String::new();
    let mut node = root;
    loop {
        if let Some((key, value)) = node
            .entries()
            .find(|(key, value)| covers(*key) || covers(*value))
        {
            path.push(if path.is_empty() { ' ' } else { '.' });
            path.push_str(&key.key());
            if covers(key) {
                return path;
            }
            node = value;
            continue;
        }
        let Some((number, item)) = node.items().enumerate().find(|(_, item)| covers(*item)) else {
            return path;
        };
        let name = item.get("name").map_or("", Node::text);
        if name.is_empty() {
            path.push_str(&format!("[{number}]"));
        } else {
            path.push_str(&format!("[{name}]"));
        }
        node = item;
    }
}
