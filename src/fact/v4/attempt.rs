//! Jobs that an earlier attempt with PGO v5 left under the names that the next one will use.
//!
//! It must not know what else an attempt leaves: claims tell of that themselves.

use super::traces::placed;
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.v5MoveJobs",
        Type::Strings,
        "Jobs of PGO v5 that moved data or WAL for a PostgresCluster of this name; it never runs a completed one again; those that are seen, none only where each would have been",
        |cluster| jobs(cluster, &["move-pgdata-dir", "move-pgwal-dir"]).map(Value::from),
    ),
    row(
        "cluster.v5RepositoryJobs",
        Type::Strings,
        "Jobs of PGO v5 that moved the repository or restored from it for a PostgresCluster of this name; it never runs a completed one again; those that are seen, none only where each would have been",
        |cluster| {
            jobs(cluster, &["move-pgbackrest-repo-dir", "pgbackrest-restore"]).map(Value::from)
        },
    ),
];

/// One that is seen is enough; that there is none is known only when each would have been seen.
fn jobs(cluster: &Cluster<'_>, endings: &[&str]) -> Fact<Vec<String>> {
    let named = endings.iter().map(|ending| {
        let name = format!("{}-{ending}", cluster.name);
        cluster.object_named(Kind::Job, &name, "a Job of an earlier attempt with v5")
    });
    let mut seen: Fact<Vec<String>> = Fact::known(Vec::new());
    let mut none = Fact::known(());
    for job in named {
        if let Some(Some(object)) = job.value() {
            let name = object.name.to_string();
            seen = seen.both(job).map(|(mut names, _)| {
                names.push(name);
                names
            });
        } else {
            none = none.both(job).map(|_| ());
        }
    }
    match seen.value() {
        Some(names) if !names.is_empty() => seen,
        _ => placed(cluster, none.map(|()| Vec::new())),
    }
}
