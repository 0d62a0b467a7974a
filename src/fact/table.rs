//! The table of facts of a subject.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::element::{Element, bounded, listed, told_apart};
use super::subject::Subject;
use super::trust::Order;
use crate::expr::{Names, Value};
use crate::hashing::HashMap;
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
    /// a list of whole numbers
    Ints,
    /// a list of maps
    Records,
    /// a list of maps, each with its place, that rules can go over with `each`
    Elements,
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
            Type::Ints => "list of whole numbers",
            Type::Records => "list of maps",
            Type::Elements => "list for each",
            Type::Map => "map",
        }
    }
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
    pub read: Reader<S>,
    /// Where several kinds of objects can tell it: who is believed, in order. The reader asks them so.
    pub orders: &'static [&'static Order<S>],
}

/// How a fact is read.
pub enum Reader<S: Subject> {
    /// As one value.
    Whole(for<'a> fn(&S::Of<'a>) -> Fact<Value>),
    /// As a list that rules can go over with `each`: the fields each element has, and the elements.
    Each(
        &'static [&'static str],
        for<'a> fn(&S::Of<'a>) -> Fact<Vec<Element>>,
    ),
}

impl<S: Subject> FactDef<S> {
    /// What it says of a subject.
    pub fn read(&self, subject: &S::Of<'_>) -> Fact<Value> {
        match &self.read {
            Reader::Whole(read) => read(subject),
            Reader::Each(_, read) => listed(&bounded(read(subject), self.meaning)),
        }
    }
}

/// All facts of a subject, numbered in the order of declaration; after them those it borrows from another subject.
pub struct FactTable<S: Subject> {
    facts: Vec<&'static FactDef<S>>,
    /// The numbers of its own.
    by_name: HashMap<&'static str, u16>,
    /// In the order of their numbers, which follow those of its own.
    borrowed: Vec<Borrowed<S>>,
    len: usize,
    /// By number, spelled out on first use: mostly none is asked for.
    names: OnceLock<Vec<Cow<'static, str>>>,
}

/// Facts borrowed from one other subject.
struct Borrowed<S: Subject> {
    /// The number of the first of them.
    first: usize,
    len: usize,
    /// What stands before their names.
    prefix: &'static str,
    from: &'static dyn Names,
    ask: Ask<S>,
}

/// How a borrowed fact is asked for: by its number in the table it comes from.
type Ask<S> = for<'a> fn(&<S as Subject>::Of<'a>, u16) -> Fact<Value>;

impl<S: Subject> FactTable<S> {
    /// Joins the tables of several files. Names must differ; a test checks it.
    pub fn new(groups: &[&'static [FactDef<S>]]) -> Self {
        let facts: Vec<_> = groups.iter().flat_map(|group| group.iter()).collect();
        Self {
            by_name: facts.iter().map(|fact| fact.name).zip(0..).collect(),
            len: facts.len(),
            facts,
            borrowed: Vec::new(),
            names: OnceLock::new(),
        }
    }

    /// Adds all facts of another subject under a prefix (`v4.`, or none); `ask` is given the number of one of them.
    #[must_use]
    pub fn borrowing<T: Subject>(
        mut self,
        prefix: &'static str,
        from: &'static FactTable<T>,
        ask: Ask<S>,
    ) -> Self {
        let (first, len) = (self.len, from.len());
        self.borrowed.push(Borrowed {
            first,
            len,
            prefix,
            from,
            ask,
        });
        self.len += len;
        self
    }

    fn names(&self) -> &[Cow<'static, str>] {
        self.names.get_or_init(|| {
            let own = self.facts.iter().map(|fact| Cow::Borrowed(fact.name));
            let lent = self.borrowed.iter().flat_map(|lender| {
                let name = |number| format!("{}{}", lender.prefix, lender.from.fact_name(number));
                (0_u16..)
                    .take(lender.len)
                    .map(move |number| Cow::Owned(name(number)))
            });
            own.chain(lent).collect()
        })
    }

    /// The subject's own facts in order of declaration; the position is the fact's number.
    pub fn facts(&self) -> &[&'static FactDef<S>] {
        &self.facts
    }

    /// How many facts can be asked for, borrowed ones included.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The subject's own fact with this number.
    pub fn get(&self, number: u16) -> Option<&'static FactDef<S>> {
        self.facts.get(usize::from(number)).copied()
    }

