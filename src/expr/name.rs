//! What expressions and texts may name, and where its values come from.

use std::sync::Arc;

use super::Value;
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
    /// The time the run judges by.
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

/// Where values come from while an expression is evaluated.
pub trait Lookup {
    /// The value of a name. `self` paths below an absent parent are known to be absent (`Value::Absent`).
    fn read(&self, name: &Name) -> Fact<Value>;

    /// The value of a name as expressions see it, without what it rests on. Lookups that keep their facts may
    /// answer this without copying the evidence.
    fn value(&self, name: &Name) -> Value {
        Value::from(self.read(name))
    }
}

impl Name {
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
