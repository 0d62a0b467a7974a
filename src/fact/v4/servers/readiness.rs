//! Whether what PGO v4 runs in a pod is ready: what the kubelet says of its container, else of the pod, else the Deployment.
//!
//! It must not know which pod is the primary's.

use crate::fact::v4::fields::number;
use crate::fact::v4::objects::workload;
use crate::fact::v4::objects::workload::deleting;
use crate::manifest::{Fact, Node, Object};
use crate::source::Span;

/// The container of Postgres, and of the repository host, in the pods of every release.
const DATABASE: &str = "database";

/// What a pod's status says of its Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::fact::v4) enum Readiness {
    /// Ready.
    Ready,
    /// Not ready, and why, in words that follow the pod's name.
    NotReady(String),
    /// The status names neither containers nor conditions.
    Unsaid,
}

/// Whether the pod's Postgres is ready, and where it says so.
pub(in crate::fact::v4) fn readiness(pod: &Object) -> Fact<(Readiness, Span)> {
    let status = pod.read(&["status"], "the pod's status");
    status
        .both(deleting(pod, "when the pod's deletion was asked for"))
        .map(|(status, going)| {
            let told = if going {
                let span = pod.nearest(&["metadata", "deletionTimestamp", "."]);
                Some((Readiness::NotReady("is being deleted".to_owned()), span))
            } else {
                status.and_then(|status| {
                    by_phase(status)
                        .or_else(|| by_container(status))
                        .or_else(|| by_condition(status))
                })
            };
            told.unwrap_or((Readiness::Unsaid, pod.name_span()))
        })
}

/// What a Deployment says of its pods; `None` where it wants some and says nothing of them.
pub(in crate::fact::v4) fn of_deployment(deployment: &Object) -> Option<Fact<String>> {
    let wanted = workload::replicas(deployment, "the number of pods asked for");
    if wanted.value() == Some(&0) {
        let words = format!("Deployment {} is scaled to 0", deployment.name);
        return Some(wanted.map(|_| words));
    }
    deployment.at(&["status"])?;
    let ready = number(deployment, &["status", "readyReplicas"], "the ready pods");
    Some(ready.map(|ready| match ready {
        Some(1..) => String::new(),
        _ => format!("Deployment {} has no ready pod", deployment.name),
    }))
}

fn by_phase(status: Node<'_>) -> Option<(Readiness, Span)> {
    let phase = status.get("phase")?;
    (phase.text() != "Running").then(|| {
        let why = format!("is in phase {}", phase.text());
        (Readiness::NotReady(why), phase.span())
    })
}

fn by_container(status: Node<'_>) -> Option<(Readiness, Span)> {
    let mut containers = status.get("containerStatuses")?.items();
    let database = containers.find(|item| text(*item, "name") == DATABASE)?;
    let ready = database.get("ready")?;
    if ready.text() == "true" {
        if let Some(lost) = lost(status) {
            let why = "is not ready, although its containers are: its node may be lost";
            return Some((Readiness::NotReady(why.to_owned()), lost.span()));
        }
        return Some((Readiness::Ready, ready.span()));
    }
    let waiting = database.at(&["state", "waiting", "reason"]);
    let ended = database.at(&["state", "terminated", "reason"]);
    let reason = waiting
        .or(ended)
        .map(|reason| format!(" ({})", reason.text()));
    let why = format!(
        "has its container {DATABASE} not ready{}",
        reason.unwrap_or_default()
    );
    Some((Readiness::NotReady(why), ready.span()))
}

/// Where the pod is said not to be ready while all of its containers are. The kubelet of a node that is gone says no more of
/// its containers; Kubernetes then takes the pod's own condition back.
fn lost(status: Node<'_>) -> Option<Node<'_>> {
    let said = condition(status, "Ready")?;
    let mut containers = status.get("containerStatuses")?.items();
    let all = containers.all(|one| text(one, "ready") == "true");
    (all && said.text() == "False").then_some(said)
}

/// The status of one of the pod's conditions.
fn condition<'a>(status: Node<'a>, kind: &str) -> Option<Node<'a>> {
    let mut conditions = status.get("conditions")?.items();
    conditions
        .find(|item| text(*item, "type") == kind)?
        .get("status")
}

fn by_condition(status: Node<'_>) -> Option<(Readiness, Span)> {
    let mut conditions = status.get("conditions")?.items();
    let ready =
        conditions.find(|item| matches!(text(*item, "type"), "ContainersReady" | "Ready"))?;
    let said = ready.get("status")?;
    let told = match said.text() {
        "True" => Readiness::Ready,
        _ => Readiness::NotReady("is not ready".to_owned()),
    };
    Some((told, said.span()))
}

fn text<'a>(node: Node<'a>, key: &str) -> &'a str {
    node.get(key).map_or("", Node::text)
}
