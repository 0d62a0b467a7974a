//! How far a move has come: the operator works in a fixed order, so where it hangs is visible from objects alone.
//!
//! Source: PGO `internal/controller/postgrescluster/controller.go` (Reconcile), 5.0 to 6.0: move Jobs return until all are
//! complete, then claims are adopted, then a data source is restored, then instances start, then stanza and backups.

use super::patroni::leader;
use super::row::{LivingFact, row};
use super::subject::Living;
use super::{backups, jobs, source, status, workload};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Node, Object};

pub(super) static FACTS: &[LivingFact] = &[row(
    "live.stage",
    Type::String,
    "how far it has come: \"unseen\" (the operator wrote nothing), \"paused\", \"moving\", \"move-failed\", \"adopted\", \"restoring\", \"restore-failed\", \"restored\", \"starting\", \"shut-down\", \"following\", \"running\", \"archiving\", \"backed-up\", \"settled\" (backed up, no data source left)",
    |living| stage(living).map(Value::from),
)];

fn stage(living: &Living<'_>) -> Fact<&'static str> {
    if let Some(at_work) = working(living) {
        return at_work;
    }
    if status::truth(living, &["spec", "paused"], "the request to pause").value()
        == Some(&Value::Bool(true))
    {
        return Fact::at(
            "paused",
            living.object.nearest(&["spec", "paused"]),
            "the request to pause",
        );
    }
    let unseen = living
        .object
        .at(&["status"])
        .is_none_or(|status| status.entries().next().is_none());
    let all_jobs = if_complete(&living.all_of(Kind::Job).completeness, ());
    let identifier = status::system_identifier(living);
    // Jobs that were not exported can only hide work while no database has run.
    let ran = identifier.value().is_some_and(|text| !text.is_empty());
    if unseen && !ran {
        return all_jobs
            .map(|()| "unseen")
            .and_at(living.name_span(), "the PostgresCluster has no status");
    }
    if !ran {
        return all_jobs.both(identifier).map(|_| before_it_ran(living));
    }
    identifier.and_then(|_| since_it_ran(living))
}

/// Jobs that are at work, or failed and hold everything up.
fn working(living: &Living<'_>) -> Option<Fact<&'static str>> {
    let of = |jobs: &mut dyn Iterator<Item = &Object>, failed, active| {
        let mut at_work = None;
        for job in jobs {
            match jobs::state(job) {
                ("failed", place) => return Some(Fact::at(failed, place, "the Job that failed")),
                ("active", place) => at_work = Some(Fact::at(active, place, "the Job at work")),
                _ => {}
            }
        }
        at_work
    };
    let moving = of(&mut jobs::moving(living), "move-failed", "moving");
    moving.or_else(|| of(&mut jobs::restoring(living), "restore-failed", "restoring"))
}

fn before_it_ran(living: &Living<'_>) -> &'static str {
    let conditions = living.object.at(&["status", "conditions"]);
    let mut conditions = conditions.into_iter().flat_map(Node::items);
    let restored = conditions.any(|one| {
        let says = |key, text| {
            one.get(key)
                .is_some_and(|node: Node<'_>| node.text() == text)
        };
        says("type", "PostgresDataInitialized") && says("status", "True")
    });
    if restored {
        "restored"
    } else if workload::database_pods(living).next().is_some() {
        "starting"
    } else {
        "adopted"
    }
}

fn since_it_ran(living: &Living<'_>) -> Fact<&'static str> {
    let asked = status::truth(living, &["spec", "shutdown"], "the request to shut down");
    if asked.value() == Some(&Value::Bool(true)) && workload::database_pods(living).next().is_none()
    {
        let none = if_complete(&living.all_of(Kind::Pod).completeness, "shut-down");
        return none.and_at(
            living.object.nearest(&["spec", "shutdown"]),
            "the request to shut down",
        );
    }
    leader::leader(living)
        .both(backups::stanzas(living))
        .map(|(leader, stanzas)| {
            let role = leader.map_or(String::new(), |one| one.role);
            let first_backup = living
                .object
                .at(&["status", "pgbackrest", "repos"])
                .into_iter()
                .flat_map(Node::items)
                .any(|repo| {
                    repo.get("replicaCreateBackupComplete")
                        .is_some_and(|flag| flag.text() == "true")
                });
            match (role.as_str(), stanzas, first_backup) {
                ("standby_leader", ..) => "following",
                ("primary", true, true) if source::any(living) => "backed-up",
                ("primary", true, true) => "settled",
                ("primary", true, false) => "archiving",
                ("primary", false, _) => "running",
                _ => "starting",
            }
        })
}
