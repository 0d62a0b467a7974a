//! Whether v4 still runs beside the living cluster.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{self, Cluster, seen::if_complete};
use crate::manifest::{Fact, Gap, Kind, Object};

pub(super) static FACTS: &[MigrationFact] = &[
    row(
        "moved.v4Running",
        Type::Bool,
        "a database of the v4 cluster runs beside the living one, by evidence that is no older than the living cluster's; unknown where v4 ran in another Kubernetes cluster at an earlier time",
        |migration| running(migration).map(Value::from),
    ),
    row(
        "moved.v4Wants",
        Type::Strings,
        "the Deployments of v4's database beside the living cluster that want a pod, running or not",
        |migration| wanting(migration).map(Value::from),
    ),
    row(
        "moved.others",
        Type::Strings,
        "other living clusters that are taken to come from the same v4 cluster, as namespace/name",
        |migration| {
            let here = migration.living.name_span();
            let others = migration.others.iter();
            let fact = Fact::at(migration.others.clone(), here, "the PostgresCluster");
            let fact = fact.map(|all| all.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>());
            let note = "another living cluster of it";
            others.fold(fact.map(Value::from), |fact, (_, span)| {
                fact.and_at(*span, note)
            })
        },
    ),
];

/// Deployments of the database that are not scaled to zero: Kubernetes starts their pods, if not now, then later.
fn wanting(migration: &Migration<'_>) -> Fact<Vec<String>> {
    let living = migration.living;
    let (namespace, name) = match migration.v4() {
        Some(v4) => (v4.namespace.or(living.namespace), v4.name),
        None => (living.namespace, living.name),
    };
    let all = living
        .inventory
        .of_cluster(Kind::Deployment, namespace, name);
    let wants = |one: &&&Object| {
        let replicas = one.at(&["spec", "replicas"]);
        one.label("pgo-pg-database").is_some() && replicas.is_none_or(|number| number.text() != "0")
    };
    let found: Vec<&Object> = all.objects.iter().filter(wants).copied().collect();
    let names: Vec<String> = found.iter().map(|one| one.name.to_string()).collect();
    let fact = match names.as_slice() {
        [] => if_complete(&all.completeness, names),
        _ => Fact::known(names),
    };
    found.into_iter().take(8).fold(fact, |fact, one| {
        fact.and_at(one.name_span(), "a Deployment of v4's that wants a pod")
    })
}

fn running(migration: &Migration<'_>) -> Fact<bool> {
    if let Some(cluster) = migration.still() {
        return runs(cluster);
    }
    match migration.elsewhere() {
        None => nothing_here(migration),
        Some(cluster) => {
            let told = runs(cluster);
            match told.value() {
                Some(true) if is_older(cluster, migration) => Fact::unknown(earlier(cluster)),
                _ => told,
            }
        }
    }
}

/// Where the living cluster is there is no v4 cluster of this name: nothing runs, if all Deployments were seen.
fn nothing_here(migration: &Migration<'_>) -> Fact<bool> {
    let living = migration.living;
    let namespace = migration.v4().and_then(|v4| v4.namespace);
    let deployments = living
        .inventory
        .list(Kind::Deployment, namespace.or(living.namespace));
    if_complete(&deployments.completeness, false)
}

fn runs(cluster: &Cluster<'_>) -> Fact<bool> {
    let number = v4::FACTS.fact("primary.running");
    let runs = number.and_then(|number| v4::FACTS.read(number, cluster));
    let runs = runs.unwrap_or_else(|| Fact::known(false.into()));
    runs.map(|value| value == Value::Bool(true))
}

/// Whether what is known of v4 is from before what is known of the living cluster; so, too, where one of the two has no
/// time.
fn is_older(cluster: &Cluster<'_>, migration: &Migration<'_>) -> bool {
    match (cluster.inventory.taken, migration.living.inventory.taken) {
        (Some(v4), Some(living)) => v4 < living,
        (None, None) => false,
        _ => true,
    }
}

fn earlier(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("whether the v4 cluster {} still runs", cluster.name),
        because: "it ran when its export was made, and it is in another Kubernetes cluster"
            .to_owned(),
        ask: format!(
            "kubectl get pods {}-l pg-cluster={},pgo-pg-database=true",
            cluster.namespace_flag(),
            crate::manifest::shell_word(cluster.name)
        ),
    }
}
