//! Whole fleets: every minor of v4, every kind of storage and state, half of the evidence; and hostile input.

use crate::common;

use std::process::Output;

use serde_json::Value;

fn check(args: &[&str]) -> Output {
    common::program()
        .arg("check")
        .args(args)
        .args(["--now", "2026-11-20T12:00:00Z", "--format", "json"])
        .output()
        .unwrap()
}

/// One line per cluster: its name and the verdicts on volumes, backups and standby.
fn verdicts(args: &[&str]) -> Vec<String> {
    let report: Value = serde_json::from_slice(&check(args).stdout).unwrap();
    let clusters = report["clusters"].as_array().unwrap().iter();
    clusters
        .map(|cluster| {
            let of = |method: &str| {
                cluster["methods"][method]["verdict"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            };
            let name = cluster["name"].as_str().unwrap();
            format!(
                "{name}: {} {} {}",
                of("volumes"),
                of("backups"),
                of("standby")
            )
        })
        .collect()
}

#[test]
fn every_minor_of_v4_has_its_own_truth() {
    let found = verdicts(&[
        "fixtures/fleets/minors",
        "--target",
        "5.8.2",
        "--assume-complete",
    ]);
    // 4.1 never gets initialized; Postgres 12 has no published image for 5.8; 4.6 and 4.7 run Postgres 13.
    let expected = [
        "minor-4-1: blocked blocked blocked",
        "minor-4-2: action action blocked",
        "minor-4-3: action action blocked",
        "minor-4-4: action action blocked",
        "minor-4-5: action action blocked",
        "minor-4-6: ready ready blocked",
        "minor-4-7: ready ready blocked",
    ];
    assert_eq!(found, expected);
}

#[test]
fn storage_and_state_decide_the_methods() {
    let found = verdicts(&[
        "fixtures/fleets/mixed",
        "--target",
        "5.8.2",
        "--assume-complete",
    ]);
    let expected = [
        "after-failover: action ready blocked",
        "in-both: ready ready ready",
        "in-gcs: ready ready ready",
        "in-s3: ready ready ready",
        "kept-claims: action action blocked",
        "on-hostpath: action action blocked",
        "on-nfs: action action blocked",
        "plain: ready ready blocked",
        "shut-down: ready ready blocked",
        "with-tablespaces: blocked blocked blocked",
    ];
    assert_eq!(found, expected);
}

#[test]
fn half_of_the_evidence_is_never_ready() {
    for line in verdicts(&["fixtures/fleets/half"]) {
        assert!(!line.contains("ready"), "{line}");
    }
}

#[test]
fn hostile_files_are_told_and_the_others_still_judged() {
    let output = check(&[
        "fixtures/hostile",
        "fixtures/fleets/half",
        "--target",
        "5.8.2",
    ]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told: Vec<&str> = report["skipped"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["uri"].as_str().unwrap())
        .collect();
    for file in [
        "bomb.yaml",
        "not-utf8.yaml",
        "tabs.yaml",
        "template.yaml",
        "truncated.yaml",
    ] {
        assert!(
            told.iter().any(|uri| uri.contains(file)),
            "{file} is not among {told:?}"
        );
    }
    let names: Vec<&str> = report["clusters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"alpha") && names.contains(&"beta"),
        "{names:?}"
    );
}
