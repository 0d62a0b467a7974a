//! A live cluster gives the verdicts that an export of the same objects gives, with get and list alone.

use crate::api_server;
use crate::common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use api_server::{Answer, Server, Store, manifests, objects_in};
use common::{root, worked_examples};
use pgo_preflight::check::{Evidence, Options as CheckOptions, Report, check, names_of};
use pgo_preflight::manifest::{Assume, KINDS, Kind, gather_dump, gather_texts};
use pgo_preflight::render;
use pgo_preflight::rule::{RuleSet, SubjectKind};
use pgo_preflight::source::kube::{Contexts, Namespaces, Options, Progress, take};
use pgo_preflight::source::{Dump, Listed, OriginId, SourceId, manifest_text};
use serde_json::Value;

fn options(server: &Server) -> Options {
    Options {
        kubeconfig: Some(server.kubeconfig()),
        namespaces: Namespaces::All,
        ..Options::default()
    }
}

fn dump(options: &Options) -> Dump {
    let mut dumps = take(options, &Arc::new(Progress::default())).unwrap();
    assert_eq!(dumps.len(), 1);
    dumps.remove(0)
}

/// What is there to be judged: objects of the cluster, and manifests that are only drafted.
struct World {
    objects: Vec<Value>,
    drafts: Vec<Value>,
}

impl World {
    /// Objects without a namespace get one, as a server would see to; Secrets are not read from live clusters.
    fn of(objects: Vec<Value>) -> World {
        let mut world = World {
            objects: Vec::new(),
            drafts: Vec::new(),
        };
        let mut seen = BTreeSet::new();
        for mut object in objects {
            let row = KINDS.iter().find(|row| object["kind"] == row.name).unwrap();
            if row.kind == Kind::Secret {
                continue;
            }
            if row.namespaced && object["metadata"]["namespace"].is_null() {
                object["metadata"]["namespace"] = "default".into();
            }
            let metadata = &object["metadata"];
            let drafted = row.kind == Kind::PostgresCluster
                && metadata["uid"].is_null()
                && object["status"].is_null();
            let place = (
                row.name,
                metadata["namespace"].to_string(),
                metadata["name"].to_string(),
            );
            if drafted {
                world.drafts.push(object);
            } else if seen.insert(place) {
                world.objects.push(object);
            }
        }
        world
    }

    fn drafts(&self) -> (String, Vec<u8>) {
        ("drafts.yaml".to_owned(), stream(&self.drafts))
    }
}

fn stream(objects: &[Value]) -> Vec<u8> {
    let texts: Vec<String> = objects.iter().map(manifest_text).collect();
    texts.join("---\n").into_bytes()
}

fn check_options() -> CheckOptions {
    CheckOptions {
        facts: true,
        lint_live: true,
        ..CheckOptions::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
    }
}

/// An export of all kinds but Secrets.
fn of_export(world: &World, rules: &RuleSet) -> Report {
    let kinds: Vec<Kind> = KINDS
        .iter()
        .map(|row| row.kind)
        .filter(|kind| *kind != Kind::Secret)
        .collect();
    let texts = vec![
        world.drafts(),
        ("export.yaml".to_owned(), stream(&world.objects)),
    ];
    let evidence = Evidence::of(gather_texts(texts), &Assume::of(&kinds));
    check(evidence, rules, &check_options())
}

fn of_live(world: &World, rules: &RuleSet) -> Report {
    let mut store = Store::of(world.objects.clone());
    store.page = Some(3);
    let server = Server::with(store, |_| None);
    let mut options = options(&server);
    let homes = world.drafts.iter();
    options.beside = homes
        .map(|draft| draft["metadata"]["namespace"].as_str().unwrap().to_owned())
        .collect();
    let dump = dump(&options);
    for listing in &dump.listings {
        assert_eq!(listing.outcome, Listed::Whole, "{listing:?}");
    }
    let drafts = gather_texts(vec![world.drafts()]);
    let live = gather_dump(dump, OriginId(1), SourceId(1));
    let evidence = Evidence::of_all(vec![drafts, live], &Assume::nothing());
    check(evidence, rules, &check_options())
}

