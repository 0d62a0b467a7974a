//! What an edit takes away from those who use the cluster: users with their Secrets, ways in, certificates, schedules, backups
//! that a shorter retention expires, and the place of a repository.
//!
//! Source: PGO `internal/controller/postgrescluster` 5.8.9: postgres.go (`reconcilePostgresUserSecrets` deletes Secrets of users
//! that the spec does not name), pgbouncer.go, service.go, `internal/pgbackrest/util.go` (`CalculateConfigHashes`).

use super::super::Draft;
use super::super::reading::{has, word};
use super::super::row::{DraftFact, each};
use super::living::{REPOS, by_name, is_whole, living, named, stops_for_backups};
use crate::fact::Element;
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

const ASKED: &str = "what the draft asks for";
const THERE: &str = "what is there now";
const GLOBAL: [&str; 4] = ["spec", "backups", "pgbackrest", "global"];

pub(in super::super) static FACTS: &[DraftFact] = &[
    each(
        "change.usersLost",
        "the users of the living cluster that the draft no longer names: the operator deletes their Secrets and keeps the roles",
        &["name"],
        |draft| told(draft, users_lost),
    ),
    each(
        "change.schedulesLost",
        "the schedules of the living cluster, as \"full of repo1\", for whose type the draft has none in that repository",
        &["name"],
        |draft| told(draft, schedules_lost),
    ),
    each(
        "change.certificates",
        "the Secrets with certificates that the draft names otherwise than the living cluster, as the field of the spec",
        &["name"],
        |draft| told(draft, certificates),
    ),
    each(
        "change.retentionLowered",
        "the repositories of which fewer backups are kept than now: from is \"all\" where no retention is set now",
        &["name", "from", "to"],
        |draft| Fact::at(retention_lowered(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.repositoriesMoved",
        "the repositories in an object store that the draft has elsewhere: in another bucket, endpoint, region or container, where what is that field with the repository's kind; in another kind of store, on a volume, or not at all, where what is \"kind\" and to may be \"nothing\"",
        &["name", "what", "from", "to"],
        |draft| Fact::at(repositories_moved(draft), draft.name_span(), "the draft"),
    ),
];

/// What the living cluster has and the draft has not.
pub(super) struct Gone {
    pub(super) name: String,
    /// Where the living cluster has it.
    pub(super) there: Span,
    /// What tells it from others: its field by names.
    pub(super) key: String,
    /// The nearest field of the draft.
    pub(super) asked: Span,
}

/// One element for each, with both places; none where no living cluster is there, or the draft is a part.
pub(super) fn told(
    draft: &Draft<'_>,
    gone: fn(&Object, &Object) -> Vec<Gone>,
) -> Fact<Vec<Element>> {
    let Some(living) = living(draft).filter(|_| is_whole(draft)) else {
        return Fact::at(Vec::new(), draft.name_span(), "the draft");
    };
    let element = |one: Gone| {
        let name = Fact::at(one.name.into(), one.asked, ASKED).and_at(one.there, THERE);
        Element::new(one.key, one.asked, ASKED).with("name", name)
    };
    let elements = gone(living, draft.object).into_iter().map(element);
    Fact::at(elements.collect(), draft.name_span(), "the draft")
}

/// The users that an operator makes of a spec: without the section one of the cluster's name.
fn users(object: &Object) -> Vec<(String, Span)> {
    match object.at(&["spec", "users"]).filter(|list| !list.is_null()) {
        None => vec![(object.name.to_string(), object.name_span())],
        Some(list) => {
            let named = list
                .items()
                .map(|user| (word(user, &["name"]), user.span()));
            named.filter(|(name, _)| !name.is_empty()).collect()
        }
    }
}

fn users_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let wanted = by_name(users(draft));
    let lost = users(living).into_iter();
    let lost = lost.filter(|(name, _)| !wanted.contains_key(name));
    let asked = draft.nearest(&["spec", "users"]);
    lost.map(|(name, there)| Gone {
        key: format!("spec.users[{name}]"),
        name,
        there,
        asked,
    })
    .collect()
}

/// The schedules of a repository by the type of backup.
fn schedules(repo: Node<'_>) -> Vec<(String, Span)> {
    let all = repo.get("schedules").into_iter().flat_map(Node::entries);
    let written = all.filter(|(_, times)| !times.text().is_empty());
    written
        .map(|(kind, times)| (kind.text().to_owned(), times.span()))
        .collect()
}

/// A repository that goes, or goes off its volume, is another matter.
fn schedules_lost(living: &Object, draft: &Object) -> Vec<Gone> {
    let wanted = by_name(named(draft, &REPOS));
    let mut lost = Vec::new();
    for (name, was) in named(living, &REPOS) {
        let Some(now) = wanted.get(&name) else {
            continue;
        };
        if has(was, &["volume"]) != has(*now, &["volume"]) {
            continue;
        }
        let kept = schedules(*now);
        let gone = schedules(was).into_iter();
        let gone = gone.filter(|(kind, _)| !kept.iter().any(|(other, _)| other == kind));
        lost.extend(gone.map(|(kind, there)| Gone {
            name: format!("{kind} of {name}"),
            there,
            key: format!("{}[{name}].schedules.{kind}", REPOS.join(".")),
            asked: now.get("schedules").unwrap_or(*now).span(),
        }));
    }
    lost
}

fn certificates(living: &Object, draft: &Object) -> Vec<Gone> {
    let sections = [
        &["spec", "customTLSSecret"][..],
        &["spec", "customReplicationTLSSecret"],
        &["spec", "proxy", "pgBouncer", "customTLSSecret"],
    ];
    let changed = sections.into_iter().filter(|path| {
        let of = |object: &Object| object.at(path).map(|node| word(node, &["name"]));
        let goes = path.len() > 2 && draft.at(&["spec", "proxy", "pgBouncer"]).is_none();
        !goes && of(living).unwrap_or_default() != of(draft).unwrap_or_default()
    });
    changed
        .map(|path| gone(path.join("."), path, living, draft))
        .collect()
}

/// What goes with a field.
pub(super) fn gone(name: String, path: &[&str], living: &Object, draft: &Object) -> Gone {
    Gone {
        name,
        there: living.nearest(path),
        key: path.join("."),
        asked: draft.nearest(path),
    }
}

/// How many full backups, or days of them, are kept; `None` where all are.
fn retention<'a>(object: &'a Object, repo: &str) -> Option<(Node<'a>, i64, String)> {
    let global = object.at(&GLOBAL)?;
    let node = global.get(&format!("{repo}-retention-full"))?;
    let kind = global.get(&format!("{repo}-retention-full-type"));
    let kind = kind.map_or_else(|| "count".to_owned(), |kind| kind.text().to_owned());
    Some((node, node.text().trim().parse().ok()?, kind))
}

