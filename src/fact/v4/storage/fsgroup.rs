//! Whether Kubernetes applies a pod's `fsGroup` to a volume: from the volume's source, and for CSI from the driver's
//! policy, as the kubelet decides it. "Unknown" rather than "supported" wherever a piece is missing.

#[cfg(test)]
mod tests;

use super::claims::{Claim, Storage, mode_of};
use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::{text, texts, truth};
use crate::fact::v4::objects::listings::needing_cluster_role;
use crate::fact::v4::objects::workload::{Volume, volumes};
use crate::fact::v4::seen::resting_on;
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};

/// `"yes"` or `"no"`; `""` where there is no claim.
pub(in crate::fact::v4) fn answer<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Value> {
    honoured(cluster, claim).map(|(answer, _)| answer.into())
}

/// Why; `""` where there is no claim.
pub(in crate::fact::v4) fn reason<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Value> {
    honoured(cluster, claim).map(|(_, why)| why.into())
}

type Verdict = (&'static str, String);

fn yes(why: String) -> Fact<Verdict> {
    Fact::known(("yes", why))
}

fn no(why: String) -> Fact<Verdict> {
    Fact::known(("no", why))
}

fn honoured<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>) -> Fact<Verdict> {
    let nothing = || Fact::known(("", String::new()));
    resting_on(&claim.storage, |storage| match storage {
        Storage::Claim => resting_on(&claim.object, |object| match *object {
            None => nothing(),
            Some(object) => of_claim(cluster, claim, object),
        }),
        Storage::EmptyDir | Storage::Inline | Storage::None => nothing(),
    })
}

fn of_claim<'a>(cluster: &Cluster<'a>, claim: &Claim<'a>, object: &'a Object) -> Fact<Verdict> {
    let mode = mode_of(object);
    resting_on(&mode, |mode| {
        if mode == "Block" {
            return no(format!(
                "claim {} is a block device without a file system",
                object.name
            ));
        }
        if let Some(mount) = read_only_mount(cluster, object) {
            return no(format!("{} mounts the claim for reading only", mount.name));
        }
        resting_on(&claim.volume, |volume| match volume {
            Some(volume) => of_volume(cluster, volume),
            None => Fact::unknown(Gap {
                missing: format!("the volume of claim {}", object.name),
                because: "the claim is not bound to any".to_owned(),
                ..Gap::of_one(Kind::PersistentVolumeClaim, cluster.namespace, &object.name)
            }),
        })
    })
}

fn read_only_mount<'a>(cluster: &Cluster<'a>, claim: &Object) -> Option<&'a Object> {
    let mounters = cluster.mounts().mounters(cluster.namespace, &claim.name);
    let read_only = |object: &&&Object| {
        volumes(object).any(|(_, volume, _)| match volume {
            Volume::Claim { name, read_only } => name == *claim.name && read_only,
            _ => false,
        })
    };
    mounters.iter().find(read_only).copied()
}

/// Fields of a PersistentVolume's spec that are not its source.
const NOT_SOURCES: [&str; 9] = [
    "accessModes",
    "capacity",
    "claimRef",
    "mountOptions",
    "nodeAffinity",
    "persistentVolumeReclaimPolicy",
    "storageClassName",
    "volumeAttributesClassName",
    "volumeMode",
];

/// The source of a volume: its field name and what it says.
fn source(volume: &Object) -> Fact<(&str, Node<'_>)> {
    volume.read(&["spec"], "the volume").and_then(|spec| {
        let mut sources = spec
            .into_iter()
            .flat_map(Node::entries)
            .filter(|(key, value)| !NOT_SOURCES.contains(&key.text()) && value.is_map());
        match sources.next() {
            Some((key, value)) => Fact::known((key.text(), value)),
            None => Fact::unknown(Gap {
                missing: format!("what PersistentVolume {} is made of", volume.name),
                because: "its spec names no source that is known here".to_owned(),
                ask: format!(
                    "kubectl get persistentvolume {} -o yaml",
                    crate::manifest::shell_word(&volume.name)
                ),
            }),
        }
    })
}

/// The field of a volume's spec that names its source, as "csi"; `None` where none is known here.
pub(in crate::fact::v4) fn source_field(volume: &Object) -> Option<&str> {
    source(volume).value().map(|(kind, _)| *kind)
}

/// "csi ebs.csi.aws.com", "nfs", ...
pub(in crate::fact::v4) fn source_of(volume: &Object) -> Fact<String> {
    resting_on(&source(volume), |(kind, node)| {
        let driver = node.get("driver").filter(|_| *kind == "csi");
        let span = driver.map_or_else(|| volume.nearest(&["spec", kind]), Node::span);
        let name = driver.map_or_else(
            || (*kind).to_owned(),
            |driver| format!("csi {}", driver.text()),
        );
        Fact::at(name, span, "what the volume is made of")
    })
}

