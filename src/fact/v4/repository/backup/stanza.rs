//! Whether the repository was made anew after the last backup, and could not be: PGO v4 runs `stanza-create` when the repository
//! host becomes ready for a new or restored cluster, or for a standby that was promoted.
//!
//! Source: PGO 4.7 internal/controller/pod/inithandler.go, internal/operator/backrest/stanza.go (one Job, `NAME-stanza-create`).

use jiff::Timestamp;

use super::runs::{Backup, Outcome, backups, command};
use crate::fact::v4::Cluster;
use crate::fact::v4::repository::listed::listed;
use crate::manifest::{Fact, Node, Object};

/// The newest Job that was to create the stanza, where it failed and no backup has ended since.
pub(super) fn failed(cluster: &Cluster<'_>) -> Fact<String> {
    let jobs = cluster.jobs().objects.iter().copied();
    let creating = jobs.filter(|job| is_creation(job)).map(Backup::of_job);
    let newest = creating.max_by_key(Backup::latest);
    let failed = newest.filter(|run| run.outcome.value() == Some(&Outcome::Failed));
    let Some((at, run)) = failed.and_then(|run| Some((run.latest()?, run))) else {
        return Fact::known(String::new());
    };
    // What pgBackRest lists is in the repository of today.
    if listed(cluster).is_ok_and(|infos| !infos.is_empty()) || is_followed(cluster, at) {
        return Fact::known(String::new());
    }
    run.outcome.map(|_| run.name)
}

fn is_creation(job: &Object) -> bool {
    let label = || job.label("backrest-command").map(Node::text);
    match label() {
        Some("stanza-create") => command(job).is_none_or(|command| command == "stanza-create"),
        _ => false,
    }
}

/// Whether a backup succeeded after a moment: it needs a stanza.
fn is_followed(cluster: &Cluster<'_>, then: Timestamp) -> bool {
    let (runs, _) = backups(cluster);
    let mut runs = runs.iter();
    runs.any(|run| {
        run.outcome.value() == Some(&Outcome::Succeeded)
            && run.latest().is_some_and(|ended| ended > then)
    })
}
