//! What it costs not to see some kinds: a cluster that is ready by every method is judged without them.
//!
//! Nothing is written down by hand: the rules and facts themselves say what they miss.

use std::collections::{BTreeMap, BTreeSet};

use crate::check::{Evidence, FindingOutcome, Options, Report, check};
use crate::cli::Failure;
use crate::manifest::{Assume, KINDS, gather_dump, gather_texts};
use crate::rule::{Method, RuleSet, Weight};
use crate::source::{Dump, Listed, Listing, OriginId, SourceId, Text};

/// A cluster that lacks nothing: its repository is on a volume and in S3.
const SAMPLE: [&str; 2] = [
    include_str!("../../../fixtures/fleets/mixed/in-both.yaml"),
    include_str!("../../../fixtures/fleets/mixed/wide.yaml"),
];
/// Its namespace.
const NAMESPACE: &str = "pgo";
/// When it is looked at.
const NOW: &str = "2026-11-20T12:00:00Z";

/// The sample, and what is known of it when everything is seen.
pub(super) struct Sample {
    /// Each text with the resource it is of.
    texts: Vec<(&'static str, String)>,
    rules: RuleSet,
    options: Options,
    /// Listed in this namespace alone; `None` for all.
    namespace: Option<&'static str>,
    whole: Known,
}

/// What a report knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Known {
    verdicts: BTreeMap<Method, &'static str>,
    undecided: BTreeSet<String>,
    facts: BTreeSet<&'static str>,
}

/// What is lost without some kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cost {
    /// Verdicts that are others: method, what it is, what it would be.
    pub(super) verdicts: Vec<(Method, &'static str, &'static str)>,
    /// Rules of weight that cannot be decided.
    pub(super) rules: Vec<String>,
    /// Facts that are not known.
    pub(super) facts: Vec<&'static str>,
    /// Whether the cluster is not seen at all.
    pub(super) unseen: bool,
}

impl Sample {
    /// Judges the sample with everything seen, in all namespaces or in one.
    pub(super) fn of(all_namespaces: bool) -> Result<Sample, Failure> {
        let texts = documents()
            .map(|text| (resource_of(&text), text))
            .filter_map(|(resource, text)| Some((resource?, text)))
            .collect();
        let mut sample = Sample {
            texts,
            rules: crate::cli::rules::rule_set(&[])?,
            // Without a target, as in a run: named by what is installed, and unknown where that cannot be seen.
            options: Options {
                facts: true,
                ..Options::at(NOW.parse()?, None)
            },
            namespace: (!all_namespaces).then_some(NAMESPACE),
            whole: Known::default(),
        };
        sample.whole = known(&sample.report(&BTreeSet::new()));
        Ok(sample)
    }

    /// What is lost without these kinds.
    pub(super) fn without(&self, resources: &BTreeSet<&'static str>) -> Cost {
        let report = self.report(resources);
        let left = known(&report);
        let verdicts = self.whole.verdicts.iter().filter_map(|(method, whole)| {
            let now = *left.verdicts.get(method)?;
            (now != *whole).then_some((*method, now, *whole))
        });
        Cost {
            verdicts: verdicts.collect(),
            rules: left
                .undecided
                .difference(&self.whole.undecided)
                .cloned()
                .collect(),
            facts: self.whole.facts.difference(&left.facts).copied().collect(),
            unseen: report.clusters.is_empty(),
        }
    }

    fn report(&self, hidden: &BTreeSet<&'static str>) -> Report {
        let texts = self
            .texts
            .iter()
            .enumerate()
            .filter(|(_, (resource, _))| !hidden.contains(resource))
            .map(|(number, (_, text))| Text {
                uri: format!("{number}"),
                bytes: text.clone().into_bytes(),
            });
        let listings = KINDS.iter().map(|row| Listing {
            resource: row.plural.to_owned(),
            namespace: self.namespace.filter(|_| row.namespaced).map(str::to_owned),
            outcome: if hidden.contains(row.plural) {
                Listed::Failed {
                    because: String::new(),
                    ask: String::new(),
                }
            } else {
                Listed::Whole
            },
        });
        let dump = Dump {
            texts: texts.collect(),
            listings: listings.collect(),
            ..Dump::default()
        };
        let gathered = gather_dump(dump, OriginId(0), SourceId(0));
        let evidence = Evidence::of(gathered, &Assume::nothing());
        check(evidence, &self.rules, &self.options)
    }
}

fn documents() -> impl Iterator<Item = String> {
    let parts = SAMPLE.iter().flat_map(|text| text.split("\n---\n"));
    parts.map(|part| format!("{part}\n"))
}

/// The resource that a document is one of.
fn resource_of(text: &str) -> Option<&'static str> {
    let gathered = gather_texts(vec![(String::new(), text.as_bytes().to_vec())]);
    let mut objects = gathered.loaded.iter().flat_map(|loaded| &loaded.objects);
    objects.next().map(|object| object.kind.info().plural)
}

fn known(report: &Report) -> Known {
    let mut known = Known::default();
    let Some(cluster) = report.clusters.first() else {
        return known;
    };
    for (method, judged) in &cluster.methods {
        known.verdicts.insert(*method, judged.verdict.name());
    }
    for finding in &report.findings {
        let weighs = finding.effect.heaviest() >= Weight::Action;
        if finding.outcome == FindingOutcome::Unknown && weighs {
            known.undecided.insert(finding.rule.to_string());
        }
    }
    let facts = cluster.facts.iter().flatten();
    let facts = facts.filter(|(_, fact)| fact.value().is_some());
    known.facts = facts.map(|(name, _)| *name).collect();
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(resources: &[&'static str]) -> Cost {
        let sample = Sample::of(true).unwrap();
        sample.without(&resources.iter().copied().collect())
    }

    #[test]
    fn nothing_missing_costs_nothing() {
        assert_eq!(without(&[]), Cost::default());
        let sample = Sample::of(true).unwrap();
        let verdicts: Vec<&str> = sample.whole.verdicts.values().copied().collect();
        assert_eq!(verdicts, ["ready", "ready", "ready"]);
    }

    #[test]
    fn volumes_that_are_not_seen_cost_their_reclaim_policy() {
        let cost = without(&["persistentvolumes"]);
        assert!(cost.verdicts.iter().any(|(method, now, whole)| {
            (*method, *whole) == (Method::Volumes, "ready") && *now != "ready"
        }));
        assert!(!cost.rules.is_empty() && !cost.facts.is_empty());
        assert!(!cost.unseen);
    }

    #[test]
    fn nearly_every_kind_costs_something_where_it_is_missing() {
        let sample = Sample::of(true).unwrap();
        let idle: Vec<&str> = crate::source::WANTED
            .iter()
            .map(|row| row.resource)
            .filter(|resource| sample.without(&[*resource].into()) == Cost::default())
            .collect();
        // These tell of living v5 clusters and their upgrades.
        let upgrades = ["pgupgrades", "crunchybridgeclusters"]
            .map(|plural| format!("{plural}.postgres-operator.crunchydata.com"));
        let mut expected = vec!["statefulsets"];
        expected.extend(upgrades.iter().map(String::as_str));
        assert_eq!(idle, expected);
    }
}
