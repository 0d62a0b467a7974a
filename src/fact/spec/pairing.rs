//! Which v4 cluster a draft replaces, by what evidence, and the facts that say so.
//!
//! Nothing is guessed: between two clusters that fit equally well the draft stays unpaired.

mod candidates;
mod clues;
mod flag;
mod hints;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use super::{Draft, DraftFact, row};
use crate::expr::{Names, Value};
use crate::fact::Type;
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Evidence, Fact, Gap, Node};

pub use candidates::Candidates;
pub use flag::{PairFlag, PairFlagError};

/// The v4 cluster a draft replaces.
#[derive(Clone)]
pub struct Pair<'a> {
    /// The cluster.
    pub cluster: &'a Cluster<'a>,
    /// Why it is this one, in words: "it has the same name; pgDataVolume names its claim hippo".
    pub why: String,
    /// Where that is written, on both sides.
    pub evidence: Vec<Evidence>,
    facts: Box<[OnceLock<Fact<Value>>]>,
}

impl<'a> Pair<'a> {
    fn new(cluster: &'a Cluster<'a>, why: String, evidence: Vec<Evidence>) -> Self {
        let slots = (0..v4::FACTS.len()).map(|_| OnceLock::new());
        Pair {
            cluster,
            why,
            evidence,
            facts: slots.collect(),
        }
    }

    /// A fact about the cluster by its number, worked out once.
    fn fact(&self, number: u16) -> Option<Fact<Value>> {
        let slot = self.facts.get(usize::from(number))?;
        let read = || v4::FACTS.read(number, self.cluster);
        match slot.get() {
            Some(fact) => Some(fact.clone()),
            None => Some(
                slot.get_or_init(|| read().unwrap_or_else(unheard_of))
                    .clone(),
            ),
        }
    }

    /// `namespace/name` of the cluster.
    pub fn label(&self) -> String {
        label(self.cluster)
    }
}

/// What is known about the v4 cluster a draft replaces.
#[derive(Clone, Default)]
pub struct Pairing<'a> {
    outcome: Outcome<'a>,
    /// The draft's namespace, where only `--pair` says it.
    told_namespace: Option<String>,
}

#[derive(Clone, Default)]
enum Outcome<'a> {
    /// Nothing was looked for yet.
    #[default]
    Open,
    Paired(Box<Pair<'a>>),
    Unpaired {
        /// `namespace/name` of the clusters that fit equally well.
        candidates: Vec<String>,
        gap: Gap,
    },
}

impl<'a> Pairing<'a> {
    /// The v4 cluster, if there is just one that fits.
    pub fn pair(&self) -> Option<&Pair<'a>> {
        match &self.outcome {
            Outcome::Paired(pair) => Some(pair),
            _ => None,
        }
    }

    /// Why there is no pair, and what would settle it.
    pub fn gap(&self) -> Option<&Gap> {
        match &self.outcome {
            Outcome::Unpaired { gap, .. } => Some(gap),
            _ => None,
        }
    }

    /// The clusters that fit equally well, as `namespace/name`.
    pub fn candidates(&self) -> &[String] {
        match &self.outcome {
            Outcome::Unpaired { candidates, .. } => candidates,
            _ => &[],
        }
    }

    pub(super) fn told_namespace(&self) -> Option<&str> {
        self.told_namespace.as_deref()
    }
}

/// A fact about the paired v4 cluster by its number in the cluster's table; unknown without a pair.
pub(super) fn v4_fact(draft: &Draft<'_>, number: u16) -> Fact<Value> {
    match draft.pairing.pair() {
        Some(pair) => pair.fact(number).unwrap_or_else(unheard_of),
        None => Fact::unknown(draft.unpaired()),
    }
}

impl Draft<'_> {
    /// A fact about the paired v4 cluster by name.
    pub(super) fn v4(&self, name: &str) -> Fact<Value> {
        match v4::FACTS.fact(name) {
            Some(number) => v4_fact(self, number),
            None => unheard_of(),
        }
    }

    /// What is missing while no v4 cluster is paired.
    fn unpaired(&self) -> Gap {
        match self.pairing.gap() {
            Some(gap) => gap.clone(),
            None => nothing_fits(self.name),
        }
    }
}

