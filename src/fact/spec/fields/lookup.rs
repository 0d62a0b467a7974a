//! Fields of a draft, looked up by its keys.

use std::sync::atomic::Ordering;

use super::keys::Keys;
use crate::fact::spec::Draft;
use crate::manifest::{Fact, Node};
use crate::source::Span;

impl<'a> Draft<'a> {
    /// Its keys. All lookups below are by these; they say what those of the same name of its object say.
    pub(in crate::fact::spec) fn keys(&self) -> &Keys<'a> {
        let keys = &self.memo().keys;
        keys.get_or_init(|| Keys::of(self.object.root()))
    }

    /// The key and value of a field.
    pub(in crate::fact::spec) fn entry(&self, path: &[&str]) -> Option<(Node<'a>, Node<'a>)> {
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
    pub(in crate::fact::spec) fn at(&self, path: &[&str]) -> Option<Node<'a>> {
        self.entry(path).map(|(_, value)| value)
    }

    /// The key of the deepest existing ancestor of an absent path; the draft's name if none exists.
    pub(in crate::fact::spec) fn nearest(&self, path: &[&str]) -> Span {
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

    /// The key and value of a field, or the key of its deepest existing ancestor: what `entry` and `nearest` say, in one go.
    fn entry_or_nearest(&self, path: &[&str]) -> Result<(Node<'a>, Node<'a>), Option<Node<'a>>> {
        let keys = self.keys();
        let (mut node, mut found) = (self.object.root(), None);
        for key in path {
            let Some(entry) = keys.entry(node, key) else {
                self.missed.store(true, Ordering::Relaxed);
                return Err(found.map(|(key, _)| key));
            };
            found = Some((entry.key, entry.value));
            node = entry.value;
        }
        found.ok_or(None)
    }

    /// Whether a field is there and not null, pointing at its key; an empty map counts.
    pub(in crate::fact::spec) fn presence(&self, path: &[&str], note: &'static str) -> Fact<bool> {
        let nearest = match self.entry_or_nearest(path) {
            Ok((key, value)) if !value.is_null() => return Fact::at(true, key.span(), note),
            Ok((key, _)) => Some(key),
            Err(nearest) => nearest,
        };
        let nearest = nearest.map_or_else(|| self.name_span(), Node::span);
        Fact::lacking(false, nearest, note)
    }

    /// A field; `None` where it is absent or null.
    pub(in crate::fact::spec) fn node(
        &self,
        path: &[&str],
        note: &'static str,
    ) -> Fact<Option<Node<'a>>> {
        if !self.object.rivals.is_empty() {
            return self.object.read(path, note);
        }
        let nearest = match self.entry_or_nearest(path) {
            Ok((_, value)) if value.is_null() => self.nearest(path),
            Ok((_, value)) if value.is_unsaid() => return self.object.read(path, note),
            Ok((_, value)) => return Fact::at(Some(value), value.span(), note),
            Err(nearest) => nearest.map_or_else(|| self.name_span(), Node::span),
        };
        Fact::lacking(None, nearest, note)
    }
}

#[cfg(test)]
mod tests {
    use crate::fact::spec::testing::Desk;
    use crate::manifest::{Fact, Node};

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
                let span = |node: Node<'_>| node.span();
                assert_eq!(ours.map(span), theirs.map(span), "{path:?}");
                assert_eq!(draft.nearest(path), draft.object.nearest(path), "{path:?}");
                let read = |fact: Fact<Option<Node<'_>>>| match fact {
                    Fact::Known(truth) => Some((truth.value.map(span), truth.evidence)),
                    Fact::Unknown(_) => None,
                };
                let (ours, theirs) = (draft.node(path, "n"), draft.object.read(path, "n"));
                assert_eq!(read(ours), read(theirs), "{path:?}");
            }
        });
    }
}
