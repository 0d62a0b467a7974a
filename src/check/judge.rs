//! One subject against the rules: what came of each, and its finding.

use std::sync::Arc;

use super::exception::Exceptions;
use super::fingerprint::Fingerprint;
use super::label::{labels, pointer};
use super::lookup::SubjectLookup;
use super::report::{Finding, FindingOutcome, FindingSubject, Suppression};
use crate::expr::{Evaluation, ExprError, Lookup, Missing, Outcome, Reads, Template, Value};
use crate::fact::Subject;
use crate::manifest::{Fact, Gap, Gaps, Object};
use crate::rule::{Effect, Rule};
use crate::schema::Release;
use crate::source::Span;

/// What came of one rule for one subject, before it is known which target it will be.
pub(super) struct Ruling<'r> {
    pub(super) rule: &'r Rule,
    /// What remains of the rule's effect for the selected methods.
    pub(super) effect: Effect,
    pub(super) evaluation: Evaluation,
    /// Whether the rule concerns one of the candidate targets.
    pub(super) in_target: bool,
    /// Who set its finding aside.
    pub(super) suppressed: Option<Arc<Suppression>>,
}

/// Evaluates a rule. `version` is the subject's own PGO version, for rules that hold for some v4 releases only.
pub(super) fn ruling<'r, S: Subject>(
    rule: &'r Rule,
    effect: Effect,
    lookup: &SubjectLookup<'_, '_, S>,
    version: Option<&Fact<Value>>,
    targets: &[&Release],
) -> Option<Ruling<'r>> {
    let when = rule.when()?;
    let in_target = rule
        .target
        .as_ref()
        .is_none_or(|range| targets.iter().any(|r| range.contains(r.version)));
    let own_version = match &rule.v4 {
        None => Applies::Yes,
        Some(range) => match version {
            Some(Fact::Known(truth)) => match truth.value {
                Value::Version(version) if range.contains(version) => Applies::Yes,
                _ => Applies::No,
            },
            Some(Fact::Unknown(gaps)) => Applies::Unknown(gaps.clone()),
            None => Applies::Yes,
        },
    };
    let evaluate = || match when {
        Ok(when) => when.eval(lookup),
        Err(error) => Evaluation {
            outcome: Outcome::Bug(error.to_string()),
            reads: Reads::new(),
        },
    };
    let evaluation = match own_version {
        Applies::No => return None,
        Applies::Yes => evaluate(),
        Applies::Unknown(gaps) => undecided_by_version(evaluate(), gaps),
    };
    Some(Ruling {
        rule,
        effect,
        evaluation,
        in_target,
        suppressed: None,
    })
}

enum Applies {
    Yes,
    No,
    Unknown(Gaps),
}

/// A rule that may or may not concern the subject's version can pass, but not fire.
fn undecided_by_version(mut evaluation: Evaluation, gaps: Gaps) -> Evaluation {
    evaluation.outcome = match evaluation.outcome {
        Outcome::False => Outcome::False,
        Outcome::Unknown(more) => Outcome::Unknown(gaps.iter().chain(&*more).cloned().collect()),
        Outcome::True => Outcome::Unknown(gaps),
        Outcome::Bug(text) => Outcome::Bug(text),
    };
    evaluation
}

/// Who a finding is about and where it points when nothing else is written down.
pub(super) struct Anchor<'a> {
    pub(super) subject: Arc<FindingSubject>,
    pub(super) object: &'a Object,
    pub(super) span: Span,
}

/// The finding of a ruling; `None` when the rule passes, does not concern the target, or is itself at fault.
pub(super) fn finding<S: Subject>(
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
    let leading = rule.label_name().into_iter();
    let read = leading.chain(&ruling.evaluation.reads);
    let labels = labels(read.map(|name| lookup.kept(name)), anchor.span);
    let path = labels
        .first()
        .and_then(|label| pointer(anchor.object, label.span))
        .unwrap_or_default();
    let message = match outcome {
        FindingOutcome::Fires => render(rule.message(), lookup, Missing::Words)
            .unwrap_or_else(|| rule.title.as_str().into()),
        FindingOutcome::Unknown => format!("cannot tell whether: {}", rule.title).into(),
    };
    let level = match outcome {
        FindingOutcome::Fires => ruling.effect.heaviest().level(),
        FindingOutcome::Unknown => crate::rule::Level::Note,
    };
    let subject = Arc::clone(&anchor.subject);
    let id = Fingerprint::of(&[
        &rule.id,
        &subject.origin,
        &subject.kind,
        &subject.namespace,
        &subject.name,
        &path,
    ]);
    Some(Finding {
        id,
        rule: Arc::clone(&rule.id),
        outcome,
        level,
        effect: ruling.effect,
        subject,
        path,
        message,
        labels,
        gaps,
        fix: render(rule.fix(), lookup, Missing::Placeholder).unwrap_or_default(),
        suppressed: None,
        baseline: None,
    })
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
pub(super) fn findings<S: Subject>(
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
