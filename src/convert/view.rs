//! What the table of fields asks: facts of the v4 cluster with the words for their origin, the release, the choices.

use super::choices::{Choices, Form};
use super::document::{Entry, Node};
use super::origin::Origins;
use crate::expr::{Names, Value};
use crate::fact::v4::{Cluster, FACTS};
use crate::manifest::{Fact, Gap, Gaps};
use crate::schema::Release;

/// One v4 cluster on its way to one release by one form of a method.
pub(super) struct View<'v, 'a> {
    pub(super) cluster: &'v Cluster<'a>,
    pub(super) origins: &'v Origins<'v>,
    pub(super) form: Form,
    pub(super) release: &'static Release,
    pub(super) choices: &'v Choices,
    /// The new cluster's name.
    pub(super) name: String,
    /// Its namespace; `None` where no manifest writes v4's.
    pub(super) namespace: Option<String>,
    /// Where backups go in v4: "posix", "s3", "gcs".
    pub(super) stores: Vec<String>,
    /// Facts that are as if they could not be seen, for tests.
    pub(super) hidden: &'v [&'v str],
}

/// A fact of the cluster; unknown where it is hidden.
pub(super) fn fact(cluster: &Cluster<'_>, name: &str, hidden: &[&str]) -> Fact<Value> {
    let number = FACTS.fact(name).filter(|_| !hidden.contains(&name));
    let read = number.and_then(|number| FACTS.read(number, cluster));
    read.unwrap_or_else(|| {
        Fact::unknown(Gap {
            missing: name.to_owned(),
            because: "it is hidden".to_owned(),
            ask: "show it".to_owned(),
        })
    })
}

/// A text, a number or a truth as text; "" for nothing.
fn as_text(value: Value) -> String {
    match value {
        Value::Str(text) => text.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => String::new(),
    }
}

impl View<'_, '_> {
    pub(super) fn fact(&self, name: &str) -> Fact<Value> {
        fact(self.cluster, name, self.hidden)
    }

    pub(super) fn text(&self, name: &str) -> Fact<String> {
        self.fact(name).map(as_text)
    }

    pub(super) fn number(&self, name: &str) -> Fact<i64> {
        self.fact(name).map(|value| match value {
            Value::Int(number) => number,
            _ => 0,
        })
    }

    pub(super) fn truth(&self, name: &str) -> Fact<bool> {
        self.fact(name).map(|value| value == Value::Bool(true))
    }

    pub(super) fn texts(&self, name: &str) -> Fact<Vec<String>> {
        self.fact(name).map(|value| match value {
            Value::List(items) => items.iter().cloned().map(as_text).collect(),
            _ => Vec::new(),
        })
    }

    /// The entries of a map as texts.
    pub(super) fn map(&self, name: &str) -> Fact<Vec<(String, String)>> {
        self.fact(name).map(|value| match value {
            Value::Map(entries) => {
                let entry = |(key, value): &(std::sync::Arc<str>, Value)| {
                    (key.to_string(), as_text(value.clone()))
                };
                entries.iter().map(entry).collect()
            }
            _ => Vec::new(),
        })
    }

    /// What is to be said of objects that v4's namespace has, where the new cluster goes to another; `""` in the same.
    pub(super) fn elsewhere(&self) -> String {
        match &self.namespace {
            Some(namespace) if Some(namespace.as_str()) != self.cluster.namespace => {
                format!("; to be copied to namespace {namespace} first")
            }
            _ => String::new(),
        }
    }

    /// Whether a truth is known to hold.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.truth(name).value() == Some(&true)
    }

    /// The words for where a fact is written.
    pub(super) fn origin<T>(&self, fact: &Fact<T>) -> String {
        match fact {
            Fact::Known(truth) => self.origins.words(&truth.evidence),
            Fact::Unknown(_) => String::new(),
        }
    }

    /// The words for the place of one item of a list that has a place for each, else for the first.
    pub(super) fn origin_of_item<T>(&self, fact: &Fact<Vec<T>>, item: usize) -> String {
        match fact {
            Fact::Known(truth) if truth.evidence.len() == truth.value.len() => {
                let place = truth.evidence.get(item..=item).unwrap_or_default();
                self.origins.words(place)
            }
            _ => self.origin(fact),
        }
    }

    /// The words for that place of a fact which says a thing, else for the first.
    pub(super) fn origin_with<T>(&self, fact: &Fact<T>, thing: &str) -> String {
        let places = match fact {
            Fact::Known(truth) => truth.evidence.as_slice(),
            Fact::Unknown(_) => &[],
        };
        let mut each = places.chunks(1).map(|place| self.origins.words(place));
        each.find(|words| words.contains(thing))
            .unwrap_or_else(|| self.origin(fact))
    }

    /// A text with its origin; what it is, to be filled in, where it is unknown; nothing where it is empty.
    pub(super) fn word(&self, name: &str, what: &str) -> Option<Entry> {
        let fact = self.text(name);
        match &fact {
            Fact::Known(truth) if truth.value.is_empty() => None,
            Fact::Known(truth) => {
                Some(Entry::item(Node::text(&truth.value)).saying(self.origin(&fact)))
            }
            Fact::Unknown(gaps) => Some(todo(what, gaps)),
        }
    }

    /// A structure of Kubernetes with its origin; a comment where it is unknown; nothing where it is empty.
    pub(super) fn structure(&self, name: &str, what: &str) -> Option<Entry> {
        let fact = self.fact(name);
        match &fact {
            Fact::Known(truth) => {
                let node = Node::of(&truth.value);
                (!node.is_empty()).then(|| Entry::item(node).saying(self.origin(&fact)))
            }
            Fact::Unknown(gaps) => Some(open(what, gaps)),
        }
    }

    /// Whether one of the repositories of v4 is of this kind.
    pub(super) fn stores_in(&self, kind: &str) -> bool {
        self.stores.iter().any(|store| store == kind)
    }

    /// The kind of bucket that v4 has: "s3" or "gcs".
    pub(super) fn bucket_kind(&self) -> Option<&'static str> {
        ["s3", "gcs"].into_iter().find(|kind| self.stores_in(kind))
    }
}

/// A quoted text where a value is unknown.
pub(super) fn todo(what: &str, gaps: &Gaps) -> Entry {
    Entry::todo("", &asking(what, gaps))
}

/// A comment where a value is unknown that is no text.
pub(super) fn open(what: &str, gaps: &Gaps) -> Entry {
    Entry::item(Node::Open).saying(asking(what, gaps))
}

/// A remark where a key would stand.
pub(super) fn remark(words: &str) -> Entry {
    Entry::item(Node::Remark).saying(words.to_owned())
}

/// What is missing, and what tells it.
pub(super) fn asking(what: &str, gaps: &Gaps) -> String {
    match gaps.iter().find(|gap| !gap.ask.is_empty()) {
        Some(gap) => format!("{what}: {}", gap.ask),
        None => what.to_owned(),
    }
}
