//! What of v4's settings and parts is not there on the other side.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::Fact;

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.why",
        Type::String,
        "why the living cluster is taken to come from this v4 cluster, in words",
        |migration| {
            Fact::at(
                migration.why.as_str().into(),
                migration.living.name_span(),
                "the PostgresCluster",
            )
        },
    ),
    row(
        "moved.fewerInstances",
        Type::Int,
        "how many instances fewer the living cluster has than v4 had; 0 where it has as many",
        |migration| fewer_instances(migration).map(Value::from),
    ),
];

fn fewer_instances(migration: &Migration<'_>) -> Fact<i64> {
    let replicas = migration
        .v4_named("replicas.count")
        .map(|count| match count {
            Value::Int(count) => count + 1,
            _ => 0,
        });
    let now = migration
        .living_named("live.readyReplicas")
        .map(|count| match count {
            Value::Int(count) => count,
            _ => 0,
        });
    replicas
        .both(now)
        .map(|(before, now)| (before - now).max(0))
}
