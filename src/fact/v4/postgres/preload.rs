//! The libraries that Postgres loads at start.

use super::super::Cluster;
use super::parameters::seen;
use crate::manifest::Fact;

/// Libraries that PGO v5 loads by itself, two of them with its exporter.
const OF_V5: [&str; 3] = ["pgaudit", "pg_stat_statements", "pgnodemx"];

/// The libraries that are loaded at start. Where Patroni's configuration names none, the primary's own may.
pub(super) fn preload(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    seen(cluster).and_then(
        |parameters| match parameters.set.get("shared_preload_libraries") {
            Some(text) => Fact::known(libraries(text)),
            None => parameters.everywhere.map(|()| Vec::new()),
        },
    )
}

pub(super) fn preload_extra(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let own = |name: &String| !OF_V5.contains(&name.as_str());
    preload(cluster).map(|names| names.into_iter().filter(own).collect())
}

/// Names of libraries as Postgres reads the list, without path and suffix.
fn libraries(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        let word = word.trim().trim_matches('"');
        let name = word.rsplit('/').next().unwrap_or(word);
        name.strip_suffix(".so").unwrap_or(name).to_owned()
    };
    let names = text.trim_matches('\'').split(',').map(bare);
    names.filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_lose_path_suffix_and_quotes() {
        assert_eq!(
            libraries("pgaudit.so,pg_stat_statements.so, pgnodemx"),
            ["pgaudit", "pg_stat_statements", "pgnodemx"]
        );
        assert_eq!(
            libraries("'$libdir/timescaledb.so, \"citus\"'"),
            ["timescaledb", "citus"]
        );
        assert!(libraries("").is_empty());
    }
}
