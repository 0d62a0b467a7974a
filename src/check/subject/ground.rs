//! What courses are found in, with what is asked of it for each of them found once.

use std::collections::HashMap;

use crate::check::report::finding::Finding;
use crate::fact::live::Living;
use crate::fact::moved::Migration;
use crate::fact::spec::Draft;
use crate::fact::v4::Cluster;
use crate::manifest::{Inventory, Kind};
use crate::rule::{RuleSet, SubjectKind};
use crate::source::OriginId;

/// What courses are found in.
pub(in crate::check) struct Ground<'a> {
    /// All evidence.
    pub(in crate::check) inventories: &'a [Inventory],
    /// The v4 clusters, in the order of the report's.
    pub(in crate::check) v4: &'a [Cluster<'a>],
    /// The living clusters, in the order of the report's.
    pub(in crate::check) alive: &'a [Living<'a>],
    /// What became of v4 clusters.
    pub(in crate::check) migrations: &'a [Migration<'a>],
    /// The drafts.
    pub(in crate::check) drafts: &'a [Draft<'a>],
    pub(in crate::check) rules: &'a RuleSet,
    /// How far these were judged.
    pub(in crate::check) judged: InFull,
}

/// How many of each, from the first on, were judged before the run could find no more.
#[derive(Clone, Copy, Default)]
pub(in crate::check) struct InFull {
    pub(in crate::check) clusters: usize,
    pub(in crate::check) living: usize,
    pub(in crate::check) migrations: usize,
}

/// A v4 cluster of one export.
type Who<'a> = (OriginId, Option<&'a str>, &'a str);

/// A living cluster, as findings name it: origin, namespace and name.
type Alive<'a> = (&'a str, &'a str, &'a str);

/// Positions by what they are asked for.
pub(in crate::check) struct Index<'a> {
    /// The first migration of each v4 cluster.
    migrations: HashMap<Who<'a>, usize>,
    /// The drafts of each.
    drafts: HashMap<Who<'a>, Vec<usize>>,
    /// What was found about a living cluster and its migration, in order.
    about: HashMap<Alive<'a>, Vec<usize>>,
    /// Of each inventory, whether it shows a cluster: files with drafts alone are no evidence.
    shows: Vec<bool>,
}

fn who<'a>(cluster: &Cluster<'a>) -> Who<'a> {
    (cluster.inventory.origin, cluster.namespace, cluster.name)
}

impl<'a> Index<'a> {
    /// Of all that is there.
    pub(in crate::check) fn of<'g: 'a>(ground: &Ground<'g>, findings: &'a [Finding]) -> Self {
        let mut migrations = HashMap::new();
        for (nth, migration) in ground.migrations.iter().enumerate() {
            for moment in &migration.moments {
                migrations.entry(who(moment.cluster)).or_insert(nth);
            }
        }
        let mut drafts: HashMap<Who<'a>, Vec<usize>> = HashMap::new();
        for (nth, draft) in ground.drafts.iter().enumerate() {
            if let Some(pair) = draft.pairing.pair() {
                drafts.entry(who(pair.cluster)).or_default().push(nth);
            }
        }
        let kinds = [SubjectKind::Living.name(), SubjectKind::Migration.name()];
        let mut about: HashMap<Alive<'a>, Vec<usize>> = HashMap::new();
        for (at, finding) in findings.iter().enumerate() {
            let subject = &finding.subject;
            if kinds.contains(&subject.kind.as_str()) {
                let alive = (&*subject.origin, &*subject.namespace, &*subject.name);
                about.entry(alive).or_default().push(at);
            }
        }
        let shows = ground.inventories.iter().map(shows_a_cluster);
        Index {
            migrations,
            drafts,
            about,
            shows: shows.collect(),
        }
    }

    /// The position of the migration of any of the moments of a cluster.
    pub(in crate::check) fn migration(&self, moments: &[&Cluster<'_>]) -> Option<usize> {
        let found = moments.iter();
        found
            .filter_map(|one| self.migrations.get(&who(one)).copied())
            .min()
    }

    /// The positions of the drafts of any of them.
    pub(in crate::check) fn drafts(&self, moments: &[&Cluster<'_>]) -> Vec<usize> {
        let found = moments.iter().filter_map(|one| self.drafts.get(&who(one)));
        let mut drafts: Vec<usize> = found.flatten().copied().collect();
        drafts.sort_unstable();
        drafts.dedup();
        drafts
    }

    /// What was found about a living cluster, and about the move that it came by.
    pub(in crate::check) fn about<'s, 'l: 's>(&'s self, living: &Living<'l>) -> &'s [usize] {
        let origin = living.inventory.origin_name.as_str();
        let alive = (origin, living.namespace.unwrap_or(""), living.name);
        self.about.get(&alive).map_or(&[], Vec::as_slice)
    }

    /// The youngest evidence of the Kubernetes cluster that a v4 cluster is in: an export that shows nothing of it any more
    /// says that, too.
    pub(in crate::check) fn present<'i>(
        &self,
        inventories: &'i [Inventory],
        youngest: &Cluster<'i>,
        migration: Option<&Migration<'i>>,
    ) -> &'i Inventory {
        let own = youngest.inventory;
        let living = migration.map_or(own, |migration| migration.living.inventory);
        let same = |one: &Inventory| {
            let mut known = [own, living].into_iter();
            known.any(|known| known.origin_name == one.origin_name)
        };
        let shown = inventories.iter().zip(&self.shows);
        let shown = shown.filter(|(one, shows)| **shows && same(one));
        let later = shown.map(|(one, _)| one).max_by_key(|one| one.origin);
        [later.unwrap_or(own), own, living]
            .into_iter()
            .max_by_key(|one| one.origin)
            .unwrap_or(own)
    }
}

fn shows_a_cluster(inventory: &Inventory) -> bool {
    let mut objects = inventory.objects().iter();
    objects.any(|object| object.kind != Kind::PostgresCluster || object.is_live())
}
