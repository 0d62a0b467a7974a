//! How drafts are found in an inventory, each with the v4 cluster that it replaces.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock};

use super::Draft;
use super::pairing::{Candidates, PairFlag, Pairing};
use crate::fact::v4::Surroundings;
use crate::fact::{MOST_CLUSTERS, Run};
use crate::manifest::{Inventory, Kind, Object};

/// Which PostgresClusters are linted: drafts, and with `lint_live` those, too, that a server has seen.
pub fn linted(lint_live: bool) -> fn(&Object) -> bool {
    if lint_live {
        |_| true
    } else {
        Object::is_draft
    }
}

/// How many PostgresClusters an inventory has beyond those that [`drafts`] of each kind gives.
pub fn drafts_left_out(inventory: &Inventory, which: fn(&Object) -> bool) -> usize {
    let objects = inventory.list_all(Kind::PostgresCluster).objects;
    if objects.len() <= MOST_CLUSTERS {
        return 0;
    }
    let wanted = objects.into_iter().filter(|object| which(object));
    wanted.count().saturating_sub(MOST_CLUSTERS)
}

/// The PostgresClusters of an inventory that are to be judged, by namespace and name, each paired with the v4 cluster it
/// replaces as far as the evidence goes; [`MOST_CLUSTERS`] of them.
pub fn drafts<'a>(
    inventory: &'a Inventory,
    run: &'a Run,
    surroundings: &'a Surroundings,
    candidates: &Candidates<'a>,
    flags: &[PairFlag],
    which: fn(&Object) -> bool,
) -> Vec<Draft<'a>> {
    let objects = inventory.list_all(Kind::PostgresCluster).objects;
    let wanted = objects
        .into_iter()
        .filter(|object| which(object))
        .take(MOST_CLUSTERS);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::v4::testing::World;

    #[test]
    fn so_many_drafts_and_living_clusters_are_looked_at_and_the_rest_is_counted() {
        let one = |number: usize, further: &str| {
            format!(
                "---\napiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: a{number}{further}}}\n"
            )
        };
        let mut text: String = (0..MOST_CLUSTERS + 3).map(|at| one(at, "")).collect();
        text.extend((0..MOST_CLUSTERS).map(|at| one(MOST_CLUSTERS * 2 + at, ", uid: u")));
        let world = World::partial(&text);
        let (inventory, run, surroundings) = world.parts();
        for (which, left) in [(linted(false), 3), (Object::is_live, 0)] {
            let none = Candidates::default();
            let found = drafts(inventory, run, surroundings, &none, &[], which);
            assert_eq!(found.len(), MOST_CLUSTERS);
            assert_eq!(drafts_left_out(inventory, which), left);
        }
    }
}
