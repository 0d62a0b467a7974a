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
            }),
            _ => Fact::unknown(unreadable(living)),
        }
    })
}

/// What the spec asks for; that Patroni has it is an assumption.
fn wished(living: &Living<'_>, name: &str) -> Fact<Value> {
    let number = spec::FACTS.fact(name);
    let wish = number.and_then(|number| spec::FACTS.read(number, &living.spec));
    let wish = wish.unwrap_or_else(super::subject::unheard_of);
    let name = living.name;
    let assumed = format!(
        "Patroni of {name} runs with what the spec says: its own configuration is not in the input"
    );
    wish.assuming(assumed.into())
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
