//! `collect`: bundles of live clusters, permissions, commands for an export by hand, and the plugin of kubectl.

use crate::api_server;
use crate::common;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use api_server::{Answer, Request, Server, Store, objects_in};
use common::root;
use pgo_preflight::source::{WANTED, Wanted};
use serde_json::Value;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pgo-preflight");

fn run(args: &[&str]) -> Output {
    Command::new(PROGRAM)
        .current_dir(root())
        .args(args)
        // Whoever reads a kubeconfig here finds none.
        .env("KUBECONFIG", "/nowhere/kubeconfig")
        .env_remove("KUBERNETES_SERVICE_HOST")
        .output()
        .unwrap()
}

fn printed(args: &[&str]) -> String {
    let output = run(args);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn documents(yaml: &str) -> Vec<Value> {
    yaml_serde::Deserializer::from_str(yaml)
        .map(|document| serde::Deserialize::deserialize(document).unwrap())
        .filter(|document: &Value| !document.is_null())
        .collect()
}

/// What the rules of these roles allow: group, resource, verb.
fn allowed(documents: &[Value], kind: &str) -> BTreeSet<(String, String, String)> {
    let texts = |value: &Value| -> Vec<String> {
        let values = value.as_array().unwrap().iter();
        values
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    let mut allowed = BTreeSet::new();
    for role in documents.iter().filter(|document| document["kind"] == kind) {
        for rule in role["rules"].as_array().unwrap() {
            for group in texts(&rule["apiGroups"]) {
                for resource in texts(&rule["resources"]) {
                    for verb in texts(&rule["verbs"]) {
                        assert!(allowed.insert((group.clone(), resource.clone(), verb)));
                    }
                }
            }
        }
    }
    allowed
}

fn wanted(concerns: impl Fn(&Wanted) -> bool) -> BTreeSet<(String, String, String)> {
    let rows = WANTED.iter().filter(|row| concerns(row));
    rows.flat_map(|row| {
        ["get", "list"].map(|verb| {
            (
                row.group.to_owned(),
                row.plural().to_owned(),
                verb.to_owned(),
            )
        })
    })
    .collect()
}

#[test]
fn roles_allow_exactly_what_is_asked_for() {
    let cluster = documents(&printed(&["collect", "--print-rbac"]));
    assert_eq!(allowed(&cluster, "ClusterRole"), wanted(|_| true));
    let namespaced = documents(&printed(&["collect", "--print-rbac=namespaced"]));
    assert_eq!(allowed(&namespaced, "Role"), wanted(|row| row.namespaced));
    assert_eq!(
        allowed(&namespaced, "ClusterRole"),
        wanted(|row| !row.namespaced)
    );
}

#[test]
fn every_binding_binds_a_role_that_is_there_to_the_account_that_is_there() {
    for reach in ["cluster", "namespaced", "secret-metadata"] {
        let documents = documents(&printed(&[
            "collect",
            &format!("--print-rbac={reach}"),
            "-n",
            "a",
            "-n",
            "b",
        ]));
        let bindings: Vec<&Value> = documents
            .iter()
            .filter(|document| document["kind"].as_str().unwrap().ends_with("Binding"))
            .collect();
        assert!(!bindings.is_empty());
        for binding in bindings {
            let role = documents.iter().find(|document| {
                document["kind"] == binding["roleRef"]["kind"]
                    && document["metadata"]["name"] == binding["roleRef"]["name"]
                    && document["metadata"]["namespace"] == binding["metadata"]["namespace"]
            });
            assert!(role.is_some(), "{reach}: {binding}");
            assert_eq!(binding["subjects"][0]["name"], "pgo-preflight");
            assert_eq!(binding["subjects"][0]["namespace"], "pgo-preflight");
        }
    }
}

#[test]
fn secrets_are_allowed_by_name_and_only_in_a_file_of_their_own() {
    for reach in ["cluster", "namespaced"] {
        let text = printed(&["collect", &format!("--print-rbac={reach}")]);
        assert!(!text.to_lowercase().contains("- secrets"), "{reach}");
    }
    let text = printed(&["collect", "--print-rbac=secret-metadata"]);
    assert!(text.contains("RBAC cannot tell metadata from data"));
    let role = &documents(&text)[0];
    let rules = role["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0]["verbs"], serde_json::json!(["get"]));
    assert_eq!(
        rules[0]["resourceNames"],
        serde_json::json!(["hippo-backrest-repo-config"])
    );
}

#[test]
fn the_files_in_deploy_are_what_the_program_prints() {
    for (reach, file) in [
        ("cluster", "rbac.yaml"),
        ("namespaced", "rbac-namespaced.yaml"),
        ("secret-metadata", "rbac-secret-metadata.yaml"),
    ] {
        let text = fs::read_to_string(root().join("deploy").join(file)).unwrap();
        assert_eq!(
            text,
            printed(&["collect", &format!("--print-rbac={reach}")]),
            "{file}"
        );
    }
}

/// A kubectl that prints what a folder has: `NAMESPACE.RESOURCE` for `-n`, `RESOURCE` otherwise.
#[cfg(unix)]
fn fake_kubectl(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let script = r#"#!/bin/sh
resource=$2; file=$resource
case $resource in
csidrivers) echo 'Error from server (Forbidden): csidrivers is forbidden' >&2; exit 1;;
esac
test "$3" = -n && file=$4.$resource
test "$3" = -A && file=all.$resource
cat "$(dirname "$0")/answers/$file" 2>/dev/null && exit
printf 'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n'
"#;
    let path = folder.join("kubectl");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// The answers of a server that holds these objects, one List for each kind, as kubectl prints them.
fn answers(folder: &Path, files: &[&str]) {
    let mut lists: std::collections::BTreeMap<String, Vec<Value>> =
        std::collections::BTreeMap::new();
    for file in files {
        for object in documents(&fs::read_to_string(root().join(file)).unwrap()) {
            let Some(row) = WANTED.iter().find(|row| object["kind"] == row.kind) else {
                continue;
            };
            let place = match object["metadata"]["namespace"].as_str() {
                Some(namespace) => format!("{namespace}."),
                None => String::new(),
            };
            lists
                .entry(format!("{place}{}", row.resource))
                .or_default()
                .push(object);
        }
    }
    fs::create_dir(folder.join("answers")).unwrap();
    let every = lists.values().flatten();
    let whole: Vec<&Value> = every
        .filter(|object| object["kind"] != "CSIDriver")
        .collect();
    let whole = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": whole});
    fs::write(folder.join("whole.yaml"), whole.to_string()).unwrap();
    let elsewhere: Vec<Value> = lists
        .iter()
        .filter(|(name, _)| name.ends_with(".deployments") && *name != "pgo.deployments")
        .flat_map(|(_, items)| items.clone())
        .collect();
    assert!(!elsewhere.is_empty(), "operators run elsewhere");
    lists.insert("all.deployments".to_owned(), elsewhere);
    for (name, items) in lists {
        let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": items});
        fs::write(
            folder.join("answers").join(name),
            yaml_serde::to_string(&list).unwrap(),
        )
        .unwrap();
    }
}

#[test]
#[cfg(unix)]
fn the_printed_commands_make_an_export_that_check_judges() {
    let script = printed(&["collect", "-n", "pgo", "--print-commands"]);
    let folder = tempfile::tempdir().unwrap();
    fake_kubectl(folder.path());
    answers(
        folder.path(),
        &[
            "fixtures/fleets/mixed/in-both.yaml",
            "fixtures/fleets/mixed/wide.yaml",
        ],
    );
    let (export, judge) = script.split_once("\npgo-preflight check").unwrap();
    let path = format!(
        "{}:{}",
        folder.path().display(),
        std::env::var("PATH").unwrap()
    );
    let shell = Command::new("sh")
        .args(["-c", export])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&shell.stderr).into_owned();
    assert_eq!(
        errors.trim(),
        "Error from server (Forbidden): csidrivers is forbidden"
    );
    // As the text says: without the kind whose command failed.
    let honest = judge.replace("CSIDriver,", "");
    assert_ne!(honest, judge);
    let by_hand = decided(folder.path(), &honest);
    assert!(by_hand.len() > 20);
    let whole = honest.replace("pgo-preflight-export", "whole.yaml");
    assert_ne!(honest, whole);
    assert_eq!(by_hand, decided(folder.path(), &whole));
}

/// Verdicts and findings of `check` with these arguments.
fn decided(folder: &Path, args: &str) -> Vec<String> {
    let output = Command::new(PROGRAM)
        .arg("check")
        .args(args.split_whitespace())
        .args(["--now", "2026-11-20T12:00:00Z", "--format", "json"])
        .current_dir(folder)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let methods = report["clusters"][0]["methods"].as_object().unwrap().iter();
    let mut all: Vec<String> = methods
        .map(|(method, judged)| format!("{method} {}", judged["verdict"]))
        .collect();
    let findings = report["findings"].as_array().unwrap().iter();
    all.extend(findings.map(|finding| {
        format!(
            "{} {} {}",
            finding["rule"], finding["outcome"], finding["message"]
        )
    }));
    all.sort();
    all
}

#[test]
fn the_commands_touch_no_secret_unless_asked_and_then_print_no_data() {
    let plain = printed(&["collect", "-A", "--print-commands"]);
    assert!(!plain.contains("get secrets"));
    let text = printed(&["collect", "-A", "--print-commands", "--secret-metadata"]);
    let secrets: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("get secrets"))
        .collect();
    assert_eq!(secrets.len(), 1);
    assert!(secrets[0].contains("go-template=") && !secrets[0].contains(".data"));
    assert!(
        secrets[0].contains("last-applied-configuration"),
        "which holds the data again"
    );
}

#[test]
fn nothing_is_connected_to_for_permissions_and_commands_but_for_the_rest() {
    for args in [
        &["collect", "--print-rbac"][..],
        &["collect", "--print-commands", "--context", "nowhere"],
    ] {
        assert_eq!(run(args).status.code(), Some(0));
    }
    for args in [
        &["collect"][..],
        &["collect", "--check-access"],
        &["collect", "--context", "nowhere"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(String::from_utf8_lossy(&output.stderr).starts_with("error: "));
    }
}

#[test]
fn flags_that_would_have_no_effect_are_refused() {
    for args in [
        &["collect", "--print-commands", "--output", "x"][..],
        &["collect", "--check-access", "--force"],
        &["collect", "--print-rbac", "--check-access"],
        &["collect", "--print-commands", "--all-contexts"],
        &[
            "collect",
            "--context",
            "a",
            "--context",
            "b",
            "--output",
            "x",
        ],
    ] {
        assert_eq!(run(args).status.code(), Some(2), "{args:?}");
    }
}

#[test]
fn as_a_plugin_it_is_called_as_kubectl_calls_it() {
    let folder = tempfile::tempdir().unwrap();
    let plugin = folder.path().join(format!(
        "kubectl-pgo_preflight{}",
        std::env::consts::EXE_SUFFIX
    ));
    if fs::hard_link(PROGRAM, &plugin).is_err() {
        fs::copy(PROGRAM, &plugin).unwrap();
    }
    let usage = |program: &Path, args: &[&str]| {
        let output = Command::new(program).args(args).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8(text).unwrap();
        let line = text.lines().find(|line| line.starts_with("Usage:"));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    assert!(usage(&plugin, &["--help"]).starts_with("Usage: kubectl pgo-preflight <COMMAND>"));
    assert!(
        usage(&plugin, &["check", "--help"]).starts_with("Usage: kubectl pgo-preflight check ")
    );
    assert!(
        usage(&plugin, &["check", "--no-such"]).starts_with("Usage: kubectl pgo-preflight check ")
    );
    let usual = usage(Path::new(PROGRAM), &["check", "--help"]);
    assert!(usual.starts_with("Usage: pgo-preflight check "), "{usual}");
}

/// Runs the program against a server, in a folder of its own.
fn at(server: &Server, folder: &Path, args: &[&str]) -> Output {
    Command::new(PROGRAM)
        .current_dir(folder)
        .args(args)
        .env("KUBECONFIG", server.kubeconfig())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The report of a live cluster, and that of the bundle that was collected from it, as if both were called `prod`.
fn reports(server: &Server, folder: &Path) -> (String, String) {
    let rest = [
        "--now",
        "2026-11-20T12:00:00Z",
        "--format",
        "json",
        "--facts",
        "--lint-live",
    ];
    let live = at(server, folder, &[&["check", "-A"][..], &rest].concat());
    let bundle = at(server, folder, &[&["check", "prod"][..], &rest].concat());
    assert_eq!(live.status.code(), bundle.status.code());
    let live = String::from_utf8(live.stdout).unwrap();
    let bundle = String::from_utf8(bundle.stdout).unwrap();
    // A bundle names its files, and was read by another command line; the rest is the same, byte for byte.
    let plain = |text: String| {
        let lines = text.lines().filter(|line| !line.starts_with("\"run\": "));
        let text = lines.collect::<Vec<_>>().join("\n");
        text.replace("\"prod/_cluster/", "\"prod/")
            .replace(".yaml\"", "\"")
    };
    (plain(live), plain(bundle))
}

fn same(live: &str, bundle: &str, of: &str) {
    let mut lines = live.lines().zip(bundle.lines());
    let different = lines.find(|(live, bundle)| live != bundle);
    assert!(live == bundle, "{of}: {different:?}");
}

#[test]
fn a_bundle_gives_the_report_of_the_live_cluster() {
    let mut sources: Vec<std::path::PathBuf> = ["half", "minors", "mixed"]
        .map(|fleet| root().join("fixtures/fleets").join(fleet))
        .to_vec();
    sources.extend(["02", "14-s3", "19", "22"].map(|row| {
        root()
            .join("fixtures/worked-examples")
            .join(row)
            .join("cluster.yaml")
    }));
    for source in sources {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::of(objects_in(&source));
        let output = at(
            &server,
            folder.path(),
            &["collect", "-A", "--output", "prod"],
        );
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let (live, bundle) = reports(&server, folder.path());
        assert!(live.len() > 1000);
        same(&live, &bundle, &source.display().to_string());
    }
}

/// A server that refuses to list one resource.
fn refusing(resource: &'static str) -> Server {
    let store = Store::of(objects_in(
        &root().join("fixtures/worked-examples/02/cluster.yaml"),
    ));
    Server::with(store, move |request: &Request| {
        let is_review = request.path.contains("selfsubjectaccessreviews");
        if is_review && request.body.contains(&format!("\"{resource}\"")) {
            let review: Value = serde_json::from_str(&request.body).unwrap();
            let mut review = review;
            review["status"] = serde_json::json!({"allowed": false});
            return Some(Answer::Json(201, review));
        }
        request
            .ends_with(resource)
            .then(|| Answer::forbidden(resource))
    })
}

#[test]
fn what_was_refused_is_said_and_stays_unknown_in_the_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let server = refusing("storageclasses");
    let output = at(
        &server,
        folder.path(),
        &["collect", "-A", "--output", "prod"],
    );
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).contains("storageclasses: the server refused"),
        "{}",
        said(&output)
    );
    assert!(
        said(&output).contains("verbs: [\"get\", \"list\"]"),
        "{}",
        said(&output)
    );
    let (live, bundle) = reports(&server, folder.path());
    assert!(live.contains("the server refused"));
    same(&live, &bundle, "refused");
}

#[test]
fn a_bundle_is_named_for_its_context_and_day_and_never_overwrites_another() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::of(objects_in(
        &root().join("fixtures/worked-examples/02/cluster.yaml"),
    ));
    let collect = |more: &[&str]| {
        at(
            &server,
            folder.path(),
            &[&["collect", "-n", "pgo"][..], more].concat(),
        )
    };
    assert_eq!(collect(&[]).status.code(), Some(0));
    let names: Vec<String> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(names.len(), 1);
    assert!(
        names[0].starts_with("pgo-preflight-prod-20") && names[0].ends_with(".tar.gz"),
        "{names:?}"
    );
    let again = collect(&[]);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        said(&again).contains("exists already: --force overwrites it"),
        "{}",
        said(&again)
    );
    assert_eq!(collect(&["--force"]).status.code(), Some(0));

    let piped = collect(&["--output", "-"]);
    assert_eq!(piped.status.code(), Some(0));
    assert!(piped.stdout.starts_with(&[0x1f, 0x8b]));
    fs::write(folder.path().join("piped"), &piped.stdout).unwrap();
    let mut child = Command::new(PROGRAM)
        .args(["check", "-", "--format", "json"])
        .stdin(fs::File::open(folder.path().join("piped")).unwrap())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stdout.take().unwrap(), &mut text).unwrap();
    child.wait().unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["clusters"][0]["origin"], "prod");
}

