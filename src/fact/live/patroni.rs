//! What Patroni says of a living cluster: who leads, on which timeline, how far.

use super::row::{LivingFact, row};
use super::status::annotation;
use super::subject::Living;
use super::workload::{ROLE as ROLE_LABEL, database_pods};
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::patroni::{Member, as_records, history};
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Gap, Kind, Node, Object, shell_word};

const ROLE: &str = "what the leader says of itself";

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.role",
        Type::String,
        "what the leader is: \"primary\" writes, \"standby_leader\" follows another cluster; \"\" while none leads",
        |living| leader(living).map(|leader| leader.map_or("".into(), |one| one.role.into())),
    ),
    row(
        "live.primaryPod",
        Type::String,
        "the pod of the leader, for commands: the one that says so, or that PGO labels so; unknown while none is seen",
        |living| primary_pod(living).map(|pod| (*pod.name).into()),
    ),
    row(
        "live.timeline",
        Type::Int,
        "the leader's timeline; 0 while none leads or it does not say",
        |living| leader(living).map(|leader| leader.map_or(0, |one| one.timeline).into()),
    ),
    row(
        "live.position",
        Type::Int,
        "how far the leader has written or replayed, in bytes (Endpoints NAME-ha, annotation optime, and the leader's own word); unknown where neither says",
        |living| position(living).map(Value::from),
    ),
    row(
        "live.history",
        Type::Records,
        "the timelines that ended, oldest first, as {timeline, position}",
        |living| read_history(living).map(as_records),
    ),
    row(
        "live.pendingRestart",
        Type::Strings,
        "the pods whose Postgres waits for a restart to take up parameters",
        |living| {
            members(living).map(|members| {
                let waiting = members
                    .into_iter()
                    .filter(|(_, member)| member.pending_restart);
                waiting
                    .map(|(pod, _)| pod.name.to_string())
                    .collect::<Vec<_>>()
                    .into()
            })
        },
    ),
];

/// Every database pod with what its member says of itself; pods without a word are left out.
fn members<'a>(living: &Living<'a>) -> Fact<Vec<(&'a Object, Member)>> {
    let told = speaking(living).map(|(pod, _, member)| (pod, member));
    if_complete(&living.all_of(Kind::Pod).completeness, told.collect())
}

/// Every database pod that has not finished and says what it is, with the place where it does.
fn speaking<'s, 'a>(
    living: &'s Living<'a>,
) -> impl Iterator<Item = (&'a Object, Node<'a>, Member)> + use<'s, 'a> {
    database_pods(living).filter_map(|pod| {
        let status = pod.annotation("status")?;
        Some((pod, status, Member::parse(status.text())?))
    })
}

/// The member that leads. One that is seen leads whatever else there is; of two that do not say the same nobody knows
/// which does.
pub(super) fn leader(living: &Living<'_>) -> Fact<Option<Member>> {
    let mut leaders = speaking(living).filter(|(.., member)| member.leads());
    if let Some((first, status, member)) = leaders.next() {
        return match leaders.find(|(.., other)| other.role != member.role) {
            Some((other, ..)) => Fact::unknown(two_leaders(living, first, other)),
            None => Fact::at(Some(member), status.span(), ROLE),
        };
    }
    match silent_leader(living) {
        Some(pod) => Fact::unknown(silent(living, pod)),
        None => if_complete(&living.all_of(Kind::Pod).completeness, None),
    }
}

fn two_leaders(living: &Living<'_>, one: &Object, other: &Object) -> Gap {
    let namespace = living.namespace.map_or_else(String::new, |namespace| {
        format!("-n {} ", shell_word(namespace))
    });
    Gap {
        missing: format!("whether {} writes or follows", living.name),
        because: format!(
            "the pods {} and {} both say that they lead, the one writing and the other following",
            one.name, other.name
        ),
        ask: format!(
            "kubectl exec {namespace}{} -c database -- patronictl list",
            shell_word(&one.name)
        ),
    }
}

