//! Who else writes to the cluster's repository in its object store.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::repo;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::directory::directory_of;
use crate::fact::repository::{Identity, normal_path};
use crate::fact::v4::objects::workload;
use crate::fact::v4::servers::instances::is_running;
use crate::fact::v4::status::{SHUTDOWN, standby, state_is};
use crate::fact::v4::storage::claims::Role;
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::fact::writers::{self, Vague, Whereabouts, Writer, Writers, named};
use crate::manifest::{Fact, Gap, Inventory};
use crate::source::OriginId;

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "repo.place",
        Type::String,
        "where the repository is that others can reach, of two the one that others write to, as \"/hippo in bucket backups\" or \"/srv/hippo of file server nas\"; \"\" for any other volume",
        |cluster| placed(cluster, place(cluster)).map(Value::from),
    ),
    row(
        "repo.otherWriters",
        Type::Strings,
        "other clusters of all origins that write to the same place in an object store or an NFS export, as \"Pgcluster dr/hippo\": v4 clusters and living clusters of v5, not standbys nor what is shut down; none where this one does not write",
        |cluster| other_writers(cluster).map(Value::from),
    ),
];

/// Lets the clusters of all origins know of each other, and of the living clusters of PGO v5.
pub fn acquaint<'a>(
    groups: &mut [Vec<Cluster<'a>>],
    inventories: impl IntoIterator<Item = &'a Inventory>,
) {
    let mut writers = Writers::default();
    let youngest = youngest(groups);
    for group in groups.iter() {
        let found: Vec<_> = group.par_iter().map(whereabouts).collect();
        for (cluster, places) in group.iter().zip(found) {
            let older = youngest.get(&home(cluster)) != Some(&cluster.inventory.origin);
            if places.is_empty() || older || !writes(cluster) {
                continue;
            }
            let who = named(
                cluster.inventory,
                crate::manifest::Kind::Pgcluster,
                cluster.namespace,
                cluster.name,
            );
            let span = cluster.name_span();
            let writer = Writer { who, span };
            for place in places {
                writers.add(place, writer.clone());
            }
        }
    }
    for inventory in inventories {
        writers.add_living(inventory);
    }
    let writers = Arc::new(writers);
    for cluster in groups.iter_mut().flatten() {
        cluster.writers = Some(Arc::clone(&writers));
    }
}

/// A cluster whatever the moment: its origin's name, its namespace and its name.
type Home = (String, Option<String>, String);

fn home(cluster: &Cluster<'_>) -> Home {
    let origin = cluster.inventory.origin_name.clone();
    let namespace = cluster.namespace.map(str::to_owned);
    (origin, namespace, cluster.name.to_owned())
}

