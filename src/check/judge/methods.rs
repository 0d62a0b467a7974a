//! The verdict of each method from what came of the rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Ruling;
use super::lift::by_targets;
use super::lookup::SubjectLookup;
use crate::check::report::method::MethodReport;
use crate::check::report::verdict::Verdict;
use crate::expr::{Outcome, Version};
use crate::fact::Subject;
use crate::manifest::Fact;
use crate::rule::{Method, Weight};
use crate::schema::Release;

/// The verdict per method. What is set aside still keeps a method from being ready: it is an assumption. `indices` gives, for each ruling, the position of its finding.
pub(in crate::check) fn methods<S: Subject>(
    rulings: &[Ruling<'_>],
    indices: &[Option<usize>],
    selected: &[Method],
    lookup: &SubjectLookup<'_, '_, S>,
    known: &[Release],
) -> BTreeMap<Method, MethodReport> {
    selected
        .iter()
        .map(|method| {
            (
                *method,
                judge_method(*method, rulings, indices, lookup, known),
            )
        })
        .collect()
}

fn judge_method<S: Subject>(
    method: Method,
    rulings: &[Ruling<'_>],
    indices: &[Option<usize>],
    lookup: &SubjectLookup<'_, '_, S>,
    known: &[Release],
) -> MethodReport {
    let mut judged = MethodReport {
        verdict: Verdict::Ready,
        findings: Vec::new(),
        assumes: Vec::new(),
        lifted_by: None,
    };
    for (ruling, index) in rulings.iter().zip(indices) {
        let Some(weight) = ruling.effect.on(method).filter(|_| ruling.in_target) else {
            continue;
        };
        // Most rulings have none.
        if let Some(index) = index {
            judged.findings.push(*index);
        }
        let verdict = match (weight, &ruling.evaluation.outcome) {
            (Weight::Block | Weight::Error, Outcome::True) => Verdict::Blocked,
            // A rule at fault has decided nothing: the run fails (exit 2), and no method is ready by it.
            (Weight::Block | Weight::Error, Outcome::Unknown(_) | Outcome::Bug(_)) => {
                Verdict::Unknown
            }
            (Weight::Action, Outcome::True | Outcome::Unknown(_) | Outcome::Bug(_)) => {
                Verdict::Action
            }
            (Weight::Block | Weight::Error | Weight::Action, Outcome::False) => {
                assume(&mut judged.assumes, ruling, lookup);
                Verdict::Ready
            }
            _ => Verdict::Ready,
        };
        judged.verdict = judged.verdict.max(match &ruling.suppressed {
            Some(suppression) if verdict > Verdict::Ready => {
                let words = suppression.words(&ruling.rule.id);
                insert(&mut judged.assumes, &words.into());
                let undecided = matches!(ruling.evaluation.outcome, Outcome::Unknown(_));
                if undecided && suppression.answers() {
                    Verdict::Ready
                } else {
                    verdict.min(Verdict::Action)
                }
            }
            _ => verdict,
        });
    }
    judged.findings.sort_unstable();
    if judged.verdict >= Verdict::Unknown {
        judged.lifted_by = lifted_by(method, rulings, known);
    }
    judged
}

/// What the passing of a rule takes for granted.
fn assume<S: Subject>(
    assumes: &mut Vec<Arc<str>>,
    ruling: &Ruling<'_>,
    lookup: &SubjectLookup<'_, '_, S>,
) {
    for name in &ruling.evaluation.reads {
        if let Fact::Known(truth) = &*lookup.on(ruling.item.as_ref()).kept(name) {
            for assumption in &truth.assumes {
                insert(assumes, assumption);
            }
        }
    }
}

fn insert(assumes: &mut Vec<Arc<str>>, assumption: &Arc<str>) {
    if let Err(place) = assumes.binary_search(assumption) {
        assumes.insert(place, Arc::clone(assumption));
    }
}

/// Which targets would lift every block of a method, in words; `None` where the target has no part in it.
fn lifted_by(method: Method, rulings: &[Ruling<'_>], known: &[Release]) -> Option<String> {
    let blocks = |ruling: &&Ruling<'_>| {
        ruling.effect.on(method) == Some(Weight::Block)
            && ruling.suppressed.is_none()
            && matches!(
                ruling.evaluation.outcome,
                Outcome::True | Outcome::Unknown(_)
            )
    };
    let mut ranged = false;
    for ruling in rulings
        .iter()
        .filter(blocks)
        .filter(|ruling| ruling.in_target)
    {
        ruling.rule.target.as_ref()?;
        ranged = true;
    }
    if !ranged {
        return None;
    }
    let open = |release: &Release| {
        rulings.iter().filter(blocks).all(|ruling| {
            ruling
                .rule
                .target
                .as_ref()
                .is_some_and(|range| !range.contains(release.version))
        })
    };
    let lifting: Vec<&Version> = known
        .iter()
        .filter(|release| open(release))
        .map(|release| &release.version)
        .collect();
    let newest = known.last().map(|release| &release.version);
    Some(by_targets(&lifting, newest))
}
