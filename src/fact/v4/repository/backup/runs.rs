//! Every backup of a cluster that Kubernetes objects tell of: Jobs, and the Pgtasks that asked for them.
//!
//! There is one Job and one Pgtask of each name, and a new run replaces both.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Timestamp;

use crate::fact::v4::Cluster;
use crate::fact::v4::fields::number;
use crate::fact::v4::objects::job::condition;
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::repository::listed::listed;
use crate::fact::v4::repository::repo::listing;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Evidence, Fact, Gap, Kind, Listing, Node, Object, SavedBackup};
use crate::source::Span;

/// How a backup ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Succeeded,
    Failed,
    /// Not ended, or not known to have begun.
    Open,
}

/// A point in time and where it is written.
pub(super) type Moment = (Timestamp, Span);

/// One run of pgBackRest.
#[derive(Clone, Debug)]
pub(super) struct Backup<'a> {
    /// The Job's name, whether or not the Job is still there.
    pub(super) name: String,
    pub(super) job: Option<&'a Object>,
    pub(super) task: Option<&'a Object>,
    /// What pgBackRest itself listed of it.
    pub(super) saved: Option<&'a SavedBackup>,
    pub(super) outcome: Fact<Outcome>,
    /// When it began, or was asked for.
    pub(super) started: Option<Moment>,
    /// When it ended.
    pub(super) finished: Option<Moment>,
}

impl<'a> Backup<'a> {
    /// The Job, else the Pgtask.
    pub(super) fn object(&self) -> Option<&'a Object> {
        self.job.or(self.task)
    }

    /// The latest time known of it.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.finished.or(self.started).map(|(time, _)| time)
    }

    pub(super) fn of_job(job: &'a Object) -> Backup<'a> {
        let started = moment(job, &["status", "startTime"]).or_else(|| created(job));
        let failed = || moment_of(condition(job, "Failed")?.get("lastTransitionTime")?);
        Backup {
            name: job.name.to_string(),
            job: Some(job),
            task: None,
            saved: None,
            outcome: outcome(job),
            started,
            finished: moment(job, &["status", "completionTime"]).or_else(failed),
        }
    }

    /// A Pgtask whose Job is gone. Only success is written into it.
    fn of_task(task: &'a Object) -> Backup<'a> {
        let status = task.read(
            &["spec", "status"],
            "what PGO wrote when the Job had succeeded",
        );
        Backup {
            name: job_of(task).to_owned(),
            job: None,
            task: Some(task),
            saved: None,
            outcome: status.map(|status| match status {
                Some(status) if status.text() == "job completed" => Outcome::Succeeded,
                _ => Outcome::Open,
            }),
            started: created(task),
            finished: None,
        }
    }
}

impl<'a> Backup<'a> {
    /// A backup in pgBackRest's own list. One with damaged pages, or without the WAL it needs, is none to rely on.
    fn of_saved(saved: &'a SavedBackup) -> Backup<'a> {
        let (outcome, note) = match (saved.damaged, saved.lacks_wal) {
            (true, _) => (
                Outcome::Failed,
                "a backup that pgBackRest lists with damaged pages",
            ),
            (_, true) => (
                Outcome::Failed,
                "a backup of which the archive lacks the WAL that makes it consistent",
            ),
            _ => (Outcome::Succeeded, "a backup that pgBackRest lists"),
        };
        Backup {
            name: saved.label.clone(),
            job: None,
            task: None,
            saved: Some(saved),
            outcome: Fact::at(outcome, saved.span, note),
            started: Some((saved.started, saved.span)),
            finished: Some((saved.ended, saved.span)),
        }
    }

    /// Whether this is what the list has of that run.
    fn is_listing_of(&self, run: &Backup<'_>) -> bool {
        let (Some(saved), Some((from, _))) = (self.saved, run.started) else {
            return false;
        };
        let until = run.finished.map(|(time, _)| time);
        self.object().is_none()
            && saved.ended >= earlier(from)
            && until.is_none_or(|until| earlier(saved.ended) <= until)
    }
}

/// The backups that are seen, newest first, and whether these are all.
pub(super) fn backups<'a>(cluster: &Cluster<'a>) -> (Vec<Backup<'a>>, Fact<()>) {
    let jobs = cluster.jobs();
    let is_backup = |job: &&'a Object| match job.label("backrest-command") {
        Some(command) => command.text() == "backup",
        None => is_backup_name(&job.name, cluster.name),
    } && command(job).is_none_or(|command| command == "backup");
    let runs = jobs
        .objects
        .iter()
        .copied()
        .filter(is_backup)
        .map(Backup::of_job);
    let mut runs: Vec<Backup<'a>> = runs.collect();
    // Of two runs of one name the first is meant.
    let mut by_name: HashMap<String, usize> = HashMap::with_capacity(runs.len());
    for (at, run) in runs.iter().enumerate() {
        by_name.entry(run.name.clone()).or_insert(at);
    }
    for task in tasks(cluster).objects {
        if let Some(run) = by_name.get(job_of(task)).and_then(|at| runs.get_mut(*at)) {
            run.task = Some(task);
        } else {
            by_name.insert(job_of(task).to_owned(), runs.len());
            runs.push(Backup::of_task(task));
        }
    }
    let all = match listed(cluster) {
        Ok(infos) => match infos.first() {
            None => if_complete(&jobs.completeness, ()),
            Some(first) => {
                let saved = infos.iter().flat_map(|info| &info.backups);
                let (listed, left) = as_listed(runs, saved.collect());
                runs = listed;
                // What is listed there is what there is, whether or not Jobs were exported.
                let all = Fact::at((), first.place, "the backups that pgBackRest lists");
                let note = "a backup that succeeded, and that pgBackRest does not list";
                left.iter()
                    .fold(all, |all, run| all.and_at(run.name_span(), note))
            }
        },
        Err(because) => Fact::unknown(Gap {
            missing: format!("the backups of {}", cluster.name),
            because,
            ask: listing(cluster),
        }),
    };
    runs.sort_by(|left, right| {
        (Reverse(left.latest()), &left.name).cmp(&(Reverse(right.latest()), &right.name))
    });
    (runs, all)
}

