//! One answer by every road: a live cluster, its bundle and its export have the same verdicts and the same findings with the
//! same ids, whatever stands in the places that are overwritten.

use std::fs;
use std::path::Path;

use pgo_preflight::check::{Evidence, check, names_of};
use pgo_preflight::manifest::{Assume, gather_dump, gather_texts};
use pgo_preflight::render::json;
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::{Dump, OriginId, SourceId, manifest_text};
use serde_json::{Value, json as object};

use super::making::live;
use super::round_trip::{fixtures, options, read, written};

/// Values that YAML could take for something else once they are overwritten, or that already are something else.
const PLAIN: [&str; 8] = [
    "hunter2",
    "12345",
    "true",
    "*******",
    "a: b",
    "- x\n- y\n",
    " # no",
    "",
];

/// Fills all places that are overwritten.
fn fill(object: &mut Value, secret: &str) {
    let copy = object!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": {"p": secret}, "stringData": {"q": secret}});
    let copies = [
        ("example.com/applied", copy.to_string()),
        (
            "example.com/nested",
            object!({"was": copy.to_string()}).to_string(),
        ),
        (
            "example.com/broken",
            format!("kind: Secret\ndata: {{p: {secret}"),
        ),
        (
            "kubectl.kubernetes.io/last-applied-configuration",
            copy.to_string(),
        ),
    ];
    if !object["metadata"]["annotations"].is_object() {
        object["metadata"]["annotations"] = object!({});
    }
    for (name, text) in copies {
        object["metadata"]["annotations"][name] = text.into();
    }
    if object["kind"] == "ConfigMap" {
        object["data"]["access-token"] = secret.into();
        object["data"]["kubeconfig"] = format!("users: [{{user: {{token: \"{secret}\"}}}}]").into();
    }
    contain(object, secret);
}

/// Fills every container.
fn contain(value: &mut Value, secret: &str) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| contain(item, secret)),
        Value::Object(fields) => {
            for key in ["containers", "initContainers"] {
                let containers = fields.get_mut(key).and_then(Value::as_array_mut);
                for container in containers.into_iter().flatten() {
                    let Some(container) = container.as_object_mut() else {
                        continue;
                    };
                    let list =
                        |container: &mut serde_json::Map<String, Value>, key: &str, more: Value| {
                            if let Value::Array(items) =
                                container.entry(key).or_insert_with(|| object!([]))
                            {
                                items.push(more);
                            }
                        };
                    for name in ["PGPASSWORD", "PGBACKREST_REPO1_CIPHER_PASS", "UNHEARD_OF"] {
                        list(container, "env", object!({"name": name, "value": secret}));
                    }
                    list(container, "args", format!("--repo1-s3-key={secret}").into());
                }
            }
            fields.values_mut().for_each(|field| contain(field, secret));
        }
        _ => {}
    }
}

/// The dump with everything filled, and all of it as one export.
fn filled(dump: &Dump, secret: &str) -> (Dump, Vec<u8>) {
    let mut dump = dump.clone();
    let mut export = String::new();
    for text in &mut dump.texts {
        let mut object: Value = yaml_serde::from_slice(&text.bytes).unwrap();
        fill(&mut object, secret);
        let written = manifest_text(&object);
        export.push_str("---\n");
        export.push_str(&written);
        text.bytes = written.into_bytes();
    }
    (dump, export.into_bytes())
}

/// What a run decides: every verdict, and every finding with its id.
fn decided(evidence: Evidence, rules: &RuleSet) -> Vec<String> {
    let report = check(evidence, rules, &options(Some("5.8.2")));
    let report: Value = serde_json::from_str(&json(&report, 0)).unwrap();
    let mut all = Vec::new();
    for cluster in report["clusters"].as_array().unwrap() {
        let place = format!("{}/{}", cluster["namespace"], cluster["name"]);
        for (method, judged) in cluster["methods"].as_object().unwrap() {
            all.push(format!("{place} {method} {}", judged["verdict"]));
        }
    }
    for draft in report["drafts"].as_array().unwrap() {
        all.push(format!(
            "{} {} {}",
            draft["namespace"], draft["name"], draft["verdict"]
        ));
    }
    for finding in report["findings"].as_array().unwrap() {
        let subject = &finding["subject"];
        all.push(format!(
            "{} {} {} {} {}/{}: {}",
            finding["id"],
            finding["rule"],
            finding["outcome"],
            subject["kind"],
            subject["namespace"],
            subject["name"],
            finding["message"]
        ));
    }
    all.sort();
    all
}

fn of_dump(dump: Dump) -> Evidence {
    Evidence::of(
        gather_dump(dump, OriginId(0), SourceId(0)),
        &Assume::nothing(),
    )
}

#[test]
fn live_bundle_and_export_say_the_same_whatever_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let rules = RuleSet::built_in(names_of).unwrap();
    for (nth, (name, files)) in fixtures().into_iter().enumerate() {
        let secret = PLAIN[nth % PLAIN.len()];
        let (dump, export) = filled(&live("prod", &files), secret);
        let path = folder.path().join(format!("{name}.tar.gz"));
        fs::write(&path, written(dump.clone())).unwrap();
        let live = decided(of_dump(dump), &rules);
        assert!(live.len() > 3, "{name}");
        same(
            &name,
            secret,
            &live,
            &decided(of_dump(read(Path::new(&path))), &rules),
        );
        let gathered = gather_texts(vec![("export.yaml".to_owned(), export)]);
        let export = Evidence::of(gathered, &Assume::everything());
        same(&name, secret, &live, &decided(export, &rules));
    }
}

fn same(name: &str, secret: &str, live: &[String], other: &[String]) {
    let only = |these: &[String], those: &[String]| -> Vec<String> {
        let alone = these.iter().filter(|one| !those.contains(one));
        alone.cloned().collect()
    };
    assert!(
        live == other,
        "{name} with {secret:?}: {:#?} became {:#?}",
        only(live, other),
        only(other, live)
    );
}
