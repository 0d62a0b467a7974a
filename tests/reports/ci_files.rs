//! The ways into CI: the scripts of the composite action and the pre-commit hooks, run as far as this machine goes.

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

/// A step of the action.
fn step(name: &str) -> Value {
    let action = yaml("action.yml");
    let mut steps = action["runs"]["steps"].as_array().unwrap().iter();
    steps.find(|step| step["name"] == name).unwrap().clone()
}

/// Runs the script of a step as a runner does, with the program where the first step installs it.
fn run(name: &str, temp: &Path, inputs: &[(&str, &str)]) -> Output {
    let bin = temp.join("pgo-preflight/bin");
    std::fs::create_dir_all(&bin).unwrap();
    let installed = bin.join("pgo-preflight");
    if !installed.exists() {
        std::os::unix::fs::symlink(PROGRAM, installed).unwrap();
    }
    Command::new("bash")
        .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"])
        .arg(step(name)["run"].as_str().unwrap())
        .current_dir(root())
        .env("RUNNER_TEMP", temp)
        .env("GITHUB_OUTPUT", temp.join("output"))
        .env("GITHUB_STEP_SUMMARY", temp.join("summary"))
        .envs(inputs.iter().copied())
        .output()
        .unwrap()
}

/// The check step's exit code by its output, and the result step's own.
fn checked(paths: &str, target: &str, args: &str) -> (String, Option<i32>, String) {
    let temp = tempfile::tempdir().unwrap();
    let inputs = [
        ("PATHS", paths),
        ("TARGET", target),
        ("FAIL_ON", "blocked"),
        ("ARGS", args),
    ];
    let output = run("Check", temp.path(), &inputs);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let outputs = std::fs::read_to_string(temp.path().join("output")).unwrap();
    let value = |name: &str| {
        let mut lines = outputs.lines();
        lines
            .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
            .unwrap_or("")
            .to_owned()
    };
    let code = value("exit-code");
    let result = run("Result", temp.path(), &[("CODE", &code)]);
    let sarif = value("sarif-file");
    let text = if sarif.is_empty() {
        String::new()
    } else {
        std::fs::read_to_string(sarif).unwrap()
    };
    (code, result.status.code(), text)
}

#[test]
fn the_action_keeps_the_exit_code_and_writes_sarif_all_the_same() {
    let (code, result, sarif) =
        checked("fixtures/guide-snippets/existing-volumes.yaml", "5.8.2", "");
    assert_eq!((code.as_str(), result), ("1", Some(1)));
    let log: Value = serde_json::from_str(&sarif).unwrap();
    assert!(
        log["runs"][0]["results"]
            .to_string()
            .contains("data-source-pruned")
    );
    let (code, result, sarif) = checked(
        "fixtures/guide-snippets/method-1-mended.yaml",
        "",
        "--now 2026-11-20T12:00:00Z",
    );
    assert_eq!((code.as_str(), result), ("0", Some(0)));
    assert!(sarif.contains("2.1.0"));
}

#[test]
fn a_failure_of_the_tool_fails_the_action_without_sarif() {
    let (code, result, sarif) = checked("no/such/folder", "", "");
    assert_eq!((code.as_str(), result, sarif.as_str()), ("2", Some(2), ""));
    let temp = tempfile::tempdir().unwrap();
    assert_eq!(
        run("Result", temp.path(), &[("CODE", "")]).status.code(),
        Some(2)
    );
}

#[test]
fn inputs_of_the_action_cannot_become_commands() {
    let temp = tempfile::tempdir().unwrap();
    let marker = temp.path().join("marker");
    let paths = format!("x;touch {} $(touch {})", marker.display(), marker.display());
    checked(&paths, "", "");
    assert!(!marker.exists());
    for step in yaml("action.yml")["runs"]["steps"].as_array().unwrap() {
        assert!(
            !step["run"].as_str().unwrap_or("").contains("${{"),
            "{step}"
        );
    }
}

#[test]
fn names_in_manifests_cannot_become_commands_of_the_actions_log() {
    let temp = tempfile::tempdir().unwrap();
    let drafts = temp.path().join("drafts");
    std::fs::create_dir(&drafts).unwrap();
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\n\
        metadata: {name: \"x\\n::stop-commands::y\\n::error::z ##[error]w\", namespace: pgo}\nspec: {nonsense: 1}\n";
    std::fs::write(drafts.join("draft.yaml"), draft).unwrap();
    let inputs = [
        ("PATHS", drafts.to_str().unwrap()),
        ("TARGET", "5.8.2"),
        ("FAIL_ON", "blocked"),
        ("ARGS", ""),
    ];
    let output = run("Check", temp.path(), &inputs);
    let mut log = String::from_utf8(output.stdout).unwrap();
    assert!(log.contains("::notice file="), "{log}");
    log.push_str(&String::from_utf8(output.stderr).unwrap());
    assert!(!log.contains("##["), "{log}");
    for line in log
        .lines()
        .filter(|line| line.trim_start().starts_with("::"))
    {
        let own = ["::error file=", "::warning file=", "::notice file="];
        assert!(
            own.iter().any(|command| line.starts_with(command)),
            "{line}"
        );
    }
    let summary = std::fs::read_to_string(temp.path().join("summary")).unwrap();
    assert!(
        summary.contains("stop-commands"),
        "the report for people is in the summary: {summary}"
    );
}

#[test]
fn the_action_uploads_whatever_the_check_said() {
    let upload = step("Upload");
    let condition = upload["if"].as_str().unwrap();
    assert!(condition.starts_with("always()"), "{condition}");
    assert_eq!(step("Result")["if"], "always()");
}

#[test]
fn hooks_run_on_folders_of_manifests() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap();
    assert_eq!(hooks.len(), 2);
    for hook in hooks {
        let files = Regex::new(hook["files"].as_str().unwrap()).unwrap();
        assert!(
            files.is_match("db/cluster.yaml") && files.is_match("a.yml") && !files.is_match("a.rs")
        );
        let mut words = hook["entry"].as_str().unwrap().split(' ');
        assert_eq!(words.next(), Some("pgo-preflight"));
        let args = hook["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|arg| arg.as_str().unwrap());
        let output = Command::new(PROGRAM)
            .args(words)
            .args(args)
            .current_dir(root().join("fixtures/draft-folder"))
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(3),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
