//! The inventory's answers (found, absent, unseen; complete or not) as facts.

use crate::manifest::{Completeness, Fact, Found, Object};

/// An object by name: `Known(None)` where it is known not to exist.
pub fn found<'a>(answer: Found<'a>, note: &'static str) -> Fact<Option<&'a Object>> {
    match answer {
        Found::Here(object) => Fact::at(Some(object), object.name_span(), note),
        Found::Absent(None) => Fact::known(None),
        Found::Absent(Some(assumption)) => Fact::known(None).assuming(assumption),
        Found::Unseen(gap) => Fact::unknown(gap),
    }
}

/// A value that holds only if a listing is complete.
pub fn if_complete<T>(completeness: &Completeness, value: T) -> Fact<T> {
    match completeness {
        Completeness::Full => Fact::known(value),
        Completeness::Inferred(assumption) => Fact::known(value).assuming(assumption.clone()),
        Completeness::Unknown(gap) => Fact::unknown(gap.clone()),
    }
}
