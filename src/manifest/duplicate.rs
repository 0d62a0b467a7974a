//! Keys that a mapping holds more than once: the last one wins, in silence, unless somebody says so.

use std::borrow::Cow;

use super::Node;
use crate::source::Span;

/// A key, where it stands again, and where it stood before.
pub(super) struct Repeated<'a> {
    pub(super) key: Cow<'a, str>,
    pub(super) again: Span,
    pub(super) earlier: Span,
}

/// The repeated keys of an object, in the order of their text.
pub(super) fn keys(root: Node<'_>) -> Vec<Repeated<'_>> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        open.extend(node.items());
        if node.is_map() {
            open.extend(node.entries().map(|(_, value)| value));
            find(node, &mut found);
        }
    }
    found.sort_by_key(|repeated| repeated.again);
    // What an alias stands for appears twice.
    found.dedup_by_key(|repeated| repeated.again);
    found
}

fn find<'a>(map: Node<'a>, found: &mut Vec<Repeated<'a>>) {
    let within = map.span();
    // What `<<` merged from elsewhere is there to be replaced.
    let mut keys: Vec<_> = map
        .entries()
        .map(|(key, _)| (key.key(), key.span()))
        .filter(|(_, span)| within.start <= span.start && span.end <= within.end)
        .collect();
    // kubectl sorts keys, so that most maps need no sorting.
    if keys.is_sorted_by(|(a, _), (b, _)| a < b) {
        return;
    }
    keys.sort();
    let pairs = keys.windows(2).filter_map(|pair| match pair {
        [(key, earlier), (same, again)] if key == same => Some(Repeated {
            key: key.clone(),
            again: *again,
            earlier: *earlier,
        }),
        _ => None,
    });
    found.extend(pairs);
}
