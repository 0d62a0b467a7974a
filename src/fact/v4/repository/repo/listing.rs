//! The command that lists what the repositories of a cluster hold.

use super::enabled::info;
use super::remote::verify_tls;
use super::types::types;
use crate::fact::v4::Cluster;
use crate::manifest::shell_word;

/// The command that lists what the repository holds. pgBackRest looks on the volume unless it is told of an object store,
/// as PGO v4 tells it (`backrestimpl.go`, `getInfo`); for several repositories PGO's own command asks each.
pub(in crate::fact::v4) fn listing(cluster: &Cluster<'_>) -> String {
    let types = types(cluster);
    let types: Vec<&str> = types
        .value()
        .map(|types| types.iter().map(String::as_str).collect())
        .unwrap_or_default();
    let unverified = verify_tls(cluster).value() == Some(&false);
    match types.as_slice() {
        ["s3"] if unverified => info(cluster, " --repo1-type=s3 --no-repo1-s3-verify-tls"),
        [store @ ("s3" | "gcs")] => info(cluster, &format!(" --repo1-type={store}")),
        [_, _, ..] => format!(
            "pgo show backup {} {}",
            shell_word(cluster.name),
            cluster.namespace_flag().trim_end()
        ),
        _ => info(cluster, ""),
    }
}
