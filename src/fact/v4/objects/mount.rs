//! Where the container of Postgres, or of the repository host, mounts the volumes of its pod.
//!
//! It must not know what a volume is for.

use super::workload::{DATABASE, pod_field};
use crate::manifest::{Gap, Node, Object};

/// One entry of `volumeMounts`.
pub(in crate::fact::v4) struct Mount<'a> {
    /// The volume's name in the pod.
    pub(in crate::fact::v4) volume: &'a str,
    /// The path in the container, without detours.
    path: Vec<&'a str>,
    /// The directory of the volume that is mounted; `None` where it is made of variables.
    directory: Option<Vec<&'a str>>,
    /// Whether nothing can be written there.
    pub(in crate::fact::v4) read_only: bool,
    /// Where it is written.
    pub(in crate::fact::v4) node: Node<'a>,
}

impl Mount<'_> {
    /// The path in the container.
    pub(in crate::fact::v4) fn path(&self) -> String {
        format!("/{}", self.path.join("/"))
    }

    /// What comes below `parent` in its path, as "lake" of /tablespaces/lake; `None` where it is not right below it.
    pub(in crate::fact::v4) fn right_below(&self, parent: &str) -> Option<&str> {
        match self.path.as_slice() {
            [first, last] if *first == parent => Some(last),
            _ => None,
        }
    }
}

/// Where a path of a container lies.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::fact::v4) enum Place {
    /// The object does not show where it mounts the volume.
    Unshown,
    /// Not on the volume.
    Elsewhere,
    /// In this directory of the volume; `""` for its root.
    At(String),
    /// In a directory that is made of variables.
    Variable,
}

/// What the container mounts; none where the object does not show it.
pub(in crate::fact::v4) fn mounts(object: &Object) -> Vec<Mount<'_>> {
    let containers = pod_field(object, &["containers"]);
    let mut containers = containers.into_iter().flat_map(Node::items);
    let named = |one: &Node<'_>| one.get("name").is_some_and(|name| name.text() == DATABASE);
    let found = containers
        .find(named)
        .and_then(|one| one.get("volumeMounts"));
    let entries = found.into_iter().flat_map(Node::items);
    entries.filter_map(mount).collect()
}

fn mount(node: Node<'_>) -> Option<Mount<'_>> {
    let path = node.leading("mountPath").map_or("", Node::text);
    let directory = match said(node, "subPathExpr") {
        "" => Some(parts(said(node, "subPath"))),
        _ => None,
    };
    (!path.is_empty()).then(|| Mount {
        volume: said(node, "name"),
        path: parts(path),
        directory,
        read_only: said(node, "readOnly") == "true",
        node,
    })
}

fn said<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get(key).map_or("", Node::text)
}

/// Where a path lies on a volume: by the mount that is nearest to it.
pub(in crate::fact::v4) fn place(mounts: &[Mount<'_>], volume: &str, path: &str) -> Place {
    if !mounts.iter().any(|mount| mount.volume == volume) {
        return Place::Unshown;
    }
    let path = parts(path);
    let around = mounts.iter().filter(|mount| path.starts_with(&mount.path));
    let nearest = around.max_by_key(|mount| mount.path.len());
    match nearest {
        Some(mount) if mount.volume == volume => match &mount.directory {
            None => Place::Variable,
            Some(directory) => {
                let below = path.iter().skip(mount.path.len());
                let whole: Vec<&str> = directory.iter().chain(below).copied().collect();
                Place::At(whole.join("/"))
            }
        },
        _ => Place::Elsewhere,
    }
}

/// Why it is not known which directory of a volume is mounted.
pub(in crate::fact::v4) fn variable(object: &Object, volume: &str) -> Gap {
    let of = format!("{} {}", object.kind.info().name, object.name);
    Gap {
        missing: format!("the directory of volume {volume} that {of} mounts"),
        because: "subPathExpr makes it of variables when the container starts".to_owned(),
        ask: format!("look up subPathExpr in {of}, and the directories at the root of the volume"),
    }
}

/// The parts of a path as a file system reads it: empty parts and `.` say nothing, `..` goes up.
fn parts(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

    /// What the primary's data directory is where its container mounts this.
    fn directory(mounts: &str) -> String {
        let text = with(
            &deployment("hippo", 1),
            "      volumes:",
            &format!("        volumeMounts: [{mounts}]\n      volumes:"),
        );
        let world = World::complete(&stream(&[PGCLUSTER, &text, &pod("hippo", "master")]));
        world.says("primary.dataDirectory")
    }

    #[test]
    fn a_directory_of_the_volume_that_is_mounted_belongs_to_the_path() {
        assert_eq!(directory("{name: pgdata, mountPath: /pgdata}"), "\"hippo\"");
        assert_eq!(
            directory("{name: pgdata, mountPath: /pgdata/, subPath: v4}"),
            "\"v4/hippo\""
        );
        assert_eq!(
            directory("{name: pgdata, mountPath: /pgdata/hippo, subPath: v4}"),
            "\"v4\""
        );
        assert_eq!(directory("{name: sshd, mountPath: /sshd}"), "\"hippo\"");
    }

    #[test]
    fn a_directory_made_of_variables_is_not_known() {
        let mount = "{name: pgdata, mountPath: /pgdata, subPathExpr: $(POD_NAME)}";
        assert_eq!(directory(mount), "unknown");
    }
}
