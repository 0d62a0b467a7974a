//! Whether the living database is the one that v4 had, and how far it came.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{self, fields};
use crate::manifest::{Fact, Gap};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.sameMajor",
        Type::Bool,
        "the living cluster runs the Postgres major that v4 ran: only then must system identifiers be equal",
        |migration| same_major(migration).map(Value::from),
    ),
    row(
        "moved.sameDatabase",
        Type::Bool,
        "the living database is the one that v4 had, by its system identifier; unknown at another Postgres major, where it gets a new one by right",
        |migration| same_database(migration).map(Value::from),
    ),
    row(
        "moved.sameHistory",
        Type::Bool,
        "v4's ended timelines begin the living database's; compared as pairs of timeline and position",
        |migration| same_history(migration).map(Value::from),
    ),
    row(
        "moved.behind",
        Type::Int,
        "how many bytes the living database is behind v4's last known position, the furthest of all exports; 0 where it has reached it, which does not prove that it caught up",
        |migration| behind(migration).map(Value::from),
    ),
];

fn whole(fact: Fact<Value>) -> Fact<i64> {
    fact.map(|value| match value {
        Value::Int(number) => number,
        _ => 0,
    })
}

/// By the numbers in the spec and the image. Whatever the spec asks for, a database of v4's own identifier is of v4's major,
/// since `pg_upgrade` gives a new one.
fn same_major(migration: &Migration<'_>) -> Fact<bool> {
    let equal = equal_identifiers(migration);
    if equal.value() == Some(&true) {
        return equal;
    }
    let before = whole(migration.v4_named("postgres.majorNumber"));
    let path = ["spec", "postgresVersion"];
    let note = "the Postgres major of the living cluster";
    let now = fields::number(migration.living.object, &path, note);
    before.both(now).map(|(before, now)| now == Some(before))
}

/// Whether both databases have one system identifier, of two that are there.
fn equal_identifiers(migration: &Migration<'_>) -> Fact<bool> {
    let before = migration.v4_named("cluster.systemIdentifier");
    let now = migration.living_named("live.systemIdentifier");
    now.both(before)
        .map(|(now, before)| now == before && now != Value::from(""))
}

/// Equal numbers prove it whatever the major; different ones disprove it at one major only.
fn same_database(migration: &Migration<'_>) -> Fact<bool> {
    let equal = equal_identifiers(migration);
    match &equal {
        Fact::Known(truth) if !truth.value => same_major(migration).and_then(|same| {
            if same {
                equal.clone()
            } else {
                Fact::unknown(another_major(migration))
            }
        }),
        _ => equal,
    }
}

fn another_major(migration: &Migration<'_>) -> Gap {
    Gap {
        missing: format!("whether {} holds v4's database", migration.living.name),
        because: "it runs another Postgres major, and an upgrade gives a new system identifier".to_owned(),
        ask: "compare on both sides, in each database: select schemaname, relname, n_live_tup from pg_stat_user_tables order by 1, 2".to_owned(),
    }
}

/// A history as pairs; the facts hold records.
fn pairs(fact: Fact<Value>) -> Fact<Vec<Value>> {
    fact.map(|value| match value {
        Value::List(rows) => rows.to_vec(),
        _ => Vec::new(),
    })
}

fn same_history(migration: &Migration<'_>) -> Fact<bool> {
    let before = pairs(migration.v4_named("cluster.history"));
    let now = pairs(migration.living_named("live.history"));
    before
        .both(now)
        .map(|(before, now)| now.starts_with(&before))
}

fn behind(migration: &Migration<'_>) -> Fact<i64> {
    let before = last_position(migration);
    let now = whole(migration.living_named("live.position"));
    before.both(now).map(|(before, now)| (before - now).max(0))
}

/// The furthest position that any export shows: a database never goes back, so their order does not matter.
fn last_position(migration: &Migration<'_>) -> Fact<i64> {
    let Some(number) = v4::FACTS.fact("cluster.position") else {
        return whole(migration.v4_named("cluster.position"));
    };
    let each = migration.moments.iter();
    let each = each.filter_map(|moment| v4::FACTS.read(number, moment.cluster));
    let position = |fact: &Fact<i64>| fact.value().copied();
    each.map(whole)
        .max_by_key(position)
        .unwrap_or_else(|| whole(migration.v4_named("cluster.position")))
}
