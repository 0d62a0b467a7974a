//! The facts about each of the three claims, under the prefixes `dataClaim.`, `walClaim.` and `repoClaim.`.

use super::super::fields::{is_unset, scalar_text, text, texts, truth};
use super::super::listings::needing_cluster_role;
use super::super::seen::{if_complete, resting_on};
use super::super::{fsgroup, instances, workload};
use super::{Claim, Cluster, ClusterFact, Role, Storage, holds, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Found, Gap, Kind, Listing, Node, Object};
use jiff::Timestamp;

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
            "storage", String, "what backs the volume: \"claim\", \"emptyDir\", or \"none\" where the cluster has no such volume", storage;
            "name", String, "the claim's name; \"\" where it is no claim", name;
            "exists", Bool, "the claim exists", exists;
            "phase", String, "the claim's phase: Bound, Pending, Lost", phase;
            "deleting", Bool, "the claim is being deleted", deleting;
            "size", Quantity, "the size the claim asks for", size;
            "capacity", Quantity, "the size the claim has", capacity;
            "class", String, "the claim's storage class; \"\" for none", class;
            "expandable", Bool, "the storage class allows the claim to grow", expandable;
            "accessModes", Strings, "the claim's access modes", access_modes;
            "volumeMode", String, "Filesystem or Block", volume_mode;
            "volume", String, "the PersistentVolume the claim is bound to; \"\" for none", volume_name;
            "volumePhase", String, "the phase of the PersistentVolume: Bound, Released, Failed", volume_phase;
            "volumeClaimedBy", String, "the other claim that the PersistentVolume is reserved for; \"\" for none", claimed_by;
            "reclaimPolicy", String, "the reclaim policy of the PersistentVolume: Retain, Delete, Recycle", reclaim_policy;
            "owner", String, "\"Kind/name\" of the claim's controlling owner; \"\" for none", owner;
            "mountedBy", Strings, "pods, and Deployments not scaled to 0, that mount the claim", mounted_by;
            "mountedByOthers", Strings, "those of them that are not of this cluster", mounted_by_others;
            "mountedElsewhere", Bool, "something that is not of this cluster mounts the claim; true as soon as one is seen", mounted_elsewhere;
            "fsGroup", String, "whether fsGroup is honoured on the volume: \"yes\" or \"no\"", fsgroup::answer;
            "fsGroupWhy", String, "why fsGroup is honoured or not", fsgroup::reason;
            "source", String, "what kind of volume it is: \"csi ebs.csi.aws.com\", \"nfs\", \"hostPath\"", source;
            "created", String, "when the claim was created, RFC 3339", created;
            "v4Labels", Strings, "which of the labels pg-cluster and vendor of PGO v4 the claim bears", v4_labels;
            "v5Cluster", String, "the PGO v5 cluster that the claim's labels name; \"\" for none", v5_cluster;
            "pinned", Bool, "the PersistentVolume can be reached from some nodes only", pinned;
        }
    };
}

pub(in super::super) static DATA: &[ClusterFact] = claim!("dataClaim", Role::Data);
pub(in super::super) static WAL: &[ClusterFact] = claim!("walClaim", Role::Wal);
pub(in super::super) static REPO: &[ClusterFact] = claim!("repoClaim", Role::Repo);

/// What is not tied to one of the three.
pub(in super::super) static MORE: &[ClusterFact] = &[
    row(
        "dataClaim.candidates",
        Type::Strings,
        "the claims that may be the primary's data claim; one where the primary is known",
        candidate_names,
    ),
    row(
        "walClaim.addedLater",
        Type::Bool,
        "the WAL claim was created more than ten minutes after the data claim of its instance",
        |cluster| added_later(cluster).map(Value::from),
    ),
];

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

fn storage(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.storage.clone().map(|storage| {
        Value::from(match storage {
            Storage::Claim => "claim",
            Storage::EmptyDir => "emptyDir",
            Storage::None => "none",
        })
    })
}

fn name(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.name.clone().map(Value::from)
}

