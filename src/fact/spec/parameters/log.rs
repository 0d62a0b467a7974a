//! Parameters of the log that PGO 6.0 and later replace.
//!
//! From its internal/postgres/parameters.go and validation.go at v6.0.3.

use super::super::{Draft, DraftFact, each};
use super::{Parameter, in_effect, place};
use crate::fact::Element;
use crate::manifest::Fact;

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.logSettings",
    "every parameter of the log that PGO 6.0 replaces: {name, text}; log_file_mode is 0660 there, log_directory must not be a place that Postgres keeps for itself",
    &["name", "text"],
    settings,
)];

fn settings(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let replaced = in_effect(draft).map(|parameters| {
        let replaced = parameters.iter().filter(|one| is_replaced(one));
        replaced.map(element).collect()
    });
    replaced.and_at(place(draft), "the Postgres parameters")
}

fn element(one: &Parameter<'_>) -> Element {
    let text = one.text.as_deref().unwrap_or("");
    Element::new(one.name.clone(), one.value.span(), "replaced from 6.0 on")
        .with("name", Fact::known(one.name.as_str().into()))
        .with("text", Fact::known(text.into()))
}

fn is_replaced(one: &Parameter<'_>) -> bool {
    let Some(text) = one.text.as_deref() else {
        return false;
    };
    match one.name.as_str() {
        "log_file_mode" => text.trim_start_matches('0') != "660",
        "log_directory" => is_sensitive(text),
        _ => false,
    }
}

/// Whether PGO 6.0 takes another directory instead: none is written, or one that Postgres keeps for itself. Relative ones lie
/// within the data.
pub(in crate::fact) fn is_sensitive(directory: &str) -> bool {
    let mut parts: Vec<&str> = Vec::new();
    for part in directory.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return true;
    };
    if [".history", ".partial"]
        .iter()
        .any(|end| last.ends_with(end))
    {
        return true;
    }
    if directory.starts_with('/') {
        return matches!(*first, "pgdata" | "pgwal" | "pgtmp")
            && parts.get(1).is_some_and(|part| is_of_postgres(part));
    }
    let kept = [
        "archive",
        "base",
        "current",
        "global",
        "patroni",
        "pg_",
        "PG_",
        "postgresql",
        "postmaster",
    ];
    let segment = first.len() >= 24 && first.bytes().take(24).all(|b| b.is_ascii_hexdigit());
    kept.iter().any(|kept| first.starts_with(kept)) || segment
}

/// `pg16`, `pg16_wal`, `pgsql_tmp`.
fn is_of_postgres(name: &str) -> bool {
    let version = name.strip_prefix("pg").unwrap_or("");
    let version = version.strip_suffix("_wal").unwrap_or(version);
    let numbered = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    name == "pgsql_tmp" || numbered
}

#[cfg(test)]
mod tests {
    use super::is_sensitive;

    #[test]
    fn directories_that_postgres_keeps_for_itself() {
        for kept in [
            "pg_log",
            "./base/x",
            "",
            "/",
            "/pgdata/pg16/log",
            "/pgwal/pg16_wal",
            "../pg_wal",
            "log/../pg_wal",
            "/pgdata/logs/../pg16/log",
            "/pgtmp/pgsql_tmp",
            "000000010000000000000001",
            "/volumes/x.history",
        ] {
            assert!(is_sensitive(kept), "{kept}");
        }
        for free in [
            "log",
            "mine",
            "/pgdata/logs",
            "/tmp/log",
            "/pgdata/pgbouncer",
            "./log/",
            "/var/pg16",
            "/pgdata/pg16logs",
        ] {
            assert!(!is_sensitive(free), "{free}");
        }
    }
}
