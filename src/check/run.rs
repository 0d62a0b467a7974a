//! From inventories to the Report.

mod v5;

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::evidence::Evidence;
use super::judge::context::{name_contexts, name_contexts_of_steps};
use super::judge::folder::name_folders;
use super::judge::rendered;
use super::options::Options;
use super::policy::exception::Exceptions;
use super::report::finding::Finding;
use super::report::{Report, RuleText};
use super::shared::Shared;
use super::subject::cluster::judge;
use super::subject::ground::{Ground, InFull};
use super::subject::{courses, input, namesakes, orphans, stranded};
use super::{ignore, policy};
use crate::allowance::Findings;
use crate::fact::live::Living;
use crate::fact::moved::migrations;
use crate::fact::v4::{Cluster, Surroundings, acquaint, clusters, clusters_left_out};
use crate::manifest::{DuplicateKey, Inventory, MOST_CLUSTERS, Stray};
use crate::rule::{Method, RuleSet};
use crate::source::SourceId;
use v5::{drafts_of_all, has_drafts, judge_living_clusters, lint_drafts, living_of_all};

/// Judges everything in the evidence.
pub fn check(evidence: impl Borrow<Evidence>, rules: &RuleSet, options: &Options) -> Report {
    let evidence = evidence.borrow();
    judge_all(evidence, rules, options, false, allowed(evidence))
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
        allowed(evidence).beside_steps(),
    )
}

/// How much may be found in what was read.
fn allowed(evidence: &Evidence) -> Findings {
    let sources = evidence.sources.iter();
    let bytes: usize = sources.map(|source| source.text.len()).sum();
    Findings::of(bytes.saturating_sub(evidence.dumped), evidence.dumped)
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
        invocation: None,
        compared: None,
    }
}

/// What is odd about the input of one origin: keys given twice, objects that are almost PGO's.
fn of_input(
    evidence: &Evidence,
    report: &Report,
    inventory: &Inventory,
    rules: &RuleSet,
    options: &Options,
) -> Vec<Finding> {
    let here = |source: SourceId| {
        let source = report.sources.get(source.0 as usize);
        source.is_some_and(|source| source.origin == inventory.origin)
    };
    let duplicates = evidence.duplicates.iter();
    let duplicates: Vec<&DuplicateKey> = duplicates.filter(|key| here(key.again.source)).collect();
    let strays = evidence.strays.iter();
    let strays: Vec<&Stray> = strays.filter(|stray| here(stray.span.source)).collect();
    let mut odd = input::findings(inventory, &duplicates, rules, &options.methods);
    let origin = &inventory.origin_name;
    odd.extend(input::strays(&strays, origin, rules, &options.methods));
    odd
}

/// The same findings, with the mark of whoever set one aside.
fn marked(mut findings: Vec<Finding>, exceptions: Exceptions<'_>) -> Vec<Finding> {
    for finding in &mut findings {
        exceptions.mark(finding);
    }
    findings
}

/// Tells how many subjects are more than one run may hold.
fn leave_out(report: &mut Report, evidence: &Evidence, v4: &[Vec<Cluster<'_>>]) {
    for (inventory, found) in evidence.inventories.iter().zip(v4) {
        if found.len() == MOST_CLUSTERS {
            report.leave_out(clusters_left_out(inventory));
        }
        report.leave_out(inventory.left_out());
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
    leave_out(&mut report, evidence, &groups);
    acquaint(&mut groups, &evidence.inventories);
    for (inventory, found) in evidence.inventories.iter().zip(groups) {
        let each = |cluster: &Cluster<'_>, room| judge(cluster, rules, options, exceptions, room);
        if report.methods.is_empty() {
            // Nobody asked for a way from v4: what there is of it only says where living clusters came from.
            v4.extend(found);
        } else if drafted && !steps {
            // Claims that a living cluster has taken over are no v4 cluster that could move; where they came from is asked on.
            let (moved, found): (Vec<_>, Vec<_>) =
                found.into_iter().partition(Cluster::is_taken_over);
            shared.judge(&mut report, &found, |one, room| Some(each(one, room)));
            v4.extend(found.into_iter().chain(moved));
        } else if steps {
            judged.clusters += shared.judge(&mut report, &found, |one, room| Some(each(one, room)));
            v4.extend(found);
        } else {
            // Nobody else will ask: what was worked out about one goes as soon as it is judged.
            shared.judge(&mut report, found, |one, room| Some(each(&one, room)));
        }
        let odd = of_input(evidence, &report, inventory, rules, options);
        report.findings.extend(marked(odd, exceptions));
    }
    let orphans = orphans::findings(&evidence.inventories, rules, &options.methods);
    report.findings.extend(marked(orphans, exceptions));
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
        stranded::name_stranded(&mut report, &v4);
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

/// The texts of the rules that findings name, once each.
fn texts(report: &mut Report, rules: &RuleSet) {
    for finding in &report.findings {
        if report.rules.contains_key(&finding.rule) {
            continue;
        }
        if let Some(rule) = rules.get(&finding.rule) {
            let mut steps = rules.steps().steps().iter().enumerate();
            let step = steps
                .find(|(_, step)| step.answers.contains(&rule.id) && !step.is_of(Method::Upgrade));
            let text = RuleText {
                title: (*rule.title).into(),
                question: rule.question.as_deref().map(Into::into),
                why: rule.why_text().into(),
                fix: rule.fix_text().into(),
                source: rule.source.join("; ").into(),
                level: rule.effect.heaviest().level(),
                phase: step.map_or(rule.phase, |(_, step)| step.phase),
                loses_data: rule.loses_data,
                place: step.map(|(place, _)| place),
                step: step.map(|(_, step)| step.title.as_str().into()),
            };
            report.rules.insert(Arc::clone(&finding.rule), text);
        }
    }
}

#[cfg(test)]
mod tests;
