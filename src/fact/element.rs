//! Elements of a list that rules go over with `each`: what is said of each, and where it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::expr::Value;
use crate::manifest::{Evidence, Fact, Gap, Gaps};
use crate::source::Span;

/// One element of a list.
#[derive(Clone, Debug)]
pub struct Element {
    /// What tells it from the others wherever in the list it stands: `spec.backups.pgbackrest.repos[repo1]`. A finding
    /// about it has this in its id.
    pub key: String,
    /// Where it is written.
    pub place: Evidence,
    fields: Vec<(&'static str, Fact<Value>)>,
}

impl Element {
    /// An element without fields yet.
    pub fn new(key: String, span: Span, note: &'static str) -> Self {
        Element {
            key,
            place: Evidence {
                absent: false,
                span,
                note,
            },
            // More than most have: making room again means to move them.
            fields: Vec::with_capacity(12),
        }
    }

    /// What may be one or several elements, or none: all that rules ask of it is unknown.
    pub fn open(key: String, span: Span, fields: &[&'static str], gaps: &Gaps) -> Self {
        let unknown = |field: &&'static str| (*field, Fact::Unknown(Gaps::clone(gaps)));
        Element {
            fields: fields.iter().map(unknown).collect(),
            ..Element::new(key, span, "cannot be read")
        }
    }

    /// With a field, `it.NAME` in a rule; one that points nowhere rests on the element's place.
    #[must_use]
    pub fn with(mut self, name: &'static str, fact: Fact<Value>) -> Self {
        self.fields.push((name, fact));
        self
    }

    /// All that is said of it rests on these assumptions, too.
    #[must_use]
    pub fn assuming(mut self, assumes: &[Arc<str>]) -> Self {
        for (_, fact) in &mut self.fields {
            if let Fact::Known(truth) = fact {
                truth.assumes.extend(assumes.iter().cloned());
            }
        }
        self
    }

    /// A field by name, the whole element by `""`; `None` where there is no such field.
    pub fn field(&self, name: &str) -> Option<Fact<Value>> {
        if name.is_empty() {
            return Some(Fact::at(self.value(), self.place.span, self.place.note));
        }
        let (_, fact) = self.fields.iter().find(|(known, _)| *known == name)?;
        let fact = fact.clone();
        Some(match &fact {
            Fact::Known(truth) if truth.evidence.is_empty() => {
                fact.and_at(self.place.span, self.place.note)
            }
            _ => fact,
        })
    }

    /// The value of a field as conditions see it, without what it rests on; `None` where there is no such field.
    pub fn said(&self, name: &str) -> Option<Value> {
        if name.is_empty() {
            return Some(self.value());
        }
        let (_, fact) = self.fields.iter().find(|(known, _)| *known == name)?;
        Some(as_value(fact))
    }

    /// All fields as a map; those that cannot be said stay unknown in it.
    fn value(&self) -> Value {
        let entry = |(name, fact): &(&'static str, Fact<Value>)| ((*name).into(), as_value(fact));
        Value::Map(self.fields.iter().map(entry).collect())
    }
}

/// What a fact says, without what it rests on.
fn as_value(fact: &Fact<Value>) -> Value {
    match fact {
        Fact::Known(truth) => truth.value.clone(),
        Fact::Unknown(gaps) => Value::Unknown(gaps.clone()),
    }
}

/// More elements than any list has that rules go over. Of a longer one nothing is known: each would be told of, and none
/// would be the one that matters.
pub(super) const MOST_ELEMENTS: usize = 10_000;

/// Why nothing is known of a list that is longer.
pub(super) fn too_many(what: &str) -> Gap {
    Gap {
        missing: what.to_owned(),
        because: format!("it lists more than {MOST_ELEMENTS}, far more than any cluster has"),
        ask: String::new(),
    }
}

/// The elements, if they are not too many.
pub(super) fn bounded(elements: Fact<Vec<Element>>, what: &str) -> Fact<Vec<Element>> {
    match elements.value() {
        Some(all) if all.len() > MOST_ELEMENTS => Fact::unknown(too_many(what)),
        _ => elements,
    }
}

/// The list as a value, resting on the place of each element.
pub(super) fn listed(elements: &Fact<Vec<Element>>) -> Fact<Value> {
    match elements {
        Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        Fact::Known(truth) => {
            let values = truth.value.iter().map(Element::value);
            let mut whole = elements.as_ref().map(|_| Value::List(values.collect()));
            for element in &truth.value {
                whole = whole.and_at(element.place.span, element.place.note);
            }
            whole
        }
    }
}

/// Elements of one key (a name that is written twice) get numbers, so that their findings are two.
pub(super) fn told_apart(mut elements: Vec<Element>) -> Vec<Element> {
    // Most lists are short, and all keys differ.
    let is_repeated = |at: usize, element: &Element| {
        let mut before = elements.iter().take(at);
        before.any(|other| other.key == element.key)
    };
    let mut numbered = elements.iter().enumerate();
    if elements.len() <= 16 && !numbered.any(|(at, element)| is_repeated(at, element)) {
        return elements;
    }
    let mut before: BTreeMap<String, usize> = BTreeMap::new();
    for element in &mut elements {
        let count = before.entry(element.key.clone()).or_default();
        *count += 1;
        if *count > 1 {
            element.key = format!("{}#{count}", element.key);
        }
    }
    elements
}