/// The youngest export of each cluster: several exports of one are moments of it, and no other writers.
fn youngest(groups: &[Vec<Cluster<'_>>]) -> BTreeMap<Home, OriginId> {
    let mut youngest = BTreeMap::new();
    for cluster in groups.iter().flatten() {
        let origin = cluster.inventory.origin;
        let known = youngest.entry(home(cluster)).or_insert(origin);
        *known = (*known).max(origin);
    }
    youngest
}

/// Whether the cluster archives: it is there, is not shut down, follows no other, and something of it runs as far as
/// can be seen.
fn writes(cluster: &Cluster<'_>) -> bool {
    let is = |fact: &Fact<bool>| fact.value() == Some(&true);
    let instances = cluster.instances();
    let runs = instances.seen.iter().any(|one| {
        let wanted = one.deployment.is_some_and(|deployment| {
            workload::replicas(deployment, "the number of pods asked for").value() != Some(&0)
        });
        wanted || one.pods.iter().any(|pod| is_running(pod))
    });
    // Whatever the state says: what runs writes.
    let idle = || state_is(cluster, SHUTDOWN) || instances.all.value().is_some();
    !is(cluster.remains()) && !is(&standby(cluster)) && (runs || !idle())
}

/// Where the cluster's repositories are that others can reach, as far as it is known: backups may go to a volume and to an
/// object store.
fn whereabouts(cluster: &Cluster<'_>) -> Vec<Whereabouts> {
    let types = repo::types(cluster);
    let Some(types) = types.value() else {
        // It may be anywhere with this path.
        return vec![Whereabouts::Vague(Vague {
            bucket: None,
            path: repo::path(cluster).value().map(|path| normal_path(path)),
        })];
    };
    let place = |kind: &String| match kind.as_str() {
        "s3" | "gcs" => in_store(cluster, kind),
        _ => export(cluster).map(Whereabouts::Known),
    };
    types.iter().filter_map(place).collect()
}

fn in_store(cluster: &Cluster<'_>, kind: &str) -> Option<Whereabouts> {
    let (bucket, endpoint, path) = (
        repo::bucket(cluster),
        repo::endpoint(cluster),
        repo::path(cluster),
    );
    if let (Some(bucket), Some(endpoint), Some(path)) =
        (bucket.value(), endpoint.value(), path.value())
    {
        let identity = Identity::of(kind, bucket, endpoint, path, repo::home(cluster));
        return identity.map(Whereabouts::Known);
    }
    Some(Whereabouts::Vague(Vague {
        bucket: bucket.value().filter(|bucket| !bucket.is_empty()).cloned(),
        path: path.value().map(|path| normal_path(path)),
    }))
}

/// The directory of the NFS export that the repository's volume is, if it is one.
fn export(cluster: &Cluster<'_>) -> Option<Identity> {
    let directory = repo::directory_of(cluster);
    let directory = directory.value()?;
    let said = cluster.claim(Role::Repo).ask(|claim| {
        claim.of_volume(None, |volume| {
            Fact::known(directory_of(volume, directory, repo::home(cluster)))
        })
    });
    said.value().cloned().flatten()
}

fn place(cluster: &Cluster<'_>) -> Fact<String> {
    let parts = repo::types(cluster).both(repo::path(cluster));
    parts.map(|_| {
        let (known, met) = (known(cluster), met(cluster));
        // Of two places the one where somebody else is.
        let told = if met.is_empty() { known } else { met };
        let places: Vec<String> = told.iter().map(Identity::place).collect();
        places.join(" and ")
    })
}

fn known(cluster: &Cluster<'_>) -> Vec<Identity> {
    let places = whereabouts(cluster).into_iter();
    let known = places.filter_map(|place| match place {
        Whereabouts::Known(identity) => Some(identity),
        Whereabouts::Vague(_) => None,
    });
    known.collect()
}

/// Those of its places where somebody else writes, too.
fn met(cluster: &Cluster<'_>) -> Vec<Identity> {
    let own = cluster.name_span();
    let shared = |place: &Identity| {
        let all = cluster.writers.as_ref();
        all.is_some_and(|all| !all.others(place, own).is_empty())
    };
    known(cluster).into_iter().filter(shared).collect()
}

fn other_writers(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let nobody = || placed(cluster, Fact::known(Vec::new()));
    let Some(all) = &cluster.writers else {
        return nobody();
    };
    let places = whereabouts(cluster);
    if places.is_empty() || !writes(cluster) {
        return nobody();
    }
    let own = cluster.name_span();
    let mut found: Vec<&Writer> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut alone = nobody();
    let mut open: Vec<Gap> = Vec::new();
    for place in &places {
        match place {
            Whereabouts::Known(identity) => {
                let others = all.others(identity, own);
                if !others.is_empty() {
                    found.extend(others.into_iter().filter(|one| seen.insert(one.span)));
                } else if all.may_meet(identity, own) {
                    open.push(unknown_meeting(cluster, identity));
                } else if !identity.is_on_node() {
                    let at = identity.place();
                    let words = format!("no cluster that is not in the input writes to {at}");
                    alone = alone.assuming(words.into());
                }
            }
            Whereabouts::Vague(_) if all.anyone_else(own) => {
                let parts = repo::types(cluster).both(repo::bucket(cluster));
                let parts = parts
                    .both(repo::endpoint(cluster))
                    .both(repo::path(cluster));
                if let Fact::Unknown(gaps) = parts {
                    open.extend(gaps.iter().cloned());
                }
            }
            Whereabouts::Vague(_) => {}
        }
    }
    if found.is_empty() {
        return match open.as_slice() {
            [] => alone,
            _ => Fact::Unknown(open.into()),
        };
    }
    let at_path = repo::path(cluster).map(|_| writers::names(&found));
    let shown = found.iter().take(writers::MOST_NAMES);
    shown.fold(at_path, |fact, writer| {
        fact.and_at(writer.span, "writes to the same place")
    })
}

fn unknown_meeting(cluster: &Cluster<'_>, place: &Identity) -> Gap {
    Gap {
        missing: format!("who else writes to {}", place.place()),
        because: "of another cluster in the input bucket, endpoint or path of the repository are not known".to_owned(),
        ask: format!(
            "kubectl get deployments {}-o yaml, and the same where the other cluster is",
            cluster.namespace_flag()
        ),
    }
}
