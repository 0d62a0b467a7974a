//! What a Job or a Pgtask of PGO v4 does, by its labels and its type.

use crate::fact::v4::fields::parse_bool;
use crate::fact::v4::objects::workload::{env, perhaps_among_more};
use crate::manifest::{Fact, Gaps, Node, Object};

/// What is done with a cluster.
#[derive(Debug)]
pub(super) struct Deed {
    /// In words, with an article.
    pub(super) what: &'static str,
    /// Whether it ends the cluster; known to be one thing or the other, or unknown.
    deletes: Fact<bool>,
    /// Whether it removes the claims of data, WAL and tablespaces.
    pub(super) data: Fact<bool>,
    /// Whether it removes the repository's claim.
    pub(super) backups: Fact<bool>,
}

impl Deed {
    /// Anything but the deletion of the cluster.
    pub(super) fn other(what: &'static str) -> Deed {
        Deed {
            what,
            deletes: Fact::known(false),
            data: Fact::known(false),
            backups: Fact::known(false),
        }
    }

    fn deletion(deletes: Fact<bool>, data: Fact<bool>, backups: Fact<bool>) -> Deed {
        Deed {
            what: "the deletion of the cluster",
            deletes,
            data,
            backups,
        }
    }

    /// Also where it is not known to remove less than the cluster.
    pub(super) fn is_deletion(&self) -> bool {
        self.deletes.value() != Some(&false)
    }

    /// Why it is not known whether it ends the cluster.
    pub(super) fn unclear(&self) -> Option<&Gaps> {
        match &self.deletes {
            Fact::Unknown(gaps) => Some(gaps),
            Fact::Known(_) => None,
        }
    }

    /// An upgrade deletes its own Pgtask as it goes: where one is left, the upgrade is not through.
    pub(super) fn upgrades(&self) -> bool {
        self.what == UPGRADE
    }
}

const UPGRADE: &str = "an upgrade of the cluster by pgo upgrade";

/// Whether a Job that bears the cluster's label is PGO's own.
pub(super) fn is_of_v4(job: &Object) -> bool {
    job.label("vendor")
        .is_some_and(|label| label.text() == "crunchydata")
}

/// What a Job does.
pub(super) fn of_job(job: &Object, cluster: &str) -> Deed {
    let said = |key: &str| job.label(key).map_or("", Node::text);
    if said("pgrmdata") == "true" {
        return removal(|variable, _| flag_of_job(job, variable));
    }
    if let Some(target) = job.label("pgha-bootstrap") {
        return Deed::other(if target.text() == cluster {
            "the start from a repository"
        } else {
            "a cluster being made from its backups"
        });
    }
    let is = |key: &str| said(key) == "true";
    Deed::other(match said("backrest-command") {
        _ if is("pgo-clone-step-1") || is("pgo-clone-step-2") => "a clone",
        "backup" => "a backup",
        "stanza-create" => "the creation of the stanza",
        _ if is("pgo-backrest-restore") || said("backrest-command") == "restore" => "a restore",
        _ if is("pgdump") => "a dump",
        _ if is("pgrestore") => "the restore of a dump",
        _ => "a Job of PGO v4",
    })
}

/// What a Pgtask asks for; `None` for those that only keep a record, or that concern no data.
pub(super) fn of_task(task: &Object) -> Option<Deed> {
    let said = |path: &[&str]| task.at(path).map_or("", Node::text);
    let command = said(&["spec", "parameters", "backrest-command"]);
    Some(Deed::other(match said(&["spec", "tasktype"]) {
        "delete-data" => {
            return Some(removal(|_, parameter| {
                flag(task, &["spec", "parameters", parameter])
            }));
        }
        "backrest" if command == "stanza-create" => "the creation of the stanza",
        "backrest" if matches!(command, "" | "backup") => "a backup",
        "restore" => "a restore",
        "pgdump" => "a dump",
        "pgrestore" => "the restore of a dump",
        "clusterupgrade" | "minorupgradecluster" => UPGRADE,
        "failover" | "autofailover" => "a failover",
        "clone-step1" | "clone-step2" | "clone-step3" => "a clone",
        "rolling update" => "a rolling restart",
        "delete-backups" => "the removal of backups",
        _ => return None,
    }))
}

/// The one Job and Pgtask for three things: the removal of a cluster, of a replica, of dumps. `flag` is given the
/// name of the Job's variable and that of the Pgtask's parameter.
fn removal(flag: impl Fn(&'static str, &'static str) -> Fact<bool>) -> Deed {
    let replica = flag("IS_REPLICA", "is-replica");
    if replica.value() == Some(&true) {
        return Deed::other("the removal of a replica");
    }
    let dumps = flag("IS_BACKUP", "is-backup");
    if dumps.value() == Some(&true) {
        return Deed::other("the removal of dumps");
    }
    Deed::deletion(
        replica.both(dumps).map(|_| true),
        flag("REMOVE_DATA", "delete-data"),
        flag("REMOVE_BACKUP", "delete-backups"),
    )
}

fn flag_of_job(job: &Object, variable: &str) -> Fact<bool> {
    let said = env(job, variable, "what the deletion takes");
    said.and_then(|text| match text {
        Some(text) => Fact::known(parse_bool(&text) == Some(true)),
        None => perhaps_among_more(job, variable).map_or(Fact::known(false), Fact::unknown),
    })
}

fn flag(task: &Object, path: &[&str]) -> Fact<bool> {
    let said = crate::fact::v4::fields::text(task, path, "what the deletion takes");
    said.map(|text| parse_bool(&text) == Some(true))
}
