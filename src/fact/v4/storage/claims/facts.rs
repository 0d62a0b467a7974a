//! What is said about one claim, by itself, its storage class and its volume.

use super::super::fsgroup;
use super::mode::mode_of;
use super::{Claim, Role, Storage, holds};
use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::{is_unset, misshapen, scalar_text, text, texts, truth};
use crate::fact::v4::objects::listings::needing_cluster_role;
use crate::fact::v4::objects::workload;
use crate::fact::v4::seen::resting_on;
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

impl<'a> Claim<'a> {
    /// Something read from the claim; `nothing` where there is no claim.
    pub fn of_claim<T>(&self, nothing: T, read: impl FnOnce(&'a Object) -> Fact<T>) -> Fact<T> {
        resting_on(&self.object, |object| match object {
            Some(object) => read(object),
            None => Fact::known(nothing),
        })
    }

    /// Something read from the volume; `nothing` where there is no volume.
    pub fn of_volume<T>(&self, nothing: T, read: impl FnOnce(&'a Object) -> Fact<T>) -> Fact<T> {
        resting_on(&self.volume, |object| match object {
            Some(object) => read(object),
            None => Fact::known(nothing),
        })
    }

    fn text(&self, path: &[&str], note: &'static str) -> Fact<Value> {
        let read = |object| text(object, path, note);
        self.of_claim(String::new(), read).map(Value::from)
    }
}

type Answer = Fact<Value>;

pub(super) fn storage(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.storage.clone().map(|storage| {
        Value::from(match storage {
            Storage::Claim => "claim",
            Storage::EmptyDir => "emptyDir",
            Storage::Inline => "inline",
            Storage::None => "none",
        })
    })
}

pub(super) fn name(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.name.clone().map(Value::from)
}

pub(super) fn exists(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.object.clone().map(|object| object.is_some().into())
}

/// A status field; unknown where the object was exported without its status.
fn status(object: &Object, field: &str, note: &'static str) -> Fact<String> {
    if object.at(&["status"]).is_none() {
        let name = format!("{} {}", object.kind.info().name, object.name);
        return Fact::unknown(Gap {
            missing: format!("the status of {name}"),
            because: "it is in the input without its status".to_owned(),
            ..Gap::of_one(object.kind, object.namespace.as_deref(), &object.name)
        });
    }
    text(object, &["status", field], note)
}

pub(super) fn phase(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object: &Object| {
        let phase = status(object, "phase", "the claim's phase");
        phase.and_then(|phase| match phase.as_str() {
            "" | "Bound" | "Pending" | "Lost" => Fact::known(phase),
            _ => Fact::unknown(misshapen(
                object,
                &["status", "phase"],
                "Bound, Pending or Lost",
            )),
        })
    };
    claim.of_claim(String::new(), read).map(Value::from)
}

pub(super) fn deleting(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| workload::deleting(object, "when the claim's deletion was asked for");
    claim.of_claim(false, read).map(Value::from)
}

pub(super) fn size(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let path = ["spec", "resources", "requests", "storage"];
    claim.text(&path, "the size the claim asks for")
}

pub(super) fn capacity(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.text(&["status", "capacity", "storage"], "the size the claim has")
}

fn class_of(object: &Object) -> Fact<String> {
    let note = "the claim's storage class";
    let written = text(object, &["spec", "storageClassName"], note);
    if written.value().is_some_and(String::is_empty) {
        let old = [
            "metadata",
            "annotations",
            "volume.beta.kubernetes.io/storage-class",
        ];
        let old = text(object, &old, note);
        if old.value() != Some(&String::new()) {
            return old;
        }
    }
    written
}

pub(super) fn class(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.of_claim(String::new(), class_of).map(Value::from)
}

pub(super) fn class_missing(cluster: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| {
        let class = class_of(object);
        resting_on(&class, |name| {
            if name.is_empty() {
                return Fact::known(false);
            }
            let kind = Kind::StorageClass;
            match cluster.inventory.find(kind, None, name) {
                Found::Here(_) => Fact::known(false),
                Found::Absent(None) => Fact::known(true),
                Found::Absent(Some(assumption)) => Fact::known(true).assuming(assumption),
                Found::Unseen(gap) => Fact::unknown(needing_cluster_role(gap, kind)),
            }
        })
    };
    claim.of_claim(false, read).map(Value::from)
}

pub(super) fn expandable(cluster: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| {
        let class = class_of(object);
        resting_on(&class, |name| {
            if name.is_empty() {
                return Fact::known(false);
            }
            let kind = Kind::StorageClass;
            match cluster.inventory.find(kind, None, name) {
                Found::Here(class) => {
                    truth(class, &["allowVolumeExpansion"], "whether claims may grow")
                }
                Found::Absent(None) => Fact::known(false),
                Found::Absent(Some(assumption)) => Fact::known(false).assuming(assumption),
                Found::Unseen(gap) => Fact::unknown(needing_cluster_role(gap, kind)),
            }
        })
    };
    claim.of_claim(false, read).map(Value::from)
}

pub(super) fn access_modes(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| texts(object, &["spec", "accessModes"], "the claim's access modes");
    claim.of_claim(Vec::new(), read).map(Value::from)
}

pub(super) fn volume_mode(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.of_claim(String::new(), mode_of).map(Value::from)
}

pub(super) fn volume_name(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.text(&["spec", "volumeName"], "the claim's volume")
}

pub(super) fn volume_phase(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object: &Object| {
        let phase = status(object, "phase", "the volume's phase");
        phase.and_then(|phase| match phase.as_str() {
            "" | "Pending" | "Available" | "Bound" | "Released" | "Failed" => Fact::known(phase),
            _ => Fact::unknown(misshapen(
                object,
                &["status", "phase"],
                "a phase of volumes",
            )),
        })
    };
    claim.of_volume(String::new(), read).map(Value::from)
}

pub(super) fn volume_deleting(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| workload::deleting(object, "when the volume's deletion was asked for");
    claim.of_volume(false, read).map(Value::from)
}

pub(super) fn reclaim_policy(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let path = ["spec", "persistentVolumeReclaimPolicy"];
    let read = |object| text(object, &path, "the volume's reclaim policy");
    // Kubernetes retains a volume that does not say.
    let said = |object, policy: String| match policy.as_str() {
        "" => Fact::known("Retain".to_owned()),
        "Retain" | "Delete" | "Recycle" => Fact::known(policy),
        _ => Fact::unknown(misshapen(object, &path, "Retain, Delete or Recycle")),
    };
    claim
        .of_volume(String::new(), |object| {
            read(object).and_then(|policy| said(object, policy))
        })
        .map(Value::from)
}

pub(super) fn claimed_by(cluster: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |volume: &Object| {
        let note = "the claim the volume is reserved for";
        let reserved = volume.read(&["spec", "claimRef"], note);
        resting_on(&claim.object, |object| {
            reserved.map(|node| match (node, object) {
                (Some(other), Some(object)) if !is_unset(other) => {
                    other_claim(cluster, other, object)
                }
                _ => String::new(),
            })
        })
    };
    claim.of_volume(String::new(), read).map(Value::from)
}

/// The claim a volume is reserved for, when it is not this one. A claim made anew has another uid.
fn other_claim(cluster: &Cluster<'_>, reserved: Node<'_>, claim: &Object) -> String {
    let said = |key| reserved.get(key).map_or("", Node::text);
    let (namespace, name, uid) = (said("namespace"), said("name"), said("uid"));
    let own_uid = claim.at(&["metadata", "uid"]).map_or("", Node::text);
    let elsewhere = !namespace.is_empty() && cluster.namespace.is_some_and(|own| own != namespace);
    if elsewhere || name != &*claim.name {
        return format!("{namespace}/{name}");
    }
    if !uid.is_empty() && !own_uid.is_empty() && uid != own_uid {
        return format!("{namespace}/{name} (an earlier claim of this name, uid {uid})");
    }
    String::new()
}

pub(super) fn owner(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let note = "the claim's controlling owner";
    let read = |object: &Object| {
        let owners = object.read(&["metadata", "ownerReferences"], note);
        owners.and_then(|owners| {
            let mut owners = owners.into_iter().flat_map(Node::items);
            let controls = |owner: &Node<'_>| {
                owner
                    .get("controller")
                    .is_some_and(|flag| flag.text() == "true")
            };
            match owners.find(controls) {
                Some(owner) => {
                    let said = |key| owner.get(key).and_then(scalar_text).unwrap_or_default();
                    Fact::at(
                        format!("{}/{}", said("kind"), said("name")),
                        owner.span(),
                        note,
                    )
                }
                None => Fact::known(String::new()),
            }
        })
    };
    claim.of_claim(String::new(), read).map(Value::from)
}

pub(super) fn source(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim
        .of_volume(String::new(), fsgroup::source_of)
        .map(Value::from)
}

pub(super) fn created(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.text(
        &["metadata", "creationTimestamp"],
        "when the claim was created",
    )
}

pub(super) fn v4_labels(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object: &Object| {
        let is_v4 = |key: &&str| match *key {
            "vendor" => holds::label(object, key) == "crunchydata",
            _ => object.label(key).is_some(),
        };
        let labels: Vec<&str> = ["pg-cluster", "vendor"].into_iter().filter(is_v4).collect();
        let note = "a label of PGO v4";
        let start = Fact::known(Value::from(labels.clone()));
        let places = labels.iter().filter_map(|key| object.label(key));
        let fact = places.fold(start, |fact, label| fact.and_at(label.span(), note));
        if labels.is_empty() {
            let span = object.nearest(&["metadata", "labels"]);
            return fact.and_at(span, "the claim's labels");
        }
        fact
    };
    claim.of_claim(Value::from(Vec::<String>::new()), read)
}

pub(super) fn v5_cluster(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let path = [
        "metadata",
        "labels",
        "postgres-operator.crunchydata.com/cluster",
    ];
    claim.text(&path, "the PGO v5 cluster that uses the claim")
}

pub(super) fn pinned(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object: &Object| {
        let node = object.read(
            &["spec", "nodeAffinity"],
            "the nodes the volume can be reached from",
        );
        node.map(|node| node.is_some_and(|node| !is_unset(node)))
    };
    claim.of_volume(false, read).map(Value::from)
}

/// The names of all claims that may be meant.
pub(super) fn candidate_names(cluster: &Cluster<'_>) -> Answer {
    let candidates = cluster.claim(Role::Data);
    let mut names = Fact::known(Vec::new());
    if candidates.claims.is_empty() {
        return Fact::Unknown(candidates.unsure.clone());
    }
    for claim in &candidates.claims {
        names = claim.name.clone().both(names).map(|(name, mut names)| {
            if !name.is_empty() {
                names.push(name);
            }
            names
        });
    }
    let assumptions = candidates.assumes.iter().cloned();
    assumptions.fold(names, Fact::assuming).map(|mut names| {
        names.sort_unstable();
        Value::from(names)
    })
}
