//! The course of a move that facts are asked of.

use crate::expr::{Names, Value};
use crate::fact::moved::{self, Migration};
use crate::fact::spec::Draft;
use crate::fact::v4::{self, Cluster};
use crate::manifest::{Fact, Gap, Inventory};

/// One v4 cluster on its way to v5 by one method.
pub struct Course<'a> {
    /// The method, as rules name it.
    pub method: &'static str,
    /// The v4 cluster in every export that shows it, the youngest first; never empty.
    pub moments: Vec<&'a Cluster<'a>>,
    /// The youngest evidence of its Kubernetes cluster, whether or not it still shows v4.
    pub present: &'a Inventory,
    /// The v5 cluster that came of it, where one is alive.
    pub migration: Option<&'a Migration<'a>>,
    /// The manifest that is drafted for it, where one is in the input.
    pub draft: Option<&'a Draft<'a>>,
    /// The rules that find an error in that draft.
    pub draft_errors: Vec<String>,
    /// The file of that draft.
    pub manifest: Option<String>,
    /// The file with the oldest export that shows the Pgcluster; empty where only a live cluster was read.
    pub kept: String,
}

/// What v4 leaves behind as it stops and goes: of these, older exports say more.
const LINEAGE: [&str; 4] = [
    "cluster.systemIdentifier",
    "cluster.history",
    "cluster.position",
    "cluster.timeline",
];

impl<'a> Course<'a> {
    /// The v4 cluster as the youngest export shows it.
    pub fn v4(&self) -> Option<&'a Cluster<'a>> {
        self.moments.first().copied()
    }

    /// A fact about the v4 cluster: by the youngest export that shows its Pgcluster, or by older ones where that cannot
    /// say; of what stopping takes away, what any of them still shows.
    pub(super) fn v4_fact(&self, number: u16) -> Fact<Value> {
        let lineage = LINEAGE.contains(&v4::FACTS.fact_name(number));
        let (mut nothing, mut unknown) = (None, None);
        for cluster in &self.moments {
            let whole = cluster.object.is_some() && !lineage;
            match v4::FACTS.read(number, cluster) {
                Some(Fact::Known(truth)) if whole || !moved::says_nothing(&truth.value) => {
                    return Fact::Known(truth);
                }
                Some(known @ Fact::Known(_)) => {
                    nothing.get_or_insert(known);
                }
                Some(gap @ Fact::Unknown(_)) => {
                    unknown.get_or_insert(gap);
                }
                None => {}
            }
        }
        nothing
            .or(unknown)
            .unwrap_or_else(|| Fact::unknown(no_v5()))
    }

    /// A fact about the v4 cluster by name.
    pub(super) fn v4_named(&self, name: &str) -> Fact<Value> {
        let number = v4::FACTS.fact(name);
        number.map_or_else(|| Fact::unknown(no_v5()), |number| self.v4_fact(number))
    }

    /// A fact about the migration by its number.
    pub(super) fn moved_fact(&self, number: u16) -> Fact<Value> {
        let read = self
            .migration
            .and_then(|migration| moved::FACTS.read(number, migration));
        read.unwrap_or_else(|| Fact::unknown(no_v5()))
    }
}

/// What is missing where a fact about v5 is asked for and there is no v5 yet.
pub const NO_V5: &str = "a PostgresCluster that came of it";

fn no_v5() -> Gap {
    Gap {
        missing: NO_V5.to_owned(),
        because: "the input shows none that is alive".to_owned(),
        ask: "kubectl get postgresclusters.postgres-operator.crunchydata.com -A -o yaml".to_owned(),
    }
}
