//! How to ask Postgres itself.

use super::super::Cluster;

/// The command that asks Postgres itself.
pub(in crate::fact::v4) fn ask(cluster: &Cluster<'_>, query: &str) -> String {
    let primary = cluster
        .primary()
        .name
        .value()
        .map_or(cluster.name, String::as_str);
    format!(
        "kubectl exec {}{} -c database -- psql -Atc \"{query}\"",
        cluster.namespace_flag(),
        crate::manifest::shell_word(&format!("deployment/{primary}"))
    )
}
