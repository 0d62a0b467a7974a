//! The keys of a draft, read once: facts look the same fields up very often.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::atomic::Ordering;

use super::Draft;
use crate::manifest::{Fact, Node};
use crate::source::Span;

/// One entry of a map.
pub(super) struct Entry<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) key: Node<'a>,
    pub(super) value: Node<'a>,
}

/// The entries of every map of a draft.
pub(super) struct Keys<'a> {
    /// All of them, those of one map together, in the order of the source.
    entries: Vec<Entry<'a>>,
    /// The numbers of the maps' nodes, sorted, and where their entries begin and end.
    maps: Vec<(u32, Range<usize>)>,
}

impl<'a> Keys<'a> {
    pub(super) fn of(root: Node<'a>) -> Self {
        let mut keys = Keys {
            entries: Vec::with_capacity(64),
            maps: Vec::with_capacity(32),
        };
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if node.is_seq() {
                open.extend(node.items().filter(|item| item.is_map() || item.is_seq()));
                continue;
            }
            let start = keys.entries.len();
            for (key, value) in node.entries() {
                let name = key.key();
                keys.entries.push(Entry { name, key, value });
                if value.is_map() || value.is_seq() {
                    open.push(value);
                }
            }
            if start < keys.entries.len() {
                keys.maps.push((node.id.0, start..keys.entries.len()));
            }
        }
        keys.maps.sort_unstable_by_key(|(map, _)| *map);
        keys
    }

    /// The entries of a map, repeated keys included; none of anything else.
    pub(super) fn below(&self, node: Node<'a>) -> &[Entry<'a>] {
        let place = self.maps.binary_search_by_key(&node.id.0, |(map, _)| *map);
        let found = place.ok().and_then(|at| self.maps.get(at));
        let entries = found.and_then(|(_, range)| self.entries.get(range.clone()));
        entries.unwrap_or_default()
    }

    /// The entries of a map in source order; of a repeated key only the last, as the API server has it.
    pub(super) fn last_below(&self, map: Node<'a>) -> Vec<(Node<'a>, Node<'a>)> {
        let entries = self.below(map);
        let both = |entry: &Entry<'a>| (entry.key, entry.value);
        if entries.len() <= 16 {
            let is_last = |(at, entry): &(usize, &Entry<'a>)| {
                let mut later = entries.iter().skip(at + 1);
                later.all(|later| later.name != entry.name)
            };
            let last = entries.iter().enumerate().filter(is_last);
            return last.map(|(_, entry)| both(entry)).collect();
        }
        let mut later = BTreeSet::new();
        let last = entries.iter().rev().filter(|one| later.insert(&one.name));
        let mut last: Vec<_> = last.map(both).collect();
        last.reverse();
        last
    }

    /// Whether any map has this key.
    pub(super) fn any(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == key)
    }

    /// The entry with this key; the last one where a key is repeated, as the API server has it.
    pub(super) fn entry(&self, node: Node<'a>, key: &str) -> Option<&Entry<'a>> {
        let mut entries = self.below(node).iter().rev();
        entries.find(|entry| entry.name == key)
    }
}

impl<'a> Draft<'a> {
    /// Its keys. All lookups below are by these; they say what those of the same name of its object say.
    pub(super) fn keys(&self) -> &Keys<'a> {
        let keys = &self.memo().keys;
        keys.get_or_init(|| Keys::of(self.object.root()))
    }

    /// The key and value of a field.
    pub(super) fn entry(&self, path: &[&str]) -> Option<(Node<'a>, Node<'a>)> {
        let keys = self.keys();
        let get = |node, key: &&str| keys.entry(node, key).map(|entry| entry.value);
        let found = path.split_last().and_then(|(last, parents)| {
            let parent = parents.iter().try_fold(self.object.root(), get)?;
            keys.entry(parent, last)
        });
        if found.is_none() {
            self.missed.store(true, Ordering::Relaxed);
        }
        found.map(|entry| (entry.key, entry.value))
    }

    /// The value at a path of keys.
    pub(super) fn at(&self, path: &[&str]) -> Option<Node<'a>> {
        self.entry(path).map(|(_, value)| value)
    }

    /// The key of the deepest existing ancestor of an absent path; the draft's name if none exists.
    pub(super) fn nearest(&self, path: &[&str]) -> Span {
        let keys = self.keys();
        let mut node = self.object.root();
        let mut nearest = None;
        for key in path {
            let Some(entry) = keys.entry(node, key) else {
                break;
            };
            nearest = Some(entry.key);
            node = entry.value;
        }
        nearest.map_or_else(|| self.name_span(), Node::span)
    }

    /// A field; `None` where it is absent or null.
    pub(super) fn node(&self, path: &[&str], note: &'static str) -> Fact<Option<Node<'a>>> {
        if !self.object.rivals.is_empty() {
            return self.object.read(path, note);
        }
        match self.at(path).filter(|node| !node.is_null()) {
            Some(value) if value.is_unsaid() => self.object.read(path, note),
            Some(value) => Fact::at(Some(value), value.span(), note),
            None => Fact::lacking(None, self.nearest(path), note),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Desk;

    #[test]
    fn lookups_say_what_those_of_the_object_say() {
        let text = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\n\
                    metadata: {name: hippo, labels: {yes: a, 'true': b, 1: c}}\n\
                    spec:\n  a: 1\n  a: {b: {c: ~}}\n  list: [{x: 1}, [{y: 2}]]\n";
        let desk = Desk::of(&[text]);
        desk.with_draft(|draft| {
            let paths: [&[&str]; 10] = [
                &["spec"],
                &["spec", "a"],
                &["spec", "a", "b", "c"],
                &["spec", "a", "b", "d", "e"],
                &["spec", "list", "x"],
                &["spec", ""],
                &["metadata", "labels", "true"],
                &["metadata", "labels", "1"],
                &["metadata", "labels", "yes"],
                &["status", "a"],
            ];
            for path in paths {
                let (ours, theirs) = (draft.at(path), draft.object.at(path));
                let span = |node: crate::manifest::Node<'_>| node.span();
                assert_eq!(ours.map(span), theirs.map(span), "{path:?}");
                assert_eq!(draft.nearest(path), draft.object.nearest(path), "{path:?}");
            }
        });
    }
}
