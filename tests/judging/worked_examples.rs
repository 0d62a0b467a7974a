//! The worked examples: what an expert would say of a cluster, and what must never change about it.

use crate::common;

use std::collections::BTreeMap;

use common::{Example, judge, worked_examples};
use pgo_preflight::check::{Report, Verdict};
use pgo_preflight::manifest::{Assume, KINDS};
use pgo_preflight::rule::{Method, RuleSet};
use rayon::prelude::*;

#[test]
fn every_row_comes_out_as_an_expert_says() {
    let wrong: Vec<String> = worked_examples().iter().flat_map(differences).collect();
    assert!(
        wrong.is_empty(),
        "{} verdicts differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn differences(example: &Example) -> Vec<String> {
    let output = common::program()
        .arg("check")
        .arg(example.folder.join("cluster.yaml"))
        .args(&example.args)
        .args(["--format", "json"])
        .output()
        .unwrap();
    let report: serde_json::Value = common::unfolded(&output.stdout).unwrap_or_else(|_| {
        panic!(
            "row {}: {}",
            example.row,
            String::from_utf8_lossy(&output.stderr)
        )
    });
    let clusters = report["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), 1, "row {}", example.row);
    let mut wrong = Vec::new();
    for (method, expected) in &example.verdicts {
        let judged = &clusters[0]["methods"][method];
        if judged["verdict"] != expected.as_str() {
            wrong.push(format!(
                "row {} {method}: expected {expected}, got {}: {}",
                example.row,
                judged["verdict"],
                deciders(&report, judged, method)
            ));
        }
    }
    wrong
}

/// The rules that bear on a method as block or action, for the failure's text.
fn deciders(report: &serde_json::Value, judged: &serde_json::Value, method: &str) -> String {
    let ids = judged["findings"].as_array().unwrap();
    let findings = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| ids.contains(&finding["id"]));
    let deciding = findings.filter(|finding| {
        ["block", "action"]
            .iter()
            .any(|weight| finding["effect"][method] == *weight)
    });
    let texts: Vec<String> = deciding
        .map(|f| format!("{} {} {}", f["rule"], f["outcome"], f["effect"][method]))
        .collect();
    texts.join("; ")
}

#[test]
fn hiding_an_object_never_opens_a_method() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let wrong: Vec<String> = worked_examples()
        .par_iter()
        .flat_map(|example| opened_by_hiding(example, &rules))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} methods opened:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn opened_by_hiding(example: &Example, rules: &RuleSet) -> Vec<String> {
    let documents = example.documents();
    let (options, assume) = example.options();
    let before = verdicts(&judge(&documents, rules, &options, &assume));
    let mut wrong = Vec::new();
    for hidden in 0..documents.len() {
        let mut rest = documents.clone();
        let document = rest.remove(hidden);
        let after = verdicts(&judge(
            &rest,
            rules,
            &options,
            &without_kind(&assume, &document),
        ));
        for (key, verdict) in &after {
            let was = before.get(key).copied().unwrap_or(Verdict::Ready);
            if *verdict == Verdict::Ready && was != Verdict::Ready {
                wrong.push(format!(
                    "row {}: {key:?} was {} and is ready without\n{document}",
                    example.row,
                    was.name()
                ));
            }
        }
    }
    wrong
}

/// What is taken to be complete, less the kind of a document.
fn without_kind(assume: &Assume, document: &str) -> Assume {
    let kind = document
        .lines()
        .find_map(|line| line.strip_prefix("kind: "))
        .unwrap();
    let kept: Vec<&str> = KINDS
        .iter()
        .filter(|row| row.name != kind && assume.holds(row.kind))
        .map(|row| row.name)
        .collect();
    if kept.is_empty() {
        Assume::nothing()
    } else {
        Assume::parse(&kept.join(",")).unwrap()
    }
}

fn verdicts(report: &Report) -> BTreeMap<(String, Method), Verdict> {
    let clusters = report.clusters.iter();
    clusters
        .flat_map(|cluster| {
            cluster
                .methods
                .iter()
                .map(|(method, m)| ((cluster.name.clone(), *method), m.verdict))
        })
        .collect()
}

#[test]
fn shuffling_the_documents_changes_nothing() {
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    for example in worked_examples() {
        let documents = example.documents();
        let (options, assume) = example.options();
        let told = |report: &Report| -> Vec<(String, String)> {
            report
                .findings
                .iter()
                .map(|finding| (finding.id.to_string(), finding.message.to_string()))
                .collect()
        };
        let straight = judge(&documents, &rules, &options, &assume);
        let reversed: Vec<String> = documents.iter().rev().cloned().collect();
        let shuffled = judge(&reversed, &rules, &options, &assume);
        assert_eq!(
            verdicts(&straight),
            verdicts(&shuffled),
            "row {}",
            example.row
        );
        assert_eq!(told(&straight), told(&shuffled), "row {}", example.row);
    }
}
