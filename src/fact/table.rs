//! The table of facts of a subject.

use std::collections::BTreeMap;

use crate::expr::{Names, Value};
use crate::manifest::Fact;

/// What a fact's value is, for documentation and for the checks at rule loading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// true or false
    Bool,
    /// a whole number
    Int,
    /// a string; `""` is "none"
    String,
    /// a program version, compared number by number
    Version,
    /// a Kubernetes quantity as written; compare with `quantity()`
    Quantity,
    /// a list of strings
    Strings,
    /// a list of maps
    Records,
    /// a map
    Map,
}

impl Type {
    /// As printed in documentation.
    pub fn name(self) -> &'static str {
        match self {
            Type::Bool => "bool",
            Type::Int => "int",
            Type::String => "string",
            Type::Version => "version",
            Type::Quantity => "quantity",
            Type::Strings => "list of strings",
            Type::Records => "list of maps",
            Type::Map => "map",
        }
    }
}

/// What facts are asked of: a v4 cluster, a draft.
pub trait Subject: 'static {
    /// The subject with its evidence borrowed for `'a`.
    type Of<'a>;
}

/// One fact about a subject `S`.
pub struct FactDef<S: Subject> {
    /// Dotted name, as rules write it.
    pub name: &'static str,
    /// Type of a known value.
    pub ty: Type,
    /// One line: what it says, and when it is unknown if that is not obvious.
    pub meaning: &'static str,
    /// How it is read from the subject.
    pub read: for<'a> fn(&S::Of<'a>) -> Fact<Value>,
}

/// All facts of a subject, numbered in the order of declaration.
pub struct FactTable<S: Subject> {
    facts: Vec<&'static FactDef<S>>,
    by_name: BTreeMap<&'static str, u16>,
}

impl<S: Subject> FactTable<S> {
    /// Joins the tables of several files. Names must differ; a test checks it.
    pub fn new(groups: &[&'static [FactDef<S>]]) -> Self {
        let facts: Vec<_> = groups.iter().flat_map(|group| group.iter()).collect();
        let numbers = (0_u16..).zip(&facts);
        let by_name = numbers.map(|(number, fact)| (fact.name, number)).collect();
        Self { facts, by_name }
    }

    /// The facts in order of declaration; the position is the fact's number.
    pub fn facts(&self) -> &[&'static FactDef<S>] {
        &self.facts
    }

    /// The fact with this number.
    pub fn get(&self, number: u16) -> Option<&'static FactDef<S>> {
        self.facts.get(usize::from(number)).copied()
    }

    /// Two facts of the same name, if there are any.
    pub fn duplicate(&self) -> Option<&'static str> {
        (0_u16..)
            .zip(&self.facts)
            .find(|(number, fact)| self.by_name.get(fact.name) != Some(number))
            .map(|(_, fact)| fact.name)
    }
}

impl<S: Subject> Names for FactTable<S> {
    fn fact(&self, dotted: &str) -> Option<u16> {
        self.by_name.get(dotted).copied()
    }

    fn fact_name(&self, number: u16) -> &str {
        self.get(number).map_or("", |fact| fact.name)
    }

    fn similar(&self, dotted: &str) -> Option<String> {
        let distance = |name: &str| edit_distance(name, dotted);
        let closest = self.by_name.keys().min_by_key(|name| distance(name))?;
        (distance(closest) <= dotted.len() / 3 + 1).then(|| (*closest).to_owned())
    }
}

/// Levenshtein distance in characters.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, a) in left.chars().enumerate() {
        let mut diagonal = index;
        let mut previous = index + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let substitute = diagonal + usize::from(a != *b);
            diagonal = *cell;
            previous = substitute.min(previous + 1).min(*cell + 1);
            *cell = previous;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Letters;
    impl Subject for Letters {
        type Of<'a> = ();
    }
    static LETTERS: [FactDef<Letters>; 2] = [
        FactDef {
            name: "a.first",
            ty: Type::Int,
            meaning: "one",
            read: |()| Fact::known(Value::Int(1)),
        },
        FactDef {
            name: "b.second",
            ty: Type::Int,
            meaning: "two",
            read: |()| Fact::known(Value::Int(2)),
        },
    ];

    #[test]
    fn names_resolve_and_resemble() {
        let table = FactTable::new(&[&LETTERS]);
        assert_eq!(table.fact("b.second"), Some(1));
        assert_eq!(table.similar("a.frist"), Some("a.first".to_owned()));
        assert_eq!(table.similar("nothing.of.the.kind"), None);
        assert_eq!(table.duplicate(), None);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
    }
}
