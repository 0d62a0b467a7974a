//! The repositories of a living cluster, its schedules and what was backed up.

use jiff::Timestamp;

use super::full_backup;
use super::jobs::{BACKUP, CRON_JOB, cron_jobs, state, with_label, word};
use super::row::{LivingFact, row};
use super::status::items;
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields;
use crate::fact::v4::seen::{if_complete, names_of};
use crate::fact::writers::{self, Writers};
use crate::manifest::{Fact, Kind, Node, Object};
use crate::source::Span;

const REPO: &str = "postgres-operator.crunchydata.com/pgbackrest-repo";

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.repositories",
        Type::Records,
        "the repositories in the status as {name, bound, volume, stanza, firstBackup}",
        |living| {
            repositories(living).map(|all| Value::List(all.into_iter().map(repository).collect()))
        },
    ),
    row(
        "live.stanzas",
        Type::Bool,
        "every repository of the spec has its stanza by the status: archiving works; false where the status has no repository",
        |living| stanzas(living).map(Value::from),
    ),
    row(
        "live.schedules",
        Type::Records,
        "its CronJobs of backups as {name, repo, type, schedule, suspended, lastSuccess, never}: lastSuccess is RFC 3339, \"\" for never; never says that its time has come, nothing is at work, and it has not succeeded once",
        |living| {
            let now = living.run.now;
            let records = cron_jobs(living).map(|job| schedule(living, job, now));
            let records: Vec<Value> = records.collect();
            let places: Vec<_> = cron_jobs(living).take(8).map(Object::name_span).collect();
            let all = &living.all_of(Kind::CronJob).completeness;
            let fact = if_complete(all, Value::List(records.into()));
            places
                .into_iter()
                .fold(fact, |fact, span| fact.and_at(span, "a schedule"))
        },
    ),
    row(
        "live.schedulesBehind",
        Type::Strings,
        "its CronJobs of backups that succeeded once and whose last run began more than a day ago and has not: they have failed since, or hang",
        |living| {
            let now = living.run.now;
            let behind =
                cron_jobs(living).filter_map(|job| Some((&*job.name, is_behind(job, now)?)));
            let all = &living.all_of(Kind::CronJob).completeness;
            names_of(behind, all, "when it ran last").map(Value::from)
        },
    ),
    row(
        "live.fullBackup",
        Type::Bool,
        "a full backup of v5's own was completed: by a schedule's status, its CronJob, a Job, or pgBackRest's own list (--backup-info), from the start of the cluster on, or from its promotion",
        |living| full_backup::seen(living).map(Value::from),
    ),
    row(
        "live.failedBackups",
        Type::Strings,
        "its backup Jobs that failed, the first backup and the scheduled ones, unless one of the same kind has succeeded since",
        |living| {
            let failed = with_label(living, BACKUP)
                .filter(|job| state(job).0 == "failed" && !made_good(living, job));
            let failed = failed.map(|job| (&*job.name, state(job).1));
            let all = &living.all_of(Kind::Job).completeness;
            names_of(failed, all, "the Job that failed").map(Value::from)
        },
    ),
    row(
        "live.otherWriters",
        Type::Strings,
        "other living clusters of the same evidence that write to a repository of this one in an object store, as \"PostgresCluster pgo/hippo-preview\"; not standbys, nor what is shut down",
        |living| other_writers(living).map(Value::from),
    ),
];

fn other_writers(living: &Living<'_>) -> Fact<Vec<String>> {
    let all = || {
        let mut writers = Writers::default();
        writers.add_living(living.inventory);
        writers
    };
    let writers = living.writers.get_or_init(all);
    let others = writers.beside_living(living.object, living.inventory);
    let names = writers::names(&others);
    let clusters = living.inventory.list_all(Kind::PostgresCluster);
    let fact = match names.as_slice() {
        // One that is seen writes there, whatever else there is.
        [] => if_complete(&clusters.completeness, names),
        _ => Fact::known(names),
    };
    others.iter().take(8).fold(fact, |fact, other| {
        fact.and_at(other.span, "another cluster that writes there")
    })
}

fn repositories<'a>(living: &Living<'a>) -> Fact<Vec<Node<'a>>> {
    let path = ["status", "pgbackrest", "repos"];
    items(living, &path, "the repositories the operator knows")
}

fn flag(node: Node<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|value| value.text() == "true")
}

fn map<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.into_iter().map(|(key, value)| (key.into(), value));
    Value::Map(fields.collect())
}

fn repository(node: Node<'_>) -> Value {
    map([
        ("name", word(node, &["name"]).into()),
        ("bound", flag(node, "bound").into()),
        ("volume", word(node, &["volume"]).into()),
        ("stanza", flag(node, "stanzaCreated").into()),
        (
            "firstBackup",
            flag(node, "replicaCreateBackupComplete").into(),
        ),
    ])
}

