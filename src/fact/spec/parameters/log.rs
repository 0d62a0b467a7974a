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

/// Whether a directory is none, or one that Postgres keeps for itself: relative ones lie within the data.
fn is_sensitive(directory: &str) -> bool {
    let parts = directory
        .split('/')
        .filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<&str> = parts.skip_while(|part| *part == "..").collect();
    let Some(first) = parts.first() else {
        return true;
    };
    if directory.starts_with('/') {
        let of_postgres = |part: &str| {
            let version = part.strip_prefix("pg").unwrap_or("");
            let version = version.strip_suffix("_wal").unwrap_or(version);
            let numbered = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
            part == "pgsql_tmp" || numbered
        };
        return matches!(*first, "pgdata" | "pgwal" | "pgtmp")
            && parts.get(1).is_some_and(|part| of_postgres(part));
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
    let ends = [".history", ".partial"];
    kept.iter().any(|kept| first.starts_with(kept))
        || segment
        || ends.iter().any(|end| directory.ends_with(end))
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
        ] {
            assert!(is_sensitive(kept), "{kept}");
        }
        for free in [
            "log",
            "mine",
            "/pgdata/logs",
            "/tmp/log",
            "/pgdata/pgbouncer",
        ] {
            assert!(!is_sensitive(free), "{free}");
        }
    }
}
