//! By default a run exits with 1 if and only if something that is neither set aside nor in the baseline has level error,
//! and every format says the same.

use crate::common;

use std::path::Path;

use common::{root, worked_examples};
use serde_json::Value;

fn run(folder: &Path, args: &[&str]) -> (i32, String) {
    let output = common::program()
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text)
}

/// Whether a format shows an error.
fn errs(format: &str, text: &str) -> bool {
    match format {
        "json" => {
            let report: Value = serde_json::from_str(text).unwrap();
            let mut findings = report["findings"].as_array().unwrap().iter();
            findings.any(|one| {
                one["level"] == "error"
                    && one["suppressed"].is_null()
                    && one["baseline"] != "unchanged"
            })
        }
        "sarif" => {
            let log: Value = serde_json::from_str(text).unwrap();
            let mut results = log["runs"][0]["results"].as_array().unwrap().iter();
            results.any(|one| {
                let aside = one["suppressions"]
                    .as_array()
                    .is_some_and(|all| !all.is_empty());
                one["level"] == "error" && !aside && one["baselineState"] != "unchanged"
            })
        }
        "github" => text.contains("::error "),
        "gitlab" => {
            let issues: Value = serde_json::from_str(text).unwrap();
            let mut issues = issues.as_array().unwrap().iter();
            issues.any(|one| ["critical", "blocker"].contains(&one["severity"].as_str().unwrap()))
        }
        "junit" => text.contains("<failure") || text.contains("<error"),
        "policyreport" => text.lines().any(|line| {
            let line = line.trim_start_matches([' ', '-']);
            ["result: fail", "result: \"fail\"", "result: error"].contains(&line)
        }),
        "html" => text.contains("data-level=\"error\""),
        "human" => !text.contains("\n0 errors") && text.contains(" error"),
        other => panic!("{other}"),
    }
}

const FORMATS: [&str; 8] = [
    "json",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "policyreport",
    "html",
    "human",
];

/// Writes all formats in one run and compares each with the exit code.
fn agrees(folder: &Path, args: &[&str], what: &str) {
    agree(folder, args, what, &FORMATS);
}

fn agree(folder: &Path, args: &[&str], what: &str, formats: &[&str]) {
    let files: Vec<String> = formats
        .iter()
        .map(|one| format!("{one}=out.{one}"))
        .collect();
    let mut all = args.to_vec();
    for file in &files {
        all.extend(["--format", file.as_str()]);
    }
    let (code, _) = run(folder, &all);
    for format in formats {
        let text = std::fs::read_to_string(folder.join(format!("out.{format}"))).unwrap();
        assert_eq!(
            errs(format, &text),
            code == 1,
            "{what}: {format}, exit {code}"
        );
    }
    let (again, _) = run(folder, &["report", "out.json"]);
    assert_eq!(again, code, "{what}: `report` of the JSON");
}

#[test]
fn a_run_fails_exactly_where_every_format_shows_an_error() {
    let folder = tempfile::tempdir().unwrap();
    for example in worked_examples() {
        let file = example.folder.join("cluster.yaml");
        let mut args = vec!["check", file.to_str().unwrap(), "--no-config"];
        args.extend(example.args.iter().map(String::as_str));
        agrees(folder.path(), &args, &example.row);
    }
    for name in [
        "guide-snippets/s3-under-volume.yaml",
        "guide-snippets/method-1-mended.yaml",
        "draft-folder",
    ] {
        let file = root().join("fixtures").join(name);
        let args = [
            "check",
            file.to_str().unwrap(),
            "--no-config",
            "--now",
            "2026-11-20T12:00:00Z",
        ];
        agrees(folder.path(), &args, name);
    }
}

/// A file of `fixtures`, as an argument.
fn fixture(name: &str) -> String {
    let file = root().join("fixtures").join(name);
    assert!(file.exists(), "{name}");
    file.to_str().unwrap().to_owned()
}

const NOW: [&str; 6] = [
    "--no-config",
    "--now",
    "2026-11-20T12:00:00Z",
    "--target",
    "5.8.2",
    "--assume-complete",
];

#[test]
fn a_verification_fails_exactly_where_every_format_shows_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let before = fixture("lives/backups/before.yaml");
    // What people read of a verification is a checklist and counts no levels.
    let formats: Vec<&str> = FORMATS.into_iter().filter(|one| *one != "human").collect();
    for state in ["06-done", "04-running", "wrong-another-database"] {
        let now = fixture(&format!("lives/backups/{state}.yaml"));
        // What is there whole, and what may not be: then a verdict may be open although something is missing.
        for common in [&NOW[..], &NOW[..5]] {
            let args = [&["verify", "--before", &before, &now][..], common].concat();
            agree(folder.path(), &args, state, &formats);
        }
    }
}

