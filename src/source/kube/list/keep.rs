//! Which objects of a list are kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

/// Which objects of a list to keep; the others are dropped as they come.
#[derive(Clone, Debug)]
pub(in crate::source::kube) enum Keep {
    All,
    /// Those of these namespaces.
    In(Arc<BTreeSet<String>>),
    /// PersistentVolumes of these names, and all that are directories: others may be the same one.
    Volumes(Arc<BTreeSet<String>>),
    /// Those whose name has one of these endings.
    Ending(&'static [&'static str]),
}

impl Keep {
    pub(super) fn keeps(&self, object: &Value) -> bool {
        match self {
            Keep::All => true,
            Keep::In(these) => these.contains(meta(object, "namespace")),
            Keep::Volumes(these) => these.contains(meta(object, "name")) || is_directory(object),
            Keep::Ending(endings) => {
                let name = meta(object, "name");
                endings.iter().any(|ending| name.ends_with(ending))
            }
        }
    }
}

/// The sources of a PersistentVolume that name a directory.
const DIRECTORIES: [&str; 6] = [
    "nfs",
    "hostPath",
    "local",
    "cephfs",
    "glusterfs",
    "azureFile",
];

/// The attributes by which drivers are told a directory of a server: nfs.csi.k8s.io, smb.csi.k8s.io, file.csi.azure.com.
const SHARES: [&str; 3] = ["share", "source", "shareName"];

/// Whether a PersistentVolume is one that others can be the same directory as: what decides that is judged later.
pub(super) fn is_directory(volume: &Value) -> bool {
    let Some(spec) = volume.get("spec") else {
        return false;
    };
    let modes = spec.get("accessModes").and_then(Value::as_array);
    let mut modes = modes.into_iter().flatten();
    let attributes = spec.pointer("/csi/volumeAttributes");
    DIRECTORIES.iter().any(|source| spec.get(source).is_some())
        || attributes.is_some_and(|of| SHARES.iter().any(|key| of.get(key).is_some()))
        || modes.any(|mode| mode == "ReadWriteMany")
}

/// A field of an object's metadata; "" where it has none.
pub(super) fn meta<'o>(object: &'o Value, key: &str) -> &'o str {
    let metadata = object.get("metadata");
    let field = metadata.and_then(|metadata| metadata.get(key));
    field.and_then(Value::as_str).unwrap_or_default()
}
