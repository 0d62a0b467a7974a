//! A draft beside the v4 cluster it replaces: where the two disagree.

mod claims;
mod cluster;
mod people;
mod repository;
mod settings;
mod sides;
#[cfg(test)]
mod tests;

use super::{Draft, DraftFact};
use crate::expr::Value;
use crate::manifest::Fact;
pub use settings::to_carry;

/// The tables of all comparisons.
pub(super) static FACTS: [&[DraftFact]; 5] = [
    claims::FACTS,
    repository::FACTS,
    settings::FACTS,
    cluster::FACTS,
    people::FACTS,
];

impl Draft<'_> {
    /// A fact about the v4 cluster that is a text.
    fn v4_text(&self, name: &str) -> Fact<String> {
        self.v4(name).map(|value| as_text(&value))
    }

    /// A fact about the v4 cluster that is a truth.
    fn v4_truth(&self, name: &str) -> Fact<bool> {
        self.v4(name).map(|value| value == Value::Bool(true))
    }

    /// A fact about the v4 cluster that is a list of texts.
    fn v4_texts(&self, name: &str) -> Fact<Vec<String>> {
        self.v4(name).map(|value| match value {
            Value::List(items) => items.iter().map(as_text).collect(),
            _ => Vec::new(),
        })
    }

    /// A fact about the v4 cluster that is a map, values as text.
    fn v4_map(&self, name: &str) -> Fact<Vec<(String, String)>> {
        self.v4(name).map(|value| match value {
            Value::Map(entries) => entries
                .iter()
                .map(|(key, value)| (key.to_string(), as_text(value)))
                .collect(),
            _ => Vec::new(),
        })
    }
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}
