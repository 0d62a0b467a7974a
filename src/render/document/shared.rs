//! What could not be seen, said once: findings name it by id.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::finding::{Finding, Gap, Text};
use super::shape::Document;

/// The questions of a report, numbered as they come.
#[derive(Debug, Default)]
pub(in crate::render) struct Questions<'a> {
    numbers: HashMap<Gap<'a>, usize>,
}

impl<'a> Questions<'a> {
    /// A finding that names its questions.
    pub(in crate::render) fn named(&mut self, mut finding: Finding<'a>) -> Finding<'a> {
        finding.questions.clear();
        for gap in &finding.gaps {
            let next = self.numbers.len() + 1;
            let number = match self.numbers.get(gap) {
                Some(number) => *number,
                None => *self.numbers.entry(gap.clone()).or_insert(next),
            };
            finding.questions.push(id(number));
        }
        finding
    }

    /// All of them, by id.
    pub(in crate::render) fn by_id(self) -> BTreeMap<Text<'a>, Gap<'a>> {
        let numbered = self.numbers.into_iter();
        numbered.map(|(gap, number)| (id(number), gap)).collect()
    }
}

/// Of equal length up to a million, so that the order of ids is that of numbers.
fn id<'a>(number: usize) -> Text<'a> {
    Cow::Owned(format!("q{number:05}"))
}

impl Document<'_> {
    /// Gives each finding what its ids stand for, and what its rule rests on.
    pub(super) fn resolve(&mut self) {
        let (questions, rules) = (&self.questions, &self.rules);
        for finding in &mut self.findings {
            if finding.gaps.is_empty() {
                let ids = finding.questions.iter();
                finding.gaps = ids.filter_map(|id| questions.get(id).cloned()).collect();
            }
            if finding.source.is_none() {
                let rule = rules.get(&finding.rule);
                finding.source = rule.and_then(|rule| rule.source.clone());
            }
        }
    }

    /// Numbers the questions anew.
    pub(super) fn number_questions(&mut self) {
        let mut questions = Questions::default();
        let findings = std::mem::take(&mut self.findings).into_iter();
        self.findings = findings.map(|one| questions.named(one)).collect();
        self.questions = questions.by_id();
    }
}