    /// What the fact with this number, own or borrowed, says of a subject.
    pub fn read(&self, number: u16, subject: &S::Of<'_>) -> Option<Fact<Value>> {
        if let Some(own) = self.get(number) {
            return Some(own.read(subject));
        }
        let number = usize::from(number);
        let mut lenders = self.borrowed.iter().rev();
        let lender = lenders.find(|lender| lender.first <= number)?;
        let theirs = u16::try_from(number - lender.first).ok()?;
        (number < self.len).then(|| (lender.ask)(subject, theirs))
    }

    /// The elements of the subject's own fact with this number; `None` if `each` cannot go over it.
    pub fn elements(&self, number: u16, subject: &S::Of<'_>) -> Option<Fact<Vec<Element>>> {
        let fact = self.get(number)?;
        match fact.read {
            Reader::Whole(_) => None,
            Reader::Each(_, read) => Some(bounded(read(subject), fact.meaning).map(told_apart)),
        }
    }

    /// Two facts of the same name, if there are any.
    pub fn duplicate(&self) -> Option<&str> {
        (0_u16..)
            .zip(self.names())
            .find(|(number, name)| self.fact(name) != Some(*number))
            .map(|(_, name)| &**name)
    }
}

impl<S: Subject> Names for FactTable<S> {
    fn fact(&self, dotted: &str) -> Option<u16> {
        if let Some(own) = self.by_name.get(dotted) {
            return Some(*own);
        }
        self.borrowed.iter().find_map(|lender| {
            let theirs = lender.from.fact(dotted.strip_prefix(lender.prefix)?)?;
            u16::try_from(lender.first + usize::from(theirs)).ok()
        })
    }

    fn fact_name(&self, number: u16) -> &str {
        match self.get(number) {
            Some(own) => own.name,
            None => self
                .names()
                .get(usize::from(number))
                .map_or("", |name| name),
        }
    }

    fn elements_of(&self, number: u16) -> Option<&'static [&'static str]> {
        match self.get(number)?.read {
            Reader::Whole(_) => None,
            Reader::Each(fields, _) => Some(fields),
        }
    }

    fn similar(&self, dotted: &str) -> Option<String> {
        let distance = |name: &str| edit_distance(name, dotted);
        let closest = self.names().iter().min_by_key(|name| distance(name))?;
        (distance(closest) <= dotted.len() / 3 + 1).then(|| closest.to_string())
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
    use std::sync::LazyLock;

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
            read: Reader::Whole(|()| Fact::known(Value::Int(1))),
            orders: &[],
        },
        FactDef {
            name: "b.second",
            ty: Type::Int,
            meaning: "two",
            read: Reader::Whole(|()| Fact::known(Value::Int(2))),
            orders: &[],
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

    struct Words;
    impl Subject for Words {
        type Of<'a> = i64;
    }
    static WORDS: [FactDef<Words>; 1] = [FactDef {
        name: "word.length",
        ty: Type::Int,
        meaning: "how long it is",
        read: Reader::Whole(|length| Fact::known(Value::Int(*length))),
        orders: &[],
    }];

    #[test]
    fn borrowed_facts_come_after_the_own_ones_under_a_prefix() {
        static OTHERS: LazyLock<FactTable<Letters>> = LazyLock::new(|| FactTable::new(&[&LETTERS]));
        let ask: Ask<Words> = |length, number| Fact::known(Value::Int(length + i64::from(number)));
        let table = FactTable::new(&[&WORDS]).borrowing("letter.", &OTHERS, ask);
        let number = table.fact("letter.b.second").unwrap();
        assert_eq!(table.fact_name(number), "letter.b.second");
        let says = |number| table.read(number, &10).map(|fact| fact.value().cloned());
        assert_eq!(says(0), Some(Some(Value::Int(10))));
        assert_eq!(says(number), Some(Some(Value::Int(11))));
        assert_eq!(says(3), None);
        assert_eq!(
            (table.len(), table.facts().len(), table.fact("b.second")),
            (3, 1, None)
        );
        assert_eq!(
            table.similar("letter.a.frist"),
            Some("letter.a.first".to_owned())
        );
    }
}
