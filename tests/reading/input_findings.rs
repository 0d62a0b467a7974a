//! What is odd about the input itself is told, with both places.

use crate::common;

use common::judge;
use pgo_preflight::check::{Options, Report, names_of};
use pgo_preflight::fact::Run;
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::{Method, RuleSet};

fn report(texts: &[&str]) -> Report {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let run = Run {
        now: "2026-11-20T12:00:00Z".parse().unwrap(),
        target: None,
        definition: None,
    };
    let options = Options {
        run,
        methods: Method::ALL.to_vec(),
        facts: false,
        pairs: Vec::new(),
        living: false,
        lint_live: false,
        schema: None,
    };
    judge(
        &texts,
        &RuleSet::built_in(names_of).unwrap(),
        &options,
        &Assume::nothing(),
    )
}

fn told(report: &Report, rule: &str) -> Vec<(String, Vec<String>)> {
    let findings = report
        .findings
        .iter()
        .filter(|finding| &*finding.rule == rule);
    findings
        .map(|finding| {
            let places = finding.labels.iter().map(|label| {
                report.sources[label.span.source.0 as usize]
                    .slice(label.span)
                    .to_owned()
            });
            (finding.message.to_string(), places.collect())
        })
        .collect()
}

const HIPPO: &str =
    "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {name: hippo, namespace: pgo}\n";

#[test]
fn two_copies_that_differ_are_told_and_equal_ones_are_not() {
    let other = format!("{HIPPO}spec: {{port: '5433'}}\n");
    let told = |texts: &[&str]| told(&report(texts), "duplicate-object");
    assert_eq!(told(&[HIPPO, HIPPO]), []);
    let expected = (
        "the input holds 2 copies of Pgcluster pgo/hippo that differ".to_owned(),
        vec!["hippo".to_owned(); 2],
    );
    assert_eq!(told(&[HIPPO, &other]), [expected]);
}

#[test]
fn a_key_written_twice_is_told_at_the_one_that_counts() {
    let text = format!("{HIPPO}spec:\n  port: '5432'\n  port: '5433'\n");
    let told = told(&report(&[&text]), "duplicate-key");
    let expected = "`port` is written twice in Pgcluster pgo/hippo; the last one counts".to_owned();
    assert_eq!(told, [(expected, vec!["port".to_owned(); 2])]);
}

#[test]
fn ten_thousand_keys_written_twice_are_one_finding() {
    use std::fmt::Write as _;
    let mut text = format!("{HIPPO}spec:\n");
    for key in (0..10_000).chain(0..10_000) {
        writeln!(text, "  k{key}: x").unwrap();
    }
    assert_eq!(told(&report(&[&text]), "duplicate-key").len(), 1);
}
