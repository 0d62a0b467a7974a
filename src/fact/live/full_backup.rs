//! Whether a full backup of the living cluster's own was completed.

use jiff::Timestamp;

use super::jobs::{BACKUP, CRON_JOB, cron_jobs, state, with_label, word};
use super::status::{annotation, items, system_identifier};
use super::subject::Living;
use crate::fact::patroni::ends;
use crate::fact::v4::fields;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{BackupInfo, Fact, Kind, Node, Object};

/// What pgBackRest lists of the cluster: a full backup of its own, or that there is none; `None` without a list of this
/// database.
fn listed_full(living: &Living<'_>) -> Option<Fact<bool>> {
    let infos = living.inventory.backup_infos.iter();
    let own = system_identifier(living);
    let same = |info: &&BackupInfo| match (own.value(), &info.system) {
        (Some(own), Some(system)) => own == system,
        _ => true,
    };
    let of_this = infos.filter(|info| info.is_of(living.namespace, living.name));
    let infos: Vec<&BackupInfo> = of_this.filter(same).collect();
    let since = began(living)?;
    let mut all = infos.iter().flat_map(|info| &info.backups);
    let full = all.find(|one| one.full && !one.damaged && !one.lacks_wal && one.started >= since);
    match full {
        Some(one) => Some(Fact::at(
            true,
            one.span,
            "a full backup that pgBackRest lists",
        )),
        None if infos.iter().all(|info| info.partial.is_some()) => None,
        None => Some(Fact::at(false, living.name_span(), "the PostgresCluster")),
    }
}

/// From when on backups are the living cluster's own: since it was made, or was promoted first after that. A repository
/// that is shared holds v4's, too, and v4 may write beside a standby. `None` where that cannot be said.
fn began(living: &Living<'_>) -> Option<Timestamp> {
    let made = living.object.at(&["metadata", "creationTimestamp"])?;
    let made: Timestamp = made.text().parse().ok()?;
    let path = ["metadata", "annotations", "history"];
    let history = annotation(living, "ha-config", &path, "the history of timelines");
    let promoted = ends(history.value()?)
        .into_iter()
        .filter(|time| *time >= made);
    Some(promoted.min().unwrap_or(made))
}

/// A full backup that is seen is there, whatever else there is.
pub(super) fn seen(living: &Living<'_>) -> Fact<bool> {
    let listed = listed_full(living);
    if let Some(full) = listed.as_ref().filter(|one| one.value() == Some(&true)) {
        return full.clone();
    }
    let scheduled = ["status", "pgbackrest", "scheduledBackups"];
    let told = items(living, &scheduled, "the backups the operator counts");
    for backup in told.value().into_iter().flatten() {
        let full = word(*backup, &["type"]) == "full";
        let done = backup
            .get("completionTime")
            .is_some_and(|time| !fields::is_unset(time))
            && !matches!(word(*backup, &["succeeded"]), "" | "0");
        if full && done {
            return Fact::at(true, backup.span(), "a full backup that was completed");
        }
    }
    for job in cron_jobs(living) {
        let success = job
            .at(&["status", "lastSuccessfulTime"])
            .filter(|time| !fields::is_unset(*time) && !is_earlier(living, *time));
        if let Some(time) = success.filter(|_| {
            job.label(CRON_JOB)
                .is_some_and(|kind| kind.text() == "full")
        }) {
            return Fact::at(true, time.span(), "when a full backup was last completed");
        }
    }
    for job in with_label(living, BACKUP) {
        let (became, place) = state(job);
        let ended = job.at(&["status", "completionTime"]);
        let earlier = ended.is_some_and(|time| is_earlier(living, time));
        if became == "complete" && is_full(job) && !earlier {
            return Fact::at(true, place, "a full backup that was completed");
        }
    }
    if let Some(none) = listed {
        return none;
    }
    let jobs = if_complete(&living.all_of(Kind::Job).completeness, ());
    let cron_jobs = if_complete(&living.all_of(Kind::CronJob).completeness, ());
    told.map(|_| ()).both(jobs.both(cron_jobs)).map(|_| false)
}

/// Whether a time is before the living cluster was made: then what was done is of an earlier one of its name.
fn is_earlier(living: &Living<'_>, time: Node<'_>) -> bool {
    let made = living.object.at(&["metadata", "creationTimestamp"]);
    let read = |node: Node<'_>| node.text().parse::<Timestamp>().ok();
    let (made, time) = (made.and_then(read), read(time));
    made.zip(time).is_some_and(|(made, time)| time < made)
}

/// Whether a backup Job makes a full backup: its schedule says so, or its command.
fn is_full(job: &Object) -> bool {
    if job
        .label(CRON_JOB)
        .is_some_and(|kind| kind.text() == "full")
    {
        return true;
    }
    let containers = job.at(&["spec", "template", "spec", "containers"]);
    let containers = containers.into_iter().flat_map(Node::items);
    containers.into_iter().any(|container| {
        let lists = ["command", "args"]
            .into_iter()
            .filter_map(|key| container.get(key));
        let mut words = lists.flat_map(Node::items);
        let env = container.get("env").into_iter().flat_map(Node::items);
        let mut values = env.filter_map(|entry| entry.get("value"));
        let full = |node: Node<'_>| node.text().contains("--type=full");
        words.any(full) || values.any(full)
    })
}
