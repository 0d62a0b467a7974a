//! Findings stand in one order in every format: by what they do to the verdict, then by phase, then by id.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::common::root;

const FORMATS: [&str; 10] = [
    "json",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "policyreport",
    "csv",
    "html",
    "markdown",
    "human",
];

/// Runs of one subject each, and what it is.
const RUNS: [(&str, &[&str]); 7] = [
    ("check", &["worked-examples/02/cluster.yaml"]),
    ("check", &["worked-examples/03b/cluster.yaml"]),
    ("check", &["worked-examples/07/cluster.yaml"]),
    ("check", &["worked-examples/15/cluster.yaml"]),
    ("check", &["worked-examples/20/cluster.yaml"]),
    ("check", &["draft-folder/hippo.yaml"]),
    (
        "verify",
        &[
            "--before",
            "lives/volumes/before.yaml",
            "lives/volumes/04-running.yaml",
            "--assume-complete",
        ],
    ),
];

/// One run in all formats.
fn texts(folder: &Path, command: &str, args: &[&str]) -> BTreeMap<&'static str, String> {
    let mut run = crate::common::program();
    run.current_dir(root().join("fixtures"))
        .args([command, "--no-config", "--now", "2026-11-20T12:00:00Z"])
        .args(["--target", "5.8.2"])
        .args(args);
    for format in FORMATS {
        let file = folder.join(format);
        run.args(["--format", &format!("{format}={}", file.display())]);
    }
    assert!(run.output().unwrap().status.code() < Some(4));
    let read = |format| std::fs::read_to_string(folder.join(format)).unwrap();
    FORMATS.map(|format| (format, read(format))).into()
}

/// The lists that a format tells in one breath: within each, the order counts.
fn lists(format: &str, text: &str) -> Vec<String> {
    let cut = |marks: &[&str]| {
        let mut parts = vec![text];
        for mark in marks {
            parts = parts
                .into_iter()
                .flat_map(|part| part.split(mark))
                .collect();
        }
        parts.into_iter().map(str::to_owned).collect()
    };
    match format {
        "csv" => cut(&[",", "\n"]),
        "junit" => cut(&["<testcase "]),
        "human" => cut(&["\n\n"]),
        "markdown" => cut(&["\n**", "\n## "]),
        "html" => cut(&["<h", "<details", "</details"]),
        // GitHub shows ten of each kind, so the weightiest come first.
        "github" => ["::error ", "::warning ", "::notice "]
            .map(|kind| {
                let lines = text.lines().filter(|line| line.starts_with(kind));
                lines.collect::<Vec<_>>().join("\n")
            })
            .into(),
        _ => vec![text.to_owned()],
    }
}

/// The rules that a text names as a finding's, in the order of their first naming.
fn named<'t>(format: &str, text: &'t str, rules: &BTreeSet<String>) -> Vec<&'t str> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let marks = match format {
        "human" | "junit" => ("[", "]"),
        "markdown" => ("`", "`"),
        "html" => (">", "<"),
        "github" => ("title=", "::"),
        _ => ("", ""),
    };
    let mut seen = Vec::new();
    let mut at = 0;
    for word in text.split(|c: char| !inside(c)) {
        let start = at;
        at += word.len();
        let before = text[..start].ends_with(marks.0);
        let after = text[at..].starts_with(marks.1);
        at += text[at..].chars().next().map_or(0, char::len_utf8);
        if before && after && rules.contains(word) && !seen.contains(&word) {
            seen.push(word);
        }
    }
    seen
}

#[test]
fn findings_stand_in_the_same_order_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    for (command, args) in RUNS {
        let texts = texts(folder.path(), command, args);
        let report: Value = serde_json::from_str(&texts["json"]).unwrap();
        let mut order: Vec<String> = Vec::new();
        for finding in report["findings"].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap().to_owned();
            if !order.contains(&rule) {
                order.push(rule);
            }
        }
        let rules: BTreeSet<String> = order.iter().cloned().collect();
        assert!(rules.len() > 3, "{args:?}");
        let place = |rule: &str| order.iter().position(|one| one == rule);
        for (format, text) in &texts {
            let mut told = 0;
            for list in lists(format, text) {
                let named = named(format, &list, &rules);
                told += named.len();
                assert!(
                    named.is_sorted_by_key(|rule| place(rule)),
                    "{args:?} {format}: {named:?}\nis not in the order of {order:?}"
                );
            }
            assert!(
                told > 0 || *format == "csv",
                "{args:?}: {format} names no rule"
            );
        }
    }
}
