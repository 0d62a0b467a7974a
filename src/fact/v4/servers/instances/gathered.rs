//! The instances of a cluster, gathered from Deployments, pods and Pgreplicas.

use std::collections::BTreeMap;

use super::{Instance, Instances, has_finished, instance_of_pod};
use crate::fact::v4::Cluster;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Kind, Node, Object};

impl<'a> Cluster<'a> {
    /// The Postgres servers of the cluster that are seen, and whether these are all.
    pub fn instances(&self) -> &Instances<'a> {
        self.memo.instances.get_or_init(|| gather(self))
    }
}

/// Gathers the instances from Deployments, pods and Pgreplicas.
fn gather<'a>(cluster: &Cluster<'a>) -> Instances<'a> {
    let mut seen: BTreeMap<String, Instance<'a>> = BTreeMap::new();
    let mut named = |name: String, add: &mut dyn FnMut(&mut Instance<'a>)| {
        if !name.is_empty() {
            let instance = seen.entry(name.clone()).or_default();
            instance.name = name;
            add(instance);
        }
    };
    let deployments = cluster.deployments();
    for object in deployments.objects.iter().copied() {
        if is_database(object, cluster.name) {
            named(object.name.to_string(), &mut |one| {
                one.deployment = Some(object);
            });
        }
    }
    for object in cluster.pods().objects.iter().copied() {
        if is_database(object, cluster.name) && !has_finished(object) {
            named(instance_of_pod(object), &mut |one| one.pods.push(object));
        }
    }
    let pgreplicas = cluster.all_of(Kind::Pgreplica);
    for object in pgreplicas.objects.iter().copied() {
        named(replica_name(object), &mut |one| {
            one.pgreplica = Some(object);
        });
    }
    let every_deployment = if_complete(&deployments.completeness, ());
    let every_pgreplica = if_complete(&pgreplicas.completeness, ());
    Instances {
        seen: seen.into_values().collect(),
        all: every_deployment.both(every_pgreplica).map(|_| ()),
    }
}

/// Whether a Deployment or pod runs Postgres. PGO 4.1 has no label for it: there the Service it serves tells.
fn is_database(object: &Object, cluster: &str) -> bool {
    match object.label("pgo-pg-database") {
        Some(label) => label.text() == "true",
        None => object.label("service-name").is_some_and(|service| {
            let service = service.text();
            service == cluster || service.strip_suffix("-replica") == Some(cluster)
        }),
    }
}

/// The instance a Pgreplica asks for: `spec.name`, which may differ from its own.
fn replica_name(pgreplica: &Object) -> String {
    let written = pgreplica.at(&["spec", "name"]).map_or("", Node::text);
    let name = if written.is_empty() {
        &pgreplica.name
    } else {
        written
    };
    name.to_owned()
}
