//! The options pgBackRest knows, by name.
//!
//! From its own definition of options (2.5x and what came since), old spellings it still takes included. Options of a
//! repository or a server are listed without `repoN-` and `pgN-`.

use crate::expr::nearest;

/// Whether pgBackRest knows an option.
pub(super) fn is_known(option: &str) -> bool {
    if let Some((group, index, rest)) = indexed(option) {
        let names = if group == "repo" { REPO } else { PG };
        let old = group == "repo" && OLD_REPO.contains(&rest);
        return index.is_none_or(|index| (1..=256).contains(&index))
            && (names.contains(&rest) || old);
    }
    PLAIN.contains(&option)
}

/// The option that was meant, if one is near.
pub(super) fn suggestion(option: &str) -> Option<String> {
    // No option is nearly that long, and looking for one takes time.
    if option.len() > 60 {
        return None;
    }
    let lower = option.to_ascii_lowercase().replace('_', "-");
    if lower != option && is_known(&lower) {
        return Some(lower);
    }
    if let Some((_, right)) = SLIPS.iter().find(|(slip, _)| same_slip(slip, &lower)) {
        return Some(right.replace('N', &digits(&lower)));
    }
    let Some((group, index, rest)) = indexed(&lower) else {
        return nearest(&lower, PLAIN.iter().copied()).map(str::to_owned);
    };
    let names = if group == "repo" { REPO } else { PG };
    let index = index.map_or_else(|| "1".to_owned(), |index| index.to_string());
    nearest(rest, names.iter().copied()).map(|near| format!("{group}{index}-{near}"))
}

/// What people write for the option they mean; `N` stands for the repository's number.
const SLIPS: [(&str, &str); 8] = [
    ("repoN", "repoN-path"),
    ("repoN-s3-secret", "repoN-s3-key-secret"),
    ("repoN-s3-access-key", "repoN-s3-key"),
    ("repoN-s3-secret-key", "repoN-s3-key-secret"),
    ("repoN-retention", "repoN-retention-full"),
    ("repoN-verify-tls", "repoN-storage-verify-tls"),
    ("repoN-ca-file", "repoN-storage-ca-file"),
    ("pgbackrest-repo-path", "repo1-path"),
];

fn same_slip(slip: &str, option: &str) -> bool {
    slip.replace('N', &digits(option)) == option
}

/// The number of the group an option belongs to; `1` where it has none.
fn digits(option: &str) -> String {
    let head = option.split('-').next().unwrap_or(option);
    let digits: String = head.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        "1".to_owned()
    } else {
        digits
    }
}

/// `repo1-path` is (`repo`, 1, `path`); `repo-path` has no number, as pgBackRest once had it.
fn indexed(option: &str) -> Option<(&str, Option<u32>, &str)> {
    let (head, rest) = option.split_once('-')?;
    let group = ["repo", "pg"]
        .into_iter()
        .find(|group| head.starts_with(group))?;
    let digits = head.strip_prefix(group)?;
    if digits.is_empty() {
        // Only repositories had options without a number; `pg-version-force` is no option of a server.
        return (group == "repo").then_some((group, None, rest));
    }
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let index = digits.parse().ok().filter(|_| plain)?;
    Some((group, Some(index), rest))
}

/// Options without a number.
const PLAIN: &[&str] = &[
    "annotation",
    "archive-async",
    "archive-check",
    "archive-copy",
    "archive-get-queue-max",
    "archive-header-check",
    "archive-missing-retry",
    "archive-mode",
    "archive-mode-check",
    "archive-push-queue-max",
    "archive-queue-max",
    "archive-timeout",
    "backup-full-incr",
    "backup-standby",
    "beta",
    "buffer-size",
    "checksum-page",
    "cmd",
    "cmd-ssh",
    "compress",
    "compress-level",
    "compress-level-network",
    "compress-type",
    "config",
    "config-include-path",
    "config-path",
    "db-exclude",
    "db-include",
    "db-timeout",
    "delta",
    "dry-run",
    "exclude",
    "expire-auto",
    "force",
    "hardlink",
    "io-timeout",
    "job-retry",
    "job-retry-interval",
    "link-all",
    "link-map",
    "lock-path",
    "log-level-console",
    "log-level-file",
    "log-level-stderr",
    "log-path",
    "log-subprocess",
    "log-timestamp",
    "manifest-save-threshold",
    "neutral-umask",
    "online",
    "page-header-check",
    "pg-version-force",
    "priority",
    "process-max",
    "protocol-timeout",
    "recovery-option",
    "resume",
    "retention-archive",
    "retention-archive-type",
    "retention-diff",
    "retention-full",
    "sck-block",
    "sck-keep-alive",
    "set",
    "spool-path",
    "stanza",
    "start-fast",
    "stop-auto",
    "tablespace-map",
    "tablespace-map-all",
    "target",
    "target-action",
    "target-exclusive",
    "target-timeline",
    "tcp-keep-alive-count",
    "tcp-keep-alive-idle",
    "tcp-keep-alive-interval",
    "tls-server-address",
    "tls-server-auth",
    "tls-server-ca-file",
    "tls-server-cert-file",
    "tls-server-crl-file",
    "tls-server-key-file",
    "tls-server-port",
    "type",
];