/// The backups where pgBackRest's own list is there, and what succeeded without being listed. The list outranks what Jobs say of
/// success: a backup that it does not hold is none, however its Job ended. Runs that failed or have not ended stay: the list
/// holds none of these.
fn as_listed<'a>(
    runs: Vec<Backup<'a>>,
    saved: Vec<&'a SavedBackup>,
) -> (Vec<Backup<'a>>, Vec<&'a Object>) {
    let mut all: Vec<Backup<'a>> = saved.into_iter().map(Backup::of_saved).collect();
    let mut left = Vec::new();
    for run in runs {
        if run.outcome.value() != Some(&Outcome::Succeeded) {
            all.push(run);
            continue;
        }
        // Its Job tells why the backup was taken, and where it went.
        match all.iter_mut().rev().find(|one| one.is_listing_of(&run)) {
            Some(one) => {
                (one.job, one.task) = (run.job, run.task);
                one.name = run.name;
            }
            None => left.extend(run.object()),
        }
    }
    (all, left)
}

/// Clocks differ, and a Job is written down before and after what it does: five minutes earlier.
fn earlier(time: Timestamp) -> Timestamp {
    let seconds = time.as_second().saturating_sub(300);
    Timestamp::from_second(seconds).unwrap_or(time)
}

fn tasks<'a>(cluster: &Cluster<'a>) -> Listing<'a> {
    let mut tasks = cluster.all_of(Kind::Pgtask).clone();
    tasks.objects.retain(
        |task| match task.at(&["spec", "parameters", "backrest-command"]) {
            Some(command) => command.text() == "backup",
            None => is_backup_name(&task.name, cluster.name),
        },
    );
    tasks
}

/// `backrest-backup-hippo`, or the scheduler's `hippo-full-sch-backup`.
fn is_backup_name(name: &str, cluster: &str) -> bool {
    let scheduled = name
        .strip_suffix("-sch-backup")
        .and_then(|rest| rest.rsplit_once('-'));
    name.strip_prefix("backrest-backup-") == Some(cluster)
        || scheduled.is_some_and(|(owner, _)| owner == cluster)
}

