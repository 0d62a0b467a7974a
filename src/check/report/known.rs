//! A finding of an earlier run, as far as it is kept.

use serde::{Deserialize, Serialize};

use super::finding::{Finding, FindingOutcome};

/// One finding of an earlier run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Its fingerprint.
    pub id: String,
    /// Fired, or could not be decided.
    pub outcome: FindingOutcome,
    /// The rule.
    pub rule: String,
    /// `kind namespace/name`, with the origin where there is one.
    pub subject: String,
    /// The sentence, for people: it does not count when findings are compared.
    pub message: String,
}

impl Known {
    pub(in crate::check) fn of(finding: &Finding) -> Self {
        let subject = &finding.subject;
        let parts = [&subject.origin, &subject.namespace, &subject.name];
        let named: Vec<&str> = parts
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        Known {
            id: finding.id.to_string(),
            outcome: finding.outcome,
            rule: finding.rule.to_string(),
            subject: format!("{} {}", subject.kind, named.join("/")),
            message: finding.message.to_string(),
        }
    }
}
