//! Who mounts which claim: an index over all pods of an inventory, and over what makes pods.
//!
//! Of `DaemonSet`s the pods tell; a Job may be between two attempts, a `CronJob` between two runs, a `StatefulSet` without
//! its pod for now.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fact::v4::objects::workload::{Volume, volumes};
use crate::manifest::{Inventory, Kind, Object};

type Claim<'a> = (Option<&'a str>, String);

/// What can mount a claim, and cannot be told from a pod at every moment.
pub(in crate::fact::v4) const MOUNTING: [Kind; 4] =
    [Kind::Deployment, Kind::Pod, Kind::Job, Kind::CronJob];

/// What tells of itself where it is in the input: its pods are asked for anyway.
const TOO: [Kind; 1] = [Kind::StatefulSet];

/// Pods, Deployments, Jobs, `CronJob`s and `StatefulSet`s by the claims they mount; built on first use.
pub(in crate::fact::v4) struct Mounts<'a> {
    inventory: &'a Inventory,
    by_claim: OnceLock<HashMap<Claim<'a>, Vec<&'a Object>>>,
}

impl<'a> Mounts<'a> {
    pub(in crate::fact::v4) fn of(inventory: &'a Inventory) -> Self {
        Mounts {
            inventory,
            by_claim: OnceLock::new(),
        }
    }

    /// Those whose volumes name this claim, scaled down and finished ones included.
    pub(in crate::fact::v4) fn mounters(
        &self,
        namespace: Option<&'a str>,
        claim: &str,
    ) -> &[&'a Object] {
        let index = self.by_claim.get_or_init(|| index(self.inventory));
        let place = (namespace, claim.to_owned());
        index.get(&place).map_or(&[], Vec::as_slice)
    }
}

fn index(inventory: &Inventory) -> HashMap<Claim<'_>, Vec<&Object>> {
    let mut by_claim: HashMap<Claim<'_>, Vec<&Object>> = HashMap::new();
    for kind in MOUNTING.into_iter().chain(TOO) {
        for object in inventory.list_all(kind).objects {
            for copy in std::iter::once(object).chain(&object.rivals) {
                for (_, volume, _) in volumes(copy) {
                    let Volume::Claim { name, .. } = volume else {
                        continue;
                    };
                    let place = (object.namespace.as_deref(), name);
                    let mounters = by_claim.entry(place).or_default();
                    if !mounters.iter().any(|known| std::ptr::eq(*known, object)) {
                        mounters.push(object);
                    }
                }
            }
        }
    }
    by_claim
}
