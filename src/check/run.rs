//! From inventories to the Report.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::evidence::Evidence;
use super::judge::context::{name_contexts, name_contexts_of_steps};
use super::judge::folder::name_folders;
use super::judge::schema::{Among, Catalogue, Schemas};
use super::judge::{cause, rendered, schema};
use super::options::Options;
use super::policy::exception::Exceptions;
use super::report::{Report, RuleText, Skipped};
use super::shared::Shared;
use super::subject::cluster::judge;
use super::subject::ground::{Ground, InFull};
use super::subject::living::{judge_living, judge_migration};
use super::subject::{courses, draft, input, namesakes, orphans};
use super::{ignore, policy};
use crate::allowance::Findings;
use crate::fact::live::{Living, living};
use crate::fact::moved::migrations;
use crate::fact::spec::{Candidates, Draft, drafts};
use crate::fact::v4::{Cluster, Surroundings, acquaint, clusters};
use crate::manifest::{DuplicateKey, Inventory, Kind, Stray};
use crate::rule::RuleSet;
use crate::source::OriginId;

/// Judges everything in the evidence.
pub fn check(evidence: impl Borrow<Evidence>, rules: &RuleSet, options: &Options) -> Report {
    let evidence = evidence.borrow();
    judge_all(
        evidence,
        rules,
        options,
        false,
        Findings::of(bytes(evidence)),
    )
}

/// Judges everything in the evidence, and how far each step of each move is.
pub fn check_courses(
    evidence: impl Borrow<Evidence>,
    rules: &RuleSet,
    options: &Options,
) -> Report {
    let evidence = evidence.borrow();
    judge_all(
        evidence,
        rules,
        options,
        true,
        Findings::beside_steps(bytes(evidence)),
    )
}

/// How much text there is.
fn bytes(evidence: &Evidence) -> usize {
    let sources = evidence.sources.iter();
    sources.map(|source| source.text.len()).sum()
}

/// The report of what was read, before anything is judged.
fn nothing_yet(evidence: &Evidence, options: &Options) -> Report {
    Report {
        now: options.run.now,
        target_flag: options.run.target,
        methods: options.ways(),
        upgrade: options.upgrade(),
        clusters: Vec::new(),
        drafts: Vec::new(),
        verify: false,
        unmoved: Vec::new(),
        living: Vec::new(),
        migrations: Vec::new(),
        courses: Vec::new(),
        findings: Vec::new(),
        rules: BTreeMap::new(),
        skipped: evidence.skipped.clone(),
        bugs: Vec::new(),
        inputs: evidence.inputs.clone(),
        sources: evidence.sources.clone(),
        config: evidence.config.clone(),
        compared: None,
    }
}

