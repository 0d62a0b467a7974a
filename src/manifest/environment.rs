//! Which settings of a container, a Secret and a ConfigMap are kept: those that facts read, by name. Everything else may be
//! a credential, and is overwritten when it is loaded.
//!
//! A test finds every name that the facts ask for here.

/// Environment variables whose values are kept.
pub(crate) const VARIABLES: &[&str] = &[
    "BACKREST_LOCAL_AND_S3_STORAGE",
    "COMMAND",
    "COMMAND_OPTS",
    "IS_BACKUP",
    "IS_REPLICA",
    "NAMESPACE",
    "PATRONI_POSTGRESQL_DATA_DIR",
    "PATRONI_SCOPE",
    "PGBACKREST_DB_PATH",
    "PGBACKREST_REPO1_CIPHER_TYPE",
    "PGBACKREST_REPO1_GCS_BUCKET",
    "PGBACKREST_REPO1_GCS_ENDPOINT",
    "PGBACKREST_REPO1_GCS_KEY_TYPE",
    "PGBACKREST_REPO1_HOST",
    "PGBACKREST_REPO1_PATH",
    "PGBACKREST_REPO1_S3_BUCKET",
    "PGBACKREST_REPO1_S3_ENDPOINT",
    "PGBACKREST_REPO1_S3_KEY_TYPE",
    "PGBACKREST_REPO1_S3_REGION",
    "PGBACKREST_REPO1_S3_URI_STYLE",
    "PGBACKREST_REPO1_TYPE",
    "PGBACKREST_REPO_PATH",
    "PGBACKREST_REPO_TYPE",
    "PGBACKREST_STANZA",
    "PGDATA_PATH_OVERRIDE",
    "PGHA_CLUSTER_NAME",
    "PGHA_DATABASE",
    "PGHA_PASSWORD_TYPE",
    "PGHA_PGBACKREST_LOCAL_GCS_STORAGE",
    "PGHA_PGBACKREST_LOCAL_S3_STORAGE",
    "PGHA_PGBACKREST_S3_VERIFY_TLS",
    "PGHA_PG_PORT",
    "PGHA_STANDBY",
    "PGHA_SYNC_REPLICATION",
    "PGHA_TABLESPACES",
    "PGHA_TLS_ENABLED",
    "PGHA_TLS_ONLY",
    "PGO_FEATURE_GATES",
    "PGO_INSTALLATION_NAME",
    "PGO_NAMESPACE",
    "PGO_OPERATOR_NAMESPACE",
    "PGO_TARGET_NAMESPACE",
    "PGO_TARGET_NAMESPACES",
    "REMOVE_BACKUP",
    "REMOVE_DATA",
];

/// Annotations of a Secret that are kept.
pub(crate) const SECRET_ANNOTATIONS: &[&str] = &[
    "gcs-bucket",
    "gcs-endpoint",
    "gcs-key-type",
    "hash",
    "pg-port",
    "repo-path",
    "s3-bucket",
    "s3-endpoint",
    "s3-region",
    "s3-uri-style",
    "s3-verify-tls",
    "sshd-port",
    "supplemental-groups",
];

/// Entries of a `ConfigMap` that facts read.
const ENTRIES: &[&str] = &["pg_hba.conf", "pgo.yaml", "postgres-ha.yaml"];
/// The same, by how they end: what PGO keeps for Patroni.
const ENTRY_ENDS: &[&str] = &["-dcs-config", "-local-config"];

/// Whether the value of an environment variable is kept. pgBackRest's commands are one word; what others put into a variable
/// of that name may be a line with a password.
pub(super) fn keeps_variable<'a>(name: &str, value: impl FnOnce() -> &'a str) -> bool {
    if name == "COMMAND" {
        let is_of_command = |byte: u8| byte.is_ascii_lowercase() || byte == b'-';
        return value().bytes().all(is_of_command);
    }
    VARIABLES.binary_search(&name).is_ok() || name.starts_with("RELATED_IMAGE_")
}

/// Whether an annotation of a Secret is kept.
pub(super) fn keeps_annotation(name: &str) -> bool {
    SECRET_ANNOTATIONS.binary_search(&name).is_ok()
}

/// Whether an entry of a `ConfigMap` is kept.
pub(super) fn keeps_entry(name: &str, text: &str) -> bool {
    ENTRIES.contains(&name)
        || ENTRY_ENDS.iter().any(|end| name.ends_with(end))
        || is_conf_file(name) && text.lines().all(is_of_options)
}

/// The label of a `ConfigMap` that is a schedule, whose one entry is called like the schedule.
pub(crate) const SCHEDULER: &str = "crunchy-scheduler";

/// Whether a line of a script for psql goes to another database.
pub(crate) fn connects(line: &str) -> bool {
    let mut words = line.split_whitespace();
    matches!(words.next(), Some("\\c" | "\\connect"))
}

/// By the ending that pgBackRest looks for, which it does in small letters alone.
fn is_conf_file(name: &str) -> bool {
    name.strip_suffix(".conf").is_some()
}

/// Whether pgBackRest reads such a line: other programs keep passwords in files that end the same way.
fn is_of_options(line: &str) -> bool {
    let line = line.trim();
    let is_name = |name: &str| {
        let of_name = |c: char| c.is_ascii_alphanumeric() || "-_ ".contains(c);
        !name.is_empty() && name.chars().all(of_name)
    };
    line.is_empty()
        || line.starts_with(['#', ';'])
        || line.starts_with('[') && line.ends_with(']')
        || line.split_once('=').is_some_and(|(name, _)| is_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_files_that_end_alike_pgbackrests_are_kept() {
        let is_kept = |text| keeps_entry("a.conf", text);
        assert!(is_kept(
            "# x\n[global:archive-push]\nrepo1-path = /backrest\n\nlog-level-console=info\n"
        ));
        for other in [
            "\"u\" \"hunter2\"",
            "h:5432:*:u:hunter2",
            "password hunter2",
            "{a: b}",
        ] {
            assert!(!is_kept(other), "{other}");
        }
        assert!(keeps_entry("pg_hba.conf", "host all all all md5"));
    }

    #[test]
    fn the_names_are_sorted_for_looking_up() {
        assert!(VARIABLES.is_sorted() && SECRET_ANNOTATIONS.is_sorted());
        let keeps = |name, value| keeps_variable(name, || value);
        assert!(keeps("PGHA_DATABASE", "x") && !keeps("PGPASSWORD", "x"));
        assert!(keeps("COMMAND", "stanza-create") && !keeps("COMMAND", "curl -u me:hunter2"));
    }
}
