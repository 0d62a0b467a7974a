//! Whether the living database is the one that v4 had, and how far it came.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{self, fields, seen::if_complete};
use crate::manifest::{Fact, Kind};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.sameMajor",
        Type::Bool,
        "the living cluster runs the Postgres major that v4 ran: only then must system identifiers be equal",
        |migration| same_major(migration).map(Value::from),
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
        "how many bytes the living database is behind v4's last known position; 0 where it has reached it, which does not prove that it caught up",
        |migration| behind(migration).map(Value::from),
    ),
    row(
        "moved.v4Running",
        Type::Bool,
        "a database of the v4 cluster runs beside the living one, by the evidence that is as old as the living cluster's",
        |migration| v4_running(migration).map(Value::from),
    ),
];

fn whole(fact: Fact<Value>) -> Fact<i64> {
    fact.map(|value| match value {
        Value::Int(number) => number,
        _ => 0,
    })
}

fn same_major(migration: &Migration<'_>) -> Fact<bool> {
    let before = whole(migration.v4_named("postgres.majorNumber"));
    let path = ["spec", "postgresVersion"];
    let note = "the Postgres major of the living cluster";
    let now = fields::number(migration.living.object, &path, note);
    before.both(now).map(|(before, now)| now == Some(before))
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
    let before = whole(migration.v4_named("cluster.position"));
    let now = whole(migration.living_named("live.position"));
    before.both(now).map(|(before, now)| (before - now).max(0))
}

fn v4_running(migration: &Migration<'_>) -> Fact<bool> {
    let Some(cluster) = migration.still() else {
        let living = migration.living;
        let deployments = living.inventory.list(Kind::Deployment, living.namespace);
        return if_complete(&deployments.completeness, false);
    };
    let runs = v4::FACTS.fact("primary.running");
    let runs = runs.and_then(|number| v4::FACTS.read(number, cluster));
    let runs = runs.unwrap_or_else(|| Fact::known(false.into()));
    runs.map(|value| value == Value::Bool(true))
}