/// What blocks a method of a cluster whose move has begun fails no plan, and so is no error of it.
#[test]
fn a_plan_fails_exactly_where_its_report_shows_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut runs: Vec<Vec<String>> = Vec::new();
    for row in ["01", "02", "09", "10", "11", "15", "18", "20"] {
        runs.push(vec![fixture(&format!(
            "worked-examples/{row}/cluster.yaml"
        ))]);
    }
    for state in [
        "volumes/01-applied",
        "volumes/08-done",
        "volumes/wrong-jobs-deleted-too-early",
        "volumes/wrong-another-database",
        "backups/02-restore-failed",
        "standby/01-following",
        "standby/wrong-promoted-while-v4-runs",
    ] {
        let life = state.split('/').next().unwrap();
        let before = fixture(&format!("lives/{life}/before.yaml"));
        let now = fixture(&format!("lives/{state}.yaml"));
        runs.push(vec!["--before".to_owned(), before, now]);
    }
    let mut codes = std::collections::BTreeSet::new();
    for run_args in &runs {
        let args = run_args.iter().map(String::as_str);
        let args: Vec<&str> = std::iter::once("plan")
            .chain(args)
            .chain(NOW)
            .chain(["--format", "json"])
            .collect();
        let (code, text) = run(folder.path(), &args);
        assert_eq!(errs("json", &text), code == 1, "{run_args:?}: exit {code}");
        codes.insert(code);
    }
    assert!(codes.contains(&0) && codes.contains(&1), "{codes:?}");
}

/// Reports of `check` and of `verify`, each two of them in both orders.
#[test]
fn reports_of_many_runs_fail_together_exactly_where_one_of_them_does() {
    let folder = tempfile::tempdir().unwrap();
    let before = fixture("lives/backups/before.yaml");
    let mut runs: Vec<(String, i32)> = Vec::new();
    let mut made = |name: &str, args: &[&str]| {
        let file = format!("json={name}.json");
        let args = [args, &NOW[..], &["--format", &file]].concat();
        runs.push((name.to_owned(), run(folder.path(), &args).0));
    };
    for row in ["01", "09", "11"] {
        let file = fixture(&format!("worked-examples/{row}/cluster.yaml"));
        made(row, &["check", &file]);
    }
    for state in ["06-done", "wrong-another-database"] {
        let now = fixture(&format!("lives/backups/{state}.yaml"));
        made(state, &["verify", "--before", &before, &now]);
    }
    let worst = |a: i32, b: i32| [1, 3, 0].into_iter().find(|one| [a, b].contains(one));
    for (one, first) in &runs {
        for (other, second) in &runs {
            let (a, b) = (format!("a={one}.json"), format!("b={other}.json"));
            let merged = ["report", &a, &b];
            let (code, _) = run(folder.path(), &merged);
            assert_eq!(Some(code), worst(*first, *second), "{one} and {other}");
            for format in ["json", "sarif", "junit", "gitlab", "policyreport"] {
                let (_, text) = run(
                    folder.path(),
                    &[&merged[..], &["--format", format]].concat(),
                );
                assert_eq!(
                    errs(format, &text),
                    code == 1,
                    "{one} and {other}: {format}"
                );
            }
        }
    }
}

#[test]
fn what_the_baseline_knows_fails_nothing_in_no_format() {
    let folder = tempfile::tempdir().unwrap();
    let file = root().join("fixtures/worked-examples/09/cluster.yaml");
    let file = file.to_str().unwrap();
    let common = [
        "check",
        file,
        "--no-config",
        "--now",
        "2026-11-20T12:00:00Z",
        "--target",
        "5.8.2",
        "--assume-complete",
    ];
    let (code, _) = run(
        folder.path(),
        &[&common[..], &["--write-baseline", "base.json", "-q"]].concat(),
    );
    assert_eq!(code, 1);
    let known = [&common[..], &["--baseline", "base.json"]].concat();
    let (code, _) = run(folder.path(), &[&known[..], &["-q"]].concat());
    assert_eq!(code, 0);
    agrees(folder.path(), &known, "with a baseline");
}

#[test]
fn filters_narrow_what_is_shown_and_never_the_exit_code() {
    let folder = tempfile::tempdir().unwrap();
    let file = root().join("fixtures/worked-examples/09/cluster.yaml");
    let file = file.to_str().unwrap();
    let common = [
        "check",
        file,
        "--no-config",
        "--now",
        "2026-11-20T12:00:00Z",
        "--target",
        "5.8.2",
        "--assume-complete",
    ];
    for filter in [
        &["--cluster", "nobody"][..],
        &["--rule", "no-such-*"],
        &["--cluster", "pgo/*"],
    ] {
        for format in FORMATS {
            let (code, text) = run(
                folder.path(),
                &[&common[..], filter, &["--format", format]].concat(),
            );
            assert_eq!(code, 1, "{filter:?} {format}");
            if format == "json" {
                let report: Value = serde_json::from_str(&text).unwrap();
                assert!(report["narrowed"].is_string());
                assert_eq!(report["exit"], 1);
            }
        }
    }
}
