//! Whether the living database was restored to a point in time on purpose: then it lacks what v4 wrote later.

use super::row::{MigrationFact, row};
use super::subject::Migration;
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind, Node, Object};
use crate::source::Span;

const RESTORE: &str = "postgres-operator.crunchydata.com/pgbackrest-restore";

pub(super) static FACTS: &[MigrationFact] = &[row(
    "moved.pointInTime",
    Type::Bool,
    "the living database was restored to a point in time: options of the restore source, or of the restore's Job, that are seen name a target",
    |migration| {
        if let Some(span) = seen(migration) {
            return Fact::at(Value::Bool(true), span, "the target of the restore");
        }
        match restores(migration).find(|job| options_of(job).is_some_and(Node::is_overwritten)) {
            Some(job) => Fact::unknown(job.overwritten("the options of the restore")),
            None => Fact::known(false.into()),
        }
    },
)];

fn seen(migration: &Migration<'_>) -> Option<Span> {
    let living = migration.living;
    let named = named_target(living.object).or_else(|| restored_in_place(living.object));
    if let Some(option) = named {
        return Some(option.span());
    }
    restores(migration).find_map(target_of)
}

/// The Jobs that restore.
fn restores<'a>(migration: &Migration<'a>) -> impl Iterator<Item = &'a Object> {
    let jobs = migration.living.of_kind(Kind::Job).objects.iter().copied();
    jobs.filter(|job| job.label(RESTORE).is_some())
}

/// The option of a PostgresCluster's restore source that names a target.
pub(in crate::fact) fn named_target(cluster: &Object) -> Option<Node<'_>> {
    let sources = ["postgresCluster", "pgbackrest"].into_iter();
    let mut options = sources
        .filter_map(|kind| cluster.at(&["spec", "dataSource", kind, "options"]))
        .flat_map(Node::items);
    options.find(|option| names_target(option.text()))
}

/// The option that names a target of a restore in place which the operator has done.
fn restored_in_place(cluster: &Object) -> Option<Node<'_>> {
    let done = cluster.at(&["status", "pgbackrest", "restore", "id"])?;
    let restore = ["spec", "backups", "pgbackrest", "restore"];
    let asked = [
        "metadata",
        "annotations",
        "postgres-operator.crunchydata.com/pgbackrest-restore",
    ];
    if cluster.at(&asked)?.text() != done.text() {
        return None;
    }
    let options = cluster.at(&restore)?.get("options");
    let mut options = options.into_iter().flat_map(Node::items);
    options.find(|option| names_target(option.text()))
}

/// Where a Job's command names a target.
fn target_of(job: &Object) -> Option<Span> {
    let word = words(job).find(|word| names_target(word.text()))?;
    Some(word.span())
}

/// The word of a Job's command that holds the options of pgBackRest: the operator gives them last, in one.
fn options_of(job: &Object) -> Option<Node<'_>> {
    words(job).last()
}

fn words(job: &Object) -> impl Iterator<Item = Node<'_>> {
    let containers = job.at(&["spec", "template", "spec", "containers"]);
    let lists = containers
        .into_iter()
        .flat_map(Node::items)
        .flat_map(|one| ["command", "args"].map(|key| one.get(key)));
    lists.flatten().flat_map(Node::items)
}

/// Whether pgBackRest's options name a point before the end of the log.
fn names_target(options: &str) -> bool {
    let mut words = options.split([' ', '\t', '\n', '"', '\'']);
    words.any(|word| {
        let early = ["time", "xid", "lsn", "name", "immediate"];
        match word.strip_prefix("--type=") {
            Some(kind) => early.contains(&kind),
            None => word.starts_with("--target=") || word == "--target",
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_told_from_the_end_of_the_log() {
        assert!(names_target(
            "--type=time --target=\"2026-11-01 10:00:00+00\""
        ));
        assert!(names_target("--stanza=db --type=immediate"));
        assert!(!names_target("--type=default --target-action=promote"));
        assert!(!names_target("--type=standby"));
    }
}
