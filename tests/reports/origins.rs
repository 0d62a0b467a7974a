//! `NAME=PATH`: of which Kubernetes cluster loose files are, and what that changes; and what is compared with what.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::common::{program, root};

/// Runs `check` in a folder that holds one export of one cluster, `a.yaml`, and the same again, `b.yaml`.
fn check(folder: &Path, args: &[&str]) -> Output {
    crate::common::program()
        .current_dir(folder)
        .args(["check", "--no-config", "--now", "2026-11-20T12:00:00Z"])
        .args(["--target", "5.8.2"])
        .args(args)
        .output()
        .unwrap()
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    let export = root().join("fixtures/worked-examples/02/cluster.yaml");
    for name in ["a.yaml", "b.yaml"] {
        fs::copy(&export, folder.path().join(name)).unwrap();
    }
    folder
}

fn report(folder: &Path, args: &[&str]) -> Value {
    let output = check(folder, &[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn all<'r>(report: &'r Value, list: &str, pointer: &str) -> Vec<&'r str> {
    let entries = report[list].as_array().unwrap().iter();
    entries
        .map(|entry| entry.pointer(pointer).unwrap().as_str().unwrap())
        .collect()
}

#[test]
fn loose_files_are_of_the_cluster_that_the_command_line_names() {
    let folder = folder();
    let plain = report(folder.path(), &["a.yaml"]);
    let named = report(folder.path(), &["prod=a.yaml"]);
    assert_eq!(all(&plain, "clusters", "/origin"), [""]);
    assert_eq!(all(&named, "clusters", "/origin"), ["prod"]);
    // A name changes no finding, and no id.
    let ids = |report: &Value| -> Vec<String> {
        let ids = all(report, "findings", "/id").into_iter();
        ids.map(str::to_owned).collect()
    };
    assert_eq!(ids(&plain), ids(&named));
    // Two clusters of one name are two, and their findings, too.
    let both = report(folder.path(), &["prod=a.yaml", "stage=b.yaml"]);
    assert_eq!(all(&both, "clusters", "/origin"), ["prod", "stage"]);
    let ids = ids(&both);
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
}

#[test]
fn several_paths_of_one_name_are_one_cluster() {
    let folder = folder();
    fs::write(
        folder.path().join("b.yaml"),
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n",
    )
    .unwrap();
    let both = report(folder.path(), &["prod=a.yaml", "prod=b.yaml"]);
    assert_eq!(all(&both, "clusters", "/origin"), ["prod"]);
    assert_eq!(both["inputs"].as_array().unwrap().len(), 2);
}

#[test]
fn a_file_with_an_equals_sign_in_its_name_is_a_file() {
    let folder = folder();
    fs::rename(
        folder.path().join("a.yaml"),
        folder.path().join("prod=b.yaml"),
    )
    .unwrap();
    let read = report(folder.path(), &["prod=b.yaml"]);
    assert_eq!(all(&read, "clusters", "/origin"), [""]);
    let missing = check(folder.path(), &["prod=c.yaml"]);
    assert_eq!(missing.status.code(), Some(2));
    let told = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(told.contains("no such file or folder: `c.yaml`"), "{told}");
}

#[test]
fn an_origin_that_got_a_name_is_compared_with_itself() {
    let folder = folder();
    fs::write(
        folder.path().join("old.json"),
        check(folder.path(), &["a.yaml", "--format", "json"]).stdout,
    )
    .unwrap();
    let since = |args: &[&str]| {
        let read = report(folder.path(), &[args, &["--since", "old.json"]].concat());
        let changes = all(&read["since"], "changes", "/change").join(" ");
        (read["since"]["unchanged"].as_u64().unwrap(), changes)
    };
    assert_eq!(since(&["b.yaml"]), (1, String::new()));
    assert_eq!(since(&["prod=b.yaml"]), (1, String::new()));
    // Which of two it was, nobody can say.
    let two = since(&["prod=a.yaml", "stage=b.yaml"]);
    assert_eq!(two, (0, "new new gone".to_owned()));
    // And one that both runs know by its name is no other.
    let old = check(
        folder.path(),
        &["prod=a.yaml", "stage=b.yaml", "--format", "json"],
    );
    fs::write(folder.path().join("old.json"), old.stdout).unwrap();
    assert_eq!(since(&["stage=b.yaml"]), (1, "gone".to_owned()));
}

#[test]
fn a_baseline_holds_for_the_same_cluster_under_another_name() {
    let folder = folder();
    let first = check(folder.path(), &["a.yaml", "--write-baseline", "known.json"]);
    assert!(first.status.code().is_some());
    let again = report(folder.path(), &["prod=b.yaml", "--baseline", "known.json"]);
    let states = all(&again, "findings", "/baseline");
    assert!(!states.is_empty());
    assert!(
        states.iter().all(|state| *state == "unchanged"),
        "{states:?}"
    );
}

#[test]
fn a_report_never_overwrites_what_it_is_about() {
    let folder = folder();
    let before = fs::read(folder.path().join("a.yaml")).unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    for (input, file) in [
        ("a.yaml", "json=a.yaml"),
        ("prod=a.yaml", "sarif=./a.yaml"),
        (".", "html=sub/../a.yaml"),
    ] {
        let output = check(folder.path(), &[input, "--format", file]);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{file}: {told}");
        assert!(
            told.contains("is part of the input and would be overwritten"),
            "{file}: {told}"
        );
        let after = fs::read(folder.path().join("a.yaml")).unwrap();
        assert!(before == after, "{file}");
    }
    // Nor what it was judged by, by whichever flag it is written.
    fs::write(folder.path().join("c.yaml"), "target: 5.8.2\n").unwrap();
    check(folder.path(), &["a.yaml", "--format", "json=first.json"]);
    let report = fs::read(folder.path().join("first.json")).unwrap();
    for args in [
        &["check", "a.yaml", "--write-baseline", "a.yaml"][..],
        &[
            "check",
            "a.yaml",
            "--config",
            "c.yaml",
            "--format",
            "json=c.yaml",
        ],
        &[
            "check",
            "a.yaml",
            "--since",
            "first.json",
            "--format",
            "html=first.json",
        ],
        &["report", "first.json", "--format", "html=first.json"],
        &[
            "verify",
            "a.yaml",
            "--config",
            "c.yaml",
            "--format",
            "json=c.yaml",
        ],
    ] {
        let output = program()
            .current_dir(folder.path())
            .args(args)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("would be overwritten"), "{args:?}: {told}");
        assert!(
            fs::read(folder.path().join("a.yaml")).unwrap() == before,
            "{args:?}"
        );
        assert!(
            fs::read(folder.path().join("first.json")).unwrap() == report,
            "{args:?}"
        );
        let config = fs::read_to_string(folder.path().join("c.yaml")).unwrap();
        assert_eq!(config, "target: 5.8.2\n");
    }
    // What is of yesterday makes way for what is of today.
    for args in [
        &["a.yaml", "--write-baseline", "known.json"][..],
        &[
            "a.yaml",
            "--baseline",
            "known.json",
            "--write-baseline",
            "known.json",
        ],
        &[
            "a.yaml",
            "--since",
            "first.json",
            "--format",
            "json=first.json",
        ],
    ] {
        assert_ne!(
            check(folder.path(), args).status.code(),
            Some(2),
            "{args:?}"
        );
    }
    // Anything else is overwritten, as a shell's `>` does.
    fs::write(folder.path().join("out.json"), "x").unwrap();
    let output = check(folder.path(), &["a.yaml", "--format", "json=out.json"]);
    assert_ne!(output.status.code(), Some(2));
    let written = fs::read(folder.path().join("out.json")).unwrap();
    assert!(written.len() > 100);
}

