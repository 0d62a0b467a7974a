//! What many findings and clusters say alike, said once in the JSON report and named there by id: what could not be seen, what
//! to do, and what verdicts take for granted. A [`Document`] holds the texts themselves; ids stand only on paper.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::Hash;

use super::effect::Effect;
use super::finding::{Finding, Gap, RuleText, Text};
use super::remedy::{Seeker, named, shared};
use super::shape::{Cluster, Document, Living};
use crate::check::FindingOutcome;
use crate::hashing::HashMap;

/// The texts that a report shares, numbered as they come.
#[derive(Debug, Default)]
pub(in crate::render) struct Shared<'a> {
    questions: Numbered<Gap<'a>>,
    remedies: Numbered<Text<'a>>,
    seeker: Seeker,
    assumptions: Numbered<Text<'a>>,
    /// The texts of the rules that are in the report, each with what its first finding means.
    rules: BTreeMap<Text<'a>, RuleText<'a>>,
}

impl<'a> Shared<'a> {
    /// Nothing yet, of a report with the texts of these rules.
    pub(in crate::render) fn of(rules: impl Iterator<Item = (Text<'a>, RuleText<'a>)>) -> Self {
        Shared {
            rules: rules.collect(),
            ..Shared::default()
        }
    }

    /// A finding that names its questions and its remedy, and tells its effect, and what is undecided, where these are not
    /// its rule's.
    pub(in crate::render) fn finding(&mut self, mut finding: Finding<'a>) -> Finding<'a> {
        if let Some(rule) = self.rules.get_mut(&finding.rule) {
            if rule.effect.heaviest().is_none() {
                rule.effect = finding.effect;
            }
            // One without any weight is written as such: left out it would be its rule's.
            finding.effect = match finding.effect.heaviest() {
                None => finding.effect.told(),
                Some(_) if rule.effect == finding.effect => Effect::default(),
                Some(_) => finding.effect,
            };
            if finding.outcome == FindingOutcome::Unknown && rule.asks(&finding.message) {
                finding.message = Text::default();
            }
        }
        let gaps = std::mem::take(&mut finding.gaps).into_iter();
        finding.questions = gaps.map(|gap| id('q', self.questions.of(gap))).collect();
        let fix = std::mem::take(&mut finding.fix);
        if !fix.is_empty() {
            let text = Cow::Owned(shared(&fix, &finding.subject, &mut self.seeker));
            finding.remedy = id('r', self.remedies.of(text));
        }
        finding
    }

    /// The texts of the rules, with the effect that their findings have if they do not tell another.
    pub(in crate::render) fn rules(&mut self) -> BTreeMap<Text<'a>, RuleText<'a>> {
        std::mem::take(&mut self.rules)
    }

    /// A cluster that names what its methods take for granted.
    pub(in crate::render) fn cluster(&mut self, mut cluster: Cluster<'a>) -> Cluster<'a> {
        for judged in cluster.methods.values_mut() {
            self.assumed(&mut judged.assumes);
        }
        cluster
    }

    /// The same of the upgrade of a living cluster.
    pub(in crate::render) fn living(&mut self, mut living: Living<'a>) -> Living<'a> {
        if let Some(upgrade) = &mut living.upgrade {
            self.assumed(&mut upgrade.assumes);
        }
        living
    }

    fn assumed(&mut self, assumes: &mut [Text<'a>]) {
        for one in assumes {
            let text = std::mem::take(one);
            *one = id('a', self.assumptions.of(text));
        }
    }

    /// What could not be seen, by id.
    pub(in crate::render) fn questions(&mut self) -> BTreeMap<Text<'a>, Gap<'a>> {
        self.questions.by_id('q')
    }

    /// What to do, by id, with `{subject.name}` and `{subject.namespace}` for those of the finding.
    pub(in crate::render) fn remedies(&mut self) -> BTreeMap<Text<'a>, Text<'a>> {
        self.remedies.by_id('r')
    }

    /// What is taken for granted, by id.
    pub(in crate::render) fn assumptions(&mut self) -> BTreeMap<Text<'a>, Text<'a>> {
        self.assumptions.by_id('a')
    }
}

#[derive(Debug)]
struct Numbered<T>(HashMap<T, usize>);

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Numbered(HashMap::default())
    }
}

impl<T: Eq + Hash> Numbered<T> {
    fn of(&mut self, text: T) -> usize {
        let next = self.0.len() + 1;
        *self.0.entry(text).or_insert(next)
    }

    fn by_id<'a>(&mut self, letter: char) -> BTreeMap<Text<'a>, T> {
        let numbered = std::mem::take(&mut self.0).into_iter();
        numbered
            .map(|(text, number)| (id(letter, number), text))
            .collect()
    }
}

/// As short as can be: there are as many of them as there are findings and gaps.
fn id<'a>(letter: char, number: usize) -> Text<'a> {
    let mut id = String::with_capacity(8);
    id.push(letter);
    id.push_str(&number.to_string());
    Cow::Owned(id)
}

/// How many bytes a report may hold that stand in it once and are meant many times, for each byte of its own: real ones hold
/// about one, and a small file must not fill the memory.
const UNFOLDED: usize = 32;

/// A report may always hold as many bytes of shared texts.
const UNFOLDED_AT_LEAST: usize = 16 << 20;

impl Document<'_> {
    /// Puts the texts where only their ids stand. `None`: a text of this length in bytes would become far too long.
    pub(super) fn resolve(&mut self, length: usize) -> Option<()> {
        let mut left = UNFOLDED_AT_LEAST.max(length.saturating_mul(UNFOLDED));
        let assumptions = std::mem::take(&mut self.assumptions);
        let of_clusters = self.clusters.iter_mut();
        let of_clusters = of_clusters.flat_map(|one| one.methods.values_mut());
        let upgrades = self
            .living
            .iter_mut()
            .filter_map(|one| one.upgrade.as_mut());
        let assumes = of_clusters.flat_map(|judged| &mut judged.assumes);
        for one in assumes.chain(upgrades.flat_map(|upgrade| &mut upgrade.assumes)) {
            if let Some(text) = assumptions.get(one) {
                left = left.checked_sub(text.len())?;
                *one = text.clone();
            }
        }
        let questions = std::mem::take(&mut self.questions);
        let remedies = std::mem::take(&mut self.remedies);
        for finding in &mut self.findings {
            for label in &mut finding.labels {
                label.end_line = label.end_line.max(label.start_line);
            }
            for gap in finding
                .questions
                .drain(..)
                .filter_map(|id| questions.get(&id))
            {
                left = left.checked_sub(gap.missing.len() + gap.because.len() + gap.ask.len())?;
                finding.gaps.push(gap.clone());
            }
            if let Some(text) = remedies.get(&std::mem::take(&mut finding.remedy)) {
                left = left.checked_sub(text.len())?;
                finding.fix = Cow::Owned(named(text, &finding.subject, &mut left)?);
            }
            let rule = self.rules.get(&finding.rule);
            finding.effect = if finding.effect.is_left_out() {
                rule.map(|rule| rule.effect).unwrap_or_default()
            } else {
                finding.effect
            }
            .as_meant();
            let silent = finding.outcome == FindingOutcome::Unknown && finding.message.is_empty();
            if let (true, Some(rule)) = (silent, rule) {
                finding.message = Cow::Owned(rule.undecided());
                left = left.checked_sub(finding.message.len())?;
            }
            if finding.source.is_none() {
                finding.source = rule.and_then(|rule| rule.source.clone());
                left = left.checked_sub(finding.source.as_deref().map_or(0, str::len))?;
            }
        }
        for rule in self.rules.values_mut() {
            rule.effect = Effect::default();
        }
        Some(())
    }
}
