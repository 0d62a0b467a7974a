//! Parameters that the operator sets itself.

/// Parameters the operator sets itself, whatever the draft says; with the value, where it is always the same.
pub(super) const OWNED: [(&str, Option<&str>); 18] = [
    ("archive_command", None),
    ("archive_mode", Some("on")),
    ("cluster_name", None),
    ("config_file", None),
    ("data_directory", None),
    ("external_pid_file", None),
    ("hba_file", None),
    ("hot_standby", Some("on")),
    ("ident_file", None),
    ("listen_addresses", None),
    ("port", None),
    ("restore_command", None),
    ("ssl", Some("on")),
    ("ssl_ca_file", None),
    ("ssl_cert_file", None),
    ("ssl_key_file", None),
    ("unix_socket_directories", None),
    ("wal_level", Some("logical")),
];

/// Whether the operator sets a parameter itself.
pub(in crate::fact::spec) fn is_owned(name: &str) -> bool {
    OWNED.iter().any(|(owned, _)| *owned == name)
}