fn exists(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
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

fn phase(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| status(object, "phase", "the claim's phase");
    claim.of_claim(String::new(), read).map(Value::from)
}

fn deleting(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| workload::deleting(object, "when the claim's deletion was asked for");
    claim.of_claim(false, read).map(Value::from)
}

fn size(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let path = ["spec", "resources", "requests", "storage"];
    claim.text(&path, "the size the claim asks for")
}

fn capacity(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
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

fn class(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.of_claim(String::new(), class_of).map(Value::from)
}

fn expandable(cluster: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
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

fn access_modes(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| texts(object, &["spec", "accessModes"], "the claim's access modes");
    claim.of_claim(Vec::new(), read).map(Value::from)
}

/// The claim's volume mode; Kubernetes takes Filesystem where it is not written.
pub(in super::super) fn mode_of(object: &Object) -> Fact<String> {
    text(object, &["spec", "volumeMode"], "the claim's volume mode").map(|mode| {
        match mode.as_str() {
            "" => "Filesystem".to_owned(),
            _ => mode,
        }
    })
}

fn volume_mode(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.of_claim(String::new(), mode_of).map(Value::from)
}

fn volume_name(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.text(&["spec", "volumeName"], "the claim's volume")
}

fn volume_phase(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object| status(object, "phase", "the volume's phase");
    claim.of_volume(String::new(), read).map(Value::from)
}

fn reclaim_policy(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let path = ["spec", "persistentVolumeReclaimPolicy"];
    let read = |object| text(object, &path, "the volume's reclaim policy");
    // Kubernetes retains a volume that does not say.
    let said = |policy: String| {
        if policy.is_empty() {
            "Retain".to_owned()
        } else {
            policy
        }
    };
    claim
        .of_volume(String::new(), |object| read(object).map(said))
        .map(Value::from)
}

fn claimed_by(cluster: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
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

fn owner(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
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

/// Pods that have not finished and Deployments that want pods, as far as they mount the claim.
fn mounters<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Vec<&'a Object>> {
    resting_on(&claim.name, |name| {
        if name.is_empty() {
            return Fact::known(Vec::new());
        }
        let all = cluster
            .mounts()
            .mounters(cluster.namespace, name)
            .iter()
            .copied();
        let mut mounters: Vec<&Object> = all.filter(|object| is_alive(object)).collect();
        mounters.sort_by(|left, right| (left.kind, &left.name).cmp(&(right.kind, &right.name)));
        let places = mounters.clone();
        let start = Fact::known(mounters);
        places.iter().fold(start, |fact, object| {
            fact.and_at(object.name_span(), "mounts the claim")
        })
    })
}

fn is_alive(object: &Object) -> bool {
    match object.kind {
        Kind::Deployment => {
            workload::replicas(object, "the number of pods asked for").value() != Some(&0)
        }
        _ => !instances::has_finished(object),
    }
}

fn is_foreign(cluster: &Cluster<'_>, object: &Object) -> bool {
    holds::label(object, "pg-cluster") != cluster.name
}

/// Known when every pod and Deployment of the namespace is in the input.
fn all_mounters(cluster: &Cluster<'_>) -> Fact<()> {
    let seen = |listing: Listing<'_>| if_complete(&listing.completeness, ());
    seen(cluster.pods())
        .both(seen(cluster.deployments()))
        .map(|_| ())
}

fn names(mounters: &[&Object]) -> Value {
    let name = |object: &&Object| format!("{} {}", object.kind.info().name, object.name);
    Value::from(mounters.iter().map(name).collect::<Vec<_>>())
}

fn mounted_by<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Answer {
    if_any_mounts(
        cluster,
        claim,
        mounters(cluster, claim).map(|all| names(&all)),
    )
}

fn foreign_mounters<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Vec<&'a Object>> {
    mounters(cluster, claim).map(|mut mounters| {
        mounters.retain(|object| is_foreign(cluster, object));
        mounters
    })
}

fn mounted_by_others<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Answer {
    if_any_mounts(
        cluster,
        claim,
        foreign_mounters(cluster, claim).map(|all| names(&all)),
    )
}

fn mounted_elsewhere<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Answer {
    let seen = foreign_mounters(cluster, claim).map(|mounters| !mounters.is_empty());
    match seen.value() {
        Some(false) => if_any_mounts(cluster, claim, seen).map(Value::from),
        _ => seen.map(Value::from),
    }
}

/// A list of mounters is known when nothing unseen can mount the claim.
fn if_any_mounts<T>(cluster: &Cluster<'_>, claim: &Claim<'_>, list: Fact<T>) -> Fact<T> {
    match claim.name.value() {
        Some(name) if name.is_empty() => list,
        _ => resting_on(&all_mounters(cluster), |()| list),
    }
}

fn source(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim
        .of_volume(String::new(), fsgroup::source_of)
        .map(Value::from)
}

fn created(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    claim.text(
        &["metadata", "creationTimestamp"],
        "when the claim was created",
    )
}

fn v4_labels(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
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

fn v5_cluster(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let path = [
        "metadata",
        "labels",
        "postgres-operator.crunchydata.com/cluster",
    ];
    claim.text(&path, "the PGO v5 cluster that uses the claim")
}

fn pinned(_: &Cluster<'_>, claim: &Claim<'_>) -> Answer {
    let read = |object: &Object| {
        let node = object.read(
            &["spec", "nodeAffinity"],
            "the nodes the volume can be reached from",
        );
        node.map(|node| node.is_some_and(|node| !is_unset(node)))
    };
    claim.of_volume(false, read).map(Value::from)
}

fn candidate_names(cluster: &Cluster<'_>) -> Answer {
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

fn added_later(cluster: &Cluster<'_>) -> Fact<bool> {
    let (wal, data) = (cluster.claim(Role::Wal), cluster.claim(Role::Data));
    let pairs = wal.claims.iter().zip(&data.claims);
    wal.common(pairs.map(|(wal, data)| is_younger(wal, data)).collect())
}

pub(super) fn is_younger(wal: &Claim<'_>, data: &Claim<'_>) -> Fact<bool> {
    const SAME_TIME: i64 = 600;
    resting_on(&wal.storage, |storage| {
        if *storage != Storage::Claim {
            return Fact::known(false);
        }
        birth(wal)
            .both(birth(data))
            .map(|(wal, data)| match (wal, data) {
                (Some(wal), Some(data)) => wal.as_second() - data.as_second() > SAME_TIME,
                _ => false,
            })
    })
}

/// When a claim was created; `None` where there is no claim.
fn birth(claim: &Claim<'_>) -> Fact<Option<Timestamp>> {
    claim.of_claim(None, |object| {
        let path = ["metadata", "creationTimestamp"];
        let written = text(object, &path, "when the claim was created");
        written.and_then(|written| match written.parse() {
            Ok(time) => Fact::known(Some(time)),
            Err(_) => Fact::unknown(Gap {
                missing: format!("when claim {} was created", object.name),
                because: "it is in the input without metadata.creationTimestamp".to_owned(),
                ..Gap::of_one(object.kind, object.namespace.as_deref(), &object.name)
            }),
        })
    })
}
