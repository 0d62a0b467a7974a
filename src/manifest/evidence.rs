//! What we know from manifests and what we could not see.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::source::Span;

/// "Here it says so": a place that a value was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    /// The value (or, for something absent, the nearest thing that exists).
    pub span: Span,
    /// What it shows, in a few words: "the running pod with role=master".
    pub note: &'static str,
    /// Whether what the note names is not there, and the span is the nearest thing that is.
    pub absent: bool,
}

/// "Here we could not look": what is missing, why, and the command that closes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gap {
    /// What is missing: "the Deployments of namespace pgo".
    pub missing: String,
    /// Why: "not in the input".
    pub because: String,
    /// The command (or flag) that settles it.
    pub ask: String,
}

/// What keeps something from being known. Many facts and findings share the same.
pub type Gaps = Arc<[Gap]>;

/// Places in the order of telling. Most facts rest on one, which takes no room of its own.
pub type Places = SmallVec<[Evidence; 1]>;

/// A value with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth<T> {
    /// The value.
    pub value: T,
    /// Where it is written; the most telling place first. May be empty for what was given by flag.
    pub evidence: Places,
    /// Absences that were only inferred: "all Deployments of namespace pgo are in export.yaml".
    pub assumes: Vec<Arc<str>>,
}

/// What is true, where it says so, or why we cannot say.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact<T> {
    /// We know, and from where.
    Known(Truth<T>),
    /// We cannot say; never empty.
    Unknown(Gaps),
}

impl<T> Truth<T> {
    /// Adds a place, unless it is among them.
    fn point_at(&mut self, span: Span, note: &'static str) {
        let place = Evidence {
            span,
            note,
            absent: false,
        };
        if !self.evidence.contains(&place) {
            self.evidence.push(place);
        }
    }

    /// Adds an assumption, unless it is among them.
    fn assume(&mut self, assumption: Arc<str>) {
        if !self.assumes.contains(&assumption) {
            self.assumes.push(assumption);
        }
    }
}

impl<T> Fact<T> {
    /// Known without a place to point at.
    pub fn known(value: T) -> Self {
        Fact::Known(Truth {
            value,
            evidence: Places::new(),
            assumes: Vec::new(),
        })
    }

    /// Known from one place.
    pub fn at(value: T, span: Span, note: &'static str) -> Self {
        Fact::known(value).and_at(span, note)
    }

    /// Known from something that is not there; the span is the nearest thing that is.
    pub fn lacking(value: T, nearest: Span, note: &'static str) -> Self {
        let mut fact = Fact::at(value, nearest, note);
        if let Fact::Known(truth) = &mut fact {
            for place in &mut truth.evidence {
                place.absent = true;
            }
        }
        fact
    }

    /// Unknown for one reason.
    pub fn unknown(gap: Gap) -> Self {
        Fact::Unknown(Arc::new([gap]))
    }

    /// Adds a place, keeping the order of telling.
    #[must_use]
    pub fn and_at(mut self, span: Span, note: &'static str) -> Self {
        if let Fact::Known(truth) = &mut self {
            truth.point_at(span, note);
        }
        self
    }

    /// Adds an assumption that a known value rests on.
    #[must_use]
    pub fn assuming(mut self, assumption: Arc<str>) -> Self {
        if let Fact::Known(truth) = &mut self {
            truth.assume(assumption);
        }
        self
    }

    /// The value, if known.
    pub fn value(&self) -> Option<&T> {
        match self {
            Fact::Known(truth) => Some(&truth.value),
            Fact::Unknown(_) => None,
        }
    }

    /// Why it is unknown; empty when it is known.
    pub fn gaps(&self) -> &[Gap] {
        match self {
            Fact::Known(_) => &[],
            Fact::Unknown(gaps) => gaps,
        }
    }

    /// Changes a known value, keeping its evidence.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Fact::Known(Truth {
                value,
                evidence,
                assumes,
            }) => Fact::Known(Truth {
                value: change(value),
                evidence,
                assumes,
            }),
            Fact::Unknown(gaps) => Fact::Unknown(gaps),
        }
    }

    /// Goes on from a known value; the result rests on both.
    pub fn and_then<U>(self, next: impl FnOnce(T) -> Fact<U>) -> Fact<U> {
        match self {
            Fact::Known(Truth {
                value,
                evidence,
                assumes,
            }) => {
                let mut result = next(value);
                if let Fact::Known(truth) = &mut result {
                    for place in evidence {
                        truth.point_at(place.span, place.note);
                    }
                    for assumption in assumes {
                        truth.assume(assumption);
                    }
                }
                result
            }
            Fact::Unknown(gaps) => Fact::Unknown(gaps),
        }
    }

    /// Both, when both are known; otherwise the gaps of both.
    pub fn both<U>(self, other: Fact<U>) -> Fact<(T, U)> {
        match (self, other) {
            (Fact::Unknown(gaps), Fact::Unknown(more)) => Fact::Unknown(joined(&gaps, &more)),
            (Fact::Unknown(gaps), Fact::Known(_)) | (Fact::Known(_), Fact::Unknown(gaps)) => {
                Fact::Unknown(gaps)
            }
            (this, that) => this.and_then(|left| that.map(|right| (left, right))),
        }
    }

    /// A reference to the value with a copy of what it rests on.
    pub fn as_ref(&self) -> Fact<&T> {
        match self {
            Fact::Known(truth) => Fact::Known(Truth {
                value: &truth.value,
                evidence: truth.evidence.clone(),
                assumes: truth.assumes.clone(),
            }),
            Fact::Unknown(gaps) => Fact::Unknown(gaps.clone()),
        }
    }
}

/// More things than anybody goes through to settle one question. What is added to a list of gaps one by one would take the
/// square of their number, and one object can name very many others.
const MOST_GAPS: usize = 500;

/// First these gaps, then those.
fn joined(these: &Gaps, those: &Gaps) -> Gaps {
    if these.len() >= MOST_GAPS || these == those {
        return Arc::clone(these);
    }
    let mut all: Vec<Gap> = these.iter().chain(&**those).cloned().collect();
    all.dedup();
    all.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined_one_by_one(count: usize) -> Fact<()> {
        let gap = |number: usize| Gap {
            missing: format!("the volume {number}"),
            because: String::new(),
            ask: String::new(),
        };
        (0..count).fold(Fact::known(()), |all, number| {
            all.both(Fact::<()>::unknown(gap(number))).map(|_| ())
        })
    }

    #[test]
    fn what_is_missing_in_very_many_places_takes_their_number_and_not_its_square() {
        let all = joined_one_by_one(100_000);
        assert!(all.value().is_none());
        assert!(all.gaps().len() <= MOST_GAPS + 1);
        // Of as many as people have, none is left out.
        assert_eq!(joined_one_by_one(400).gaps().len(), 400);
    }
}
