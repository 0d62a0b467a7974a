//! What the v5 cluster is called, and what it is made of: as it is, else as drafted, else as the method wants it.

use std::borrow::Cow;

use super::row::{CourseFact, row};
use super::subject::Course;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::spec;
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Fact, Node, Object};
use crate::schema::field_lifetime;
use crate::source::file_name;

pub(super) static FACTS: &[CourseFact] = &[
    row(
        "course.name",
        Type::String,
        "the name of the PostgresCluster that takes over: as it is, as drafted, or as the method wants it",
        |course| Fact::known(Value::from(&*name(course))),
    ),
    row(
        "course.namespace",
        Type::String,
        "its namespace; that of the v4 cluster where nothing says otherwise, \"\" where that names none",
        |course| Fact::known(namespace(course).unwrap_or("").into()),
    ),
    row(
        "course.set",
        Type::String,
        "its first instance set; \"db\" where nothing says otherwise",
        |course| Fact::known(Value::from(&*set(course))),
    ),
    row(
        "course.manifest",
        Type::String,
        "the file with its manifest: the draft in the input, else what `draft -o drafts` writes",
        |course| Fact::known(Value::from(&*manifest(course))),
    ),
    row(
        "course.drafted",
        Type::Bool,
        "a draft that replaces the v4 cluster is in the input",
        |course| Fact::known(course.draft.is_some().into()),
    ),
    row(
        "course.instances",
        Type::Int,
        "how many instances v4 has, or had before its replicas were removed",
        |course| instances(course).map(Value::from),
    ),
    row(
        "course.variant",
        Type::String,
        "for backups: \"volume\" (v4's repository is adopted), \"shared\" (v4's place in a bucket is gone on with) or \"own-path\" (v4's bucket is only read); \"\" for other methods",
        |course| variant(course).map(Value::from),
    ),
];

/// The PostgresCluster as it is, else as drafted.
pub(super) fn object<'a>(course: &Course<'a>) -> Option<&'a Object> {
    let living = course.migration.map(|migration| migration.living.object);
    living.or(course.draft.map(|draft| draft.object))
}

pub(super) fn name<'a>(course: &Course<'a>) -> Cow<'a, str> {
    if let Some(object) = object(course) {
        return Cow::Borrowed(&object.name);
    }
    let v4 = course.v4().map_or("", |cluster| cluster.name);
    // v4 is still there while these are made, and both want a ConfigMap NAME-config.
    let beside = match course.method {
        "standby" => true,
        "backups" => variant(course).value() == Some(&"own-path"),
        _ => false,
    };
    if beside {
        Cow::Owned(format!("{v4}-v5"))
    } else {
        Cow::Borrowed(v4)
    }
}

pub(super) fn namespace<'a>(course: &Course<'a>) -> Option<&'a str> {
    let own = object(course).and_then(|object| object.namespace.as_deref());
    own.or(course.v4().and_then(|cluster| cluster.namespace))
}

fn manifest<'c>(course: &'c Course<'_>) -> Cow<'c, str> {
    if let Some(file) = &course.manifest {
        return Cow::Borrowed(file);
    }
    let folder = namespace(course).map_or(String::new(), |name| format!("{}/", file_name(name)));
    Cow::Owned(format!("drafts/{folder}{}.yaml", file_name(&name(course))))
}

/// Replicas go on the way, so the most that any export shows.
fn instances(course: &Course<'_>) -> Fact<i64> {
    let count = |cluster: &&Cluster<'_>| {
        let number = v4::FACTS.fact("replicas.count")?;
        let read = v4::FACTS.read(number, cluster)?;
        Some(read.map(|count| {
            if let Value::Int(count) = count {
                count + 1
            } else {
                1
            }
        }))
    };
    let counts: Vec<Fact<i64>> = course.moments.iter().filter_map(count).collect();
    let known = counts
        .iter()
        .filter_map(|count| count.value().copied())
        .max();
    match (known, counts.into_iter().next()) {
        (Some(most), _) => Fact::known(most),
        (None, Some(unknown)) => unknown,
        (None, None) => Fact::known(1),
    }
}

fn set<'a>(course: &Course<'a>) -> Cow<'a, str> {
    let instances = object(course).and_then(|object| object.at(&["spec", "instances"]));
    let first = instances.and_then(|instances| instances.items().next());
    match first.and_then(|first| first.get("name")) {
        Some(name) => Cow::Borrowed(Node::text(name)),
        // What the schema takes for a set without a name.
        None if first.is_some() => Cow::Borrowed("00"),
        None => Cow::Borrowed("db"),
    }
}

pub(super) fn variant(course: &Course<'_>) -> Fact<&'static str> {
    if course.method != "backups" {
        return Fact::known("");
    }
    let spec = course.migration.map(|migration| &migration.living.spec);
    if let Some(draft) = spec.or(course.draft) {
        let says = |name: &str| {
            let number = spec::FACTS.fact(name)?;
            match spec::FACTS.read(number, draft)?.value()? {
                Value::Str(text) => Some(text.to_string()),
                _ => None,
            }
        };
        let kind = says("draft.sourceRepo.kind");
        match (says("draft.sourceRepo.from").as_deref(), kind.as_deref()) {
            (Some("dataSource.pgbackrest"), _) => return Fact::known("own-path"),
            (Some("dataSource.postgresCluster"), Some("volume")) => return Fact::known("volume"),
            (Some("dataSource.postgresCluster"), Some(_)) => return Fact::known("shared"),
            _ => {}
        }
    }
    let reads_only = can_only_read(course);
    course.v4_named("repo.types").map(|types| match types {
        Value::List(types) if types.iter().any(is_posix) => "volume",
        Value::List(types) if types.iter().any(is_bucket) && reads_only => "own-path",
        Value::List(types) if types.iter().any(is_bucket) => "shared",
        _ => "volume",
    })
}

/// Whether the target can restore from a repository that it does not write to; of any target, the newest one can.
fn can_only_read(course: &Course<'_>) -> bool {
    let v4 = course.v4();
    let target = v4.and_then(|cluster| cluster.surroundings.target.single());
    let since = field_lifetime("/spec/dataSource/pgbackrest/repo").map(|life| life.since);
    match (target, since) {
        (Some(release), Some(since)) => since <= release.version,
        _ => true,
    }
}

fn is_posix(kind: &Value) -> bool {
    matches!(kind, Value::Str(kind) if &**kind == "posix")
}

fn is_bucket(kind: &Value) -> bool {
    matches!(kind, Value::Str(kind) if matches!(&**kind, "s3" | "gcs"))
}
