//! The PostgresClusters of an inventory by name alone, for whatever leaves the namespace to whoever applies it.

use std::sync::OnceLock;

use super::{Inventory, range};
use crate::manifest::{Kind, Object};

/// An index that is made when it is first asked for: most inventories hold few, and many runs ask for none.
#[derive(Debug, Default)]
pub(super) struct Clusters {
    /// Indices of the inventory's objects, by name.
    by_name: OnceLock<Vec<usize>>,
    only_drafts: OnceLock<bool>,
}

impl Inventory {
    /// The PostgresClusters of a name, in whatever namespace.
    pub fn v5_clusters_named(&self, name: &str) -> impl Iterator<Item = &Object> {
        let by_name = self.clusters.by_name.get_or_init(|| self.by_name());
        let named = |index: usize| self.objects.get(index).map_or("", |object| &*object.name);
        let found = range(by_name, |index| named(*index).cmp(name));
        found.iter().filter_map(|index| self.objects.get(*index))
    }

    /// Whether nothing is in it but drafts.
    pub fn holds_only_drafts(&self) -> bool {
        let all = || self.objects.iter().all(Object::is_draft);
        *self.clusters.only_drafts.get_or_init(all)
    }

    fn by_name(&self) -> Vec<usize> {
        let all = self.objects.iter().enumerate();
        let clusters = all.filter(|(_, object)| object.kind == Kind::PostgresCluster);
        let mut named: Vec<(&str, usize)> = clusters
            .map(|(index, object)| (&*object.name, index))
            .collect();
        named.sort_unstable();
        named.into_iter().map(|(_, index)| index).collect()
    }
}
