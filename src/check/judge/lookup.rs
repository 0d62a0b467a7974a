//! The facts and fields of one subject, read at most once each.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use jiff::Timestamp;

use crate::allowance::{RULES_STEPS, Room};
use crate::expr::{Lookup, Name, Value};
use crate::fact::{Element, FactTable, Subject};
use crate::manifest::{Fact, Gap, Object};

/// Elements of a list that several rules go over.
pub(in crate::check) type Elements = Fact<Vec<Arc<Element>>>;

/// Answers the names of an expression for one subject.
pub(in crate::check) struct SubjectLookup<'s, 'a, S: Subject> {
    /// The subject.
    subject: &'s S::Of<'a>,
    table: &'static FactTable<S>,
    /// By number. Of many names few are asked for.
    slots: Vec<OnceCell<Box<Fact<Value>>>>,
    /// What `self` reads; `None` when the object itself is not in the input.
    object: Option<&'a Object>,
    /// What is missing when it is not.
    no_object: fn(&S::Of<'a>) -> Gap,
    /// The run's time.
    now: Timestamp,
    /// The lists that rules went over, by number.
    elements: Vec<OnceCell<Arc<Elements>>>,
    /// A name that is hidden on purpose.
    hidden: OnceCell<Option<Name>>,
    /// What rules may still take for this subject.
    steps: Cell<u32>,
    /// Whether the run may still find something.
    room: Room,
}

impl<'s, 'a, S: Subject> SubjectLookup<'s, 'a, S> {
    pub(in crate::check) fn new(
        subject: &'s S::Of<'a>,
        table: &'static FactTable<S>,
        object: Option<&'a Object>,
        no_object: fn(&S::Of<'a>) -> Gap,
        now: Timestamp,
    ) -> Self {
        let slots = (0..table.len()).map(|_| OnceCell::new()).collect();
        // Borrowed facts are no lists to go over.
        let elements = table.facts().iter().map(|_| OnceCell::new()).collect();
        Self {
            subject,
            table,
            slots,
            object,
            no_object,
            now,
            elements,
            hidden: OnceCell::new(),
            steps: Cell::new(RULES_STEPS),
            room: Room::Left,
        }
    }

    /// With as much room as the run has for findings.
    pub(in crate::check) fn within(self, room: Room) -> Self {
        Self { room, ..self }
    }

    /// Whether the run may still find something.
    pub(in crate::check) fn room(&self) -> Room {
        self.room
    }

    /// How many steps rules may still take.
    pub(in crate::check) fn steps_left(&self) -> u32 {
        self.steps.get()
    }

    /// Takes the steps of an evaluation.
    pub(in crate::check) fn took(&self, steps: u32) {
        self.steps.set(self.steps.get().saturating_sub(steps));
    }

    /// The elements of a list, worked out on first use.
    pub(in crate::check) fn elements(&self, number: u16) -> Arc<Elements> {
        match self.elements.get(usize::from(number)) {
            Some(kept) => Arc::clone(kept.get_or_init(|| self.find_elements(number))),
            None => self.find_elements(number),
        }
    }

    fn find_elements(&self, number: u16) -> Arc<Elements> {
        let blurred = self.slots.get(usize::from(number)).and_then(OnceCell::get);
        let blurred = blurred.map(|fact| &**fact);
        Arc::new(match (blurred, self.table.elements(number, self.subject)) {
            (Some(Fact::Unknown(gaps)), _) => Fact::Unknown(Arc::clone(gaps)),
            (_, Some(elements)) => elements.map(|all| all.into_iter().map(Arc::new).collect()),
            (_, None) => Fact::unknown(no_such_fact()),
        })
    }

    /// Takes the elements of a list from elsewhere.
    pub(in crate::check) fn lend(&self, number: u16, elements: Arc<Elements>) {
        if let Some(kept) = self.elements.get(usize::from(number)) {
            let _ = kept.set(elements);
        }
    }

    /// The same names, and those of an element.
    pub(in crate::check) fn on<'l>(&'l self, item: Option<&'l Item>) -> ItemLookup<'l, 's, 'a, S> {
        ItemLookup { all: self, item }
    }

    /// A fact by number, worked out on first use.
    pub(in crate::check) fn fact(&self, number: u16) -> Option<&Fact<Value>> {
        let slot = self.slots.get(usize::from(number))?;
        if slot.get().is_none() {
            let fact = self.table.read(number, self.subject)?;
            return Some(slot.get_or_init(|| Box::new(fact)));
        }
        slot.get().map(|fact| &**fact)
    }

    /// Hides one name from everything that follows, for tests of rules. Only names not read before can be hidden.
    pub(in crate::check) fn blur(&self, name: &Name) {
        match name {
            Name::Fact(number) => {
                if let Some(slot) = self.slots.get(usize::from(*number)) {
                    let _ = slot.set(Box::new(blur()));
                }
            }
            Name::Own(_) | Name::Item(_) | Name::Now => {
                self.hidden.set(Some(name.clone())).unwrap_or(());
            }
        }
    }

    /// What was read under a name, without a copy where it is kept.
    pub(in crate::check) fn kept(&self, name: &Name) -> Cow<'_, Fact<Value>> {
        let hidden = self.hidden.get().and_then(Option::as_ref);
        match name {
            Name::Fact(number) if hidden != Some(name) => match self.fact(*number) {
                Some(fact) => Cow::Borrowed(fact),
                None => Cow::Owned(self.read(name)),
            },
            _ => Cow::Owned(self.read(name)),
        }
    }

