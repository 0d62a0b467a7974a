//! The labels that all elements of a List carry, as a selector would have left them.

use std::collections::BTreeSet;

use crate::manifest::Node;

/// Labels with their values.
pub(in crate::manifest) type Labels = BTreeSet<(Box<str>, Box<str>)>;

/// Keeps of the labels of a List's elements those that this one carries, too.
pub(in crate::manifest) fn share(common: &mut Option<Labels>, item: Node<'_>) {
    if common.as_ref().is_some_and(BTreeSet::is_empty) {
        return;
    }
    let labels = item.at(&["metadata", "labels"]);
    let label = |key: &str| Some(labels?.get(key)?.text());
    if let Some(common) = common {
        common.retain(|(key, value)| label(key) == Some(value));
        return;
    }
    let entries = labels.into_iter().flat_map(Node::entries);
    let all = entries.map(|(key, value)| (key.key().into(), value.text().into()));
    *common = Some(all.collect());
}