fn of_volume(cluster: &Cluster<'_>, volume: &Object) -> Fact<Verdict> {
    let source = source(volume);
    resting_on(&source, |(kind, _)| {
        let read_only = truth(
            volume,
            &["spec", kind, "readOnly"],
            "mounted for reading only",
        );
        let span = volume.nearest(&["spec", kind]);
        let verdict = match (&read_only, *kind) {
            (Fact::Unknown(gaps), _) => return Fact::Unknown(gaps.clone()),
            (Fact::Known(truth), _) if truth.value => {
                no(format!("{kind} volume {} is read-only", volume.name))
            }
            (_, "csi") => return of_csi(cluster, volume),
            (_, kind) => in_tree(kind, volume),
        };
        verdict.and_at(span, "what the volume is made of")
    })
}

/// Block storage that Kubernetes has since moved to CSI drivers stays a yes: those drivers support it.
fn in_tree(kind: &str, volume: &Object) -> Fact<Verdict> {
    match kind {
        "hostPath" | "nfs" | "cephfs" | "glusterfs" | "azureFile" | "quobyte" => no(format!(
            "Kubernetes does not apply fsGroup to {kind} volumes"
        )),
        "local"
        | "awsElasticBlockStore"
        | "gcePersistentDisk"
        | "azureDisk"
        | "cinder"
        | "vsphereVolume"
        | "rbd"
        | "iscsi"
        | "fc"
        | "portworxVolume"
        | "storageos"
        | "scaleIO" => yes(format!("Kubernetes applies fsGroup to {kind} volumes")),
        _ => {
            let because = format!("no object says whether the {kind} driver supports it");
            Fact::unknown(look(volume, &because))
        }
    }
}

/// Drivers that take the group at mount time and apply it themselves, which no object shows.
const MOUNT_GROUP: [&str; 2] = ["file.csi.azure.com", "smb.csi.k8s.io"];

fn of_csi(cluster: &Cluster<'_>, volume: &Object) -> Fact<Verdict> {
    let driver = text(volume, &["spec", "csi", "driver"], "the CSI driver");
    resting_on(&driver, |driver| {
        if driver == "efs.csi.aws.com" {
            return no("EFS access points enforce their own user and group".to_owned());
        }
        if MOUNT_GROUP.contains(&driver.as_str()) {
            return Fact::unknown(look(
                volume,
                &format!("{driver} may apply the group itself when it mounts"),
            ));
        }
        let policy = policy(cluster, driver);
        let fits = fits_default(volume);
        match policy.value().map(String::as_str) {
            Some("None") => {
                policy.map(|_| ("no", format!("CSIDriver {driver} has fsGroupPolicy None")))
            }
            Some("File") => {
                policy.map(|_| ("yes", format!("CSIDriver {driver} has fsGroupPolicy File")))
            }
            Some("ReadWriteOnceWithFSType") => resting_on(&policy, |_| by_default(driver, &fits)),
            Some(other) => Fact::unknown(look(
                volume,
                &format!("CSIDriver {driver} has the unknown fsGroupPolicy {other}"),
            )),
            None => policy.and_then(|_| by_default(driver, &fits)),
        }
    })
}

/// The driver's policy; Kubernetes takes `ReadWriteOnceWithFSType` where nothing is written.
fn policy(cluster: &Cluster<'_>, driver: &str) -> Fact<String> {
    let usual = || "ReadWriteOnceWithFSType".to_owned();
    match cluster.inventory.find(Kind::CsiDriver, None, driver) {
        Found::Here(object) => {
            let written = text(
                object,
                &["spec", "fsGroupPolicy"],
                "the driver's fsGroup policy",
            );
            written.map(|policy| if policy.is_empty() { usual() } else { policy })
        }
        Found::Absent(None) => Fact::known(usual()),
        Found::Absent(Some(assumption)) => Fact::known(usual()).assuming(assumption),
        Found::Unseen(gap) => Fact::unknown(needing_cluster_role(gap, Kind::CsiDriver)),
    }
}

/// Whether the volume has a file system type and is for one node.
fn fits_default(volume: &Object) -> Fact<bool> {
    let fs_type = text(volume, &["spec", "csi", "fsType"], "the file system type");
    let modes = texts(
        volume,
        &["spec", "accessModes"],
        "the volume's access modes",
    );
    fs_type.both(modes).map(|(fs_type, modes)| {
        let single = |mode: &String| matches!(mode.as_str(), "ReadWriteOnce" | "ReadWriteOncePod");
        !fs_type.is_empty() && modes.iter().any(single)
    })
}

fn by_default(driver: &str, fits: &Fact<bool>) -> Fact<Verdict> {
    fits.clone().map(|fits| {
        let policy = format!("{driver} has fsGroupPolicy ReadWriteOnceWithFSType");
        if fits {
            let why = "the volume is ReadWriteOnce with a file system type";
            return ("yes", format!("{policy}, and {why}"));
        }
        let why = "the volume has no file system type or is not ReadWriteOnce";
        ("no", format!("{policy}, and {why}"))
    })
}

fn look(volume: &Object, because: &str) -> Gap {
    Gap {
        missing: format!("whether fsGroup is honoured on PersistentVolume {}", volume.name),
        because: because.to_owned(),
        ask: "compare the group of the files (ls -ln) in the pod that mounts it with the pod's fsGroup".to_owned(),
    }
}
