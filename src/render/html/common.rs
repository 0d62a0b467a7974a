//! What is told of many clusters in the same words: the page says it once with its rule, and each cluster names the rule.

use std::collections::{BTreeMap, HashMap};

use crate::render::document::{Document, Finding};
use crate::render::fleet::{Bearing, bearing};

/// What stands for a cluster's own name in words that hold for many; a rule's own texts write it so, too.
pub(super) const NAME: &str = "<cluster.name>";

/// For each rule the words that most of its findings to be known share, and how many do.
#[derive(Default)]
pub(super) struct Common<'d>(HashMap<&'d str, (String, usize)>);

impl<'d> Common<'d> {
    pub(super) fn of(document: &'d Document<'d>) -> Self {
        let mut counts: BTreeMap<(&str, String), usize> = BTreeMap::new();
        for finding in &document.findings {
            if bearing(finding) == Bearing::Tells && !finding.suppressed() {
                *counts
                    .entry((&finding.rule, in_general(finding)))
                    .or_default() += 1;
            }
        }
        let mut common: HashMap<&str, (String, usize)> = HashMap::new();
        for ((rule, words), count) in counts {
            let most = common.get(rule).map_or(1, |(_, most)| *most);
            if count > most {
                common.insert(rule, (words, count));
            }
        }
        Common(common)
    }

    /// The words that a rule's findings share, and how many share them.
    pub(super) fn of_rule(&self, rule: &str) -> Option<(&str, usize)> {
        let (words, count) = self.0.get(rule)?;
        Some((words, *count))
    }

    /// Whether a finding says just that, of its own subject: then nothing is lost by saying it with the rule.
    pub(super) fn says(&self, finding: &Finding<'_>) -> bool {
        let shared = self.0.get(&*finding.rule);
        shared.is_some_and(|(words, _)| {
            words.replace(NAME, &finding.subject.name) == *finding.message
        })
    }
}

/// A finding's sentence with its subject's name taken out.
pub(super) fn in_general(finding: &Finding<'_>) -> String {
    match &*finding.subject.name {
        "" => finding.message.to_string(),
        name => finding.message.replace(name, NAME),
    }
}
