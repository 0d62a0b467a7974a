//! Which pod of a living cluster leads: by its own word, by the label that Patroni gives it, by Patroni's lock. They agree but for
//! seconds, unless a pod went without a word, or two write.
//!
//! Source: Patroni 2.1 to 4.1 `patroni/dcs/kubernetes.py` (`touch_member` writes a pod's annotation `status` and its label in one
//! patch; the lock is the annotation `leader` of the Endpoints NAME-ha).

use super::super::row::{LivingFact, row};
use super::super::status::annotation;
use super::super::subject::Living;
use super::super::workload::{ROLE as ROLE_LABEL, database_pods, is_ready, is_stopping};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::patroni::Member;
use crate::fact::v4::seen::{if_complete, names_of};
use crate::manifest::{Fact, Gap, Kind, Node, Object, shell_word};

const ROLE: &str = "what the leader says of itself";

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "live.role",
        Type::String,
        "what the leader is: \"primary\" writes, \"standby_leader\" follows another cluster; \"\" while none leads; unknown where pods contradict each other about it",
        |living| leader(living).map(|leader| leader.map_or("".into(), |one| one.role.into())),
    ),
    row(
        "live.primaryPod",
        Type::String,
        "the pod of the leader, for commands: the one that says so, or that PGO labels so; unknown while none is seen, or several are",
        |living| primary_pod(living).map(|pod| (*pod.name).into()),
    ),
    row(
        "live.leaders",
        Type::Strings,
        "its pods that lead by their own word, by their label, or by Patroni's lock, those that are being stopped aside: more than one is a split, or a sign that is not true any more",
        leaders,
    ),
    row(
        "live.databaseReady",
        Type::Bool,
        "the leader's pod has a ready database container",
        |living| database_ready(living).map(Value::from),
    ),
];

/// A pod that says what it is, with the place where it does.
pub(super) type Speaker<'a> = (&'a Object, Node<'a>, Member);

/// Every database pod that has not finished and says what it is.
pub(super) fn speaking<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = Speaker<'a>> + use<'s, 'a> {
    database_pods(living).filter_map(|pod| {
        let status = pod.annotation("status")?;
        Some((pod, status, Member::parse(status.text())?))
    })
}

/// What the pods' words, labels and the lock come to.
enum Leads<'a> {
    Nobody,
    One(Box<Speaker<'a>>),
    Disputed(Gap),
}

/// A pod that is being stopped leads only while no other does: a failover leaves such a one behind.
fn leads<'a>(living: &Living<'a>) -> Leads<'a> {
    let mut by_word =
        speaking(living).filter(|(pod, _, member)| member.leads() && !is_stopping(pod));
    let Some(first) = by_word.next() else {
        let mut going =
            speaking(living).filter(|(pod, _, member)| member.leads() && is_stopping(pod));
        return match going.next() {
            Some(last) if labelled(living).is_none() => Leads::One(Box::new(last)),
            _ => Leads::Nobody,
        };
    };
    if let Some(second) = by_word.next() {
        return Leads::Disputed(two_leaders(living, &first, &second));
    }
    let pod = first.0;
    let others = others(living, pod);
    match (others.first(), label(pod)) {
        (Some((other, sign)), _) => Leads::Disputed(another_sign(living, pod, other, sign)),
        (None, _) if is_held_by_an_unseen_pod(living) => Leads::Disputed(unseen(living, pod)),
        (None, "" | "master" | "primary") => Leads::One(Box::new(first)),
        (None, _) if holder(living) == *pod.name => Leads::One(Box::new(first)),
        (None, label) => Leads::Disputed(another_label(living, pod, label)),
    }
}

fn label(pod: &Object) -> &str {
    pod.label(ROLE_LABEL).map_or("", Node::text)
}

fn has_label(pod: &Object) -> bool {
    matches!(label(pod), "master" | "primary")
}

/// Who holds Patroni's lock; empty where that is not seen.
fn holder(living: &Living<'_>) -> String {
    let lock = annotation(living, "ha", &["metadata", "annotations", "leader"], ROLE);
    lock.value().cloned().unwrap_or_default()
}

/// Whether nothing is known of the pod that holds the lock.
fn is_held_by_an_unseen_pod(living: &Living<'_>) -> bool {
    let holder = holder(living);
    !holder.is_empty() && !database_pods(living).any(|pod| *pod.name == *holder)
}

/// A pod with the leader's label that is not being stopped.
fn labelled<'a>(living: &Living<'a>) -> Option<&'a Object> {
    database_pods(living).find(|pod| has_label(pod) && !is_stopping(pod))
}

/// The pods beside the one that says that it leads, for which something else says so.
fn others<'a>(living: &Living<'a>, first: &Object) -> Vec<(&'a Object, &'static str)> {
    let holder = holder(living);
    let sign = |pod: &'a Object| match () {
        () if pod.name == first.name || is_stopping(pod) => None,
        () if has_label(pod) => Some((pod, "bears the leader's label")),
        () if *pod.name == *holder => Some((pod, "holds Patroni's lock")),
        () => None,
    };
    database_pods(living).filter_map(sign).collect()
}

/// The member that leads; `None` while nobody does. Of several nobody knows which does.
pub(in crate::fact::live) fn leader(living: &Living<'_>) -> Fact<Option<Member>> {
    match leads(living) {
        Leads::One(leader) => {
            let (_, status, member) = *leader;
            Fact::at(Some(member), status.span(), ROLE)
        }
        Leads::Disputed(gap) => Fact::unknown(gap),
        Leads::Nobody => match silent_leader(living) {
            Some(pod) => Fact::unknown(silent(living, pod)),
            None => if_complete(&living.all_of(Kind::Pod).completeness, None),
        },
    }
}

