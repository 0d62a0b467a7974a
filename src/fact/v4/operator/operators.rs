//! The operators of an origin: the Deployments of PGO v4 and of PGO v5, wherever they run.
//!
//! An operator is known by what it runs and says, not by its name alone: both generations have used the name and the
//! image `postgres-operator`, and so have other vendors.

mod facts;
mod image;
mod sign;
mod watched;

pub(in crate::fact::v4) use facts::{FACTS, release};
pub(in crate::fact) use image::variable as image_variable;
pub(in crate::fact) use sign::BY_FLAG;
pub use sign::Generation;

use crate::expr::{Value, Version};
use crate::fact::v4::objects::workload::{deleting, replicas};
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Completeness, Evidence, Fact, Found, Gap, Inventory, Kind, Node, Object};
use crate::source::Span;

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
    pub(in crate::fact::v4) fn of(inventory: &Inventory) -> Operators {
        let listing = inventory.list_all(Kind::Deployment);
        Operators {
            seen: listing
                .objects
                .iter()
                .filter_map(|object| Operator::of(object, inventory))
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
    pub(in crate::fact::v4) fn nearest(
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
    fn of(deployment: &Object, inventory: &Inventory) -> Option<Operator> {
        let (generation, sign) = sign::recognise(deployment)?;
        let version = sign::version(deployment, generation);
        Some(Operator {
            generation,
            namespace: deployment.namespace.clone(),
            name: deployment.name.clone(),
            sign,
            running: running(deployment, inventory),
            watched: match generation {
                Generation::V4 => watched::by_v4(deployment, &version),
                Generation::V5 => watched::by_v5(deployment),
            },
            version,
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

/// Asked for, and not known to be unready: a status without `readyReplicas` means none is ready. One that is being deleted,
/// or whose namespace is, runs no longer than that takes.
fn running(deployment: &Object, inventory: &Inventory) -> Fact<bool> {
    if let Some(at) = going(deployment, inventory) {
        return Fact::at(false, at, "it is being deleted");
    }
    replicas(deployment, "the operator's replicas").and_then(|count| {
        let status = deployment.at(&["status"]);
        let observed = status.is_some_and(|status| status.entries().next().is_some());
        if count == 0 || !observed {
            return Fact::known(count > 0);
        }
        let ready = ["status", "readyReplicas"];
        crate::fact::v4::fields::number(deployment, &ready, "its ready pods")
            .map(|ready| ready.unwrap_or(0) > 0)
    })
}

/// Where it is written that the Deployment, or its namespace, is being deleted.
fn going(deployment: &Object, inventory: &Inventory) -> Option<Span> {
    const MARK: [&str; 2] = ["metadata", "deletionTimestamp"];
    let marked = |object: &Object| {
        let node = object.at(&MARK)?;
        (deleting(object, "its deletion").value() == Some(&true)).then(|| node.span())
    };
    marked(deployment).or_else(|| {
        let name = deployment.namespace.as_deref()?;
        let Found::Here(namespace) = inventory.find(Kind::Namespace, None, name) else {
            return None;
        };
        let phase = namespace.at(&["status", "phase"]);
        let leaving = phase.filter(|phase| phase.text() == "Terminating");
        marked(namespace).or_else(|| leaving.map(Node::span))
    })
}

#[cfg(test)]
mod tests;