#[test]
fn an_archive_gives_no_cluster_its_files_name() {
    let folder = folder();
    for (archive, file) in [("monday.tar", "a.yaml"), ("friday.tar", "b.yaml")] {
        let bytes = fs::read(folder.path().join(file)).unwrap();
        let mut builder = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_cksum();
        builder.append_data(&mut header, file, &*bytes).unwrap();
        let bytes = builder.into_inner().unwrap();
        fs::write(folder.path().join(archive), bytes).unwrap();
    }
    let origins = |args: &[&str]| -> Vec<String> {
        let read = report(folder.path(), args);
        let named = all(&read, "clusters", "/origin").into_iter();
        named.map(str::to_owned).collect()
    };
    assert_eq!(origins(&["monday.tar"]), [""]);
    assert_eq!(origins(&["prod=monday.tar"]), ["prod"]);
    assert_eq!(origins(&["monday.tar", "friday.tar"]), ["", "#2"]);
    // Beside loose files it is another cluster all the same.
    assert_eq!(origins(&["a.yaml", "friday.tar"]), ["", "#2"]);
    // So what was known on Monday is known on Friday.
    check(
        folder.path(),
        &["monday.tar", "--write-baseline", "known.json"],
    );
    let again = report(folder.path(), &["friday.tar", "--baseline", "known.json"]);
    let states = all(&again, "findings", "/baseline");
    assert!(!states.is_empty());
    assert!(
        states.iter().all(|state| *state == "unchanged"),
        "{states:?}"
    );
}
