//! Keys of a Pgcluster's spec that PGO never reads: it decodes them by exact case, and the schema keeps any others.

use crate::fact::v4::Cluster;
use crate::manifest::{Fact, Node};

/// Every key of `spec` that some v4 release reads, as PGO spells it, sorted.
const SPEC: [&str; 70] = [
    "ArchiveStorage",
    "BackrestStorage",
    "ContainerResources",
    "PGAdminStorage",
    "PrimaryStorage",
    "ReplicaStorage",
    "WALStorage",
    "annotations",
    "backrestConfig",
    "backrestGCSBucket",
    "backrestGCSEndpoint",
    "backrestGCSKeyType",
    "backrestLimits",
    "backrestRepoPath",
    "backrestResources",
    "backrestS3Bucket",
    "backrestS3Endpoint",
    "backrestS3Region",
    "backrestS3URIStyle",
    "backrestS3VerifyTLS",
    "backrestStorageTypes",
    "ccpimage",
    "ccpimageprefix",
    "ccpimagetag",
    "clustername",
    "collectSecretName",
    "customconfig",
    "database",
    "disableAutofail",
    "enableBackrestMemoryLimit",
    "enableMemoryLimit",
    "exporter",
    "exporterLimits",
    "exporterResources",
    "exporterport",
    "limits",
    "name",
    "namespace",
    "nodeAffinity",
    "nodename",
    "passwordType",
    "pgBadger",
    "pgBouncer",
    "pgDataSource",
    "pgbadgerport",
    "pgoimageprefix",
    "podAntiAffinity",
    "podPodAntiAffinity",
    "policies",
    "port",
    "primaryhost",
    "primarysecretname",
    "pswlastupdate",
    "replicas",
    "resources",
    "rootsecretname",
    "secretfrom",
    "serviceType",
    "shutdown",
    "standby",
    "status",
    "strategy",
    "syncReplication",
    "tablespaceMounts",
    "tls",
    "tlsOnly",
    "tolerations",
    "user",
    "userlabels",
    "usersecretname",
];

/// Keys of one storage section, sorted.
const STORAGE: [&str; 8] = [
    "accessmode",
    "fsgroup",
    "matchLabels",
    "name",
    "size",
    "storageclass",
    "storagetype",
    "supplementalgroups",
];

/// Sections with the keys of [`STORAGE`].
const STORAGES: [&str; 6] = [
    "ArchiveStorage",
    "BackrestStorage",
    "PGAdminStorage",
    "PrimaryStorage",
    "ReplicaStorage",
    "WALStorage",
];

/// Keys that differ from one PGO reads only in case, and `podPodAntiAffinity` where it is no longer read: it is a
/// string of PGO 4.2, and later examples still show it, as a mapping.
pub(super) fn ignored_keys(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let spec = cluster.own(&["spec"], "the spec");
    spec.and_then(|spec| {
        let mut ignored = Vec::new();
        for (key, value) in spec.into_iter().flat_map(Node::entries) {
            let name = key.key();
            if is_near_miss(&name, &SPEC) || (name == "podPodAntiAffinity" && value.is_map()) {
                ignored.push((name.to_string(), key));
            }
            if STORAGES.contains(&&*name) {
                let inner = value
                    .entries()
                    .filter(|(key, _)| is_near_miss(&key.key(), &STORAGE));
                ignored.extend(inner.map(|(inner, _)| (format!("{name}.{}", inner.key()), inner)));
            }
        }
        ignored.sort_by(|left, right| left.0.cmp(&right.0));
        let places: Vec<Node<'_>> = ignored.iter().map(|(_, key)| *key).collect();
        let names = ignored.into_iter().map(|(name, _)| name).collect();
        places.iter().fold(Fact::known(names), |fact, key| {
            fact.and_at(key.span(), "a key that PGO ignores")
        })
    })
}

fn is_near_miss(key: &str, known: &[&str]) -> bool {
    // Mostly it is the very key.
    let is_known = known.binary_search(&key).is_ok();
    !is_known && known.iter().any(|real| real.eq_ignore_ascii_case(key))
}

#[cfg(test)]
mod tests {
    use super::{SPEC, STORAGE, is_near_miss};

    #[test]
    fn a_key_is_near_one_that_it_differs_from_in_case_alone() {
        assert!(SPEC.is_sorted() && STORAGE.is_sorted());
        assert!(is_near_miss("backreststorage", &SPEC) && is_near_miss("Size", &STORAGE));
        for key in SPEC.into_iter().chain(["mine", ""]) {
            assert!(!is_near_miss(key, &SPEC), "{key}");
        }
    }
}
