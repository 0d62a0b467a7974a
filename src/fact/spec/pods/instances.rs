//! `spec.instances`: the sets of Postgres servers.

use crate::expr::Value;
use crate::fact::spec::reading::{bare, has, says_something, word};
use crate::fact::spec::release::gates;
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Node};

const INSTANCES: [&str; 2] = ["spec", "instances"];
const NOTE: &str = "the instance sets";

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.instances",
        "every instance set: {name, nameLength, replicas, wal, tolerations, affinity, tablespaces}",
        &[
            "name",
            "nameLength",
            "replicas",
            "wal",
            "tolerations",
            "affinity",
            "tablespaces",
        ],
        |draft| {
            let all = sets(draft).map(|sets| {
                let sets = sets.into_iter().enumerate();
                sets.map(|(at, set)| element(at, set)).collect()
            });
            all.and_at(draft.nearest(&INSTANCES), NOTE)
        },
    ),
    each(
        "draft.tablespaceVolumes",
        "every tablespace that an instance set has a volume for: {set, name, leftOut, leftOutBy}; leftOut tells which of the releases of PGO the draft may go to leave it out, \"all\", \"some\" or \"none\" of them, by the gates of the operator in the input, leftOutBy names them",
        &["set", "name", "leftOut", "leftOutBy"],
        tablespace_volumes,
    ),
    row(
        "draft.instanceNames",
        Type::Strings,
        "the names of the instance sets",
        |draft| of_sets(draft, |sets| names(sets).into()),
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
];

pub(in crate::fact::spec) fn sets<'a>(draft: &Draft<'a>) -> Fact<Vec<Node<'a>>> {
    draft.items(&INSTANCES)
}

/// Something about all sets; the key of the list shows it.
fn of_sets(draft: &Draft<'_>, read: impl FnOnce(&[Node<'_>]) -> Value) -> Fact<Value> {
    sets(draft).and_then(|sets| Fact::at(read(&sets), draft.nearest(&INSTANCES), NOTE))
}

/// The operator calls a set without a name by its number.
pub(in crate::fact::spec) fn name(number: usize, set: Node<'_>) -> String {
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
pub(in crate::fact::spec) fn replicas(set: Node<'_>) -> i64 {
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
pub(in crate::fact::spec) fn all_tablespaces(draft: &Draft<'_>) -> Fact<Vec<String>> {
    sets(draft).and_then(|sets| {
        let mut names: Vec<String> = sets.iter().flat_map(|set| tablespaces(*set)).collect();
        names.sort_unstable();
        names.dedup();
        Fact::at(names, draft.nearest(&INSTANCES), NOTE)
    })
}

fn element(number: usize, set: Node<'_>) -> Element {
    let name = name(number, set);
    let named = set.get("name").unwrap_or(set).span();
    let length = i64::try_from(name.len()).unwrap_or(i64::MAX);
    let at = |value: Value, field: &str| match set.entry(field) {
        Some((key, _)) => Fact::at(value, key.span(), NOTE),
        None => Fact::known(value),
    };
    let says = |field: &str| at(says_something(set, &[field]).into(), field);
    Element::new(format!("spec.instances[{name}]"), named, "an instance set")
        .with("nameLength", Fact::at(length.into(), named, "its name"))
        .with("replicas", at(replicas(set).into(), "replicas"))
        .with(
            "wal",
            at(
                has(set, &["walVolumeClaimSpec"]).into(),
                "walVolumeClaimSpec",
            ),
        )
        .with("tolerations", says("tolerations"))
        .with("affinity", says("affinity"))
        .with(
            "tablespaces",
            at(tablespaces(set).into(), "tablespaceVolumes"),
        )
        .with("name", Fact::known(name.into()))
}

fn tablespace_volumes(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let all = bare(sets(draft)).map(|sets| {
        let mut all = Vec::new();
        for (number, set) in sets.into_iter().enumerate() {
            let set_name = name(number, set);
            let volumes = set.get("tablespaceVolumes").into_iter();
            let names = volumes
                .flat_map(Node::items)
                .filter_map(|one| one.get("name"));
            for volume in names {
                let key = format!(
                    "spec.instances[{set_name}].tablespaceVolumes[{}]",
                    volume.text()
                );
                let element = Element::new(key, volume.span(), "a tablespace")
                    .with("set", Fact::known(set_name.as_str().into()))
                    .with("name", Fact::at(volume.text().into(), volume.span(), NOTE));
                all.push(gates::left_out(element, draft, &gates::TABLESPACES));
            }
        }
        all
    });
    all.and_at(draft.nearest(&INSTANCES), NOTE)
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
