//! One subject against the rules: what came of each, and its finding.

pub(super) mod asked;
pub(super) mod cause;
pub(super) mod client;
pub(super) mod context;
pub(super) mod doubt;
pub(super) mod finding;
pub(super) mod folder;
pub(super) mod fragment;
pub(super) mod label;
mod lift;
pub(super) mod lookup;
pub(super) mod methods;
pub(super) mod remedy;
pub(super) mod rendered;
pub(super) mod schema;
mod spent;
pub(super) mod twice;

use std::sync::Arc;

use super::report::finding::{FindingSubject, Suppression};
use crate::allowance::Room;
use crate::expr::{Evaluation, Lookup, Name, Outcome, Reads, Value};
use crate::fact::Subject;
use crate::fact::v4::TargetSet;
use crate::manifest::{Fact, Gaps};
use crate::rule::{Effect, Rule};
use lookup::{Item, SubjectLookup};

/// What came of one rule for one subject, before it is known which target it will be.
pub(super) struct Ruling<'r> {
    pub(super) rule: &'r Rule,
    /// What remains of the rule's effect for the selected methods.
    pub(super) effect: Effect,
    /// What of the subject it is about, where the rule goes over a list.
    pub(super) item: Option<Item>,
    pub(super) evaluation: Evaluation,
    /// Whether the rule concerns one of the candidate targets.
    pub(super) in_target: bool,
    /// Whether it concerns only some of them.
    pub(super) in_some: bool,
    /// Who set its finding aside.
    pub(super) suppressed: Option<Arc<Suppression>>,
}

/// Evaluates a rule and adds what came of it: a ruling for the subject, or with `each` one for each element for which it does not pass, and one
/// for all where it passes throughout. `version` names the fact that tells the subject's own PGO version, for rules that
/// hold for some releases only: its v4, or for an upgrade the v5 that runs.
pub(super) fn add_rulings<'r, S: Subject>(
    rule: &'r Rule,
    effect: Effect,
    lookup: &SubjectLookup<'_, '_, S>,
    version: Option<&str>,
    target: &TargetSet,
    rulings: &mut Vec<Ruling<'r>>,
) {
    if lookup.room() == Room::Spent {
        let ruling = |evaluation| Ruling {
            rule,
            effect,
            item: None,
            evaluation,
            in_target: true,
            in_some: false,
            suppressed: None,
        };
        rulings.extend(spent::by_the_run(&rule.id).map(ruling));
        return;
    }
    if rule.when_text().is_none() {
        return;
    }
    let Concerns {
        in_target,
        in_some,
        unnamed,
    } = concerns(rule, target);
    let own_version = match rule.v4.as_ref().or(rule.from.as_ref()) {
        None => Applies::Yes,
        Some(range) => match version.and_then(|name| lookup.named(name)) {
            Some(Fact::Known(truth)) => match truth.value {
                Value::Version(version) if range.contains(version) => Applies::Yes,
                _ => Applies::No,
            },
            Some(Fact::Unknown(gaps)) => Applies::Unknown(gaps.clone()),
            None => Applies::Yes,
        },
    };
    if matches!(own_version, Applies::No) {
        return;
    }
    let evaluate = |names: &dyn Lookup| {
        let mut evaluation = evaluate_within(rule, names, lookup);
        if let Some(gaps) = &unnamed {
            undecided_by_version(&mut evaluation, gaps);
        }
        if let Applies::Unknown(gaps) = &own_version {
            undecided_by_version(&mut evaluation, gaps);
        }
        evaluation
    };
    let mut add = |item: Option<Item>, evaluation| {
        rulings.push(Ruling {
            rule,
            effect,
            item,
            evaluation,
            in_target,
            in_some,
            suppressed: None,
        });
    };
    match rule.each() {
        None => add(None, evaluate(lookup)),
        Some(list) => of_each(list, lookup, &evaluate, &mut add),
    }
}

