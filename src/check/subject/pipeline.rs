//! The one way of every subject through its rules: each is asked, what came of it becomes a finding, exceptions mark it,
//! and the findings are put in the order they are told. What a kind has of its own comes in between.

use std::sync::Arc;

use super::kind::{Judge, anchor};
use crate::allowance::Room;
use crate::check::judge::finding::findings;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::{Ruling, bugs};
use crate::check::policy::exception::Exceptions;
use crate::check::report::finding::{Finding, FindingSubject};
use crate::rule::{Phase, Rule, RuleSet};

/// A subject's report, its findings (the report's indices count from 0 within them), and faults of rules.
pub(in crate::check) struct Judged<R> {
    pub(in crate::check) report: R,
    pub(in crate::check) findings: Vec<Finding>,
    pub(in crate::check) bugs: Vec<String>,
}

/// One subject on its way: its rules were asked.
pub(in crate::check) struct Asked<'s, 'a, 'r, J: Judge> {
    pub(in crate::check) lookup: SubjectLookup<'s, 'a, J>,
    pub(in crate::check) subject: Arc<FindingSubject>,
    pub(in crate::check) rulings: Vec<Ruling<'r>>,
    /// For each ruling its finding, if there is one; what a kind finds besides goes to the end.
    pub(in crate::check) found: Vec<Option<Finding>>,
}

/// One subject at the end of its way.
pub(in crate::check) struct Told<'s, 'a, 'r, J: Judge> {
    pub(in crate::check) lookup: SubjectLookup<'s, 'a, J>,
    pub(in crate::check) subject: Arc<FindingSubject>,
    pub(in crate::check) rulings: Vec<Ruling<'r>>,
    /// In the order they are told.
    pub(in crate::check) findings: Vec<Finding>,
    /// For each ruling the position of its finding.
    pub(in crate::check) indices: Vec<Option<usize>>,
    pub(in crate::check) bugs: Vec<String>,
}

impl<'s, 'a, 'r, J: Judge> Asked<'s, 'a, 'r, J> {
    /// Asks the rules about a subject of this kind, by `ask`, and makes findings of what came of them; where the run has no room
    /// for them, it is said that it was not judged.
    pub(in crate::check) fn of(
        of: &'s J::Of<'a>,
        rules: &'r RuleSet,
        exceptions: Exceptions<'_>,
        room: Room,
        ask: impl Fn(&'r Rule, &SubjectLookup<'_, '_, J>, &mut Vec<Ruling<'r>>),
    ) -> Self {
        let lookup = J::lookup(of).within(room);
        let subject = Arc::new(J::subject(of));
        let anchor = anchor::<J>(of, Arc::clone(&subject));
        let about = rules.rules().iter().filter(|rule| rule.subject == J::KIND);
        // Most rules come to one ruling.
        let mut rulings = Vec::with_capacity(about.clone().count());
        for rule in about {
            ask(rule, &lookup, &mut rulings);
        }
        let found = findings(&mut rulings, &lookup, &anchor, exceptions);
        Asked {
            lookup,
            subject,
            rulings,
            found,
        }
    }

    /// Puts the findings in the order they are told.
    pub(in crate::check) fn told(self, rules: &RuleSet) -> Told<'s, 'a, 'r, J> {
        let phase = |at: usize, finding: &Finding| match self.rulings.get(at) {
            Some(ruling) => Some(ruling.rule.phase),
            None => rules.get(&finding.rule).map(|rule| rule.phase),
        };
        let (findings, indices) = in_order(self.found, &phase);
        Told {
            bugs: bugs(&self.rulings, &self.subject).collect(),
            lookup: self.lookup,
            subject: self.subject,
            rulings: self.rulings,
            findings,
            indices,
        }
    }
}

impl<J: Judge> Told<'_, '_, '_, J> {
    /// With the report that was made of it.
    pub(in crate::check) fn with<R>(self, report: R) -> Judged<R> {
        Judged {
            report,
            findings: self.findings,
            bugs: self.bugs,
        }
    }
}

/// Findings in the order they are told (by what they do to the verdict, then by the phase that `phase` gives for their
/// positions, then by id), and for each ruling the position of its finding.
fn in_order(
    mut found: Vec<Option<Finding>>,
    phase: &dyn Fn(usize, &Finding) -> Option<Phase>,
) -> (Vec<Finding>, Vec<Option<usize>>) {
    // Positions are sorted, since findings are large.
    let key = |index: usize| {
        let finding = found.get(index)?.as_ref()?;
        let weight = std::cmp::Reverse(finding.effect.heaviest());
        Some((
            finding.outcome,
            weight,
            phase(index, finding),
            &*finding.rule,
        ))
    };
    // Each key once.
    let mut keyed: Vec<_> = (0..found.len())
        .filter_map(|at| Some((key(at)?, at)))
        .collect();
    keyed.sort();
    let order: Vec<usize> = keyed.into_iter().map(|(_, at)| at).collect();
    let mut indices = vec![None; found.len()];
    let mut told = Vec::with_capacity(order.len());
    for index in order {
        if let (Some(slot), Some(finding)) = (indices.get_mut(index), found.get_mut(index)) {
            *slot = Some(told.len());
            told.extend(finding.take());
        }
    }
    (told, indices)
}
