//! What Patroni says of a living cluster: on which timeline its leader is, and how far.

pub(super) mod leader;

use super::row::{LivingFact, row};
use super::status::annotation;
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::patroni::{Member, as_records, history};
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Gap, Kind, Object, shell_word};
use leader::{leader, speaking};

pub(super) static FACTS: &[LivingFact] = &[
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
        |living| names(living, |member| member.pending_restart).map(Value::from),
    ),
    row(
        "live.patroniPaused",
        Type::Strings,
        "the pods whose Patroni is paused (patronictl pause): nobody is promoted when the leader falls",
        |living| names(living, |member| member.paused).map(Value::from),
    ),
];

/// The pods of members of which something is so.
fn names(living: &Living<'_>, is_so: fn(&Member) -> bool) -> Fact<Vec<String>> {
    members(living).map(|members| {
        let found = members.into_iter().filter(|(_, member)| is_so(member));
        found.map(|(pod, _)| pod.name.to_string()).collect()
    })
}

/// Every database pod with what its member says of itself; pods without a word are left out.
fn members<'a>(living: &Living<'a>) -> Fact<Vec<(&'a Object, Member)>> {
    let told = speaking(living).map(|(pod, _, member)| (pod, member));
    if_complete(&living.all_of(Kind::Pod).completeness, told.collect())
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
