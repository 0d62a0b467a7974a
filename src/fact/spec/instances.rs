//! `spec.instances`: the sets of Postgres servers.

use super::reading::{record, says_something, word};
use super::{Draft, DraftFact, claim_spec, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node};

const INSTANCES: [&str; 2] = ["spec", "instances"];
const NOTE: &str = "the instance sets";

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.instances",
        Type::Records,
        "the instance sets: {name, replicas, wal, tolerations, affinity, tablespaces, dataClaim, walClaim}, claims as {given, size, class, accessModes, volumeMode, shortcuts}",
        |draft| {
            of_sets(draft, |sets| {
                Value::List(
                    sets.iter()
                        .enumerate()
                        .map(|(at, set)| as_record(at, *set))
                        .collect(),
                )
            })
        },
    ),
    row(
        "draft.instanceNames",
        Type::Strings,
        "the names of the instance sets",
        |draft| of_sets(draft, |sets| names(sets).into()),
    ),
    row(
        "draft.longestInstanceName",
        Type::Int,
        "the length of the longest name of an instance set",
        |draft| {
            sets(draft).and_then(|sets| {
                let names = names(&sets);
                let longest = names.iter().zip(&sets).max_by_key(|(name, _)| name.len());
                let length = longest.map_or(0, |(name, _)| name.len());
                let fact = Fact::known(i64::try_from(length).unwrap_or(i64::MAX).into());
                let place = longest.map(|(_, set)| set.get("name").unwrap_or(*set).span());
                fact.and_at(place.unwrap_or_else(|| draft.nearest(&INSTANCES)), NOTE)
            })
        },
    ),
    row(
        "draft.replicas",
        Type::Int,
        "how many Postgres servers it asks for, in all sets together",
        |draft| {
            of_sets(draft, |sets| {
                sets.iter()
                    .map(|set| replicas(*set))
                    .fold(0, i64::saturating_add)
                    .into()
            })
        },
    ),
    row(
        "draft.tolerations",
        Type::Bool,
        "the first instance set tolerates taints",
        |draft| of_first(draft, "tolerations"),
    ),
    row(
        "draft.affinity",
        Type::Bool,
        "the first instance set is bound to certain nodes",
        |draft| of_first(draft, "affinity"),
    ),
    row(
        "draft.tablespaces",
        Type::Strings,
        "the tablespaces that any instance set has volumes for",
        |draft| all_tablespaces(draft).map(Value::from),
    ),
];

fn sets<'a>(draft: &Draft<'a>) -> Fact<Vec<Node<'a>>> {
    draft.items(&INSTANCES)
}

/// Something about all sets; the key of the list shows it.
fn of_sets(draft: &Draft<'_>, read: impl FnOnce(&[Node<'_>]) -> Value) -> Fact<Value> {
    sets(draft).and_then(|sets| Fact::at(read(&sets), draft.nearest(&INSTANCES), NOTE))
}

/// The operator calls a set without a name by its number.
fn name(number: usize, set: Node<'_>) -> String {
    match word(set, &["name"]).as_str() {
        "" => format!("{number:02}"),
        name => name.to_owned(),
    }
}

fn names(sets: &[Node<'_>]) -> Vec<String> {
    sets.iter()
        .enumerate()
        .map(|(at, set)| name(at, *set))
        .collect()
}

/// One where the set does not say.
fn replicas(set: Node<'_>) -> i64 {
    word(set, &["replicas"]).parse().unwrap_or(1)
}

fn tablespaces(set: Node<'_>) -> Vec<String> {
    let volumes = set
        .get("tablespaceVolumes")
        .into_iter()
        .flat_map(Node::items);
    volumes
        .map(|volume| word(volume, &["name"]))
        .filter(|name| !name.is_empty())
        .collect()
}

/// The tablespaces that any set has volumes for.
pub(super) fn all_tablespaces(draft: &Draft<'_>) -> Fact<Vec<String>> {
    sets(draft).and_then(|sets| {
        let mut names: Vec<String> = sets.iter().flat_map(|set| tablespaces(*set)).collect();
        names.sort_unstable();
        names.dedup();
        Fact::at(names, draft.nearest(&INSTANCES), NOTE)
    })
}

fn as_record(number: usize, set: Node<'_>) -> Value {
    let wal = set.get("walVolumeClaimSpec");
    record([
        ("name", name(number, set).into()),
        ("replicas", replicas(set).into()),
        ("wal", wal.is_some_and(|node| !node.is_null()).into()),
        ("tolerations", says_something(set, &["tolerations"]).into()),
        ("affinity", says_something(set, &["affinity"]).into()),
        ("tablespaces", tablespaces(set).into()),
        (
            "dataClaim",
            claim_spec::as_record(set.get("dataVolumeClaimSpec")),
        ),
        ("walClaim", claim_spec::as_record(wal)),
    ])
}

fn of_first(draft: &Draft<'_>, field: &'static str) -> Fact<Value> {
    sets(draft).and_then(|sets| {
        let first = sets.first();
        let key = first.and_then(|set| Some(set.entry(field)?.0.span()));
        let given = first.is_some_and(|set| says_something(*set, &[field]));
        let nearest = || {
            let name = first.map(|set| set.get("name").unwrap_or(*set).span());
            name.unwrap_or_else(|| draft.nearest(&INSTANCES))
        };
        Fact::at(given.into(), key.unwrap_or_else(nearest), NOTE)
    })
}
