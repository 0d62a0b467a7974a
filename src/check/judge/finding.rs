//! From what came of a rule to its finding: what is said, where, and what to do.

use std::sync::Arc;

use smallvec::SmallVec;

use super::label::{Pointers, labels};
use super::lookup::SubjectLookup;
use super::{Ruling, client, lift, remedy};
use crate::check::policy::exception::Exceptions;
use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject};
use crate::expr::{ExprError, Lookup, Missing, Name, Outcome, Template, Value, Version};
use crate::fact::Subject;
use crate::manifest::{Fact, Gap, Gaps, Object};
use crate::rule::{Effect, Level, Weight};
use crate::source::Span;

/// Who a finding is about and where it points when nothing else is written down.
pub(in crate::check) struct Anchor<'a> {
    pub(in crate::check) subject: Arc<FindingSubject>,
    pub(in crate::check) object: &'a Object,
    pub(in crate::check) span: Span,
    /// Where in it findings point to.
    pub(in crate::check) pointers: Pointers,
}

/// The finding of a ruling; `None` when the rule passes, does not concern the target, or is itself at fault.
pub(in crate::check) fn finding<S: Subject>(
    ruling: &Ruling<'_>,
    lookup: &SubjectLookup<'_, '_, S>,
    anchor: &Anchor<'_>,
) -> Option<Finding> {
    if !ruling.in_target {
        return None;
    }
    let rule = ruling.rule;
    let (outcome, gaps) = match &ruling.evaluation.outcome {
        Outcome::True => (FindingOutcome::Fires, Gaps::default()),
        Outcome::Unknown(gaps) => (FindingOutcome::Unknown, distinct(gaps)),
        Outcome::False | Outcome::Bug(_) => return None,
    };
    let of_all = lookup;
    let lookup = &lookup.on(ruling.item.as_ref());
    let element = ruling.item.as_ref().and_then(Fact::value);
    let labels = labels(
        names_in_order(ruling)
            .into_iter()
            .map(|name| lookup.kept(name)),
        anchor.span,
        element.map_or(anchor.span, |element| element.place.span),
    );
    let path = labels
        .first()
        .and_then(|label| anchor.pointers.to(anchor.object, label.span))
        .unwrap_or_default();
    let message = match outcome {
        FindingOutcome::Fires => {
            let text = render(rule.message(), lookup, Missing::Words);
            let text = text.unwrap_or_else(|| (*rule.title).into());
            let blocks = ruling.in_some && made_to_block(ruling.effect);
            match lift::of_rule(rule).filter(|_| blocks) {
                Some(lifted) => format!("{text}: {lifted}").into(),
                None => text,
            }
        }
        FindingOutcome::Unknown => rule.undecided().into(),
    };
    let fix = rule.fix().ok().map(|template| match outcome {
        FindingOutcome::Fires => {
            let text = remedy::of_firing(template, lookup);
            if text.contains("pgo ") {
                client::respecting(text, own_client(of_all))
            } else {
                text
            }
        }
        FindingOutcome::Unknown => remedy::of_undecided(template, lookup),
    });
    // Not the place: an undecided finding points elsewhere than the one it becomes, and is the same.
    let apart = element.map_or("", |element| &element.key);
    let made = Finding::of(
        &rule.id,
        Arc::clone(&anchor.subject),
        ruling.effect,
        &[apart],
    );
    Some(Finding {
        outcome,
        level: match outcome {
            FindingOutcome::Fires => made.level,
            FindingOutcome::Unknown => Level::Note,
        },
        path,
        message,
        labels,
        gaps,
        fix: fix.unwrap_or_default(),
        ..made
    })
}

fn made_to_block(effect: Effect) -> bool {
    effect.heaviest() == Weight::Block
}

/// The release of PGO v4 whose client the subject's commands are for, where it is known.
fn own_client<S: Subject>(lookup: &SubjectLookup<'_, '_, S>) -> Option<Version> {
    let mut names = ["cluster.v4", "v4.cluster.v4"].into_iter();
    let fact = names.find_map(|name| lookup.named(name))?;
    match fact.value() {
        Some(Value::Version(version)) => Some(*version),
        _ => None,
    }
}

/// The names whose places are told, in this order: the one that the rule says, those of the element that it is about,
/// and all others that decided.
fn names_in_order<'r>(ruling: &'r Ruling<'_>) -> SmallVec<[&'r Name; 6]> {
    let mut names: SmallVec<[&Name; 6]> = SmallVec::new();
    names.extend(ruling.rule.label_name());
    for of_item in [true, false] {
        let reads = ruling.evaluation.reads.iter();
        for name in reads.filter(|name| matches!(name, Name::Item(_)) == of_item) {
            names.push(name);
        }
    }
    names
}

fn render(
    template: Result<&Template, &ExprError>,
    lookup: &dyn Lookup,
    missing: Missing,
) -> Option<Arc<str>> {
    template
        .ok()
        .map(|template| template.render(lookup, missing))
}

/// Each gap once; mostly they are, and stay shared.
fn distinct(gaps: &Gaps) -> Gaps {
    let is_first = |(index, gap): (usize, &Gap)| !gaps.iter().take(index).any(|one| one == gap);
    if gaps.iter().enumerate().all(is_first) {
        return Arc::clone(gaps);
    }
    let first = gaps.iter().enumerate().filter(|one| is_first(*one));
    first.map(|(_, gap)| gap.clone()).collect()
}

/// The findings of rulings, those that an exception covers marked as such.
pub(in crate::check) fn findings<S: Subject>(
    rulings: &mut [Ruling<'_>],
    lookup: &SubjectLookup<'_, '_, S>,
    anchor: &Anchor<'_>,
    exceptions: Exceptions<'_>,
) -> Vec<Option<Finding>> {
    rulings
        .iter_mut()
        .map(|ruling| {
            let mut finding = finding(ruling, lookup, anchor)?;
            exceptions.mark(&mut finding);
            ruling.suppressed.clone_from(&finding.suppressed);
            Some(finding)
        })
        .collect()
}
