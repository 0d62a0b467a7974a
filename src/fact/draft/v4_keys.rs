//! Fields where they do not belong: names of PGO v4 in a draft, and v5's own at a wrong place.

use super::problems::{Problems, at};
use super::reading::{bare, record};
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.v4Keys",
        Type::Strings,
        "field names of PGO v4's Pgcluster in the draft",
        |draft| listed(draft, |key, _| key.to_owned()),
    ),
    row(
        "draft.v4KeyHints",
        Type::Strings,
        "what v5 has instead: \"ccpimagetag -> spec.image\"",
        |draft| listed(draft, |key, instead| format!("{key} -> {instead}")),
    ),
    row(
        "draft.misplacedKeys",
        Type::Records,
        "fields of v5 at a wrong place, where a server drops them: {key, belongs, text}",
        misplaced,
    ),
];

/// Fields of a Pgcluster and what takes their place.
const V4: [(&str, &str); 44] = [
    ("ArchiveStorage", "nothing: v4 did not use it either"),
    ("BackrestStorage", "spec.backups.pgbackrest.repos[].volume"),
    ("ContainerResources", "spec.instances[].resources"),
    (
        "PGAdminStorage",
        "spec.userInterface.pgAdmin.dataVolumeClaimSpec",
    ),
    ("PrimaryStorage", "spec.instances[].dataVolumeClaimSpec"),
    ("ReplicaStorage", "spec.instances[].dataVolumeClaimSpec"),
    ("WALStorage", "spec.instances[].walVolumeClaimSpec"),
    ("backrestConfig", "spec.backups.pgbackrest.configuration"),
    (
        "backrestGCSBucket",
        "spec.backups.pgbackrest.repos[].gcs.bucket",
    ),
    (
        "backrestGCSEndpoint",
        "repoN-gcs-endpoint in spec.backups.pgbackrest.global",
    ),
    (
        "backrestGCSKeyType",
        "repoN-gcs-key-type in spec.backups.pgbackrest.global",
    ),
    (
        "backrestLimits",
        "spec.backups.pgbackrest.repoHost.resources",
    ),
    (
        "backrestRepoPath",
        "repoN-path in spec.backups.pgbackrest.global",
    ),
    (
        "backrestResources",
        "spec.backups.pgbackrest.repoHost.resources",
    ),
    (
        "backrestS3Bucket",
        "spec.backups.pgbackrest.repos[].s3.bucket",
    ),
    (
        "backrestS3Endpoint",
        "spec.backups.pgbackrest.repos[].s3.endpoint",
    ),
    (
        "backrestS3Region",
        "spec.backups.pgbackrest.repos[].s3.region",
    ),
    (
        "backrestS3URIStyle",
        "repoN-s3-uri-style in spec.backups.pgbackrest.global",
    ),
    (
        "backrestS3VerifyTLS",
        "repoN-storage-verify-tls in spec.backups.pgbackrest.global",
    ),
    (
        "backrestStorageTypes",
        "the kinds of spec.backups.pgbackrest.repos",
    ),
    ("ccpimage", "spec.image"),
    ("ccpimageprefix", "spec.image"),
    ("ccpimagetag", "spec.image and spec.postgresVersion"),
    ("clustername", "metadata.name"),
    ("collectSecretName", "spec.monitoring"),
    ("customconfig", "spec.patroni.dynamicConfiguration"),
    ("disableAutofail", "nothing: v5 always fails over"),
    ("exporterport", "spec.monitoring.pgmonitor.exporter"),
    ("nodeAffinity", "spec.instances[].affinity"),
    (
        "passwordType",
        "spec.users[].password and password_encryption",
    ),
    ("pgBadger", "nothing: v5 has no pgBadger"),
    ("pgDataSource", "spec.dataSource"),
    ("pgbadgerport", "nothing: v5 has no pgBadger"),
    ("pgoimageprefix", "nothing: v5 takes it from the operator"),
    ("podAntiAffinity", "spec.instances[].affinity"),
    ("policies", "spec.databaseInitSQL"),
    (
        "primarysecretname",
        "nothing: v5 replicates with certificates",
    ),
    ("rootsecretname", "spec.users"),
    ("serviceType", "spec.service.type"),
    (
        "syncReplication",
        "synchronous_mode in spec.patroni.dynamicConfiguration",
    ),
    ("tablespaceMounts", "spec.instances[].tablespaceVolumes"),
    (
        "tlsOnly",
        "nothing: v5 asks for TLS unless its rules say otherwise",
    ),
    ("userlabels", "spec.metadata.labels"),
    ("usersecretname", "spec.users"),
];

