//! Which of several objects is believed when each can tell a fact: what runs outranks what was asked for.
//!
//! It must not know any object or setting.

use std::sync::{Arc, Mutex, PoisonError};

use super::subject::Subject;
use crate::manifest::{Evidence, Fact, Gap, Gaps, Truth};

/// How far a kind of object is believed; the best comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// What runs: Deployments, pods, Patroni's own configuration.
    Runs,
    /// What PGO keeps of what it made run: Secrets, ConfigMaps, claims.
    Kept,
    /// What was asked for: the Pgcluster.
    Wish,
    /// What the operator's own settings say.
    Operator,
    /// What PGO does where nobody says anything.
    Default,
}

impl Trust {
    /// As documentation prints it.
    pub fn name(self) -> &'static str {
        match self {
            Trust::Runs => "runs",
            Trust::Kept => "kept",
            Trust::Wish => "wish",
            Trust::Operator => "operator",
            Trust::Default => "default",
        }
    }
}

/// What a source says.
#[derive(Clone, Debug)]
pub enum Answer {
    /// It says so; `""` is "none of it".
    Says(Truth<String>),
    /// It was seen, and says nothing.
    Silent(Truth<()>),
    /// It was not seen: the next one counts, as an assumption.
    Unseen(Gaps),
    /// It was seen, but what it says cannot be read from it (a digest, a value taken from a Secret): the next one
    /// counts, as an assumption.
    Mute(Gaps),
    /// It says several things, or something that makes no sense: nothing below it can settle that.
    Unclear(Gaps),
}

impl From<Fact<Option<String>>> for Answer {
    /// For a source whose unknowns are all for want of the object.
    fn from(said: Fact<Option<String>>) -> Self {
        match said {
            Fact::Unknown(gaps) => Answer::Unseen(gaps),
            Fact::Known(Truth {
                value,
                evidence,
                assumes,
            }) => match value {
                Some(value) => Answer::Says(Truth {
                    value,
                    evidence,
                    assumes,
                }),
                None => Answer::Silent(Truth {
                    value: (),
                    evidence,
                    assumes,
                }),
            },
        }
    }
}

/// One place that can tell.
pub struct Source<S: Subject> {
    /// How far it is believed.
    pub trust: Trust,
    /// The place in words: "spec.backrestS3Bucket".
    pub place: &'static str,
    /// What it says of a subject, in the one form that all sources of the fact use.
    pub says: for<'a> fn(&S::Of<'a>) -> Answer,
}

/// The places that can tell one thing, the most trusted first.
pub struct Order<S: Subject> {
    /// What they tell: "the bucket".
    pub what: &'static str,
    /// Whether two texts mean the same.
    pub same: fn(&str, &str) -> bool,
    /// In the order of trust.
    pub sources: &'static [Source<S>],
}

/// A less trusted source that says otherwise.
#[derive(Clone, Debug)]
pub struct Dissent {
    /// The place in words.
    pub place: &'static str,
    /// What it says.
    pub text: String,
    /// Where.
    pub evidence: Option<Evidence>,
}

