//! What expressions and texts may name, and where its values come from.

use std::sync::Arc;

use super::function::nearest;
use super::scope::{Given, Scope, fact};
use super::{Value, parse};
use crate::manifest::Fact;

/// What an expression may name: `self.a.b` (the object as written) or a fact.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Name {
    /// A fact, by its number in the subject's table.
    Fact(u16),
    /// A path below the object as written.
    Own(Arc<[Box<str>]>),
    /// A field of the element that a rule with `each` is about (`it.name`); `""` is the whole of it.
    Item(Arc<str>),
    /// The time the run judges by: a time, or its RFC 3339 text.
    Now,
}

/// The names an expression may use; given by the fact tables.
pub trait Names: Sync {
    /// The fact with this dotted name (`primary.name`), if there is one.
    fn fact(&self, dotted: &str) -> Option<u16>;
    /// The dotted name of a fact.
    fn fact_name(&self, number: u16) -> &str;
    /// Names that begin like this one or resemble it, for "did you mean".
    fn similar(&self, dotted: &str) -> Option<String>;
    /// The fields of the elements of this fact, if it is a list that `each` can go over.
    fn elements_of(&self, _number: u16) -> Option<&'static [&'static str]> {
        None
    }
    /// The fields of `it`; `None` where a rule goes over nothing.
    fn element(&self) -> Option<&'static [&'static str]> {
        None
    }
}

/// The field of `it` that these fields begin with, and the fields that remain; `Err` names what there is none of.
pub(super) fn item<'f>(
    known: &[&str],
    fields: &'f [&'f str],
) -> Result<(Name, &'f [&'f str]), String> {
    let Some((first, rest)) = fields.split_first() else {
        return Ok((Name::Item("".into()), fields));
    };
    if known.contains(first) {
        return Ok((Name::Item((*first).into()), rest));
    }
    Err(match nearest(first, known.iter().copied()) {
        Some(near) => format!("`it` has no field `{first}`; did you mean `it.{near}`?"),
        None => format!("`it` has no field `{first}`; it has {}", known.join(", ")),
    })
}

/// Where values come from while an expression is evaluated.
pub trait Lookup {
    /// The value of a name. `self` paths below an absent parent are known to be absent (`Value::Absent`).
    fn read(&self, name: &Name) -> Fact<Value>;

    /// The value of a name as expressions see it, without what it rests on. Lookups that keep their facts may
    /// answer this without copying the evidence.
    fn value(&self, name: &Name) -> Value {
        name.value_of(self.read(name))
    }
}

impl Name {
    /// What was read under this name, as expressions see it: `now` is a time.
    pub fn value_of(&self, fact: Fact<Value>) -> Value {
        match (self, fact) {
            (_, Fact::Unknown(gaps)) => Value::Unknown(gaps),
            (Name::Now, Fact::Known(truth)) => match truth.value {
                Value::Str(text) => text.parse().map_or(Value::Str(text), Value::Time),
                value => value,
            },
            (_, Fact::Known(truth)) => truth.value,
        }
    }

    /// The name written like this, with the fields of a fact's value that follow it: `self.metadata.labels.pg-cluster`,
    /// `self.metadata.annotations["a.b/c"]`, `now`, `repo.types`, `postgres.parameters.max_connections`.
    pub fn parse(written: &str, names: &dyn Names) -> Result<(Name, Vec<String>), String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let mut fields: Vec<&str> = written.split('.').collect();
        let is_dotted = fields
            .iter()
            .all(|field| !field.is_empty() && field.chars().all(plain));
        if !is_dotted {
            return Name::parse_path(written, names).ok_or_else(|| {
                format!("`{written}` is no name; names look like repo.types or self.spec.name")
            });
        }
        let root = fields.remove(0);
        let owned = |fields: &[&str]| fields.iter().map(|field| (*field).to_owned()).collect();
        if let ("it", Some(known)) = (root, names.element()) {
            let (name, rest) = item(known, &fields)?;
            return Ok((name, owned(rest)));
        }
        match (root, fact(names, root, &fields)) {
            ("now", _) if fields.is_empty() => Ok((Name::Now, Vec::new())),
            ("self", _) => {
                let path = fields.iter().map(|field| Box::from(*field));
                Ok((Name::Own(path.collect()), Vec::new()))
            }
            (_, Some((number, rest))) => Ok((Name::Fact(number), owned(rest))),
            _ => Err(match names.similar(written) {
                Some(similar) => {
                    format!("there is nothing named `{written}`; did you mean `{similar}`?")
                }
                None => format!("there is nothing named `{written}`"),
            }),
        }
    }

    /// A path below `self` with keys in brackets.
    fn parse_path(written: &str, names: &dyn Names) -> Option<(Name, Vec<String>)> {
        let term = parse::parse(written).ok()?;
        let path = Scope::new(Given::Facts(names)).own(&term)?;
        Some((Name::Own(path), Vec::new()))
    }

    /// The name as rules write it; keys that are no identifiers stand in brackets.
    pub fn written(&self, names: &dyn Names) -> String {
        match self {
            Name::Fact(number) => names.fact_name(*number).to_owned(),
            Name::Now => "now".to_owned(),
            Name::Item(field) if field.is_empty() => "it".to_owned(),
            Name::Item(field) => format!("it.{field}"),
            Name::Own(path) => {
                let mut written = "self".to_owned();
                for key in path.iter() {
                    if key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                        written.extend([".", &**key]);
                    } else {
                        written.extend([
                            "[\"",
                            &key.replace('\\', "\\\\").replace('"', "\\\""),
                            "\"]",
                        ]);
                    }
                }
                written
            }
        }
    }
}
