//! Who writes to which repository in an object store, over all origins of a run: v4 clusters and living clusters of v5.
//!
//! Objects of other origins never change what is true of a cluster; here they only add who else is there. Not counted:
//! standbys, clusters that are shut down or gone, and drafts. An NFS export counts as an object store does: several volumes
//! can be one. Two lookups by hash per cluster, never all by all.

use std::collections::HashMap;

use super::directory::directory_of;
use super::repository::{Home, Identity, normal_path};
use crate::manifest::{Found, Inventory, Kind, Node, Object};
use crate::source::Span;

/// One cluster that writes to a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    /// "Pgcluster dr/rhino", with the origin where it has a name.
    pub who: String,
    /// Where it is named.
    pub span: Span,
}

/// How many writers to one place are told by name: of a thousand that share one, each would name all others.
pub const MOST_NAMES: usize = 20;

/// Their names; of very many the first, and how many more there are.
pub fn names(writers: &[&Writer]) -> Vec<String> {
    let named = writers.iter().take(MOST_NAMES);
    let mut names: Vec<String> = named.map(|writer| writer.who.clone()).collect();
    if writers.len() > MOST_NAMES {
        names.push(format!("{} more", writers.len() - MOST_NAMES));
    }
    names
}

/// A repository in an object store of which not everything is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vague {
    /// Its bucket, if known.
    pub bucket: Option<String>,
    /// Its path, if known.
    pub path: Option<String>,
}

/// A repository as far as it is known where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// All is known.
    Known(Identity),
    /// Something is not.
    Vague(Vague),
}

/// The writers of a run.
#[derive(Debug, Default)]
pub struct Writers {
    known: HashMap<Identity, Vec<Writer>>,
    /// Places that something may be at: by bucket, by path, and neither.
    by_bucket: HashMap<String, Vec<(Vague, Span)>>,
    by_path: HashMap<String, Vec<(Vague, Span)>>,
    unplaced: Vec<(Vague, Span)>,
}

impl Writers {
    /// Adds a cluster that writes there.
    pub fn add(&mut self, place: Whereabouts, writer: Writer) {
        let span = writer.span;
        match place {
            Whereabouts::Known(identity) => {
                let writers = self.known.entry(identity).or_default();
                if !writers.contains(&writer) {
                    writers.push(writer);
                }
            }
            Whereabouts::Vague(vague) => match (&vague.bucket, &vague.path) {
                (Some(bucket), _) => {
                    let bucket = bucket.clone();
                    self.by_bucket
                        .entry(bucket)
                        .or_default()
                        .push((vague, span));
                }
                (None, Some(path)) => {
                    let path = path.clone();
                    self.by_path.entry(path).or_default().push((vague, span));
                }
                (None, None) => self.unplaced.push((vague, span)),
            },
        }
    }

    /// Adds the living clusters of PGO v5 of an origin.
    pub fn add_living(&mut self, inventory: &Inventory) {
        let clusters = inventory.list_all(Kind::PostgresCluster).objects;
        for object in clusters.into_iter().filter(|object| !object.is_draft()) {
            for identity in written_by(object, inventory) {
                let who = named(
                    inventory,
                    object.kind,
                    object.namespace.as_deref(),
                    &object.name,
                );
                let span = object.name_span();
                self.add(Whereabouts::Known(identity), Writer { who, span });
            }
        }
    }

    /// Those that write to a place that this living cluster writes to.
    pub fn beside_living(&self, object: &Object, inventory: &Inventory) -> Vec<&Writer> {
        let own = object.name_span();
        let places = written_by(object, inventory);
        let others = places.iter().flat_map(|place| self.others(place, own));
        others.collect()
    }

    /// Those that write to the very same place, the one at `own` aside.
    pub fn others(&self, place: &Identity, own: Span) -> Vec<&Writer> {
        let writers = self.known.get(place).into_iter().flatten();
        writers.filter(|writer| writer.span != own).collect()
    }

    /// Whether one of which not everything is known may write to this place, the one at `own` aside.
    pub fn may_meet(&self, place: &Identity, own: Span) -> bool {
        // What is not known of is in an object store.
        if place.is_export() {
            return false;
        }
        let by_bucket = self.by_bucket.get(&place.bucket).into_iter().flatten();
        let by_path = self.by_path.get(&place.path).into_iter().flatten();
        let mut vague = by_bucket.chain(by_path).chain(&self.unplaced);
        vague.any(|(vague, span)| {
            let fits = |known: &Option<String>, here: &str| {
                known.as_deref().is_none_or(|known| known == here)
            };
            *span != own && fits(&vague.bucket, &place.bucket) && fits(&vague.path, &place.path)
        })
    }