/// What came of asking all sources.
#[derive(Clone, Debug)]
pub struct Told {
    /// What the most trusted source that says anything says; `None` where all are silent. Silence is unknown as long as a
    /// source was not seen.
    pub value: Fact<Option<String>>,
    /// Who said it.
    pub by: Option<(Trust, &'static str)>,
    /// Who was asked for or kept otherwise.
    pub against: Vec<Dissent>,
    /// Why a more trusted source was not heard, if one was not.
    pub unseen: Option<Gaps>,
    /// Why a less trusted source cannot be compared: it says several things, or what makes no sense.
    pub unheard: Option<Gaps>,
    /// Why what runs was not seen, if it was not.
    pub runs_unseen: Option<Gaps>,
    /// Why a more trusted source that was seen could not tell.
    pub mute: Option<Gaps>,
}

/// What came of asking, kept: many facts rest on the same.
pub struct Heard<S: Subject>(Mutex<Vec<(&'static Order<S>, Arc<Told>)>>);

impl<S: Subject> Default for Heard<S> {
    fn default() -> Self {
        Heard(Mutex::default())
    }
}

impl<S: Subject> Heard<S> {
    /// What the sources say of the subject that this belongs to; asked only once.
    pub fn of(&self, order: &'static Order<S>, subject: &S::Of<'_>) -> Arc<Told> {
        if let Some(told) = self.kept(order) {
            return told;
        }
        // Not under the lock: a source may ask another order.
        let told = Arc::new(order.tell(subject));
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((order, Arc::clone(&told)));
        told
    }

    fn kept(&self, order: &'static Order<S>) -> Option<Arc<Told>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(other, _)| std::ptr::eq(*other, order));
        found.map(|(_, told)| Arc::clone(told))
    }
}

impl<S: Subject> Order<S> {
    /// Asks the sources in their order.
    pub fn tell(&self, subject: &S::Of<'_>) -> Told {
        self.tell_without(subject, 0)
    }

    /// Asks the sources in their order as if the first ones, `hidden` of them, were in no object.
    pub fn tell_without(&self, subject: &S::Of<'_>, hidden: usize) -> Told {
        let mut told = Told {
            value: Fact::known(None),
            by: None,
            against: Vec::new(),
            unheard: None,
            unseen: None,
            runs_unseen: None,
            mute: None,
        };
        for source in self.sources.iter().skip(hidden) {
            match told.by {
                None => {
                    if !told.hear(source.trust, source.place, (source.says)(subject)) {
                        return told;
                    }
                }
                // What stands in for words that nobody said contradicts nothing.
                Some(_) if source.trust <= Trust::Wish => {
                    self.compare(&mut told, source, (source.says)(subject));
                }
                Some(_) => break,
            }
        }
        if told.by.is_none() {
            let mut gaps: Vec<Gap> = Vec::new();
            for missing in [&told.unseen, &told.mute].into_iter().flatten() {
                gaps.extend(missing.iter().cloned());
            }
            if !gaps.is_empty() {
                told.value = Fact::Unknown(gaps.into());
            }
        }
        told
    }

    fn compare(&self, told: &mut Told, source: &Source<S>, answer: Answer) {
        if let Answer::Unclear(gaps) = answer {
            told.unheard = Some(more(told.unheard.take(), gaps));
            return;
        }
        let (Answer::Says(other), Fact::Known(truth)) = (answer, &mut told.value) else {
            return;
        };
        let Some(text) = &truth.value else { return };
        // A less trusted "none of it" is what an object says that was made before there was any.
        if other.value.is_empty() {
            return;
        }
        if (self.same)(text, &other.value) {
            truth.evidence.extend(other.evidence);
            return;
        }
        told.against.push(Dissent {
            place: source.place,
            text: other.value,
            evidence: other.evidence.first().copied(),
        });
    }
}

impl Told {
    /// Takes an answer in; false where nothing below can settle what it leaves open.
    fn hear(&mut self, trust: Trust, place: &'static str, answer: Answer) -> bool {
        match answer {
            Answer::Says(truth) => {
                if trust == Trust::Runs {
                    self.runs_unseen = None;
                }
                self.value = Fact::Known(truth).map(Some);
                self.by = Some((trust, place));
            }
            Answer::Silent(truth) => {
                if let Fact::Known(silence) = &mut self.value {
                    silence.evidence.extend(truth.evidence);
                    silence.assumes.extend(truth.assumes);
                }
            }
            Answer::Unseen(gaps) => {
                if trust == Trust::Runs {
                    self.runs_unseen = Some(more(self.runs_unseen.take(), gaps.clone()));
                }
                self.unseen = Some(more(self.unseen.take(), gaps));
            }
            Answer::Mute(gaps) => self.mute = Some(more(self.mute.take(), gaps)),
            Answer::Unclear(gaps) => {
                self.value = Fact::Unknown(gaps);
                return false;
            }
        }
        true
    }
}

fn more(gaps: Option<Gaps>, others: Gaps) -> Gaps {
    let Some(gaps) = gaps else { return others };
    let mut all = gaps.to_vec();
    for gap in others.iter() {
        if !all.contains(gap) {
            all.push(gap.clone());
        }
    }
    all.into()
}
