//! What an edit would do to the cluster that runs: the draft beside the living PostgresCluster of its name.
//!
//! Source: PGO `internal/controller/postgrescluster` 5.7.9 to 6.0.3: pgbackrest.go (`prepareForRestore`,
//! `cleanupRepoResources`), instance.go (`podsToKeep`, `deleteInstance`), controller.go (`Reconcile`).

mod claims;
mod kept;
mod living;
mod operation;
mod restarts;
mod switchover;
mod takes;
mod unreadable;
mod ways;

use super::Draft;
use super::reading::has;
use super::row::{DraftFact, each, row};
use crate::expr::Value;
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Node, Object};
pub(super) use claims::FACTS as CLAIMS;
pub(super) use kept::FACTS as KEPT;
use living::{
    REPOS, SETS, by_name, changed, has_run, is_standby, is_whole, living, named, place, sets,
    sets_of_both, stops_for_backups,
};
pub(super) use operation::FACTS as OPERATION;
pub(super) use restarts::FACTS as RESTARTS;
pub(super) use switchover::FACTS as SWITCHOVER;
pub(super) use takes::FACTS as TAKES;
pub(super) use unreadable::FACTS as UNREADABLE;
pub(super) use ways::FACTS as WAYS;

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "change.living",
        Type::Bool,
        "a living PostgresCluster of the draft's name is in the input: what follows compares with it",
        |draft| match living(draft) {
            Some(living) => Fact::at(true.into(), living.name_span(), "the living cluster")
                .and_at(draft.name_span(), "the draft"),
            None => Fact::at(false.into(), draft.name_span(), "the draft"),
        },
    ),
    row(
        "change.restoresOver",
        Type::String,
        "the restore source of the draft that the living cluster's operator does not remember having done: it would replace the running database; \"\" for none",
        |draft| restores_over(draft).map(Value::from),
    ),
    row(
        "change.majorNow",
        Type::Int,
        "the Postgres major of the living cluster; 0 where none is in the input",
        |draft| major(draft, living(draft)),
    ),
    row(
        "change.majorWanted",
        Type::Int,
        "the Postgres major of the draft, where a living cluster is in the input; else 0",
        |draft| major(draft, living(draft).map(|_| draft.object)),
    ),
    row(
        "change.promotes",
        Type::Bool,
        "the living cluster is a standby and the draft is none",
        |draft| {
            let both = |living: &Object| is_standby(living) && !is_standby(draft.object);
            at_standby(draft, living(draft).is_some_and(both))
        },
    ),
    row(
        "change.demotes",
        Type::Bool,
        "the living cluster is no standby and the draft is one",
        |draft| {
            let both = |living: &Object| !is_standby(living) && is_standby(draft.object);
            at_standby(draft, living(draft).is_some_and(both))
        },
    ),
    row(
        "change.followsElsewhere",
        Type::String,
        "whom the living cluster follows as a standby, as \"host a\" or \"repository repo1\", where the draft has it follow another; \"\" otherwise",
        |draft| {
            let span = draft.object.nearest(&["spec", "standby"]);
            Fact::at(
                follows_elsewhere(draft).into(),
                span,
                "whom the draft follows",
            )
        },
    ),
    row(
        "change.demotesRunning",
        Type::Bool,
        "the living cluster is no standby and is not asked to shut down, and the draft is a standby",
        |draft| {
            let both = |living: &Object| {
                let asleep = living.at(&["spec", "shutdown"]);
                let asleep = asleep.is_some_and(|asked| asked.text() == "true");
                !asleep && !is_standby(living) && is_standby(draft.object)
            };
            at_standby(draft, living(draft).is_some_and(both))
        },
    ),
    row(
        "change.stopsForBackups",
        Type::Bool,
        "the draft leaves out spec.backups of a living cluster that has them, and neither bears the annotation authorizeBackupRemoval: the operator stops",
        |draft| {
            let span = draft.object.nearest(&["spec", "backups"]);
            Fact::at(
                stops_for_backups(draft).into(),
                span,
                "the backups of the draft",
            )
        },
    ),
    each(
        "change.repositoriesLost",
        "the repositories on volumes of the living cluster that the draft no longer has on a volume: becomes is \"nothing\", \"s3\", \"gcs\" or \"azure\"",
        &["name", "becomes"],
        |draft| Fact::at(repositories_lost(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.setsLost",
        "the instance sets of the living cluster that the draft no longer has",
        &["name"],
        |draft| Fact::at(sets_lost(draft), draft.name_span(), "the draft"),
    ),
    each(
        "change.replicasLowered",
        "the instance sets that get fewer instances",
        &["name", "from", "to"],
        |draft| Fact::at(replicas_lowered(draft), draft.name_span(), "the draft"),
    ),
];

fn restores_over(draft: &Draft<'_>) -> Fact<&'static str> {
    let none = Fact::at("", draft.name_span(), "the draft");
    let Some((evidence, living)) = place(draft) else {
        return none;
    };
    let remembered = living.at(&["status", "pgbackrest", "restore", "id"]);
    let own = format!("~pgo-bootstrap-{}", draft.name);
    // Without backups the operator forgets what it restored (from 5.7 on).
    let forgets = is_whole(draft)
        && draft
            .object
            .at(&["spec", "backups"])
            .is_none_or(Node::is_null);
    if !forgets && remembered.is_some_and(|id| id.text() == own) {
        return none;
    }
    let source = draft.object.at(&["spec", "dataSource"]);
    for kind in ["postgresCluster", "pgbackrest"] {
        let entry = source.and_then(|source| source.entry(kind));
        if let Some((key, _)) = entry.filter(|(_, value)| !value.is_null()) {
            let here = remembered.map_or_else(|| living.name_span(), Node::span);
            return has_run(evidence, living)
                .map(|ran| if ran { kind } else { "" })
                .and_at(key.span(), "the restore source")
                .and_at(here, "the living cluster remembers no such restore");
        }
    }
    none
}

fn major(draft: &Draft<'_>, object: Option<&Object>) -> Fact<Value> {
    let version = object.and_then(|object| object.at(&["spec", "postgresVersion"]));
    match version.and_then(|node| Some((node, node.text().parse::<i64>().ok()?))) {
        Some((node, number)) => Fact::at(number.into(), node.span(), "the Postgres major"),
        None => Fact::at(0.into(), draft.name_span(), "the draft"),
    }
}

fn at_standby(draft: &Draft<'_>, value: bool) -> Fact<Value> {
    let span = draft.object.nearest(&["spec", "standby", "enabled"]);
    Fact::at(value.into(), span, "whether the draft is a standby")
}

/// By the host, or the repository where none is named. A host that is added to a repository is a nearer way to the same database.
fn follows_elsewhere(draft: &Draft<'_>) -> String {
    let said = |object: &Object, key| {
        let node = object.at(&["spec", "standby", key]);
        node.map_or_else(String::new, |node| node.text().to_owned())
    };
    let both = living(draft).filter(|living| is_standby(living) && is_standby(draft.object));
    let Some(living) = both else {
        return String::new();
    };
    let of = |key| (said(living, key), said(draft.object, key));
    for (key, word) in [("host", "host"), ("repoName", "repository")] {
        let (was, now) = of(key);
        if !was.is_empty() && !now.is_empty() && was != now {
            return format!("{word} {was}");
        }
    }
    let (was, now) = of("host");
    let repo = said(draft.object, "repoName");
    if !was.is_empty() && now.is_empty() && !repo.is_empty() {
        return format!("host {was}");
    }
    let port = |port: String| {
        if port.is_empty() {
            "5432".to_owned()
        } else {
            port
        }
    };
    let (from, to) = of("port");
    let (from, to) = (port(from), port(to));
    if !was.is_empty() && was == now && from != to {
        return format!("port {from} of host {was}");
    }
    String::new()
}

fn repositories_lost(draft: &Draft<'_>) -> Vec<Element> {
    let Some(living) = living(draft).filter(|_| is_whole(draft) && !stops_for_backups(draft))
    else {
        return Vec::new();
    };
    // A draft without the section leaves every volume: from 5.7 on without backups they are deleted, too.
    let wanted = named(draft.object, &REPOS);
    let on_volume = named(living, &REPOS)
        .into_iter()
        .filter(|(_, repo)| has(*repo, &["volume"]));
    on_volume
        .filter_map(|(name, was)| {
            let now = wanted.iter().find(|(other, _)| *other == name);
            if now.is_some_and(|(_, repo)| has(*repo, &["volume"])) {
                return None;
            }
            let stores = ["s3", "gcs", "azure"].into_iter();
            let becomes =
                now.and_then(|(_, repo)| stores.into_iter().find(|kind| has(*repo, &[kind])));
            let span = match now {
                Some((_, repo)) => repo.get("name").map_or_else(|| repo.span(), Node::span),
                None => draft.object.nearest(&REPOS),
            };
            let element = Element::new(
                format!("spec.backups.pgbackrest.repos[{name}]"),
                span,
                "the repositories of the draft",
            );
            let at = Fact::at(name.into(), span, "the repositories of the draft")
                .and_at(was.span(), "the repository on a volume that is there now");
            Some(
                element
                    .with("name", at)
                    .with("becomes", Fact::known(becomes.unwrap_or("nothing").into())),
            )
        })
        .collect()
}

fn sets_lost(draft: &Draft<'_>) -> Vec<Element> {
    let Some(living) = living(draft).filter(|_| is_whole(draft)) else {
        return Vec::new();
    };
    let wanted = by_name(sets(draft.object));
    let there = sets(living).into_iter();
    let lost = there.filter(|(name, _)| !wanted.contains_key(name));
    let span = draft.object.nearest(&SETS);
    lost.map(|(name, was)| {
        let at = Fact::at(name.as_str().into(), span, "the instance sets of the draft")
            .and_at(was.span(), "the instance set that is there now");
        let key = format!("spec.instances[{name}]");
        Element::new(key, span, "the instance sets of the draft").with("name", at)
    })
    .collect()
}

fn replicas_lowered(draft: &Draft<'_>) -> Vec<Element> {
    let replicas = |set: Node<'_>| {
        set.get("replicas")
            .map_or(Some(1), |n| n.text().parse().ok())
    };
    let lowered = |(name, was, now): (String, Node<'_>, Node<'_>)| {
        let (from, to): (i64, i64) = (replicas(was)?, replicas(now)?);
        let at = now
            .get("replicas")
            .or_else(|| now.get("name"))
            .unwrap_or(now);
        (to < from).then(|| changed(&name, at, from.into(), to.into()))
    };
    sets_of_both(draft)
        .into_iter()
        .filter_map(lowered)
        .collect()
}
