//! Whether v4 still runs beside the living cluster.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{self, Cluster, seen::if_complete};
use crate::manifest::{Fact, Gap, Kind};

pub(super) static FACTS: &[MigrationFact] = &[row(
    "moved.v4Running",
    Type::Bool,
    "a database of the v4 cluster runs beside the living one, by evidence that is no older than the living cluster's; unknown where v4 ran in another Kubernetes cluster at an earlier time",
    |migration| running(migration).map(Value::from),
)];

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
