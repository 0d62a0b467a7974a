//! Labels that users give a cluster, told from those that PGO v4 keeps beside them.

use crate::expr::Value;

/// Labels that mean something to PGO v4, or that one of its releases puts there by itself (`LABEL_...` in `config/labels.go` of
/// PGO 4.1 to 4.3, `internal/config/labels.go` from 4.4 on).
const OF_PGO: [&str; 36] = [
    "NodeLabelKey",
    "NodeLabelValue",
    "archive",
    "archive-timeout",
    "autofail",
    "backrest-storage-type",
    "ccp-image-tag",
    "current-primary",
    "custom-config",
    "deployment-name",
    "minor-upgrade",
    "name",
    "operator-upgrade-date",
    "pg-cluster",
    "pg-cluster-id",
    "pg-pod-anti-affinity",
    "pgbouncer-password",
    "pgbouncer-secret",
    "pgbouncer-user",
    "pgha-bootstrap",
    "pgo-backrest",
    "pgo-backrest-repo",
    "pgo-pg-database",
    "pgo-version",
    "pgouser",
    "pgpool-secret",
    "pgremove",
    "primary",
    "replica-name",
    "role",
    "service-name",
    "service-type",
    "sync-replication",
    "vendor",
    "workflow-id",
    "workflowid",
];

/// Those of a user's own.
pub(super) fn own_labels(labels: Value) -> Value {
    let Value::Map(entries) = labels else {
        return Value::Map([].into());
    };
    let own = entries.iter().filter(|(key, _)| {
        !OF_PGO.contains(&&**key) && !key.starts_with("crunchy") && !key.starts_with("storage-")
    });
    Value::Map(own.cloned().collect())
}

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{PGCLUSTER, World};

    #[test]
    fn only_labels_of_ones_own_are_carried() {
        let says = |labels: &str| {
            let old = "  userlabels: {pgo-version: 4.7.10}\n";
            let yaml = PGCLUSTER.replace(old, &format!("  userlabels: {{{labels}}}\n"));
            World::partial(&yaml).says("cluster.userLabels")
        };
        let own = "{team: \"zoo\"}";
        assert_eq!(
            says("team: zoo, pgo-version: 4.7.10, crunchy-pgbouncer: 'true', workflowid: x"),
            own
        );
        // PGO 4.1 and 4.2 keep more of their own there.
        assert_eq!(
            says(
                "team: zoo, current-primary: hippo, workflow-id: x, pg-cluster-id: y, crunchy_collect: 'true'"
            ),
            own
        );
    }
}