/// The Job a Pgtask asks for.
fn job_of(task: &Object) -> &str {
    let named = task
        .at(&["spec", "parameters", "job-name"])
        .map_or("", Node::text);
    if named.is_empty() { &task.name } else { named }
}

/// What the container is told to run, which outranks a label: `backup`, `info`, `stanza-create`. `None` where nothing says so, or
/// where it is unknown.
pub(super) fn command(job: &Object) -> Option<String> {
    let told = env(job, "COMMAND", "what pgBackRest is told to do");
    told.value()
        .cloned()
        .flatten()
        .filter(|told| !told.is_empty())
}

fn outcome(job: &Object) -> Fact<Outcome> {
    const NOTE: &str = "how the last backup ended";
    // That a Job succeeded says nothing of a backup where it may have run something else.
    let told = env(job, "COMMAND", "what pgBackRest is told to do");
    if let Fact::Unknown(gaps) = told {
        return Fact::Unknown(gaps);
    }
    let count = |field| {
        number(job, &["status", field], "the backup Job's status").map(|count| count.unwrap_or(0))
    };
    let counts = count("succeeded")
        .both(count("failed"))
        .both(count("active"));
    let Fact::Known(truth) = counts else {
        return counts.map(|_| Outcome::Open);
    };
    let ((succeeded, failed), active) = truth.value;
    let at = |outcome, path: &[&str]| {
        let span = job.at(path).map_or_else(|| job.nearest(path), Node::span);
        Fact::at(outcome, span, NOTE)
    };
    let condition = |kind| condition(job, kind).map(Node::span);
    if succeeded > 0 {
        return at(Outcome::Succeeded, &["status", "succeeded"]);
    }
    if let Some(span) = condition("Complete") {
        return Fact::at(Outcome::Succeeded, span, NOTE);
    }
    if let Some(span) = condition("Failed") {
        return Fact::at(Outcome::Failed, span, NOTE);
    }
    if failed > 0 && active == 0 {
        return at(Outcome::Failed, &["status", "failed"]);
    }
    at(Outcome::Open, &["status"])
}

fn created(object: &Object) -> Option<Moment> {
    moment(object, &["metadata", "creationTimestamp"])
}

fn moment(object: &Object, path: &[&str]) -> Option<Moment> {
    moment_of(object.at(path)?)
}

fn moment_of(node: Node<'_>) -> Option<Moment> {
    Some((node.text().parse().ok()?, node.span()))
}

/// The last backup that ended; `None` where none did. Which one is last is known only when all are seen, except that a
/// failure is reported in any case.
pub(super) fn last<'a>(cluster: &Cluster<'a>) -> Fact<Option<Backup<'a>>> {
    let (runs, all) = backups(cluster);
    let mut ended: Vec<(Backup<'a>, Outcome)> = Vec::new();
    for run in runs {
        match &run.outcome {
            Fact::Unknown(gaps) => return Fact::Unknown(gaps.clone()),
            Fact::Known(truth) if truth.value == Outcome::Open => {}
            Fact::Known(truth) => {
                let outcome = truth.value;
                ended.push((run, outcome));
            }
        }
    }
    let Some((newest, outcome)) = ended.first().cloned() else {
        return all.map(|()| None);
    };
    let undated =
        |(run, other): &(Backup<'a>, Outcome)| run.latest().is_none() && *other != outcome;
    if ended.iter().any(undated) {
        return Fact::unknown(Gap {
            missing: format!("which backup of {} is the last", cluster.name),
            because: "not all of its backup Jobs say when they ran".to_owned(),
            ask: Gap::of_all(Kind::Job, cluster.namespace).ask,
        });
    }
    let place = newest.outcome.clone();
    let known = if outcome == Outcome::Failed {
        Fact::known(())
    } else {
        all
    };
    known.and_then(|()| place.map(|_| Some(newest)))
}

/// Where a moment is written.
pub(super) fn evidence((_, span): Moment) -> Evidence {
    Evidence {
        absent: false,
        span,
        note: "when the last backup ran",
    }
}
