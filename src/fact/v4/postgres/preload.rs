//! The libraries that Postgres loads at start.

use super::super::{Cluster, ClusterFact, row};
use super::parameters::{self, seen};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::Fact;

pub(in super::super) static FACTS: &[ClusterFact] = &[
    row(
        "postgres.preload",
        Type::Strings,
        "shared_preload_libraries in order, without \".so\"",
        |cluster| preload(cluster).map(Value::from),
    )
    .told_by(&[&parameters::PARAMETERS]),
    row(
        "postgres.preloadExtra",
        Type::Strings,
        "those of them that PGO v5 never adds by itself",
        |cluster| preload_extra(cluster).map(Value::from),
    ),
];

/// Libraries that PGO v5 loads by itself, two of them with its exporter.
const OF_V5: [&str; 3] = ["pgaudit", "pg_stat_statements", "pgnodemx"];

/// The libraries that are loaded at start. Where Patroni's configuration names none, the primary's own may.
fn preload(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    seen(cluster).and_then(
        |parameters| match parameters.set.get("shared_preload_libraries") {
            Some(text) => Fact::known(libraries(text)),
            None => parameters.everywhere.map(|()| Vec::new()),
        },
    )
}

fn preload_extra(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
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
