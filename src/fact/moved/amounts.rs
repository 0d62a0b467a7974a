//! How much v4 had of a thing, and how much there is now: requests and limits, and for how long backups are kept.

use super::arrival::texts;
use super::row::{MigrationFact, row};
use super::settings::{Entries, value_of};
use super::subject::Migration;
use crate::expr::{Quantity, Value};
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Node, Object};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.resourcesLost",
        Type::Strings,
        "requests and limits of v4's database container that no database container of the living cluster has, as \"limits.memory 2Gi\"",
        |migration| {
            resources(migration, |now, name, amount| {
                let none = value_of(now, name).is_none();
                none.then(|| format!("{name} {amount}"))
            })
        },
    ),
    row(
        "moved.resourcesLower",
        Type::Strings,
        "requests and limits of v4's database container of which a database container of the living cluster has less, as \"limits.memory 2Gi, now 1Gi\"",
        |migration| {
            resources(migration, |now, name, amount| {
                let least = least(now, name)?;
                let less = Quantity::parse(least)? < Quantity::parse(amount)?;
                less.then(|| format!("{name} {amount}, now {least}"))
            })
        },
    ),
    row(
        "moved.retentionLess",
        Type::Strings,
        "v4's settings for how long backups are kept of which no repository of the living cluster has as much, as \"repo1-retention-full 7, now 2\"; now is \"not set\" where only others are set; none where the living cluster keeps every backup, or counts otherwise",
        retention_less,
    ),
];

/// What `tell` makes of the amounts of v4's database container beside those of the living cluster's.
fn resources(
    migration: &Migration<'_>,
    tell: fn(&Entries, &str, &str) -> Option<String>,
) -> Fact<Value> {
    let living = migration.living;
    let sets = living.of_kind(Kind::StatefulSet);
    let now: Entries = sets.objects.iter().flat_map(|set| of(set)).collect();
    let moments = migration.moments.iter();
    let mut all = moments.map(|moment| {
        let deployments = moment.cluster.deployments();
        let each = deployments.objects.iter().flat_map(|one| of(one));
        each.collect::<Entries>()
    });
    let before = all.find(|all| !all.is_empty()).unwrap_or_default();
    let mut told: Vec<String> = before
        .iter()
        .filter_map(|(name, amount)| tell(&now, name, amount))
        .collect();
    told.sort_unstable();
    told.dedup();
    if sets.objects.is_empty() && !told.is_empty() {
        // Nothing runs, or nothing was exported: then nothing shows that they are lost.
        return if_complete(&sets.completeness, Vec::<String>::new().into());
    }
    Fact::at(told.into(), living.name_span(), "the PostgresCluster")
}

/// The smallest amount that any container has of a thing.
fn least<'e>(entries: &'e Entries, name: &str) -> Option<&'e str> {
    let all = entries.iter().filter(|(other, _)| other == name);
    let amounts = all.filter_map(|(_, text)| Some((Quantity::parse(text)?, text.as_str())));
    amounts
        .min_by_key(|(amount, _)| *amount)
        .map(|(_, text)| text)
}

/// The requests and limits of the container `database`, as `limits.memory` and how much.
fn of(object: &Object) -> Entries {
    let containers = object.at(&["spec", "template", "spec", "containers"]);
    let database = |one: &Node<'_>| {
        one.get("name")
            .is_some_and(|name| name.text() == "database")
    };
    let mut containers = containers.into_iter().flat_map(Node::items);
    let resources = containers
        .find(database)
        .and_then(|one| one.get("resources"));
    let Some(resources) = resources else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for kind in ["requests", "limits"] {
        for (key, amount) in resources.get(kind).into_iter().flat_map(Node::entries) {
            all.push((format!("{kind}.{}", key.text()), amount.text().to_owned()));
        }
    }
    all
}

/// `repo1-retention-full=7` as repository, what is counted, and the value.
fn option(text: &str) -> Option<(&str, &str, &str)> {
    let (name, value) = text.split_once('=')?;
    let (repo, kind) = name.split_once("-retention-")?;
    Some((repo, kind, value.trim()))
}

fn retention_less(migration: &Migration<'_>) -> Fact<Value> {
    let now = texts(migration.living_named("spec.draft.retention"));
    let before = texts(migration.v4_named("repo.retention"));
    now.both(before)
        .map(|(now, before)| less(&now, &before).into())
}

/// Repositories have other numbers in v5, so each setting is held against the most that any repository has now.
fn less(now: &[String], before: &[String]) -> Vec<String> {
    let now: Vec<_> = now.iter().filter_map(|text| option(text)).collect();
    let before: Vec<_> = before.iter().filter_map(|text| option(text)).collect();
    let by_time = |all: &[(&str, &str, &str)]| {
        all.iter()
            .any(|(_, kind, value)| *kind == "full-type" && *value == "time")
    };
    // Without any setting nothing is deleted; days are not held against numbers.
    if now.is_empty() || by_time(&now) != by_time(&before) {
        return Vec::new();
    }
    let told = before.iter().filter_map(|(repo, kind, value)| {
        let wanted: i64 = value.parse().ok()?;
        let of_kind = now.iter().filter(|(_, other, _)| other == kind);
        let most = of_kind
            .filter_map(|(_, _, value)| value.parse::<i64>().ok())
            .max();
        match most {
            Some(most) if most >= wanted => None,
            Some(most) => Some(format!("{repo}-retention-{kind} {value}, now {most}")),
            // What counts differential backups or WAL follows full ones where it is left out.
            None if *kind == "full" => {
                Some(format!("{repo}-retention-{kind} {value}, now not set"))
            }
            None => None,
        }
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::less;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn fewer_backups_than_before_are_told_whatever_the_repository_is_called() {
        let before = texts(&["repo1-retention-full=7", "repo1-retention-diff=3"]);
        let seven = texts(&["repo2-retention-full=7"]);
        let two = texts(&["repo1-retention-full=2", "repo1-retention-diff=3"]);
        let other = texts(&["repo1-retention-diff=3"]);
        assert_eq!(less(&seven, &before), Vec::<String>::new());
        assert_eq!(less(&two, &before), ["repo1-retention-full 7, now 2"]);
        assert_eq!(
            less(&other, &before),
            ["repo1-retention-full 7, now not set"]
        );
    }

    #[test]
    fn days_are_not_held_against_numbers_and_keeping_all_is_not_less() {
        let before = texts(&["repo1-retention-full=7"]);
        let days = texts(&["repo1-retention-full=2", "repo1-retention-full-type=time"]);
        assert_eq!(less(&days, &before), Vec::<String>::new());
        assert_eq!(less(&[], &before), Vec::<String>::new());
    }
}
