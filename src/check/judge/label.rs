//! From what an expression read to labels on lines.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::hash_map::Entry;

use crate::check::report::finding::Label;
use crate::hashing::HashMap;
use crate::manifest::{Evidence, Fact, Node, NodeId, Object};
use crate::source::Span;

/// How many places beside the deciding one are shown.
const RELATED_LIMIT: usize = 6;

/// Labels for a finding: the first place of the leading fact is primary, other places are related. Where nothing is
/// written down anywhere, `otherwise` is the place. The subject's name (the anchor) says nothing new beside another place.
pub(in crate::check) fn labels<'f, V: Clone + 'f>(
    leading_first: impl IntoIterator<Item = Cow<'f, Fact<V>>>,
    anchor: Span,
    otherwise: Span,
) -> Vec<Label> {
    let mut places: Vec<Evidence> = Vec::new();
    for fact in leading_first {
        if let Fact::Known(truth) = &*fact {
            for place in &truth.evidence {
                // More are not shown; one of them may be the anchor.
                if places.len() > RELATED_LIMIT + 1 {
                    break;
                }
                if !places.iter().any(|seen| seen.span == place.span) {
                    places.push(*place);
                }
            }
        }
    }
    if places.is_empty() {
        places.push(Evidence {
            absent: false,
            span: otherwise,
            note: "",
        });
    }
    let mut index = 0;
    places.retain(|place| {
        index += 1;
        index == 1 || place.span != anchor
    });
    let labels = places.into_iter().take(RELATED_LIMIT + 1).enumerate();
    labels
        .map(|(index, place)| Label {
            span: place.span,
            primary: index == 0,
            message: match (place.absent, place.note) {
                (true, note) if !note.is_empty() => Cow::Owned(format!("{note}: not said here")),
                (_, note) => Cow::Borrowed(note),
            },
        })
        .collect()
}

/// The JSON Pointer of the innermost value (or key) of an object that covers a span; `None` if it lies elsewhere.
pub(in crate::check) fn pointer(object: &Object, span: Span) -> Option<String> {
    Pointers::default().to(object, span)
}

/// The same for many spans of one object: what has many children is looked through once, not once for each of them.
#[derive(Default)]
pub(in crate::check) struct Pointers(RefCell<HashMap<NodeId, Vec<Child>>>);

/// A child of a collection: where it starts and ends, the how manieth it is, itself, and for a mapping its key.
#[derive(Clone, Copy)]
struct Child {
    start: u32,
    end: u32,
    nth: u32,
    key: Option<NodeId>,
    node: NodeId,
    is_key: bool,
}

/// From how many children on an order of them pays.
const MANY: usize = 64;

impl Pointers {
    /// As [`pointer`].
    pub(in crate::check) fn to(&self, object: &Object, span: Span) -> Option<String> {
        let root = object.root();
        let whole = root.span();
        if whole.source != span.source || span.start < whole.start || span.end > whole.end {
            return None;
        }
        let mut pointer = String::new();
        let mut node = root;
        while let Some(child) = self.child(node, span) {
            let at = |id| Node {
                tree: node.tree,
                id,
            };
            pointer.push('/');
            match child.key {
                Some(key) => push_escaped(&mut pointer, &at(key).key()),
                None => pointer.push_str(&child.nth.to_string()),
            }
            if child.is_key {
                break;
            }
            node = at(child.node);
        }
        Some(pointer)
    }

    /// The first child that covers a span.
    fn child(&self, node: Node<'_>, span: Span) -> Option<Child> {
        let mut known = self.0.borrow_mut();
        // What an alias stands for lies elsewhere, so two may start at one place.
        let all = match known.entry(node.id) {
            Entry::Occupied(all) => all.into_mut(),
            Entry::Vacant(place) => {
                let mut all = children(node);
                if let Some(first) = all.by_ref().take(MANY).find(|child| child.covers(span)) {
                    return Some(first);
                }
                all.next()?;
                let mut all: Vec<Child> = children(node).collect();
                all.sort_by_key(|child| (child.start, child.nth));
                place.insert(all)
            }
        };
        let end = all.partition_point(|child| child.start <= span.start);
        let before = all.get(..end)?;
        let start = before.last()?.start;
        let begin = before.partition_point(|child| child.start < start);
        let same = before.get(begin..)?.iter();
        same.copied().find(|child| child.covers(span))
    }
}