/// The pod that leads, by its own word, else by PGO's label.
fn primary_pod<'a>(living: &Living<'a>) -> Fact<&'a Object> {
    let labelled = |pod: &&Object| {
        let role = pod.label(ROLE_LABEL).map_or("", Node::text);
        matches!(role, "master" | "primary")
    };
    let mut speaking = speaking(living);
    let pod = speaking.find_map(|(pod, _, member)| member.leads().then_some(pod));
    match pod.or_else(|| database_pods(living).find(labelled)) {
        Some(pod) => Fact::at(pod, pod.name_span(), "the leader's pod"),
        None => Fact::unknown(no_leader(living)),
    }
}

fn no_leader(living: &Living<'_>) -> Gap {
    let namespace = living.namespace.map_or_else(String::new, |namespace| {
        format!("-n {} ", shell_word(namespace))
    });
    Gap {
        missing: format!("which pod of {} leads", living.name),
        because: "no pod in the input says or is labelled so".to_owned(),
        ask: format!(
            "kubectl get pods {namespace}-l postgres-operator.crunchydata.com/cluster={},postgres-operator.crunchydata.com/role=master -o yaml",
            shell_word(living.name)
        ),
    }
}

/// A pod that PGO labels as the leader's and that says nothing of itself: an export without annotations.
fn silent_leader<'a>(living: &Living<'a>) -> Option<&'a Object> {
    database_pods(living).find(|pod| {
        let role = pod.label(ROLE_LABEL).map_or("", Node::text);
        matches!(role, "master" | "primary") && pod.annotation("status").is_none()
    })
}

fn silent(living: &Living<'_>, pod: &Object) -> Gap {
    let namespace = living
        .namespace
        .map(|namespace| format!("-n {} ", shell_word(namespace)))
        .unwrap_or_default();
    Gap {
        missing: format!("whether {} writes or follows", living.name),
        because: format!(
            "pod {} has no annotation `status`, where Patroni says it",
            pod.name
        ),
        ask: format!(
            "kubectl get pod {} {namespace}-o yaml",
            shell_word(&pod.name)
        ),
    }
}

/// The further of what Patroni's record and the leader say.
fn position(living: &Living<'_>) -> Fact<i64> {
    let (recorded, told) = positions(living);
    let says = |fact: &Fact<i64>| fact.value().copied().unwrap_or(0);
    match (says(&recorded), says(&told)) {
        (0, 0) => recorded
            .both(told)
            .and_then(|_| Fact::unknown(no_position(living))),
        (record, word) if word > record => told,
        _ => recorded,
    }
}

/// How far the database has come by Patroni's record, and by the leader's own word; 0 where one of them does not say.
pub(in crate::fact) fn positions(living: &Living<'_>) -> (Fact<i64>, Fact<i64>) {
    let path = ["metadata", "annotations", "optime"];
    let note = "how far Patroni's record says";
    let recorded = annotation(living, "ha", &path, note);
    let recorded = recorded.map(|text| text.parse::<i64>().unwrap_or(0));
    let told = leader(living).map(|leader| leader.map_or(0, |one| one.position));
    (recorded, told)
}

fn no_position(living: &Living<'_>) -> Gap {
    Gap {
        missing: format!("how far the database of {} has come", living.name),
        because: "neither Patroni's record nor its leader says".to_owned(),
        ask: "select pg_is_in_recovery(), pg_last_wal_replay_lsn()".to_owned(),
    }
}

/// The ended timelines; none where Patroni has recorded none.
fn read_history(living: &Living<'_>) -> Fact<Vec<(i64, i64)>> {
    let path = ["metadata", "annotations", "history"];
    let name = format!("{}-ha-config", living.name);
    let note = "the history of timelines";
    let text = annotation(living, "ha-config", &path, note);
    text.and_then(|text| match text.as_str() {
        "" => Fact::known(Vec::new()),
        text => match history(text) {
            Some(rows) => Fact::known(rows),
            None => Fact::unknown(unreadable(&name)),
        },
    })
}

fn unreadable(name: &str) -> Gap {
    Gap {
        missing: format!("the history of timelines in Endpoints {name}"),
        because: "it is not the list that Patroni writes".to_owned(),
        ask: format!("kubectl get endpoints {} -o yaml", shell_word(name)),
    }
}
