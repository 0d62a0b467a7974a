//! One finding: what a rule, the schema or we ourselves have to say of one subject.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::fingerprint::{Fingerprint, ORIGIN};
use super::level::level;
use crate::manifest::Gaps;
use crate::rule::{Effect, Level, SubjectKind};
use crate::source::Span;

/// What came of a rule for a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FindingOutcome {
    /// The condition holds.
    Fires,
    /// It cannot be decided.
    Unknown,
}

/// One thing to tell.
#[derive(Clone, Debug)]
pub struct Finding {
    /// Fingerprint of rule, kind, namespace, name and, for a rule about the elements of a list, the element's key; for drafts that
    /// share a name also the file, for what the schema says the path. Survives moved lines, and being decided.
    pub id: Fingerprint,
    /// The rule.
    pub rule: Arc<str>,
    /// Fires, or cannot be decided.
    pub outcome: FindingOutcome,
    /// The worst level among the selected methods.
    pub level: Level,
    /// What it means, per selected method or for the draft.
    pub effect: Effect,
    /// What it is about.
    pub subject: Arc<FindingSubject>,
    /// JSON Pointer into the subject; empty where the place lies in another object.
    pub path: String,
    /// One sentence.
    pub message: Arc<str>,
    /// Where; exactly one is primary.
    pub labels: Vec<Label>,
    /// What is missing; empty unless the outcome is unknown.
    pub gaps: Gaps,
    /// What to do, with the cluster's own names.
    pub fix: Arc<str>,
    /// Set where somebody said to set it aside: it is shown as such, and does not count against the run.
    pub suppressed: Option<Arc<Suppression>>,
    /// Set where the run is compared with an earlier one.
    pub baseline: Option<BaselineState>,
}

/// Who set a finding aside, where and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// In what form.
    pub by: SuppressedBy,
    /// The comment or value that says so.
    pub span: Option<Span>,
    /// `uri:line` of it.
    pub place: Arc<str>,
    /// In the author's words; empty where none were given.
    pub reason: Arc<str>,
}

/// In what form somebody set a finding aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SuppressedBy {
    /// A comment `# pgo-preflight: ignore[RULE] reason`.
    Comment,
    /// The annotation `pgo-preflight/ignore`.
    Annotation,
    /// A waiver of the configuration.
    Waiver {
        /// The last day on which it holds.
        until: Date,
    },
    /// An attestation of the configuration.
    Attestation {
        /// Who says so.
        who: Arc<str>,
        /// When it was true.
        on: Date,
        /// What is said.
        states: Arc<str>,
    },
}

impl Suppression {
    /// "RULE is ignored at PLACE (REASON)", for what a verdict takes for granted.
    pub fn words(&self, rule: &str) -> String {
        let place = &self.place;
        let reason = match &*self.reason {
            "" => "no reason given",
            reason => reason,
        };
        match &self.by {
            SuppressedBy::Comment | SuppressedBy::Annotation => {
                format!("{rule} is ignored at {place} ({reason})")
            }
            SuppressedBy::Waiver { until } => {
                format!("{rule} is waived until {until} at {place} ({reason})")
            }
            SuppressedBy::Attestation { who, on, states } => {
                format!("{rule}: {who} attests of {on} that \"{states}\" at {place} ({reason})")
            }
        }
    }

    /// Whether it answers what could not be seen, so that nothing is left open. Everything else only sets aside.
    pub fn answers(&self) -> bool {
        matches!(self.by, SuppressedBy::Attestation { .. })
    }
}

impl SuppressedBy {
    /// As written in reports.
    pub fn name(&self) -> &'static str {
        match self {
            SuppressedBy::Comment => "comment",
            SuppressedBy::Annotation => "annotation",
            SuppressedBy::Waiver { .. } => "waiver",
            SuppressedBy::Attestation { .. } => "attestation",
        }
    }

    /// Whether it stands in the input itself.
    pub fn in_source(&self) -> bool {
        matches!(self, SuppressedBy::Comment | SuppressedBy::Annotation)
    }
}

/// Whether a finding was there in an earlier run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BaselineState {
    /// It is not in the baseline.
    New,
    /// It is.
    Unchanged,
}

impl BaselineState {
    /// As written in reports.
    pub fn name(self) -> &'static str {
        match self {
            BaselineState::New => "new",
            BaselineState::Unchanged => "unchanged",
        }
    }
}

impl FindingSubject {
    /// The kind of subject that it is; `None` where it is another object.
    pub fn judged_as(&self) -> Option<SubjectKind> {
        SubjectKind::named(&self.kind)
    }
}

impl Finding {
    /// What a rule says of a subject, before anything is pointed at: it fires, and weighs what it weighs where no verdict is
    /// known. `apart` tells it from other findings of the rule about the subject, in this run and in later ones: a path, the
    /// key of an element.
    pub(in crate::check) fn of(
        rule: &Arc<str>,
        subject: Arc<FindingSubject>,
        effect: Effect,
        apart: &[&str],
    ) -> Finding {
        let id = {
            let FindingSubject {
                kind,
                namespace,
                name,
                ..
            } = &*subject;
            let about = [&**rule, ORIGIN, kind, namespace, name];
            let parts = about.into_iter().chain(apart.iter().copied());
            Fingerprint::of(&parts.collect::<SmallVec<[&str; 8]>>())
        };
        Finding {
            id,
            rule: Arc::clone(rule),
            outcome: FindingOutcome::Fires,
            level: level(effect.weights(), None),
            effect,
            subject,
            path: String::new(),
            message: Arc::default(),
            labels: Vec::new(),
            gaps: Arc::default(),
            fix: Arc::default(),
            suppressed: None,
            baseline: None,
        }
    }

    /// Whether it counts against the run: nobody set it aside.
    pub fn counts(&self) -> bool {
        self.suppressed.is_none()
    }

    /// Whether it counts and was not there before.
    pub fn is_news(&self) -> bool {
        self.counts() && self.baseline != Some(BaselineState::Unchanged)
    }
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FindingSubject {
    /// Name of the origin.
    pub origin: String,
    /// Kind as written.
    pub kind: String,
    /// Namespace, `""` where none is written.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// A place and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// Whether it is the place that decides.
    pub primary: bool,
    /// What it shows.
    pub message: Cow<'static, str>,
}
