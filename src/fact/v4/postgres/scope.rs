//! The name that Patroni gives a cluster, by which its own records are called.

use crate::fact::v4::Cluster;
use crate::fact::v4::fields::scalar_text;
use crate::fact::v4::objects::workload::env;
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

/// PGO gives Patroni the label of the pod for a name.
const LABEL: &str = "crunchy-pgha-scope";
const NOTE: &str = "Patroni's name for the cluster";

/// The name.
pub(super) fn scope(cluster: &Cluster<'_>) -> Fact<String> {
    let (name, span) = named(cluster);
    Fact::at(name, span, NOTE)
}

/// What one of its records is called: `hippo-config`.
pub(in crate::fact::v4) fn record(cluster: &Cluster<'_>, suffix: &str) -> String {
    let (name, _) = named(cluster);
    format!("{name}-{suffix}")
}

/// What the Deployments give it, else the Pgcluster, else the cluster's own name. It differs after a restore by PGO 4.2 to 4.4, which
/// makes a Deployment of another name; what was recorded under the old one stays, and counts no more (PGO v4.4.2
/// `internal/operator/backrest/restore.go`, `conf/postgres-operator/cluster-deployment.json`).
fn named(cluster: &Cluster<'_>) -> (String, Span) {
    let deployments = cluster.deployments().objects.iter();
    let running = deployments.copied().find_map(of_deployment);
    let asked = || labelled(cluster.object?.label(LABEL)?);
    running
        .or_else(asked)
        .unwrap_or_else(|| (cluster.name.to_owned(), cluster.name_span()))
}

fn of_deployment(deployment: &Object) -> Option<(String, Span)> {
    if let Fact::Known(written) = env(deployment, "PATRONI_SCOPE", NOTE)
        && let (Some(name), Some(place)) = (written.value, written.evidence.first())
    {
        return Some((name, place.span)).filter(|(name, _)| !name.is_empty());
    }
    let path = ["spec", "template", "metadata", "labels", LABEL];
    labelled(deployment.at(&path)?)
}

fn labelled(label: Node<'_>) -> Option<(String, Span)> {
    let name = scalar_text(label)?;
    (!name.is_empty()).then(|| (name, label.span()))
}
