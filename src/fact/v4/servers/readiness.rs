//! Whether what PGO v4 runs in a pod is ready: what the kubelet says of its container, else of the pod, else the Deployment.
//!
//! It must not know which pod is the primary's.

use jiff::Timestamp;

use crate::fact::v4::fields::{is_unset, misshapen, number};
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
    let whole = status.both(deleting(pod, "when the pod's deletion was asked for"));
    whole.and_then(|(status, going)| {
        if going {
            let span = pod.nearest(&["metadata", "deletionTimestamp", "."]);
            let why = format!("is being deleted{}", because(status));
            return Fact::known((Readiness::NotReady(why), span));
        }
        let lists = ["containerStatuses", "conditions"];
        let mut lists = lists.into_iter().filter(|list| {
            let list = status.and_then(|status| status.get(list));
            list.is_some_and(|list| !list.is_seq() && !is_unset(list))
        });
        if let Some(list) = lists.next() {
            return Fact::unknown(misshapen(pod, &["status", list], "a list"));
        }
        let told = status.and_then(|status| {
            by_phase(status)
                .or_else(|| by_eviction(status))
                .or_else(|| by_container(status))
                .or_else(|| by_condition(status))
        });
        Fact::known(told.unwrap_or((Readiness::Unsaid, pod.name_span())))
    })
}

/// The reason that a pod's status gives, as " (`NodeLost`)".
fn because(status: Option<Node<'_>>) -> String {
    let reason = status.map_or("", |status| text(status, "reason"));
    match reason {
        "" => String::new(),
        reason => format!(" ({reason})"),
    }
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
        let why = match placeless(status) {
            Some(reason) => format!("is in phase {}: {reason}", phase.text()),
            None => format!("is in phase {}{}", phase.text(), because(Some(status))),
        };
        (Readiness::NotReady(why), phase.span())
    })
}

