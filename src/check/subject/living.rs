//! The verdicts about living v5 clusters: as they are, and whether everything of v4 has arrived in them.

use std::sync::Arc;

use crate::fact::Subject;
use crate::fact::live::{self, Living, V5Living};
use crate::fact::moved::{self, Migration, V4ToV5};
use crate::fact::v4::TargetSet;
use crate::manifest::{Gap, Object};
use crate::rule::{Effect, Method, Rule, RuleSet, SubjectKind, Weight};
use crate::schema::releases;

use super::cluster::collect;
use super::upgrade::{upgrade, weigh};
use crate::check::judge::label::Pointers;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::methods::methods;
use crate::check::judge::{Anchor, Ruling, Rulings, bugs, findings, rulings};
use crate::check::policy::exception::Exceptions;
use crate::check::report::arrival::{Held, LivingReport, MigrationReport, UpgradeReport};
use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject};
use crate::check::report::method::Target;
use crate::check::report::verdict::ArrivalVerdict;
use crate::expr::{Lookup, Outcome, Value};

/// A subject's report, its findings (the report's indices count from 0 within them), and faults of rules.
pub(in crate::check) struct Judged<R> {
    pub(in crate::check) report: R,
    pub(in crate::check) findings: Vec<Finding>,
    pub(in crate::check) bugs: Vec<String>,
}

/// Evaluates the rules about one kind of subject.
fn rulings_about<'r, S: Subject>(
    rules: &'r RuleSet,
    kind: SubjectKind,
    lookup: &SubjectLookup<'_, '_, S>,
    target: &TargetSet,
) -> Vec<Ruling<'r>> {
    let about = |rule: &&Rule| rule.subject == kind;
    let rules = rules.rules().iter().filter(about);
    rules
        .flat_map(|rule| rulings(rule, rule.effect, lookup, None, target))
        .collect()
}

/// What comes of one rule about a living cluster. One about an upgrade is asked only where one is to come, and by the
/// release that runs.
pub(in crate::check) fn rulings_of_living<'r>(
    rule: &'r Rule,
    living: &Living<'_>,
    lookup: &SubjectLookup<'_, '_, V5Living>,
) -> Rulings<'r> {
    let target = &living.surroundings.target;
    let of_upgrade = rule.effect.on(Method::Upgrade).is_some();
    if of_upgrade && living.is_there() != Some(false) {
        return Rulings::new();
    }
    let running = lookup.named("upgrade.from");
    rulings(rule, rule.effect, lookup, running, target)
}

/// Judges one living cluster. What blocks its upgrade is an error only where that is `selected`.
pub(in crate::check) fn judge_living(
    living: &Living<'_>,
    rules: &RuleSet,
    exceptions: Exceptions<'_>,
    selected: bool,
) -> Judged<LivingReport> {
    let lookup = living_lookup(living);
    let target = &living.surroundings.target;
    let subject = living_subject(living);
    let anchor = Anchor {
        subject: Arc::clone(&subject),
        object: living.object,
        span: living.name_span(),
        pointers: Pointers::default(),
    };
    let about = |rule: &&Rule| rule.subject == SubjectKind::Living;
    let mut rulings: Vec<Ruling<'_>> = rules
        .rules()
        .iter()
        .filter(about)
        .flat_map(|rule| rulings_of_living(rule, living, &lookup))
        .collect();
    let found = findings(&mut rulings, &lookup, &anchor, exceptions);
    let (mut told, indices) = collect(found, rules);
    let judge = || {
        let all = methods(&rulings, &indices, &[Method::Upgrade], &lookup, releases());
        all.into_values().next()
    };
    let upgrade = upgrade(living, judge);
    if selected {
        let verdict = upgrade.as_ref().and_then(UpgradeReport::verdict);
        weigh(&mut told, verdict);
    }
    Judged {
        bugs: bugs(&rulings, &subject).collect(),
        report: LivingReport {
            origin: subject.origin.clone(),
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            uri: exceptions.uri(living.name_span()).to_owned(),
            span: living.name_span(),
            stage: text(&lookup, "live.stage"),
            candidates: texts(&lookup, "spec.pair.candidates"),
            target: Target::of(target),
            upgrade,
            findings: (0..told.len()).collect(),
        },
        findings: told,
    }
}

/// Judges whether everything of a v4 cluster has arrived in the living one.
pub(in crate::check) fn judge_migration(
    migration: &Migration<'_>,
    rules: &RuleSet,
    exceptions: Exceptions<'_>,
) -> Judged<MigrationReport> {
    let living = migration.living;
    let lookup = migration_lookup(migration);
    let target = &living.surroundings.target;
    let subject = Arc::new(FindingSubject {
        kind: SubjectKind::Migration.name().to_owned(),
        ..(*living_subject(living)).clone()
    });
    let anchor = Anchor {
        subject: Arc::clone(&subject),
        object: living.object,
        span: living.name_span(),
        pointers: Pointers::default(),
    };
    let mut rulings = rulings_about(rules, SubjectKind::Migration, &lookup, target);
    let found = findings(&mut rulings, &lookup, &anchor, exceptions);
    let passed = passed(&rulings, &lookup);
    let (told, _) = collect(found, rules);
    let bugs: Vec<String> = bugs(&rulings, &subject).collect();
    let at_fault = if bugs.is_empty() {
        ArrivalVerdict::Arrived
    } else {
        ArrivalVerdict::Unknown
    };
    let v4 = migration.v4();
    Judged {
        bugs,
        report: MigrationReport {
            origin: subject.origin.clone(),
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            source_namespace: v4.and_then(|v4| v4.namespace).unwrap_or("").to_owned(),
            source_name: v4.map_or("", |v4| v4.name).to_owned(),
            why: migration.why.clone(),
            stage: text(&lookup, "live.stage"),
            verdict: arrival(&told).max(at_fault),
            passed,
            findings: (0..told.len()).collect(),
        },
        findings: told,
    }
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

/// A living cluster's names, answered once each.
pub(in crate::check) fn living_lookup<'s, 'a>(
    living: &'s Living<'a>,
) -> SubjectLookup<'s, 'a, V5Living> {
    let now = living.run.now.to_string();
    SubjectLookup::new(living, &live::FACTS, Some(living.object), no_gap(), &now)
}

/// A migration's names, answered once each; `self` is the living PostgresCluster.
pub(in crate::check) fn migration_lookup<'s, 'a>(
    migration: &'s Migration<'a>,
) -> SubjectLookup<'s, 'a, V4ToV5> {
    let living = migration.living;
    let now = living.run.now.to_string();
    let object: Option<&'a Object> = Some(living.object);
    SubjectLookup::new(migration, &moved::FACTS, object, no_gap(), &now)
}

/// Never told: the object of these subjects is always in the input.
fn no_gap() -> Gap {
    Gap {
        missing: String::new(),
        because: String::new(),
        ask: String::new(),
    }
}

fn living_subject(living: &Living<'_>) -> Arc<FindingSubject> {
    Arc::new(FindingSubject {
        origin: living.inventory.origin_name.clone(),
        kind: SubjectKind::Living.name().to_owned(),
        namespace: living.namespace.unwrap_or("").to_owned(),
        name: living.name.to_owned(),
    })
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
