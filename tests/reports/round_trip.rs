//! A report that was written and read back says in every format what the run itself said.

use std::path::Path;

use crate::common::{root, worked_examples};

/// What a run tells that needs its files is left out: lines that are drawn, and manifests that are drafted.
const FORMATS: [&str; 9] = [
    "json",
    "sarif",
    "markdown",
    "csv",
    "junit",
    "github",
    "gitlab",
    "policyreport",
    "html",
];

fn written(folder: &Path, by: &str, args: &[&str]) -> (Option<i32>, Vec<String>) {
    let mut run = crate::common::program();
    run.current_dir(root().join("fixtures")).args(args);
    let file = |format: &str| folder.join(format!("{by}.{format}"));
    for format in FORMATS {
        run.args(["--format", &format!("{format}={}", file(format).display())]);
    }
    let code = run.output().unwrap().status.code();
    let read = |format| std::fs::read_to_string(file(format)).unwrap();
    (code, FORMATS.iter().map(|one| read(one)).collect())
}

/// A page without the manifests that a run drafts into it.
fn without_drafted(page: &str) -> String {
    let mut parts = page.split("<details class=\"drafted\">");
    let first = parts.next().unwrap_or_default().to_owned();
    let rest = parts.filter_map(|part| Some(part.split_once("</details>")?.1));
    let whole = first + &rest.collect::<String>();
    let lines = whole.lines().filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn comes_back(folder: &Path, args: &[&str]) {
    let common = ["--no-config", "--now", "2026-11-20T12:00:00Z"];
    let (code, first) = written(folder, "first", &[args, &common[..]].concat());
    let json = folder.join("first.json");
    let (again, second) = written(folder, "second", &["report", json.to_str().unwrap()]);
    assert_eq!(code, again, "{args:?}");
    for ((format, first), second) in FORMATS.iter().zip(&first).zip(&second) {
        let (first, second) = match *format {
            "html" => (without_drafted(first), without_drafted(second)),
            _ => (first.clone(), second.clone()),
        };
        if first != second {
            let mut lines = first.lines().zip(second.lines());
            let differ = lines.find(|(one, other)| one != other);
            panic!("{args:?} {format}: {differ:?}");
        }
    }
}

#[test]
fn a_report_read_back_says_what_the_run_said() {
    let folder = tempfile::tempdir().unwrap();
    for example in worked_examples() {
        let file = example.folder.join("cluster.yaml");
        let args = ["check", file.to_str().unwrap(), "--target", "5.8.2"];
        comes_back(folder.path(), &args);
    }
    for args in [
        &[
            "check",
            "worked-examples/02/cluster.yaml",
            "--method",
            "volumes",
        ][..],
        &["check", "worked-examples/15/cluster.yaml"],
        &["check", "draft-folder"],
        &["check", "guide-snippets"],
        &["check", "worked-examples"],
        &[
            "check", "upgrades", "--target", "6.0.0", "--method", "upgrade",
        ],
        &[
            "check",
            "lives/volumes/before.yaml",
            "lives/volumes/04-running.yaml",
        ],
    ] {
        comes_back(folder.path(), args);
    }
    for (life, state) in [
        ("volumes", "00-shut-down"),
        ("volumes", "01-applied"),
        ("volumes", "08-done"),
        ("backups", "wrong-second-writer"),
        ("standby", "01-following"),
    ] {
        let before = format!("lives/{life}/before.yaml");
        let now = format!("lives/{life}/{state}.yaml");
        for complete in [&[][..], &["--assume-complete"]] {
            let args = [&["verify", "--before", &before, &now][..], complete].concat();
            comes_back(folder.path(), &args);
        }
    }
}
