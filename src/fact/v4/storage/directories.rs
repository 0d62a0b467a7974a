//! The bound volumes of an inventory by the directory of a file server or node that they are.

use std::sync::OnceLock;

use crate::fact::directory::directory_of;
use crate::fact::repository::{Home, Identity};
use crate::hashing::HashMap;
use crate::manifest::{Completeness, Inventory, Kind, Object};

/// The bound volumes of an inventory by the directory they are; built where a volume of a cluster is one.
#[derive(Default)]
pub(in crate::fact::v4) struct Directories<'a>(OnceLock<Index<'a>>);

struct Index<'a> {
    volumes: HashMap<Identity, Vec<&'a Object>>,
    seen: Completeness,
}

impl<'a> Directories<'a> {
    pub(super) fn of(&self, place: &Identity, inventory: &'a Inventory) -> &[&'a Object] {
        let volumes = &self.index(inventory).volumes;
        volumes.get(place).map_or(&[], Vec::as_slice)
    }

    /// Whether those are all volumes there are.
    pub(super) fn seen(&self, inventory: &'a Inventory) -> &Completeness {
        &self.index(inventory).seen
    }

    fn index(&self, inventory: &'a Inventory) -> &Index<'a> {
        self.0.get_or_init(|| Index {
            volumes: volumes(inventory),
            // Of a server all that are directories are asked for where one of a cluster is.
            seen: inventory.list_all(Kind::PersistentVolume).completeness,
        })
    }
}

/// Where volumes are at home: in no namespace of their cluster.
pub(super) fn home(inventory: &Inventory) -> Home<'_> {
    Home {
        origin: inventory.origin.0,
        namespace: "",
    }
}

fn volumes(inventory: &Inventory) -> HashMap<Identity, Vec<&Object>> {
    let mut index: HashMap<Identity, Vec<&Object>> = HashMap::default();
    for volume in inventory.list_all(Kind::PersistentVolume).objects {
        if let Some(place) = directory_of(volume, "", home(inventory)) {
            index.entry(place).or_default().push(volume);
        }
    }
    index
}
