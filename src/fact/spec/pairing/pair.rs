//! The v4 cluster a draft replaces, or why that cannot be said.

use std::sync::OnceLock;

use crate::expr::Value;
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Evidence, Fact, Gap};

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
    pub(super) fn new(cluster: &'a Cluster<'a>, why: String, evidence: Vec<Evidence>) -> Self {
        let slots = (0..v4::FACTS.len()).map(|_| OnceLock::new());
        Pair {
            cluster,
            why,
            evidence,
            facts: slots.collect(),
        }
    }

    /// A fact about the cluster by its number, worked out once.
    pub(super) fn fact(&self, number: u16) -> Option<Fact<Value>> {
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
    pub(super) outcome: Outcome<'a>,
    /// The draft's namespace, where only `--pair` says it.
    pub(super) told_namespace: Option<String>,
    /// The v4 clusters that are near enough to be meant, while it is shaped for a migration and none fits: one more than are
    /// named, at most.
    pub(super) near: Vec<&'a Cluster<'a>>,
    /// Whether there are v4 clusters at all.
    pub(super) some: bool,
}

#[derive(Clone, Default)]
pub(super) enum Outcome<'a> {
    /// Nothing was looked for yet.
    #[default]
    Open,
    Paired(Box<Pair<'a>>),
    Unpaired {
        /// `namespace/name` of the clusters that fit equally well.
        candidates: Vec<String>,
        /// What speaks for each of them, where it is not the same for all.
        signs: Vec<String>,
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

    /// What speaks for each of the candidates, in their order; empty where it is the same for all.
    pub fn signs(&self) -> &[String] {
        match &self.outcome {
            Outcome::Unpaired { signs, .. } => signs,
            _ => &[],
        }
    }

    /// The v4 clusters that a draft shaped for a migration may replace although nothing it names is theirs.
    pub(in crate::fact::spec) fn near(&self) -> &[&'a Cluster<'a>] {
        &self.near
    }

    /// Whether the input shows v4 clusters.
    pub(in crate::fact::spec) fn has_clusters(&self) -> bool {
        self.some
    }

    pub(in crate::fact::spec) fn told_namespace(&self) -> Option<&str> {
        self.told_namespace.as_deref()
    }
}

pub(super) fn nothing_fits(draft: &str) -> Gap {
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

/// Most clusters that are named.
pub(super) const MOST_NAMED: usize = 5;

/// Nothing that the draft names is v4's, and these are where it would be.
pub(super) fn near_ones(draft: &str, near: &[&Cluster<'_>]) -> Gap {
    let mut names: Vec<String> = near.iter().map(|cluster| label(cluster)).collect();
    names.dedup();
    let first = names.first().cloned().unwrap_or_default();
    let which = match names.len() {
        1 => "if it is that one",
        _ => "or whichever of them it is",
    };
    let more = names.len() > MOST_NAMED;
    names.truncate(MOST_NAMED);
    let mut named = names.join(", ");
    if more {
        named.push_str(" and others");
    }
    Gap {
        missing: format!("the v4 cluster that the draft {draft} replaces"),
        because: format!(
            "no claim, repository path or name that it mentions is that of {named}, which the input shows beside it"
        ),
        ask: format!("--pair {draft}={first}, {which}"),
    }
}

/// A fact that the table of clusters does not have; a test keeps this from happening.
pub(super) fn unheard_of() -> Fact<Value> {
    Fact::unknown(Gap {
        missing: "a fact about the v4 cluster".to_owned(),
        because: "this program does not know it".to_owned(),
        ask: "report this as a fault of pgo-preflight".to_owned(),
    })
}

/// `namespace/name`, or the name where the manifest writes no namespace.
pub(super) fn label(cluster: &Cluster<'_>) -> String {
    match cluster.namespace {
        Some(namespace) => format!("{namespace}/{}", cluster.name),
        None => cluster.name.to_owned(),
    }
}