/// A report without what differs by nature: names of texts, positions, fingerprints, words about missing Secrets.
fn comparable(report: &Report) -> Vec<String> {
    let report: Value = serde_json::from_str(&render::json(report, 0)).unwrap();
    let mut lines = Vec::new();
    for cluster in report["clusters"].as_array().unwrap() {
        let name = format!("{}/{}", cluster["namespace"], cluster["name"]);
        for key in ["v4", "postgres", "verdict"] {
            lines.push(format!("{name} {key} {}", cluster[key]));
        }
        lines.push(format!("{name} target {}", cluster["target"]["pgo"]));
        for (method, judged) in cluster["methods"].as_object().unwrap() {
            lines.push(format!("{name} {method} {}", judged["verdict"]));
        }
        for (fact, said) in cluster["facts"].as_object().unwrap() {
            let value = said
                .get("value")
                .map_or("unknown".to_owned(), Value::to_string);
            lines.push(format!("{name} {fact} {value}"));
        }
    }
    for draft in report["drafts"].as_array().unwrap() {
        let name = format!("{}/{}", draft["namespace"], draft["name"]);
        let source = &draft["source"];
        lines.push(format!(
            "{name} draft {} {}",
            draft["verdict"], draft["target"]["pgo"]
        ));
        lines.push(format!(
            "{name} from {}/{}",
            source["namespace"], source["name"]
        ));
    }
    for finding in report["findings"].as_array().unwrap() {
        let subject = &finding["subject"];
        let labels = finding["labels"].as_array().unwrap().iter();
        let texts: Vec<String> = labels.map(|label| label["text"].to_string()).collect();
        lines.push(format!(
            "{} {} {}/{}/{} {} {} {}",
            finding["rule"],
            finding["outcome"],
            subject["kind"],
            subject["namespace"],
            subject["name"],
            finding["path"],
            finding["level"],
            texts.join(" ")
        ));
    }
    lines.sort();
    lines
}

fn equal(name: &str, objects: Vec<Value>, rules: &RuleSet) -> Vec<String> {
    let world = World::of(objects);
    let export = comparable(&of_export(&world, rules));
    let live = comparable(&of_live(&world, rules));
    let export: BTreeSet<_> = export.into_iter().collect();
    let live: BTreeSet<_> = live.into_iter().collect();
    let only = |which: &str, line: &String| format!("{name}: only {which}: {line}");
    assert!(export.len() > 5, "{name}: nothing was compared");
    let missing = export.difference(&live).map(|line| only("export", line));
    let added = live.difference(&export).map(|line| only("live", line));
    missing.chain(added).collect()
}

