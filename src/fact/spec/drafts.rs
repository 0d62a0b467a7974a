//! How drafts are found in an inventory, each with the v4 cluster that it replaces.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use super::Draft;
use super::pairing::{Candidates, PairFlag, Pairing};
use crate::fact::Run;
use crate::fact::v4::Surroundings;
use crate::manifest::{Inventory, Kind, Object};

/// Every draft of an inventory, by namespace and name, each paired with the v4 cluster it replaces as far as the
/// evidence goes. `lint_live` takes the PostgresClusters in, too, that a server has seen.
pub fn drafts<'a>(
    inventory: &'a Inventory,
    run: &'a Run,
    surroundings: &'a Surroundings,
    candidates: &Candidates<'a>,
    flags: &[PairFlag],
    lint_live: bool,
) -> Vec<Draft<'a>> {
    let objects = inventory.list_all(Kind::PostgresCluster).objects;
    let wanted = objects
        .into_iter()
        .filter(|object| lint_live || object.is_draft());
    let neighbours = Arc::default();
    let draft = |object: &'a Object| {
        let mut draft = Draft {
            inventory,
            run,
            surroundings,
            object,
            namespace: object.namespace.as_deref(),
            name: &object.name,
            pairing: Pairing::default(),
            home: None,
            neighbours: Arc::clone(&neighbours),
            memo: OnceLock::new(),
            missed: AtomicBool::new(false),
        };
        draft.pairing = candidates.pairing(&draft, flags);
        // What was worked out without a pair may not hold with it.
        draft.memo = OnceLock::new();
        draft
    };
    wanted.map(draft).collect()
}
