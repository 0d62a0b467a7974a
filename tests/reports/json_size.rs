//! The JSON report on a fleet is no longer than what it is about.

use serde_json::{Value, json};

use crate::{cluster, wide};

/// The fleet as `kubectl get -o yaml` prints it.
fn fleet(count: usize) -> String {
    let clusters = (0..count).flat_map(cluster::objects);
    let items: Vec<Value> = wide::objects().into_iter().chain(clusters).collect();
    yaml_serde::to_string(&json!({"apiVersion": "v1", "kind": "List", "items": items})).unwrap()
}

#[test]
fn the_json_report_on_a_hundred_clusters_is_no_longer_than_their_export() {
    let folder = tempfile::tempdir().unwrap();
    let export = fleet(100);
    std::fs::write(folder.path().join("exports-of-production.yaml"), &export).unwrap();
    for args in [&[][..], &["--target", "5.8.2"], &["--assume-complete"]] {
        let output = crate::common::program()
            .current_dir(folder.path())
            .args(["check", "exports-of-production.yaml", "--format", "json"])
            .args(["--now", "2026-11-20T12:00:00Z", "--no-config"])
            .args(args)
            .output()
            .unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["clusters"].as_array().unwrap().len(), 100);
        assert!(report["findings"].as_array().unwrap().len() > 1_000);
        let (is, limit) = (output.stdout.len(), export.len());
        assert!(is <= limit, "{args:?}: {is} bytes of JSON for {limit}");
    }
}