/// Fields that a Pgcluster has directly below `spec` only; elsewhere the name means something else.
const TOP_ONLY: [&str; 6] = [
    "nodeAffinity",
    "passwordType",
    "podAntiAffinity",
    "policies",
    "serviceType",
    "tlsOnly",
];

/// The keys of v4 in a draft, in the order of the text.
pub(super) fn found<'a>(draft: &Draft<'a>) -> Vec<Node<'a>> {
    let Some(spec) = draft.object.at(&["spec"]) else {
        return Vec::new();
    };
    let mut keys = Vec::new();
    let mut open = vec![(spec, 0)];
    while let Some((map, depth)) = open.pop() {
        for (key, value) in map.entries() {
            let name = key.key();
            let of_v4 = V4.iter().any(|(field, _)| *field == name);
            if of_v4 && (depth == 0 || !TOP_ONLY.contains(&&*name)) {
                keys.push(key);
            }
            // Deeper than this nobody pastes them; what users name themselves is left alone.
            let named = ["metadata", "global", "dynamicConfiguration", "parameters"];
            if depth < 3 && !named.contains(&&*name) {
                let inner = value.items().filter(|item| item.is_map());
                open.extend(inner.map(|item| (item, depth + 1)));
                if value.is_map() {
                    open.push((value, depth + 1));
                }
            }
        }
    }
    keys.sort_by_key(|key| key.span().start);
    keys
}

fn listed(draft: &Draft<'_>, text: fn(&str, &str) -> String) -> Fact<Value> {
    bare(draft.node(&["spec"], "")).and_then(|_| {
        let mut problems = Problems::default();
        for key in found(draft) {
            let name = key.key();
            let instead = V4.iter().find(|(field, _)| *field == name);
            let instead = instead.map_or("", |(_, instead)| instead);
            problems.add(text(&name, instead), &[at(key.span(), "a field of PGO v4")]);
        }
        problems.list(draft.object.nearest(&["spec"]), "the spec")
    })
}

/// Known fields, the section they stand in by mistake (`[]` for the items of a list), and where they belong.
const MISPLACED: [(&str, &[&str], &str); 24] = [
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
        "spec.backups.pgbackrest.repoHost",
        &["dedicated"],
        "spec.backups.pgbackrest.repoHost itself, from PGO 5.0.3 on",
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
        for (section, keys, belongs) in MISPLACED {
            for (key, value) in sections(draft.object.root(), section).flat_map(Node::entries) {
                if !keys.contains(&&*key.key()) || value.is_null() {
                    continue;
                }
                let name = key.key().into_owned();
                let place = at(key.span(), "not a field here");
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
        problems.list(draft.object.nearest(&["spec"]), "the spec")
    })
}

/// The maps at a path; `[]` after a name stands for every item of the list.
fn sections<'a>(root: Node<'a>, path: &str) -> std::vec::IntoIter<Node<'a>> {
    let mut nodes = vec![root];
    for name in path.split('.').filter(|name| !name.is_empty()) {
        let key = name.trim_end_matches("[]");
        let inner = nodes.iter().filter_map(|node| node.get(key));
        nodes = if key == name {
            inner.collect()
        } else {
            inner.flat_map(Node::items).collect()
        };
    }
    nodes.into_iter()
}
