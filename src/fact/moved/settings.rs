//! What of v4's settings does not run on the other side: Postgres parameters, libraries.

use super::arrival::texts;
use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::{AT_LEAST, libraries, same_value, to_carry};
use crate::manifest::Fact;

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.parametersLost",
        Type::Records,
        "Postgres parameters of v4 that the living cluster does not have: {name, now, v4, text}; now is \"\"; v4's own defaults, what the operator sets itself, what its spec asks for, and the five for replay aside",
        |migration| parameters(migration, str::is_empty),
    ),
    row(
        "moved.parametersOtherwise",
        Type::Records,
        "Postgres parameters of v4 that the living cluster has otherwise, in the same form and with the same ones aside",
        |migration| parameters(migration, |now| !now.is_empty()),
    ),
    row(
        "moved.parametersLower",
        Type::Records,
        "of the five parameters that replay depends on, those that are lower than v4's: {name, now, v4, text}",
        parameters_lower,
    ),
    row(
        "moved.preloadLost",
        Type::Strings,
        "libraries that v4 preloads, that the living cluster does not, and that v5 does not add by itself",
        preload_lost,
    ),
];

pub(super) type Entries = Vec<(String, String)>;

/// A fact that is a map of texts or numbers.
fn entries(fact: Fact<Value>) -> Fact<Entries> {
    fact.map(|value| match value {
        Value::Map(entries) => entries
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        _ => Vec::new(),
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

pub(super) fn value_of<'e>(entries: &'e Entries, name: &str) -> Option<&'e str> {
    let found = entries.iter().find(|(other, _)| other == name)?;
    Some(&found.1)
}

fn record(name: &str, now: &str, v4: &str) -> Value {
    let told = match now {
        "" => format!("{name} ({v4})"),
        _ => format!("{name} ({v4}, now {now})"),
    };
    let fields = [
        ("name", Value::from(name)),
        ("now", now.into()),
        ("v4", v4.into()),
        ("text", told.into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Map(fields.collect())
}

/// What runs here, then what v4 had: a place is told of the living cluster first.
fn both_sides(migration: &Migration<'_>, v4: &str) -> Fact<(Entries, Entries)> {
    let now = entries(migration.living_named("live.parameters"));
    now.both(entries(migration.v4_named(v4)))
}

/// What the spec asks for and Patroni has not taken up is told of the living cluster itself.
fn parameters(migration: &Migration<'_>, wanted: fn(&str) -> bool) -> Fact<Value> {
    let waiting = texts(migration.living_named("live.parametersWaiting"));
    let waiting = waiting.value().cloned().unwrap_or_default();
    let waits = |name: &str| {
        let names = waiting.iter().filter_map(|one| one.split(" (").next());
        names.into_iter().any(|one| one == name)
    };
    both_sides(migration, "postgres.parameters").map(|(now, before)| {
        let carried = before.iter().filter(|(name, has)| to_carry(name, has));
        let carried = carried.filter(|(name, _)| !waits(name));
        let lost = carried.filter_map(|(name, has)| {
            let value = value_of(&now, name).unwrap_or("");
            (wanted(value) && !same_value(name, value, has)).then(|| record(name, value, has))
        });
        Value::List(lost.collect())
    })
}

fn parameters_lower(migration: &Migration<'_>) -> Fact<Value> {
    both_sides(migration, "postgres.replayParameters").map(|(now, before)| {
        let lower = AT_LEAST.iter().filter_map(|(name, default)| {
            let has: i64 = value_of(&before, name)?.trim().parse().ok()?;
            let value = match value_of(&now, name) {
                Some(text) => text.trim().parse().ok()?,
                None => *default,
            };
            (value < has).then(|| record(name, &value.to_string(), &has.to_string()))
        });
        Value::List(lower.collect())
    })
}

fn preload_lost(migration: &Migration<'_>) -> Fact<Value> {
    let now = entries(migration.living_named("live.parameters"));
    let before = migration.v4_named("postgres.preloadExtra");
    now.both(before).map(|(now, before)| {
        let listed = value_of(&now, "shared_preload_libraries").unwrap_or("");
        let listed = libraries(listed);
        let wanted = match before {
            Value::List(items) => items.iter().map(text).collect(),
            _ => Vec::new(),
        };
        let lost = wanted.into_iter().filter(|name| !listed.contains(name));
        lost.collect::<Vec<_>>().into()
    })
}
