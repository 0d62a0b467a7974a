//! The bound volumes of an inventory by the directory of a file server or node that they are.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fact::directory::directory_of;
use crate::fact::repository::{Home, Identity};
use crate::manifest::{Inventory, Kind, Object};

/// The bound volumes of an inventory by the directory they are; built where a volume of a cluster is one.
#[derive(Default)]
pub(in crate::fact::v4) struct Directories<'a>(OnceLock<HashMap<Identity, Vec<&'a Object>>>);

impl<'a> Directories<'a> {
    pub(super) fn of(&self, place: &Identity, inventory: &'a Inventory) -> &[&'a Object] {
        let index = self.0.get_or_init(|| index(inventory));
        index.get(place).map_or(&[], Vec::as_slice)
    }
}

/// Where volumes are at home: in no namespace of their cluster.
pub(super) fn home(inventory: &Inventory) -> Home<'_> {
    Home {
        origin: inventory.origin.0,
        namespace: "",
    }
}

fn index(inventory: &Inventory) -> HashMap<Identity, Vec<&Object>> {
    let mut index: HashMap<Identity, Vec<&Object>> = HashMap::new();
    for volume in inventory.list_all(Kind::PersistentVolume).objects {
        if let Some(place) = directory_of(volume, "", home(inventory)) {
            index.entry(place).or_default().push(volume);
        }
    }
    index
}
