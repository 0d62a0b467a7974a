//! Volumes that are one directory, where the other claim is in a namespace that is not read.

use std::path::Path;

use serde_json::{Value, json};

use crate::api_server::{Answer, Request, Server, Store, objects_in};
use crate::common::{self, root};

const RULE: &str = "repository-volume-shares-its-directory";

/// A cluster whose repository lies on NFS, and a volume of another namespace on this path of the same server.
fn objects(path: &str) -> Vec<Value> {
    let mut objects =
        objects_in(&root().join(Path::new("fixtures/worked-examples/07/cluster.yaml")));
    let of_hippo = objects
        .iter()
        .find(|object| object["kind"] == "PersistentVolume" && !object["spec"]["nfs"].is_null());
    let mut other = of_hippo.expect("a volume on NFS").clone();
    other["metadata"] = json!({"name": "pv-zebra"});
    other["spec"]["claimRef"] = json!({"namespace": "dbs", "name": "zebra-pgbr-repo"});
    if !path.is_empty() {
        other["spec"]["nfs"]["path"] = path.into();
    }
    objects.push(other);
    objects
}

/// The outcome of the rule where only the cluster's own namespace is read.
fn outcome(path: &str, faults: fn(&Request) -> Option<Answer>) -> (String, String) {
    let server = Server::with(Store::of(objects(path)), faults);
    let output = common::program()
        .current_dir(server.folder())
        .env("KUBECONFIG", server.kubeconfig())
        .args(["check", "--now", "2026-11-20T12:00:00Z", "-n", "pgo"])
        .args(["--target", "5.8.2", "--format", "json"])
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let told = findings.iter().find(|finding| finding["rule"] == RULE);
    let told = told.map_or("passes", |one| one["outcome"].as_str().unwrap());
    (told.to_owned(), report.to_string())
}

#[test]
fn a_volume_of_an_unread_namespace_on_the_same_directory_is_seen() {
    let (told, report) = outcome("", |_| None);
    assert_eq!(told, "fires", "{report}");
    assert!(
        report.contains("pv-zebra (dbs/zebra-pgbr-repo)"),
        "{report}"
    );
}

#[test]
fn a_volume_of_an_unread_namespace_on_another_directory_is_none_of_its_business() {
    let (told, report) = outcome("/exports/elsewhere", |_| None);
    assert_eq!(told, "passes", "{report}");
}

#[test]
fn where_volumes_may_not_be_listed_it_is_unknown_whether_another_is_the_directory() {
    let (told, report) = outcome("", |request| {
        let list = request.ends_with("persistentvolumes");
        list.then(|| Answer::forbidden("persistentvolumes"))
    });
    assert_eq!(told, "unknown", "{report}");
    assert!(report.contains("the server refused (403)"), "{report}");
}