/// Options of a repository.
const REPO: &[&str] = &[
    "azure-account",
    "azure-container",
    "azure-endpoint",
    "azure-key",
    "azure-key-type",
    "azure-uri-style",
    "block",
    "block-age-map",
    "block-checksum-size-map",
    "block-size-map",
    "block-size-super",
    "block-size-super-full",
    "bundle",
    "bundle-limit",
    "bundle-size",
    "cipher-pass",
    "cipher-type",
    "gcs-bucket",
    "gcs-endpoint",
    "gcs-key",
    "gcs-key-type",
    "gcs-user-project",
    "hardlink",
    "host",
    "host-ca-file",
    "host-ca-path",
    "host-cert-file",
    "host-cmd",
    "host-config",
    "host-config-include-path",
    "host-config-path",
    "host-crl-file",
    "host-key-file",
    "host-port",
    "host-type",
    "host-user",
    "local",
    "path",
    "retention-archive",
    "retention-archive-type",
    "retention-diff",
    "retention-full",
    "retention-full-type",
    "retention-history",
    "s3-bucket",
    "s3-endpoint",
    "s3-key",
    "s3-key-secret",
    "s3-key-type",
    "s3-kms-key-id",
    "s3-region",
    "s3-requester-pays",
    "s3-role",
    "s3-sse-customer-key",
    "s3-token",
    "s3-uri-style",
    "sftp-host",
    "sftp-host-fingerprint",
    "sftp-host-key-check-type",
    "sftp-host-key-hash-type",
    "sftp-host-port",
    "sftp-host-user",
    "sftp-known-host",
    "sftp-private-key-file",
    "sftp-private-key-passphrase",
    "sftp-public-key-file",
    "storage-ca-file",
    "storage-ca-path",
    "storage-host",
    "storage-port",
    "storage-tag",
    "storage-upload-chunk-size",
    "storage-verify-tls",
    "symlink",
    "target-time",
    "type",
];

/// Old spellings of options of a repository that it still takes.
const OLD_REPO: [&str; 12] = [
    "azure-ca-file",
    "azure-ca-path",
    "azure-host",
    "azure-port",
    "azure-verify-tls",
    "s3-ca-file",
    "s3-ca-path",
    "s3-host",
    "s3-port",
    "s3-verify-ssl",
    "s3-verify-tls",
    "sftp-hash-type",
];

/// Options of a database server.
const PG: &[&str] = &[
    "database",
    "host",
    "host-ca-file",
    "host-ca-path",
    "host-cert-file",
    "host-cmd",
    "host-config",
    "host-config-include-path",
    "host-config-path",
    "host-crl-file",
    "host-key-file",
    "host-port",
    "host-type",
    "host-user",
    "local",
    "path",
    "port",
    "socket-path",
    "user",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_known_by_name_and_group() {
        for option in [
            "repo1-path",
            "repo4-s3-uri-style",
            "repo12-retention-full",
            "repo-path",
            "repo1-s3-verify-tls",
            "pg1-socket-path",
            "archive-async",
            "log-level-console",
            "delta",
        ] {
            assert!(is_known(option), "{option}");
        }
        for option in [
            "repo1",
            "repo0-path",
            "repo1-paths",
            "repo1-s3-secret",
            "archive_async",
            "pg-path",
            "path",
            "repox-path",
            "",
            "repo1-",
        ] {
            assert!(!is_known(option), "{option}");
        }
    }

    #[test]
    fn slips_get_the_right_name() {
        for (slip, right) in [
            ("repo1", Some("repo1-path")),
            ("repo2", Some("repo2-path")),
            ("repo3-s3-secret", Some("repo3-s3-key-secret")),
            ("repo1_path", Some("repo1-path")),
            ("Repo1-Path", Some("repo1-path")),
            ("repo1-s3-uristyle", Some("repo1-s3-uri-style")),
            ("repo1-retention", Some("repo1-retention-full")),
            ("archive-asinc", Some("archive-async")),
            ("pgbackrest-repo-path", Some("repo1-path")),
            ("something-else-entirely", None),
        ] {
            assert_eq!(suggestion(slip).as_deref(), right, "{slip}");
            assert!(right.is_none_or(is_known), "{slip}");
        }
    }
}
