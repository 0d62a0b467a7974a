//! One cluster by every road and at every time: what is compared with an earlier run is compared by what it is, not by what
//! the bundle, the context or the file is called.

use std::fs;
use std::path::Path;
use std::process::Output;

use pgo_preflight::manifest::KINDS;
use serde_json::{Value, json};

use crate::api_server::{Server, objects_in};
use crate::common::root;

const JUDGED: [&str; 5] = [
    "--no-config",
    "--now",
    "2026-11-20T12:00:00Z",
    "--target",
    "5.8.2",
];

fn run(server: &Server, folder: &Path, args: &[&str]) -> Output {
    crate::common::program()
        .current_dir(folder)
        .env("KUBECONFIG", server.kubeconfig())
        .args(args)
        .output()
        .unwrap()
}

fn report(server: &Server, folder: &Path, args: &[&str]) -> Value {
    let args = [&["check"][..], args, &JUDGED, &["--format", "json"]].concat();
    let output = run(server, folder, &args);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Each finding's rule, and whether it is new.
fn states(report: &Value) -> Vec<(String, String)> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or("").to_owned();
            (text("rule"), text("baseline"))
        })
        .collect()
}

#[test]
fn a_baseline_and_an_earlier_report_hold_by_every_road() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let source = root().join("fixtures/fleets/mixed");
    let server = Server::of(objects_in(&source));
    for bundle in ["monday.tar.gz", "friday.tar.gz"] {
        let output = run(&server, folder, &["collect", "-A", "-o", bundle]);
        assert_eq!(output.status.code(), Some(0), "{bundle}");
    }
    let first = ["check", "monday.tar.gz", "--write-baseline", "known.json"];
    run(&server, folder, &[&first[..], &JUDGED].concat());
    let old = report(&server, folder, &["monday.tar.gz"]);
    fs::write(folder.join("old.json"), old.to_string()).unwrap();
    let clusters = old["clusters"].as_array().unwrap().len();
    let drafts = old["drafts"].as_array().unwrap().len();
    assert!(clusters > 1);
    // A live cluster is asked for no Secrets: nor does the export have them, or tell that there are none.
    let mut items = objects_in(&source);
    items.retain(|object| object["kind"] != "Secret");
    let kinds = KINDS.iter().map(|kind| kind.name);
    let kinds: Vec<&str> = kinds.filter(|kind| *kind != "Secret").collect();
    let assumed = format!("--assume-complete={}", kinds.join(","));
    let export = json!({"apiVersion": "v1", "kind": "List", "items": items});
    fs::write(folder.join("export.json"), export.to_string()).unwrap();
    let roads: [&[&str]; 3] = [&["friday.tar.gz"], &["-A"], &["export.json", &assumed]];
    for road in roads {
        let again = report(
            &server,
            folder,
            &[road, &["--baseline", "known.json", "--since", "old.json"]].concat(),
        );
        assert_eq!(
            again["since"]["unchanged"].as_u64(),
            Some((clusters + drafts) as u64),
            "{road:?}: {}",
            again["since"]
        );
        let states = states(&again);
        assert!(!states.is_empty());
        let new: Vec<_> = states
            .iter()
            .filter(|(_, state)| state != "unchanged")
            .collect();
        assert!(new.is_empty(), "{road:?}: {new:?}");
    }
}

/// Read live, a cluster that kubectl alone had applied came from no file: nothing said that applying it again takes off what
/// keeps its volumes.
#[test]
fn what_kubectl_applied_was_applied_by_every_road() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut objects = objects_in(&root().join("fixtures/fleets/mixed"));
    objects.retain(|object| object["kind"] != "Secret");
    for object in &mut objects {
        if object["kind"] == "Pgcluster" {
            object["metadata"]["annotations"] =
                json!({"kubectl.kubernetes.io/last-applied-configuration": "{}\n"});
        }
    }
    let export = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    fs::write(folder.join("export.json"), export.to_string()).unwrap();
    let server = Server::of(objects);
    run(&server, folder, &["collect", "-A", "-o", "bundle.tar.gz"]);
    let kinds = KINDS.iter().map(|kind| kind.name);
    let kinds: Vec<&str> = kinds.filter(|kind| *kind != "Secret").collect();
    let assumed = format!("--assume-complete={}", kinds.join(","));
    let firing = |road: &[&str]| -> Vec<String> {
        let report = report(&server, folder, road);
        let findings = report["findings"].as_array().unwrap().iter();
        let mut firing: Vec<String> = findings
            .filter(|finding| finding["outcome"] == "fires")
            .map(|finding| finding["id"].to_string() + &finding["rule"].to_string())
            .collect();
        firing.sort();
        firing
    };
    let exported = firing(&["export.json", &assumed]);
    let declared = exported.iter().filter(|one| one.contains("declarative-"));
    assert!(declared.count() > 0, "{exported:?}");
    assert_eq!(firing(&["-A"]), exported);
    assert_eq!(firing(&["bundle.tar.gz"]), exported);
}

#[test]
fn a_definition_of_v4_that_is_being_deleted_is_seen_on_a_server_as_in_an_export() {
    let folder = tempfile::tempdir().unwrap();
    let mut objects = objects_in(&root().join("fixtures/fleets/mixed"));
    let definition = objects.iter_mut().find(|object| {
        object["kind"] == "CustomResourceDefinition"
            && object["metadata"]["name"] == "pgclusters.crunchydata.com"
    });
    definition.unwrap()["metadata"]["deletionTimestamp"] = json!("2026-11-20T11:59:00Z");
    let server = Server::of(objects);
    let told = report(&server, folder.path(), &["-A"]);
    let findings = told["findings"].as_array().unwrap();
    let fires = |finding: &&Value| {
        finding["rule"] == "v4-crd-being-deleted" && finding["outcome"] == "fires"
    };
    assert!(findings.iter().any(|finding| fires(&finding)));
}
