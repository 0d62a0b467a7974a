//! The options pgBackRest knows, by name, and the releases that know them: `pgbackrest.options`.

use std::sync::OnceLock;

use crate::expr::nearest;
use crate::fact::spec::option_table::OptionTable;
use crate::schema::Minors;

/// From which to which minor of pgBackRest 2 an option can be used; nothing if none knows it.
pub(in crate::fact::spec) fn known_in(option: &str) -> Option<Minors> {
    let Some((group, index, rest)) = indexed(option) else {
        return table().get(option);
    };
    let in_range = index.is_none_or(|index| (1..=256).contains(&index));
    let minors = table().get(&[group, "N-", rest].concat());
    minors.filter(|_| in_range)
}

/// What values an option takes, as the table has it; nothing where any will do.
pub(super) fn takes(option: &str) -> Option<&'static str> {
    match indexed(option) {
        Some((group, _, rest)) => table().takes(&[group, "N-", rest].concat()),
        None => table().takes(option),
    }
}

/// Whether a command, `restore` or `backup`, takes an option on its command line, where names may be cut short.
pub(super) fn is_option_of(option: &str, command: &str) -> bool {
    let goes = |name: &str| table().on(name).is_none_or(|only| only == command);
    let (name, short) = match indexed(option) {
        Some((group, index, rest)) => (
            format!("{group}N-{rest}"),
            index.map_or(1, |index| index) <= 256,
        ),
        None => (option.to_owned(), true),
    };
    let mut names = table().names();
    short && !option.is_empty() && names.any(|known| known.starts_with(&name) && goes(known))
}

/// Where alone an option is read from: "cli", the command line, or "stanza", the section of a stanza; nothing where it can
/// stand in `[global]`, too.
pub(super) fn read_from(option: &str) -> Option<&'static str> {
    match indexed(option) {
        Some((group, _, rest)) => table().read_from(&format!("{group}N-{rest}")),
        None => table().read_from(option),
    }
}

/// Whether any pgBackRest knows an option.
pub(in crate::fact::spec) fn is_known(option: &str) -> bool {
    known_in(option).is_some()
}

/// The options by name, `N` standing for the number of a repository or a server.
fn table() -> &'static OptionTable {
    static TABLE: OnceLock<OptionTable> = OnceLock::new();
    TABLE.get_or_init(|| OptionTable::read(include_str!("pgbackrest.options"), "2."))
}

/// Releases of pgBackRest in words: "from 2.58 on".
pub(super) fn in_words(known: Minors) -> String {
    table().in_words(known)
}

/// The option that was meant, if one is near.
pub(in crate::fact::spec) fn suggestion(option: &str) -> Option<String> {
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
        let plain = table().names().filter(|name| !name.contains("N-"));
        return nearest(&lower, plain).map(str::to_owned);
    };
    let prefix = format!("{group}N-");
    let names = table()
        .names()
        .filter_map(|name| name.strip_prefix(&prefix));
    let index = index.map_or_else(|| "1".to_owned(), |index| index.to_string());
    let meant = nearest(rest, names).map(|near| format!("{group}{index}-{near}"));
    // Of a repository that cannot be, no spelling of the rest helps.
    meant.filter(|meant| is_known(meant))
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
    let group = ["repo", "pg", "db"]
        .into_iter()
        .find(|group| head.starts_with(group))?;
    let digits = head.strip_prefix(group)?;
    if digits.is_empty() {
        // Only repositories have them in old spellings; `pg-version-force` is no option of a server.
        return (group == "repo").then_some((group, None, rest));
    }
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let index = digits.parse().ok().filter(|_| plain)?;
    Some((group, Some(index), rest))
}

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
    fn options_come_and_go_with_releases() {
        let minors = |option| known_in(option).map(|minors| (minors.min, minors.max));
        assert_eq!(minors("repo1-s3-process-cmd"), Some((59, u32::MAX)));
        assert_eq!(minors("repo-s3-service"), Some((59, u32::MAX)));
        assert_eq!(minors("tls-cipher-12"), Some((58, u32::MAX)));
        assert_eq!(minors("repo3-bundle"), Some((39, u32::MAX)));
        assert_eq!(minors("repo1-path"), Some((0, u32::MAX)));
        assert_eq!(minors("repo1-bundles"), None);
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
            ("repo0-retention-full", None),
            ("repo257-path", None),
        ] {
            assert_eq!(suggestion(slip).as_deref(), right, "{slip}");
            assert!(right.is_none_or(is_known), "{slip}");
        }
    }
}
