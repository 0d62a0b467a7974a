//! What each claim that bears a cluster's label holds: by what mounts it, else by PGO's naming.
//!
//! Only the label says whose claim it is. A name says what it holds, and only after the cluster's own name was taken
//! off: a cluster may be called `foo-wal`.

use crate::fact::v4::objects::workload;
use crate::fact::v4::objects::workload::volumes;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::{Cluster, fields};
use crate::manifest::{Fact, Gap, Node, Object};

/// What a claim holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fact::v4) enum Holds {
    /// An instance's data.
    Data,
    /// An instance's WAL.
    Wal,
    /// The pgBackRest repository.
    Repo,
    /// A tablespace of this name.
    Tablespace(String),
    /// Dumps, old base backups, pgAdmin.
    Other,
}

/// What a claim labelled with the cluster's name holds.
pub(in crate::fact::v4) fn holds(cluster: &Cluster<'_>, claim: &Object) -> Holds {
    let name = &*claim.name;
    let mounters = cluster.mounts().mounters(cluster.namespace, name);
    let of_cluster = |object: &&&Object| {
        object
            .label("pg-cluster")
            .is_some_and(|label| label.text() == cluster.name)
    };
    let mounted_as = mounters
        .iter()
        .filter(of_cluster)
        .find_map(|object| mounted(object, name));
    mounted_as.unwrap_or_else(|| by_name(cluster, name))
}

/// Labels of Jobs that keep dumps or base backups in a claim of their own, which they mount under the name that instances have for
/// their data (PGO 4.1 to 4.7, `pgdump-job.json`, `pgrestore-job.json`, up to 4.2 `backup-job.json`).
const DUMPING: [&str; 3] = ["pgdump", "pgrestore", "pgbackup"];

fn mounted(object: &Object, claim: &str) -> Option<Holds> {
    let is = |label| {
        object
            .label(label)
            .is_some_and(|node| node.text() == "true")
    };
    let dumps = DUMPING.into_iter().any(is);
    volumes(object).find_map(|(volume, backing, _)| {
        let workload::Volume::Claim { name, .. } = backing else {
            return None;
        };
        match volume {
            _ if name != claim => None,
            "pgdata" if dumps => Some(Holds::Other),
            "pgdata" => Some(Holds::Data),
            "pgwal" => Some(Holds::Wal),
            "backrestrepo" => Some(Holds::Repo),
            _ => {
                let tablespace = volume.strip_prefix("tablespace-")?;
                Some(Holds::Tablespace(tablespace.to_owned()))
            }
        }
    })
}

fn by_name(cluster: &Cluster<'_>, name: &str) -> Holds {
    let rest = name.strip_prefix(cluster.name).unwrap_or(name);
    if rest.is_empty() || cluster.instances().get(name).is_some() {
        return Holds::Data;
    }
    match rest {
        "-pgbr-repo" => return Holds::Repo,
        "-pgadmin" | "-backup" => return Holds::Other,
        _ => {}
    }
    let dump = name
        .strip_prefix("backup-")
        .and_then(|name| name.strip_prefix(cluster.name));
    if dump.is_some_and(|rest| rest.starts_with("-pgdump")) {
        return Holds::Other;
    }
    if let Some((_, tablespace)) = rest.split_once("-tablespace-") {
        return Holds::Tablespace(tablespace.to_owned());
    }
    if rest.ends_with("-wal") && may_have_wal(cluster) {
        return Holds::Wal;
    }
    Holds::Data
}

/// Whether the spec allows for WAL volumes; where it is not in the input, they must be reckoned with.
fn may_have_wal(cluster: &Cluster<'_>) -> bool {
    let storage = cluster
        .object
        .and_then(|object| object.at(&["spec", "WALStorage", "storagetype"]));
    cluster.object.is_none() || storage.is_some_and(|node| !fields::is_unset(node))
}

/// The labelled claims that hold data, and whether there can be no others.
pub(in crate::fact::v4) fn data_claims<'a>(cluster: &Cluster<'a>) -> (Vec<&'a Object>, Fact<()>) {
    let listing = cluster.labelled_claims();
    let claims = listing.objects.iter().copied();
    let claims = claims.filter(|claim| holds(cluster, claim) == Holds::Data);
    let all = if_complete(&listing.completeness, ());
    (claims.collect(), all)
}

/// With only claims left: the data claim that the primary must have used, if there is just one.
pub(in crate::fact::v4) fn sole_candidate(cluster: &Cluster<'_>) -> Fact<String> {
    let (claims, all) = data_claims(cluster);
    let missing = format!("which claim held the data of {}'s primary", cluster.name);
    match claims.as_slice() {
        [] => all.and_then(|()| {
            Fact::unknown(Gap {
                missing,
                because: "no claim that holds data is left".to_owned(),
                ask: format!(
                    "look for an export of Pgcluster {} from before the deletion",
                    cluster.name
                ),
            })
        }),
        [only] => {
            let note = "the only data claim that is left";
            let name = Fact::at(only.name.to_string(), only.name_span(), note);
            all.and_then(|()| name)
        }
        several => {
            let names: Vec<&str> = several.iter().map(|claim| &*claim.name).collect();
            Fact::unknown(Gap {
                missing,
                because: format!(
                    "{} are left, and their names prove nothing",
                    names.join(", ")
                ),
                ask: format!(
                    "look up the annotation current-primary in an export of Pgcluster {} from before the deletion",
                    cluster.name
                ),
            })
        }
    }
}

/// The text of a label, `""` where it is missing.
pub(super) fn label<'a>(object: &'a Object, key: &str) -> &'a str {
    object.label(key).map_or("", Node::text)
}
