//! The courses of a run: each v4 cluster with everything that shows how far its move is, judged step by step.

use std::collections::BTreeMap;

use super::ground::{Ground, Index};
use super::kept::kept;
use super::kind::Judge;
use super::outlived::outlived;
use super::step::Judging;
use super::under_way::{text, under_way};
use crate::check::judge::lookup::SubjectLookup;
use crate::check::report::Report;
use crate::check::report::course::{CourseReport, Truth};
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::fact::course::{self, Course, V4OnItsWay};
use crate::fact::live::{Living, V5Living};
use crate::fact::spec::Draft;
use crate::fact::v4::Cluster;
use crate::manifest::Gap;
use crate::rule::{Effect, Level, Method, Step, Weight};

/// Judges the steps of every v4 cluster by each method that was judged, and of living clusters by `upgrade` where that is
/// one of them.
pub(in crate::check) fn judge(report: &mut Report, ground: &Ground<'_>) {
    let methods = report.methods.clone();
    let index = Index::of(ground, &report.findings);
    let mut courses = Vec::new();
    let mut bugs = Vec::new();
    for moments in groups(ground.v4) {
        for method in &methods {
            courses.extend(of_cluster(
                report,
                (ground, &index),
                &moments,
                *method,
                &mut bugs,
            ));
        }
    }
    if report.upgrade {
        for (index, living) in ground.alive.iter().enumerate() {
            courses.push(of_living(report, ground, index, living, &mut bugs));
        }
    }
    bugs.dedup();
    report.bugs.append(&mut bugs);
    report.courses = courses;
}

/// A namespace and a name.
type Place<'p> = (Option<&'p str>, &'p str);

/// Positions in the list of clusters of those that are one cluster at several moments, the youngest first. Loose files
/// belong to the one Kubernetes cluster that has a cluster of that name, if it is one.
fn groups(v4: &[Cluster<'_>]) -> Vec<Vec<usize>> {
    let mut by_place: BTreeMap<Place<'_>, BTreeMap<&str, Vec<usize>>> = BTreeMap::new();
    for (index, cluster) in v4.iter().enumerate() {
        let origin = cluster.inventory.origin_name.as_str();
        let of_place = by_place
            .entry((cluster.namespace, cluster.name))
            .or_default();
        of_place.entry(origin).or_default().push(index);
    }
    let mut groups = Vec::new();
    for mut origins in by_place.into_values() {
        if origins.len() == 2
            && let Some(loose) = origins.remove("")
        {
            for of_origin in origins.values_mut() {
                of_origin.extend(&loose);
            }
        }
        groups.extend(origins.into_values());
    }
    let age = |index: &usize| v4.get(*index).map(|cluster| cluster.inventory.origin.0);
    for group in &mut groups {
        group.sort_by_key(|index| std::cmp::Reverse(age(index)));
    }
    groups
}

fn of_cluster<'a>(
    report: &Report,
    (ground, index): (&Ground<'a>, &Index<'_>),
    moments: &[usize],
    method: Method,
    bugs: &mut Vec<String>,
) -> Option<CourseReport> {
    let clusters: Vec<&'a Cluster<'a>> =
        moments.iter().filter_map(|at| ground.v4.get(*at)).collect();
    let youngest = *clusters.first()?;
    let whole = clusters.iter().position(|cluster| cluster.object.is_some());
    let subject = *moments.get(whole.unwrap_or(0))?;
    let nth = index.migration(&clusters);
    let migration = nth.and_then(|nth| ground.migrations.get(nth));
    let judged = ground.judged;
    if subject >= judged.clusters || nth.is_some_and(|nth| nth >= judged.migrations) {
        return Some(not_judged(youngest, subject, method));
    }
    let drafts = index.drafts(&clusters);
    let mut drafts = drafts.iter().filter_map(|nth| ground.drafts.get(*nth));
    let first = drafts.clone().next();
    // Of several, the one that is for this method.
    let draft = drafts.find(|draft| draft.is_for(method.name())).or(first);
    let course = Course {
        method: method.name(),
        present: index.present(ground.inventories, youngest, migration),
        migration,
        manifest: manifest(report, draft),
        draft_errors: draft.map_or_else(Vec::new, |draft| draft_errors(report, draft)),
        kept: kept(&report.sources, &clusters),
        draft,
        moments: clusters,
    };
    let now = youngest.run.now;
    let lookup: SubjectLookup<'_, '_, V4OnItsWay> =
        SubjectLookup::new(&course, &course::FACTS, youngest.object, no_object, now);
    let steps = || ground.rules.steps().steps().iter();
    let own: Vec<&Step> = steps().filter(|step| step.is_of(method)).collect();
    let then = about_cluster(report, subject, method);
    let of_v4 = match moments.first() {
        Some(last) if *last != subject && *last < judged.clusters => {
            let now = about_cluster(report, *last, method);
            outlived(&report.findings, then, &now, &own)
        }
        _ => then,
    };
    let mut about = of_v4.clone();
    let of_migration = migration.map_or(&[][..], |one| index.about(one.living));
    about.extend(of_migration);
    let judging = Judging {
        lookup: &lookup,
        findings: &report.findings,
        about: &about,
    };
    let judged: Vec<_> = own.iter().map(|step| judging.judge(step, bugs)).collect();
    let wrong = of_migration.iter().filter(|at| is_wrong(report, **at));
    let mut stops: Vec<usize> = wrong.copied().collect();
    for (step, judged) in own.iter().zip(&judged) {
        if judged.needed != Truth::No && judged.done != Truth::Yes {
            stops.extend(contradicting(&report.findings, &about, step));
        }
    }
    stops.sort_unstable();
    stops.dedup();
    Some(CourseReport {
        origin: youngest.inventory.origin_name.clone(),
        namespace: youngest.namespace.unwrap_or("").to_owned(),
        name: youngest.name.to_owned(),
        method,
        under_way: migration.map(|_| under_way(&lookup)),
        variant: text(&lookup, "course.variant"),
        drafted: text(&lookup, "course.draftMethod"),
        v4: text(&lookup, "course.v4"),
        stage: text(&lookup, "live.stage"),
        subject,
        about: of_v4,
        stops,
        steps: judged,
    })
}

