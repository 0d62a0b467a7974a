//! What Patroni runs with: its dynamic configuration, which it keeps in an annotation beside the system identifier.
//!
//! Source: Patroni `patroni/dcs/kubernetes.py` (annotation `config`); PGO writes it through Patroni's API.

use std::sync::Arc;

use serde_json::Value as Json;

use super::row::{LivingFact, row};
use super::status::annotation;
use super::subject::Living;
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::spec;
use crate::manifest::{Fact, Gap, shell_word};

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.parameters",
        Type::Map,
        "the Postgres parameters in Patroni's configuration, as text (Endpoints NAME-ha-config, annotation config); without that annotation those of the spec, as an assumption",
        |living| {
            let wish = "draft.parameters";
            run_or_wished(living, wish, |config| parameters(config).into())
        },
    ),
    row(
        "live.hba",
        Type::Strings,
        "the lines of pg_hba in Patroni's configuration, the operator's own among them; without that annotation the rules of the spec, as an assumption",
        |living| run_or_wished(living, "draft.hba", |config| Parsed::Lines(lines(config))),
    ),
    row(
        "live.parametersWaiting",
        Type::Strings,
        "the Postgres parameters that the spec asks for and Patroni's configuration has not, or has otherwise, as \"work_mem (64MB)\": the operator has not taken them up; what it sets itself and libraries aside, none without that annotation",
        |living| waiting(living).map(Value::from),
    ),
    row(
        "live.syncReplication",
        Type::Bool,
        "replication is synchronous: synchronous_mode of Patroni's configuration; without that annotation of the spec's, as an assumption",
        |living| {
            run_or_wished(living, "draft.syncReplication", |config| {
                let mode = config.get("synchronous_mode");
                let on = match mode {
                    Some(Json::Bool(on)) => *on,
                    Some(Json::String(word)) => {
                        matches!(word.as_str(), "on" | "true" | "yes" | "quorum")
                    }
                    _ => false,
                };
                Parsed::Truth(on)
            })
        },
    ),
];

/// What is taken out of the configuration.
enum Parsed {
    Truth(bool),
    Map(Vec<(Arc<str>, Value)>),
    Lines(Vec<String>),
}

impl From<Vec<(Arc<str>, Value)>> for Parsed {
    fn from(entries: Vec<(Arc<str>, Value)>) -> Self {
        Parsed::Map(entries)
    }
}

fn run_or_wished(living: &Living<'_>, wish: &str, pick: fn(&Json) -> Parsed) -> Fact<Value> {
    let path = ["metadata", "annotations", "config"];
    let note = "Patroni's own configuration";
    let text = annotation(living, "ha-config", &path, note);
    text.and_then(|text| {
        if text.is_empty() {
            return wished(living, wish);
        }
        match serde_json::from_str::<Json>(&text) {
            Ok(config) if config.is_object() => Fact::known(match pick(&config) {
                Parsed::Truth(truth) => truth.into(),
                Parsed::Map(entries) => Value::Map(entries.into()),
                Parsed::Lines(lines) => lines.into(),
            }),
            _ => Fact::unknown(unreadable(living)),
        }
    })
}

/// What is asked for and does not run; known only where both are seen.
fn waiting(living: &Living<'_>) -> Fact<Vec<String>> {
    let path = ["metadata", "annotations", "config"];
    let text = annotation(living, "ha-config", &path, "Patroni's own configuration");
    text.and_then(|text| {
        let Ok(config) = serde_json::from_str::<Json>(&text) else {
            return Fact::known(Vec::new());
        };
        let runs = parameters(&config);
        wish_of(living, "draft.parameters").map(|asked| {
            let Value::Map(asked) = asked else {
                return Vec::new();
            };
            let lacks = |name: &str, wanted: &str| {
                let has = runs.iter().find(|(other, _)| **other == *name);
                let has = has.map_or("", |(_, value)| match value {
                    Value::Str(text) => text,
                    _ => "",
                });
                !LIBRARIES.contains(&name) && !spec::same_value(name, has, wanted)
            };
            let lacking = asked.iter().filter_map(|(name, wanted)| match wanted {
                Value::Str(wanted) if lacks(name, wanted) => Some(format!("{name} ({wanted})")),
                _ => None,
            });
            lacking.collect()
        })
    })
}

/// Lists to which the operator adds its own.
const LIBRARIES: [&str; 1] = ["shared_preload_libraries"];

fn wish_of(living: &Living<'_>, name: &str) -> Fact<Value> {
    let number = spec::FACTS.fact(name);
    let wish = number.and_then(|number| spec::FACTS.read(number, &living.spec));
    wish.unwrap_or_else(super::subject::unheard_of)
}

/// What the spec asks for; that Patroni has it is an assumption.
fn wished(living: &Living<'_>, name: &str) -> Fact<Value> {
    let wish = wish_of(living, name);
    let name = living.name;
    let assumed = format!(
        "Patroni of {name} runs with what the spec says: its own configuration is not in the input"
    );
    wish.assuming(assumed.into())
}

fn lines(config: &Json) -> Vec<String> {
    let lines = config
        .get("postgresql")
        .and_then(|postgresql| postgresql.get("pg_hba"))
        .and_then(Json::as_array);
    let lines = lines.into_iter().flatten().filter_map(Json::as_str);
    lines.map(str::to_owned).collect()
}

fn parameters(config: &Json) -> Vec<(Arc<str>, Value)> {
    let entries = config
        .get("postgresql")
        .and_then(|postgresql| postgresql.get("parameters"))
        .and_then(Json::as_object);
    let entries = entries.into_iter().flatten();
    let text = |value: &Json| match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    entries
        .filter_map(|(name, value)| Some((name.as_str().into(), text(value)?.into())))
        .collect()
}

fn unreadable(living: &Living<'_>) -> Gap {
    let name = format!("{}-ha-config", living.name);
    Gap {
        missing: format!("Patroni's configuration in Endpoints {name}"),
        because: "it is not the map that Patroni writes".to_owned(),
        ask: format!("kubectl get endpoints {} -o yaml", shell_word(&name)),
    }
}
