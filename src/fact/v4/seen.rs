//! The inventory's answers (found, absent, unseen; complete or not) as facts.

use crate::manifest::{Completeness, Fact, Found, Object};
use crate::source::Span;

/// An object by name: `Known(None)` where it is known not to exist.
pub(in crate::fact) fn found<'a>(
    answer: Found<'a>,
    note: &'static str,
) -> Fact<Option<&'a Object>> {
    match answer {
        Found::Here(object) => Fact::at(Some(object), object.name_span(), note),
        Found::Absent(None) => Fact::known(None),
        Found::Absent(Some(assumption)) => Fact::known(None).assuming(assumption),
        Found::Unseen(gap) => Fact::unknown(gap),
    }
}

/// A value that holds only if a listing is complete.
pub(in crate::fact) fn if_complete<T>(completeness: &Completeness, value: T) -> Fact<T> {
    match completeness {
        Completeness::Full => Fact::known(value),
        Completeness::Inferred(assumption) => Fact::known(value).assuming(assumption.clone()),
        Completeness::Unknown(gap) => Fact::unknown(gap.clone()),
    }
}

/// How many places a list of names points at.
const PLACES: usize = 8;

/// The names of what was found, each with its place: what is seen is there, whatever else there is; that there is none rests on
/// the listing.
pub(in crate::fact) fn names_of<S: Into<String>>(
    found: impl IntoIterator<Item = (S, Span)>,
    all: &Completeness,
    note: &'static str,
) -> Fact<Vec<String>> {
    let (names, places): (Vec<String>, Vec<Span>) = found
        .into_iter()
        .map(|(name, span)| (name.into(), span))
        .unzip();
    let fact = match names.as_slice() {
        [] => if_complete(all, names),
        _ => Fact::known(names),
    };
    let places = places.into_iter().take(PLACES);
    places.fold(fact, |fact, span| fact.and_at(span, note))
}

/// Goes on from a known value: the result rests on its assumptions, but points at it only where it has nothing of its
/// own to point at.
pub(in crate::fact) fn resting_on<T, U>(
    base: &Fact<T>,
    next: impl FnOnce(&T) -> Fact<U>,
) -> Fact<U> {
    let truth = match base {
        Fact::Known(truth) => truth,
        Fact::Unknown(gaps) => return Fact::Unknown(gaps.clone()),
    };
    let mut fact = next(&truth.value);
    if let Fact::Known(result) = &mut fact
        && result.evidence.is_empty()
    {
        result.evidence.clone_from(&truth.evidence);
    }
    for assumption in &truth.assumes {
        fact = fact.assuming(assumption.clone());
    }
    fact
}
