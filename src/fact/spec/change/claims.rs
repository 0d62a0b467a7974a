//! The claims that an edit would change: all claim specs of both sides, by what they are for.

use super::super::Draft;
use super::super::row::{DraftFact, each};
use super::living::{REPOS, living, named, sets_of_both};
use crate::expr::{Quantity, Value};
use crate::fact::Element;
use crate::manifest::{Fact, Node};

pub(in super::super) static FACTS: &[DraftFact] = &[
    each(
        "change.claimsShrunk",
        "the claim specs, of instances and of repositories, that ask for less storage than now: a claim cannot shrink; of is what they are for",
        &["of", "from", "to"],
        |draft| Fact::at(shrunk(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.classesChanged",
        "the claim specs, of instances and of repositories, that name another storage class than now: a claim keeps its class; of is what they are for",
        &["of", "from", "to"],
        |draft| Fact::at(classes_changed(draft), draft.name_span(), "the draft"),
    ),
];

/// One claim spec that both sides have.
struct Spec<'a> {
    /// Where it stands, by names.
    key: String,
    /// What it is for, in words.
    of: String,
    was: Node<'a>,
    now: Node<'a>,
}

fn specs<'a>(draft: &Draft<'a>) -> Vec<Spec<'a>> {
    let mut specs = Vec::new();
    for (name, was, now) in sets_of_both(draft) {
        let key = |field: &str| format!("spec.instances[{name}].{field}");
        let kinds = [
            ("dataVolumeClaimSpec", "data"),
            ("walVolumeClaimSpec", "WAL"),
        ];
        for (field, kind) in kinds {
            if let (Some(was), Some(now)) = (was.get(field), now.get(field)) {
                let of = format!("the {kind} of the instance set {name}");
                specs.push(Spec {
                    key: key(field),
                    of,
                    was,
                    now,
                });
            }
        }
        let volumes = |set: Node<'a>| {
            set.get("tablespaceVolumes")
                .into_iter()
                .flat_map(Node::items)
        };
        for volume in volumes(now) {
            let space = volume.get("name").map_or("", Node::text);
            let same = |other: &Node<'a>| other.get("name").is_some_and(|n| n.text() == space);
            let before = volumes(was).find(same);
            let field = "dataVolumeClaimSpec";
            if let Some((was, now)) =
                before.and_then(|one| Some((one.get(field)?, volume.get(field)?)))
            {
                let of = format!("the tablespace {space} of the instance set {name}");
                let key = key(&format!("tablespaceVolumes[{space}]"));
                specs.push(Spec { key, of, was, now });
            }
        }
    }
    specs.extend(repositories(draft));
    specs
}

fn repositories<'a>(draft: &Draft<'a>) -> Vec<Spec<'a>> {
    let Some(living) = living(draft) else {
        return Vec::new();
    };
    let there = named(living, &REPOS);
    let path = ["volume", "volumeClaimSpec"];
    let both = |(name, now): (String, Node<'a>)| {
        let (_, was) = there.iter().find(|(other, _)| *other == name)?;
        Some(Spec {
            key: format!("spec.backups.pgbackrest.repos[{name}]"),
            of: format!("the repository {name}"),
            was: was.at(&path)?,
            now: now.at(&path)?,
        })
    };
    named(draft.object, &REPOS)
        .into_iter()
        .filter_map(both)
        .collect()
}

/// The claim specs whose field at `path` differs in a way that counts.
fn differing(draft: &Draft<'_>, path: &[&str], counts: fn(&str, &str) -> bool) -> Vec<Element> {
    let element = |spec: Spec<'_>| {
        let (from, to) = (spec.was.at(path)?, spec.now.at(path)?);
        let text = |node: Node<'_>| Fact::known(Value::from(node.text()));
        counts(from.text(), to.text()).then(|| {
            let of = Fact::at(spec.of.into(), to.span(), "what the draft asks for");
            Element::new(spec.key, to.span(), "what the draft asks for")
                .with("of", of.and_at(from.span(), "what is there now"))
                .with("from", text(from))
                .with("to", text(to))
        })
    };
    specs(draft).into_iter().filter_map(element).collect()
}

fn shrunk(draft: &Draft<'_>) -> Vec<Element> {
    differing(draft, &["resources", "requests", "storage"], |from, to| {
        let sizes = Quantity::parse(from).zip(Quantity::parse(to));
        sizes.is_some_and(|(from, to)| to < from)
    })
}

fn classes_changed(draft: &Draft<'_>) -> Vec<Element> {
    differing(draft, &["storageClassName"], |from, to| from != to)
}
