//! The form of the configuration file as a JSON Schema, for editors.

use serde_json::{Value, json};

use super::read::kinds;
use crate::rule::{Method, Weight};

/// The JSON Schema (draft 2020-12). Whether a rule exists, only a run can tell.
pub(crate) fn schema() -> Value {
    let text =
        |description: &str| json!({"type": "string", "pattern": "\\S", "description": description});
    let day = |description: &str| json!({"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": description});
    let one_or_more = |item: &Value, description: &str| json!({"description": description, "anyOf": [item, {"type": "array", "minItems": 1, "items": item}]});
    let rule = json!({"type": "string", "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"});
    let methods = json!({"enum": Method::ALL.map(Method::name)});
    let weights = [
        Weight::Block,
        Weight::Error,
        Weight::Action,
        Weight::Warn,
        Weight::Info,
    ];
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of pgo-preflight, .pgo-preflight.yaml",
        "type": ["object", "null"],
        "additionalProperties": false,
        "properties": {
            "$schema": {"description": "This schema, for editors; nothing else reads it"},
            "target": {
                "description": "As --target: the PGO v5 release to move to",
                "type": ["string", "number", "null"],
                "pattern": "^v?[0-9]+\\.[0-9]+(\\.[0-9]+)?$",
            },
            "methods": nullable(one_or_more(&methods, "As --method: judge only these")),
            "rules": nullable(one_or_more(&text("A folder, seen from this file"), "As --rules: folders of rules of your own")),
            "severity": {
                "description": "How much the findings of a rule weigh. `block` and `action` of v4 clusters can only be raised",
                "type": ["object", "null"],
                "propertyNames": rule,
                "additionalProperties": {"enum": weights.map(Weight::name)},
            },
            "exclude": nullable(one_or_more(
                &text("A path, seen from this file; * stops at a slash, ** does not, a slash at the end is a folder"),
                "Files that are not read",
            )),
            "waivers": {
                "description": "Findings that are accepted until a day",
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["rule", "reason", "expires"],
                    "properties": {
                        "rule": one_or_more(&rule, "The rules"),
                        "subject": {"$ref": "#/$defs/subject"},
                        "reason": text("Why"),
                        "expires": day("The last day on which it holds, UTC"),
                    },
                },
            },
            "attestations": {
                "description": "What somebody states of something that no object shows",
                "type": ["array", "null"],
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["statement", "settles", "by", "date", "reason"],
                    "properties": {
                        "statement": text("What is stated"),
                        "settles": one_or_more(&rule, "The rules whose findings it answers"),
                        "subject": {"$ref": "#/$defs/subject"},
                        "by": text("Who states it"),
                        "date": day("When it was true"),
                        "reason": text("How it is known"),
                        "expires": day("The last day on which it holds, UTC; without it, it does not end"),
                    },
                },
            },
        },
        "$defs": {
            "subject": {
                "description": "About whom: each pattern that is given must match; * and ? are wildcards. Without it: everybody",
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "kind": {"type": "string", "description": kinds().join(", ")},
                    "namespace": {"type": "string"},
                    "name": {"type": "string"},
                    "origin": {"type": "string", "description": "The context, or the bundle's path; \"\" for loose files"},
                },
            },
        },
    })
}

fn nullable(mut schema: Value) -> Value {
    if let Some(forms) = schema.get_mut("anyOf").and_then(Value::as_array_mut) {
        forms.push(json!({"type": "null"}));
    }
    schema
}
