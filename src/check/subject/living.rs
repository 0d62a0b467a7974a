//! The verdicts about living v5 clusters: as they are, and whether everything of v4 has arrived in them.

use std::sync::Arc;

use super::kind::Judge;
use super::pipeline::{Asked, Judged};
use super::upgrade::{upgrade, weigh};
use crate::allowance::Room;
use crate::check::judge::Ruling;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::methods::methods;
use crate::check::policy::exception::Exceptions;
use crate::check::report::arrival::{Held, LivingReport, MigrationReport, UpgradeReport};
use crate::check::report::finding::{Finding, FindingOutcome};
use crate::check::report::method::Target;
use crate::check::report::verdict::ArrivalVerdict;
use crate::expr::{Lookup, Outcome, Value};
use crate::fact::Subject;
use crate::fact::live::{Living, V5Living};
use crate::fact::moved::{Migration, V4ToV5};
use crate::rule::{Effect, Method, Rule, RuleSet, Weight};
use crate::schema::releases;

/// Judges one living cluster. What blocks its upgrade is an error only where that is `selected`.
pub(in crate::check) fn judge_living(
    living: &Living<'_>,
    rules: &RuleSet,
    exceptions: Exceptions<'_>,
    selected: bool,
    room: Room,
) -> Judged<LivingReport> {
    let asked: Asked<'_, '_, '_, V5Living> =
        Asked::of(living, rules, exceptions, room, |rule, lookup, rulings| {
            V5Living::ask(living, rule, rule.effect, lookup, rulings);
        });
    let mut told = asked.told(rules);
    let judge = || {
        let way = [Method::Upgrade];
        let all = methods(&told.rulings, &told.indices, &way, &told.lookup, releases());
        all.into_values().next()
    };
    let upgrade = upgrade(living, judge);
    if selected {
        let verdict = upgrade.as_ref().and_then(UpgradeReport::verdict);
        weigh(&mut told.findings, verdict);
    }
    let report = LivingReport {
        origin: told.subject.origin.clone(),
        namespace: told.subject.namespace.clone(),
        name: told.subject.name.clone(),
        uri: exceptions.uri(living.name_span()).to_owned(),
        span: living.name_span(),
        stage: text(&told.lookup, "live.stage"),
        candidates: texts(&told.lookup, "spec.pair.candidates"),
        signs: living.spec.pairing.signs().to_vec(),
        target: Target::of(&living.surroundings.target),
        upgrade,
        findings: (0..told.findings.len()).collect(),
    };
    told.with(report)
}

/// Judges whether everything of a v4 cluster has arrived in the living one.
pub(in crate::check) fn judge_migration(
    migration: &Migration<'_>,
    rules: &RuleSet,
    exceptions: Exceptions<'_>,
    room: Room,
) -> Judged<MigrationReport> {
    let asked: Asked<'_, '_, '_, V4ToV5> = Asked::of(
        migration,
        rules,
        exceptions,
        room,
        |rule, lookup, rulings| {
            V4ToV5::ask(migration, rule, rule.effect, lookup, rulings);
        },
    );
    let passed = passed(&asked.rulings, &asked.lookup);
    let told = asked.told(rules);
    let at_fault = if told.bugs.is_empty() {
        ArrivalVerdict::Arrived
    } else {
        ArrivalVerdict::Unknown
    };
    let v4 = migration.v4();
    let report = MigrationReport {
        origin: told.subject.origin.clone(),
        namespace: told.subject.namespace.clone(),
        name: told.subject.name.clone(),
        source_namespace: v4.and_then(|v4| v4.namespace).unwrap_or("").to_owned(),
        source_name: v4.map_or("", |v4| v4.name).to_owned(),
        why: migration.why.clone(),
        stage: text(&told.lookup, "live.stage"),
        verdict: arrival(&told.findings).max(at_fault),
        passed,
        findings: (0..told.findings.len()).collect(),
    };
    told.with(report)
}

/// The rules that hold, for a checklist. What has not happened yet is no proof, and not told.
fn passed(rulings: &[Ruling<'_>], lookup: &dyn Lookup) -> Vec<Held> {
    let proves = |rule: &Rule| match rule.holds_if() {
        None => true,
        Some(Ok(condition)) => condition.eval(lookup).outcome == Outcome::True,
        Some(Err(_)) => false,
    };
    let holds = |ruling: &&Ruling<'_>| {
        ruling.in_target && ruling.evaluation.outcome == Outcome::False && proves(ruling.rule)
    };
    let held = |ruling: &Ruling<'_>| {
        Some(Held {
            rule: Arc::clone(&ruling.rule.id),
            holds: ruling.rule.holds.as_ref()?.to_string(),
        })
    };
    let rulings = rulings.iter().filter(holds);
    rulings.filter_map(held).collect()
}

/// Wrong over unknown over incomplete over arrived. What is set aside does not count, but what could not be seen is only
/// answered by an attestation.
fn arrival(findings: &[Finding]) -> ArrivalVerdict {
    let counting = findings.iter().filter(|finding| match finding.outcome {
        FindingOutcome::Fires => finding.counts(),
        FindingOutcome::Unknown => !finding.suppressed.as_ref().is_some_and(|one| one.answers()),
    });
    let verdicts = counting.filter_map(|finding| {
        let Effect::Moved(weight) = finding.effect else {
            return None;
        };
        match (weight, finding.outcome) {
            (Weight::Wrong, FindingOutcome::Fires) => Some(ArrivalVerdict::Wrong),
            (Weight::Wrong | Weight::Incomplete, FindingOutcome::Unknown) => {
                Some(ArrivalVerdict::Unknown)
            }
            (Weight::Incomplete, FindingOutcome::Fires) => Some(ArrivalVerdict::Incomplete),
            _ => None,
        }
    });
    verdicts.max().unwrap_or(ArrivalVerdict::Arrived)
}

/// A fact that is a list of texts; none where it is unknown.
fn texts<S: Subject>(lookup: &SubjectLookup<'_, '_, S>, name: &str) -> Vec<String> {
    let Some(Value::List(items)) = lookup.named(name).and_then(|fact| fact.value()) else {
        return Vec::new();
    };
    let texts = items.iter().filter_map(|item| match item {
        Value::Str(text) => Some(text.to_string()),
        _ => None,
    });
    texts.collect()
}

/// A fact that is a text; empty where it is unknown.
fn text<S: Subject>(lookup: &SubjectLookup<'_, '_, S>, name: &str) -> String {
    match lookup.named(name).and_then(|fact| fact.value()) {
        Some(Value::Str(text)) => text.to_string(),
        _ => String::new(),
    }
}
