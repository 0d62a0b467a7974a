//! Fields of v5 at a wrong place.

use super::problems::{Problems, at};
use super::reading::{bare, record};
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[DraftFact] = &[row(
    "draft.misplacedKeys",
    Type::Records,
    "fields of v5 at a wrong place, where a server drops them: {key, belongs, text}",
    misplaced,
)];

/// Known fields, the section they stand in by mistake (`[]` for the items of a list), and where they belong.
const MISPLACED: [(&str, &[&str], &str); 23] = [
    (
        "",
        &[
            "patroni",
            "instances",
            "backups",
            "dataSource",
            "standby",
            "users",
            "image",
            "postgresVersion",
            "proxy",
            "config",
        ],
        "spec",
    ),
    (
        "spec",
        &[
            "existingVolumes",
            "volumes",
            "postgresCluster",
            "pgDataVolume",
        ],
        "spec.dataSource",
    ),
    ("spec", &["dynamicConfiguration"], "spec.patroni"),
    ("spec", &["pgbackrest", "repos"], "spec.backups"),
    ("spec", &["pgBouncer", "pgbouncer"], "spec.proxy.pgBouncer"),
    (
        "spec",
        &[
            "dataVolumeClaimSpec",
            "walVolumeClaimSpec",
            "replicas",
            "affinity",
            "tolerations",
            "resources",
        ],
        "spec.instances[]",
    ),
    ("spec", &["labels", "annotations"], "spec.metadata"),
    (
        "spec.dataSource",
        &[
            "existingVolumes",
            "pgDataVolume",
            "pgWALVolume",
            "pgBackRestVolume",
        ],
        "spec.dataSource.volumes",
    ),
    (
        "spec.dataSource.volumes",
        &[
            "existingPGDataVolume",
            "existingPGWALVolume",
            "existingPGBackRestVolume",
        ],
        "spec.dataSource.volumes as pgDataVolume, pgWALVolume, pgBackRestVolume",
    ),
    (
        "spec.dataSource.volumes.pgDataVolume",
        &["tolerations", "affinity", "annotations", "namespace"],
        "nowhere: PGO has no such field for a volume",
    ),
    (
        "spec.dataSource.volumes.pgWALVolume",
        &["tolerations", "affinity", "annotations", "namespace"],
        "nowhere: PGO has no such field for a volume",
    ),
    (
        "spec.dataSource.volumes.pgBackRestVolume",
        &["tolerations", "affinity", "annotations", "namespace"],
        "nowhere: PGO has no such field for a volume",
    ),
    (
        "spec.dataSource.postgresCluster",
        &["repo", "stanza", "configuration", "global"],
        "spec.dataSource.pgbackrest",
    ),
    (
        "spec.dataSource.pgbackrest",
        &["repoName", "clusterName"],
        "spec.dataSource.postgresCluster",
    ),
    (
        "spec.backups.pgbackrest.repos[].volume",
        &["s3", "gcs", "azure", "bucket", "endpoint", "region"],
        "spec.backups.pgbackrest.repos[], beside name",
    ),
    (
        "spec.backups.pgbackrest.repos[].volume",
        &["accessModes", "storageClassName", "resources"],
        "spec.backups.pgbackrest.repos[].volume.volumeClaimSpec",
    ),
    (
        "spec.backups.pgbackrest.repos[]",
        &["bucket", "endpoint", "region"],
        "spec.backups.pgbackrest.repos[].s3 or .gcs",
    ),
    (
        "spec.backups.pgbackrest.repos[]",
        &["path", "global"],
        "spec.backups.pgbackrest.global as repoN-path",
    ),
    (
        "spec.backups.pgbackrest.repos[].s3",
        &["path", "uriStyle", "verifyTLS", "key", "keySecret"],
        "spec.backups.pgbackrest.global as an option of repoN",
    ),
    (
        "spec.instances[]",
        &["storageClassName", "accessModes", "selector", "volumeName"],
        "spec.instances[].dataVolumeClaimSpec",
    ),
    ("spec.instances[]", &["image", "postgresVersion"], "spec"),
    (
        "spec.standby",
        &["repo", "repos"],
        "spec.standby as repoName",
    ),
    (
        "spec.service",
        &["volumes", "postgresCluster", "pgbackrest"],
        "spec.dataSource",
    ),
];

fn misplaced(draft: &Draft<'_>) -> Fact<Value> {
    bare(draft.node(&["spec"], "")).and_then(|_| {
        let mut problems = Problems::default();
        let mut last = ("", sections(draft, ""));
        for (section, keys, belongs) in MISPLACED {
            if section != last.0 {
                last = (section, sections(draft, section));
            }
            let maps = last.1.iter();
            for entry in maps.flat_map(|map| draft.keys().below(*map)) {
                if !keys.contains(&&*entry.name) || entry.value.is_null() {
                    continue;
                }
                let name = &*entry.name;
                let place = at(entry.key.span(), "not a field here");
                let text = format!("{name} belongs under {belongs}");
                let text = if belongs.starts_with("nowhere") {
                    format!("{name} belongs {belongs}")
                } else {
                    text
                };
                let item = record([
                    ("key", name.into()),
                    ("belongs", belongs.into()),
                    ("text", text.into()),
                ]);
                problems.add(item, &[place]);
            }
        }
        problems.list(draft.nearest(&["spec"]), "the spec")
    })
}

/// The maps at a path; `[]` after a name, once at most, stands for every item of the list.
fn sections<'a>(draft: &Draft<'a>, path: &str) -> Vec<Node<'a>> {
    let keys = draft.keys();
    let down = |node: Node<'a>, path: &str| {
        let mut names = path.split('.').filter(|name| !name.is_empty());
        names.try_fold(node, |node, name| Some(keys.entry(node, name)?.value))
    };
    let list = path.split('[').next().unwrap_or(path);
    let Some(node) = down(draft.object.root(), list) else {
        return Vec::new();
    };
    match path
        .get(list.len()..)
        .and_then(|rest| rest.strip_prefix("[]"))
    {
        Some(rest) => node.items().filter_map(|item| down(item, rest)).collect(),
        None => vec![node],
    }
}
