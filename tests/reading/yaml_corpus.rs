//! Other people's manifests, where they are at hand: every object says what a reference reader says.

use std::path::{Path, PathBuf};

use pgo_preflight::manifest::{Kind, Node, ProblemKind, Scalar, load};
use pgo_preflight::source::{OriginId, SourceId};
use serde::Deserialize;
use serde_json::Value;

fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("PGO_PREFLIGHT_CORPUS").map(PathBuf::from);
    let folder =
        named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    let there = folder.join("v4").is_dir();
    if !there {
        eprintln!("SKIPPED: no corpus at {}", folder.display());
    }
    there.then_some(folder)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if matches!(
            path.extension().and_then(|end| end.to_str()),
            Some("yaml" | "yml" | "json")
        ) {
            found.push(path);
        }
    }
}

/// The documents as a reference reader has them; nothing where it cannot read them.
fn reference(path: &Path, text: &str) -> Option<Vec<Value>> {
    if path.extension().is_some_and(|end| end == "json") {
        return serde_json::from_str(text).ok().map(|value| vec![value]);
    }
    let documents = yaml_serde::Deserializer::from_str(text);
    documents
        .map(Value::deserialize)
        .collect::<Result<_, _>>()
        .ok()
}

/// The objects of kinds we keep, out of their Lists, with what these say about them.
fn flattened(value: &Value, objects: &mut Vec<Value>) {
    let text = |key: &str| value[key].as_str().unwrap_or("");
    if let (kind, Some(items)) = (text("kind"), value["items"].as_array())
        && let Some(element) = kind.strip_suffix("List")
    {
        for item in items {
            let mut item = item.clone();
            if !element.is_empty() && item.get("kind").is_none() {
                item["kind"] = element.into();
                item["apiVersion"] = value["apiVersion"].clone();
            }
            flattened(&item, objects);
        }
    } else if let Some(kind) = Kind::of(text("apiVersion"), text("kind")) {
        let mut object = value.clone();
        // Who wrote which field stays only where a schema looks at it.
        if !matches!(kind, Kind::PostgresCluster | Kind::PgUpgrade)
            && let Some(managers) = object.pointer_mut("/metadata/managedFields")
        {
            *managers = Value::Array(Vec::new());
        }
        objects.push(object);
    }
}

/// Whether a node says this, as far as it was not overwritten.
fn says(node: Node<'_>, value: &Value) -> bool {
    let is_overwritten =
        |text: &str| !text.is_empty() && text.chars().all(|c| matches!(c, '*' | '\n'));
    match (node.scalar(), value) {
        (None, Value::Object(map)) => {
            let missing = map.iter().filter(|(key, _)| node.get(key).is_none());
            // What a List says for its items is not written in them.
            missing
                .filter(|(key, _)| !matches!(key.as_str(), "kind" | "apiVersion"))
                .count()
                == 0
                && node.entries().all(|(key, value)| {
                    map.get(&*key.key()).is_some_and(|there| says(value, there))
                })
        }
        (None, Value::Array(items)) => {
            node.items().count() == items.len()
                && node.items().zip(items).all(|(node, item)| says(node, item))
        }
        (Some(Scalar::Str(text)), _) if is_overwritten(text) => true,
        (Some(Scalar::Str(text)), Value::String(there)) => text == there,
        (Some(Scalar::Null), Value::Null) => true,
        (Some(Scalar::Bool(value)), Value::Bool(there)) => value == *there,
        // The reference reads YAML 1.2.
        (Some(Scalar::Bool(value)), Value::String(there)) => match there.as_str() {
            "y" | "yes" | "on" => value,
            "n" | "no" | "off" => !value,
            _ => false,
        },
        // The API server reads `2.0` as an integer.
        (Some(Scalar::Int(value)), Value::Number(there)) => {
            #[allow(clippy::cast_precision_loss)]
            let same = there.as_f64() == Some(value as f64);
            there.as_i64() == Some(value) || same && there.is_f64()
        }
        (Some(Scalar::Float(value)), Value::Number(there)) => there.as_f64() == Some(value),
        _ => false,
    }
}

#[test]
fn every_object_says_what_a_reference_reader_says() {
    let Some(corpus) = corpus() else { return };
    let mut compared = 0;
    for part in ["v4", "v5", "live-recordings"] {
        let mut paths = Vec::new();
        files(&corpus.join(part), &mut paths);
        paths.sort();
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            let loaded = load(
                SourceId(0),
                OriginId(0),
                path.display().to_string(),
                text.clone().into_bytes(),
            );
            let Some(documents) = reference(&path, &text) else {
                assert!(
                    !loaded.problems.is_empty(),
                    "{} is read by us alone",
                    path.display()
                );
                continue;
            };
            let is_template = loaded
                .problems
                .iter()
                .any(|problem| problem.kind == ProblemKind::UnrenderedTemplate);
            let harmless = loaded
                .problems
                .iter()
                .all(|problem| problem.kind.is_harmless());
            assert!(
                harmless || is_template,
                "{}: {:?}",
                path.display(),
                loaded.problems
            );
            if is_template {
                continue;
            }
            let mut objects = Vec::new();
            for document in &documents {
                flattened(document, &mut objects);
            }
            assert_eq!(loaded.objects.len(), objects.len(), "{}", path.display());
            for (object, expected) in loaded.objects.iter().zip(&objects) {
                assert!(
                    says(object.root(), expected),
                    "{}: {}",
                    path.display(),
                    object.name
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 100, "only {compared} objects");
}
