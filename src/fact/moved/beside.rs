//! Whether v4 still runs beside the living cluster.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{
    self, Cluster,
    objects::job::has_ended,
    seen::{if_complete, names_of},
};
use crate::manifest::{Fact, Gap, Inventory, Kind, Object};

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
        "moved.v4Deletion",
        Type::Strings,
        "the Jobs beside the living cluster that are deleting the v4 cluster and have not ended",
        deleting,
    ),
    row(
        "moved.v4Left",
        Type::Strings,
        "what v4 left beside the living cluster: Deployments, Services and ConfigMaps with its labels, as \"Service hippo\"; its claims have a fact of their own",
        left,
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

/// Namespace and name of the v4 cluster.
fn place<'a>(migration: &Migration<'a>) -> (Option<&'a str>, &'a str) {
    let living = migration.living;
    match migration.v4() {
        Some(v4) => (v4.namespace.or(living.namespace), v4.name),
        None => (living.namespace, living.name),
    }
}

/// PGO v4 deletes by label and by name: of a v5 cluster with v4's name it takes a ConfigMap and a Deployment.
fn deleting(migration: &Migration<'_>) -> Fact<Value> {
    let (namespace, name) = place(migration);
    at_work_on(migration.living.inventory, namespace, name)
}

/// The Jobs by which PGO deletes a v4 cluster (or a replica of it) that have not ended.
pub(in crate::fact) fn at_work_on(
    inventory: &Inventory,
    namespace: Option<&str>,
    name: &str,
) -> Fact<Value> {
    let jobs = inventory.of_cluster(Kind::Job, namespace, name);
    let is_at_work = |job: &&Object| {
        let deletes = job
            .label("pgrmdata")
            .is_some_and(|label| label.text() == "true");
        deletes && has_ended(job).value() != Some(&true)
    };
    let at_work: Vec<&Object> = jobs.objects.iter().copied().filter(is_at_work).collect();
    let all_seen = if_complete(&jobs.completeness, ());
    named(&at_work, &all_seen, "a Job that deletes v4", |job| {
        job.name.to_string()
    })
}

/// Whatever bears v4's labels and nothing of v5's.
fn left(migration: &Migration<'_>) -> Fact<Value> {
    let (namespace, name) = place(migration);
    let inventory = migration.living.inventory;
    let mut objects: Vec<&Object> = Vec::new();
    let mut all_seen = Fact::known(());
    for kind in [Kind::Deployment, Kind::Service, Kind::ConfigMap] {
        let all = inventory.of_cluster(kind, namespace, name);
        let is_left = |one: &&Object| {
            let v5 = one.label("postgres-operator.crunchydata.com/cluster");
            v5.is_none() && one.at(&["metadata", "ownerReferences"]).is_none()
        };
        objects.extend(all.objects.iter().copied().filter(is_left));
        all_seen = all_seen
            .both(if_complete(&all.completeness, ()))
            .map(|_| ());
    }
    let word = |one: &Object| format!("{} {}", one.kind.info().name, one.name);
    named(&objects, &all_seen, "what v4 left", word)
}

/// Objects in words. Those that are seen are there, whatever else there is.
fn named(
    found: &[&Object],
    all_seen: &Fact<()>,
    note: &'static str,
    word: impl Fn(&Object) -> String,
) -> Fact<Value> {
    let names: Vec<String> = found.iter().copied().map(word).collect();
    let fact = match found {
        [] => all_seen.clone().map(|()| names.into()),
        _ => Fact::known(names.into()),
    };
    let shown = found.iter().take(8);
    shown.fold(fact, |fact, one| fact.and_at(one.name_span(), note))
}

/// Deployments of the database that are not scaled to zero: Kubernetes starts their pods, if not now, then later.
fn wanting(migration: &Migration<'_>) -> Fact<Vec<String>> {
    let (namespace, name) = place(migration);
    let inventory = migration.living.inventory;
    let all = inventory.of_cluster(Kind::Deployment, namespace, name);
    let wants = |one: &&&Object| {
        let replicas = one.at(&["spec", "replicas"]);
        one.label("pgo-pg-database").is_some() && replicas.is_none_or(|number| number.text() != "0")
    };
    let found = all.objects.iter().filter(wants);
    let found = found.map(|one| (&*one.name, one.name_span()));
    names_of(
        found,
        &all.completeness,
        "a Deployment of v4's that wants a pod",
    )
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