/// Whether archiving can work: every repository has its stanza. Its place is the first that has none.
pub(super) fn stanzas(living: &Living<'_>) -> Fact<bool> {
    let path = ["spec", "backups", "pgbackrest", "repos"];
    let asked = items(living, &path, "the repositories that are asked for");
    repositories(living).both(asked).and_then(|(all, asked)| {
        let known = |name: Node<'_>| all.iter().any(|one| word(*one, &["name"]) == name.text());
        let mut names = asked.iter().filter_map(|one| one.get("name"));
        if let Some(name) = names.find(|name| !all.is_empty() && !known(*name)) {
            return Fact::at(
                false,
                name.span(),
                "a repository the operator does not know yet",
            );
        }
        let without = all.iter().find(|node| !flag(**node, "stanzaCreated"));
        match (all.first(), without) {
            (_, Some(node)) => Fact::at(false, node.span(), "a repository without stanza"),
            (Some(first), None) => Fact::at(true, first.span(), "the repository has its stanza"),
            (None, None) => Fact::known(false),
        }
    })
}

/// How long a schedule may have had no time to run at, in seconds: weekly ones wait a week.
const PATIENCE: i64 = 8 * 24 * 3600;

fn time(job: &Object, path: &[&str]) -> Option<Timestamp> {
    let said = job.at(path).filter(|node| !fields::is_unset(*node))?;
    said.text().parse().ok()
}

/// Whether a schedule whose time has come has not succeeded once. Servers before 1.21 do not write when it did: then its Jobs tell.
fn never_succeeded(living: &Living<'_>, job: &Object, now: Timestamp) -> bool {
    let said = |path: &[&str]| job.at(path).filter(|node| !fields::is_unset(*node));
    let at_work = said(&["status", "active"]).is_some_and(|list| list.items().next().is_some());
    let came = said(&["status", "lastScheduleTime"]).is_some();
    let made = time(job, &["metadata", "creationTimestamp"]);
    let waited = made.is_none_or(|made| now.as_second() - made.as_second() > PATIENCE);
    let mut runs = with_label(living, CRON_JOB).filter(|run| is_run_of(run, job));
    said(&["status", "lastSuccessfulTime"]).is_none()
        && !at_work
        && (came || waited)
        && !runs.any(|run| state(run).0 == "complete")
}

/// Whether a Job was made by a `CronJob`.
fn is_run_of(run: &Object, job: &Object) -> bool {
    let owners = run.at(&["metadata", "ownerReferences"]);
    let mut owners = owners.into_iter().flat_map(Node::items);
    owners.any(|owner| word(owner, &["kind"]) == "CronJob" && *word(owner, &["name"]) == *job.name)
}

/// How long the run of a schedule may take, in seconds.
const A_DAY: i64 = 24 * 3600;

/// Where a schedule says when it ran last, if it succeeded before and has not since.
fn is_behind(job: &Object, now: Timestamp) -> Option<Span> {
    let last = ["status", "lastScheduleTime"];
    let (began, ended) = (
        time(job, &last)?,
        time(job, &["status", "lastSuccessfulTime"])?,
    );
    let waited = now.as_second() - began.as_second() > A_DAY;
    let suspended = job.at(&["spec"]).is_some_and(|spec| flag(spec, "suspend"));
    (ended < began && waited && !suspended).then(|| job.nearest(&last))
}

fn schedule(living: &Living<'_>, job: &Object, now: Timestamp) -> Value {
    let root = job.root();
    let label = |key| job.label(key).map_or("", Node::text);
    map([
        ("name", (&*job.name).into()),
        ("repo", label(REPO).into()),
        ("type", label(CRON_JOB).into()),
        ("schedule", word(root, &["spec", "schedule"]).into()),
        (
            "suspended",
            root.at(&["spec"])
                .is_some_and(|spec| flag(spec, "suspend"))
                .into(),
        ),
        (
            "lastSuccess",
            word(root, &["status", "lastSuccessfulTime"]).into(),
        ),
        ("never", never_succeeded(living, job, now).into()),
    ])
}

/// Whether a backup of the same kind has succeeded after one failed.
fn made_good(living: &Living<'_>, failed: &Object) -> bool {
    let kind = |job: &Object| {
        let labels = [BACKUP, CRON_JOB, REPO].map(|key| job.label(key).map_or("", Node::text));
        labels.map(str::to_owned)
    };
    let Some(began) = time(failed, &["status", "startTime"]) else {
        return false;
    };
    let later = |time: Option<Timestamp>| time.is_some_and(|time| time > began);
    let mut jobs = with_label(living, BACKUP).filter(|job| kind(job) == kind(failed));
    let scheduled = |job: &&Object| {
        let labels = [CRON_JOB, REPO];
        labels.iter().all(|key| {
            let text = |job: &Object| {
                job.label(key)
                    .map_or(String::new(), |n| n.text().to_owned())
            };
            text(job) == text(failed)
        })
    };
    jobs.any(|job| state(job).0 == "complete" && later(time(job, &["status", "completionTime"])))
        || (failed.label(CRON_JOB).is_some()
            && cron_jobs(living)
                .filter(scheduled)
                .any(|job| later(time(job, &["status", "lastSuccessfulTime"]))))
}