    /// A fact by name.
    pub(in crate::check) fn named(&self, name: &str) -> Option<&Fact<Value>> {
        self.fact(crate::expr::Names::fact(self.table, name)?)
    }

    /// Every fact with its name, in the order of the table.
    pub(in crate::check) fn all(&self) -> Vec<(&'static str, Fact<Value>)> {
        let numbered = (0_u16..).zip(self.table.facts());
        numbered
            .filter_map(|(number, fact)| Some((fact.name, self.fact(number)?.clone())))
            .collect()
    }

    fn own(&self, path: &[Box<str>]) -> Fact<Value> {
        let Some(object) = self.object else {
            return Fact::unknown((self.no_object)(self.subject));
        };
        let keys: Vec<&str> = path.iter().map(|key| &**key).collect();
        // A present null and an absent field are told apart here, unlike in facts.
        match object.at(&keys) {
            Some(node) if node.is_null() => Fact::at(Value::Null, node.span(), "as written"),
            _ => object
                .read(&keys, "as written")
                .map(|node| node.map_or(Value::Absent, Value::from)),
        }
    }
}

impl<S: Subject> Lookup for SubjectLookup<'_, '_, S> {
    /// Facts are kept, so only the value is copied, not what it rests on.
    fn value(&self, name: &Name) -> Value {
        match name {
            Name::Fact(number) => match self.fact(*number) {
                Some(Fact::Known(truth)) => truth.value.clone(),
                Some(Fact::Unknown(gaps)) => Value::Unknown(Arc::clone(gaps)),
                None => Value::from(self.read(name)),
            },
            Name::Own(_) | Name::Item(_) | Name::Now => Value::from(self.read(name)),
        }
    }

    fn read(&self, name: &Name) -> Fact<Value> {
        if self
            .hidden
            .get()
            .is_some_and(|hidden| hidden.as_ref() == Some(name))
        {
            return blur();
        }
        match name {
            Name::Fact(number) => {
                let unheard = || Fact::unknown(no_such_fact());
                self.fact(*number).cloned().unwrap_or_else(unheard)
            }
            Name::Own(path) => self.own(path),
            Name::Item(_) => Fact::unknown(no_such_fact()),
            Name::Now => Fact::known(self.now.into()),
        }
    }
}

/// What a name leads to that the subject's table does not have.
fn no_such_fact() -> Gap {
    Gap {
        missing: "a fact that does not exist".to_owned(),
        because: "the rule was compiled for another subject".to_owned(),
        ask: "pgo-preflight rules --facts".to_owned(),
    }
}

/// What a rule with `each` is about: an element, or any element of a list that is unknown.
pub(in crate::check) type Item = Fact<Arc<Element>>;

/// The names of a subject, and those of one element of a list.
pub(in crate::check) struct ItemLookup<'l, 's, 'a, S: Subject> {
    all: &'l SubjectLookup<'s, 'a, S>,
    item: Option<&'l Item>,
}

impl<S: Subject> ItemLookup<'_, '_, '_, S> {
    /// Whether a name is hidden on purpose.
    fn hides(&self, name: &Name) -> bool {
        self.all.hidden.get().and_then(Option::as_ref) == Some(name)
    }

    /// What was read under a name, without a copy where it is kept.
    pub(in crate::check) fn kept(&self, name: &Name) -> Cow<'_, Fact<Value>> {
        match name {
            Name::Item(_) => Cow::Owned(self.read(name)),
            _ => self.all.kept(name),
        }
    }
}

impl<S: Subject> Lookup for ItemLookup<'_, '_, '_, S> {
    fn value(&self, name: &Name) -> Value {
        match (name, self.item) {
            (Name::Item(field), Some(Fact::Known(truth))) if !self.hides(name) => {
                let said = truth.value.said(field);
                said.unwrap_or_else(|| Value::from(self.read(name)))
            }
            (Name::Item(_), _) => Value::from(self.read(name)),
            _ => self.all.value(name),
        }
    }

    fn read(&self, name: &Name) -> Fact<Value> {
        let hidden = self.hides(name);
        match (name, self.item) {
            (Name::Item(field), Some(Fact::Known(truth))) if !hidden => {
                let known = truth.value.field(field);
                known.unwrap_or_else(|| Fact::unknown(no_such_fact()))
            }
            (Name::Item(_), Some(Fact::Unknown(gaps))) if !hidden => Fact::Unknown(gaps.clone()),
            _ => self.all.read(name),
        }
    }
}

/// The value of a blurred name.
fn blur() -> Fact<Value> {
    Fact::unknown(Gap {
        missing: "this, hidden on purpose".to_owned(),
        because: "a property test".to_owned(),
        ask: String::new(),
    })
}
