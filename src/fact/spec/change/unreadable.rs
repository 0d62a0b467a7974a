//! What an edit makes unreadable although nothing is deleted: tables whose volume is not mounted any more, repositories whose
//! encryption is another.
//!
//! Source: PGO 5.8 `internal/controller/postgrescluster/postgres.go` (`reconcileTablespaceVolumes`: claims stay, pods are made
//! without them); pgBackRest 2.54 docs, `repo-cipher-type` (a repository keeps the encryption it was made with).

use std::collections::BTreeSet;

use super::super::Draft;
use super::super::reading::word;
use super::super::row::{DraftFact, each};
use super::living::{REPOS, by_name, is_whole, living, named, sets_of_both};
use crate::fact::Element;
use crate::manifest::{Fact, Node, Object};

const ASKED: &str = "what the draft asks for";
const THERE: &str = "what is there now";
const GLOBAL: [&str; 4] = ["spec", "backups", "pgbackrest", "global"];

pub(in super::super) static FACTS: &[DraftFact] = &[
    each(
        "change.tablespacesLost",
        "the tablespace volumes of the living cluster's instance sets that the draft's sets of the same name have not: of is the set",
        &["name", "of"],
        |draft| Fact::at(tablespaces_lost(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.encryptionChanged",
        "the repositories that both have and whose encryption (repoN-cipher-type) the draft has otherwise: \"none\" where it is not written",
        &["name", "from", "to"],
        |draft| Fact::at(encryption_changed(draft), draft.name_span(), "the draft"),
    ),
];

fn tablespaces_lost(draft: &Draft<'_>) -> Vec<Element> {
    let mut lost = Vec::new();
    for (set, was, now) in sets_of_both(draft) {
        let wanted: BTreeSet<String> = tablespaces(now).map(|one| word(one, &["name"])).collect();
        for one in tablespaces(was) {
            let name = word(one, &["name"]);
            if name.is_empty() || wanted.contains(&name) {
                continue;
            }
            let at = now.get("tablespaceVolumes").unwrap_or(now).span();
            let told = Fact::at(name.as_str().into(), at, ASKED).and_at(one.span(), THERE);
            let key = format!("spec.instances[{set}].tablespaceVolumes[{name}]");
            let element = Element::new(key, at, ASKED).with("name", told);
            lost.push(element.with("of", Fact::known(set.as_str().into())));
        }
    }
    lost
}

fn tablespaces(set: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let volumes = set.get("tablespaceVolumes");
    volumes.into_iter().flat_map(Node::items)
}

fn encryption_changed(draft: &Draft<'_>) -> Vec<Element> {
    let Some(living) = living(draft).filter(|_| is_whole(draft)) else {
        return Vec::new();
    };
    let wanted = by_name(named(draft.object, &REPOS));
    let there = named(living, &REPOS).into_iter();
    let both = there.filter(|(name, _)| wanted.contains_key(name));
    both.filter_map(|(name, _)| {
        let option = format!("{name}-cipher-type");
        let (from, was) = cipher(living, &option);
        let (to, now) = cipher(draft.object, &option);
        if from == to {
            return None;
        }
        let at = now.map_or_else(|| draft.object.nearest(&GLOBAL), Node::span);
        let there = was.map_or_else(|| living.nearest(&GLOBAL), Node::span);
        let told = Fact::at(to.into(), at, ASKED).and_at(there, THERE);
        let key = format!("spec.backups.pgbackrest.global.{option}");
        let element = Element::new(key, at, ASKED).with("name", Fact::known(name.into()));
        Some(
            element
                .with("from", Fact::known(from.into()))
                .with("to", told),
        )
    })
    .collect()
}

/// The encryption of a repository, and where it is written.
fn cipher<'a>(object: &'a Object, option: &str) -> (String, Option<Node<'a>>) {
    let written = object.at(&GLOBAL).and_then(|global| global.get(option));
    let text = written.map_or("none", Node::text);
    (text.to_owned(), written)
}
