//! Whether the primary serves: not that a pod is there, but that its Postgres is ready.

use super::super::instances::{Instance, has_finished, instance_of_pod};
use super::super::readiness::{Readiness, of_deployment, readiness, restless};
use super::sources::{Era, era};
use crate::fact::v4::Cluster;
use crate::fact::v4::seen::{if_complete, resting_on};
use crate::manifest::{Fact, Gap, Node, Object};

/// What keeps the primary from serving, in words; `""` where it is ready.
///
/// In order of trust: the pod's containers and conditions, the Deployment's count of ready pods, the pod's phase.
pub(super) fn trouble(cluster: &Cluster<'_>) -> Fact<String> {
    if cluster.remains().value() == Some(&true) {
        return cluster
            .remains()
            .clone()
            .map(|_| "the cluster is gone".to_owned());
    }
    if let Some(none) = nothing_deployed(cluster) {
        return none;
    }
    if let Some(several) = several_lead(cluster) {
        return several;
    }
    let name = &cluster.primary().name;
    if name.value().is_none()
        && let Some(none) = none_is_ready(cluster)
    {
        return none;
    }
    resting_on(name, |name| {
        if let Some(instance) = cluster.instances().get(name) {
            let told = of_instance(cluster, instance);
            let serves = told.value().is_some_and(String::is_empty);
            let alone = serves.then(|| nobody_leads(cluster, instance)).flatten();
            return alone.unwrap_or(told);
        }
        let words = format!("neither a pod nor a Deployment of {name} is there");
        if_complete(&cluster.pods().completeness, words)
    })
}

/// A Pgcluster of which no Deployment is left.
fn nothing_deployed(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    let deployments = cluster.deployments();
    let pods = cluster.pods();
    if !deployments.objects.is_empty() || !pods.objects.is_empty() {
        return None;
    }
    let all = if_complete(&deployments.completeness, ()).both(if_complete(&pods.completeness, ()));
    all.value()?;
    let words = "no Deployment of it is left".to_owned();
    Some(
        all.map(|_| words)
            .and_at(cluster.name_span(), "the cluster"),
    )
}

/// Postgres runs, but no pod has the role of the leader: nothing can be written, and PGO v4 takes no backup. Patroni labels
/// each pod with its role; until it has, or where it may not, v4's Service leads nowhere either.
fn nobody_leads(cluster: &Cluster<'_>, primary: &Instance<'_>) -> Option<Fact<String>> {
    if era(cluster) == Era::Before42 {
        return None;
    }
    let pods = cluster.instances().seen.iter().flat_map(|one| &one.pods);
    let leads = |pod: &&Object| {
        let role = pod.label("role").map_or("", Node::text);
        matches!(role, "master" | "promoted" | "primary" | "standby_leader")
    };
    if pods.copied().any(|pod| leads(&pod)) {
        return None;
    }
    let pod = primary.pods.first()?;
    let place = pod.label("role").map_or(pod.name_span(), Node::span);
    let words = match pod.label("role").map_or("", Node::text) {
        "" => format!(
            "no pod has the role of the leader: pod {} has none",
            pod.name
        ),
        role => format!(
            "no pod has the role of the leader: pod {} is {role}",
            pod.name
        ),
    };
    let told = if_complete(&cluster.pods().completeness, words);
    Some(told.and_at(place, "the role that Patroni gives it"))
}

/// Two pods that are ready and have the role of the leader: one of them writes beside the other, or is about to be told not
/// to. Either way nobody knows yet which data is to move.
fn several_lead(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    if era(cluster) == Era::Before42 {
        return None;
    }
    let pods = cluster.instances().seen.iter().flat_map(|one| &one.pods);
    let leads = |pod: &&&Object| {
        let role = pod
            .label("role")
            .is_some_and(|role| role.text() == "master");
        let told = readiness(pod);
        role && told
            .value()
            .is_some_and(|(told, _)| *told == Readiness::Ready)
    };
    let mut leaders = pods.filter(leads);
    let (first, second) = (leaders.next()?, leaders.next()?);
    let words = format!(
        "pods {} and {} both have the role of the leader",
        first.name, second.name
    );
    let told = Fact::at(words, second.name_span(), "a leader beside another");
    Some(told.and_at(first.name_span(), "a leader"))
}

