//! A tree without a part that nothing reads.

use std::ops::Range;
use std::sync::Arc;

use crate::manifest::{NodeId, RawNode, Tree};

impl Tree {
    /// The same without what is below one of its collections, which then is empty.
    pub(in crate::manifest) fn copy_without(&self, top: NodeId) -> Self {
        let Some(below) = self.below(top) else {
            return self.copy();
        };
        #[allow(clippy::cast_possible_truncation)] // ids are of 32 bits
        let (gone, end) = (below.len() as u32, below.end as u32);
        let moved = |id: NodeId| match id {
            NodeId(after) if id != NodeId::NONE && after >= end => NodeId(after - gone),
            before => before,
        };
        let moved = |raw: &RawNode| {
            let mut raw = *raw;
            raw.next = moved(raw.next);
            let first = raw.first_child();
            if first != NodeId::NONE {
                raw.set_first_child(moved(first));
            }
            raw
        };
        let (before, from) = (self.nodes.get(..below.start), self.nodes.get(below.end..));
        let (before, from) = (before.unwrap_or_default(), from.unwrap_or_default());
        let mut nodes = Vec::with_capacity(before.len() + from.len());
        nodes.extend(before.iter().map(moved));
        nodes.extend(from.iter().map(moved));
        if let Some(raw) = nodes.get_mut(top.0 as usize) {
            *raw = RawNode {
                next: raw.next,
                ..RawNode::new(raw.kind(), raw.start, raw.end)
            };
        }
        Tree {
            source: Arc::clone(&self.source),
            nodes,
            decoded: self.decoded.clone(),
            unique_keys: self.unique_keys,
        }
    }

    /// The places of all nodes below this one, where they follow it in one piece, as they do unless something stands for
    /// something else.
    fn below(&self, top: NodeId) -> Option<Range<usize>> {
        let (mut open, mut count, mut last) = (vec![self.raw(top)?.first_child()], 0, top.0);
        while let Some(mut id) = open.pop() {
            while let Some(raw) = self.raw(id) {
                count += 1;
                last = last.max(id.0);
                if raw.is_collection() {
                    open.push(raw.first_child());
                }
                id = raw.next;
            }
        }
        (count > 0 && last == top.0 + count).then_some(top.0 as usize + 1..last as usize + 1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::manifest::reader::fast;
    use crate::source::{OriginId, Source, SourceId};

    #[test]
    fn all_else_stays_where_it_is() {
        let text =
            "a: \"\\t1\"\nb:\n- c: {d: [1, 2]}\n  e: \"\\t2\"\n- f\ng:\n  h: \"\\t3\"\ni: []\n";
        let end = u32::try_from(text.len()).unwrap();
        let source = Source::new(SourceId(0), OriginId(0), String::new(), text.to_owned());
        let tree = fast::whole(&Arc::new(source), 0..end).unwrap();
        let at = |key| tree.root().get(key).unwrap();
        let without = tree.copy_without(at("b").id);
        assert_eq!(without.nodes.len(), tree.nodes.len() - 10);
        let kept = |path: &[&str]| without.root().at(path).unwrap();
        assert!(kept(&["b"]).is_seq() && kept(&["b"]).items().next().is_none());
        assert_eq!(kept(&["b"]).span(), at("b").span());
        assert_eq!(
            (kept(&["a"]).text(), kept(&["g", "h"]).text()),
            ("\t1", "\t3")
        );
        assert!(kept(&["i"]).is_seq());
        for (key, count) in [("a", 0), ("i", 0), ("g", 2)] {
            let same = tree.copy_without(at(key).id);
            assert_eq!(same.nodes.len(), tree.nodes.len() - count, "{key}");
        }
    }
}
