//! The operators of an origin: the Deployments of PGO v4 and of PGO v5, wherever they run.
//!
//! An operator is known by what it runs and says, not by its name alone: both generations have used the name and the
//! image `postgres-operator`, and so have other vendors.

mod sign;
mod watched;

use super::seen::if_complete;
use super::workload::replicas;
use super::{Cluster, ClusterFact, row};
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::manifest::{Completeness, Evidence, Fact, Gap, Inventory, Kind, Object};

/// Which generation an operator is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// PGO v4, which manages Pgclusters.
    V4,
    /// PGO v5 and later, which manage PostgresClusters.
    V5,
}

/// One operator's Deployment.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its generation.
    pub generation: Generation,
    /// The Deployment's namespace.
    pub namespace: Option<Box<str>>,
    /// The Deployment's name.
    pub name: Box<str>,
    /// What shows that it is one.
    pub sign: Evidence,
    /// Its release.
    pub version: Fact<Version>,
    /// Whether a pod of it is asked for and, where a status says so, ready.
    pub running: Fact<bool>,
    /// The namespaces it names as watched; `None` stands for all.
    pub watched: Fact<Option<Vec<String>>>,
    /// The name of its installation, by which v4 also finds the namespaces to watch.
    installation: Fact<Option<String>>,
}

/// All operators of an origin.
#[derive(Debug)]
pub struct Operators {
    /// By namespace and name.
    seen: Vec<Operator>,
    /// Whether there may be more.
    completeness: Completeness,
}

impl Operators {
    pub(super) fn of(inventory: &Inventory) -> Operators {
        let listing = inventory.list_all(Kind::Deployment);
        Operators {
            seen: listing
                .objects
                .iter()
                .filter_map(|object| Operator::of(object))
                .collect(),
            completeness: listing.completeness,
        }
    }

    /// Those of a generation that are in the input.
    pub fn of_generation(&self, generation: Generation) -> impl Iterator<Item = &Operator> {
        let same = move |operator: &&Operator| operator.generation == generation;
        self.seen.iter().filter(same)
    }

    /// The operator a cluster of this namespace would deal with: one that watches the namespace, rather one that runs.
    pub(super) fn nearest(
        &self,
        inventory: &Inventory,
        generation: Generation,
        namespace: Option<&str>,
    ) -> Option<&Operator> {
        let rank = |operator: &&Operator| {
            let watches = match operator.watches(inventory, namespace).value() {
                Some(true) => 2,
                None => 1,
                Some(false) => 0,
            };
            (watches, operator.running.value() == Some(&true))
        };
        // Of equals the first: `max_by_key` would take the last.
        let mut best: Option<&Operator> = None;
        for operator in self.of_generation(generation) {
            if best.is_none_or(|best| rank(&operator) > rank(&best)) {
                best = Some(operator);
            }
        }
        best
    }
}

impl Operators {
    /// Those of a generation that watch a cluster's namespace and are not scaled away, as namespace/name. What more
    /// there may be unseen is told by what asks whether one runs at all.
    pub(super) fn watching(
        &self,
        cluster: &Cluster<'_>,
        generation: Generation,
    ) -> Fact<Vec<String>> {
        let mut all = Fact::known(Vec::new());
        for operator in self.of_generation(generation) {
            let watches = operator.watches(cluster.inventory, cluster.namespace);
            if watches.value() == Some(&true) && operator.running.value() != Some(&false) {
                all = all
                    .and_at(operator.sign.span, operator.sign.note)
                    .map(|mut names| {
                        names.push(match &operator.namespace {
                            Some(namespace) => format!("{namespace}/{}", operator.name),
                            None => operator.name.to_string(),
                        });
                        names
                    });
            }
        }
        all
    }
}

impl Operators {
    /// A value that holds if these are all operators.
    pub(in crate::fact) fn if_all(&self, value: Value) -> Fact<Value> {
        if_complete(&self.completeness, value)
    }

    /// Those of a generation that manage a namespace: the ones that watch it, else those of which that is not known; of these
    /// rather the ones that are not scaled away. Empty where it is known that there is none.
    pub(in crate::fact) fn in_charge(
        &self,
        inventory: &Inventory,
        generation: Generation,
        namespace: Option<&str>,
    ) -> Fact<Vec<&Operator>> {
        let watching = |operator: &&Operator, known| {
            let watches = operator.watches(inventory, namespace);
            watches.value().copied() == known
        };
        let of = |known| {
            self.of_generation(generation)
                .filter(move |one| watching(one, known))
        };
        let mut all: Vec<&Operator> = of(Some(true)).collect();
        if all.is_empty() {
            all = of(None).collect();
        }
        if all.iter().any(|one| one.running.value() != Some(&false)) {
            all.retain(|one| one.running.value() != Some(&false));
        }
        let places: Vec<Evidence> = all.iter().map(|one| one.sign).collect();
        let fact = if all.is_empty() {
            if_complete(&self.completeness, all)
        } else {
            Fact::known(all)
        };
        let at = |fact: Fact<_>, place: Evidence| fact.and_at(place.span, place.note);
        places.into_iter().fold(fact, at)
    }
}

impl Operator {
    fn of(deployment: &Object) -> Option<Operator> {
        let (generation, sign) = sign::recognise(deployment)?;
        Some(Operator {
            generation,
            namespace: deployment.namespace.clone(),
            name: deployment.name.clone(),
            sign,
            version: sign::version(deployment, generation),
            running: running(deployment),
            watched: match generation {
                Generation::V4 => watched::by_v4(deployment),
                Generation::V5 => watched::by_v5(deployment),
            },
            installation: watched::installation(deployment),
        })
    }

