//! From inventories to the Report.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::cluster::{JudgedCluster, judge};
use super::evidence::Evidence;
use super::input;
use super::report::{Report, RuleText};
use crate::fact::Run;
use crate::fact::cluster::{Surroundings, clusters};
use crate::rule::{Method, RuleSet};

/// What to judge, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Time and target.
    pub run: Run,
    /// The selected methods, in order.
    pub methods: Vec<Method>,
    /// Whether to put every fact into the Report.
    pub facts: bool,
}

/// Judges everything in the evidence.
pub fn check(evidence: Evidence, rules: &RuleSet, options: &Options) -> Report {
    let mut report = Report {
        now: options.run.now,
        target_flag: options.run.target,
        methods: options.methods.clone(),
        clusters: Vec::new(),
        drafts: Vec::new(),
        findings: Vec::new(),
        rules: BTreeMap::new(),
        skipped: evidence.skipped,
        bugs: Vec::new(),
        inputs: evidence.inputs,
        sources: evidence.sources,
    };
    for inventory in &evidence.inventories {
        let surroundings = Surroundings::of(inventory, &options.run);
        let judged: Vec<JudgedCluster> = clusters(inventory, &options.run, &surroundings)
            .into_par_iter()
            .map(|cluster| judge(&cluster, rules, options))
            .collect();
        judged
            .into_iter()
            .for_each(|cluster| add(&mut report, cluster));
        let odd = input::findings(inventory, &evidence.duplicates, rules, &options.methods);
        report.findings.extend(odd);
    }
    texts(&mut report, rules);
    report
}

/// Appends one cluster, moving its indices to where its findings come to lie.
fn add(report: &mut Report, mut judged: JudgedCluster) {
    let first = report.findings.len();
    for method in judged.report.methods.values_mut() {
        for index in &mut method.findings {
            *index += first;
        }
    }
    report.findings.append(&mut judged.findings);
    report.bugs.append(&mut judged.bugs);
    report.clusters.push(judged.report);
}

/// The texts of the rules that findings name, once each.
fn texts(report: &mut Report, rules: &RuleSet) {
    for finding in &report.findings {
        if report.rules.contains_key(&finding.rule) {
            continue;
        }
        if let Some(rule) = rules.get(&finding.rule) {
            let text = RuleText {
                title: rule.title.as_str().into(),
                why: rule.why_text().into(),
                fix: rule.fix_text().into(),
                source: rule.source.join("; ").into(),
                level: rule.effect.heaviest().level(),
            };
            report.rules.insert(Arc::clone(&finding.rule), text);
        }
    }
}
