//! The schema room against a real API server's verdicts on other people's manifests (`corpus/v5`).

use crate::corpus;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use pgo_preflight::expr::Version;
use pgo_preflight::schema::{CrdSchemas, Validation};
use regex::Regex;
use serde_json::Value as Json;

/// In the corpus's words.
fn verdict(validation: &Validation) -> &'static str {
    let is = |rule: &str| validation.violations.iter().any(|found| found.rule == rule);
    let unknown = is("schema-unknown-field");
    let others = validation.violations.iter();
    let invalid = others
        .filter(|found| found.rule != "schema-unknown-field")
        .count()
        > 0;
    match (unknown, invalid) {
        _ if is("schema-version") => "noversion",
        (true, true) => "unknown+invalid",
        (true, false) => "unknown",
        (false, true) => "invalid",
        (false, false) => "ok",
    }
}

/// Whether the server complains of the same fields.
fn same_places(validation: &Validation, message: &str) -> bool {
    static UNKNOWN: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r#"unknown field "([^"]+)""#).unwrap());
    static REFUSED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:is invalid: |\[|, )([a-z][\w.\[\]-]*): (?:Required|Invalid|Unsupported|Duplicate|Too)",
        )
        .unwrap()
    });
    let theirs = |pattern: &Regex| -> BTreeSet<String> {
        let found = pattern.captures_iter(message);
        found.map(|found| found[1].to_owned()).collect()
    };
    let ours = |unknown: bool| -> BTreeSet<String> {
        let found = validation.violations.iter();
        let found = found.filter(|v| (v.rule == "schema-unknown-field") == unknown);
        found.map(|v| dotted(&v.path)).collect()
    };
    validation
        .violations
        .iter()
        .any(|v| v.rule == "schema-version")
        || (ours(true) == theirs(&UNKNOWN) && ours(false) == theirs(&REFUSED))
}

/// How often ours was theirs, per release, and where not.
#[derive(Default)]
struct Agreement {
    right: usize,
    all: usize,
    wrong: Vec<String>,
}

fn compare(corpus: &Path, schemas: &BTreeMap<String, CrdSchemas>) -> BTreeMap<String, Agreement> {
    let mut agreements: BTreeMap<String, Agreement> = BTreeMap::new();
    let verdicts = std::fs::read_to_string(corpus.join("v5/VERDICTS.jsonl")).unwrap();
    for line in verdicts.lines() {
        let sample: Json = serde_json::from_str(line).unwrap();
        let file = sample["file"].as_str().unwrap();
        let object = corpus::sample(corpus, file);
        for expected in sample["verdicts"].as_array().unwrap() {
            for release in expected["versions"].as_array().unwrap() {
                let release = release.as_str().unwrap();
                let validation = schemas[release].validate(object.root());
                let agreement = agreements.entry(release.to_owned()).or_default();
                agreement.all += 1;
                let message = expected["message"].as_str().unwrap();
                if verdict(&validation) == expected["verdict"] && same_places(&validation, message)
                {
                    agreement.right += 1;
                } else {
                    agreement.wrong.push(format!(
                        "{file} on {release}: {} here, {} there ({})\n{:#?}",
                        verdict(&validation),
                        expected["verdict"],
                        expected["message"],
                        validation
                            .violations
                            .iter()
                            .map(|v| &v.message)
                            .collect::<Vec<_>>()
                    ));
                }
            }
        }
    }
    agreements
}

fn releases(corpus: &Path) -> Vec<String> {
    let names = std::fs::read_dir(corpus.join("crds"))
        .unwrap()
        .filter_map(|entry| {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let release = name
                .strip_prefix("postgresclusters-")?
                .strip_suffix(".yaml")?;
            Some(release.to_owned())
        });
    names.collect()
}

#[test]
fn every_crd_gives_the_server_s_verdict() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let schemas = releases(&corpus)
        .into_iter()
        .map(|release| (release.clone(), corpus::crd(&corpus, &release)))
        .collect();
    for (release, agreement) in compare(&corpus, &schemas) {
        assert!(
            agreement.wrong.is_empty(),
            "{release}: {} of {} verdicts\n{}",
            agreement.right,
            agreement.all,
            agreement.wrong.join("\n")
        );
    }
}

#[test]
fn the_catalogue_gives_the_server_s_verdict() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let schemas = releases(&corpus)
        .into_iter()
        .map(|release| {
            let version = Version::parse(&release).unwrap();
            (release, CrdSchemas::of_release(&version).unwrap())
        })
        .collect();
    for (release, agreement) in compare(&corpus, &schemas) {
        eprintln!(
            "catalogue {release}: {} of {} verdicts",
            agreement.right, agreement.all
        );
        // A floor that only rises.
        assert_eq!(
            agreement.right,
            agreement.all,
            "{}",
            agreement.wrong.join("\n")
        );
    }
}

/// A JSON pointer as the server writes a path.
fn dotted(pointer: &str) -> String {
    let mut path = String::new();
    for step in pointer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        if step.bytes().all(|b| b.is_ascii_digit()) {
            path.push_str(&format!("[{step}]"));
        } else {
            path.push_str(if path.is_empty() { "" } else { "." });
            path.push_str(&step);
        }
    }
    path
}

/// Places of a server's causes; it writes keys of maps in brackets, with a dot or without.
fn plain(path: &str) -> String {
    match path.strip_suffix("[log_directory]") {
        Some(before) => format!("{}.log_directory", before.trim_end_matches('.')),
        None => path.to_owned(),
    }
}

fn check_cases(name: &str, schemas: impl Fn(&str) -> CrdSchemas, places_too: bool) {
    let Some(corpus) = corpus::found() else {
        return;
    };
    let text = std::fs::read_to_string(corpus.join("v5/validation-cases.json")).unwrap();
    let cases: Json = serde_json::from_str(&text).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 189);
    let mut wrong = Vec::new();
    for release in releases(&corpus) {
        let schemas = schemas(&release);
        let (mut right, mut all) = (0, 0);
        for case in cases {
            let expected = &case["apiserver"][&release];
            let Some(answer) = expected["verdict"].as_str() else {
                continue;
            };
            all += 1;
            let object = corpus::object("case", case["object"].to_string().into_bytes());
            let found = schemas.validate(object.root()).violations;
            let refused: Vec<_> = found
                .iter()
                .filter(|v| v.rule != "schema-unknown-field")
                .collect();
            let ours: BTreeSet<String> = refused.iter().map(|v| dotted(&v.path)).collect();
            let theirs: BTreeSet<String> = expected["causes"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|cause| cause["field"].as_str().filter(|field| *field != "<nil>"))
                .map(plain)
                .collect();
            let agree = (answer == "accept") == refused.is_empty();
            if agree && (!places_too || ours == theirs || answer == "noversion") {
                right += 1;
            } else {
                wrong.push(format!(
                    "{} on {release}: {answer} at {theirs:?} there, {ours:?} here: {:?}",
                    case["id"],
                    refused.iter().map(|v| &v.message).collect::<Vec<_>>()
                ));
            }
        }
        eprintln!("{name} {release}: {right} of {all} cases");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn upstream_s_cases_on_every_crd() {
    let Some(corpus) = corpus::found() else {
        return;
    };
    check_cases("crd", |release| corpus::crd(&corpus, release), true);
}

#[test]
fn upstream_s_cases_on_the_catalogue() {
    let of = |release: &str| CrdSchemas::of_release(&Version::parse(release).unwrap()).unwrap();
    check_cases("catalogue", of, true);
}
