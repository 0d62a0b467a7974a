//! How to ask Postgres itself.

use super::super::Cluster;

/// The command that asks Postgres itself; where nothing is left that could run it, where else to look.
pub(in crate::fact::v4) fn ask(cluster: &Cluster<'_>, query: &str) -> String {
    if cluster.remains().value() == Some(&true) {
        return cluster.gap_of_object().ask;
    }
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
