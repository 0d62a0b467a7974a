//! What upstream publishes as working must not be called wrong, where such manifests are at hand.

use crate::common;
#[allow(dead_code, unreachable_pub)]
use crate::corpus;

use std::collections::{BTreeMap, BTreeSet};

use pgo_preflight::check::{FindingOutcome, Options, names_of};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::{Level, RuleSet};
use serde_json::Value;

/// Upstream's own mistakes.
const MISTAKES: [(&str, &str, &str); 6] = [
    (
        "S009",
        "schema-wrong-type",
        "a bare `y`, which kubectl reads as true",
    ),
    (
        "S010",
        "schema-wrong-type",
        "a bare `y`, which kubectl reads as true",
    ),
    (
        "S366",
        "image-of-another-major",
        "postgresVersion 16 with an image of Postgres 15",
    ),
    ("S367", "image-of-another-major", "the same"),
    ("S375", "image-of-another-major", "the same"),
    ("S376", "image-of-another-major", "the same"),
];

/// The newest release whose server takes a manifest.
fn newest(row: &Value) -> Option<Version> {
    let verdicts = row["verdicts"].as_array().unwrap().iter();
    let accepted = verdicts.filter(|verdict| verdict["verdict"] == "ok");
    let versions = accepted.flat_map(|verdict| verdict["versions"].as_array().unwrap());
    versions
        .map(|version| Version::parse(version.as_str().unwrap()).unwrap())
        .max()
}

/// The findings that are errors, by manifest, of all manifests for one release.
fn errors(target: Version, manifests: &[(String, String)]) -> BTreeSet<(String, String)> {
    let options = Options::at("2026-11-20T12:00:00Z".parse().unwrap(), Some(target));
    let rules = RuleSet::built_in(names_of).unwrap();
    let texts: Vec<String> = manifests.iter().map(|(_, text)| text.clone()).collect();
    let report = common::judge(&texts, &rules, &options, &Assume::nothing());
    assert!(report.bugs.is_empty(), "{:?}", report.bugs);
    let wrong = report.findings.iter().filter(|finding| {
        finding.level == Level::Error && finding.outcome == FindingOutcome::Fires
    });
    wrong
        .map(|finding| {
            let source = finding.labels[0].span.source.0 as usize;
            let number: usize = report.sources[source].uri[..3].parse().unwrap();
            (manifests[number].0.clone(), finding.rule.to_string())
        })
        .collect()
}

#[test]
fn no_error_is_found_in_what_upstream_publishes_but_its_own_mistakes() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let rows = std::fs::read_to_string(corpus.join("v5/VERDICTS.jsonl")).unwrap();
    let mut by_target: BTreeMap<Version, Vec<(String, String)>> = BTreeMap::new();
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        let (id, file) = (row["id"].as_str().unwrap(), row["file"].as_str().unwrap());
        let Some(target) = newest(&row).filter(|_| file.starts_with("manifests/")) else {
            continue;
        };
        let text = std::fs::read_to_string(corpus.join("v5").join(file)).unwrap();
        by_target
            .entry(target)
            .or_default()
            .push((id.to_owned(), text));
    }
    let count: usize = by_target.values().map(Vec::len).sum();
    assert!(count > 400, "{count}");
    let found = by_target
        .iter()
        .flat_map(|(target, manifests)| errors(*target, manifests));
    let found: BTreeSet<(String, String)> = found.collect();
    let known = MISTAKES
        .iter()
        .map(|(id, rule, _)| ((*id).to_owned(), (*rule).to_owned()));
    assert_eq!(found, known.collect());
}
