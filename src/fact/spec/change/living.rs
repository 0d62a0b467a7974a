//! The living cluster that an edit is for, and what both sides have by name.

use super::super::Draft;
use super::super::reading::word;
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::v4::fields;
use crate::fact::v4::seen::if_complete;
use crate::hashing::HashMap;
use crate::manifest::{Fact, Found, Inventory, Kind, Node, Object};

/// v5's label with the instance a pod belongs to.
pub(super) const INSTANCE: &str = "postgres-operator.crunchydata.com/instance";

/// The annotation without which the operator takes no backups away (from 5.7 on).
const AUTHORIZED: &str = "postgres-operator.crunchydata.com/authorizeBackupRemoval";

/// The living cluster that an edit is for, of the draft's name and namespace, and the evidence it is in.
pub(super) fn place<'a>(draft: &Draft<'a>) -> Option<(&'a Inventory, &'a Object)> {
    if !draft.object.is_draft() {
        return None;
    }
    *draft.memo().edited.get_or_init(|| match draft.namespace {
        None => alone(draft),
        namespace => draft.places().find_map(|place| {
            match place.find(Kind::PostgresCluster, namespace, draft.name) {
                Found::Here(object) if object.is_live() => Some((place, object)),
                _ => None,
            }
        }),
    })
}

/// The only living cluster of the name, for a draft that leaves its namespace to whoever applies it.
fn alone<'a>(draft: &Draft<'a>) -> Option<(&'a Inventory, &'a Object)> {
    let of_name = |place: &'a Inventory| {
        let all = place.v5_clusters_named(draft.name);
        let living = all.filter(|object| object.is_live());
        living.map(move |object| (place, object))
    };
    let mut all = draft.places().flat_map(of_name);
    all.next().filter(|_| all.next().is_none())
}

/// The living cluster that an edit is for.
pub(super) fn living<'a>(draft: &Draft<'a>) -> Option<&'a Object> {
    place(draft).map(|(_, object)| object)
}

/// Whether a database has run in it: by the operator's own word, or, where the export has no status, by Patroni's record
/// and by pods.
pub(super) fn has_run(evidence: &Inventory, living: &Object) -> Fact<bool> {
    let identifier = living.at(&["status", "patroni", "systemIdentifier"]);
    let instances = living.at(&["status", "instances"]);
    let mut instances = instances.into_iter().flat_map(Node::items);
    let ready = |set: Node<'_>| set.get("readyReplicas").is_some_and(|n| n.text() != "0");
    let repos = living.at(&["status", "pgbackrest", "repos"]);
    let mut repos = repos.into_iter().flat_map(Node::items);
    // A stanza is made by a database that answers.
    let stanza = |repo: Node<'_>| {
        repo.get("stanzaCreated")
            .is_some_and(|made| made.text() == "true")
    };
    let identified = identifier.is_some_and(|text| !text.text().is_empty());
    if identified || instances.any(ready) || repos.any(stanza) {
        return Fact::known(true);
    }
    let status = living.at(&["status"]);
    if status.is_some_and(|status| status.entries().next().is_some()) {
        return Fact::known(false);
    }
    let (namespace, name) = (living.namespace.as_deref(), &living.name);
    let record = evidence.find(Kind::Endpoints, namespace, &format!("{name}-ha-config"));
    if let Found::Here(record) = record
        && record.annotation("initialize").is_some()
    {
        return Fact::known(true);
    }
    let pods = evidence.of_v5_cluster(Kind::Pod, namespace, name);
    let is_database = |pod: &&Object| pod.label(INSTANCE).is_some();
    if pods.objects.iter().copied().any(|pod| is_database(&pod)) {
        return Fact::known(true);
    }
    if_complete(&pods.completeness, false)
}

/// Whether it is a standby: where the section is written and does not say, it is one.
pub(super) fn is_standby(object: &Object) -> bool {
    let section = object.at(&["spec", "standby"]);
    section
        .filter(|section| !section.is_null())
        .is_some_and(|section| {
            section
                .get("enabled")
                .is_none_or(|flag| fields::is_unset(flag) || flag.text() == "true")
        })
}

/// Whether the draft says which instances there are: a patch says only what changes.
pub(super) fn is_whole(draft: &Draft<'_>) -> bool {
    let sets = draft.object.at(&SETS);
    sets.is_some_and(|sets| sets.items().next().is_some())
}

/// Without the section the operator deletes nothing before an annotation says that it may.
pub(super) fn stops_for_backups(draft: &Draft<'_>) -> bool {
    let without = |object: &Object| {
        let section = object.at(&["spec", "backups"]);
        section.is_none_or(|section| section.entries().next().is_none())
    };
    let allows = |object: &Object| {
        let annotation = object.annotation(AUTHORIZED);
        annotation.is_some_and(|word| word.text() == "true")
    };
    let living = living(draft).filter(|_| is_whole(draft));
    living.is_some_and(|living| {
        without(draft.object) && !without(living) && !allows(draft.object) && !allows(living)
    })
}

/// The items of a list by their name, of the draft or the living cluster.
pub(super) fn named<'a>(object: &'a Object, path: &[&str]) -> Vec<(String, Node<'a>)> {
    let items = object.at(path).into_iter().flat_map(Node::items);
    items.map(|item| (word(item, &["name"]), item)).collect()
}

/// The same to be looked up; of several with one name the first.
pub(super) fn by_name<T>(named: Vec<(String, T)>) -> HashMap<String, T> {
    let mut all = HashMap::default();
    for (name, one) in named {
        all.entry(name).or_insert(one);
    }
    all
}

pub(super) const REPOS: [&str; 4] = ["spec", "backups", "pgbackrest", "repos"];
pub(super) const SETS: [&str; 2] = ["spec", "instances"];

/// A set's name; `00`, `01`, ... where it writes none, as the operator names it.
pub(super) fn sets(object: &Object) -> Vec<(String, Node<'_>)> {
    let mut sets = named(object, &SETS);
    for (number, (name, _)) in sets.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("{number:02}");
        }
    }
    sets
}

/// The sets that both have, as name, what is there, what is wanted.
pub(super) fn sets_of_both<'a>(draft: &Draft<'a>) -> Vec<(String, Node<'a>, Node<'a>)> {
    let Some(living) = living(draft) else {
        return Vec::new();
    };
    let there = by_name(sets(living));
    let wanted = sets(draft.object).into_iter();
    wanted
        .filter_map(|(name, now)| {
            let was = there.get(&name)?;
            Some((name, *was, now))
        })
        .collect()
}

/// One field that changes, as an element.
pub(super) fn changed(name: &str, at: Node<'_>, from: Value, to: Value) -> Element {
    Element::new(
        format!("spec.instances[{name}]"),
        at.span(),
        "what the draft asks for",
    )
    .with("name", Fact::known(name.into()))
    .with("from", Fact::known(from))
    .with("to", Fact::known(to))
}