fn nothing_fits(draft: &str) -> Gap {
    Gap {
        missing: format!("the v4 cluster that the draft {draft} replaces"),
        because:
            "no v4 cluster in the input fits a claim, repository path or name that it mentions"
                .to_owned(),
        ask: format!(
            "add the export of the v4 cluster to the input, or name it with --pair {draft}=NAMESPACE/CLUSTER"
        ),
    }
}

/// A fact that the table of clusters does not have; a test keeps this from happening.
fn unheard_of() -> Fact<Value> {
    Fact::unknown(Gap {
        missing: "a fact about the v4 cluster".to_owned(),
        because: "this program does not know it".to_owned(),
        ask: "report this as a fault of pgo-preflight".to_owned(),
    })
}

/// `namespace/name`, or the name where the manifest writes no namespace.
fn label(cluster: &Cluster<'_>) -> String {
    match cluster.namespace {
        Some(namespace) => format!("{namespace}/{}", cluster.name),
        None => cluster.name.to_owned(),
    }
}

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "pair.known",
        Type::Bool,
        "the v4 cluster it replaces is in the input and beyond doubt",
        |draft| {
            let known = Fact::known(draft.pairing.pair().is_some().into());
            resting_on_pair(draft, known)
        },
    ),
    row(
        "pair.candidates",
        Type::Strings,
        "the v4 clusters that fit equally well, as namespace/name; none where one was found",
        |draft| {
            let names = draft.pairing.candidates().to_vec();
            Fact::at(names.into(), draft.name_span(), "the draft")
        },
    ),
    row(
        "pair.why",
        Type::String,
        "why it is this v4 cluster, in words; \"\" without one",
        |draft| {
            let why = draft.pairing.pair().map_or("", |pair| &pair.why);
            resting_on_pair(draft, Fact::known(why.into()))
        },
    ),
    row(
        "pair.name",
        Type::String,
        "the name of the v4 cluster it replaces",
        |draft| of_pair(draft, |pair| Fact::known(pair.cluster.name.into())),
    ),
    row(
        "pair.namespace",
        Type::String,
        "the namespace of the v4 cluster it replaces; unknown where its manifests write none",
        |draft| of_pair(draft, |pair| v4_namespace(pair).map(Value::from)),
    ),
    row(
        "pair.sameName",
        Type::Bool,
        "the draft has the v4 cluster's name",
        |draft| {
            of_pair(draft, |pair| {
                let same = pair.cluster.name == draft.name;
                Fact::at(same.into(), draft.name_span(), "the draft's name")
                    .and_at(pair.cluster.name_span(), "the v4 cluster")
            })
        },
    ),
    row(
        "pair.sameNamespace",
        Type::Bool,
        "the draft is in the v4 cluster's namespace; unknown where either writes none",
        |draft| {
            of_pair(draft, |pair| {
                let both = v4_namespace(pair).both(draft.namespace());
                both.map(|(theirs, ours)| (theirs == ours).into())
            })
        },
    ),
];

fn v4_namespace<'a>(pair: &Pair<'a>) -> Fact<&'a str> {
    let cluster = pair.cluster;
    match cluster.namespace {
        Some(namespace) => {
            let written = cluster.anchor.at(&["metadata", "namespace"]);
            let span = written.map_or_else(|| cluster.name_span(), Node::span);
            Fact::at(namespace, span, "the v4 cluster's namespace")
        }
        None => Fact::unknown(Gap {
            missing: format!("the namespace of the v4 cluster {}", cluster.name),
            because: "its manifests write no metadata.namespace".to_owned(),
            ask: "export the v4 cluster again with its namespaces and run again".to_owned(),
        }),
    }
}

/// Something about the pair; unknown without one.
pub(super) fn of_pair<'d, 'a, T>(
    draft: &'d Draft<'a>,
    read: impl FnOnce(&'d Pair<'a>) -> Fact<T>,
) -> Fact<T> {
    match draft.pairing.pair() {
        Some(pair) => {
            let fact = read(pair);
            match fact {
                Fact::Known(truth) if truth.evidence.is_empty() => {
                    resting_on_pair(draft, Fact::Known(truth))
                }
                fact => fact,
            }
        }
        None => Fact::unknown(draft.unpaired()),
    }
}

fn resting_on_pair<T>(draft: &Draft<'_>, mut fact: Fact<T>) -> Fact<T> {
    let places = draft.pairing.pair().map(|pair| pair.evidence.as_slice());
    for place in places.unwrap_or_default() {
        fact = fact.and_at(place.span, place.note);
    }
    fact.and_at(draft.name_span(), "the draft")
}