    /// Whether anything but the one at `own` writes anywhere.
    pub fn anyone_else(&self, own: Span) -> bool {
        let known = self.known.values().flatten().map(|writer| writer.span);
        let vague = self
            .by_bucket
            .values()
            .chain(self.by_path.values())
            .flatten();
        let vague = vague.chain(&self.unplaced).map(|(_, span)| *span);
        known.chain(vague).any(|span| span != own)
    }
}

/// "Pgcluster dr/rhino of prod".
pub fn named(inventory: &Inventory, kind: Kind, namespace: Option<&str>, name: &str) -> String {
    let kind = kind.info().name;
    let place = namespace.map_or_else(
        || name.to_owned(),
        |namespace| format!("{namespace}/{name}"),
    );
    match inventory.origin_name.as_str() {
        "" => format!("{kind} {place}"),
        origin => format!("{kind} {place} of {origin}"),
    }
}

/// The repositories that a living PostgresCluster writes to: none while it follows another, or is shut down.
fn written_by(object: &Object, inventory: &Inventory) -> Vec<Identity> {
    let is = |path: &[&str]| object.at(path).is_some_and(|node| node.text() == "true");
    if is(&["spec", "standby", "enabled"]) || is(&["spec", "shutdown"]) && !runs(object) {
        return Vec::new();
    }
    let home = Home {
        origin: inventory.origin.0,
        namespace: object.namespace.as_deref().unwrap_or_default(),
    };
    let all = repositories_of(object, inventory, home);
    all.into_iter().map(|(_, place)| place).collect()
}

/// The repositories of a PostgresCluster that others can reach, by their names. `home` is where their hosts are resolved.
pub fn repositories_of<'a>(
    object: &'a Object,
    inventory: &Inventory,
    home: Home<'_>,
) -> Vec<(&'a str, Identity)> {
    let repos = object.at(&["spec", "backups", "pgbackrest", "repos"]);
    let repos = repos.into_iter().flat_map(Node::items);
    let place = |repo: Node<'_>| {
        let name = repo.get("name").map_or("", Node::text);
        let option = format!("{name}-path");
        let written = object.at(&["spec", "backups", "pgbackrest", "global", &option]);
        // Where no path is written the operator gives each repository one of its own.
        let own = format!("/pgbackrest/{name}");
        let path = written.map_or_else(|| own.clone(), |node| normal_path(node.text()));
        if repo.get("volume").is_some() {
            // Its volume is mounted where its own path begins.
            let below = path.strip_prefix(&own)?;
            return directory_of(volume_of(object, name, inventory)?, below, home);
        }
        let kinds = [("s3", "bucket"), ("gcs", "bucket"), ("azure", "container")];
        kinds.into_iter().find_map(|(kind, key)| {
            let said = |key| repo.at(&[kind, key]).map_or("", Node::text);
            Identity::of(kind, said(key), said("endpoint"), &path, home)
        })
    };
    let named = |repo: Node<'a>| Some((repo.get("name").map_or("", Node::text), place(repo)?));
    repos.filter_map(named).collect()
}

/// Whether its status counts ready instances, whatever was asked for.
fn runs(object: &Object) -> bool {
    let sets = object.at(&["status", "instances"]);
    let mut sets = sets.into_iter().flat_map(Node::items);
    sets.any(|set| !matches!(set.get("readyReplicas").map_or("0", Node::text), "" | "0"))
}

/// The volume behind one of its repositories: PGO v5 labels the claim, whether it made or adopted it.
fn volume_of<'a>(object: &Object, repo: &str, inventory: &'a Inventory) -> Option<&'a Object> {
    const LABEL: &str = "postgres-operator.crunchydata.com/pgbackrest-repo";
    let namespace = object.namespace.as_deref();
    let claims = inventory.of_v5_cluster(Kind::PersistentVolumeClaim, namespace, &object.name);
    let mut claims = claims.objects.into_iter();
    let claim =
        claims.find(|claim| claim.label(LABEL).is_some_and(|label| label.text() == repo))?;
    let volume = claim.at(&["spec", "volumeName"])?;
    match inventory.find(Kind::PersistentVolume, None, volume.text()) {
        Found::Here(volume) => Some(volume),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn of_very_many_writers_the_first_are_named_and_the_others_counted() {
        let writer = |number: u32| Writer {
            who: format!("Pgcluster pgo/o{number}"),
            span: Span {
                source: SourceId(0),
                start: number,
                end: number + 1,
            },
        };
        let all: Vec<Writer> = (0..1000).map(writer).collect();
        let all: Vec<&Writer> = all.iter().collect();
        let told = names(&all);
        assert_eq!(told.len(), MOST_NAMES + 1);
        assert_eq!(told.last().map(String::as_str), Some("980 more"));
        assert_eq!(names(&all[..2]), ["Pgcluster pgo/o0", "Pgcluster pgo/o1"]);
    }
}
