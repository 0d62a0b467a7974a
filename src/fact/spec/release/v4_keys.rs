//! Field names of PGO v4 in a draft.

use std::borrow::Cow;

use crate::fact::Element;
use crate::fact::spec::reading::bare;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};
use crate::schema::field_lifetime;

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.v4Keys",
    "every field name of PGO v4's Pgcluster in the draft: {name, instead}; instead is what v5 has: \"spec.image\"",
    &["name", "instead"],
    listed,
)];

/// Fields of a Pgcluster, sorted, and what takes their place.
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
pub(in crate::fact::spec) fn found<'d, 'a>(draft: &'d Draft<'a>) -> &'d [Node<'a>] {
    let found = &draft.memo().v4_keys;
    found.get_or_init(|| find(draft).into())
}

/// What a v5 has instead of a field of v4.
fn instead_of(name: &str) -> Option<&'static str> {
    let place = V4.binary_search_by_key(&name, |(field, _)| field);
    V4.get(place.ok()?).map(|(_, instead)| *instead)
}

fn find<'a>(draft: &Draft<'a>) -> Vec<Node<'a>> {
    let mut keys = Vec::new();
    if let Some(spec) = draft.at(&["spec"]) {
        look(draft, spec, &mut vec!["spec".into()], &mut keys);
    }
    keys.sort_by_key(|key| key.span().start);
    keys
}

/// Deeper than this nobody pastes them.
const DEEPEST: usize = 4;

/// Looks for names of v4 where v5 has no field of the name, and leaves none to the user.
fn look<'d, 'a>(
    draft: &'d Draft<'a>,
    map: Node<'a>,
    path: &mut Vec<Cow<'d, str>>,
    keys: &mut Vec<Node<'a>>,
) {
    for entry in draft.keys().below(map) {
        path.push(Cow::Borrowed(&entry.name));
        let elsewhere = path.len() > 2 && TOP_ONLY.contains(&&*entry.name);
        if !elsewhere
            && instead_of(&entry.name).is_some()
            && field_lifetime(&format!("/{}", path.join("/"))).is_none()
        {
            keys.push(entry.key);
        }
        // Of Patroni's section the catalogue has no fields.
        if path.len() <= DEEPEST && entry.name != "dynamicConfiguration" {
            for (at, item) in entry
                .value
                .items()
                .enumerate()
                .filter(|(_, item)| item.is_map())
            {
                path.push(Cow::Owned(at.to_string()));
                look(draft, item, path, keys);
                path.pop();
            }
            look(draft, entry.value, path, keys);
        }
        path.pop();
    }
}

fn listed(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    bare(draft.node(&["spec"], ""))
        .map(|_| {
            let keys = found(draft).iter();
            let element = |key: &Node<'_>| {
                let name = key.key();
                let instead = instead_of(&name).unwrap_or("");
                Element::new(name.to_string(), key.span(), "a field of PGO v4")
                    .with("name", Fact::known((&*name).into()))
                    .with("instead", Fact::known(instead.into()))
            };
            keys.map(element).collect()
        })
        .and_at(draft.nearest(&["spec"]), "the spec")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_v4_is_found() {
        for (field, instead) in V4 {
            assert_eq!(instead_of(field), Some(instead), "{field}");
        }
    }
}
