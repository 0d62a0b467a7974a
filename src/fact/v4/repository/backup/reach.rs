//! Where a backup went, of what kind it is, and why it was taken: by its Job's environment and its Pgtask's parameters.

use super::super::repo;
use super::runs::Backup;
use crate::fact::v4::Cluster;
use crate::fact::v4::objects::workload::env;
use crate::manifest::{Fact, Gap, Node};

/// The kinds of storage it went to. With a volume and an object store PGO runs every backup for both, unless one
/// was asked for.
pub(super) fn types(cluster: &Cluster<'_>, backup: &Backup<'_>) -> Fact<Vec<String>> {
    if let Some(saved) = backup.saved.filter(|_| backup.object().is_none()) {
        return listed_types(cluster, &saved.label);
    }
    if let Some(asked) = options(backup).iter().find_map(|text| type_option(text)) {
        return Fact::known(repo::normalised(vec![asked]));
    }
    let by_job = backup
        .job
        .map_or_else(|| Fact::known(None), repo::in_variables);
    by_job.and_then(|types| match types {
        Some(types) => Fact::known(types),
        None => by_task(cluster, backup),
    })
}

/// A list of pgBackRest's is of one repository; with a volume and an object store it does not say of which.
fn listed_types(cluster: &Cluster<'_>, label: &str) -> Fact<Vec<String>> {
    repo::types(cluster).and_then(|types| match types.as_slice() {
        [_] => Fact::known(types),
        _ => Fact::unknown(Gap {
            missing: format!("in which repository the backup {label} is"),
            because: "backups go to several, and pgBackRest's list does not name it".to_owned(),
            ask: "pgbackrest info --output=json --repo1-type=s3".to_owned(),
        }),
    })
}

/// Where it went, where that is no repository of the cluster any more: types that are not in use, or another bucket,
/// store or path by the Job's environment. `""` where nothing differs.
pub(super) fn elsewhere(cluster: &Cluster<'_>, backup: &Backup<'_>) -> Fact<String> {
    let stanza = of_another_stanza(cluster, backup);
    if stanza.value().is_some_and(|stanza| !stanza.is_empty()) {
        return stanza;
    }
    let here = repo::types(cluster);
    here.both(types(cluster, backup)).and_then(|(here, there)| {
        if !there.iter().any(|one| here.contains(one)) {
            return Fact::known(there.join(" and "));
        }
        let remote = |types: &[String]| types.iter().any(|one| one == "s3" || one == "gcs");
        match backup.job {
            // A volume beside it holds the backup too.
            Some(job) if remote(&there) && !here.iter().any(|one| one == "posix") => {
                repo::differs(cluster, job)
            }
            _ => Fact::known(String::new()),
        }
    })
}

/// The stanza the Job names, "stanza old", where it is not the one that the cluster archives into: v5 looks into the one alone.
fn of_another_stanza(cluster: &Cluster<'_>, backup: &Backup<'_>) -> Fact<String> {
    let named = backup
        .job
        .map(|job| env(job, "PGBACKREST_STANZA", "the stanza of the backup"));
    let Some(named) = named.filter(|named| named.value().is_some()) else {
        return Fact::known(String::new());
    };
    repo::stanza(cluster).both(named).map(|(here, there)| {
        let other = there.filter(|there| !there.is_empty() && *there != here);
        other.map_or_else(String::new, |stanza| format!("stanza {stanza}"))
    })
}

/// What the Pgtask asked for; else what the cluster's backups always do.
fn by_task(cluster: &Cluster<'_>, backup: &Backup<'_>) -> Fact<Vec<String>> {
    if let Some(node) = parameter(backup, "backrest-storage-type") {
        let words = node.text().split(',').map(str::to_owned).collect();
        return Fact::at(
            repo::normalised(words),
            node.span(),
            "where the backup was to go",
        );
    }
    repo::types(cluster)
}

fn parameter<'a>(backup: &Backup<'a>, key: &str) -> Option<Node<'a>> {
    let node = backup.task?.at(&["spec", "parameters", key])?;
    (!node.text().is_empty()).then_some(node)
}

/// The options it was run with, by its Job and by its Pgtask.
fn options(backup: &Backup<'_>) -> Vec<String> {
    let of_job = backup.job.and_then(|job| {
        env(job, "COMMAND_OPTS", "the backup's options")
            .value()
            .cloned()
            .flatten()
    });
    let of_task = parameter(backup, "backrest-opts").map(|node| node.text().to_owned());
    of_job.into_iter().chain(of_task).collect()
}

/// `--repo1-type=s3`, `--repo-type s3`.
fn type_option(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        for option in ["--repo1-type", "--repo-type"] {
            if word == option {
                return words.next().map(str::to_owned);
            }
            if let Some(value) = word
                .strip_prefix(option)
                .and_then(|rest| rest.strip_prefix('='))
            {
                return Some(value.to_owned());
            }
        }
    }
    None
}

/// Why it was taken.
pub(super) fn kind(backup: &Backup<'_>) -> &'static str {
    if backup.name.ends_with("-sch-backup") {
        return "scheduled";
    }
    let label = backup.job.and_then(|job| job.label("pgha-backup-type"));
    match label
        .or_else(|| parameter(backup, "pgha-backup-type"))
        .map_or("", Node::text)
    {
        "bootstrap" => "bootstrap",
        "failover" => "failover",
        _ => "manual",
    }
}

/// Whether something says that it is a full backup: its options, the schedule's name, or that it was the first.
pub(super) fn says_full(backup: &Backup<'_>) -> bool {
    if let Some(saved) = backup.saved {
        return saved.full;
    }
    let typed = options(backup).iter().any(|text| {
        let mut words = text.split_whitespace();
        let separate = text.contains("--type full");
        separate || words.any(|word| word == "--type=full")
    });
    typed || backup.name.ends_with("-full-sch-backup") || kind(backup) == "bootstrap"
}
