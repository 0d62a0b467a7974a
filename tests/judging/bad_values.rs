//! Values that make no sense are unknown: never a rule at fault, never exit 2, and told with their place.

use crate::{cluster, common, wide};

use common::{judge, options, root, worked_examples};
use pgo_preflight::check::{BROKEN, FailOn, exit_code, names_of};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::RuleSet;
use rayon::prelude::*;
use serde_json::{Value, json};

const BAD: &[&str] = &[
    "1TB",
    "the-day-after",
    "[a, {b: c}]",
    "{a: [b]}",
    "-9223372036854775807",
    "1e400",
    "''",
    "\"x\\e[2J\"",
    "2026-13-45T99:00:00Z",
];

/// A text with the value of one line replaced; `None` where the line has none, or names the object.
fn spoilt(text: &str, line: usize, bad: &str) -> Option<String> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let here = lines.get_mut(line)?;
    if here.starts_with("kind:") || here.starts_with("apiVersion:") || here.starts_with('#') {
        return None;
    }
    let start = match here.split_once(": ") {
        Some((key, _)) => format!("{key}: "),
        None => format!("{}- ", here.split_once("- ").map(|(indent, _)| indent)?),
    };
    *here = format!("{start}{bad}");
    Some(lines.join("\n"))
}

#[test]
fn no_bad_value_in_an_export_or_a_draft_puts_a_rule_at_fault() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let mut inputs: Vec<(String, Vec<String>, _, Assume)> = worked_examples()
        .iter()
        .map(|example| {
            let (options, assume) = example.options();
            (example.row.clone(), example.documents(), options, assume)
        })
        .collect();
    let old = inputs[0].1.clone();
    for entry in std::fs::read_dir(root().join("fixtures/guide-snippets")).unwrap() {
        let path = entry.unwrap().path();
        let mut texts = vec![std::fs::read_to_string(&path).unwrap()];
        texts.extend(old.clone());
        let name = path.display().to_string();
        inputs.push((name, texts, options(), Assume::everything()));
    }
    let wrong: Vec<String> = inputs
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, (name, texts, options, assume))| {
            let drafts = if std::path::Path::new(name)
                .extension()
                .is_some_and(|end| end == "yaml")
            {
                1
            } else {
                texts.len()
            };
            let lines = texts
                .iter()
                .take(drafts)
                .enumerate()
                .flat_map(|(at, text)| (0..text.lines().count()).map(move |line| (at, line)));
            // Each line has its turn in some of the inputs, which have most lines in common.
            let turn = move |line: usize| drafts == 1 || (line + number).is_multiple_of(37);
            let rules = &rules;
            lines
                .filter(move |(_, line)| turn(*line))
                .filter_map(move |(at, line)| {
                    let bad = BAD[(line + number) % BAD.len()];
                    let mut changed = texts.clone();
                    changed[at] = spoilt(&texts[at], line, bad)?;
                    let report = judge(&changed, rules, options, assume);
                    let broken = exit_code(&report, FailOn::default()) == BROKEN;
                    let bugs = report.bugs.join("; ");
                    let what = texts[at].lines().nth(line).unwrap_or("");
                    broken.then(|| format!("{name}: {bad} in `{what}`: {bugs}"))
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Values of every type, none of which makes sense where PGO or Kubernetes write something.
fn senseless() -> Vec<Value> {
    vec![
        json!({"a": ["b"]}),
        json!(["a", {"b": "c"}]),
        json!("1TB"),
        json!(-9_223_372_036_854_775_807_i64),
        json!(1e300),
        json!(true),
        Value::Null,
        json!("\u{1b}[2J\u{202e}"),
        json!(""),
        json!({}),
        json!([]),
        json!("2026-13-45T99:00:00Z"),
    ]
}

/// The pointers of everything in an object but what makes it this object.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let within: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, one)| (key.clone(), one)).collect(),
        Value::Array(list) => {
            let numbered = list.iter().enumerate();
            numbered.map(|(at, one)| (at.to_string(), one)).collect()
        }
        _ => Vec::new(),
    };
    for (key, one) in within {
        let key = key.replace('~', "~0").replace('/', "~1");
        let here = format!("{at}/{key}");
        let identity = [
            "/apiVersion",
            "/kind",
            "/metadata",
            "/metadata/name",
            "/metadata/namespace",
        ];
        if !identity.contains(&here.as_str()) {
            found.push(here.clone());
        }
        pointers(one, &here, found);
    }
}

/// One v4 cluster with all that tells of it, each place of it spoilt in turn: a map where a text belongs as well as a text
/// where a map does.
#[test]
fn no_place_that_facts_read_puts_a_rule_at_fault_whatever_stands_there() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let objects = [wide::objects(), cluster::objects(0), cluster::objects(1)].concat();
    let mut options = options();
    options.run.target = Version::parse("5.8.2");
    let places = objects.iter().enumerate().flat_map(|(number, object)| {
        let mut found = Vec::new();
        pointers(object, "", &mut found);
        found.into_iter().map(move |at| (number, at))
    });
    let places: Vec<(usize, String)> = places.collect();
    assert!(places.len() > 300, "{}", places.len());
    let bad = senseless();
    let wrong: Vec<String> = places
        .par_iter()
        .enumerate()
        .flat_map_iter(|(turn, (number, at))| {
            // Neighbours get different values, and each kind of place all of them over the two clusters.
            let values = [turn % bad.len(), (turn * 5 + 3) % bad.len()];
            let (objects, bad, rules, options) = (&objects, &bad, &rules, &options);
            values.into_iter().filter_map(move |which| {
                let mut changed = objects.clone();
                *changed[*number].pointer_mut(at)? = bad[which].clone();
                let texts: Vec<String> = changed.iter().map(Value::to_string).collect();
                let report = judge(&texts, rules, options, &Assume::everything());
                let broken = exit_code(&report, FailOn::default()) == BROKEN;
                let bugs = report.bugs.join("; ");
                let kind = &objects[*number]["kind"];
                broken.then(|| format!("{kind} {at}: {}: {bugs}", bad[which]))
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_claim_of_1tb_is_told_with_its_place_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cluster.yaml");
    let example = worked_examples()
        .into_iter()
        .find(|one| one.row == "05")
        .unwrap();
    let text = example.documents().join("---\n");
    let at = text.rfind("\n      storage: 20Gi").unwrap() + 7;
    let text = format!("{}storage: \"1TB\\e[2J\"{}", &text[..at], &text[at + 13..]);
    std::fs::write(&path, text).unwrap();
    let output = crate::common::program()
        .args(["check", "--no-config", "-v"])
        .arg(&path)
        .args(&example.args)
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_ne!(output.status.code(), Some(2), "{told}");
    assert!(
        output.stderr.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(told.contains("is no quantity"), "{told}");
    assert!(told.contains("correct the value"), "{told}");
    assert!(!told.contains('\u{1b}'), "{told}");
}