/// Whichever is the primary: none serves.
fn none_is_ready(cluster: &Cluster<'_>) -> Option<Fact<String>> {
    let instances = cluster.instances();
    instances.all.value()?;
    let mut all = instances.all.clone().map(|()| String::new());
    for instance in &instances.seen {
        let one = of_instance(cluster, instance);
        one.value().filter(|words| !words.is_empty())?;
        all = one.and_then(|words| all.map(|_| words));
    }
    all.value()
        .is_some_and(|words| !words.is_empty())
        .then_some(all)
}

fn of_instance(cluster: &Cluster<'_>, instance: &Instance<'_>) -> Fact<String> {
    let mut unready: Option<Fact<String>> = None;
    let mut silent = None;
    for pod in &instance.pods {
        match readiness(pod) {
            Fact::Unknown(gaps) => return Fact::Unknown(gaps),
            Fact::Known(truth) => {
                let (told, span) = truth.value;
                match told {
                    Readiness::Ready => match restless(pod, cluster.run.now) {
                        Some((why, span)) => {
                            let words = format!("pod {} {why}", pod.name);
                            unready.get_or_insert(Fact::at(words, span, "how often it started"));
                        }
                        None => return Fact::at(String::new(), span, "its Postgres is ready"),
                    },
                    Readiness::NotReady(why) => {
                        let words = format!("pod {} {why}", pod.name);
                        unready.get_or_insert(Fact::at(words, span, "its Postgres is not ready"));
                    }
                    Readiness::Unsaid => silent = Some(*pod),
                }
            }
        }
    }
    let by_deployment = instance.deployment.and_then(of_deployment);
    match (unready, by_deployment, silent) {
        // A pod that says nothing of itself is not what the Deployment counted.
        (_, Some(told), Some(pod)) if serves(&told) && !has_phase(pod) => said_to_run(pod),
        (None, Some(told), None) if serves(&told) => has_ended(cluster, instance).unwrap_or(told),
        (_, Some(told), Some(_)) | (None, Some(told), None) => told,
        (_, None, Some(pod)) => said_to_run(pod),
        (Some(unready), _, None) => unready,
        (None, None, None) => {
            let words = format!("no pod of {} is there", instance.name);
            if_complete(&cluster.pods().completeness, words)
        }
    }
}

fn serves(told: &Fact<String>) -> bool {
    told.value().is_some_and(String::is_empty)
}

fn has_phase(pod: &Object) -> bool {
    pod.at(&["status", "phase"]).is_some()
}

/// All pods are seen, and of the instance's only such as have run to their end: whatever its Deployment counts, none serves.
fn has_ended(cluster: &Cluster<'_>, instance: &Instance<'_>) -> Option<Fact<String>> {
    let pods = cluster.pods();
    let mut ended = pods.objects.iter().filter(|pod| has_finished(pod));
    let pod = ended.find(|pod| instance_of_pod(pod) == instance.name)?;
    let phase = pod.at(&["status", "phase"])?;
    let words = format!(
        "pod {} is in phase {}, and no other is there",
        pod.name,
        phase.text()
    );
    let all = if_complete(&pods.completeness, words);
    all.value()?;
    Some(all.and_at(phase.span(), "what became of it"))
}

/// A pod whose status says no more than that it runs. One without a status does not say even that.
fn said_to_run(pod: &Object) -> Fact<String> {
    if !has_phase(pod) {
        return Fact::unknown(Gap {
            missing: format!("whether Postgres is ready in pod {}", pod.name),
            because: "it is in the input without its status".to_owned(),
            ..Gap::of_one(pod.kind, pod.namespace.as_deref(), &pod.name)
        });
    }
    let assumption = format!(
        "Postgres is ready in pod {}, whose status does not name its containers",
        pod.name
    );
    Fact::at(String::new(), pod.name_span(), "a running pod").assuming(assumption.into())
}
