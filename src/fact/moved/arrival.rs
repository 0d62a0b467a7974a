//! What of v4's settings and parts is not there on the other side.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::{if_complete, names_of};
use crate::manifest::{Fact, Kind, Node, Object};

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
    row(
        "moved.usersLost",
        Type::Strings,
        "users of v4 that the living cluster's spec does not name, and, once it writes, those for whom it has no Secret",
        users_lost,
    ),
    row(
        "moved.schedulesLost",
        Type::Strings,
        "v4's backup schedules, as \"full 0 1 * * *\", for whose type the living cluster has no schedule that runs",
        |migration| unmatched_schedules(migration, |lost| lost.kind),
    ),
    row(
        "moved.schedulesElsewhen",
        Type::Strings,
        "v4's backup schedules whose type the living cluster has, at other times",
        |migration| unmatched_schedules(migration, |lost| !lost.kind),
    ),
    row(
        "moved.oldClaims",
        Type::Strings,
        "claims with v4's labels beside the living cluster that nobody owns: what v4 left behind",
        old_claims,
    ),
    row(
        "moved.v4Stands",
        Type::Bool,
        "the v4 cluster's Pgcluster is still there beside the living cluster",
        |migration| {
            let stands = migration.still().and_then(|cluster| cluster.object);
            let Some(object) = stands else {
                let living = migration.living;
                let all = living.inventory.list(Kind::Pgcluster, living.namespace);
                return if_complete(&all.completeness, false.into());
            };
            Fact::at(true.into(), object.name_span(), "the v4 cluster")
        },
    ),
];

/// The names of a list of elements.
fn names(fact: Fact<Value>) -> Fact<Vec<String>> {
    fact.map(|value| match value {
        Value::List(items) => {
            let names = items.iter().filter_map(|item| match item {
                Value::Map(fields) => {
                    let mut fields = fields.iter();
                    fields.find_map(|(field, value)| match value {
                        Value::Str(name) if &**field == "name" => Some(name.to_string()),
                        _ => None,
                    })
                }
                _ => None,
            });
            names.collect()
        }
        _ => Vec::new(),
    })
}

/// A fact that is a list of texts.
pub(super) fn texts(fact: Fact<Value>) -> Fact<Vec<String>> {
    fact.map(|value| match value {
        Value::List(items) => items
            .iter()
            .filter_map(|item| match item {
                Value::Str(text) => Some(text.to_string()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    })
}

fn users_lost(migration: &Migration<'_>) -> Fact<Value> {
    let unnamed = names(migration.living_named("spec.pair.usersLost"));
    let named = unnamed.value().is_some_and(Vec::is_empty);
    // Users get their Secrets when it writes.
    let writes = migration
        .living_named("live.role")
        .map(|role| role == Value::from("primary"));
    if !named || writes.value() == Some(&false) {
        return unnamed.map(Value::from);
    }
    let now = texts(migration.living_named("live.users"));
    let before = texts(migration.v4_named("access.users"));
    writes.and_then(|_| now.both(before)).map(|(now, before)| {
        let lost = before.into_iter().filter(|user| !now.contains(user));
        lost.collect::<Vec<_>>().into()
    })
}

/// A schedule of v4 that has no equal.
struct Unmatched {
    /// No schedule of its type runs.
    kind: bool,
}

fn unmatched_schedules(migration: &Migration<'_>, wanted: fn(&Unmatched) -> bool) -> Fact<Value> {
    let now = migration
        .living_named("live.schedules")
        .map(|value| running(&value));
    let before = texts(migration.v4_named("repo.schedules"));
    now.both(before).map(|(now, before)| {
        let unmatched = before.into_iter().filter(|schedule| {
            let (kind, times) = schedule.split_once(' ').unwrap_or((schedule, ""));
            let of_kind = now.iter().filter(|(other, _)| other == kind);
            let of_kind: Vec<_> = of_kind.collect();
            let equal = of_kind.iter().any(|(_, other)| other == times);
            !equal
                && wanted(&Unmatched {
                    kind: of_kind.is_empty(),
                })
        });
        unmatched.collect::<Vec<_>>().into()
    })
}

/// The schedules that are not suspended, as type and times.
fn running(value: &Value) -> Vec<(String, String)> {
    let Value::List(records) = value else {
        return Vec::new();
    };
    let field = |record: &Value, name: &str| match record {
        Value::Map(fields) => fields
            .iter()
            .find_map(|(key, value)| (&**key == name).then(|| value.clone())),
        _ => None,
    };
    let text = |record: &Value, name: &str| match field(record, name) {
        Some(Value::Str(text)) => text.to_string(),
        _ => String::new(),
    };
    let awake = records
        .iter()
        .filter(|record| field(record, "suspended") != Some(Value::Bool(true)));
    awake
        .map(|record| (text(record, "type"), text(record, "schedule")))
        .collect()
}

fn old_claims(migration: &Migration<'_>) -> Fact<Value> {
    let living = migration.living;
    let (namespace, name) = match migration.v4() {
        Some(v4) => (v4.namespace, v4.name),
        None => (living.namespace, living.name),
    };
    let claims = living
        .inventory
        .of_cluster(Kind::PersistentVolumeClaim, namespace, name);
    let left = |claim: &&&Object| {
        // What the move is about to take over is left by nobody.
        !is_source(living.object, &claim.name)
            && claim.at(&["metadata", "ownerReferences"]).is_none()
            && claim
                .label("postgres-operator.crunchydata.com/cluster")
                .is_none()
    };
    let left = claims.objects.iter().filter(left);
    let left = left.map(|claim| (&*claim.name, claim.name_span()));
    names_of(left, &claims.completeness, "a claim of v4's").map(Value::from)
}

/// Whether a PostgresCluster's spec takes this claim over.
fn is_source(cluster: &Object, claim: &str) -> bool {
    let volumes = cluster.at(&["spec", "dataSource", "volumes"]);
    let volumes = volumes.into_iter().flat_map(Node::entries);
    let mut names = volumes.filter_map(|(_, volume)| volume.get("pvcName"));
    names.any(|name| name.text() == claim)
}

fn fewer_instances(migration: &Migration<'_>) -> Fact<i64> {
    let replicas = migration
        .v4_named("replicas.count")
        .map(|count| match count {
            Value::Int(count) => count.saturating_add(1),
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
        .map(|(before, now)| before.saturating_sub(now).max(0))
}
