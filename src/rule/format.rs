//! The form of a rule file as a JSON Schema, for editors.

use serde_json::{Value, json};

use super::effect::METHODS;
use super::{Expect, Method, Phase, SubjectKind, Weight};
use crate::manifest::KINDS;

/// The JSON Schema (draft 2020-12) of a rule file. What only loading can check (names, expressions, the file's name)
/// is in the descriptions.
pub fn schema() -> Value {
    let text =
        |description: &str| json!({"type": "string", "minLength": 1, "description": description});
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of pgo-preflight",
        "type": "object",
        "additionalProperties": false,
        "required": ["id", "subject", "title", "effect", "message", "why", "fix", "source"],
        "properties": {
            "id": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
                "description": "Names the problem; the same as the file's name; never used again for another rule",
            },
            "subject": {
                "enum": SubjectKind::ALL.map(SubjectKind::name),
                "description": "What is judged: a PGO v4 cluster (also when only its claims remain), a drafted PostgresCluster, a living one, or a v4 cluster and the living one it became",
            },
            "title": text("States the problem; a whole clause: an undecided rule prints \"cannot tell whether <title>\""),
            "question": text("What is asked where it cannot be decided, after \"cannot tell\": \"whether the last backup succeeded\", \"which instance is the primary\"; default: whether the title is so. For titles that say what is not there"),
            "effect": effect(),
            "phase": {
                "enum": Phase::ALL.map(Phase::name),
                "description": "When in the course of the move it is done; default: prepare for a preparation, else know",
            },
            "loses_data": {
                "type": "boolean",
                "description": "Whether who does not heed it loses data, or the backups of it: that is told before all else that is only to be known",
            },
            "holds": text("What is so where the rule passes, in a few words: the line of a checklist. Rules about a Migration have it"),
            "holds_if": text("CEL over self, now and facts: `holds` is said only where it is true, since a rule also passes where what it asks about has not happened; default: always"),
            "applies": {
                "type": "object",
                "additionalProperties": false,
                "description": "The versions for which the rule holds, as comparisons: \">=5.0.3, <5.8\"",
                "properties": {
                    "target": text("PGO v5"),
                    "v4": text("The cluster's PGO v4"),
                    "from": text("The PGO v5 that runs, of a rule about an upgrade"),
                },
            },
            "each": text("A fact of the type \"list for each\": one finding for each element for which `when` holds. The element is `it` in when, message, fix and label; its finding points at it, and has an id by its key, not by its index"),
            "when": text("CEL over self, now and facts (see `pgo-preflight rules --facts`): true fires, false passes"),
            "message": text("One line; names in braces: those of the subject, and of what `when` reads"),
            "why": text("One short paragraph; may hold names in braces"),
            "fix": text("One short paragraph and the commands, with names in braces; {{ and }} for single braces"),
            "source": {
                "description": "What the rule rests on",
                "anyOf": [text("One source"), {"type": "array", "minItems": 1, "items": text("A source")}],
            },
            "label": text("The name whose place is shown first; default: the first one read that has a place"),
            "examples": {
                "type": "array",
                "description": "Documentation and tests: at least one that fires and one that passes",
                "items": example(),
            },
        },
    })
}

fn effect() -> Value {
    let names = |weights: &[Weight]| {
        weights
            .iter()
            .map(|weight| weight.name())
            .collect::<Vec<_>>()
    };
    let cluster = names(&METHODS);
    let methods = Method::EVERY.map(|method| (method.name().to_owned(), json!({"enum": cluster})));
    json!({
        "description": "What it means when the rule fires: per method for a Pgcluster (upgrade for a living PostgresCluster), one word for a draft, a living PostgresCluster or a Migration",
        "oneOf": [
            {
                "type": "object",
                "additionalProperties": false,
                "minProperties": 1,
                "properties": Value::Object(methods.into_iter().collect()),
            },
            {"enum": names(&[Weight::Wrong, Weight::Incomplete, Weight::Error, Weight::Warn, Weight::Info])},
        ],
    })
}

fn example() -> Value {
    let text =
        |description: &str| json!({"type": "string", "minLength": 1, "description": description});
    // An unquoted 4.7 is read as the text it is written as.
    let scalar = json!(["string", "number", "boolean"]);
    let kinds: Vec<&str> = KINDS.iter().map(|info| info.name).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "given", "expect"],
        "properties": {
            "name": {"type": scalar, "description": "What the example shows"},
            "given": text("The input: Kubernetes manifests in YAML"),
            "expect": {"enum": Expect::WORDS.map(|(word, _)| word)},
            "at": {
                "description": "The text that the primary label covers; with `each` the texts of all findings, in their order",
                "anyOf": [{"type": scalar}, {"type": "array", "minItems": 1, "items": {"type": scalar}}],
            },
            "needs": {
                "type": "array",
                "items": text("A name that `when` reads"),
                "description": "With `expect: unknown`: the names that could not be known",
            },
            "complete": {
                "description": "What the input holds all of, as --assume-complete",
                "anyOf": [{"const": "all"}, {"enum": kinds}, {"type": "array", "items": {"enum": kinds}}],
            },
            "target": {"type": scalar, "description": "As --target"},
            "now": text("As --now, RFC 3339"),
            "pair": text("As --pair"),
            "method": {"enum": Method::EVERY.map(Method::name)},
            "api": {"const": "v1", "description": "As --api-version"},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_refuses_what_loading_refuses() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let good = json!({"id": "a-b", "subject": "Pgcluster", "title": "t", "effect": {"volumes": "block"},
            "message": "m", "why": "w", "fix": "f", "source": "s"});
        assert!(validator.is_valid(&good));
        for (key, value) in [
            ("id", json!("A-b")),
            ("subject", json!("Pod")),
            ("effect", json!({"volumes": "error"})),
            ("effect", json!("block")),
            ("lable", json!("x")),
            ("source", json!([])),
        ] {
            let mut bad = good.clone();
            bad[key] = value.clone();
            assert!(!validator.is_valid(&bad), "{key}: {value}");
        }
    }
}
