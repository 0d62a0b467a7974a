//! What is refused, as it is found.

use crate::fact::Element;
use crate::manifest::{Fact, Node};

/// What was found so far.
#[derive(Default)]
pub(super) struct Refusals(pub(super) Vec<Element>);

impl Refusals {
    /// That what stands in a place is refused, and why: "the weight of an affinity is 0, not one from 1 to 100".
    pub(super) fn tell(&mut self, place: &str, node: Node<'_>, why: String) {
        let note = "refused in a pod";
        let element = Element::new(place.to_owned(), node.span(), note)
            .with("place", Fact::known(place.into()))
            .with("why", Fact::known(why.into()));
        self.0.push(element);
    }
}

/// The text of a field that is there and not null.
pub(super) fn text<'a>(node: Node<'a>, field: &str) -> Option<(Node<'a>, &'a str)> {
    let value = node.get(field).filter(|value| !value.is_null())?;
    Some((value, value.text()))
}
