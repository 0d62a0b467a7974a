//! What those around v4 rely on and the living cluster does not have: rules for who comes in, labels to select by.

use super::arrival::texts;
use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.hbaLost",
        Type::Strings,
        "lines of pg_hba that somebody wrote for v4 and that the living cluster does not have word for word: in Patroni's configuration, else in the spec; PGO v4's own aside",
        |migration| {
            let now = texts(migration.living_named("live.hba"));
            let before = texts(migration.v4_named("postgres.hba"));
            now.both(before).map(|(now, before)| {
                let now: Vec<String> = now.iter().map(|line| plain(line)).collect();
                let lost = before
                    .into_iter()
                    .filter(|line| !now.contains(&plain(line)));
                lost.collect::<Vec<_>>().into()
            })
        },
    ),
    row(
        "moved.labelsLost",
        Type::Strings,
        "the labels that somebody gave v4's cluster and that the living one gives neither all of its objects nor an instance set, as \"team=blue\"",
        labels_lost,
    ),
];

fn labels_lost(migration: &Migration<'_>) -> Fact<Value> {
    let cluster = migration.living.object;
    let of_all = cluster.at(&["spec", "metadata", "labels"]);
    let sets = cluster.at(&["spec", "instances"]);
    let of_sets = sets.into_iter().flat_map(Node::items);
    let of_sets = of_sets.filter_map(|set| set.at(&["metadata", "labels"]));
    let given: Vec<Node<'_>> = of_all.into_iter().chain(of_sets).collect();
    let lost = migration.v4_named("cluster.userLabels").map(|labels| {
        let Value::Map(labels) = labels else {
            return Vec::new();
        };
        let is_given = |name: &str, value: &str| {
            let mut given = given.iter().filter_map(|labels| labels.get(name));
            given.any(|label| label.text() == value)
        };
        let lost = labels.iter().filter_map(|(name, value)| match value {
            Value::Str(value) if !is_given(name, value) => Some(format!("{name}={value}")),
            _ => None,
        });
        lost.collect()
    });
    let place = cluster.nearest(&["spec", "metadata", "labels"]);
    lost.map(Value::from)
        .and_at(place, "the labels of the living cluster")
}

/// A line as Postgres reads it: words with one space between, names without quotes.
fn plain(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ").replace('"', "")
}
