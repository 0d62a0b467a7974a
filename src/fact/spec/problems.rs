//! A list of what is certainly wrong, kept apart from what could not be seen.

use std::sync::Arc;

use crate::expr::Value;
use crate::fact::Element;
use crate::manifest::{Evidence, Fact, Gap, Truth};
use crate::source::Span;

/// Nobody reads more, and a hostile manifest could have a hundred thousand.
pub(super) const MOST_PLACES: usize = 64;

/// Elements of which each is certainly wrong, kept apart from what could not be seen.
#[derive(Default)]
pub(super) struct Culprits {
    elements: Vec<Element>,
    assumes: Vec<Arc<str>>,
    gaps: Vec<Gap>,
}

impl Culprits {
    /// One that is wrong.
    pub(super) fn add(&mut self, element: Element) {
        self.elements.push(element);
    }

    /// One that is told by several values, each of which shows at these places, the most telling place first.
    pub(super) fn tell<const N: usize>(
        &mut self,
        key: String,
        values: [(&'static str, Value); N],
        places: &[Evidence],
    ) {
        let Some(first) = places.first() else {
            return;
        };
        let element = Element::new(key, first.span, first.note);
        self.add(values.into_iter().fold(element, |element, (name, value)| {
            let places = places.iter();
            let fact = Fact::known(value);
            element.with(
                name,
                places.fold(fact, |fact, at| fact.and_at(at.span, at.note)),
            )
        }));
    }

    /// There may be one more, for this reason.
    pub(super) fn open(&mut self, gap: Gap) {
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// There may be one more.
    pub(super) fn unsure(&mut self, gaps: &[Gap]) {
        let new = gaps.iter().filter(|gap| !self.gaps.contains(gap));
        let new: Vec<Gap> = new.cloned().collect();
        self.gaps.extend(new);
    }

    /// That there is no more rests on this.
    pub(super) fn assume(&mut self, assumption: Option<Arc<str>>) {
        let new = assumption.filter(|one| !self.assumes.contains(one));
        self.assumes.extend(new);
    }

    /// Looks at a fact; if it is unknown, there may be one more.
    pub(super) fn look<T>(&mut self, fact: Fact<T>) -> Option<Truth<T>> {
        match fact {
            Fact::Known(truth) => {
                let new = truth.assumes.iter();
                let new = new.filter(|one| !self.assumes.contains(one));
                let new: Vec<Arc<str>> = new.cloned().collect();
                self.assumes.extend(new);
                Some(truth)
            }
            Fact::Unknown(gaps) => {
                self.unsure(&gaps);
                None
            }
        }
    }

    /// The list: known as soon as one problem is certain, unknown while there is none but something was not seen.
    /// `elsewhere` is where a list without problems points.
    pub(super) fn list(self, elsewhere: Span, note: &'static str) -> Fact<Vec<Element>> {
        if self.elements.is_empty() && !self.gaps.is_empty() {
            return Fact::Unknown(self.gaps.into());
        }
        let assumes = self.assumes;
        let elements = self.elements.into_iter();
        let elements = elements.map(|element| element.assuming(&assumes));
        let elements: Vec<Element> = elements.collect();
        let places: Vec<Evidence> = elements.iter().map(|one| one.place).collect();
        let list = if places.is_empty() {
            Fact::at(elements, elsewhere, note)
        } else {
            let places = places.iter().take(MOST_PLACES);
            places.fold(Fact::known(elements), |list, at| {
                list.and_at(at.span, at.note)
            })
        };
        assumes.iter().cloned().fold(list, Fact::assuming)
    }
}

/// A place for [`Culprits::tell`].
pub(super) fn at(span: Span, note: &'static str) -> Evidence {
    Evidence {
        absent: false,
        span,
        note,
    }
}