fn judge_all(
    evidence: &Evidence,
    rules: &RuleSet,
    options: &Options,
    steps: bool,
    left: Findings,
) -> Report {
    let mut report = nothing_yet(evidence, options);
    let sources = report.sources.clone();
    let shared = &mut Shared::of(left);
    let mut judged = InFull::default();
    let exceptions = Exceptions {
        ignores: &evidence.ignores,
        policy: &evidence.policy,
        sources: &sources,
    };
    let surroundings: Vec<Surroundings> = evidence
        .inventories
        .iter()
        .map(|inventory| Surroundings::of(inventory, &options.run))
        .collect();
    let drafted = evidence.inventories.iter().any(has_drafts);
    let mut v4: Vec<Cluster<'_>> = Vec::new();
    let mut alive: Vec<Living<'_>> = Vec::new();
    let origins = evidence.inventories.iter().zip(&surroundings);
    let mut groups: Vec<Vec<Cluster<'_>>> = origins
        .map(|(inventory, around)| clusters(inventory, &options.run, around))
        .collect();
    acquaint(&mut groups, &evidence.inventories);
    for (inventory, found) in evidence.inventories.iter().zip(groups) {
        let each = |cluster: &Cluster<'_>, room| judge(cluster, rules, options, exceptions, room);
        if report.methods.is_empty() {
            // Nobody asked for a way from v4: what there is of it only says where living clusters came from.
            v4.extend(found);
        } else if drafted || steps {
            judged.clusters += shared.judge(&mut report, &found, |one, room| Some(each(one, room)));
            v4.extend(found);
        } else {
            // Nobody else will ask: what was worked out about one goes as soon as it is judged.
            shared.judge(&mut report, found, |one, room| Some(each(&one, room)));
        }
        let within = |key: &&DuplicateKey| {
            let source = report.sources.get(key.again.source.0 as usize);
            source.is_some_and(|source| source.origin == inventory.origin)
        };
        let duplicates: Vec<&DuplicateKey> = evidence.duplicates.iter().filter(within).collect();
        let mut odd = input::findings(inventory, &duplicates, rules, &options.methods);
        let within = |stray: &&Stray| {
            let source = report.sources.get(stray.span.source.0 as usize);
            source.is_some_and(|source| source.origin == inventory.origin)
        };
        let strays: Vec<&Stray> = evidence.strays.iter().filter(within).collect();
        let origin = &inventory.origin_name;
        odd.extend(input::strays(&strays, origin, rules, &options.methods));
        for finding in &mut odd {
            exceptions.mark(finding);
        }
        report.findings.extend(odd);
    }
    let mut orphans = orphans::findings(&evidence.inventories, rules, &options.methods);
    for finding in &mut orphans {
        exceptions.mark(finding);
    }
    report.findings.extend(orphans);
    if drafted {
        let origins: Vec<_> = evidence.inventories.iter().zip(&surroundings).collect();
        lint_drafts(
            &mut report,
            &origins,
            &v4,
            exceptions,
            rules,
            options,
            shared,
        );
    }
    if drafted && options.living {
        let origins: Vec<_> = evidence.inventories.iter().zip(&surroundings).collect();
        alive = living_of_all(&origins, &v4, options);
        let of_living = judge_living_clusters(&mut report, &alive, &v4, exceptions, rules, shared);
        (judged.living, judged.migrations) = (of_living.living, of_living.migrations);
    }
    let (moves, asked);
    if steps {
        let origins: Vec<_> = evidence.inventories.iter().zip(&surroundings).collect();
        moves = migrations(&alive, &v4);
        asked = drafts_of_all(&origins, &v4, options);
        let ground = Ground {
            inventories: &evidence.inventories,
            v4: &v4,
            alive: &alive,
            migrations: &moves,
            drafts: &asked,
            rules,
            judged,
        };
        courses::judge(&mut report, &ground);
    }
    if report.clusters.is_empty() && report.drafts.is_empty() && !report.upgrade {
        let seen = |inventory| input::seen_by_a_server(inventory, rules, &options.methods);
        for mut finding in evidence.inventories.iter().flat_map(seen) {
            exceptions.mark(&mut finding);
            report.findings.push(finding);
        }
    }
    review(&mut report, evidence, exceptions, rules);
    report
}

/// What is said of the run as a whole: exceptions without effect, and names that several subjects share.
fn review(report: &mut Report, evidence: &Evidence, exceptions: Exceptions<'_>, rules: &RuleSet) {
    let about_ignores = ignore::findings(report, exceptions.ignores, rules);
    report.findings.extend(about_ignores);
    rendered::name_templates(&mut report.findings, &evidence.inventories);
    let about_policy = policy::findings(report, exceptions.policy, rules);
    report.findings.extend(about_policy);
    namesakes::tell_origins_apart(report);
    name_folders(&mut report.findings, evidence);
    name_contexts(&mut report.findings, &evidence.inventories);
    name_contexts_of_steps(&mut report.courses, &evidence.inventories);
    texts(report, rules);
}

fn has_drafts(inventory: &Inventory) -> bool {
    let drafted = inventory.list_all(Kind::PostgresCluster);
    !drafted.objects.is_empty()
}

/// Judges the drafts of all origins, each against the v4 clusters of any origin.
fn lint_drafts<'a>(
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
            options.lint_live,
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
fn drafts_of_all<'a>(
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
            false,
        )
    };
    origins.iter().flat_map(of_origin).collect()
}

/// The living clusters of all origins.
fn living_of_all<'a>(
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
fn judge_living_clusters<'a>(
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

/// The texts of the rules that findings name, once each.
fn texts(report: &mut Report, rules: &RuleSet) {
    for finding in &report.findings {
        if report.rules.contains_key(&finding.rule) {
            continue;
        }
        if let Some(rule) = rules.get(&finding.rule) {
            let text = RuleText {
                title: (*rule.title).into(),
                question: rule.question.as_deref().map(Into::into),
                why: rule.why_text().into(),
                fix: rule.fix_text().into(),
                source: rule.source.join("; ").into(),
                level: rule.effect.heaviest().level(),
                phase: rule.phase,
            };
            report.rules.insert(Arc::clone(&finding.rule), text);
        }
    }
}

#[cfg(test)]
mod tests;
