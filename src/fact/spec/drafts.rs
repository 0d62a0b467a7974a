//! How drafts are found in an inventory, each with the v4 cluster that it replaces.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use super::Draft;
use super::pairing::{Candidates, PairFlag, Pairing};
use crate::fact::Run;
use crate::fact::v4::Surroundings;
use crate::manifest::{Inventory, Kind, Object};

/// Which PostgresClusters are linted: drafts, and with `lint_live` those, too, that a server has seen.
pub fn linted(lint_live: bool) -> fn(&Object) -> bool {
    if lint_live {
        |_| true
    } else {
        Object::is_draft
    }
}

/// The PostgresClusters of an inventory that are to be judged, by namespace and name, each paired with the v4 cluster it
/// replaces as far as the evidence goes.
pub fn drafts<'a>(
    inventory: &'a Inventory,
    run: &'a Run,
    surroundings: &'a Surroundings,
    candidates: &Candidates<'a>,
    flags: &[PairFlag],
    which: fn(&Object) -> bool,
) -> Vec<Draft<'a>> {
    let objects = inventory.list_all(Kind::PostgresCluster).objects;
    let wanted = objects.into_iter().filter(|object| which(object));
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
