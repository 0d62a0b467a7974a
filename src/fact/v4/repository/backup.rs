//! The last backup: how it ended, how old it is, where it went.

mod reach;
mod runs;
mod stanza;

use jiff::Timestamp;

use super::repo::listing;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::storage::claims::{Role, birth};
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Gap, Kind};
use runs::{Backup, Moment, Outcome, backups, evidence, last};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "backup.found",
        Type::Bool,
        "a backup Job, or the Pgtask that asked for one, is seen; Jobs may have been cleared away",
        |cluster| found(cluster).map(Value::from),
    ),
    row(
        "backup.succeeded",
        Type::Bool,
        "the last backup succeeded, by pgBackRest's own list where there is one (--backup-info), whatever Jobs say, else by the Jobs; false also where there is none; unknown unless all Jobs of the namespace are seen, since a newer one may have failed",
        |cluster| ended(cluster, Outcome::Succeeded).map(Value::from),
    ),
    row(
        "backup.failed",
        Type::Bool,
        "the last backup that is seen failed",
        |cluster| ended(cluster, Outcome::Failed).map(Value::from),
    ),
    row(
        "backup.completed",
        Type::String,
        "when the last backup ended, RFC 3339; \"\" where none succeeded; unknown where the Job is gone",
        |cluster| completed(cluster).map(Value::from),
    ),
    row(
        "backup.ageHours",
        Type::Int,
        "hours since the last backup ended (since it was asked for where the Job is gone), begun ones counted; 0 where none succeeded",
        |cluster| age_in_hours(cluster).map(Value::from),
    ),
    row(
        "backup.job",
        Type::String,
        "the Job of the last backup; \"\" for none",
        |cluster| {
            about(cluster, String::new(), |backup| {
                // What pgBackRest lists is told by its label, and is no Job.
                match backup.object() {
                    None => Fact::known(String::new()),
                    Some(_) => Fact::known(backup.name.clone()),
                }
            })
            .map(Value::from)
        },
    ),
    row(
        "backup.kind",
        Type::String,
        "why the last backup was taken: \"bootstrap\", \"failover\", \"scheduled\" or \"manual\"; \"\" for none",
        |cluster| about(cluster, "", |backup| Fact::known(reach::kind(backup))).map(Value::from),
    ),
    row(
        "backup.repoTypes",
        Type::Strings,
        "where the last backup went: of \"posix\", \"s3\", \"gcs\"; with several the Job's success is that of the last",
        |cluster| {
            about(cluster, Vec::new(), |backup| reach::types(cluster, backup)).map(Value::from)
        },
    ),
    row(
        "backup.afterWal",
        Type::Bool,
        "the last backup began after the WAL claim was created; true without a WAL claim",
        |cluster| after_wal(cluster).map(Value::from),
    ),
    row(
        "backup.beforeRepository",
        Type::Bool,
        "the last successful backup went to the volume, and ended before the repository's claim was created; false without such a claim or backup",
        |cluster| before_repository(cluster).map(Value::from),
    ),
    row(
        "backup.elsewhere",
        Type::String,
        "where the last successful backup went, if that is none of the cluster's repositories of today: \"s3\", \"bucket old\"; \"\" otherwise",
        |cluster| {
            about_success(cluster, String::new(), |backup| {
                reach::elsewhere(cluster, backup)
            })
            .map(Value::from)
        },
    ),
    row(
        "backup.stanzaFailed",
        Type::String,
        "the Job that was to create the stanza after the last backup, and failed, as far as Jobs are seen; \"\" where none is, and where pgBackRest's own list is there",
        |cluster| placed(cluster, stanza::failed(cluster)).map(Value::from),
    ),
    row(
        "backup.full",
        Type::Bool,
        "the last backup is a full one; unknown unless something says so, since the first of any kind is full",
        |cluster| about(cluster, false, |backup| full(cluster, backup)).map(Value::from),
    ),
];

fn found(cluster: &Cluster<'_>) -> Fact<bool> {
    let (runs, all) = backups(cluster);
    if let Some(object) = runs.iter().find_map(Backup::object) {
        return Fact::at(true, object.name_span(), "a backup");
    }
    if let Some(saved) = runs.first().and_then(|run| run.saved) {
        return Fact::at(true, saved.span, "a backup that pgBackRest lists");
    }
    let tasks = if_complete(&cluster.all_of(Kind::Pgtask).completeness, ());
    placed(cluster, all.both(tasks).map(|_| false))
}