fn retention_lowered(draft: &Draft<'_>) -> Vec<Element> {
    let Some(living) = living(draft).filter(|_| is_whole(draft)) else {
        return Vec::new();
    };
    let lowered = |(name, _): (String, Node<'_>)| {
        let (node, to, kind) = retention(draft.object, &name)?;
        let (from, there) = match retention(living, &name) {
            Some((was, from, of)) if of == kind && to < from => (from.to_string(), was.span()),
            None => ("all".to_owned(), living.nearest(&GLOBAL)),
            Some(_) => return None,
        };
        let key = format!("spec.backups.pgbackrest.global.{name}-retention-full");
        let to = Fact::at(to.to_string().into(), node.span(), ASKED).and_at(there, THERE);
        let element = Element::new(key, node.span(), ASKED);
        let element = element.with("name", Fact::known(name.into()));
        Some(
            element
                .with("from", Fact::known(from.into()))
                .with("to", to),
        )
    };
    let both = named(living, &REPOS).into_iter();
    both.filter_map(lowered).collect()
}

/// What of a store tells where it is: other of it is how it is reached.
const STORES: [(&str, &[&str]); 3] = [
    ("s3", &["bucket", "endpoint", "region"]),
    ("gcs", &["bucket"]),
    ("azure", &["container"]),
];

/// A repository that leaves its kind of store.
fn of_another_kind(
    draft: &Draft<'_>,
    name: &str,
    (kind, was): (&str, Node<'_>),
    now: Option<Node<'_>>,
) -> Element {
    let kinds = ["volume", "s3", "gcs", "azure"].into_iter();
    let to = now.and_then(|now| kinds.into_iter().find(|kind| has(now, &[kind])));
    let at = now.map_or_else(|| draft.object.nearest(&REPOS), Node::span);
    let key = format!("spec.backups.pgbackrest.repos[{name}].{kind}");
    let there = Fact::at(to.unwrap_or("nothing").into(), at, ASKED).and_at(was.span(), THERE);
    Element::new(key, at, ASKED)
        .with("name", Fact::known(name.into()))
        .with("what", Fact::known("kind".into()))
        .with("from", Fact::known(kind.into()))
        .with("to", there)
}

fn repositories_moved(draft: &Draft<'_>) -> Vec<Element> {
    let Some(living) = living(draft).filter(|_| !stops_for_backups(draft)) else {
        return Vec::new();
    };
    let wanted = by_name(named(draft.object, &REPOS));
    let mut moved = Vec::new();
    for (name, was) in named(living, &REPOS) {
        let mut stores = STORES.iter();
        let Some((kind, fields)) = stores.find(|(kind, _)| has(was, &[kind])) else {
            continue;
        };
        let now = wanted.get(&name).copied();
        let Some(now) = now.filter(|now| has(*now, &[kind])) else {
            // A patch may leave out what stays.
            if now.is_some() || is_whole(draft) {
                moved.push(of_another_kind(draft, &name, (kind, was), now));
            }
            continue;
        };
        let other = fields.iter().find_map(|field| {
            let (from, to) = (was.at(&[kind, field])?, now.at(&[kind, field])?);
            (from.text() != to.text()).then_some((field, from, to))
        });
        if let Some((field, from, to)) = other {
            let key = format!("spec.backups.pgbackrest.repos[{name}].{kind}.{field}");
            let there = Fact::at(to.text().into(), to.span(), ASKED).and_at(from.span(), THERE);
            let element = Element::new(key, to.span(), ASKED);
            let element = element.with("name", Fact::known(name.into()));
            let element = element.with("what", Fact::known(format!("{kind} {field}").into()));
            let element = element.with("from", Fact::known(from.text().into()));
            moved.push(element.with("to", there));
        }
    }
    moved
}
