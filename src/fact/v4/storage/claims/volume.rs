//! From a claim to its PersistentVolume.

use crate::fact::v4::Cluster;
use crate::fact::v4::fields::text;
use crate::fact::v4::objects::listings::needing_cluster_role;
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

/// The volume a claim is bound to; `None` when it is bound to none.
pub(super) fn of_claim<'a>(
    cluster: &Cluster<'a>,
    claim: Option<&'a Object>,
) -> Fact<Option<&'a Object>> {
    let Some(claim) = claim else {
        return Fact::known(None);
    };
    let name = text(claim, &["spec", "volumeName"], "the claim's volume");
    name.and_then(|name| {
        if name.is_empty() {
            return Fact::known(None);
        }
        match cluster.inventory.find(Kind::PersistentVolume, None, &name) {
            Found::Here(volume) => Fact::at(Some(volume), volume.name_span(), "the volume"),
            Found::Unseen(gap) => Fact::unknown(needing_cluster_role(gap, Kind::PersistentVolume)),
            Found::Absent(_) if phase(claim) == "Lost" => Fact::known(None),
            Found::Absent(_) => Fact::unknown(contradiction(claim, &name)),
        }
    })
}

fn phase(claim: &Object) -> &str {
    claim.at(&["status", "phase"]).map_or("", Node::text)
}

/// A bound claim has a volume: a list of volumes without it cannot be complete.
fn contradiction(claim: &Object, volume: &str) -> Gap {
    let gap = Gap {
        because: format!(
            "claim {} is bound to it, yet it is not among the volumes of the input",
            claim.name
        ),
        ..Gap::of_one(Kind::PersistentVolume, None, volume)
    };
    needing_cluster_role(gap, Kind::PersistentVolume)
}
