//! The upgrade guide's snippets as drafts, each with one of its slips or of those it invites: said at the right key.

use crate::common;

use common::root;
use serde_json::Value;

/// The findings about the draft in a fixture, and its verdict.
fn check(name: &str, args: &[&str]) -> (Vec<Value>, String) {
    let output = common::program()
        .args(["check", "--format", "json", "--now", "2026-11-20T12:00:00Z"])
        .arg(format!("fixtures/guide-snippets/{name}.yaml"))
        .args(args)
        .output()
        .unwrap();
    let mut report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let verdict = report["drafts"][0]["verdict"].as_str().unwrap().to_owned();
    let Value::Array(mut findings) = report["findings"].take() else {
        panic!("{name}: no findings");
    };
    findings.retain(|finding| finding["subject"]["kind"] == "PostgresCluster");
    (findings, verdict)
}

/// Line and text of a finding's primary label.
fn place(finding: &Value) -> (u64, &str) {
    let labels = finding["labels"].as_array().unwrap();
    let primary = labels
        .iter()
        .find(|label| label["primary"] == true)
        .unwrap();
    (
        primary["startLine"].as_u64().unwrap(),
        primary["text"].as_str().unwrap(),
    )
}

/// Fixture, rule, line and text of the primary label.
const SLIPS: [(&str, &str, u64, &str); 25] = [
    (
        "both-ways-at-once",
        "data-volume-and-restore",
        12,
        "pgDataVolume",
    ),
    (
        "data-volume-without-directory",
        "data-volume-without-directory",
        12,
        "pgDataVolume",
    ),
    (
        "datasource-in-lower-case",
        "data-source-pruned",
        10,
        "datasource",
    ),
    (
        "directory-outdented",
        "data-volume-without-directory",
        12,
        "pgDataVolume",
    ),
    (
        "directory-outdented",
        "schema-unknown-field",
        14,
        "directory",
    ),
    (
        "existing-volumes",
        "data-source-pruned",
        11,
        "existingVolumes",
    ),
    (
        "fresh-on-the-old-path",
        "fresh-cluster-on-v4-path",
        19,
        "repo1-path",
    ),
    (
        "path-left-out",
        "object-store-source-without-path",
        20,
        "pgbackrest",
    ),
    (
        "path-on-a-volume",
        "v4-path-on-volume-repository",
        26,
        "repo1-path",
    ),
    (
        "path-under-its-name-in-prose",
        "global-option-unknown",
        22,
        "pgbackrest-repo-path",
    ),
    ("path-under-repo1", "global-option-unknown", 22, "repo1"),
    ("patroni-at-the-top", "schema-unknown-field", 33, "patroni"),
    (
        "preload-only-pgaudit",
        "preload-libraries-lost",
        37,
        "pgaudit.so",
    ),
    (
        "promoted-without-repository",
        "schema-missing-field",
        10,
        "standby",
    ),
    ("repos-as-a-mapping", "schema-wrong-type", 25, "repos"),
    (
        "repository-names-mixed-up",
        "repository-directory-swapped",
        17,
        "ledger-pgbr-repo",
    ),
    ("restore-names-v4", "source-cluster-absent", 13, "ledger-v4"),
    ("restore-names-v4", "source-cluster-is-v4", 13, "ledger-v4"),
    (
        "restore-to-a-point-with-promote",
        "restore-options-refused",
        16,
        "--target-action=promote",
    ),
    ("retention-unquoted", "schema-wrong-type", 26, "14"),
    ("s3-under-volume", "schema-missing-field", 25, "volume"),
    ("s3-under-volume", "schema-unknown-field", 26, "s3"),
    (
        "standby-without-repository",
        "standby-without-source",
        11,
        "true",
    ),
    (
        "wal-volume-uncommented",
        "wal-volume-without-wal-claim",
        15,
        "pgWALVolume",
    ),
    (
        "wal-volume-with-directory",
        "wal-volume-with-directory",
        17,
        "ledger-kxqz-wal",
    ),
];

#[test]
fn each_slip_is_flagged_at_its_key() {
    for (name, rule, line, text) in SLIPS {
        let args: &[&str] = match name {
            "promoted-without-repository" => &["--target", "5.1.3"],
            "restore-names-v4" => &["--target", "5.8.2", "--assume-complete"],
            _ => &["--target", "5.8.2"],
        };
        let (findings, verdict) = check(name, args);
        let fires = |finding: &&Value| finding["rule"] == rule && finding["outcome"] == "fires";
        let found: Vec<(u64, &str)> = findings.iter().filter(fires).map(place).collect();
        assert_eq!(found, [(line, text)], "{name}: {rule}");
        if name != "path-left-out" {
            assert_eq!(verdict, "error", "{name}");
        }
    }
}

#[test]
fn every_snippet_has_its_slip_listed() {
    for entry in std::fs::read_dir(root().join("fixtures/guide-snippets")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let listed = SLIPS.iter().any(|(slip, ..)| *slip == name);
        assert!(listed != name.ends_with("-mended"), "{name}");
    }
}

#[test]
fn nothing_is_wrong_with_the_snippets_as_they_should_be() {
    for name in [
        "method-1",
        "method-2-volume",
        "method-2-object-store",
        "method-3",
    ] {
        let (findings, verdict) = check(&format!("{name}-mended"), &["--target", "5.8.2"]);
        let errors: Vec<&Value> = findings
            .iter()
            .filter(|finding| finding["level"] == "error")
            .collect();
        assert_eq!(
            (errors.as_slice(), verdict.as_str()),
            (&[][..], "ok"),
            "{name}"
        );
    }
}

#[test]
fn the_drafts_for_older_releases_need_newer_ones() {
    let (findings, verdict) = check("method-1-mended", &["--target", "5.0.2"]);
    let unknown = findings
        .iter()
        .find(|finding| finding["rule"] == "release-lacks-a-field")
        .unwrap();
    assert_eq!(place(unknown), (11, "volumes"));
    assert!(unknown["message"].as_str().unwrap().contains("5.0.3"));
    assert_eq!(verdict, "error");
}
