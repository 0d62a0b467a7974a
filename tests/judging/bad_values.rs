//! Values that make no sense are unknown: never a rule at fault, never exit 2, and told with their place.

use crate::common;

use common::{judge, options, root, worked_examples};
use pgo_preflight::check::{BROKEN, FailOn, exit_code, names_of};
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::RuleSet;
use rayon::prelude::*;
use std::process::Command;

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
    let output = Command::new(env!("CARGO_BIN_EXE_pgo-preflight"))
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
