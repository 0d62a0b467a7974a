//! Where a List that looks complete is contradicted by what else is in the input: it was made with a selector.
//!
//! A listing that a server answered, or that the user vouches for, is never doubted here.

use crate::manifest::{Completeness, Gap, Inventory, Kind, Listing, Node, Object};

/// The kinds of which other objects name some.
pub(in crate::fact::v4) const CONTRADICTED: [Kind; 2] = [Kind::Deployment, Kind::Pod];

/// Why a cluster's listing that was only inferred to be complete cannot be: an object names one that it lacks.
pub(in crate::fact::v4) fn contradiction(
    inventory: &Inventory,
    (namespace, cluster): (Option<&str>, &str),
    kind: Kind,
    listing: &Listing<'_>,
) -> Option<Gap> {
    if !matches!(listing.completeness, Completeness::Inferred(_)) {
        return None;
    }
    let of = |kind| inventory.of_cluster(kind, namespace, cluster).objects;
    let because = match kind {
        Kind::Deployment => of(Kind::Pod).into_iter().find_map(|pod| {
            let owner = pod.label("deployment-name").map_or("", Node::text);
            let listed = listing.objects.iter().any(|one| &*one.name == owner);
            let missing = !owner.is_empty() && !listed && !has_finished(pod);
            missing.then(|| {
                format!(
                    "pod {} is of Deployment {owner}, which the list lacks",
                    pod.name
                )
            })
        }),
        Kind::Pod => of(Kind::Deployment).into_iter().find_map(|deployment| {
            let is_of_it = |pod: &&Object| belongs(pod, &deployment.name);
            let missing = has_ready_pods(deployment) && !listing.objects.iter().any(is_of_it);
            missing.then(|| {
                format!(
                    "Deployment {} has ready pods, of which the list has none",
                    deployment.name
                )
            })
        }),
        _ => None,
    }?;
    Some(Gap {
        because: format!("{because}: it was made with a selector"),
        ..Gap::of_all(kind, namespace)
    })
}

fn has_finished(pod: &Object) -> bool {
    let phase = pod.at(&["status", "phase"]).map_or("", Node::text);
    matches!(phase, "Succeeded" | "Failed")
}

/// Whether an instance's Deployment says that a pod of it is ready.
fn has_ready_pods(deployment: &Object) -> bool {
    let database = deployment.label("pgo-pg-database").map_or("", Node::text);
    let ready = deployment
        .at(&["status", "readyReplicas"])
        .map_or("", Node::text);
    database == "true" && !matches!(ready, "" | "0")
}

fn belongs(pod: &Object, deployment: &str) -> bool {
    let owner = pod.label("deployment-name").map_or("", Node::text);
    let named = pod.name.strip_prefix(deployment);
    owner == deployment || named.is_some_and(|rest| rest.starts_with('-'))
}
