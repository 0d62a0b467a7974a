//! The schema room against a JSON Schema library, on what the two languages have in common.

use pgo_preflight::manifest::{Loaded, load};
use pgo_preflight::schema::CrdSchemas;
use pgo_preflight::source::{OriginId, SourceId};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

const CRD: &str = include_str!("../../fixtures/schema/vessels-crd.yaml");
const GROUP: &str = "postgres-operator.crunchydata.com";

fn read(text: &str) -> Loaded {
    let text = text
        .replace("kind: Vessel\n", "kind: PostgresCluster\n")
        .replace("example.test", GROUP);
    load(SourceId(0), OriginId(0), "x".to_owned(), text.into_bytes())
}

/// A structural schema in JSON Schema's words.
fn translated(schema: &Json) -> Json {
    let mut schema = schema.clone();
    let object = schema.as_object_mut().unwrap();
    let flag =
        |object: &serde_json::Map<String, Json>, name: &str| object.get(name) == Some(&json!(true));
    let free = flag(object, "x-kubernetes-preserve-unknown-fields");
    if flag(object, "x-kubernetes-int-or-string") {
        object.remove("anyOf");
        object.insert("type".to_owned(), json!(["integer", "string"]));
    }
    if flag(object, "exclusiveMinimum") {
        let minimum = object.remove("minimum").unwrap();
        object.insert("exclusiveMinimum".to_owned(), minimum);
    }
    let mut defaulted = Vec::new();
    if let Some(Json::Object(properties)) = object.get_mut("properties") {
        for (name, field) in properties.iter_mut() {
            if field.get("default").is_some() {
                defaulted.push(json!(name));
            }
            *field = translated(field);
        }
    }
    if let Some(Json::Array(required)) = object.get_mut("required") {
        required.retain(|name| !defaulted.contains(name));
    }
    for below in ["items", "additionalProperties"] {
        if let Some(inner) = object.get_mut(below) {
            *inner = translated(inner);
        }
    }
    let is_object = object.get("type") == Some(&json!("object"));
    if is_object && !free && object.get("additionalProperties").is_none() {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    schema
}

fn spec_schema() -> Json {
    let crd: Json = yaml_serde::from_str(CRD).unwrap();
    let schema = &crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    translated(&schema["properties"]["spec"])
}

fn sound() -> Json {
    json!({
        "flag": "red",
        "hull": {"length": 20, "draught": 2.5, "registration": "ABC-123"},
        "name": "Nina",
        "captain": {"nickname": "Bob"},
        "paused": true,
        "fuel": "3k",
        "cargo": [{"deck": "a", "row": 1, "weight": 3}, {"deck": "b", "tags": ["x", "z"]}],
        "labels": {"a": "1"},
        "extra": {"known": 1, "else": {"a": [1]}},
        "choice": {"oars": 2},
        "speeds": [1, 2, 3],
    })
}

/// Puts a value at one place of a document, or takes the place away.
fn change(json: &mut Json, at: usize, value: Option<&Json>) {
    fn count(json: &Json) -> usize {
        let below: Vec<&Json> = match json {
            Json::Object(object) => object.values().collect(),
            Json::Array(items) => items.iter().collect(),
            _ => Vec::new(),
        };
        below.iter().map(|inner| 1 + count(inner)).sum()
    }
    fn visit(json: &mut Json, at: &mut usize, value: Option<&Json>) -> bool {
        match json {
            Json::Object(object) => {
                let names: Vec<String> = object.keys().cloned().collect();
                for name in names {
                    if *at == 0 {
                        match value {
                            Some(value) => _ = object.insert(name, value.clone()),
                            None => _ = object.remove(&name),
                        }
                        return true;
                    }
                    *at -= 1;
                    if visit(&mut object[&name], at, value) {
                        return true;
                    }
                }
            }
            Json::Array(items) => {
                for index in 0..items.len() {
                    if *at == 0 {
                        match value {
                            Some(value) => items[index] = value.clone(),
                            None => _ = items.remove(index),
                        }
                        return true;
                    }
                    *at -= 1;
                    if visit(&mut items[index], at, value) {
                        return true;
                    }
                }
            }
            _ => {}
        }
        false
    }
    let places = count(json);
    if places > 0 {
        visit(json, &mut (at % places), value);
    }
}

fn values() -> impl Strategy<Value = Option<Json>> {
    prop::sample::select(vec![
        None,
        Some(json!(1)),
        Some(json!(10)),
        Some(json!(20.0)),
        Some(json!(-0.5)),
        Some(json!("")),
        Some(json!("red")),
        Some(json!("ABC-1234567890")),
        Some(json!(false)),
        Some(json!([])),
        Some(json!([1, "a"])),
        Some(json!({})),
        Some(json!({"length": 12})),
        Some(json!({"deck": "c", "new": 1})),
        Some(json!({"a": "1", "b": "2", "c": "3"})),
        Some(json!({"sail": "jib", "motor": "m"})),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn both_say_the_same(changes in prop::collection::vec((0_usize..1000, values()), 0..4)) {
        let mut spec = sound();
        for (at, value) in changes {
            change(&mut spec, at, value.as_ref());
        }
        let theirs = jsonschema::validator_for(&spec_schema()).unwrap().is_valid(&spec);
        let crd = read(CRD);
        let schemas = CrdSchemas::from_crd(crd.objects[0].root()).unwrap();
        let object = json!({"apiVersion": format!("{GROUP}/v1"), "kind": "PostgresCluster", "metadata": {"name": "x"}, "spec": spec});
        let loaded = read(&object.to_string());
        let found = schemas.validate(loaded.objects[0].root()).violations;
        // What JSON Schema has no words for.
        let ours = found.iter().filter(|v| !matches!(v.rule, "schema-cel" | "schema-duplicate")).collect::<Vec<_>>();
        prop_assert_eq!(ours.is_empty(), theirs, "{}\n{:#?}", spec, ours);
    }
}
