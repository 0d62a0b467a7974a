//! Two promises, over the worked examples and a generated fleet.
//!
//! *Contradiction*: adding a place that is trusted less never improves a verdict; of two that are trusted alike the verdict is
//! no better than the worse alone. *Hiding*: without a kind, a namespace, or one object, that is not said to be listed either, no
//! method becomes ready that was not, and what cannot be told is asked for.

use std::collections::BTreeMap;

use pgo_preflight::check::{FindingOutcome, Options, Report, Verdict, names_of};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::{Assume, KINDS};
use pgo_preflight::rule::{Method, RuleSet};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::common::{judge, options, worked_examples};
use crate::{cluster, wide};

/// One origin's objects.
struct World {
    name: String,
    objects: Vec<Value>,
}

/// Everything there is, as far as a world can be judged without its own flags.
fn worlds() -> Vec<World> {
    let examples = worked_examples().into_iter().map(|example| World {
        name: format!("row {}", example.row),
        objects: example
            .documents()
            .iter()
            .filter_map(|text| yaml_serde::from_str(text).ok())
            .filter(Value::is_object)
            .collect(),
    });
    let fleet = (0..12).map(|number| World {
        name: format!("fleet {number}"),
        objects: [wide::objects(), cluster::objects(number)].concat(),
    });
    examples.chain(fleet).collect()
}

type Verdicts = BTreeMap<(String, Method), Verdict>;

fn report(objects: &[Value], rules: &RuleSet, assume: &Assume) -> Report {
    let texts: Vec<String> = objects.iter().map(Value::to_string).collect();
    let mut options: Options = options();
    options.run.target = Version::parse("5.8.2");
    judge(&texts, rules, &options, assume)
}

fn verdicts(report: &Report) -> Verdicts {
    let clusters = report.clusters.iter().flat_map(|cluster| {
        let name = format!("{}/{}", cluster.namespace, cluster.name);
        let methods = cluster.methods.iter();
        methods.map(move |(method, told)| ((name.clone(), *method), told.verdict))
    });
    clusters.collect()
}

/// What the Pgcluster can ask for of everything that something more trusted tells, too: the place as the table of facts has it,
/// the field, and things to ask for.
fn wishes() -> Vec<(&'static str, &'static str, Vec<Value>)> {
    let storage = json!({"storagetype": "dynamic", "size": "1Gi"});
    let certificates = json!({"caSecret": "ca", "tlsSecret": "pair"});
    vec![
        (
            "spec.backrestStorageTypes",
            "backrestStorageTypes",
            vec![json!([]), json!(["posix"]), json!(["s3"]), json!(["gcs"])],
        ),
        (
            "spec.backrestRepoPath",
            "backrestRepoPath",
            vec![json!("/backrestrepo"), json!("/elsewhere")],
        ),
        (
            "spec.backrestS3Bucket",
            "backrestS3Bucket",
            vec![json!("another")],
        ),
        (
            "spec.backrestS3Endpoint",
            "backrestS3Endpoint",
            vec![json!("http://minio:9000"), json!(7)],
        ),
        (
            "spec.backrestS3Region",
            "backrestS3Region",
            vec![json!("another")],
        ),
        (
            "spec.backrestS3URIStyle",
            "backrestS3URIStyle",
            vec![json!("path"), json!("host"), json!("odd")],
        ),
        (
            "spec.backrestS3VerifyTLS",
            "backrestS3VerifyTLS",
            vec![json!("false"), json!("odd")],
        ),
        (
            "spec.backrestGCSBucket",
            "backrestGCSBucket",
            vec![json!("another")],
        ),
        (
            "spec.backrestGCSEndpoint",
            "backrestGCSEndpoint",
            vec![json!("another.example")],
        ),
        (
            "spec.backrestGCSKeyType",
            "backrestGCSKeyType",
            vec![json!("token"), json!("odd")],
        ),
        ("spec.port", "port", vec![json!("5433"), json!("x")]),
        (
            "spec.syncReplication",
            "syncReplication",
            vec![json!(true), json!("odd")],
        ),
        ("spec.database", "database", vec![json!("other")]),
        ("spec.exporter", "exporter", vec![json!(true), json!("odd")]),
        ("spec.pgBadger", "pgBadger", vec![json!(true), json!("odd")]),
        ("spec.user", "user", vec![json!("other"), json!(["odd"])]),
        (
            "spec.passwordType",
            "passwordType",
            vec![json!("scram-sha-256"), json!(["odd"])],
        ),
        (
            "spec.PrimaryStorage",
            "PrimaryStorage",
            vec![json!({"supplementalgroups": "5432"}), json!("odd")],
        ),
        (
            "spec.customconfig",
            "customconfig",
            vec![json!("tuned"), json!(["tuned"])],
        ),
        (
            "spec.serviceType",
            "serviceType",
            vec![json!("LoadBalancer"), json!({})],
        ),
        (
            "spec.pgBouncer.serviceType",
            "pgBouncer",
            vec![json!({"replicas": 2, "serviceType": "NodePort"})],
        ),
        (
            "spec.pgBouncer.replicas",
            "pgBouncer",
            vec![json!({"replicas": 2}), json!({"replicas": "x"})],
        ),
        (
            "spec.standby",
            "standby",
            vec![json!(true), json!(false), json!("odd")],
        ),
        ("spec.tls", "tls", vec![certificates, json!([])]),
        ("spec.tlsOnly", "tlsOnly", vec![json!(true), json!("odd")]),
        (
            "spec.resources",
            "resources",
            vec![json!({"memory": "128Mi"}), json!(["128Mi"])],
        ),
        (
            "spec.backrestResources",
            "backrestResources",
            vec![json!({"memory": "48Mi"})],
        ),
        (
            "spec.exporterResources",
            "exporterResources",
            vec![json!({"memory": "24Mi"}), json!("odd")],
        ),
        (
            "spec.pgBouncer.resources",
            "pgBouncer",
            vec![json!({"replicas": 2, "resources": {"memory": "24Mi"}})],
        ),
        (
            "spec.pgBouncer.tlsSecret",
            "pgBouncer",
            vec![json!({"replicas": 2, "tlsSecret": "pair"})],
        ),
        (
            "spec.tolerations",
            "tolerations",
            vec![json!([{"key": "db", "operator": "Exists"}]), json!("odd")],
        ),
        (
            "spec.nodeAffinity.default",
            "nodeAffinity",
            vec![
                json!({"default": {"requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [{"matchExpressions": [{"key": "db", "operator": "Exists"}]}],
                }}}),
            ],
        ),
        (
            "spec.podAntiAffinity.default",
            "podAntiAffinity",
            vec![json!({"default": "required"}), json!({"default": "odd"})],
        ),
        (
            "spec.annotations",
            "annotations",
            vec![json!({"global": {"team": "db"}}), json!("odd")],
        ),
        (
            "spec.disableAutofail",
            "disableAutofail",
            vec![json!(true), json!("odd")],
        ),
        (
            "spec.tablespaceMounts",
            "tablespaceMounts",
            vec![json!({"lake": storage}), json!("lake")],
        ),
        (
            "spec.WALStorage",
            "WALStorage",
            vec![storage.clone(), json!("dynamic")],
        ),
        (
            "spec.ccpimagetag",
            "ccpimagetag",
            vec![
                json!("ubi8-13.10-4.7.10"),
                json!("centos7-9.6.20-4.7.10"),
                json!("odd"),
            ],
        ),
        (
            "spec.ccpimage",
            "ccpimage",
            vec![json!("crunchy-postgres-gis-ha"), json!("mine")],
        ),
    ]
}

