//! What somebody meets who knows PGO and comes to the program for the first time.

use crate::common;

use std::fs;
use std::path::Path;

use common::{root, unfolded};
use serde_json::Value;

const JUDGED: [&str; 4] = [
    "--assume-complete",
    "--now",
    "2026-11-20T12:00:00Z",
    "--no-config",
];

/// The exit code and what was printed on both streams.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = common::program()
        .current_dir(folder)
        .args(args)
        .args(JUDGED)
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// A folder with worked example 01 as `v4.yaml`, changed.
fn base_case(change: impl Fn(String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(root().join("fixtures/worked-examples/01/cluster.yaml"));
    fs::write(folder.path().join("v4.yaml"), change(text.unwrap())).unwrap();
    folder
}

/// A text without its lines.
fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn place_of(text: &str, words: &str) -> usize {
    text.find(words)
        .unwrap_or_else(|| panic!("no {words} in {text}"))
}

/// The last backup Job succeeded, and pgBackRest lists nothing: what is listed counts.
#[test]
fn a_list_without_backups_is_not_ready_for_a_restore() {
    let folder = base_case(|text| text);
    let backup = r#"{"label":"20261119-220000F","type":"full","error":false,"timestamp":{"start":1795125600,"stop":1795125840}}"#;
    let verdict = |listed: &str| {
        let list = format!(r#"[{{"name":"db","cipher":"none","backup":[{listed}]}}]"#);
        fs::write(folder.path().join("list.json"), list).unwrap();
        let (_, report, _) = run(
            folder.path(),
            &[
                "check",
                "v4.yaml",
                "--target",
                "5.8.2",
                "--format",
                "json",
                "--backup-info",
                "pgo/hippo=list.json",
            ],
        );
        let report: Value = unfolded(report.as_bytes()).unwrap();
        let methods = &report["clusters"][0]["methods"];
        methods["backups"]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(""), "action");
    assert_eq!(verdict(backup), "ready");
    assert_eq!(verdict(&backup.replace("false", "true")), "action");
}

/// v4 is deleted by now, its volume was protected, and the operator was upgraded: the export from before says otherwise.
#[test]
fn what_is_there_now_wins_over_an_export_from_before() {
    let folder = base_case(|text| {
        text.replace(
            "persistentVolumeReclaimPolicy: Retain",
            "persistentVolumeReclaimPolicy: Delete",
        )
    });
    let v4 = fs::read_to_string(folder.path().join("v4.yaml")).unwrap();
    let left = ["PersistentVolume", "PersistentVolumeClaim", "Namespace"];
    let is_left = |document: &&str| {
        let kind = |kind: &str| document.contains(&format!("\nkind: {kind}\n"));
        left.iter().any(|one| kind(one)) || document.contains("control-plane")
    };
    let now: Vec<&str> = v4.split("---\n").filter(is_left).collect();
    let now = now.join("---\n");
    assert!(now.contains("5.8.2") && now.contains("Policy: Delete"));
    let plan = |now: &str| {
        fs::write(folder.path().join("now.yaml"), now).unwrap();
        let args = [
            "plan", "now.yaml", "--before", "v4.yaml", "--target", "5.8.9", "--method", "volumes",
        ];
        in_one_line(&run(folder.path(), &args).1)
    };
    let unchanged = plan(&now);
    assert!(
        unchanged.contains("kubectl patch pv pv-hippo "),
        "{unchanged}"
    );
    assert!(unchanged.contains("runs is 5.8.2"), "{unchanged}");
    let changed = now
        .replace("Policy: Delete", "Policy: Retain")
        .replace("5.8.2", "5.8.9");
    let changed = plan(&changed);
    assert!(!changed.contains("kubectl patch pv pv-hippo "), "{changed}");
    assert!(!changed.contains("runs is 5.8.2"), "{changed}");
    // v4's users stand in the export from before alone.
    assert!(
        changed.contains("pgo-preflight draft v4.yaml "),
        "{changed}"
    );
}

#[test]
fn preparations_come_in_the_order_of_the_plan() {
    let folder = base_case(|text| {
        text.replace(
            "persistentVolumeReclaimPolicy: Retain",
            "persistentVolumeReclaimPolicy: Delete",
        )
    });
    let (_, lead, _) = run(folder.path(), &["check", "v4.yaml", "--target", "5.8.9"]);
    let place = |rule: &str| place_of(&lead, &format!("[{rule}]"));
    let operator = place("v5-operator-older-than-target");
    let data = place("data-volume-reclaim-policy-delete");
    let repository = place("repository-volume-reclaim-policy-delete");
    assert!(operator < data && data < repository, "{lead}");
    let between = lead.get(data..repository).unwrap();
    assert!(!between.contains("\n  4. "), "{between}");
}

/// A filter that matches nothing is a slip: it says so, and what there is.
#[test]
fn a_name_that_no_cluster_has_is_told_with_those_there_are() {
    let folder = base_case(|text| text);
    let lost = "no cluster matches nope; there is pgo/hippo";
    let (code, text, errors) = run(folder.path(), &["check", "v4.yaml", "--cluster", "nope"]);
    let told = in_one_line(&text);
    assert!(
        told.contains(lost) && !text.contains("nothing to check"),
        "{text}"
    );
    assert_eq!((code, errors.as_str()), (0, ""));
    let (code, _, errors) = run(folder.path(), &["plan", "v4.yaml", "--cluster", "nope"]);
    assert!(code == 2 && errors.contains(lost), "{errors}");
    let (_, _, errors) = run(
        folder.path(),
        &["check", "v4.yaml", "--rule", "replicas-presen"],
    );
    assert!(
        errors.contains("did you mean `replicas-present`?"),
        "{errors}"
    );
    let (code, text, errors) = run(
        folder.path(),
        &[
            "check",
            "v4.yaml",
            "--cluster",
            "hip*",
            "--rule",
            "replicas-*",
        ],
    );
    assert!(
        code == 0 && errors.is_empty() && !text.contains("matches"),
        "{text}{errors}"
    );
    let (_, text, _) = run(
        folder.path(),
        &[
            "plan", "v4.yaml", "--method", "upgrade", "--target", "5.8.9",
        ],
    );
    assert!(text.contains("no living PostgresCluster"), "{text}");
}

/// PGO v4 only ever had v1: such a Pgcluster is told, and is not taken for gone.
#[test]
fn a_pgcluster_of_another_version_is_not_gone() {
    let folder =
        base_case(|text| text.replacen("crunchydata.com/v1\n", "crunchydata.com/v1beta1\n", 1));
    let (code, text, _) = run(folder.path(), &["check", "v4.yaml", "--target", "5.8.2"]);
    assert!(text.contains("not-an-object-of-pgo"), "{text}");
    assert!(!text.contains("is gone, and its Deployments"), "{text}");
    assert_ne!(code, 0);
}