    /// Whether it watches this namespace.
    fn watches(&self, inventory: &Inventory, namespace: Option<&str>) -> Fact<bool> {
        let Some(namespace) = namespace else {
            return self.watches_all_or(Fact::unknown(Gap {
                missing: "the cluster's namespace".to_owned(),
                because: "the cluster is in the input without metadata.namespace".to_owned(),
                ask: "write metadata.namespace into the Pgcluster and run again".to_owned(),
            }));
        };
        let named = self
            .watched
            .clone()
            .map(|watched| watched.is_none_or(|names| names.iter().any(|name| name == namespace)));
        if self.generation == Generation::V5 || named.value() == Some(&true) {
            return named;
        }
        let labelled = watched::by_label(inventory, namespace, &self.installation);
        match labelled.value() {
            Some(true) => labelled,
            // What names the namespaces is the place to look at.
            Some(false) => named,
            None => named.both(labelled).map(|_| false),
        }
    }

    /// True for one that watches all namespaces.
    fn watches_all_or(&self, otherwise: Fact<bool>) -> Fact<bool> {
        let watched = self.watched.clone();
        watched.and_then(|names| names.map_or(Fact::known(true), |_| otherwise))
    }
}

/// Asked for, and not known to be unready: a status without `readyReplicas` means none is ready.
fn running(deployment: &Object) -> Fact<bool> {
    replicas(deployment, "the operator's replicas").and_then(|count| {
        let status = deployment.at(&["status"]);
        let observed = status.is_some_and(|status| status.entries().next().is_some());
        if count == 0 || !observed {
            return Fact::known(count > 0);
        }
        let ready = ["status", "readyReplicas"];
        super::fields::number(deployment, &ready, "its ready pods")
            .map(|ready| ready.unwrap_or(0) > 0)
    })
}

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "operator.v4",
        Type::String,
        "\"present\" or \"absent\": a PGO v4 operator in any namespace; absent only when all Deployments were listed",
        |cluster| presence(cluster, Generation::V4),
    ),
    row(
        "operator.v4Running",
        Type::Bool,
        "the PGO v4 operator is scaled up and, where its status tells, ready",
        |cluster| is_running(cluster, Generation::V4),
    ),
    row(
        "operator.v4Version",
        Type::Version,
        "the release of the PGO v4 operator; \"\" when there is none",
        |cluster| release(cluster, Generation::V4),
    ),
    row(
        "operator.v4Namespace",
        Type::String,
        "the namespace of the PGO v4 operator; \"\" when there is none",
        v4_namespace,
    ),
    row(
        "operator.v4Watches",
        Type::Bool,
        "a PGO v4 operator manages the cluster's namespace: its Deployment names it, or the Namespace bears its installation's name; unknown where neither can be seen",
        |cluster| watches(cluster, Generation::V4),
    ),
    row(
        "operator.v5",
        Type::String,
        "\"present\" or \"absent\": a PGO v5 operator in any namespace; absent only when all Deployments were listed",
        |cluster| presence(cluster, Generation::V5),
    ),
    row(
        "operator.v5Running",
        Type::Bool,
        "the PGO v5 operator is scaled up and, where its status tells, ready",
        |cluster| is_running(cluster, Generation::V5),
    ),
    row(
        "operator.v5Version",
        Type::Version,
        "the release of the PGO v5 operator; \"\" when there is none",
        |cluster| release(cluster, Generation::V5),
    ),
    row(
        "operator.v5Watches",
        Type::Bool,
        "a PGO v5 operator watches the cluster's namespace",
        |cluster| watches(cluster, Generation::V5),
    ),
];

/// What is true of the nearest operator of a generation, or `otherwise` where it is known that there is none.
fn about<T>(
    cluster: &Cluster<'_>,
    generation: Generation,
    otherwise: T,
    tell: impl FnOnce(&Operator) -> Fact<T>,
) -> Fact<T> {
    let operators = &cluster.surroundings.operators;
    match operators.nearest(cluster.inventory, generation, cluster.namespace) {
        Some(operator) => tell(operator).and_at(operator.sign.span, operator.sign.note),
        None => if_complete(&operators.completeness, otherwise).and_at(
            cluster.name_span(),
            "no Deployment of such an operator is there",
        ),
    }
}

fn presence(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, "absent", |_| Fact::known("present")).map(Value::from)
}

fn is_running(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, false, |operator| {
        operator.running.clone()
    })
    .map(Value::from)
}

/// The release of the nearest operator; `""` where there is none.
pub(super) fn release(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, Value::from(""), |operator| {
        operator.version.clone().map(Value::from)
    })
}

fn v4_namespace(cluster: &Cluster<'_>) -> Fact<Value> {
    about(cluster, Generation::V4, Value::from(""), |operator| {
        Fact::known(operator.namespace.as_deref().unwrap_or("").into())
    })
}

/// One that watches is enough; that none does is known only when all are.
fn watches(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    let operators = &cluster.surroundings.operators;
    let nearest = about(cluster, generation, false, |operator| {
        operator.watches(cluster.inventory, cluster.namespace)
    });
    match nearest.value() {
        Some(false) => nearest
            .both(if_complete(&operators.completeness, ()))
            .map(|(watches, ())| watches.into()),
        _ => nearest.map(Value::from),
    }
}

#[cfg(test)]
mod tests;