#[test]
fn every_wish_of_the_table_of_facts_is_tried() {
    let output = crate::common::program()
        .args(["rules", "--facts"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (of_v4, _) = text.split_once("Facts of a draft").unwrap();
    let tried = wishes();
    let places = of_v4
        .lines()
        .filter_map(|line| line.trim().strip_prefix("wish: "));
    let mut count = 0;
    for place in places {
        let field = place.split([',', ' ']).next().unwrap();
        assert!(tried.iter().any(|(known, ..)| *known == field), "{place}");
        count += 1;
    }
    assert!(count > 20, "{count}");
}

/// Whether something that runs, or is kept, is seen at all: where a wish is all there is, it may open a method.
fn shows_what_runs(object: &Value) -> bool {
    let containers = &object["spec"]["template"]["spec"]["containers"][0]["env"];
    let database = object["metadata"]["labels"]["pgo-pg-database"] == "true";
    object["kind"] == "Deployment" && database && containers.is_array()
}

/// The objects with a field of every Pgcluster changed, or taken out.
fn asking(objects: &[Value], field: &str, value: Option<&Value>) -> Vec<Value> {
    let mut objects = objects.to_vec();
    for object in &mut objects {
        if object["kind"] == "Pgcluster" && object["spec"].is_object() {
            let spec = object["spec"].as_object_mut().unwrap();
            match value {
                Some(value) => spec.insert(field.to_owned(), value.clone()),
                None => spec.remove(field),
            };
        }
    }
    objects
}

#[test]
fn a_wish_beside_what_runs_never_improves_a_verdict() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let all = Assume::everything();
    let wrong: Vec<String> = worlds()
        .par_iter()
        .flat_map_iter(|world| {
            let mut wrong = Vec::new();
            if !world.objects.iter().any(shows_what_runs) {
                return wrong;
            }
            for (_, field, values) in wishes() {
                let judged =
                    |value| verdicts(&report(&asking(&world.objects, field, value), &rules, &all));
                // Without the field the Pgcluster asks for no such volume: that is a wish, too, and one that what runs may contradict.
                let before = match field {
                    "WALStorage" => verdicts(&report(&world.objects, &rules, &all)),
                    _ => judged(None),
                };
                for value in &values {
                    for (key, after) in judged(Some(value)) {
                        if before.get(&key).is_some_and(|before| after < *before) {
                            wrong.push(format!("{}: {key:?} with {field} {value}", world.name));
                        }
                    }
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn of_two_copies_that_disagree_neither_opens_a_method() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let all = Assume::everything();
    let changes = [
        ("standby", json!(true)),
        ("shutdown", json!(true)),
        ("backrestStorageTypes", json!(["s3"])),
        (
            "tablespaceMounts",
            json!({"lake": {"storagetype": "dynamic", "size": "1Gi"}}),
        ),
    ];
    let wrong: Vec<String> = worlds()
        .par_iter()
        .flat_map_iter(|world| {
            let mut wrong = Vec::new();
            let one = verdicts(&report(&world.objects, &rules, &all));
            for (field, value) in &changes {
                let changed = asking(&world.objects, field, Some(value));
                let other = verdicts(&report(&changed, &rules, &all));
                let copies = changed
                    .iter()
                    .filter(|object| object["kind"] == "Pgcluster");
                let both: Vec<Value> = world.objects.iter().chain(copies).cloned().collect();
                for (key, after) in verdicts(&report(&both, &rules, &all)) {
                    let worse = one.get(&key).max(other.get(&key)).copied();
                    // What they disagree about is not known, so a block may become a question.
                    if worse.is_some_and(|worse| after < worse.min(Verdict::Unknown)) {
                        wrong.push(format!(
                            "{}: {key:?} with two words for {field}",
                            world.name
                        ));
                    }
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every kind but these is said to be listed.
fn without(hidden: &[&str]) -> Assume {
    let kept: Vec<&str> = KINDS
        .iter()
        .map(|row| row.name)
        .filter(|kind| !hidden.contains(kind))
        .collect();
    Assume::parse(&kept.join(",")).unwrap()
}

/// The parts to hide, with the kinds that are then no longer listed.
fn parts(world: &World) -> Vec<(String, Vec<Value>, Assume)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut kinds: Vec<String> = world.objects.iter().map(|one| text(&one["kind"])).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut namespaces: Vec<String> = world
        .objects
        .iter()
        .map(|one| text(&one["metadata"]["namespace"]))
        .collect();
    namespaces.sort_unstable();
    namespaces.dedup();
    let by_kind = kinds.iter().map(|kind| {
        let left = world
            .objects
            .iter()
            .filter(|one| one["kind"] != kind.as_str());
        (kind.clone(), left.cloned().collect(), without(&[kind]))
    });
    let by_namespace = namespaces
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| {
            let is_in = |one: &&Value| one["metadata"]["namespace"] == name.as_str();
            let (gone, left): (Vec<&Value>, Vec<&Value>) = world.objects.iter().partition(is_in);
            let gone: Vec<&str> = gone.iter().filter_map(|one| one["kind"].as_str()).collect();
            let left = left.into_iter().cloned().collect();
            (format!("namespace {name}"), left, without(&gone))
        });
    by_kind
        .chain(by_namespace)
        .chain(one_by_one(world))
        .collect()
}

/// Each object by itself, with its kind no longer listed.
fn one_by_one(world: &World) -> impl Iterator<Item = (String, Vec<Value>, Assume)> {
    (0..world.objects.len()).map(|hidden| {
        let mut left = world.objects.clone();
        let gone = left.remove(hidden);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = text(&gone["kind"]);
        let what = format!("{kind} {}", text(&gone["metadata"]["name"]));
        let assume = without(&[&kind]);
        (what, left, assume)
    })
}

#[test]
fn without_a_kind_a_namespace_or_one_object_no_method_opens() {
    let rules = RuleSet::built_in(names_of).unwrap();
    let wrong: Vec<String> = worlds()
        .par_iter()
        .flat_map_iter(|world| {
            let before = verdicts(&report(&world.objects, &rules, &Assume::everything()));
            let mut wrong = Vec::new();
            for (hidden, left, assume) in parts(world) {
                let after = report(&left, &rules, &assume);
                for (key, verdict) in verdicts(&after) {
                    let was = before.get(&key).copied();
                    if verdict == Verdict::Ready && was.is_some_and(|was| was != Verdict::Ready) {
                        wrong.push(format!("{}: {key:?} is ready without {hidden}", world.name));
                    }
                }
                let undecided = after.findings.iter();
                let mute = undecided
                    .filter(|one| one.outcome == FindingOutcome::Unknown)
                    .find(|one| one.gaps.iter().all(|gap| gap.ask.is_empty()));
                if let Some(finding) = mute {
                    wrong.push(format!(
                        "{}: {} asks nothing without {hidden}",
                        world.name, finding.rule
                    ));
                }
            }
            wrong
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
