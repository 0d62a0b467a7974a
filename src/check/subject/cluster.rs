//! The verdicts of one v4 cluster.

use std::sync::Arc;

use super::kind::Judge;
use super::pipeline::{Asked, Judged};
use crate::allowance::Room;
use crate::check::judge::Ruling;
use crate::check::judge::methods::methods;
use crate::check::judge::remedy::with_steps;
use crate::check::options::Options;
use crate::check::policy::exception::Exceptions;
use crate::check::report::ClusterReport;
use crate::check::report::finding::FindingOutcome;
use crate::check::report::level::level;
use crate::check::report::method::Target;
use crate::check::report::verdict::Verdict;
use crate::expr::{Outcome, Value};
use crate::fact::v4::{Cluster, FACTS, V4Cluster};
use crate::manifest::Fact;
use crate::rule::{RuleSet, Weight};
use crate::schema::releases;

/// Judges one cluster by every rule about v4 clusters.
pub(in crate::check) fn judge(
    cluster: &Cluster<'_>,
    rules: &RuleSet,
    options: &Options,
    exceptions: Exceptions<'_>,
    room: Room,
) -> Judged<ClusterReport> {
    let mut asked: Asked<'_, '_, '_, V4Cluster> =
        Asked::of(cluster, rules, exceptions, room, |rule, lookup, rulings| {
            if let Some(effect) = rule.effect.for_methods(&options.methods) {
                V4Cluster::ask(cluster, rule, effect, lookup, rulings);
                // Half of all rules can but warn: of one that passes nothing is told, and no verdict rests on it.
                let says_nothing = |ruling: &Ruling<'_>| {
                    ruling.evaluation.outcome == Outcome::False
                        && ruling.effect.heaviest() < Weight::Action
                };
                if rulings.last().is_some_and(says_nothing) {
                    rulings.pop();
                }
            }
        });
    name_steps(&mut asked, rules);
    let mut told = asked.told(rules);
    let ways = options.ways();
    let methods = methods(
        &told.rulings,
        &told.indices,
        &ways,
        &told.lookup,
        releases(),
    );
    let verdict = methods
        .values()
        .map(|judged| judged.verdict)
        .min()
        .unwrap_or(Verdict::Unknown);
    for finding in &mut told.findings {
        if finding.outcome == FindingOutcome::Fires {
            finding.level = level(finding.effect.weights(), Some(verdict));
        }
    }
    let report = ClusterReport {
        origin: told.subject.origin.clone(),
        namespace: told.subject.namespace.clone(),
        name: told.subject.name.clone(),
        v4: known_text(told.lookup.named("cluster.v4")),
        postgres: known_text(told.lookup.named("postgres.version")),
        target: Target::of(&cluster.surroundings.target),
        verdict,
        methods,
        facts: (options.facts && room == Room::Left).then(|| told.lookup.all()),
    };
    told.with(report)
}

/// Names the steps that do what is to be done before a move.
fn name_steps(asked: &mut Asked<'_, '_, '_, V4Cluster>, rules: &RuleSet) {
    for (ruling, finding) in asked.rulings.iter().zip(&mut asked.found) {
        let firing = finding
            .as_mut()
            .filter(|one| one.outcome == FindingOutcome::Fires);
        if let Some(finding) = firing
            && ruling.effect.heaviest() == Weight::Action
        {
            let lookup = asked.lookup.on(ruling.item.as_ref());
            let named = with_steps(&finding.fix, &finding.rule, rules.steps(), &*FACTS, &lookup);
            finding.fix = named.unwrap_or_else(|| Arc::clone(&finding.fix));
        }
    }
}

fn known_text(fact: Option<&Fact<Value>>) -> Option<String> {
    match fact?.value()? {
        Value::Str(text) if !text.is_empty() => Some(text.to_string()),
        Value::Version(version) => Some(version.to_string()),
        _ => None,
    }
}
