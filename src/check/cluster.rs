//! The verdicts of one v4 cluster.

use crate::expr::{Names, Value};
use crate::fact::cluster::{Cluster, ClusterFact, FACTS, V4Cluster};
use crate::fact::draft::{self, DraftFact};
use crate::manifest::Fact;
use crate::rule::{RuleSet, SubjectKind};
use crate::schema::releases;

use super::Options;
use super::exception::Exceptions;
use super::judge::{Anchor, Ruling, bugs, findings, methods, ruling};
use super::lookup::SubjectLookup;
use super::report::{ClusterReport, Finding, FindingSubject, Target};
use super::verdict::Verdict;

/// One cluster's report, its findings (the report's indices count from 0 within them), and faults of rules.
pub(super) struct JudgedCluster {
    pub(super) report: ClusterReport,
    pub(super) findings: Vec<Finding>,
    pub(super) bugs: Vec<String>,
}

/// Judges one cluster by every rule about v4 clusters.
pub(super) fn judge(
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
    let subject = FindingSubject {
        origin: cluster.inventory.origin_name.clone(),
        kind: "Pgcluster".to_owned(),
        namespace: cluster.namespace.unwrap_or("").to_owned(),
        name: cluster.name.to_owned(),
    };
    let anchor = Anchor {
        subject: subject.clone(),
        object: cluster.anchor,
        span: cluster.name_span(),
    };
    let targets = &cluster.surroundings.target.releases;
    let version = lookup.named("cluster.v4");
    let mut rulings: Vec<Ruling<'_>> = rules
        .rules()
        .iter()
        .filter(|rule| rule.subject == SubjectKind::Cluster)
        .filter_map(|rule| {
            let effect = rule.effect.for_methods(&options.methods)?;
            ruling(rule, effect, &lookup, version, targets)
        })
        .collect();
    let found = findings(&mut rulings, &lookup, &anchor, exceptions);
    let (told, indices) = collect(found);
    let methods = methods(&rulings, &indices, &options.methods, &lookup, releases());
    let verdict = methods
        .values()
        .map(|judged| judged.verdict)
        .min()
        .unwrap_or(Verdict::Unknown);
    JudgedCluster {
        bugs: bugs(&rulings, &subject).collect(),
        report: ClusterReport {
            origin: subject.origin,
            namespace: subject.namespace,
            name: subject.name,
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

/// Findings in the order they are told (worst first), and for each ruling the position of its finding.
pub(super) fn collect(found: Vec<Option<Finding>>) -> (Vec<Finding>, Vec<Option<usize>>) {
    let mut indices = vec![None; found.len()];
    let mut numbered: Vec<(usize, Finding)> = found
        .into_iter()
        .enumerate()
        .filter_map(|(index, finding)| Some((index, finding?)))
        .collect();
    numbered.sort_by(|(_, a), (_, b)| {
        (a.outcome, std::cmp::Reverse(a.effect.heaviest()), &a.rule).cmp(&(
            b.outcome,
            std::cmp::Reverse(b.effect.heaviest()),
            &b.rule,
        ))
    });
    for (position, (index, _)) in numbered.iter().enumerate() {
        if let Some(slot) = indices.get_mut(*index) {
            *slot = Some(position);
        }
    }
    (
        numbered.into_iter().map(|(_, finding)| finding).collect(),
        indices,
    )
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
    draft::FACTS.facts().to_vec()
}

/// Every fact that rules about v4 clusters may read.
pub fn cluster_facts() -> Vec<&'static ClusterFact> {
    FACTS.facts().to_vec()
}

/// The names that rules about a subject may use.
pub fn names_of(subject: SubjectKind) -> &'static dyn Names {
    match subject {
        SubjectKind::Cluster => &*FACTS,
        SubjectKind::Draft => &*draft::FACTS,
    }
}
