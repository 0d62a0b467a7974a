//! The form of a step file as a JSON Schema, for editors.

use serde_json::{Value, json};

use super::Scope;
use crate::manifest::KINDS;
use crate::rule::{Method, Phase};

/// The JSON Schema (draft 2020-12) of a step file. What only loading can check (names, expressions, the steps and rules that
/// it names) is in the descriptions.
pub fn schema() -> Value {
    let ids = |description: &str| json!({"type": "array", "items": text("An id"), "description": description});
    let phases: Vec<&str> = Phase::ALL
        .iter()
        .filter(|phase| **phase != Phase::Know)
        .map(|phase| phase.name())
        .collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A step of a plan of pgo-preflight",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "methods", "phase", "title", "source"],
        "properties": {
            "id": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
                "description": "A verb first; the same as the file's name",
            },
            "methods": {
                "description": "The methods it is a part of: ways from v4, or upgrade alone",
                "oneOf": [
                    {"type": "array", "minItems": 1, "items": {"enum": Method::ALL.map(Method::name)}},
                    {"const": [Method::Upgrade.name()]},
                ],
            },
            "phase": {"enum": phases, "description": "When it is done"},
            "after": ids("The steps that come before it"),
            "scope": {"enum": Scope::ALL.map(Scope::name), "description": "Who shares it: said once for all of them; default: cluster"},
            "needed": text("CEL over facts: whether it is to be done; default: always, or where a rule in answers fires"),
            "restarts_v4": text("CEL over facts: where it holds, the step starts v4 again, and what stops it is to be done once more"),
            "done": text("CEL over facts, or \"by hand\" where no object shows it; default: where no rule in answers fires any more"),
            "unseen": {"const": "by hand", "description": "Where the input does not show what `done` asks, a person ticks it, and it is not waited for"},
            "outlives_v4": {"type": "boolean", "description": "What it is about (claims, volumes, what v5 left) is still there when v4 is gone: then the youngest export decides about the rules in answers"},
            "answers": ids("The rules whose preparation it is"),
            "stopped_by": ids("The rules whose findings contradict that it could be done"),
            "title": text("What is done, in one line"),
            "run": cases("Commands, with names in braces; {{ and }} for single braces; a line with a list is written once for each item"),
            "wait": cases("Commands by which a person sees that it is done"),
            "changes": text("What it changes; may hold names in braces"),
            "back": ways("The way back from here: prose, and commands that are set in"),
            "never": {"type": "array", "items": {"anyOf": [{"type": "string"}, case()]}, "description": "Commands, always or in one case, that must not be run from here until the end; \"(without --flag)\" behind one lets it pass with the flag"},
            "no_return": cases("What cannot be undone from here on"),
            "downtime": {"enum": ["begins", "ends"], "description": "An edge of the time in which clients are offline"},
            "source": {
                "description": "What it rests on: documents, or source files with their release",
                "anyOf": [text("One source"), {"type": "array", "minItems": 1, "items": text("A source")}],
            },
            "examples": {"type": "array", "items": example()},
        },
    })
}

fn text(description: &str) -> Value {
    json!({"type": "string", "minLength": 1, "description": description})
}

/// A way back: like [`cases`], and a case may go on as the way back of another step.
fn ways(description: &str) -> Value {
    let mut ways = cases(description);
    let like = json!({"type": "string", "description": "The id of a step: what `run` says goes on as its way back, told by its number where that step is told, too"});
    if let Some(keys) = ways.pointer_mut("/anyOf/1/items/properties") {
        keys["as"] = like;
    }
    ways
}

/// A text, or texts for several cases.
fn cases(description: &str) -> Value {
    json!({
        "description": description,
        "anyOf": [
            {"type": "string"},
            {
                "type": "array",
                "items": case(),
            },
        ],
    })
}

fn case() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["run"],
        "properties": {
            "if": text("CEL over facts; default: always"),
            "for": {"type": "array", "items": text("A rule"), "description": "The rules under whose findings these commands stand; default: all that the step answers"},
            "run": text("The text of this case"),
        },
    })
}

fn example() -> Value {
    // An unquoted 4.7 is read as the text it is written as.
    let scalar = json!(["string", "number", "boolean"]);
    let truth = json!({"enum": [true, false, "unknown"]});
    let kinds: Vec<&str> = KINDS.iter().map(|info| info.name).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "given"],
        "properties": {
            "name": {"type": scalar, "description": "What the example shows"},
            "given": text("The input: Kubernetes manifests in YAML"),
            "method": {"enum": Method::EVERY.map(Method::name), "description": "Default: the step's first"},
            "needed": truth,
            "done": truth,
            "then": text("What is new or other in the evidence after the step: objects that are merged into those of their kind and name, or with `deleted: true` are gone"),
            "complete": {
                "description": "What the input holds all of, as --assume-complete",
                "anyOf": [{"const": "all"}, {"enum": kinds}, {"type": "array", "items": {"enum": kinds}}],
            },
            "target": {"type": scalar, "description": "As --target"},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_refuses_what_loading_refuses() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let good = json!({"id": "a-b", "methods": ["volumes"], "phase": "move", "title": "t", "run": "kubectl get pods\n", "source": "s"});
        assert!(validator.is_valid(&good));
        for (key, value) in [
            ("id", json!("A-b")),
            ("methods", json!([])),
            ("methods", json!(["volumes", "upgrade"])),
            ("phase", json!("know")),
            ("scope", json!("world")),
            ("downtime", json!("pauses")),
            ("runs", json!("x")),
            ("run", json!([{"if": "true"}])),
        ] {
            let mut bad = good.clone();
            bad[key] = value.clone();
            assert!(!validator.is_valid(&bad), "{key}: {value}");
        }
    }
}
