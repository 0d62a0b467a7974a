//! The PostgresClusters of all origins: drafts, living clusters, and what moved.

use std::collections::BTreeMap;

use crate::check::judge::schema::{self, Among, Catalogue, Schemas};
use crate::check::judge::{cause, twice};
use crate::check::options::Options;
use crate::check::policy::exception::Exceptions;
use crate::check::report::{Report, Skipped};
use crate::check::shared::Shared;
use crate::check::subject::ground::InFull;
use crate::check::subject::living::{judge_living, judge_migration};
use crate::check::subject::{draft, namesakes};
use crate::fact::live::{Living, living};
use crate::fact::moved::migrations;
use crate::fact::spec::{Candidates, Draft, drafts, linted};
use crate::fact::v4::{Cluster, Surroundings};
use crate::manifest::{Inventory, Kind};
use crate::rule::RuleSet;
use crate::source::OriginId;

/// Whether there is anything but v4.
pub(super) fn has_drafts(inventory: &Inventory) -> bool {
    let drafted = inventory.list_all(Kind::PostgresCluster);
    !drafted.objects.is_empty()
}

/// Judges the drafts of all origins, each against the v4 clusters of any origin.
pub(super) fn lint_drafts<'a>(
    report: &mut Report,
    origins: &[(&'a Inventory, &'a Surroundings)],
    v4: &'a [Cluster<'a>],
    exceptions: Exceptions<'_>,
    rules: &RuleSet,
    options: &'a Options,
    shared: &mut Shared,
) {
    let candidates = Candidates::of(v4);
    let catalogue = Catalogue::default();
    let among = Among::all(origins.iter().map(|(inventory, _)| *inventory));
    for &(inventory, around) in origins {
        let mut drafts = drafts(
            inventory,
            &options.run,
            around,
            &candidates,
            &options.pairs,
            linted(options.lint_live),
        );
        let home = only_cluster(inventory, origins);
        let mut schemas: BTreeMap<OriginId, Schemas<'_>> = BTreeMap::new();
        for draft in &mut drafts {
            draft.home = home;
            for place in draft.places() {
                let of = || Schemas::of(place, options.schema.as_deref(), &catalogue, among);
                schemas.entry(place.origin).or_insert_with(of);
            }
        }
        // Each draft goes, with all that was worked out for it, as soon as it is judged.
        shared.judge(report, drafts, |draft: Draft<'_>, room| {
            let schemas = schema::of_draft(&draft, &schemas)?;
            Some(draft::judge(&draft, rules, schemas, exceptions, room))
        });
    }
    namesakes::tell_apart(report);
    cause::across(report);
}

/// The drafts of all origins, each against the youngest export of the v4 clusters.
pub(super) fn drafts_of_all<'a>(
    origins: &[(&'a Inventory, &'a Surroundings)],
    v4: &'a [Cluster<'a>],
    options: &'a Options,
) -> Vec<Draft<'a>> {
    let candidates = Candidates::of(youngest_of_each(v4));
    let of_origin = |&(inventory, around): &(&'a Inventory, &'a Surroundings)| {
        drafts(
            inventory,
            &options.run,
            around,
            &candidates,
            &options.pairs,
            linted(false),
        )
    };
    origins.iter().flat_map(of_origin).collect()
}

/// The living clusters of all origins.
pub(super) fn living_of_all<'a>(
    origins: &[(&'a Inventory, &'a Surroundings)],
    v4: &'a [Cluster<'a>],
    options: &'a Options,
) -> Vec<Living<'a>> {
    let candidates = Candidates::of(youngest_of_each(v4));
    let of_origin = |&(inventory, around): &(&'a Inventory, &'a Surroundings)| {
        living(inventory, &options.run, around, &candidates, &options.pairs)
    };
    let mut alive: Vec<Living<'_>> = origins.iter().flat_map(of_origin).collect();
    let mut loose = origins.iter().map(|(inventory, _)| *inventory);
    let loose = loose.find(|one| one.origin_name.is_empty());
    let home = loose.and_then(|files| only_cluster(files, origins));
    if let Some((home, _)) = home {
        let there = |one: &&mut Living<'_>| one.inventory.origin == home.origin;
        alive
            .iter_mut()
            .filter(there)
            .for_each(|one| one.files = loose);
    }
    alive
}

/// Judges living clusters as they are, and each against the v4 cluster it came from. Says how many of each in full.
pub(super) fn judge_living_clusters<'a>(
    report: &mut Report,
    alive: &'a [Living<'a>],
    v4: &'a [Cluster<'a>],
    exceptions: Exceptions<'_>,
    rules: &RuleSet,
    shared: &mut Shared,
) -> InFull {
    let selected = report.upgrade;
    let living = shared.judge(report, alive, |living, room| {
        Some(judge_living(living, rules, exceptions, selected, room))
    });
    let beyond = alive.get(living..).unwrap_or_default();
    report.skipped.extend(not_judged(report, beyond));
    let migrations = shared.judge(report, migrations(alive, v4), |migration, room| {
        Some(judge_migration(&migration, rules, exceptions, room))
    });
    twice::once(report);
    InFull {
        clusters: 0,
        living,
        migrations,
    }
}

/// That nothing is said of living clusters, which have no verdict that could say so.
fn not_judged(report: &Report, beyond: &[Living<'_>]) -> Option<Skipped> {
    let span = beyond.first()?.name_span();
    let source = report.sources.get(span.source.0 as usize)?;
    let place = source.position(span.start);
    Some(Skipped {
        uri: format!("{}:{}:{}", source.uri, place.line, place.column),
        reason: format!(
            "{} living clusters from here on are not judged: what was found before them is all that one run may find; give each run less",
            beyond.len()
        ),
        counts: true,
        unrendered: false,
    })
}

/// The one cluster that was read besides the files that this inventory is of; `None` where that leaves a choice, or
/// the inventory is a cluster itself.
fn only_cluster<'a>(
    inventory: &Inventory,
    origins: &[(&'a Inventory, &'a Surroundings)],
) -> Option<(&'a Inventory, &'a Surroundings)> {
    let mut read = origins
        .iter()
        .filter(|(other, _)| !other.origin_name.is_empty());
    match (inventory.origin_name.as_str(), read.next(), read.next()) {
        ("", Some(only), None) => Some(*only),
        _ => None,
    }
}

/// Of each v4 cluster the youngest export: several exports of one are moments of it, not several clusters that fit.
fn youngest_of_each<'a>(v4: &'a [Cluster<'a>]) -> Vec<&'a Cluster<'a>> {
    let mut youngest: BTreeMap<(&str, Option<&str>, &str), &'a Cluster<'a>> = BTreeMap::new();
    let mut by_time: Vec<&'a Cluster<'a>> = v4.iter().collect();
    by_time.sort_by_key(|cluster| cluster.inventory.taken);
    for cluster in by_time {
        let origin = cluster.inventory.origin_name.as_str();
        let place = (origin, cluster.namespace, cluster.name);
        // What is left after the deletion says less than an export from before.
        let says_more = |old: &&Cluster<'_>| old.object.is_some() && cluster.object.is_none();
        if youngest.get(&place).is_none_or(|old| !says_more(old)) {
            youngest.insert(place, cluster);
        }
    }
    youngest.into_values().collect()
}
