//! The name that Patroni gives a cluster, by which its own records are called.

use crate::fact::v4::Cluster;
use crate::fact::v4::fields::scalar_text;
use crate::fact::v4::objects::workload::env;
use crate::manifest::{Fact, Object};

/// PGO gives Patroni the label of the pod for a name.
const LABEL: &str = "crunchy-pgha-scope";

/// What the Deployments give it, else the Pgcluster, else the cluster's own name. It differs after a restore by PGO 4.2 to 4.4, which
/// makes a Deployment of another name; what was recorded under the old one stays, and counts no more (PGO v4.4.2
/// `internal/operator/backrest/restore.go`, `conf/postgres-operator/cluster-deployment.json`).
pub(in crate::fact::v4) fn scope(cluster: &Cluster<'_>) -> Fact<String> {
    let deployments = cluster.deployments().objects.iter();
    let running = deployments.copied().find_map(of_deployment);
    let asked = || cluster.object?.label(LABEL).and_then(scalar_text);
    let named = running.or_else(asked).filter(|scope| !scope.is_empty());
    Fact::known(named.unwrap_or_else(|| cluster.name.to_owned()))
}

fn of_deployment(deployment: &Object) -> Option<String> {
    let told = env(
        deployment,
        "PATRONI_SCOPE",
        "Patroni's name for the cluster",
    );
    let written = told.value().cloned().flatten();
    let of_pods = || {
        let path = ["spec", "template", "metadata", "labels", LABEL];
        deployment.at(&path).and_then(scalar_text)
    };
    let scope = written.or_else(of_pods).filter(|scope| !scope.is_empty())?;
    Some(scope)
}
