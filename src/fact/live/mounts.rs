//! Claims that something of a living cluster rests on and that are not there: those that its pods and `StatefulSets` mount, and
//! those for the WAL that its spec asks for.
//!
//! Source: PGO v5.8.9 `internal/controller/postgrescluster/volumes.go` (labels of claims), postgres.go (`reconcilePostgresWALVolume`).

use super::claims::{claims, every, holds};
use super::row::{LivingFact, row};
use super::subject::Living;
use super::workload::{INSTANCE, database_pods, is_stopping};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Found, Kind, Node, Object};
use crate::source::Span;

/// v5's label with the instance set that a claim is of.
const SET: &str = "postgres-operator.crunchydata.com/instance-set";

/// v5's label of the repository host, its StatefulSet and its pod; the value is empty.
const REPO_HOST: &str = "postgres-operator.crunchydata.com/pgbackrest-dedicated";

pub(super) static FACTS: &[LivingFact] = &[row(
    "live.claimsMissing",
    Type::Strings,
    "claims that are not there although its database pods, its repository host or their StatefulSets mount them, by name, and \"the WAL of the instance set db\" where its spec asks for a volume for it and no claim is one",
    missing,
)];

fn missing(living: &Living<'_>) -> Fact<Value> {
    let mut all = Fact::known(Vec::new());
    if sets(living).next().is_some() {
        all = every(living, Value::Null).map(|_| Vec::new());
        // Before there is any claim it waits for its operator.
        let waits = claims(living).next().is_none();
        for (set, place) in without_wal(living).into_iter().filter(|_| !waits) {
            let name = format!("the WAL of the instance set {set}");
            all = with(all, name).and_at(place, "a volume that the spec asks for");
        }
    }
    for (name, place) in mounted(living) {
        match living
            .inventory
            .find(Kind::PersistentVolumeClaim, living.namespace, name)
        {
            Found::Absent(assumption) => {
                all = with(all, name.to_owned()).and_at(place, "a claim that is mounted");
                if let Some(assumption) = assumption {
                    all = all.assuming(assumption);
                }
            }
            Found::Unseen(gap) => all = all.both(Fact::unknown(gap)).map(|(names, ())| names),
            Found::Here(_) => {}
        }
    }
    all.map(|mut names| {
        names.sort_unstable();
        names.dedup();
        names.into()
    })
}

fn with(all: Fact<Vec<String>>, name: String) -> Fact<Vec<String>> {
    all.map(|mut names| {
        names.push(name);
        names
    })
}

/// The instance sets that ask for a volume for the WAL.
fn sets<'a>(living: &Living<'a>) -> impl Iterator<Item = (&'a str, Span)> {
    let sets = living.object.at(&["spec", "instances"]);
    let sets = sets.into_iter().flat_map(Node::items);
    sets.filter_map(|set| {
        let asked = set
            .get("walVolumeClaimSpec")
            .filter(|spec| !spec.is_null())?;
        Some((set.get("name").map_or("", Node::text), asked.span()))
    })
}

/// Those of them of which no claim holds WAL. A claim that does not say whose it is may be of any.
fn without_wal<'a>(living: &Living<'a>) -> Vec<(&'a str, Span)> {
    let is_of = |claim: &Object, set: &str| {
        let own = claim.label(SET).map_or("", Node::text);
        holds(claim) == "pgwal" && (own.is_empty() || set.is_empty() || own == set)
    };
    let lacks = |(set, _): &(&str, Span)| !claims(living).any(|claim| is_of(claim, set));
    sets(living).filter(lacks).collect()
}

/// The claims that its pods and `StatefulSets` mount, each once.
fn mounted<'a>(living: &Living<'a>) -> Vec<(&'a str, Span)> {
    let hosts = living.all_of(Kind::Pod).objects.iter().copied();
    let hosts = hosts.filter(|pod| pod.label(REPO_HOST).is_some());
    let pods = database_pods(living)
        .chain(hosts)
        .filter(|pod| !is_stopping(pod));
    let of_pods = pods.filter_map(|pod| pod.at(&["spec", "volumes"]));
    let sets = living.all_of(Kind::StatefulSet).objects.iter().copied();
    let sets = sets.filter(|set| set.label(INSTANCE).is_some() || set.label(REPO_HOST).is_some());
    let of_sets = sets.filter_map(|set| set.at(&["spec", "template", "spec", "volumes"]));
    let volumes = of_pods.chain(of_sets).flat_map(Node::items);
    let names = volumes.filter_map(|volume| volume.at(&["persistentVolumeClaim", "claimName"]));
    let mut all: Vec<(&str, Span)> = names.map(|name| (name.text(), name.span())).collect();
    all.sort_unstable_by_key(|(name, _)| *name);
    all.dedup_by_key(|(name, _)| *name);
    all
}