/// What is true of the last backup, or `otherwise` where there is none.
fn about<T>(
    cluster: &Cluster<'_>,
    otherwise: T,
    tell: impl FnOnce(&Backup<'_>) -> Fact<T>,
) -> Fact<T> {
    let fact = last(cluster).and_then(|backup| match backup {
        Some(backup) => tell(&backup),
        None => Fact::known(otherwise),
    });
    placed(cluster, fact)
}

fn ended(cluster: &Cluster<'_>, how: Outcome) -> Fact<bool> {
    about(cluster, false, |backup| {
        Fact::known(backup.outcome.value() == Some(&how))
    })
}

/// What is true of the last backup if it succeeded.
fn about_success<T>(
    cluster: &Cluster<'_>,
    otherwise: T,
    tell: impl FnOnce(&Backup<'_>) -> Fact<T>,
) -> Fact<T> {
    about(cluster, None, |backup| match backup.outcome.value() {
        Some(Outcome::Succeeded) => tell(backup).map(Some),
        _ => Fact::known(None),
    })
    .map(|value| value.unwrap_or(otherwise))
}

fn at<T>(value: T, moment: Moment) -> Fact<T> {
    let place = evidence(moment);
    Fact::at(value, place.span, place.note)
}

fn completed(cluster: &Cluster<'_>) -> Fact<String> {
    about_success(cluster, String::new(), |backup| match backup.finished {
        Some(moment) => at(moment.0.to_string(), moment),
        None => Fact::unknown(no_time(cluster, backup)),
    })
}

fn age_in_hours(cluster: &Cluster<'_>) -> Fact<i64> {
    about_success(cluster, 0, |backup| {
        match backup.finished.or(backup.started) {
            Some(moment) if is_yet_to_come(moment.0, cluster.run.now) => {
                Fact::unknown(in_the_future(cluster, backup, moment.0))
            }
            Some(moment) => at(hours_between(moment.0, cluster.run.now), moment),
            None => Fact::unknown(no_time(cluster, backup)),
        }
    })
}

/// Whether a time lies further ahead than clocks differ: then it, or what is taken for now, is wrong.
fn is_yet_to_come(then: Timestamp, now: Timestamp) -> bool {
    const AN_HOUR: i64 = 3600;
    then.as_second().saturating_sub(now.as_second()) > AN_HOUR
}

fn in_the_future(cluster: &Cluster<'_>, backup: &Backup<'_>, then: Timestamp) -> Gap {
    let now = cluster.run.now;
    Gap {
        missing: format!("how old the backup {} is", backup.name),
        because: format!("it ended at {then}, and now is {now}"),
        ask: "date -u # and run again with --now, if the time of the export was another".to_owned(),
    }
}

/// Hours begun; 0 for a time just ahead.
fn hours_between(then: Timestamp, now: Timestamp) -> i64 {
    let seconds = now.as_second().saturating_sub(then.as_second()).max(0);
    seconds.saturating_add(3599) / 3600
}

fn no_time(cluster: &Cluster<'_>, backup: &Backup<'_>) -> Gap {
    Gap {
        missing: format!("when the backup {} ended", backup.name),
        because: match backup.job {
            Some(_) => "its Job does not say".to_owned(),
            None => "its Job is gone, and the Pgtask does not say".to_owned(),
        },
        ask: listing(cluster),
    }
}

fn after_wal(cluster: &Cluster<'_>) -> Fact<bool> {
    let created = cluster.claim(Role::Wal).ask(|claim| birth(claim));
    created.and_then(|created| {
        let Some(created) = created else {
            return Fact::known(true);
        };
        about_success(cluster, false, |backup| match backup.started {
            Some(moment) => at(moment.0 >= created, moment),
            None => Fact::unknown(no_time(cluster, backup)),
        })
    })
}

/// A claim that was made anew holds nothing of what was backed up before.
fn before_repository(cluster: &Cluster<'_>) -> Fact<bool> {
    about_success(cluster, false, |backup| {
        let types = reach::types(cluster, backup);
        if types
            .value()
            .is_some_and(|types| !types.iter().any(|one| one == "posix"))
        {
            return types.map(|_| false);
        }
        let created = cluster.claim(Role::Repo).ask(|claim| birth(claim));
        created.and_then(|created| match (created, backup.finished) {
            (None, _) => Fact::known(false),
            (Some(created), Some(moment)) => at(moment.0 < created, moment),
            (Some(_), None) => Fact::unknown(no_time(cluster, backup)),
        })
    })
}

fn full(cluster: &Cluster<'_>, backup: &Backup<'_>) -> Fact<bool> {
    let full = reach::says_full(backup);
    if full || backup.saved.is_some() {
        return Fact::known(full);
    }
    Fact::unknown(Gap {
        missing: format!("whether the backup {} is a full one", backup.name),
        because: "neither its options nor its name say so".to_owned(),
        ask: listing(cluster),
    })
}

#[cfg(test)]
mod tests;
