//! Keys that a mapping holds more than once: the last one wins, in silence, unless somebody says so.

use std::borrow::Cow;

use crate::manifest::Node;
use crate::source::Span;

/// A key, where it stands again, and where it stood before.
pub(in crate::manifest) struct Repeated<'a> {
    pub(in crate::manifest) key: Cow<'a, str>,
    pub(in crate::manifest) again: Span,
    pub(in crate::manifest) earlier: Span,
}

/// The repeated keys of an object, in the order of their text.
pub(in crate::manifest) fn keys(root: Node<'_>) -> Vec<Repeated<'_>> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        open.extend(node.items().filter(|item| !item.is_scalar()));
        if node.is_map() {
            let values = node.entries().map(|(_, value)| value);
            open.extend(values.filter(|value| !value.is_scalar()));
            find(node, &mut found);
        }
    }
    found.sort_by_key(|repeated| repeated.again);
    // What an alias stands for appears twice.
    found.dedup_by_key(|repeated| repeated.again);
    found
}

fn find<'a>(map: Node<'a>, found: &mut Vec<Repeated<'a>>) {
    // kubectl sorts keys, so that most maps need no sorting.
    if has_sorted_keys(map) {
        return;
    }
    let within = map.span();
    // What `<<` merged from elsewhere is there to be replaced.
    let mut keys: Vec<_> = map
        .entries()
        .map(|(key, _)| (key.key(), key.span()))
        .filter(|(_, span)| within.start <= span.start && span.end <= within.end)
        .collect();
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

/// Whether each key of a mapping comes after the one before it in the alphabet.
fn has_sorted_keys(map: Node<'_>) -> bool {
    let mut keys = map.entries().map(|(key, _)| key.key());
    let Some(mut before) = keys.next() else {
        return true;
    };
    keys.all(|key| {
        let sorted = before < key;
        before = key;
        sorted
    })
}
