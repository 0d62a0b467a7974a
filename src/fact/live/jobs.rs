//! The Jobs of a living cluster: moving directories, restoring, backing up.
//!
//! Source: PGO `internal/controller/postgrescluster/volumes.go` and `internal/naming`, 5.0 to 6.0: a Job that completed is
//! never run again, one that failed is never repeated, both until somebody deletes it.

use super::row::{LivingFact, row};
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::{if_complete, names_of};
use crate::manifest::{Fact, Kind, Node, Object};
use crate::source::Span;

const MOVE: &str = "postgres-operator.crunchydata.com/move-job";
const RESTORE: &str = "postgres-operator.crunchydata.com/pgbackrest-restore";
/// v5's label with the sort of a backup Job.
pub(super) const BACKUP: &str = "postgres-operator.crunchydata.com/pgbackrest-backup";

/// v5's label with the type of backup that a schedule makes.
pub(super) const CRON_JOB: &str = "postgres-operator.crunchydata.com/pgbackrest-cronjob";

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.moveJobs",
        Type::Records,
        "the Jobs that move v4's directories, as {name, state}: \"active\", \"complete\" or \"failed\"",
        |living| jobs_with(living, MOVE),
    ),
    row(
        "live.moveJobsGone",
        Type::Strings,
        "the Jobs that spec.dataSource.volumes asks for (of each volume with a directory) and that are not there: the operator makes them again",
        move_jobs_gone,
    ),
    row(
        "live.restoreJobs",
        Type::Records,
        "the Jobs that restore a database, as {name, state}",
        |living| jobs_with(living, RESTORE),
    ),
    row(
        "live.backupJobs",
        Type::Records,
        "the Jobs that back up, as {name, state, type}: type is \"replica-create\", \"manual\", \"full\", \"diff\" or \"incr\", \"\" where no label says",
        |living| jobs_with(living, BACKUP),
    ),
    row(
        "live.failedJobs",
        Type::Strings,
        "those of its move and restore Jobs that failed: nothing goes on until they are deleted",
        |living| of_the_move(living, "failed", "the Job that failed"),
    ),
    row(
        "live.activeJobs",
        Type::Strings,
        "those of its move and restore Jobs that are at work: nothing goes on until they are complete",
        |living| of_the_move(living, "active", "the Job at work"),
    ),
];

/// The volumes of a source, and how the Job that moves their directory is called.
///
/// Source: PGO v5.8.9 `internal/naming/names.go`; volumes.go (`reconcileDirMoveJobs`: no Job without a directory).
const MOVES: [(&str, &str); 3] = [
    ("pgDataVolume", "move-pgdata-dir"),
    ("pgWALVolume", "move-pgwal-dir"),
    ("pgBackRestVolume", "move-pgbackrest-repo-dir"),
];

fn move_jobs_gone(living: &Living<'_>) -> Fact<Value> {
    let given = |node: Node<'_>, key| node.get(key).is_some_and(|text| !text.text().is_empty());
    let gone = MOVES.into_iter().filter_map(|(field, job)| {
        let path = ["spec", "dataSource", "volumes", field];
        let volume = living.object.at(&path)?;
        let asked = given(volume, "directory") && given(volume, "pvcName");
        let name = format!("{}-{job}", living.name);
        let there = with_label(living, MOVE).any(|one| *one.name == *name);
        (asked && !there).then(|| (name, living.object.nearest(&path)))
    });
    let gone: Vec<(String, Span)> = gone.collect();
    if gone.is_empty() {
        return Fact::at(
            Vec::<String>::new().into(),
            living.name_span(),
            "the PostgresCluster",
        );
    }
    let jobs = &living.all_of(Kind::Job).completeness;
    let places = gone.iter().map(|(_, place)| *place);
    let names: Vec<String> = gone.iter().map(|(name, _)| name.clone()).collect();
    places.fold(if_complete(jobs, names.into()), |fact, place| {
        fact.and_at(place, "a directory that is to be moved")
    })
}

/// Its move and restore Jobs in a state, by name. What is seen to be so is so, whatever else there is.
fn of_the_move(living: &Living<'_>, wanted: &str, note: &'static str) -> Fact<Value> {
    let is_wanted = |job: &&Object| {
        (job.label(MOVE).is_some() || job.label(RESTORE).is_some()) && state(job).0 == wanted
    };
    let jobs = living.all_of(Kind::Job);
    let found = jobs.objects.iter().copied().filter(is_wanted);
    let found = found.map(|job| (&*job.name, state(job).1));
    names_of(found, &jobs.completeness, note).map(Value::from)
}

/// What became of a Job, and where that is written.
pub(super) fn state(job: &Object) -> (&'static str, Span) {
    let conditions = job.at(&["status", "conditions"]);
    let conditions = conditions.into_iter().flat_map(Node::items);
    for condition in conditions {
        let Some(kind) = condition.get("type") else {
            continue;
        };
        let holds = condition
            .get("status")
            .is_some_and(|status| status.text() == "True");
        match (kind.text(), holds) {
            ("Complete" | "SuccessCriteriaMet", true) => return ("complete", kind.span()),
            ("Failed" | "FailureTarget", true) => return ("failed", kind.span()),
            _ => {}
        }
    }
    ("active", job.name_span())
}

/// Its Jobs that bear a label, by name.
pub(super) fn with_label<'s, 'a>(
    living: &'s Living<'a>,
    label: &'static str,
) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
    let jobs = living.all_of(Kind::Job).objects.iter().copied();
    jobs.filter(move |job| job.label(label).is_some())
}

fn jobs_with(living: &Living<'_>, label: &'static str) -> Fact<Value> {
    let records: Vec<Value> = with_label(living, label)
        .map(|job| record(job, label))
        .collect();
    let fact = if_complete(
        &living.all_of(Kind::Job).completeness,
        Value::List(records.into()),
    );
    with_label(living, label).take(8).fold(fact, |fact, job| {
        fact.and_at(state(job).1, "what became of the Job")
    })
}

fn record(job: &Object, label: &str) -> Value {
    let told = job.label(label).map_or("", Node::text);
    let fields = [
        ("name", Value::from(&*job.name)),
        ("state", state(job).0.into()),
        ("type", told.into()),
    ];
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Map(fields.collect())
}

/// Move and restore Jobs by label, for the stage.
pub(super) fn moving<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
    with_label(living, MOVE)
}

pub(super) fn restoring<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
    with_label(living, RESTORE)
}

/// Its schedules of backups.
pub(super) fn cron_jobs<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = &'a Object> + use<'s, 'a> {
    let jobs = living.all_of(Kind::CronJob).objects.iter().copied();
    jobs.filter(|job| job.label(CRON_JOB).is_some())
}

/// The text at a path; `""` where there is none.
pub(super) fn word<'a>(node: Node<'a>, path: &[&str]) -> &'a str {
    node.at(path).map_or("", Node::text)
}