#[test]
fn a_live_cluster_says_what_its_export_says() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let mut wrong = Vec::new();
    for example in worked_examples() {
        let objects = objects_in(&example.folder.join("cluster.yaml"));
        wrong.extend(equal(&example.row, objects, &rules));
    }
    for fleet in ["minors", "mixed"] {
        let objects = objects_in(&root().join("fixtures/fleets").join(fleet));
        wrong.extend(equal(fleet, objects, &rules));
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn drafts_in_files_say_of_a_live_cluster_what_they_say_of_its_export() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let with_examples = RuleSet::built_in_with_examples(names_of).unwrap();
    let examples = with_examples.rules().iter().flat_map(|rule| {
        let about_pairs = rule.subject == SubjectKind::Draft && rule.file.contains("pair/");
        let examples = rule.examples.iter().filter(move |_| about_pairs);
        examples.map(move |example| (format!("{} {}", rule.id, example.name), &example.given))
    });
    // A part of them: each takes two whole runs.
    let some: Vec<_> = examples.step_by(9).collect();
    assert!(some.len() > 5, "{} examples", some.len());
    let mut wrong = Vec::new();
    for (name, given) in some {
        let objects = manifests(given);
        if !objects.is_empty() {
            wrong.extend(equal(&name, objects, &rules));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// The base case, moved to a namespace of its own, with volumes and claims of its own.
fn moved(number: usize) -> Vec<Value> {
    let objects = example("01").into_iter();
    let own = |object: Value| {
        let kind = object["kind"].as_str().unwrap().to_owned();
        let row = KINDS.iter().find(|row| row.name == kind).unwrap();
        let wide = !row.namespaced && kind != "PersistentVolume";
        let at_home = object["metadata"]["namespace"] == "pgo";
        if wide || (row.namespaced && !at_home) {
            return (number == 0).then_some(object);
        }
        let text = object.to_string();
        let text = text.replace(
            r#""namespace":"pgo""#,
            &format!(r#""namespace":"pgo-{number}""#),
        );
        let mut object: Value = serde_json::from_str(&text).unwrap();
        let suffix = format!("-{number}");
        if kind == "PersistentVolume" {
            let name = object["metadata"]["name"].as_str().unwrap().to_owned();
            object["metadata"]["name"] = (name + &suffix).into();
        }
        if let Some(volume) = object["spec"]["volumeName"].as_str() {
            object["spec"]["volumeName"] = (volume.to_owned() + &suffix).into();
        }
        Some(object)
    };
    objects.filter_map(own).collect()
}

#[test]
fn many_namespaces_and_volumes_are_listed_at_once_and_say_the_same() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let objects: Vec<Value> = (0..30).flat_map(moved).collect();
    let volumes = objects
        .iter()
        .filter(|object| object["kind"] == "PersistentVolume");
    assert!(volumes.count() > 48, "too few to be listed at once");
    let wrong = equal("many", objects, &rules);
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn volumes_that_may_not_be_listed_are_got_one_by_one() {
    let objects: Vec<Value> = (0..30).flat_map(moved).collect();
    let server = Server::with(Store::of(objects), |request| {
        request
            .ends_with("persistentvolumes")
            .then(|| Answer::forbidden("persistentvolumes"))
    });
    let dump = dump(&options(&server));
    let volumes = dump
        .listings
        .iter()
        .find(|listing| listing.resource == "persistentvolumes");
    assert_eq!(volumes.unwrap().outcome, Listed::Whole);
    let texts = dump
        .texts
        .iter()
        .filter(|text| text.uri.contains("/PersistentVolume/"));
    assert!(texts.count() > 48);
}

fn example(row: &str) -> Vec<Value> {
    let path = format!("fixtures/worked-examples/{row}/cluster.yaml");
    objects_in(&root().join(Path::new(&path)))
}

#[test]
fn nothing_is_asked_but_get_and_list_and_no_secret() {
    let server = Server::of(example("01"));
    dump(&options(&server));
    let named = Options {
        namespaces: Namespaces::Named(vec!["pgo".to_owned()]),
        ..options(&server)
    };
    dump(&named);
    let requests = server.requests();
    assert!(requests.len() > 20);
    for request in requests {
        assert_eq!(request.method, "GET", "{request:?}");
        assert!(!request.path.contains("secrets"), "{request:?}");
        assert!(!request.query.contains_key("watch"), "{request:?}");
        assert_eq!(request.authorization, "Bearer linters-token");
    }
}

#[test]
fn of_secrets_only_metadata_is_asked_and_only_of_the_repositorys() {
    let mut objects = example("01");
    objects.retain(|object| object["kind"] != "Secret");
    objects.extend(manifests(
        "\
apiVersion: v1
kind: Secret
metadata: {name: hippo-backrest-repo-config, namespace: pgo, annotations: {repo-path: /elsewhere}}
data: {key: c2VjcmV0}
",
    ));
    let server = Server::of(objects);
    let dump = dump(&Options {
        secret_metadata: true,
        ..options(&server)
    });
    let asked = server.requests().into_iter();
    let asked: Vec<_> = asked
        .filter(|request| request.path.contains("secrets"))
        .collect();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].ends_with("hippo-backrest-repo-config"));
    assert!(
        asked[0].accept.contains("as=PartialObjectMetadata;"),
        "{:?}",
        asked[0]
    );
    let text = dump
        .texts
        .iter()
        .find(|text| text.uri.contains("/Secret/"))
        .unwrap();
    let text = String::from_utf8(text.bytes.clone()).unwrap();
    assert!(
        text.contains("repo-path: /elsewhere") && !text.contains("\ndata"),
        "{text}"
    );
    let about = dump
        .listings
        .iter()
        .filter(|listing| listing.resource == "secrets");
    assert_eq!(about.count(), 0, "one Secret says nothing about the others");
}

#[test]
fn texts_are_named_by_context_namespace_kind_and_name() {
    let dump = dump(&options(&Server::of(example("01"))));
    let uris: Vec<&str> = dump.texts.iter().map(|text| text.uri.as_str()).collect();
    assert!(uris.contains(&"prod/pgo/Pgcluster/hippo"), "{uris:?}");
    assert!(
        uris.iter()
            .any(|uri| uri.starts_with("prod/PersistentVolume/")),
        "{uris:?}"
    );
    assert!(dump.taken.is_some());
    let texts = dump
        .texts
        .iter()
        .map(|text| String::from_utf8_lossy(&text.bytes));
    assert!(
        texts
            .into_iter()
            .all(|text| !text.contains("managedFields"))
    );
}

#[test]
fn only_what_facts_can_ask_for_is_pulled_in() {
    let mut objects = example("01");
    let mut other = String::new();
    for number in 0..30 {
        other.push_str(&format!(
            "\
---
apiVersion: v1
kind: PersistentVolume
metadata: {{name: other-{number}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {{name: other-{number}, namespace: shop}}
---
apiVersion: v1
kind: Pod
metadata: {{name: other-{number}, namespace: shop}}
"
        ));
    }
    objects.extend(manifests(&other));
    let server = Server::of(objects);
    let dump = dump(&options(&server));
    let strays = dump
        .texts
        .iter()
        .filter(|text| text.uri.contains("/other-"));
    assert_eq!(strays.count(), 0);
    let requests = server.requests();
    let whole = |resource: &str| {
        let path = format!("/api/v1/{resource}");
        let mut whole = requests.iter().filter(|request| request.path == path);
        whole.any(|request| request.query.keys().all(|key| key == "limit"))
    };
    assert!(!whole("persistentvolumes") && !whole("configmaps") && !whole("pods"));
    let covered = |resource: &str, namespace: Option<&str>| {
        dump.listings.iter().any(|listing| {
            listing.resource == resource
                && listing.namespace.as_deref() == namespace
                && listing.outcome == Listed::Whole
        })
    };
    assert!(covered("configmaps", Some("pgo")) && covered("deployments", None));
    assert!(!covered("configmaps", None) && !covered("configmaps", Some("shop")));
}

#[test]
fn kinds_that_are_not_installed_are_known_to_be_absent() {
    let mut store = Store::of(manifests(
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n",
    ));
    store.missing = vec!["crunchydata.com", "postgres-operator.crunchydata.com"];
    let dump = dump(&options(&Server::with(store, |_| None)));
    let of = |resource: &str| {
        let mut listings = dump.listings.iter();
        let listing = listings.find(|listing| listing.resource.starts_with(resource));
        listing.unwrap().outcome.clone()
    };
    assert_eq!(of("pgclusters"), Listed::NotInstalled);
    assert_eq!(of("postgresclusters"), Listed::NotInstalled);
    assert_eq!(of("deployments"), Listed::Whole);
}

#[test]
fn a_404_of_a_proxy_makes_nothing_absent() {
    let server = Server::with(Store::of(example("01")), |request| {
        let odd = request.path.contains("crunchydata") || request.path == "/apis";
        odd.then_some(Answer::Text(404, "<html>nothing here</html>"))
    });
    let dump = dump(&options(&server));
    let pgclusters = dump
        .listings
        .iter()
        .find(|listing| listing.resource.starts_with("pgclusters"));
    assert!(matches!(pgclusters.unwrap().outcome, Listed::Failed { .. }));
}

#[test]
fn an_unknown_context_is_wrong_usage() {
    let server = Server::of(Vec::new());
    let options = Options {
        contexts: Contexts::Named(vec!["staging".to_owned()]),
        ..options(&server)
    };
    let error = take(&options, &Arc::new(Progress::default())).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the kubeconfig has no context `staging`; it has prod"
    );
}
