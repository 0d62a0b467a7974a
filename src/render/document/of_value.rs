//! A value of a fact to JSON.

use serde_json::{Map, Value as Json, json};

use crate::expr::Value;
use crate::manifest::Gap;

/// A value of a fact as JSON; versions as text, partly unknown elements as `{"unknown": [...]}`.
pub(super) fn value_json(value: &Value, gaps_json: &dyn Fn(&[Gap]) -> Json) -> Json {
    match value {
        Value::Absent | Value::Null => Json::Null,
        Value::Bool(value) => (*value).into(),
        Value::Int(value) => (*value).into(),
        Value::Float(value) => (*value).into(),
        Value::Str(value) => (&**value).into(),
        Value::List(values) => values
            .iter()
            .map(|one| value_json(one, gaps_json))
            .collect(),
        Value::Map(entries) => {
            let entries = entries.iter();
            let object: Map<String, Json> = entries
                .map(|(key, value)| (key.to_string(), value_json(value, gaps_json)))
                .collect();
            Json::Object(object)
        }
        Value::Version(version) => version.to_string().into(),
        Value::Quantity(quantity) => quantity.to_string().into(),
        Value::Time(time) => time.to_string().into(),
        Value::Duration(span) => span.to_string().into(),
        Value::Optional(inner) => inner
            .as_ref()
            .map_or(Json::Null, |inner| value_json(inner, gaps_json)),
        Value::Type(name) => (*name).into(),
        Value::Unknown(gaps) => json!({"unknown": gaps_json(gaps)}),
    }
}