/// Evaluates a rule's condition by these names in what is left of the steps that all rules may take for the subject.
fn evaluate_within<S: Subject>(
    rule: &Rule,
    names: &dyn Lookup,
    lookup: &SubjectLookup<'_, '_, S>,
) -> Evaluation {
    let left = lookup.steps_left();
    let when = match rule.when() {
        Some(Ok(when)) if left > 0 => when,
        Some(Err(error)) => {
            return Evaluation {
                outcome: Outcome::Bug(error.to_string()),
                reads: Reads::new(),
            };
        }
        _ => return spent::by_its_rules(),
    };
    let (evaluation, steps) = when.eval_within(names, left);
    lookup.took(steps);
    // Others took what this rule needed: it is not at fault.
    let is_cut_short = steps >= left && matches!(evaluation.outcome, Outcome::Bug(_));
    if is_cut_short {
        spent::by_its_rules()
    } else {
        evaluation
    }
}

/// Adds the elements for which a rule does not pass; where it passes for all, that it does, and by what.
fn of_each<S: Subject>(
    list: u16,
    lookup: &SubjectLookup<'_, '_, S>,
    evaluate: &dyn Fn(&dyn Lookup) -> Evaluation,
    add: &mut dyn FnMut(Option<Item>, Evaluation),
) {
    let elements = lookup.elements(list);
    let unknown = match &*elements {
        Fact::Unknown(gaps) => Some(Fact::Unknown(Arc::clone(gaps))),
        Fact::Known(_) => None,
    };
    let known = elements.value().into_iter().flatten();
    let known = known.map(|element| Fact::known(Arc::clone(element)));
    let (mut passes, mut passed_by) = (true, Reads::new());
    for item in unknown.into_iter().chain(known) {
        let mut evaluation = evaluate(&lookup.on(Some(&item)));
        if lookup.steps_left() == 0 {
            // Of all that are left it is said once.
            add(None, spent::by_its_rules());
            return;
        }
        if matches!(item, Fact::Unknown(_)) {
            evaluation.reads.push(Name::Fact(list));
        }
        if evaluation.outcome == Outcome::False && passed_by.is_empty() {
            passed_by = evaluation.reads;
        } else if evaluation.outcome == Outcome::False {
            add_reads(&mut passed_by, evaluation.reads);
        } else {
            passes = false;
            add(Some(item), evaluation);
        }
    }
    if passes {
        add_reads(&mut passed_by, [Name::Fact(list)]);
        let passed = Evaluation {
            outcome: Outcome::False,
            reads: passed_by,
        };
        add(None, passed);
    }
}

/// Adds names that are not among them yet.
pub(super) fn add_reads(reads: &mut Reads, more: impl IntoIterator<Item = Name>) {
    for name in more {
        if !reads.contains(&name) {
            reads.push(name);
        }
    }
}

enum Applies {
    Yes,
    No,
    Unknown(Gaps),
}

/// Which of the candidate targets a rule concerns.
struct Concerns {
    /// Whether it concerns one of them.
    in_target: bool,
    /// Whether there are some that it does not concern.
    in_some: bool,
    /// Where it concerns only some of them, and what would name the one was withheld, why that is open.
    unnamed: Option<Gaps>,
}

fn concerns(rule: &Rule, target: &TargetSet) -> Concerns {
    let releases = || target.releases.iter().map(|release| release.version);
    let range = rule.target.as_ref();
    let in_target = range.is_none_or(|range| releases().any(|release| range.contains(release)));
    let in_some = range.is_some_and(|range| releases().any(|release| !range.contains(release)));
    let open = in_target && in_some && !target.withheld.is_empty();
    Concerns {
        in_target,
        in_some,
        unnamed: open.then(|| target.withheld.iter().cloned().collect()),
    }
}

/// A rule that may or may not concern the subject's version, or the target's, can pass, but not fire.
fn undecided_by_version(evaluation: &mut Evaluation, gaps: &Gaps) {
    match &mut evaluation.outcome {
        Outcome::False | Outcome::Bug(_) => {}
        Outcome::Unknown(more) => *more = gaps.iter().chain(&**more).cloned().collect(),
        outcome @ Outcome::True => *outcome = Outcome::Unknown(Arc::clone(gaps)),
    }
}

/// "rule: what happened, for which subject", for rulings where the rule itself is at fault.
pub(super) fn bugs<'r>(
    rulings: &'r [Ruling<'_>],
    subject: &'r FindingSubject,
) -> impl Iterator<Item = String> + 'r {
    rulings
        .iter()
        .filter_map(move |ruling| match &ruling.evaluation.outcome {
            Outcome::Bug(text) => Some(format!(
                "rule {}: {text} (for {} {}/{})",
                ruling.rule.id, subject.kind, subject.namespace, subject.name
            )),
            _ => None,
        })
}
