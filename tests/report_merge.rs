//! `report`: JSON reports read back, merged, compared and written, through the program itself.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::{root, worked_examples};
use serde_json::Value;

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pgo-preflight"))
        .current_dir(root())
        .args(args)
        .output()
        .unwrap()
}

fn check(export: &Path, extra: &[&str]) -> Vec<u8> {
    let args = [
        &[
            "check",
            export.to_str().unwrap(),
            "--format",
            "json",
            "--now",
            "2026-11-20T12:00:00Z",
        ],
        extra,
    ]
    .concat();
    run(&args).stdout
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_report_read_back_and_written_is_the_same_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let mut inputs: Vec<_> = worked_examples()
        .iter()
        .map(|example| example.folder.join("cluster.yaml"))
        .collect();
    inputs.push(root().join("fixtures/hostile"));
    inputs.push(root().join("fixtures/worked-examples"));
    for input in inputs {
        let written = check(&input, &["--facts"]);
        std::fs::write(&file, &written).unwrap();
        let again = run(&["report", file.to_str().unwrap(), "--format", "json"]);
        assert!(
            again.stdout == written,
            "{}: {}",
            input.display(),
            stderr(&again)
        );
        let exit = serde_json::from_slice::<Value>(&written).unwrap()["exit"].as_i64();
        assert_eq!(
            again.status.code().map(i64::from),
            exit,
            "{}",
            input.display()
        );
    }
}

#[test]
fn reports_of_several_kubernetes_clusters_become_one_that_follows_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let schema = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut args = vec!["report".to_owned()];
    for example in ["01", "02", "10", "15"] {
        let export = root().join("fixtures/worked-examples").join(example);
        let file = folder.path().join(format!("{example}.json"));
        std::fs::write(&file, check(&export.join("cluster.yaml"), &[])).unwrap();
        args.push(format!("k{example}={}", file.display()));
    }
    let since = folder.path().join("01.json");
    args.extend(["--format", "json", "--since"].map(str::to_owned));
    args.push(since.to_str().unwrap().to_owned());
    let output = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let merged: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&merged)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let clusters = merged["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), 4);
    assert_eq!(clusters[0]["origin"], "k01");
    // Named origins are other clusters than the unnamed one of the earlier report.
    let changes = merged["since"]["changes"].as_array().unwrap();
    assert_eq!(
        changes.iter().filter(|one| one["change"] == "new").count(),
        4
    );
    assert_eq!(
        changes.iter().filter(|one| one["change"] == "gone").count(),
        1
    );
}

#[test]
fn a_file_that_is_no_report_is_named_and_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("cut.json", "{\"version\": 1, \"tool\"", "line 1 column"),
        ("later.json", "{\"version\": 7}", "version 7"),
        ("list.json", "{\"kind\": \"List\"}", "line 1 column"),
    ];
    for (name, text, told) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let output = run(&["report", file.to_str().unwrap(), "--exit-zero"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(output.stdout.is_empty());
        assert!(
            stderr(&output).contains(name) && stderr(&output).contains(told),
            "{}",
            stderr(&output)
        );
    }
    let output = run(&["report", "no/such.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no/such.json"));
}

#[test]
fn the_overview_tells_where_the_fleet_stands_and_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (
        folder.path().join("old.json"),
        folder.path().join("new.json"),
    );
    let export = root().join("fixtures/worked-examples/02/cluster.yaml");
    let written = check(&export, &["--target", "5.8.2"]);
    std::fs::write(&new, &written).unwrap();
    let mut earlier: Value = serde_json::from_slice(&written).unwrap();
    earlier["clusters"][0]["methods"]["volumes"]["verdict"] = "blocked".into();
    std::fs::write(&old, earlier.to_string()).unwrap();
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let output = run(&["report", new, "--since", old]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("1 CLUSTER"), "{text}");
    assert!(
        text.contains("pgo/hippo: volumes blocked -> action"),
        "{text}"
    );
    assert!(text.contains("standby-without-object-storage"), "{text}");
    let output = run(&[
        "check",
        export.to_str().unwrap(),
        "--target",
        "5.8.2",
        "--since",
        old,
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("pgo/hippo: volumes blocked -> action"),
        "{text}"
    );
}
