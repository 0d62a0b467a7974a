//! Fields of a draft: present or absent, of the shape they should have or not.
//!
//! A field of another shape makes what needs it unknown: the schema's finding says what is wrong with it.

use super::Draft;
use super::problems::MOST_PLACES;
use crate::expr::Value;
use crate::fact::element::{MOST_ELEMENTS, too_many};
use crate::fact::v4::fields;
use crate::manifest::{Fact, Gap, Node};
use crate::source::Span;

impl<'a> Draft<'a> {
    /// Whether a field is there and not null; an empty map counts.
    pub(super) fn given(&self, path: &[&str], note: &'static str) -> Fact<bool> {
        if !self.object.rivals.is_empty()
            && let Fact::Unknown(gaps) = self.node(path, note)
        {
            return Fact::Unknown(gaps);
        }
        // Of a section the key tells more than all it holds.
        self.presence(path, note)
    }

    /// The key of a field, where it is written.
    pub(super) fn key(&self, path: &[&str]) -> Option<Node<'a>> {
        self.entry(path).map(|(key, _)| key)
    }

    /// A scalar as text; `""` where it is absent.
    pub(super) fn text(&self, path: &[&str], note: &'static str) -> Fact<String> {
        fields::as_text(self.node(path, note), self.object, path)
    }

    /// A truth; false where it is absent.
    pub(super) fn truth(&self, path: &[&str], note: &'static str) -> Fact<bool> {
        fields::as_truth(self.text(path, note), self.object, path)
    }

    /// A whole number; `None` where it is absent.
    pub(super) fn number(&self, path: &[&str], note: &'static str) -> Fact<Option<i64>> {
        fields::as_number(self.text(path, note), self.object, path)
    }

    /// The strings of a list; none where it is absent.
    pub(super) fn texts(&self, path: &[&str], note: &'static str) -> Fact<Vec<String>> {
        fields::as_texts(self.node(path, note), self.object, path)
    }

    /// The items of a list; none where it is absent. Like the next two it points nowhere: who takes a part of it points
    /// at that part.
    pub(super) fn items(&self, path: &[&str]) -> Fact<Vec<Node<'a>>> {
        let list = self.shaped(path, "a list", Node::is_seq);
        list.and_then(|list| {
            let mut items = list.into_iter().flat_map(Node::items);
            let some: Vec<Node<'a>> = items.by_ref().take(MOST_ELEMENTS).collect();
            match items.next() {
                None => Fact::known(some),
                Some(_) => Fact::unknown(too_many(&path.join("."))),
            }
        })
    }

    /// The entries of a map, of repeated keys the last; none where it is absent.
    pub(super) fn entries(&self, path: &[&str]) -> Fact<Vec<(Node<'a>, Node<'a>)>> {
        let map = self.shaped(path, "a map", Node::is_map);
        map.map(|map| map.map_or_else(Vec::new, |map| self.keys().last_below(map)))
    }

    /// A map; `None` where it is absent.
    pub(super) fn section(&self, path: &[&str]) -> Fact<Option<Node<'a>>> {
        self.shaped(path, "a map", Node::is_map)
    }

    fn shaped(
        &self,
        path: &[&str],
        shape: &str,
        fits: fn(Node<'a>) -> bool,
    ) -> Fact<Option<Node<'a>>> {
        bare(self.node(path, "")).and_then(|node| match node {
            Some(node) if !fits(node) => Fact::unknown(self.misshapen(path, shape)),
            node => Fact::known(node),
        })
    }

    /// What cannot be said because a draft's own field has another shape.
    pub(super) fn misshapen(&self, path: &[&str], wanted: &str) -> Gap {
        fields::misshapen(self.object, path, wanted)
    }
}

/// A fact without the places it rests on.
pub(super) fn bare<T>(fact: Fact<T>) -> Fact<T> {
    match fact {
        Fact::Known(mut truth) => {
            truth.evidence.clear();
            Fact::Known(truth)
        }
        unknown @ Fact::Unknown(_) => unknown,
    }
}

/// The entries of a map in source order; of a repeated key only the last, as the API server has it.
pub(super) fn last_entries(map: Node<'_>) -> Vec<(Node<'_>, Node<'_>)> {
    let mut entries: Vec<(Node<'_>, Node<'_>)> = map.entries().collect();
    let mut later = std::collections::BTreeSet::new();
    entries.reverse();
    entries.retain(|(key, _)| later.insert(key.key()));
    entries.reverse();
    entries
}

/// A field of a list's item as text; `""` where it is absent, null or no scalar.
pub(super) fn word(item: Node<'_>, path: &[&str]) -> String {
    item.at(path)
        .and_then(fields::scalar_text)
        .unwrap_or_default()
}

/// The scalars of a list below a list's item.
pub(super) fn words(item: Node<'_>, path: &[&str]) -> Vec<String> {
    let items = item.at(path).into_iter().flat_map(Node::items);
    items.filter_map(fields::scalar_text).collect()
}

/// Whether a list's item has a field that is not null.
pub(super) fn has(item: Node<'_>, path: &[&str]) -> bool {
    item.at(path).is_some_and(|node| !node.is_null())
}

/// Whether a list's item has a field that says something.
pub(super) fn says_something(item: Node<'_>, path: &[&str]) -> bool {
    item.at(path).is_some_and(|node| !fields::is_unset(node))
}

/// A fact that rests on each of these places, in order; of very many only the first are named.
pub(super) fn resting_on_each<T>(
    fact: Fact<T>,
    places: impl IntoIterator<Item = Span>,
    note: &'static str,
) -> Fact<T> {
    let places = places.into_iter().take(MOST_PLACES);
    places.fold(fact, |fact, span| fact.and_at(span, note))
}

/// A record of a list of maps.
pub(super) fn record<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Map(
        fields
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}
