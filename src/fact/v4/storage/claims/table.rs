//! The tables of facts about the three claims: the same rows under the prefixes `dataClaim.`, `walClaim.` and
//! `repoClaim.`.

use super::super::{fsgroup, sharing};
use super::{Role, ages, condition, facts, mounting};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::{ClusterFact, row};

/// The rows of one claim.
macro_rules! rows {
    ($prefix:literal, $role:expr, $($name:literal, $ty:ident, $meaning:literal, $read:path;)*) => {
        &[$(row(
            concat!($prefix, ".", $name),
            Type::$ty,
            $meaning,
            |cluster| cluster.claim($role).ask(|claim| $read(cluster, claim)),
        )),*]
    };
}

macro_rules! claim {
    ($prefix:literal, $role:expr) => {
        rows! { $prefix, $role,
            "storage", String, "what backs the volume: \"claim\", \"emptyDir\", \"inline\" (a host path, a file server: no claim), or \"none\" where the cluster has no such volume", facts::storage;
            "name", String, "the claim's name; \"\" where it is no claim", facts::name;
            "exists", Bool, "the claim exists", facts::exists;
            "phase", String, "the claim's phase: Bound, Pending, Lost", facts::phase;
            "deleting", Bool, "the claim is being deleted", facts::deleting;
            "size", Quantity, "the size the claim asks for", facts::size;
            "capacity", Quantity, "the size the claim has", facts::capacity;
            "resizing", String, "what shows that the claim is being resized, as \"it has 30Gi of the 60Gi it asks for\"; \"\" where nothing does", condition::resizing;
            "unwritable", String, "why no files could be written on the claim, as \"its only access mode is ReadOnlyMany\"; \"\" where nothing that is seen speaks against it", condition::unwritable;
            "sharedWith", Strings, "volumes of other claims that are the same directory of a file server or node, as \"pv-zebra (dbs/zebra)\"", sharing::shared_with;
            "class", String, "the claim's storage class; \"\" for none", facts::class;
            "classMissing", Bool, "the storage class that the claim names is not there", facts::class_missing;
            "expandable", Bool, "the storage class allows the claim to grow", facts::expandable;
            "accessModes", Strings, "the claim's access modes", facts::access_modes;
            "volumeMode", String, "Filesystem or Block", facts::volume_mode;
            "volume", String, "the PersistentVolume the claim is bound to; \"\" for none", facts::volume_name;
            "volumePhase", String, "the phase of the PersistentVolume: Available, Bound, Released, Failed", facts::volume_phase;
            "volumeDeleting", Bool, "the PersistentVolume is being deleted: it goes with the claim, whatever its reclaim policy", facts::volume_deleting;
            "volumeClaimedBy", String, "the other claim that the PersistentVolume is reserved for; \"\" for none", facts::claimed_by;
            "reclaimPolicy", String, "the reclaim policy of the PersistentVolume: Retain, Delete, Recycle", facts::reclaim_policy;
            "owner", String, "\"Kind/name\" of the claim's controlling owner; \"\" for none", facts::owner;
            "goesWith", Strings, "\"Kind/name\" of other owners of the claim: Kubernetes deletes it when the last owner is gone", condition::goes_with;
            "mountedBy", Strings, "pods, and Deployments not scaled to 0, that mount the claim", mounting::mounted_by;
            "mountedByOthers", Strings, "those of them that are not of this cluster", mounting::mounted_by_others;
            "mountedElsewhere", Bool, "something that is not of this cluster mounts the claim; true as soon as one is seen", mounting::mounted_elsewhere;
            "fsGroup", String, "whether fsGroup is honoured on the volume: \"yes\" or \"no\"", fsgroup::answer;
            "fsGroupWhy", String, "why fsGroup is honoured or not", fsgroup::reason;
            "source", String, "what kind of volume it is: \"csi ebs.csi.aws.com\", \"nfs\", \"hostPath\"", facts::source;
            "created", String, "when the claim was created, RFC 3339", facts::created;
            "v4Labels", Strings, "which of the labels pg-cluster and vendor of PGO v4 the claim bears", facts::v4_labels;
            "v5Cluster", String, "the PGO v5 cluster that the claim's labels name; \"\" for none", facts::v5_cluster;
            "pinned", Bool, "the PersistentVolume can be reached from some nodes only", facts::pinned;
        }
    };
}

pub(in crate::fact::v4) static DATA: &[ClusterFact] = claim!("dataClaim", Role::Data);
pub(in crate::fact::v4) static WAL: &[ClusterFact] = claim!("walClaim", Role::Wal);
pub(in crate::fact::v4) static REPO: &[ClusterFact] = claim!("repoClaim", Role::Repo);

/// What is not tied to one of the three.
pub(in crate::fact::v4) static MORE: &[ClusterFact] = &[
    row(
        "dataClaim.candidates",
        Type::Strings,
        "the claims that may be the primary's data claim; one where the primary is known",
        facts::candidate_names,
    ),
    row(
        "walClaim.addedLater",
        Type::Bool,
        "the WAL claim was created more than ten minutes after the data claim of its instance",
        |cluster| ages::added_later(cluster).map(Value::from),
    ),
];
