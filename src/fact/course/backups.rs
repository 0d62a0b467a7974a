//! Where the v5 cluster keeps its backups, and up to which point it is restored: as it is, else as drafted, else as the
//! method wants it.

use super::aim;
use super::row::{CourseFact, row};
use super::subject::Course;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::moved::{self, named_target};
use crate::manifest::{Fact, Node};

pub(super) static FACTS: &[CourseFact] = &[
    row(
        "course.repository",
        Type::String,
        "the first repository of the v5 cluster: as it is, as drafted, or \"repo1\"",
        |course| {
            let first = written(course).into_iter().next();
            Fact::known(Value::from(first.unwrap_or("repo1")))
        },
    ),
    row(
        "course.furtherRepositories",
        Type::Strings,
        "its other repositories: as it is, as drafted, or as `draft` would write it",
        |course| further(course).map(Value::from),
    ),
    row(
        "course.pointInTime",
        Type::Bool,
        "it is restored to a point in time: options of its restore source, or of the restore's Job, name a target",
        point_in_time,
    ),
];

/// The names of the repositories in a manifest of v5, in their order; nothing where there is none yet.
fn written<'a>(course: &Course<'a>) -> Vec<&'a str> {
    let object = aim::object(course);
    let repos = object.and_then(|one| one.at(&["spec", "backups", "pgbackrest", "repos"]));
    let names = repos.into_iter().flat_map(Node::items);
    names
        .filter_map(|repo| repo.get("name"))
        .map(Node::text)
        .collect()
}

/// Where a repository on a volume is adopted, v4's bucket stays as a second one.
fn further(course: &Course<'_>) -> Fact<Vec<String>> {
    let names = written(course);
    if !names.is_empty() {
        let names = names.into_iter().skip(1).map(str::to_owned);
        return Fact::known(names.collect());
    }
    let adopts = match course.method {
        "volumes" => Fact::known(true),
        "backups" => aim::variant(course).map(|variant| variant == "volume"),
        _ => Fact::known(false),
    };
    adopts.and_then(|adopts| {
        if !adopts {
            return Fact::known(Vec::new());
        }
        course.v4_named("repo.types").map(|types| match types {
            Value::List(types) if types.len() > 1 => vec!["repo2".to_owned()],
            _ => Vec::new(),
        })
    })
}

fn point_in_time(course: &Course<'_>) -> Fact<Value> {
    if course.migration.is_some() {
        let number = moved::FACTS.fact("moved.pointInTime");
        return number.map_or_else(|| Fact::known(false.into()), |one| course.moved_fact(one));
    }
    let named = course.draft.and_then(|draft| named_target(draft.object));
    match named {
        Some(option) => Fact::at(
            Value::Bool(true),
            option.span(),
            "the target of the restore",
        ),
        None => Fact::known(false.into()),
    }
}