/// That no node takes a pod, in words.
fn placeless(status: Node<'_>) -> Option<&'static str> {
    let mut conditions = status.get("conditions")?.items();
    let scheduled = conditions.find(|one| text(*one, "type") == "PodScheduled")?;
    if text(scheduled, "status") != "False" || text(scheduled, "reason") != "Unschedulable" {
        return None;
    }
    Some(if text(scheduled, "message").contains(CONFLICT) {
        "nodes that would take it do not reach its volume"
    } else {
        "no node takes it (Unschedulable)"
    })
}

/// What Kubernetes' scheduler says of nodes that a volume's node affinity keeps a pod from (plugin `VolumeBinding`).
const CONFLICT: &str = "volume node affinity conflict";

/// Where a pod that waits for a node is said to be kept from one by its volume.
pub(in crate::fact::v4) fn kept_by_volume(pod: &Object) -> Option<Span> {
    let status = pod.at(&["status"])?;
    if text(status, "phase") != "Pending" {
        return None;
    }
    let mut conditions = status.get("conditions")?.items();
    let scheduled = conditions.find(|one| text(*one, "type") == "PodScheduled")?;
    let message = scheduled.get("message")?;
    let keeps = text(scheduled, "status") == "False" && message.text().contains(CONFLICT);
    keeps.then(|| message.span())
}

/// A pod that is about to be taken from its node, which is drained, lost, or wanted by others (Kubernetes 1.26).
fn by_eviction(status: Node<'_>) -> Option<(Readiness, Span)> {
    let mut conditions = status.get("conditions")?.items();
    let target = conditions.find(|one| text(*one, "type") == "DisruptionTarget")?;
    let said = target.get("status").filter(|said| said.text() == "True")?;
    let why = format!(
        "is about to be taken from its node{}",
        because(Some(target))
    );
    Some((Readiness::NotReady(why), said.span()))
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
    (all && said.text() != "True").then_some(said)
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

/// That Postgres starts over and over, although it is ready right now: at least five times, its last run short, and ended
/// within the hour before `now`.
pub(in crate::fact::v4) fn restless(pod: &Object, now: Timestamp) -> Option<(String, Span)> {
    const OFTEN: i64 = 5;
    const SHORT: i64 = 600;
    const LATELY: i64 = 3600;
    let mut containers = pod.at(&["status", "containerStatuses"])?.items();
    let database = containers.find(|item| text(*item, "name") == DATABASE)?;
    let count = database.get("restartCount")?;
    let times: i64 = count.text().parse().ok()?;
    let ended = database.at(&["lastState", "terminated"])?;
    let at = |key: &str| text(ended, key).parse::<Timestamp>().ok();
    let (from, to) = (at("startedAt")?, at("finishedAt")?);
    let short = to.as_second() - from.as_second() < SHORT;
    let lately = (0..LATELY).contains(&(now.as_second() - to.as_second()));
    (times >= OFTEN && short && lately).then(|| {
        let why = because(Some(ended));
        let words = format!("starts over and over: {times} times, the last run ended at {to}{why}");
        (words, count.span())
    })
}

#[cfg(test)]
mod tests {
    use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

    /// What keeps the primary from serving where this is the status of its pod; it is 12:00 on the 2nd of June 2023.
    fn trouble(status: &str) -> String {
        let pod = with(&pod("hippo", "master"), "{phase: Running}", status);
        World::complete(&stream(&[PGCLUSTER, &deployment("hippo", 1), &pod]))
            .says("primary.trouble")
    }

    fn restarted(times: u8, from: &str, to: &str) -> String {
        trouble(&format!(
            "{{phase: Running, containerStatuses: [{{name: database, ready: true, restartCount: {times}, lastState: {{terminated: {{reason: OOMKilled, startedAt: '{from}', finishedAt: '{to}'}}}}}}]}}"
        ))
    }

    #[test]
    fn a_crash_loop_is_one_while_the_container_happens_to_be_ready() {
        let told = restarted(57, "2023-06-02T11:50:00Z", "2023-06-02T11:54:00Z");
        assert!(
            told.contains("57 times") && told.contains("OOMKilled"),
            "{told}"
        );
    }

    #[test]
    fn restarts_of_another_day_or_few_of_them_are_none() {
        assert_eq!(
            restarted(57, "2023-05-02T11:50:00Z", "2023-05-02T11:54:00Z"),
            "\"\""
        );
        assert_eq!(
            restarted(1, "2023-06-02T11:50:00Z", "2023-06-02T11:54:00Z"),
            "\"\""
        );
        assert_eq!(
            restarted(57, "2023-06-01T11:50:00Z", "2023-06-02T11:54:00Z"),
            "\"\""
        );
    }

    #[test]
    fn a_pod_that_is_about_to_be_taken_from_its_node_says_why() {
        let ready = "containerStatuses: [{name: database, ready: true}]";
        let told = trouble(&format!(
            "{{phase: Running, {ready}, conditions: [{{type: DisruptionTarget, status: 'True', reason: DeletionByTaintManager}}]}}"
        ));
        assert!(
            told.contains("taken from its node (DeletionByTaintManager)"),
            "{told}"
        );
        let passed = "conditions: [{type: DisruptionTarget, status: 'False'}]";
        assert_eq!(
            trouble(&format!("{{phase: Running, {ready}, {passed}}}")),
            "\"\""
        );
        let silent = "conditions: [{type: Ready, status: Unknown, reason: NodeStatusUnknown}]";
        let told = trouble(&format!("{{phase: Running, {ready}, {silent}}}"));
        assert!(told.contains("its node may be lost"), "{told}");
        let lost = trouble("{phase: Unknown, reason: NodeLost}");
        assert!(lost.contains("phase Unknown (NodeLost)"), "{lost}");
    }

    #[test]
    fn statuses_that_are_no_list_are_unknown() {
        assert_eq!(
            trouble("{phase: Running, containerStatuses: {name: database}}"),
            "unknown"
        );
    }
}
