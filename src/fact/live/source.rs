//! What the living spec still says about where its data come from, and what the operator remembers of it.
//!
//! Source: PGO `internal/controller/postgrescluster/cluster.go` and `pgbackrest.go` (`prepareForRestore`), 5.7 to 6.0: the
//! identity of a restore source is `~pgo-bootstrap-NAME`; where `status.pgbackrest.restore.id` differs from it the
//! operator restores again, over the running database.

use super::row::{LivingFact, row};
use super::status::{text, truth};
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields;
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.restoreSource",
        Type::String,
        "the restore source that spec.dataSource still names: \"postgresCluster\", \"pgbackrest\", or \"\"",
        |living| restore_source(living).map(Value::from),
    ),
    row(
        "live.volumeSource",
        Type::Bool,
        "spec.dataSource.volumes is still there",
        |living| given(living, &["spec", "dataSource", "volumes"]).map(Value::from),
    ),
    row(
        "live.restoreId",
        Type::String,
        "status.pgbackrest.restore.id, the restore the operator did last; \"\" where it did none or forgot it",
        |living| {
            let path = ["status", "pgbackrest", "restore", "id"];
            text(living, &path, "the restore the operator remembers")
        },
    ),
    row(
        "live.restoreAhead",
        Type::String,
        "the value of the annotation that asks for a restore in place which the spec enables and the operator has not done: it replaces the running database; \"\" for none",
        |living| restore_ahead(living).map(Value::from),
    ),
    row(
        "live.bootstrapId",
        Type::String,
        "the identity that the operator gives to a restore source of this cluster",
        |living| Fact::known(format!("~pgo-bootstrap-{}", living.name).into()),
    ),
];

/// An operator that is told of no restore in place, or has done this one, leaves the database alone.
fn restore_ahead(living: &Living<'_>) -> Fact<String> {
    const ASKED: [&str; 3] = [
        "metadata",
        "annotations",
        "postgres-operator.crunchydata.com/pgbackrest-restore",
    ];
    let enabled = ["spec", "backups", "pgbackrest", "restore", "enabled"];
    let note = "the restore in place that is asked for";
    let enabled = truth(living, &enabled, note);
    let asked = fields::text(living.object, &ASKED, note);
    let done = ["status", "pgbackrest", "restore", "id"];
    let done = fields::text(living.object, &done, "the restore the operator remembers");
    enabled
        .both(done)
        .both(asked)
        .map(|((enabled, done), asked)| {
            let ahead = enabled == Value::Bool(true) && done != asked;
            if ahead { asked } else { String::new() }
        })
}

/// Whether a field is there and not null; an empty map counts. Its place is its key.
fn given(living: &Living<'_>, path: &[&str]) -> Fact<bool> {
    let note = "where the data come from";
    living
        .object
        .read(path, note)
        .and_then(|value| match value {
            Some(_) => Fact::at(true, living.object.nearest(path), note),
            None => Fact::known(false),
        })
}

pub(super) fn restore_source(living: &Living<'_>) -> Fact<&'static str> {
    let below = |key| given(living, &["spec", "dataSource", key]);
    below("postgresCluster").and_then(|cluster| {
        if cluster {
            return Fact::known("postgresCluster");
        }
        below("pgbackrest").map(|pgbackrest| if pgbackrest { "pgbackrest" } else { "" })
    })
}

/// Whether the spec has any data source left.
pub(super) fn any(living: &Living<'_>) -> bool {
    let source = living.object.at(&["spec", "dataSource"]);
    source.is_some_and(|source| {
        source
            .entries()
            .any(|(_, value): (Node<'_>, Node<'_>)| !value.is_null())
    })
}
