//! The values that expressions work on.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Quantity, Version};
use crate::manifest::{Fact, Gap, Node, Scalar};

/// A value in an expression. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A `self` path that is not there. It equals `null` and nothing else; `has()` and `set()` are
    /// false of it; any other use is a rule's bug.
    Absent,
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number.
    Float(f64),
    /// A string.
    Str(Arc<str>),
    /// A list.
    List(Arc<[Value]>),
    /// A map in insertion order; keys are unique.
    Map(Arc<[(Arc<str>, Value)]>),
    /// A program version, compared number by number.
    Version(Version),
    /// A Kubernetes quantity, compared by amount.
    Quantity(Quantity),
    /// A moment.
    Time(jiff::Timestamp),
    /// A span of time.
    Duration(jiff::SignedDuration),
    /// What `.?`, `[?]` and `optional.of` give: a value that may be missing. Never a fact's value.
    Optional(Option<Arc<Value>>),
    /// A type, as `type(x)` gives it: its CEL name.
    Type(&'static str),
    /// An element that may be anything: every operation on it, `has()` included, is unknown.
    Unknown(Arc<[Gap]>),
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}
impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Int(value)
    }
}
thread_local! {
    // "None of it" is what most facts say: it is there once. For each thread, so that they do not count together.
    static EMPTY: Arc<str> = Arc::from("");
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Str(match value {
            "" => EMPTY.try_with(Arc::clone).unwrap_or_default(),
            text => text.into(),
        })
    }
}
impl From<String> for Value {
    fn from(value: String) -> Self {
        Value::from(value.as_str())
    }
}
impl From<Version> for Value {
    fn from(value: Version) -> Self {
        Value::Version(value)
    }
}
impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(values: Vec<T>) -> Self {
        Value::List(values.into_iter().map(Into::into).collect())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}
impl From<Quantity> for Value {
    fn from(value: Quantity) -> Self {
        Value::Quantity(value)
    }
}
/// What was read, as expressions see it: without what it rests on.
impl From<Fact<Value>> for Value {
    fn from(fact: Fact<Value>) -> Self {
        match fact {
            Fact::Known(truth) => truth.value,
            Fact::Unknown(gaps) => Value::Unknown(gaps),
        }
    }
}

impl From<jiff::Timestamp> for Value {
    fn from(value: jiff::Timestamp) -> Self {
        Value::Time(value)
    }
}
impl From<jiff::SignedDuration> for Value {
    fn from(value: jiff::SignedDuration) -> Self {
        Value::Duration(value)
    }
}

/// Deeper than any Kubernetes object; what lies below is unknown rather than a way to exhaust the stack.
const MAX_DEPTH: usize = 100;

impl From<Node<'_>> for Value {
    /// The whole subtree as an ordinary value; of repeated keys the last counts.
    fn from(node: Node<'_>) -> Self {
        tree(node, MAX_DEPTH)
    }
}

fn tree(node: Node<'_>, depth: usize) -> Value {
    let Some(depth) = depth.checked_sub(1) else {
        return Value::Unknown(Arc::new([Gap {
            missing: format!("values nested deeper than {MAX_DEPTH} levels"),
            because: "nothing Kubernetes accepts nests that deep".to_owned(),
            ask: String::new(),
        }]));
    };
    if node.is_map() {
        return map(node, depth);
    }
    if node.is_overwritten() {
        return Value::Unknown(Arc::new([Gap {
            missing: "a value that may be a credential".to_owned(),
            because: "it was overwritten when it was read".to_owned(),
            ask: "look it up yourself; it is not for this program to see".to_owned(),
        }]));
    }
    if node.is_placeholder() {
        return Value::Unknown(Arc::new([Gap {
            missing: "a value".to_owned(),
            because: "it says TODO, and is still to be filled in".to_owned(),
            ask: "fill it in and run again".to_owned(),
        }]));
    }
    match node.scalar() {
        Some(Scalar::Null) => Value::Null,
        Some(Scalar::Bool(value)) => Value::Bool(value),
        Some(Scalar::Int(value)) => Value::Int(value),
        Some(Scalar::Float(value)) => Value::Float(value),
        Some(Scalar::Str(value)) => Value::from(value),
        None => Value::List(node.items().map(|item| tree(item, depth)).collect()),
    }
}

fn map(node: Node<'_>, depth: usize) -> Value {
    let mut entries: Vec<(Arc<str>, Value)> = Vec::new();
    let mut places: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for (key, value) in node.entries() {
        let (key, value) = (Arc::from(key.key().as_ref()), tree(value, depth));
        let place = *places.entry(Arc::clone(&key)).or_insert(entries.len());
        match entries.get_mut(place) {
            Some(entry) => entry.1 = value,
            None => entries.push((key, value)),
        }
    }
    Value::Map(entries.into())
}

impl Value {
    /// Whether it is not [`Value::Unknown`]; parts of it may be.
    #[inline]
    pub(super) fn is_known(&self) -> bool {
        !matches!(self, Value::Unknown(_))
    }

    /// Its kind with an article, for messages: "a string".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Absent => "an absent field",
            Value::Null => "null",
            Value::Bool(_) => "a truth value",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a number with a fraction",
            Value::Str(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            Value::Version(_) => "a version",
            Value::Quantity(_) => "a quantity",
            Value::Time(_) => "a time",
            Value::Duration(_) => "a duration",
            Value::Optional(_) => "an optional value",
            Value::Type(_) => "a type",
            Value::Unknown(_) => "an unknown value",
        }
    }

    /// The value under a key of a map; `None` for anything else and for missing keys.
    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Map(entries) => {
                let entry = entries.iter().find(|(name, _)| **name == *key);
                entry.map(|(_, value)| value)
            }
            _ => None,
        }
    }
}
