//! The conditions that the operator writes.
//!
//! Source: PGO `internal/controller/postgrescluster` (controller.go, cluster.go, pgbackrest.go), 5.0 to 6.0.

use super::row::{LivingFact, row};
use super::status::items;
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::names_of;
use crate::manifest::{Completeness, Fact, Node};

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.dataInitialized",
        Type::Bool,
        "condition PostgresDataInitialized is True: a restore source was restored",
        |living| is_true(living, "PostgresDataInitialized"),
    ),
    row(
        "live.restoring",
        Type::Bool,
        "condition PGBackRestoreProgressing is True",
        |living| is_true(living, "PGBackRestoreProgressing"),
    ),
    row(
        "live.replicaCreateBackup",
        Type::Bool,
        "condition PGBackRestReplicaCreate is True: the first backup that replicas are made of is complete",
        |living| is_true(living, "PGBackRestReplicaCreate"),
    ),
    row(
        "live.repoHostReady",
        Type::Bool,
        "condition PGBackRestRepoHostReady is True; false where there is none",
        |living| is_true(living, "PGBackRestRepoHostReady"),
    ),
    row(
        "live.proxyAvailable",
        Type::Bool,
        "condition ProxyAvailable is True; false where there is none",
        |living| is_true(living, "ProxyAvailable"),
    ),
    row(
        "live.troubles",
        Type::Strings,
        "the conditions that tell of something that does not work, as \"PGBackRestRepoHostReady=False\": of the repository's host, of the backup that replicas are made of, of a restore that failed, of volumes that are to change their size",
        |living| troubles(living).map(Value::from),
    ),
    row(
        "live.complaints",
        Type::Strings,
        "the same, and those that tell of something beside the database: a backup that was ordered and failed, a PgBouncer that is asked for and not there",
        |living| complaints(living).map(Value::from),
    ),
    row(
        "live.halted",
        Type::String,
        "why the operator does not go on: the reason of condition Progressing where it is False, such as Paused; \"\" otherwise",
        |living| {
            condition(living, "Progressing").map(|condition| match condition {
                Some(condition) if field(condition, "status") == "False" => {
                    field(condition, "reason").into()
                }
                _ => "".into(),
            })
        },
    ),
];

fn field<'a>(condition: Node<'a>, key: &str) -> &'a str {
    condition.get(key).map_or("", Node::text)
}

/// A condition by its type; `None` where the status has none of it. Its place is the condition's own type.
fn condition<'a>(living: &Living<'a>, wanted: &str) -> Fact<Option<Node<'a>>> {
    let path = ["status", "conditions"];
    let all = items(living, &path, "what the operator says");
    all.and_then(|all| {
        let found = all.into_iter().find(|one| field(*one, "type") == wanted);
        match found.and_then(|one| Some((one, one.get("status")?))) {
            Some((one, status)) => {
                Fact::at(Some(one), status.span(), "what the operator says of it")
            }
            None => Fact::known(None),
        }
    })
}

/// Conditions that tell of something that does not work, and the status they have then.
///
/// Source: PGO 5.8 pgbackrest.go, volumes.go (`observePersistentVolumeClaims`, `handlePersistentVolumeClaimError`).
const TROUBLES: [(&str, &str); 6] = [
    // After a restore that failed.
    ("PostgresDataInitialized", "False"),
    ("PGBackRestRepoHostReady", "False"),
    ("PGBackRestReplicaRepoReady", "False"),
    ("PGBackRestReplicaCreate", "False"),
    ("PersistentVolumeResizing", "False"),
    ("PersistentVolumeResizeError", "True"),
];

fn troubles(living: &Living<'_>) -> Fact<Vec<String>> {
    told(living, |kind, status| TROUBLES.contains(&(kind, status)))
}

/// Source: PGO 5.8 pgbackrest.go (`ConditionManualBackupSuccessful`), pgbouncer.go (`ProxyAvailable`).
fn complaints(living: &Living<'_>) -> Fact<Vec<String>> {
    let bouncer = living.object.at(&["spec", "proxy", "pgBouncer"]);
    let wanted = bouncer.is_some_and(|one| !one.is_null() && field(one, "replicas") != "0");
    let asleep = living.object.at(&["spec", "shutdown"]);
    let wanted = wanted && asleep.is_none_or(|flag| flag.text() != "true");
    told(living, |kind, status| match (kind, status) {
        ("PGBackRestManualBackupSuccessful", "False") => true,
        ("ProxyAvailable", "False") => wanted,
        told => TROUBLES.contains(&told),
    })
}

fn told(living: &Living<'_>, is_trouble: impl Fn(&str, &str) -> bool) -> Fact<Vec<String>> {
    let path = ["status", "conditions"];
    let all = items(living, &path, "what the operator says");
    all.and_then(|all| {
        let told = all.into_iter().filter_map(|one| {
            let (kind, status) = (field(one, "type"), field(one, "status"));
            is_trouble(kind, status).then(|| (format!("{kind}={status}"), one.span()))
        });
        names_of(told, &Completeness::Full, "what the operator says of it")
    })
}

fn is_true(living: &Living<'_>, wanted: &str) -> Fact<Value> {
    let found = condition(living, wanted);
    found.map(|found| {
        found
            .is_some_and(|one| field(one, "status") == "True")
            .into()
    })
}
