//! How a command is run inside the cluster: in what is seen to run, never in what is not there.
//!
//! Questions end here: what is said where nothing can be asked is what comes first, without a command that changes anything.

use super::instances::{Instance, has_finished, is_running};
use super::readiness::{Readiness, readiness};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::objects::workload::{deleting, replicas};
use crate::fact::v4::seen::{if_complete, resting_on};
use crate::fact::v4::traces::placed;
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind, Object, shell_word};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "primary.exec",
        Type::String,
        "what `kubectl exec` takes to reach the Postgres of the primary, as \"deployment/hippo\", or its pod where only that is seen; \"\" where it does not run",
        |cluster| placed(cluster, of_primary(cluster)).map(Value::from),
    ),
    row(
        "repo.exec",
        Type::String,
        "what `kubectl exec` takes to reach the repository host, as \"deployment/hippo-backrest-shared-repo\"; \"\" where it does not run",
        |cluster| placed(cluster, of_host(cluster)).map(Value::from),
    ),
];

/// Whose answer settles a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fact::v4) enum Whose {
    /// Only that of the primary.
    Primary,
    /// That of any server of the cluster.
    Any,
}

/// The question that a command in the container of Postgres answers: the command itself where something runs it, else
/// what comes first.
pub(in crate::fact::v4) fn in_postgres(
    cluster: &Cluster<'_>,
    whose: Whose,
    command: &str,
) -> String {
    if let Some(ask) = of_what_is_gone(cluster) {
        return ask;
    }
    let primary = of_primary(cluster);
    if let Some(word) = primary.value().filter(|word| !word.is_empty()) {
        return exec(cluster, word, command);
    }
    let mut others = cluster.instances().seen.iter();
    let other = others.find_map(|one| target(cluster, one));
    if let (Whose::Any, Some(word)) = (whose, other) {
        return exec(cluster, &word, command);
    }
    match primary {
        Fact::Unknown(_) => cluster.gap_for(Kind::Pod).ask,
        Fact::Known(_) => later(cluster, "Postgres", command),
    }
}

/// The same for the repository host.
pub(in crate::fact::v4) fn in_repository_host(cluster: &Cluster<'_>, command: &str) -> String {
    if let Some(ask) = of_what_is_gone(cluster) {
        return ask;
    }
    match of_host(cluster) {
        Fact::Known(truth) if truth.value.is_empty() => {
            later(cluster, "the repository host", command)
        }
        Fact::Known(truth) => exec(cluster, &truth.value, command),
        Fact::Unknown(_) => cluster.gap_for(Kind::Deployment).ask,
    }
}

/// Of a cluster that is gone only older exports tell.
fn of_what_is_gone(cluster: &Cluster<'_>) -> Option<String> {
    let gone = cluster.remains().value() == Some(&true);
    gone.then(|| cluster.gap_of_object().ask)
}

/// Nothing runs that could answer.
fn later(cluster: &Cluster<'_>, who: &str, command: &str) -> String {
    format!(
        "{who} of {} does not run: start it, and see there what `{command}` says",
        cluster.name
    )
}

fn exec(cluster: &Cluster<'_>, target: &str, command: &str) -> String {
    format!(
        "kubectl exec {}{} -c database -- {command}",
        cluster.namespace_flag(),
        shell_word(target)
    )
}

fn of_primary(cluster: &Cluster<'_>) -> Fact<String> {
    resting_on(&cluster.primary().name, |name| {
        let instances = cluster.instances();
        match instances.get(name) {
            Some(instance) => reach(cluster, instance),
            // Where a Deployment of it would have been seen, it is not there.
            None => instances.all.clone().map(|()| String::new()),
        }
    })
}

fn reach(cluster: &Cluster<'_>, instance: &Instance<'_>) -> Fact<String> {
    let place = |fact: Fact<String>| match instance.span() {
        Some(span) => fact.and_at(span, "where Postgres runs"),
        None => fact,
    };
    if let Some(word) = target(cluster, instance) {
        return place(Fact::known(word));
    }
    if instance.deployment.is_none() && instance.pods.is_empty() {
        let none = if_complete(&cluster.deployments().completeness, String::new());
        return place(none);
    }
    place(Fact::known(String::new()))
}

/// What reaches a server that runs, as far as that is seen; `None` where it is seen not to, and where neither its
/// Deployment nor a pod is.
fn target(cluster: &Cluster<'_>, instance: &Instance<'_>) -> Option<String> {
    let pods = &instance.pods;
    let serves = |pod: &&&Object| serves(pod);
    let by_deployment = instance.deployment.filter(|one| wants_pods(one));
    if let Some(pod) = pods.iter().find(serves) {
        return Some(match by_deployment {
            // Of several pods `kubectl exec` takes any.
            Some(deployment) if pods.len() == 1 => format!("deployment/{}", deployment.name),
            _ => pod.name.to_string(),
        });
    }
    // Without a pod of it in the input the Deployment's own count tells.
    let deployment = by_deployment.filter(|_| pods.is_empty())?;
    let pods_seen = if_complete(&cluster.pods().completeness, ())
        .value()
        .is_some();
    has_ready_pods(deployment)
        .unwrap_or(!pods_seen)
        .then(|| format!("deployment/{}", deployment.name))
}

fn serves(pod: &Object) -> bool {
    let going = deleting(pod, "when the pod's deletion was asked for");
    if going.value() == Some(&true) || has_finished(pod) {
        return false;
    }
    match readiness(pod).value() {
        Some((Readiness::Ready, _)) => true,
        Some((Readiness::Unsaid, _)) => is_running(pod) || pod.at(&["status"]).is_none(),
        _ => false,
    }
}

fn wants_pods(deployment: &Object) -> bool {
    replicas(deployment, "the number of pods asked for").value() != Some(&0)
}

/// What its status says of its pods; `None` without one.
fn has_ready_pods(deployment: &Object) -> Option<bool> {
    let status = deployment.at(&["status"])?;
    let ready = status.get("readyReplicas");
    Some(ready.is_some_and(|count| count.text() != "0"))
}

fn of_host(cluster: &Cluster<'_>) -> Fact<String> {
    let host = cluster.repo_host();
    resting_on(&host, |host| {
        let Some(deployment) = host else {
            return Fact::known(String::new());
        };
        let runs = wants_pods(deployment) && has_ready_pods(deployment).unwrap_or(true);
        let word = if runs {
            format!("deployment/{}", deployment.name)
        } else {
            String::new()
        };
        Fact::at(word, deployment.name_span(), "the repository host")
    })
}