impl Child {
    fn covers(&self, span: Span) -> bool {
        self.start <= span.start && span.end <= self.end
    }
}

/// The children of a collection; of an entry of a mapping its key and its value.
fn children(node: Node<'_>) -> impl Iterator<Item = Child> {
    let child = |nth: usize, key: Option<NodeId>, node: Node<'_>, is_key| {
        let Span { start, end, .. } = node.span();
        Child {
            start,
            end,
            nth: u32::try_from(nth).unwrap_or(u32::MAX),
            key,
            node: node.id,
            is_key,
        }
    };
    let entries = node
        .entries()
        .enumerate()
        .flat_map(move |(nth, (key, value))| {
            let id = Some(key.id);
            [child(nth, id, key, true), child(nth, id, value, false)]
        });
    let items = node.items().enumerate();
    entries.chain(items.map(move |(nth, item)| child(nth, None, item, false)))
}

/// A key as a JSON Pointer spells it.
fn push_escaped(pointer: &mut String, key: &str) {
    if !key.contains(['~', '/']) {
        pointer.push_str(key);
        return;
    }
    pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subjects_name_is_shown_only_where_nothing_else_is() {
        let span = |start| Span {
            source: crate::source::SourceId(0),
            start,
            end: start + 1,
        };
        let at = |start| Fact::at((), span(start), "");
        let starts = |reads: &[Fact<()>]| -> Vec<u32> {
            let labels = labels(reads.iter().map(Cow::Borrowed), span(0), span(0));
            labels.iter().map(|label| label.span.start).collect()
        };
        assert_eq!(starts(&[]), [0]);
        assert_eq!(starts(&[at(0)]), [0]);
        assert_eq!(starts(&[at(5), at(0), at(7)]), [5, 7]);
        assert_eq!(starts(&[at(0), at(5)]), [0, 5]);
    }

    #[test]
    fn a_label_says_that_a_key_is_not_there() {
        let span = Span {
            source: crate::source::SourceId(0),
            start: 0,
            end: 4,
        };
        let message = |fact: Fact<()>| labels([Cow::Owned(fact)], span, span).remove(0).message;
        assert_eq!(message(Fact::at((), span, "the port")), "the port");
        let lacking = Fact::lacking((), span, "the port");
        assert_eq!(message(lacking), "the port: not said here");
    }

    #[test]
    fn a_place_is_found_among_few_and_among_many() {
        use crate::manifest::load;
        use crate::source::{OriginId, SourceId};
        for count in [3_usize, 40, 5000] {
            let items: String = (0..count)
                .map(|number| format!("{{a~/{number}: x}}, "))
                .collect();
            let text = format!(
                "kind: ConfigMap\napiVersion: v1\nmetadata: {{name: a}}\nbase: &b [deep]\nlist: [{items}*b]\n"
            );
            let loaded = load(
                SourceId(0),
                OriginId(0),
                String::new(),
                text.clone().into_bytes(),
            );
            let object = &loaded.objects[0];
            let pointers = Pointers::default();
            let at = |words: &str, length: usize| {
                let start = u32::try_from(text.find(words).unwrap()).unwrap();
                let end = start + u32::try_from(length).unwrap();
                let source = SourceId(0);
                pointers.to(object, Span { source, start, end }).unwrap()
            };
            for number in [0, count / 2, count - 1] {
                let key = format!("a~/{number}:");
                assert_eq!(at(&key, 2), format!("/list/{number}/a~0~1{number}"));
            }
            assert_eq!(at("deep", 4), "/base/0");
            assert_eq!(at("list", 4), "/list");
            assert_eq!(at("kind: C", 20), "");
        }
    }
}
