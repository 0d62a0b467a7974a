//! Everything that names the primary, with how far it can be trusted.

use super::told::{Source, Trust};
use crate::expr::Version;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::{scalar_text, text};
use crate::fact::v4::objects::workload::deleting;
use crate::fact::v4::servers::instances::{instance_of_pod, is_running, without_hashes};
use crate::fact::v4::servers::readiness::{Readiness, readiness};
use crate::manifest::{Fact, Found, Gap, Kind, Node, Object};
use crate::source::Span;

/// What was told, and what could not be read because copies of an object disagree.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) sources: Vec<Source>,
    pub(super) unreadable: Vec<Gap>,
}

/// PGO versions by where they record the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Era {
    /// 4.1: PGO drives failover itself and moves the label `service-name`.
    Before42,
    /// 4.2: Patroni drives it, PGO records only what it was asked for.
    Only42,
    /// 4.3 and newer: PGO records what Patroni did.
    Since43,
    /// The version is not known.
    Unknown,
}

pub(super) fn era(cluster: &Cluster<'_>) -> Era {
    let Some(version) = cluster.version().value() else {
        return Era::Unknown;
    };
    let before = |text| Version::parse(text).is_some_and(|bound| *version < bound);
    match (before("4.2"), before("4.3")) {
        (true, _) => Era::Before42,
        (_, true) => Era::Only42,
        _ => Era::Since43,
    }
}

/// All sources, in PGO's own order of trust.
pub(super) fn gather(cluster: &Cluster<'_>, era: Era) -> Told {
    let mut told = Told::default();
    told.running_pods(cluster, era);
    if let Some(object) = cluster.object {
        told.records(cluster, object, era);
    }
    told.only_instance(cluster);
    let recorded = |source: &Source| source.trust != Trust::Hint;
    if era != Era::Since43 && !told.sources.iter().any(recorded) {
        told.leader_lock(cluster);
    }
    told
}

