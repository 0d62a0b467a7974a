//! `check` on live clusters from the command line: flags, exit codes, drafts from files against what is installed.

use crate::api_server;
use crate::common;

use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use api_server::{Answer, Server, Store, manifests, objects_in};
use common::root;
use serde_json::Value;

fn objects() -> Vec<Value> {
    objects_in(&root().join(Path::new("fixtures/worked-examples/01/cluster.yaml")))
}

fn command(server: &Server, args: &[&str]) -> Command {
    let mut command = common::program();
    command
        .current_dir(server.folder())
        .env("KUBECONFIG", server.kubeconfig())
        .args(["check", "--now", "2026-11-20T12:00:00Z"])
        .args(args);
    command
}

fn check(server: &Server, args: &[&str]) -> Output {
    command(server, args).output().unwrap()
}

fn report(server: &Server, args: &[&str]) -> Value {
    let output = check(server, &[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn a_live_cluster_is_judged_where_a_flag_names_it_and_not_otherwise() {
    let server = Server::of(objects());
    let output = check(&server, &["-A", "--target", "5.8.2"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("hippo"), "{text}");
    let before = server.requests().len();
    let output = check(&server, &[]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("or a live cluster"), "{told}");
    assert_eq!(server.requests().len(), before);
}

#[test]
fn diagnostics_name_the_object_and_show_its_lines() {
    let mut objects = objects();
    for object in &mut objects {
        if object["kind"] == "Pgcluster" {
            object["status"]["state"] = "pgcluster Processed".into();
        }
    }
    let server = Server::of(objects);
    let output = check(
        &server,
        &["--context", "prod", "-A", "--target", "5.8.2", "-v"],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.contains("prod/pgo/Pgcluster/hippo:"), "{text}");
    assert!(text.contains("state: pgcluster Processed"), "{text}");
}

#[test]
fn without_a_namespace_flag_it_is_the_contexts_as_for_kubectl() {
    let server = Server::of(objects());
    assert_eq!(
        report(&server, &["--context", "prod"])["clusters"][0]["name"],
        "hippo"
    );
    let requests = server.requests();
    let pods: Vec<_> = requests
        .iter()
        .filter(|request| request.ends_with("pods"))
        .collect();
    assert!(!pods.is_empty());
    assert!(
        pods.iter()
            .all(|request| request.path == "/api/v1/namespaces/pgo/pods")
    );
}

#[test]
fn a_namespace_that_does_not_exist_is_named() {
    let mut objects = objects();
    for name in ["pgo", "empty"] {
        objects.push(serde_json::json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}));
    }
    let told = |server: &Server, names: &[&str]| {
        let names = names.iter().flat_map(|name| ["-n", name]);
        let args: Vec<&str> = ["--context", "prod"].into_iter().chain(names).collect();
        let output = check(server, &args);
        (
            String::from_utf8(output.stdout).unwrap(),
            output.status.code(),
        )
    };
    let word = "there is no namespace of this name";
    let server = Server::of(objects.clone());
    let (text, code) = told(&server, &["pog"]);
    assert!(text.contains("prod/pog") && text.contains(word), "{text}");
    assert_eq!(code, Some(3));
    let (text, _) = told(&server, &["pgo", "empty"]);
    assert!(!text.contains(word), "{text}");
    // Who may not list namespaces may get one; who may not even do that is told nothing that is not known.
    let answer = |hidden: &'static [&'static str]| {
        Server::with(Store::of(objects.clone()), move |request| {
            let refused = hidden.contains(&request.path.as_str());
            refused.then(|| Answer::forbidden("namespaces"))
        })
    };
    let (text, _) = told(&answer(&["/api/v1/namespaces"]), &["pgo", "pog"]);
    assert!(
        text.contains("prod/pog") && !text.contains("prod/pgo:"),
        "{text}"
    );
    let (text, _) = told(
        &answer(&["/api/v1/namespaces", "/api/v1/namespaces/pog"]),
        &["pog"],
    );
    assert!(!text.contains(word), "{text}");
}

#[test]
fn wrong_usage_is_told_and_reads_nothing() {
    let server = Server::of(Vec::new());
    for (args, words) in [
        (
            &["--context", "staging"][..],
            "no context `staging`; it has prod",
        ),
        (&["-n", "pgo", "-A"], "cannot be used with"),
        (
            &["--context", "prod", "--all-contexts"],
            "cannot be used with",
        ),
        (&["--timeout", "5s", "x.yaml"], "none is named"),
        (&["--secret-metadata"], "none is named"),
        (&["-A", "--request-timeout", "soon"], "is not a time span"),
        (&["-A", "--kubeconfig", "missing"], "no cluster to read"),
    ] {
        let output = check(&server, args);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
        assert!(told.contains(words), "{args:?}: {told}");
    }
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_cluster_that_cannot_be_reached_is_undecided() {
    let server = Server::with(Store::default(), |_| Some(Answer::Reset));
    let output = check(&server, &["-A"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{text}");
    assert!(text.contains("there may be more Pgclusters"), "{text}");
    assert!(
        text.contains("kubectl --context prod get --raw /version"),
        "{text}"
    );
}

const DRAFT: &str = "\
apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: NAME, namespace: pgo}
spec:
  postgresVersion: 13
  instances: [{dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
";

const INSTALLED: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: pgo, namespace: operators, labels: {postgres-operator.crunchydata.com/control-plane: pgo}}
spec:
  replicas: 1
  template: {spec: {containers: [{name: operator, image: 'registry/postgres-operator:ubi8-5.4.0-0'}]}}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: postgresclusters.postgres-operator.crunchydata.com}
spec:
  group: postgres-operator.crunchydata.com
  names: {kind: PostgresCluster, plural: postgresclusters}
  scope: Namespaced
  versions:
  - name: v1beta1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              postgresVersion: {type: integer, minimum: 14}
              instances: {type: array, items: {type: object, x-kubernetes-preserve-unknown-fields: true}}
";

#[test]
fn drafts_in_files_are_held_to_what_is_installed() {
    let mut objects = objects();
    objects.retain(|object| {
        let labels = object["metadata"]["labels"].to_string();
        object["kind"] != "CustomResourceDefinition" && !labels.contains("control-plane")
    });
    objects.extend(manifests(INSTALLED));
    let server = Server::of(objects);
    // One that replaces the cluster hippo, and one that replaces none.
    for name in ["hippo", "rhino"] {
        let path = server.folder().join("draft.yaml");
        std::fs::write(&path, DRAFT.replace("NAME", name)).unwrap();
        let report = report(&server, &["draft.yaml", "-A"]);
        let draft = &report["drafts"][0];
        assert_eq!(
            draft["target"]["pgo"],
            serde_json::json!(["5.4.0"]),
            "{name}"
        );
        assert_eq!(
            draft["target"]["from"], "the operator operators/pgo",
            "{name}"
        );
        let schema = draft["schema"].as_str().unwrap();
        assert!(
            schema.starts_with("the CustomResourceDefinition of prod"),
            "{name}: {schema}"
        );
        let findings = report["findings"].as_array().unwrap().iter();
        let mut minimum = findings.filter(|finding| finding["path"] == "/spec/postgresVersion");
        assert!(
            minimum.any(|finding| finding["message"].as_str().unwrap().contains("14")),
            "{name}"
        );
    }
}

#[test]
fn a_draft_is_compared_with_the_live_cluster_it_replaces() {
    let server = Server::of(objects());
    std::fs::write(
        server.folder().join("draft.yaml"),
        DRAFT.replace("NAME", "hippo"),
    )
    .unwrap();
    let report = report(&server, &["draft.yaml", "-A", "--target", "5.8.2"]);
    let source = &report["drafts"][0]["source"];
    assert_eq!(source["name"], "hippo", "{source}");
    let facts = report["findings"].to_string();
    assert!(
        !facts.contains("kubectl get endpoints hippo-ha"),
        "the namespace of a draft is read whole"
    );
}

/// The kubeconfig's user, as it is written there.
fn with_user(server: &Server, user: &str) -> String {
    let path = server.kubeconfig();
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("{token: linters-token}", user);
    let path = server.folder().join("other-kubeconfig");
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[cfg(unix)]
#[test]
fn credentials_may_come_from_a_plugin() {
    let server = Server::of(objects());
    let credential = r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-the-plugin"}}"#;
    let user = format!(
        "{{exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: /bin/echo, args: ['{credential}']}}}}"
    );
    let kubeconfig = with_user(&server, &user);
    let report = report(&server, &["-A", "--kubeconfig", &kubeconfig]);
    assert_eq!(report["clusters"][0]["name"], "hippo");
    let requests = server.requests();
    assert!(
        requests
            .iter()
            .all(|request| request.authorization == "Bearer from-the-plugin")
    );
}

#[test]
fn a_plugin_that_is_missing_leaves_its_cluster_open() {
    let server = Server::of(objects());
    let user = "{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: no-such-plugin}}";
    let kubeconfig = with_user(&server, user);
    let output = check(&server, &["-A", "--kubeconfig", &kubeconfig]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "{text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(
        words
            .join(" ")
            .contains("the login plugin no-such-plugin (exec of the context's user) cannot be started: there is no such program"),
        "{text}"
    );
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn the_kubeconfig_may_ask_for_another_identity() {
    let server = Server::of(objects());
    let user = "{token: mine, as: 'system:serviceaccount:pgo:linter'}";
    let kubeconfig = with_user(&server, user);
    report(&server, &["-A", "--kubeconfig", &kubeconfig]);
    for request in server.requests() {
        assert_eq!(request.impersonated, "system:serviceaccount:pgo:linter");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_half_report() {
    let server = Server::with(Store::of(objects()), |request| {
        request.ends_with("pods").then_some(Answer::Silent)
    });
    let mut child = command(&server, &["-A"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !server
        .requests()
        .iter()
        .any(|request| request.ends_with("pods"))
    {
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let status = child.wait().unwrap();
    assert!(!status.success());
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    assert_eq!(out, "");
}
