//! What a run says once it may find no more.

use super::judge_all;
use crate::allowance::Findings;
use crate::check::{
    ArrivalVerdict, DraftVerdict, Evidence, FailOn, FindingOutcome, Options, Report, UNDECIDED,
    Verdict, exit_code, names_of,
};
use crate::expr::Version;
use crate::manifest::{Assume, MOST_CLUSTERS, gather_texts};
use crate::rule::{Method, RuleSet};

/// A cluster of which only the name is known.
fn bare(number: usize) -> String {
    format!(
        "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {{name: c{number:03}, namespace: pgo}}\n"
    )
}

/// A cluster of v5 with its annotations and status.
fn v5(name: &str, status: &str) -> String {
    format!(
        "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: {name}, namespace: pgo}}\nspec: {{postgresVersion: fourteen}}\n{status}"
    )
}

fn judged(texts: &[String], left: usize) -> Report {
    let gathered = gather_texts(vec![(
        "a.yaml".to_owned(),
        texts.join("---\n").into_bytes(),
    )]);
    let options = Options {
        methods: [Method::ALL.to_vec(), vec![Method::Upgrade]].concat(),
        facts: true,
        living: true,
        ..Options::at(
            "2026-11-20T12:00:00Z".parse().unwrap(),
            Version::parse("5.8.2"),
        )
    };
    let evidence = Evidence::of(gathered, &Assume::everything());
    let rules = RuleSet::built_in(names_of).unwrap();
    judge_all(&evidence, &rules, &options, true, Findings::only(left))
}

fn living(name: &str) -> String {
    v5(
        name,
        "status: {observedGeneration: 1, pgbackrest: {repos: [{name: repo1, stanzaCreated: true}]}}\n",
    )
}

#[test]
fn nothing_is_concluded_about_what_comes_after_all_that_a_run_may_find() {
    let report = judged(&[bare(0), v5("draft", ""), living("c000")], 0);
    let [cluster] = report.clusters.as_slice() else {
        panic!("{:?}", report.clusters);
    };
    assert!(cluster.facts.is_none());
    for judged in cluster.methods.values() {
        assert_eq!(judged.verdict, Verdict::Unknown);
        let [at] = judged.findings.as_slice() else {
            panic!("{judged:?}");
        };
        let finding = &report.findings[*at];
        assert_eq!(&*finding.rule, "too-many-clusters-to-judge");
        assert_eq!(finding.outcome, FindingOutcome::Unknown);
        assert!(!finding.gaps.is_empty() && report.rules.contains_key(&finding.rule));
    }
    assert_eq!(report.drafts[0].verdict, DraftVerdict::Unknown);
    assert_eq!(report.drafts[0].findings.len(), 1);
    let upgrade = report.living[0].upgrade.as_ref().unwrap();
    assert_eq!(upgrade.verdict(), Some(Verdict::Unknown));
    assert_eq!(report.migrations[0].verdict, ArrivalVerdict::Unknown);
    assert!(report.migrations[0].passed.is_empty());
    assert!(!report.courses.is_empty());
    assert!(report.courses.iter().all(|course| course.steps.is_empty()));
    assert!(report.skipped.iter().any(|one| one.counts));
    assert_eq!(exit_code(&report, FailOn::Blocked), UNDECIDED);
    assert!(report.bugs.is_empty(), "{:?}", report.bugs);
}

#[test]
fn clusters_are_judged_in_full_until_a_run_may_find_no_more() {
    let texts: Vec<String> = (0..300).map(bare).collect();
    let few = judged(&texts, 1);
    let all = judged(&texts, usize::MAX);
    let beyond = |report: &Report| {
        let found = report.findings.iter();
        found
            .filter(|one| &*one.rule == "too-many-clusters-to-judge")
            .count()
    };
    assert_eq!((beyond(&few), beyond(&all)), (44, 0));
    assert_eq!(few.clusters.len(), 300);
    for (few, all) in few.clusters.iter().zip(&all.clusters).take(256) {
        assert_eq!(format!("{few:?}"), format!("{all:?}"));
    }
    let open = |at: usize| {
        let mut methods = few.clusters[at].methods.values();
        methods.all(|one| one.verdict == Verdict::Unknown)
    };
    assert!((256..300).all(open));
}

/// A small archive can hold a million names.
#[test]
fn beyond_a_number_that_can_be_read_only_the_number_is_told() {
    let one = |number: usize| {
        format!("apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {{name: a{number}}}\n")
    };
    let texts: Vec<String> = (0..5_800).map(one).collect();
    let report = judged(&texts, 1);
    let told = report.clusters.len();
    assert!(told < 5_800, "{told}");
    let left = format!("{} more in it", 5_800 - told);
    let reasons = report.skipped.iter().map(|one| &one.reason);
    assert!(reasons.clone().any(|reason| reason.starts_with(&left)));
    assert!(report.skipped.iter().any(|one| one.counts));
}

#[test]
fn of_one_origin_so_many_clusters_are_looked_at_and_of_the_rest_the_number_is_told() {
    let texts: Vec<String> = (0..MOST_CLUSTERS + 3).map(bare).collect();
    let report = judged(&texts, 1);
    let told = |count: usize| {
        let start = format!("{count} more in it");
        let reasons = report.skipped.iter().map(|one| &one.reason);
        reasons.filter(|reason| reason.starts_with(&start)).count()
    };
    assert_eq!(told(3), 1, "{:?}", report.skipped);
    assert_eq!(told(MOST_CLUSTERS - report.clusters.len()), 1);
    assert!(report.skipped.iter().all(|one| one.counts));
}
