//! What is wrong with a policy: waivers that have run out, attestations that the objects contradict.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::report::{CONFIGURATION, Report};
use super::{Place, Policy, contradicts};
use crate::check::report::finding::{Finding, FindingSubject, Label};
use crate::check::report::fingerprint::Fingerprint;
use crate::rule::{Effect, Rule, RuleSet, Weight};

/// Findings about the policy itself, after everything else was found.
pub(in super::super) fn findings(
    report: &Report,
    policy: &Policy,
    rules: &RuleSet,
) -> Vec<Finding> {
    let Some(source) = report.sources.get(policy.source.0 as usize) else {
        return Vec::new();
    };
    let subject = Arc::new(FindingSubject {
        origin: String::new(),
        kind: CONFIGURATION.to_owned(),
        namespace: String::new(),
        name: source.uri.clone(),
    });
    let review = Review {
        policy,
        rules,
        subject,
    };
    let mut found = Vec::new();
    for waiver in &policy.waivers {
        if waiver.expires < policy.today {
            let message = format!(
                "the waiver of {} ran out on {}: {}",
                waiver.rules.join(", "),
                waiver.expires,
                waiver.reason
            );
            found.extend(review.finding("waiver-expired", &waiver.place, message));
        }
    }
    for attestation in &policy.attestations {
        if !policy.holds(attestation) {
            let message = format!(
                "\"{}\" ({}, {}) does not hold on {}",
                attestation.statement, attestation.by, attestation.date, policy.today
            );
            found.extend(review.finding("attestation-not-in-force", &attestation.place, message));
        }
        let outweighed = report.findings.iter().find(|finding| {
            finding.counts() && contradicts(finding) && policy.answers(attestation, finding)
        });
        if let Some(finding) = outweighed {
            let message = format!(
                "\"{}\" ({}) does not answer {}: the objects show that it fires for {} {}",
                attestation.statement,
                attestation.by,
                finding.rule,
                finding.subject.kind,
                finding.subject.name
            );
            found.extend(review.finding("attestation-contradicted", &attestation.place, message));
        }
    }
    if let Some(exclusion) = &policy.exclusion {
        found.extend(review.finding(
            "input-excluded",
            &exclusion.place,
            left_out(&exclusion.files),
        ));
    }
    found
}

/// How many files are named.
const NAMED: usize = 10;

fn left_out(files: &[String]) -> String {
    let named = files.iter().take(NAMED).map(String::as_str);
    let mut named = named.collect::<Vec<_>>().join(", ");
    if files.len() > NAMED {
        named.push_str(&format!(" and {} more", files.len() - NAMED));
    }
    format!("left out of the input: {named}; what they hold counts as unseen")
}

struct Review<'a> {
    policy: &'a Policy,
    rules: &'a RuleSet,
    subject: Arc<FindingSubject>,
}

impl Review<'_> {
    fn finding(&self, rule: &str, place: &Place, message: String) -> Option<Finding> {
        let rule: &Rule = self.rules.get(rule)?;
        let weight = match rule.effect.heaviest() {
            Weight::Block | Weight::Error => Weight::Error,
            lighter => lighter,
        };
        let effect = Effect::Draft(weight);
        Some(Finding {
            id: Fingerprint::of(&[&rule.id, &self.subject.name, &message]),
            message: message.into(),
            labels: vec![Label {
                span: self.policy.span(place),
                primary: true,
                message: Cow::Borrowed(""),
            }],
            fix: rule.fix_text().into(),
            ..Finding::of(&rule.id, Arc::clone(&self.subject), effect, &[])
        })
    }
}
