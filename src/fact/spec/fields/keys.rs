//! The keys of a draft, read once: facts look the same fields up very often.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::manifest::Node;

/// One entry of a map.
pub(in crate::fact::spec) struct Entry<'a> {
    pub(in crate::fact::spec) name: Cow<'a, str>,
    pub(in crate::fact::spec) key: Node<'a>,
    pub(in crate::fact::spec) value: Node<'a>,
}

/// The entries of every map of a draft.
pub(in crate::fact::spec) struct Keys<'a> {
    /// All of them, those of one map together, in the order of the source.
    entries: Vec<Entry<'a>>,
    /// By a map's node: where its entries begin and end. Of nodes that are no maps, nothing.
    maps: Vec<Range<u32>>,
}

impl<'a> Keys<'a> {
    pub(in crate::fact::spec) fn of(root: Node<'a>) -> Self {
        let mut keys = Keys {
            entries: Vec::with_capacity(64),
            maps: vec![0..0; root.tree.nodes.len()],
        };
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if node.is_seq() {
                open.extend(node.items().filter(|item| item.is_map() || item.is_seq()));
                continue;
            }
            let start = keys.number();
            for (key, value) in node.entries() {
                let name = key.key();
                keys.entries.push(Entry { name, key, value });
                if value.is_map() || value.is_seq() {
                    open.push(value);
                }
            }
            let end = keys.number();
            if let Some(map) = keys.maps.get_mut(node.id.0 as usize) {
                *map = start..end;
            }
        }
        keys
    }

    /// How many entries there are so far.
    fn number(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    /// The entries of a map, repeated keys included; none of anything else.
    pub(in crate::fact::spec) fn below(&self, node: Node<'a>) -> &[Entry<'a>] {
        let range = self.maps.get(node.id.0 as usize);
        let range = range.map(|range| range.start as usize..range.end as usize);
        let entries = range.and_then(|range| self.entries.get(range));
        entries.unwrap_or_default()
    }

    /// The entries of a map in source order; of a repeated key only the last, as the API server has it.
    pub(in crate::fact::spec) fn last_below(&self, map: Node<'a>) -> Vec<(Node<'a>, Node<'a>)> {
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

    /// Whether any map has such a key.
    pub(in crate::fact::spec) fn any(&self, is: impl Fn(&str) -> bool) -> bool {
        self.entries.iter().any(|entry| is(&entry.name))
    }

    /// The entry with this key; the last one where a key is repeated, as the API server has it.
    pub(in crate::fact::spec) fn entry(&self, node: Node<'a>, key: &str) -> Option<&Entry<'a>> {
        let mut entries = self.below(node).iter().rev();
        entries.find(|entry| entry.name == key)
    }
}
