//! The verdicts of one v4 cluster.

use std::sync::Arc;

use crate::expr::{Names, Value};
use crate::fact::course;
use crate::fact::live::{self, LivingFact};
use crate::fact::moved::{self, MigrationFact};
use crate::fact::spec::{self, DraftFact};
use crate::fact::v4::{Cluster, ClusterFact, FACTS, V4Cluster};
use crate::manifest::Fact;
use crate::rule::{RuleSet, SubjectKind, Weight};
use crate::schema::releases;

use crate::check::judge::label::Pointers;
use crate::check::judge::lookup::SubjectLookup;
use crate::check::judge::methods::methods;
use crate::check::judge::remedy::with_steps;
use crate::check::judge::{Anchor, Ruling, Rulings, bugs, findings, rulings};
use crate::check::options::Options;
use crate::check::policy::exception::Exceptions;
use crate::check::report::ClusterReport;
use crate::check::report::finding::{Finding, FindingOutcome, FindingSubject};
use crate::check::report::level::level;
use crate::check::report::method::Target;
use crate::check::report::verdict::Verdict;

/// One cluster's report, its findings (the report's indices count from 0 within them), and faults of rules.
pub(in crate::check) struct JudgedCluster {
    pub(in crate::check) report: ClusterReport,
    pub(in crate::check) findings: Vec<Finding>,
    pub(in crate::check) bugs: Vec<String>,
}

/// Judges one cluster by every rule about v4 clusters.
pub(in crate::check) fn judge(
    cluster: &Cluster<'_>,
    rules: &RuleSet,
    options: &Options,
    exceptions: Exceptions<'_>,
) -> JudgedCluster {
    let lookup: SubjectLookup<'_, '_, V4Cluster> = SubjectLookup::new(
        cluster,
        &FACTS,
        cluster.object,
        cluster.gap_of_object(),
        &options.run.now.to_string(),
    );
    let subject = Arc::new(FindingSubject {
        origin: cluster.inventory.origin_name.clone(),
        kind: "Pgcluster".to_owned(),
        namespace: cluster.namespace.unwrap_or("").to_owned(),
        name: cluster.name.to_owned(),
    });
    let anchor = Anchor {
        subject: Arc::clone(&subject),
        object: cluster.anchor,
        span: cluster.name_span(),
        pointers: Pointers::default(),
    };
    let target = &cluster.surroundings.target;
    let version = lookup.named("cluster.v4");
    let mut rulings: Vec<Ruling<'_>> = rules
        .rules()
        .iter()
        .filter(|rule| rule.subject == SubjectKind::Cluster)
        .flat_map(|rule| match rule.effect.for_methods(&options.methods) {
            Some(effect) => rulings(rule, effect, &lookup, version, target),
            None => Rulings::new(),
        })
        .collect();
    let mut found = findings(&mut rulings, &lookup, &anchor, exceptions);
    for (ruling, finding) in rulings.iter().zip(&mut found) {
        let firing = finding
            .as_mut()
            .filter(|one| one.outcome == FindingOutcome::Fires);
        if let Some(finding) = firing
            && ruling.effect.heaviest() == Weight::Action
        {
            let lookup = lookup.on(ruling.item.as_ref());
            let named = with_steps(&finding.fix, &finding.rule, rules.steps(), &*FACTS, &lookup);
            finding.fix = named.unwrap_or_else(|| Arc::clone(&finding.fix));
        }
    }
    let (mut told, indices) = collect(found, rules);
    let methods = methods(&rulings, &indices, &options.ways(), &lookup, releases());
    let verdict = methods
        .values()
        .map(|judged| judged.verdict)
        .min()
        .unwrap_or(Verdict::Unknown);
    for finding in &mut told {
        if finding.outcome == FindingOutcome::Fires {
            finding.level = level(finding.effect.weights(), Some(verdict));
        }
    }
    JudgedCluster {
        bugs: bugs(&rulings, &subject).collect(),
        report: ClusterReport {
            origin: subject.origin.clone(),
            namespace: subject.namespace.clone(),
            name: subject.name.clone(),
            v4: known_text(version),
            postgres: known_text(lookup.named("postgres.version")),
            target: Target::of(&cluster.surroundings.target),
            verdict,
            methods,
            facts: options.facts.then(|| lookup.all()),
        },
        findings: told,
    }
}

/// Findings in the order they are told (by what they do to the verdict, then by phase, then by id), and for each ruling
/// the position of its finding.
pub(in crate::check) fn collect(
    mut found: Vec<Option<Finding>>,
    rules: &RuleSet,
) -> (Vec<Finding>, Vec<Option<usize>>) {
    // Positions are sorted, since findings are large.
    let key = |index: usize| {
        let finding = found.get(index)?.as_ref()?;
        let weight = std::cmp::Reverse(finding.effect.heaviest());
        let phase = rules.get(&finding.rule).map(|rule| rule.phase);
        Some((finding.outcome, weight, phase, &*finding.rule))
    };
    // Each key once: a rule is looked up for it.
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

fn known_text(fact: Option<&Fact<Value>>) -> Option<String> {
    match fact?.value()? {
        Value::Str(text) if !text.is_empty() => Some(text.to_string()),
        Value::Version(version) => Some(version.to_string()),
        _ => None,
    }
}

/// Every fact that rules about drafts may read, those of the v4 cluster under `v4.` aside.
pub fn draft_facts() -> Vec<&'static DraftFact> {
    spec::FACTS.facts().to_vec()
}

/// Every fact that rules about v4 clusters may read.
pub fn cluster_facts() -> Vec<&'static ClusterFact> {
    FACTS.facts().to_vec()
}

/// Every fact that rules about living clusters may read, those of the spec under `spec.` aside.
pub fn living_facts() -> Vec<&'static LivingFact> {
    live::FACTS.facts().to_vec()
}

/// Every fact of its own that rules about migrations may read; those of both sides stand under `live.`, `spec.` and `v4.`.
pub fn migration_facts() -> Vec<&'static MigrationFact> {
    moved::FACTS.facts().to_vec()
}

/// The names that rules about a subject may use.
pub fn names_of(subject: SubjectKind) -> &'static dyn Names {
    match subject {
        SubjectKind::Cluster => &*FACTS,
        SubjectKind::Draft => &*spec::FACTS,
        SubjectKind::Living => &*live::FACTS,
        SubjectKind::Migration => &*moved::FACTS,
        SubjectKind::Course => &*course::FACTS,
    }
}