impl Told {
    fn add(&mut self, instance: String, told_by: String, at: (Span, &'static str), trust: Trust) {
        if !instance.is_empty() {
            let (span, note) = at;
            self.sources.push(Source {
                instance,
                told_by,
                span,
                note,
                trust,
            });
        }
    }

    /// Pods that Patroni labels as the leader; on 4.1 what serves the primary's Service.
    fn running_pods(&mut self, cluster: &Cluster<'_>, era: Era) {
        for instance in &cluster.instances().seen {
            for pod in &instance.pods {
                let Some(label) = leader_label(pod, cluster.name, era) else {
                    continue;
                };
                let going = deleting(pod, "the pod").value() != Some(&false);
                let trust = if pod.at(&["status", "phase"]).is_none() {
                    Trust::Hint
                } else if is_unready(pod) {
                    // Patroni in it cannot take the label back.
                    Trust::Record
                } else {
                    Trust::Proof
                };
                if going || (trust != Trust::Hint && !is_running(pod)) {
                    continue;
                }
                let named = pod.label("deployment-name").unwrap_or(label);
                let at = (named.span(), "a running pod with the role of the primary");
                let told_by = format!("pod {}", pod.name);
                self.add(instance_of_pod(pod), told_by, at, trust);
            }
            if let Some(deployment) = instance.deployment.filter(|_| era == Era::Before42)
                && let Some(label) = leader_label(deployment, cluster.name, era)
            {
                let at = (label.span(), "serves the primary's Service");
                let told_by = format!("Deployment {}", deployment.name);
                self.add(deployment.name.to_string(), told_by, at, Trust::Proof);
            }
        }
    }

    /// What the Pgcluster records.
    fn records(&mut self, cluster: &Cluster<'_>, object: &Object, era: Era) {
        let annotation = ["metadata", "annotations", "current-primary"];
        let annotated = object
            .at(&annotation)
            .and_then(scalar_text)
            .is_some_and(|text| !text.is_empty());
        self.record(
            object,
            &annotation,
            "annotation current-primary",
            Trust::Record,
        );
        let at_shutdown = ["metadata", "annotations", "primary-deployment"];
        self.record(
            object,
            &at_shutdown,
            "annotation primary-deployment",
            Trust::Record,
        );
        if !annotated {
            // Removed by the upgrade to 4.3; beside the annotation it can only be left over.
            let trust = match era {
                Era::Only42 | Era::Unknown => Trust::Hint,
                Era::Before42 | Era::Since43 => Trust::Record,
            };
            let label = ["metadata", "labels", "current-primary"];
            self.record(object, &label, "label current-primary", trust);
        }
        if annotated && era != Era::Before42 && era != Era::Only42 {
            // Patched together with the annotation; alone they may be as old as the cluster.
            let label = ["metadata", "labels", "deployment-name"];
            self.record(object, &label, "label deployment-name", Trust::Record);
            if storage_names_an_instance(cluster, object) {
                let name = ["spec", "PrimaryStorage", "name"];
                self.record(object, &name, "spec.PrimaryStorage.name", Trust::Record);
            }
        }
    }

    fn record(&mut self, object: &Object, path: &[&str], told_by: &'static str, trust: Trust) {
        match text(object, path, told_by) {
            Fact::Known(truth) => {
                let span = truth
                    .evidence
                    .first()
                    .map_or(object.name_span(), |at| at.span);
                self.add(truth.value, told_by.to_owned(), (span, told_by), trust);
            }
            Fact::Unknown(gaps) => self.unreadable.extend(gaps.iter().cloned()),
        }
    }

    /// A cluster of one instance has no other primary.
    fn only_instance(&mut self, cluster: &Cluster<'_>) {
        let instances = cluster.instances();
        if let ([only], Fact::Known(_)) = (instances.seen.as_slice(), &instances.all)
            && let Some(deployment) = only.deployment
        {
            let at = (deployment.name_span(), "the only instance");
            let told_by = "the only instance".to_owned();
            self.add(only.name.clone(), told_by, at, Trust::Record);
        }
    }

    /// The holder of Patroni's leader lock.
    fn leader_lock(&mut self, cluster: &Cluster<'_>) {
        let name = format!("{}-leader", cluster.name);
        let found = cluster
            .inventory
            .find(Kind::ConfigMap, cluster.namespace, &name);
        let Found::Here(lock) = found else {
            return;
        };
        if let Some(holder) = lock.annotation("leader").filter(|_| lock.rivals.is_empty()) {
            let at = (holder.span(), "the holder of Patroni's leader lock");
            let instance = without_hashes(holder.text()).to_owned();
            self.add(instance, format!("ConfigMap {name}"), at, Trust::Record);
        }
    }
}

/// Whether `spec.PrimaryStorage.name` can be an instance: it may be an existing claim, or the placeholder of an example.
fn storage_names_an_instance(cluster: &Cluster<'_>, object: &Object) -> bool {
    let field = |key| {
        object
            .at(&["spec", "PrimaryStorage", key])
            .map_or("", Node::text)
    };
    let name = field("name");
    let of_replica = name
        .strip_prefix(cluster.name)
        .is_some_and(|rest| rest.starts_with('-'));
    matches!(field("storagetype"), "create" | "dynamic")
        && (name == cluster.name || of_replica || cluster.instances().get(name).is_some())
}

/// Whether the status says that Postgres in it is not ready.
fn is_unready(pod: &Object) -> bool {
    let told = readiness(pod);
    matches!(told.value(), Some((Readiness::NotReady(_), _)))
}

/// The label that says "I am the primary".
fn leader_label<'a>(object: &'a Object, cluster: &str, era: Era) -> Option<Node<'a>> {
    if era == Era::Before42 {
        return object
            .label("service-name")
            .filter(|label| label.text() == cluster);
    }
    object
        .label("role")
        .filter(|label| label.text() == "master")
}
