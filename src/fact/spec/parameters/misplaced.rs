//! Postgres parameters where nobody looks for them.

use std::collections::BTreeSet;

use super::patroni_keys::is_key;
use super::places::{CONFIG, DYNAMIC, PARAMETERS, place};
use super::postgres_parameters::is_parameter;
use crate::fact::Element;
use crate::fact::spec::Draft;
use crate::fact::spec::problems::Culprits;
use crate::manifest::{Fact, Node};
use crate::schema::field_lifetime;

/// Where somebody may put them who is a level off, outer ones first.
const SECTIONS: [&[&str]; 6] = [
    &["spec"],
    &["spec", "config"],
    &["spec", "patroni"],
    &["spec", "patroni", "postgresql"],
    &DYNAMIC,
    &["spec", "patroni", "dynamicConfiguration", "postgresql"],
];

pub(super) fn list(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for section in SECTIONS {
        // What is below one that is misplaced goes with it.
        if told.contains(&section.join(".")) {
            continue;
        }
        let entries = problems.look(draft.entries(section));
        for (key, value) in entries.into_iter().flat_map(|truth| truth.value) {
            if is_misplaced(section, &key.key(), value) {
                let (path, note) = (
                    format!("{}.{}", section.join("."), key.key()),
                    "nothing reads parameters here",
                );
                told.insert(path.clone());
                let place = Fact::known(path.as_str().into());
                problems.add(Element::new(path, key.span(), note).with("place", place));
            }
        }
    }
    problems.list(place(draft), "the Postgres parameters")
}

/// Whether a key of a section is a parameter, or a section of them, and the operator does not read it there.
fn is_misplaced(section: &[&str], name: &str, value: Node<'_>) -> bool {
    let means_parameters = if value.is_map() {
        let of_parameters = |word: &str| {
            let mut words = ["parameters", "postgresql"].into_iter();
            words.any(|right| word.eq_ignore_ascii_case(right))
        };
        // Another name for `postgresql`.
        let renamed = section == DYNAMIC
            && !is_key(name)
            && value.entries().any(|(key, _)| of_parameters(&key.key()));
        of_parameters(name) || renamed
    } else {
        is_parameter(name)
    };
    if !means_parameters {
        return false;
    }
    let path = [section, &[name]].concat();
    let right = [&PARAMETERS[..], &CONFIG, PARAMETERS.get(..4).unwrap_or(&[])];
    if right.contains(&&path[..]) {
        return false;
    }
    if value.is_map() {
        true
    } else if section.starts_with(&DYNAMIC) {
        !is_key(name)
    } else {
        field_lifetime(&format!("/{}", path.join("/"))).is_none()
    }
}
