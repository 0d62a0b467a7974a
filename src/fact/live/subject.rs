//! The living cluster that facts are asked of, and how living clusters are found in an inventory.

use std::sync::{Arc, OnceLock};

use crate::expr::Value;
use crate::fact::Run;
use crate::fact::spec::{Candidates, Draft, PairFlag, drafts};
use crate::fact::v4::Surroundings;
use crate::fact::v4::seen::found;
use crate::fact::writers::Writers;
use crate::manifest::{Fact, Gap, Inventory, KINDS, Kind, Listing, Object};
use crate::source::Span;

/// One PostgresCluster that a server has seen.
pub struct Living<'a> {
    /// All evidence of the cluster's origin.
    pub inventory: &'a Inventory,
    /// What is given to the whole run.
    pub run: &'a Run,
    /// What all subjects of the origin share.
    pub surroundings: &'a Surroundings,
    /// The loose files beside the one cluster that was read, where it is in that: what is drafted for it.
    pub files: Option<&'a Inventory>,
    /// The PostgresCluster.
    pub object: &'a Object,
    /// Its namespace; `None` where the export names none.
    pub namespace: Option<&'a str>,
    /// Its name.
    pub name: &'a str,
    /// Its spec read as one reads a draft, paired with the v4 cluster it came from as far as the evidence goes.
    pub spec: Draft<'a>,
    /// The living clusters of its origin by where they write, shared by them.
    pub(super) writers: Arc<OnceLock<Writers>>,
    /// The Deployments of pgo-upgrade in its origin, likewise.
    pub(super) helpers: Arc<OnceLock<Fact<Value>>>,
    listings: [OnceLock<Box<Listing<'a>>>; KINDS.len()],
}

impl<'a> Living<'a> {
    /// Where its name is written.
    pub fn name_span(&self) -> Span {
        self.object.name_span()
    }

    /// Its objects of a kind, by v5's label; for facts that compare it with something else.
    pub(in crate::fact) fn of_kind(&self, kind: Kind) -> &Listing<'a> {
        self.all_of(kind)
    }

    /// Its objects of a kind, by v5's label; listed on first use.
    pub(super) fn all_of(&self, kind: Kind) -> &Listing<'a> {
        #[allow(clippy::indexing_slicing)] // one for each kind
        self.listings[kind as usize].get_or_init(|| {
            let listing = self
                .inventory
                .of_v5_cluster(kind, self.namespace, self.name);
            Box::new(listing)
        })
    }

    /// An object of its namespace by name: `Known(None)` where it is known not to exist.
    pub(super) fn object_named(
        &self,
        kind: Kind,
        name: &str,
        note: &'static str,
    ) -> Fact<Option<&'a Object>> {
        found(self.inventory.find(kind, self.namespace, name), note)
    }
}

/// Every living v5 cluster of an inventory, by namespace and name, each with the v4 cluster it came from where the
/// evidence leaves just one.
pub fn living<'a>(
    inventory: &'a Inventory,
    run: &'a Run,
    surroundings: &'a Surroundings,
    candidates: &Candidates<'a>,
    flags: &[PairFlag],
) -> Vec<Living<'a>> {
    let alive = drafts(
        inventory,
        run,
        surroundings,
        candidates,
        flags,
        Object::is_live,
    );
    let (writers, helpers) = (Arc::default(), Arc::default());
    alive
        .into_iter()
        .map(|spec| Living {
            inventory,
            run,
            surroundings,
            files: None,
            object: spec.object,
            namespace: spec.namespace,
            name: spec.name,
            spec,
            writers: Arc::clone(&writers),
            helpers: Arc::clone(&helpers),
            listings: std::array::from_fn(|_| OnceLock::new()),
        })
        .collect()
}

/// A fact that no table has; a test keeps this from happening.
pub(super) fn unheard_of() -> Fact<Value> {
    Fact::unknown(Gap {
        missing: "a fact about the PostgresCluster".to_owned(),
        because: "this program does not know it".to_owned(),
        ask: "report this as a fault of pgo-preflight".to_owned(),
    })
}