/// The pod that leads, by its own word, else by PGO's label.
pub(in crate::fact::live) fn primary_pod<'a>(living: &Living<'a>) -> Fact<&'a Object> {
    let pod = match leads(living) {
        Leads::One(leader) => Some(leader.0),
        Leads::Disputed(gap) => return Fact::unknown(gap),
        Leads::Nobody => {
            labelled(living).or_else(|| database_pods(living).find(|pod| has_label(pod)))
        }
    };
    match pod {
        Some(pod) => Fact::at(pod, pod.name_span(), "the leader's pod"),
        None => Fact::unknown(no_leader(living)),
    }
}

fn leaders(living: &Living<'_>) -> Fact<Value> {
    let by_word = speaking(living).filter(|(pod, _, member)| member.leads() && !is_stopping(pod));
    let by_word: Vec<&Object> = by_word.map(|(pod, ..)| pod).collect();
    let by_sign: Vec<&Object> = match by_word.first() {
        Some(first) => others(living, first)
            .into_iter()
            .map(|(pod, _)| pod)
            .collect(),
        None => labelled(living).into_iter().collect(),
    };
    let mut all = [by_word, by_sign].concat();
    all.sort_unstable_by(|one, other| one.name.cmp(&other.name));
    all.dedup_by(|one, other| one.name == other.name);
    let all_pods = &living.all_of(Kind::Pod).completeness;
    let named = all.iter().map(|pod| (&*pod.name, pod.name_span()));
    names_of(named, all_pods, "a pod that leads").map(Value::from)
}

/// A ready leader that is seen is one, whatever else there is. One that is being stopped is none any more.
fn database_ready(living: &Living<'_>) -> Fact<bool> {
    let pod = match leads(living) {
        Leads::One(leader) => Some(leader.0),
        Leads::Disputed(gap) => return Fact::unknown(gap),
        Leads::Nobody => silent_leader(living),
    };
    let ready = pod.filter(|pod| !is_stopping(pod)).and_then(is_ready);
    match ready {
        Some(place) => Fact::at(true, place, "the leader's database container is ready"),
        None => if_complete(&living.all_of(Kind::Pod).completeness, false),
    }
}

fn namespace(living: &Living<'_>) -> String {
    let namespace = living.namespace;
    namespace.map_or_else(String::new, |name| format!("-n {} ", shell_word(name)))
}

fn dispute(living: &Living<'_>, because: String, one: &Object) -> Gap {
    Gap {
        missing: format!("whether {} writes or follows", living.name),
        because,
        ask: format!(
            "kubectl exec {}{} -c database -- patronictl list",
            namespace(living),
            shell_word(&one.name)
        ),
    }
}

fn two_leaders(living: &Living<'_>, one: &Speaker<'_>, other: &Speaker<'_>) -> Gap {
    let how = match (one.2.role == other.2.role, one.2.role.as_str()) {
        (true, "primary") => "and write",
        (true, _) => "and follow another cluster",
        (false, _) => "the one writing and the other following",
    };
    let comma = if how.starts_with("and") { "" } else { "," };
    let because = format!(
        "the pods {} and {} both say that they lead{comma} {how}",
        one.0.name, other.0.name
    );
    dispute(living, because, one.0)
}

fn another_sign(living: &Living<'_>, one: &Object, other: &Object, sign: &str) -> Gap {
    let because = format!(
        "pod {} says that it leads, and pod {} {sign}",
        one.name, other.name
    );
    dispute(living, because, one)
}

fn unseen(living: &Living<'_>, one: &Object) -> Gap {
    let because = format!(
        "pod {} says that it leads, and Patroni's lock is held by {}, which is not in the input",
        one.name,
        holder(living)
    );
    dispute(living, because, one)
}

fn another_label(living: &Living<'_>, pod: &Object, label: &str) -> Gap {
    let because = format!(
        "pod {} says that it leads, and is labelled as {label}",
        pod.name
    );
    dispute(living, because, pod)
}

fn no_leader(living: &Living<'_>) -> Gap {
    Gap {
        missing: format!("which pod of {} leads", living.name),
        because: "no pod in the input says or is labelled so".to_owned(),
        ask: format!(
            "kubectl get pods {}-l postgres-operator.crunchydata.com/cluster={},postgres-operator.crunchydata.com/role=master -o yaml",
            namespace(living),
            shell_word(living.name)
        ),
    }
}

/// A pod that PGO labels as the leader's and that says nothing of itself that can be read: an export without annotations.
fn silent_leader<'a>(living: &Living<'a>) -> Option<&'a Object> {
    let says = |pod: &Object| {
        pod.annotation("status")
            .and_then(|one| Member::parse(one.text()))
    };
    database_pods(living)
        .find(|pod| has_label(pod) && says(pod).is_none_or(|one| one.role.is_empty()))
}

fn silent(living: &Living<'_>, pod: &Object) -> Gap {
    Gap {
        missing: format!("whether {} writes or follows", living.name),
        because: format!(
            "pod {} has no annotation `status`, where Patroni says it, or none that says a role",
            pod.name
        ),
        ask: format!(
            "kubectl get pod {} {}-o yaml",
            shell_word(&pod.name),
            namespace(living)
        ),
    }
}
