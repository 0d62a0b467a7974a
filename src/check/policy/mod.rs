//! What an organisation decided: waivers, and attestations of what no object can prove.
//!
//! Both mark findings and remove none. It must not know where they were read, nor what a verdict makes of a mark.

pub(super) mod exception;
mod glob;
mod review;

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::report::finding::{Finding, FindingOutcome, FindingSubject, SuppressedBy, Suppression};
use crate::rule::Weight;
use crate::source::{SourceId, Span};

pub use glob::{Glob, GlobError};
pub(super) use review::findings;

/// What is set aside by decision.
#[derive(Debug)]
pub struct Policy {
    /// The text that it was read from, by its place in the run's list.
    pub source: SourceId,
    /// The day of the run, UTC.
    pub today: Date,
    /// Findings that are accepted for a time.
    pub waivers: Vec<Waiver>,
    /// Statements of people.
    pub attestations: Vec<Attestation>,
    /// What it leaves out of the input.
    pub exclusion: Option<Exclusion>,
}

/// Files that a configuration leaves out.
#[derive(Debug)]
pub struct Exclusion {
    /// Their uris, in order; never empty.
    pub files: Vec<String>,
    /// Where that is written.
    pub place: Place,
}

/// Findings that somebody accepts until a day.
#[derive(Debug)]
pub struct Waiver {
    /// The rules.
    pub rules: Vec<String>,
    /// About whom.
    pub subject: Selector,
    /// Why.
    pub reason: Arc<str>,
    /// The last day on which it holds, UTC.
    pub expires: Date,
    /// Where it is written.
    pub place: Place,
}

/// What somebody says of something that no object shows.
#[derive(Debug)]
pub struct Attestation {
    /// The rules whose findings it answers.
    pub rules: Vec<String>,
    /// About whom.
    pub subject: Selector,
    /// What is said.
    pub statement: Arc<str>,
    /// Who says it.
    pub by: Arc<str>,
    /// When it was true.
    pub date: Date,
    /// How it is known.
    pub reason: Arc<str>,
    /// The last day on which it holds, UTC; none if it does not end.
    pub expires: Option<Date>,
    /// Where it is written.
    pub place: Place,
}

/// Where an entry of the policy is written.
#[derive(Clone, Debug)]
pub struct Place {
    /// Bytes of the text.
    pub bytes: Range<u32>,
    /// `uri:line`.
    pub named: Arc<str>,
}

/// Whom an entry is about: every pattern that is given must match.
#[derive(Debug, Default)]
pub struct Selector {
    /// `Pgcluster` or `PostgresCluster`.
    pub kind: Option<Glob>,
    /// Of the subject.
    pub namespace: Option<Glob>,
    /// Of the subject.
    pub name: Option<Glob>,
    /// The Kubernetes cluster: a context or a bundle's path; empty for loose files.
    pub origin: Option<Glob>,
}

impl Selector {
    fn selects(&self, subject: &FindingSubject) -> bool {
        let fits =
            |glob: &Option<Glob>, text: &str| glob.as_ref().is_none_or(|glob| glob.matches(text));
        fits(&self.kind, &subject.kind)
            && fits(&self.namespace, &subject.namespace)
            && fits(&self.name, &subject.name)
            && fits(&self.origin, &subject.origin)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            source: SourceId(u32::MAX),
            today: Date::MAX,
            waivers: Vec::new(),
            attestations: Vec::new(),
            exclusion: None,
        }
    }
}

impl Policy {
    /// Says on which day it is judged.
    #[must_use]
    pub fn on(mut self, now: Timestamp) -> Self {
        self.today = now.to_zoned(TimeZone::UTC).date();
        self
    }

    /// Marks a finding that a waiver covers or an attestation answers.
    pub(super) fn mark(&self, finding: &mut Finding) {
        let waiver = self.waivers.iter().find(|waiver| {
            waiver.expires >= self.today
                && waiver.rules.iter().any(|rule| **rule == *finding.rule)
                && waiver.subject.selects(&finding.subject)
        });
        if let Some(waiver) = waiver {
            finding.suppressed = Some(Arc::new(Suppression {
                by: SuppressedBy::Waiver {
                    until: waiver.expires,
                },
                span: Some(self.span(&waiver.place)),
                place: Arc::clone(&waiver.place.named),
                reason: Arc::clone(&waiver.reason),
            }));
            return;
        }
        if contradicts(finding) {
            return;
        }
        let answer = self
            .attestations
            .iter()
            .find(|attestation| self.answers(attestation, finding));
        if let Some(attestation) = answer {
            finding.suppressed = Some(Arc::new(Suppression {
                by: SuppressedBy::Attestation {
                    who: Arc::clone(&attestation.by),
                    on: attestation.date,
                    states: Arc::clone(&attestation.statement),
                },
                span: Some(self.span(&attestation.place)),
                place: Arc::clone(&attestation.place.named),
                reason: Arc::clone(&attestation.reason),
            }));
        }
    }

    fn answers(&self, attestation: &Attestation, finding: &Finding) -> bool {
        self.holds(attestation)
            && attestation.rules.iter().any(|rule| **rule == *finding.rule)
            && attestation.subject.selects(&finding.subject)
    }

    fn holds(&self, attestation: &Attestation) -> bool {
        attestation.date <= self.today && attestation.expires.is_none_or(|last| last >= self.today)
    }

    fn span(&self, place: &Place) -> Span {
        Span {
            source: self.source,
            start: place.bytes.start,
            end: place.bytes.end,
        }
    }
}

/// Whether the objects show the opposite of what anybody could state: a word does not outweigh them.
fn contradicts(finding: &Finding) -> bool {
    finding.outcome == FindingOutcome::Fires && finding.effect.heaviest() >= Weight::Block
}