#[test]
fn a_cluster_that_cannot_be_reached_gives_no_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::with(Store::default(), |_| {
        Some(Answer::status(401, "Unauthorized", "Unauthorized"))
    });
    let output = at(
        &server,
        folder.path(),
        &["collect", "-A", "--output", "prod"],
    );
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("no bundle was written"),
        "{}",
        said(&output)
    );
    assert!(!folder.path().join("prod").exists());
}

#[test]
fn the_access_check_tells_what_would_be_missing_and_what_that_costs() {
    let folder = tempfile::tempdir().unwrap();
    let server = refusing("persistentvolumes");
    let output = at(&server, folder.path(), &["collect", "-A", "--check-access"]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    for part in [
        "prod: 2 of ",
        "get and list persistentvolumes\n",
        "would be allowed by: ",
        "volumes: ",
        " instead of ready",
        "undecided: ",
        "not known: ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let reviews = server.requests();
    assert!(reviews.iter().all(
        |request| request.method == "GET" || request.path.ends_with("selfsubjectaccessreviews")
    ));

    let server = Server::of(Vec::new());
    let output = at(&server, folder.path(), &["collect", "-A", "--check-access"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .contains("nothing will be missing")
    );
}

#[test]
fn the_namespace_of_a_draft_is_collected_too() {
    let folder = tempfile::tempdir().unwrap();
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: hippo, namespace: new}\n";
    fs::write(folder.path().join("draft.yaml"), draft).unwrap();
    let mut objects = objects_in(&root().join("fixtures/worked-examples/02/cluster.yaml"));
    objects.push(serde_json::json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "there", "namespace": "new"}}));
    let server = Server::of(objects);
    let holds = |args: &[&str]| {
        let output = at(
            &server,
            folder.path(),
            &[&["collect", "-A", "--force", "--output", "prod"][..], args].concat(),
        );
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        let mut inputs = pgo_preflight::source::Inputs::find(
            [folder.path().join("prod")],
            pgo_preflight::source::Limits::default(),
        )
        .unwrap();
        let dump = pgo_preflight::source::bundle::read_all(&mut inputs).remove(0);
        dump.texts
            .iter()
            .any(|text| text.uri.ends_with("/new/Service/there.yaml"))
    };
    assert!(!holds(&[]));
    assert!(holds(&["draft.yaml"]));
}

#[test]
fn what_an_archive_lacks_is_told_beside_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = tar::Builder::new(Vec::new());
    for path in ["nodes.json", "pgo/replication-controllers.json"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(2);
        builder.append_data(&mut header, path, &b"{}"[..]).unwrap();
    }
    fs::write(
        folder.path().join("dump.tar"),
        builder.into_inner().unwrap(),
    )
    .unwrap();
    let output = Command::new(PROGRAM)
        .current_dir(folder.path())
        .args(["check", "dump.tar"])
        .output()
        .unwrap();
    assert!(
        said(&output).starts_with("note: dump.tar: a `kubectl cluster-info dump`"),
        "{}",
        said(&output)
    );
}
