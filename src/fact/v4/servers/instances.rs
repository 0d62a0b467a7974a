//! The Postgres servers of a cluster: one Deployment each, its pods, and the Pgreplica that asked for it.
//!
//! It must not know which of them is the primary.

mod gathered;

use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

/// One Postgres server: running, scaled to 0, or only asked for.
#[derive(Debug, Default)]
pub struct Instance<'a> {
    /// Its name: that of its Deployment, its data claim and its data directory.
    pub name: String,
    /// Its Deployment.
    pub deployment: Option<&'a Object>,
    /// Its pods that have not finished.
    pub pods: Vec<&'a Object>,
    /// The Pgreplica that asked for it. The first primary never has one; a promoted replica keeps its own.
    pub pgreplica: Option<&'a Object>,
}

impl<'a> Instance<'a> {
    /// The objects that show it: Deployment, pods, Pgreplica.
    pub fn objects(&self) -> impl Iterator<Item = &'a Object> {
        let pods = self.pods.iter().copied();
        self.deployment
            .into_iter()
            .chain(pods)
            .chain(self.pgreplica)
    }

    /// The object that shows what it runs: its Deployment, else a pod.
    pub(in crate::fact::v4) fn runs(&self) -> Option<&'a Object> {
        self.deployment.or_else(|| self.pods.first().copied())
    }

    /// Where it is named, first in its Deployment.
    pub fn span(&self) -> Option<Span> {
        self.objects().next().map(Object::name_span)
    }
}

/// The instances of a cluster.
#[derive(Debug)]
pub struct Instances<'a> {
    /// Those that the input shows, sorted by name.
    pub seen: Vec<Instance<'a>>,
    /// Known when there are no others: every Deployment and every Pgreplica was seen.
    pub all: Fact<()>,
}

impl<'a> Instances<'a> {
    /// The instance of this name, if it is seen.
    pub fn get(&self, name: &str) -> Option<&Instance<'a>> {
        let at = self
            .seen
            .binary_search_by(|instance| instance.name.as_str().cmp(name));
        self.seen.get(at.ok()?)
    }
}

/// Whether a pod has run to its end (evicted pods linger, labels and all).
pub(in crate::fact::v4) fn has_finished(pod: &Object) -> bool {
    let phase = pod.at(&["status", "phase"]).map_or("", Node::text);
    matches!(phase, "Succeeded" | "Failed")
}

/// Whether a pod is running, as far as its status says.
pub(in crate::fact::v4) fn is_running(pod: &Object) -> bool {
    pod.at(&["status", "phase"])
        .is_some_and(|phase| phase.text() == "Running")
}

/// The instance a pod belongs to.
pub(in crate::fact::v4) fn instance_of_pod(pod: &Object) -> String {
    match pod.label("deployment-name") {
        Some(name) if !name.text().is_empty() => name.text().to_owned(),
        _ => without_hashes(&pod.name).to_owned(),
    }
}

/// `hippo-jgut` of the pod name `hippo-jgut-5d8f6bbc7d-x2x4z`.
pub(in crate::fact::v4) fn without_hashes(pod: &str) -> &str {
    let mut parts = pod.rsplitn(3, '-').skip(2);
    parts.next().unwrap_or(pod)
}
