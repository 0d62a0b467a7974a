//! Volumes to move that no node reaches any more: what a lost node had on its own disks. Nodes are not read; a pod that waits
//! for one says what keeps it.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::repository::repo;
use crate::fact::v4::servers::instances::instance_of_pod;
use crate::fact::v4::servers::readiness::kept_by_volume;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Object};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[row(
    "volumes.unreached",
    Type::Strings,
    "the pods of the primary and of a repository on a volume that wait because their volume's node affinity conflicts with the nodes, as far as pods are seen",
    |cluster| unreached(cluster).map(Value::from),
)];

fn unreached(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let mut found = Fact::known(Vec::new());
    for pod in cluster.pods().objects.iter().copied() {
        let Some(span) = kept_by_volume(pod).filter(|_| is_to_move(cluster, pod)) else {
            continue;
        };
        found =
            found
                .and_at(span, "what keeps the pod from a node")
                .map(|mut pods: Vec<String>| {
                    pods.push(pod.name.to_string());
                    pods
                });
    }
    found.and_at(cluster.name_span(), "the cluster")
}

fn is_to_move(cluster: &Cluster<'_>, pod: &Object) -> bool {
    if cluster.repo_pods().any(|one| std::ptr::eq(one, pod)) {
        let types = repo::types(cluster);
        return types
            .value()
            .is_none_or(|types| types.iter().any(|one| one == "posix"));
    }
    let primary = cluster.primary().name.value();
    primary.is_some_and(|primary| *primary == instance_of_pod(pod))
}
