//! The inventory's answers (found, absent, unseen; complete or not) as facts.

use crate::manifest::{Completeness, Fact, Found, Object};

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
