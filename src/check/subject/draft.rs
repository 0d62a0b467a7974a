//! The verdict of one draft: by the schema, by the rules, and against the v4 cluster it replaces.

use std::sync::Arc;

use crate::fact::spec::{Draft, V5Draft};
use crate::rule::{Effect, Method, RuleSet, SubjectKind, Weight};

use super::cluster::collect;
use crate::check::judge::asked::{concerns, lookup};
use crate::check::judge::label::Pointers;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::schema::Schemas;
use crate::check::judge::{Anchor, Ruling, bugs, cause, findings, fragment, rulings};
use crate::check::policy::exception::Exceptions;
use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject};
use crate::check::report::method::Target;
use crate::check::report::verdict::DraftVerdict;
use crate::check::report::{DraftReport, DraftSource};
use crate::expr::Value;

/// One draft's report, its findings (the report's indices count from 0 within them), and faults of rules.
pub(in crate::check) struct JudgedDraft {
    pub(in crate::check) report: DraftReport,
    pub(in crate::check) findings: Vec<Finding>,
    pub(in crate::check) bugs: Vec<String>,
}

/// Judges one draft by a schema and by every rule about drafts.
pub(in crate::check) fn judge(
    draft: &Draft<'_>,
    rules: &RuleSet,
    schemas: &Schemas<'_>,
    exceptions: Exceptions<'_>,
) -> JudgedDraft {
    let target = draft.target();
    let lookup = lookup(draft);
    let subject = subject(draft);
    let anchor = Anchor {
        subject: subject.clone(),
        object: draft.object,
        span: draft.name_span(),
        pointers: Pointers::default(),
    };
    let part = draft.is_part();
    let about = rules.rules().iter();
    let mut rulings: Vec<Ruling<'_>> = if part {
        fragment::rulings(draft, rules)
    } else {
        about
            .filter(|rule| rule.subject == SubjectKind::Draft && concerns(rule, draft))
            .flat_map(|rule| rulings(rule, rule.effect, &lookup, None, target))
            .collect()
    };
    let checked = if part {
        fragment::checked(draft, schemas, &subject)
    } else {
        schemas.check(draft.object, target, &subject)
    };
    let mut found = findings(&mut rulings, &lookup, &anchor, exceptions);
    found.extend(checked.findings.into_iter().map(|mut finding| {
        soften(&mut finding, rules);
        exceptions.mark(&mut finding);
        Some(finding)
    }));
    cause::once(&mut found, draft.object);
    let (told, _) = collect(found, rules);
    let bugs: Vec<String> = bugs(&rulings, &subject).collect();
    // A rule at fault has decided nothing, so no draft is right by it.
    let at_fault = match bugs.as_slice() {
        [] => DraftVerdict::Ok,
        _ => DraftVerdict::Unknown,
    };
    JudgedDraft {
        bugs,
        report: DraftReport {
            origin: subject.origin.clone(),
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            uri: exceptions.uri(draft.name_span()).to_owned(),
            span: draft.name_span(),
            method: methods(&lookup),
            target: Target::of(target),
            schema: checked.with,
            source: source(draft),
            verdict: verdict(&told).max(at_fault),
            findings: (0..told.len()).collect(),
        },
        findings: told,
    }
}

pub(in crate::check) fn subject(draft: &Draft<'_>) -> Arc<FindingSubject> {
    Arc::new(FindingSubject {
        origin: draft.inventory.origin_name.clone(),
        kind: "PostgresCluster".to_owned(),
        namespace: draft.namespace.unwrap_or("").to_owned(),
        name: draft.name.to_owned(),
    })
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
