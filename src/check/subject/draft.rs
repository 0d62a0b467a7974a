//! The verdict of one draft: by the schema, by the rules, and against the v4 cluster it replaces.

use super::kind::Judge;
use super::pipeline::{Asked, Judged};
use crate::allowance::Room;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::schema::{Checked, Schemas};
use crate::check::judge::{cause, doubt, fragment};
use crate::check::policy::exception::Exceptions;
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::check::report::method::Target;
use crate::check::report::verdict::DraftVerdict;
use crate::check::report::{DraftReport, DraftSource};
use crate::expr::Value;
use crate::fact::spec::{Draft, V5Draft};
use crate::rule::{Effect, Method, RuleSet, Weight};

/// Judges one draft by a schema and by every rule about drafts.
pub(in crate::check) fn judge(
    draft: &Draft<'_>,
    rules: &RuleSet,
    schemas: &Schemas<'_>,
    exceptions: Exceptions<'_>,
    room: Room,
) -> Judged<DraftReport> {
    let target = draft.target();
    let part = draft.is_part() && room == Room::Left;
    let mut asked: Asked<'_, '_, '_, V5Draft> =
        Asked::of(draft, rules, exceptions, room, |rule, lookup, rulings| {
            if part {
                fragment::add_rulings(draft, rule, rulings);
            } else {
                V5Draft::ask(draft, rule, rule.effect, lookup, rulings);
            }
        });
    let checked = if room == Room::Spent {
        Checked {
            findings: Vec::new(),
            with: "none: this draft is not judged".to_owned(),
        }
    } else if part {
        fragment::checked(draft, schemas, &asked.subject)
    } else {
        schemas.check(draft.object, target, &asked.subject)
    };
    let doubt = (room == Room::Left).then(|| doubt::said(draft, &asked.subject, &asked.found));
    let doubt = doubt.flatten();
    let made = checked.findings.into_iter().chain(doubt);
    asked.found.extend(made.map(|mut finding| {
        soften(&mut finding, rules);
        exceptions.mark(&mut finding);
        Some(finding)
    }));
    cause::once(&mut asked.found, draft.object);
    let told = asked.told(rules);
    // A rule at fault has decided nothing, so no draft is right by it.
    let at_fault = match told.bugs.as_slice() {
        [] => DraftVerdict::Ok,
        _ => DraftVerdict::Unknown,
    };
    let report = DraftReport {
        origin: told.subject.origin.clone(),
        namespace: told.subject.namespace.clone(),
        name: told.subject.name.clone(),
        uri: exceptions.uri(draft.name_span()).to_owned(),
        span: draft.name_span(),
        method: methods(&told.lookup),
        target: Target::of(target),
        schema: checked.with,
        source: source(draft),
        verdict: verdict(&told.findings).max(at_fault),
        findings: (0..told.findings.len()).collect(),
    };
    told.with(report)
}

/// The methods it is shaped for.
fn methods(lookup: &SubjectLookup<'_, '_, V5Draft>) -> Vec<Method> {
    let Some(Value::List(names)) = lookup.named("draft.methods").and_then(|fact| fact.value())
    else {
        return Vec::new();
    };
    let shaped = |method: &Method| names.contains(&Value::from(method.name()));
    Method::ALL.into_iter().filter(shaped).collect()
}

fn source(draft: &Draft<'_>) -> Option<DraftSource> {
    let pair = draft.pairing.pair()?;
    Some(DraftSource {
        namespace: pair.cluster.namespace.unwrap_or("").to_owned(),
        name: pair.cluster.name.to_owned(),
        why: pair.why.clone(),
    })
}

/// A finding of the schema weighs no more than its rule, which a configuration may have made lighter.
fn soften(finding: &mut Finding, rules: &RuleSet) {
    let rule = rules.get(&finding.rule).map(|rule| &rule.effect);
    if let (Effect::Draft(weight), Some(Effect::Draft(most))) = (&mut finding.effect, rule) {
        *weight = (*weight).min(*most);
        if finding.outcome == FindingOutcome::Fires {
            finding.level = weight.level();
        }
    }
}

/// Error over unknown over ok; warnings do not count, nor does what is set aside.
fn verdict(findings: &[Finding]) -> DraftVerdict {
    let errors = findings
        .iter()
        .filter(|finding| finding.counts() && finding.effect == Effect::Draft(Weight::Error));
    let worst = errors.map(|finding| match finding.outcome {
        FindingOutcome::Fires => DraftVerdict::Error,
        FindingOutcome::Unknown => DraftVerdict::Unknown,
    });
    worst.max().unwrap_or(DraftVerdict::Ok)
}
