//! The PostgresClusters of an inventory by name alone, for whatever leaves the namespace to whoever applies it.

use std::sync::OnceLock;

use super::members::range;
use crate::manifest::{Kind, Object};

/// An index that is made when it is first asked for: most inventories hold few, and many runs ask for none.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    /// Indices of the inventory's objects, by name.
    by_name: OnceLock<Vec<usize>>,
    only_drafts: OnceLock<bool>,
}

impl Clusters {
    /// The PostgresClusters of a name among all objects of the inventory.
    pub(super) fn named<'o>(
        &'o self,
        objects: &'o [Object],
        name: &str,
    ) -> impl Iterator<Item = &'o Object> + use<'o> {
        let by_name = self.by_name.get_or_init(|| sorted(objects));
        let named = |index: usize| objects.get(index).map_or("", |object| &*object.name);
        let found = range(by_name, |index| named(*index).cmp(name));
        found.iter().filter_map(|index| objects.get(*index))
    }

    /// Whether there is nothing but drafts.
    pub(super) fn only_drafts(&self, objects: &[Object]) -> bool {
        let all = || objects.iter().all(Object::is_draft);
        *self.only_drafts.get_or_init(all)
    }
}

fn sorted(objects: &[Object]) -> Vec<usize> {
    let all = objects.iter().enumerate();
    let clusters = all.filter(|(_, object)| object.kind == Kind::PostgresCluster);
    let mut named: Vec<(&str, usize)> = clusters
        .map(|(index, object)| (&*object.name, index))
        .collect();
    named.sort_unstable();
    named.into_iter().map(|(_, index)| index).collect()
}
