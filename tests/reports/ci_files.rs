//! The ways into CI beside the action: the pre-commit hooks, run as far as this machine goes.

#![cfg(unix)]

use crate::common;

use std::path::Path;
use std::process::{Command, Output};

use common::root;
use regex::Regex;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_pgo-preflight");

fn yaml(name: &str) -> Value {
    yaml_serde::from_str(&std::fs::read_to_string(root().join(name)).unwrap()).unwrap()
}

/// Runs what a hook runs, in a folder.
fn run(hook: &Value, folder: &Path) -> Output {
    let mut words = hook["entry"].as_str().unwrap().split(' ');
    assert_eq!(words.next(), Some("pgo-preflight"));
    let args = hook["args"].as_array().unwrap().iter();
    Command::new(PROGRAM)
        .args(words)
        .args(args.map(|arg| arg.as_str().unwrap()))
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn hooks_are_the_same_but_for_how_the_program_comes() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap();
    let languages: Vec<&Value> = hooks.iter().map(|hook| &hook["language"]).collect();
    assert_eq!(languages, ["python", "rust", "system"]);
    for hook in hooks {
        for same in ["entry", "args", "files", "pass_filenames", "verbose"] {
            assert_eq!(hook[same], hooks[0][same], "{same}");
        }
        let files = Regex::new(hook["files"].as_str().unwrap()).unwrap();
        assert!(
            files.is_match("db/cluster.yaml") && files.is_match("a.yml") && !files.is_match("a.rs")
        );
    }
}

#[test]
fn a_hook_fails_on_what_it_found_or_could_not_decide() {
    let hook = &yaml(".pre-commit-hooks.yaml")[0];
    let undecided = run(hook, &root().join("fixtures/draft-folder"));
    assert_eq!(undecided.status.code(), Some(3), "{undecided:?}");
    let wrong = run(hook, &root().join("fixtures/guide-snippets"));
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
}

#[test]
fn a_repository_without_drafts_or_with_a_chart_passes_the_hook_and_is_told_what_was_not_checked() {
    let hook = &yaml(".pre-commit-hooks.yaml")[0];
    assert_eq!(
        hook["verbose"], true,
        "pre-commit shows what passing hooks say"
    );
    let temp = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(temp.path().join(name), text).unwrap();
    let told = |output: &Output| {
        let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        String::from_utf8(both).unwrap()
    };
    let empty = run(hook, temp.path());
    assert_eq!(empty.status.code(), Some(0), "{empty:?}");
    write("ci.yml", "on: push\n");
    let nothing = run(hook, temp.path());
    assert_eq!(nothing.status.code(), Some(0), "{nothing:?}");
    assert!(told(&nothing).contains("nothing to check"), "{nothing:?}");
    write(
        "chart.yaml",
        "kind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n  labels: [\n",
    );
    let chart = run(hook, temp.path());
    assert_eq!(chart.status.code(), Some(0), "{chart:?}");
    assert!(told(&chart).contains("chart.yaml:"), "{chart:?}");
    // What is broken and no template may be a draft.
    write("draft.yaml", "kind: PostgresCluster\nmetadata: [\n");
    let broken = run(hook, temp.path());
    assert_eq!(broken.status.code(), Some(3), "{broken:?}");
}
