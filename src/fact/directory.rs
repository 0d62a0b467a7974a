//! Which directory of a file server, or of a node, a PersistentVolume is: several volumes can be one.
//!
//! PGO v4 is made for it, and its own scripts made all volumes of one path (`pv/crunchy-pv-nfs.json`, `pv/crunchy-pv.json`): each
//! cluster has a directory of its own there, called after its Deployment. PGO v5 takes the volume's root.
//!
//! Sources: Kubernetes core/v1, `PersistentVolumeSource`; the parameters of static volumes of the drivers nfs.csi.k8s.io
//! (`server`, `share`, `subdir`), smb.csi.k8s.io (`source`, `subDir`) and file.csi.azure.com (`storageAccount`, `shareName`, `folderName`).

use super::repository::{Home, Identity};
use crate::manifest::{Node, Object};

/// The directory below the root of the volume; `None` where no other volume can be the same.
pub fn directory_of(volume: &Object, below: &str, home: Home<'_>) -> Option<Identity> {
    let spec = volume.at(&["spec"])?;
    let said = |path: &[&str]| spec.at(path).map_or("", Node::text);
    if spec.get("csi").is_some() {
        return of_driver(spec, below, home);
    }
    let (server, share) = if spec.get("nfs").is_some() {
        (said(&["nfs", "server"]).to_owned(), said(&["nfs", "path"]))
    } else if spec.get("hostPath").is_some() {
        return on_node(spec, said(&["hostPath", "path"]), below, home);
    } else if spec.get("local").is_some() {
        return on_node(spec, said(&["local", "path"]), below, home);
    } else if let Some(source) = spec.get("cephfs") {
        let monitors = source
            .get("monitors")
            .map_or("", |list| list.items().next().map_or("", Node::text));
        let path = said(&["cephfs", "path"]);
        (
            monitors.to_owned(),
            if path.is_empty() { "/" } else { path },
        )
    } else if spec.get("glusterfs").is_some() {
        let endpoints = said(&["glusterfs", "endpoints"]);
        (
            format!("glusterfs {endpoints}"),
            said(&["glusterfs", "path"]),
        )
    } else if spec.get("azureFile").is_some() {
        let secret = said(&["azureFile", "secretName"]);
        (
            format!("azureFile {secret}"),
            said(&["azureFile", "shareName"]),
        )
    } else {
        return None;
    };
    Identity::of_export(&server, share, below, home)
}

fn of_driver(spec: Node<'_>, below: &str, home: Home<'_>) -> Option<Identity> {
    let said = |path: &[&str]| spec.at(path).map_or("", Node::text);
    let of = |key| said(&["csi", "volumeAttributes", key]);
    let driver = said(&["csi", "driver"]);
    let (server, share, inner) = match driver {
        "nfs.csi.k8s.io" => (of("server"), of("share"), of("subdir")),
        "smb.csi.k8s.io" => (driver, of("source"), of("subDir")),
        "file.csi.azure.com" if !of("shareName").is_empty() => {
            let account = of("storageAccount");
            let account = if account.is_empty() { driver } else { account };
            (account, of("shareName"), of("folderName"))
        }
        // Two volumes with one handle are one file system, as with EFS.
        _ if is_shared(spec) => (driver, said(&["csi", "volumeHandle"]), ""),
        _ => return None,
    };
    if share.trim().is_empty() {
        return None;
    }
    Identity::of_export(server, &format!("{share}/{inner}"), below, home)
}

/// A directory of the nodes that the volume can be reached from.
fn on_node(spec: Node<'_>, path: &str, below: &str, home: Home<'_>) -> Option<Identity> {
    let terms = spec.at(&["nodeAffinity", "required", "nodeSelectorTerms"]);
    let terms = terms.into_iter().flat_map(Node::items);
    let asked = terms.flat_map(|term| {
        let asked = ["matchExpressions", "matchFields"];
        asked.into_iter().filter_map(move |key| term.get(key))
    });
    let values = asked
        .flat_map(Node::items)
        .filter_map(|one| one.get("values"));
    let names: Vec<&str> = values.flat_map(Node::items).map(Node::text).collect();
    Identity::on_node(&names, path, below, home)
}

/// Whether several nodes may write to a volume at once.
fn is_shared(spec: Node<'_>) -> bool {
    let modes = spec.get("accessModes").into_iter();
    let mut modes = modes.flat_map(Node::items);
    modes.any(|mode| mode.text() == "ReadWriteMany")
}