/// A cluster about which nothing is said: neither is of its steps.
fn not_judged(cluster: &Cluster<'_>, subject: usize, method: Method) -> CourseReport {
    CourseReport {
        origin: cluster.inventory.origin_name.clone(),
        namespace: cluster.namespace.unwrap_or("").to_owned(),
        name: cluster.name.to_owned(),
        method,
        under_way: None,
        variant: String::new(),
        drafted: String::new(),
        v4: String::new(),
        stage: String::new(),
        subject,
        about: Vec::new(),
        stops: Vec::new(),
        steps: Vec::new(),
    }
}

fn of_living(
    report: &Report,
    ground: &Ground<'_>,
    index: usize,
    living: &Living<'_>,
    bugs: &mut Vec<String>,
) -> CourseReport {
    let lookup = V5Living::lookup(living);
    let own = report.living.get(index);
    let mut about: Vec<usize> = own.map(|own| own.findings.clone()).unwrap_or_default();
    let upgrade = own.and_then(|own| own.upgrade.as_ref());
    let judged = upgrade.and_then(|upgrade| upgrade.judged.as_ref());
    let judged_findings = judged.map_or_else(Vec::new, |judged| judged.findings.clone());
    about.extend(&judged_findings);
    about.sort_unstable();
    about.dedup();
    let judging = Judging {
        lookup: &lookup,
        findings: &report.findings,
        about: &about,
    };
    let steps = ground.rules.steps().steps().iter();
    let in_full = index < ground.judged.living;
    let steps = steps.filter(|step| in_full && step.is_of(Method::Upgrade));
    let judged: Vec<_> = steps
        .clone()
        .map(|step| judging.judge(step, bugs))
        .collect();
    let mut stops = Vec::new();
    for (step, judged) in steps.zip(&judged) {
        if judged.needed != Truth::No && judged.done != Truth::Yes {
            stops.extend(contradicting(&report.findings, &about, step));
        }
    }
    CourseReport {
        origin: living.inventory.origin_name.clone(),
        namespace: living.namespace.unwrap_or("").to_owned(),
        name: living.name.to_owned(),
        method: Method::Upgrade,
        under_way: None,
        variant: String::new(),
        drafted: String::new(),
        v4: String::new(),
        stage: text(&lookup, "live.stage"),
        subject: index,
        about: judged_findings,
        stops,
        steps: judged,
    }
}

/// The rules that find an error in the draft.
fn draft_errors(report: &Report, draft: &Draft<'_>) -> Vec<String> {
    let own = report
        .drafts
        .iter()
        .find(|one| one.span == draft.name_span());
    let findings = own.into_iter().flat_map(|own| &own.findings);
    let found = findings.filter_map(|at| report.findings.get(*at));
    let errors = found.filter(|one| {
        one.counts() && one.outcome == FindingOutcome::Fires && one.level == Level::Error
    });
    let mut rules: Vec<String> = errors.map(|one| one.rule.to_string()).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

/// The file of the draft.
fn manifest(report: &Report, draft: Option<&Draft<'_>>) -> Option<String> {
    let source = report.sources.get(draft?.name_span().source.0 as usize)?;
    Some(source.uri.clone())
}

fn about_cluster(report: &Report, subject: usize, method: Method) -> Vec<usize> {
    let judged = report
        .clusters
        .get(subject)
        .and_then(|one| one.methods.get(&method));
    judged
        .map(|judged| judged.findings.clone())
        .unwrap_or_default()
}

/// Whether a finding says that something of the move went wrong.
fn is_wrong(report: &Report, at: usize) -> bool {
    report.findings.get(at).is_some_and(|one| {
        one.effect == Effect::Moved(Weight::Wrong)
            && one.counts()
            && one.outcome == FindingOutcome::Fires
    })
}

fn contradicting<'f>(
    findings: &'f [Finding],
    about: &'f [usize],
    step: &'f Step,
) -> impl Iterator<Item = usize> + 'f {
    let contradicts = |index: &&usize| {
        findings.get(**index).is_some_and(|one| {
            one.counts()
                && one.outcome == FindingOutcome::Fires
                && step.stopped_by.contains(&one.rule)
        })
    };
    about.iter().filter(contradicts).copied()
}

fn no_object(_: &Course<'_>) -> Gap {
    Gap {
        missing: "the Pgcluster".to_owned(),
        because: "it is not in the youngest export".to_owned(),
        ask: "kubectl get pgclusters.crunchydata.com -A -o yaml".to_owned(),
    }
}
