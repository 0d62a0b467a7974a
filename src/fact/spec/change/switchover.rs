//! Whether an edit asks for a switch of the primary, and whether the operator refuses it.
//!
//! Source: PGO v5.8.9 `internal/controller/postgrescluster/patroni.go` (`reconcilePatroniSwitchover`; what it refuses is an error
//! of the whole reconciliation).

use super::super::Draft;
use super::super::row::{DraftFact, row};
use super::living::{INSTANCE, living, place, sets};
use crate::fact::Type;
use crate::manifest::{Completeness, Fact, Kind, Node, Object};

/// The annotation that asks for a switch; each value is done once.
const TRIGGER: &str = "postgres-operator.crunchydata.com/trigger-switchover";

pub(in super::super) static FACTS: &[DraftFact] = &[
    row(
        "change.switchover",
        Type::String,
        "the value of the annotation that asks for a switch of the primary which the draft enables and the living cluster has not done; \"\" for none",
        |draft| switchover(draft).map(|found| found.map_or("", |one| one.text()).into()),
    ),
    row(
        "change.switchoverRefused",
        Type::String,
        "why the operator refuses that switch, and then does nothing else of the edit: \"it has one instance\", \"a failover names its target\", \"the instance that it names is not there\"; \"\" where it does not",
        |draft| {
            let at = draft.object.nearest(&SWITCHOVER);
            let why = switchover(draft).map(|asked| asked.map_or("", |_| refused(draft)).into());
            why.and_at(at, "the switch that is asked for")
        },
    ),
];

const SWITCHOVER: [&str; 3] = ["spec", "patroni", "switchover"];

fn switchover<'a>(draft: &Draft<'a>) -> Fact<Option<Node<'a>>> {
    let none = Fact::at(None, draft.object.nearest(&SWITCHOVER), "the draft");
    let Some(living) = living(draft) else {
        return none;
    };
    let enables = |object: &Object| {
        let flag = object.at(&[&SWITCHOVER[..], &["enabled"]].concat());
        flag.is_some_and(|flag| flag.text() == "true")
    };
    let on = enables(draft.object) || draft.is_part() && enables(living);
    let asked = draft.object.annotation(TRIGGER);
    let asked = asked.or_else(|| living.annotation(TRIGGER));
    let done = living.at(&["status", "patroni", "switchover"]);
    let is_done = |asked: Node<'_>| done.is_some_and(|done| done.text() == asked.text());
    let asked = asked.filter(|asked| on && !asked.text().is_empty() && !is_done(*asked));
    match asked {
        Some(asked) => Fact::at(Some(asked), asked.span(), "asks for a switch"),
        None => none,
    }
}

/// By the instances that there are: those that the edit adds come after the switch.
fn refused(draft: &Draft<'_>) -> &'static str {
    let count = |set: Node<'_>| match set.get("replicas") {
        Some(replicas) => replicas.text().parse().unwrap_or(2),
        None => 1,
    };
    let living = living(draft).map(sets).unwrap_or_default();
    let counts = living.into_iter().map(|(_, set)| count(set));
    let instances = counts.fold(0_i64, i64::saturating_add);
    let said = |key| {
        let section = draft.object.at(&SWITCHOVER);
        section.and_then(|one| one.get(key)).map_or("", Node::text)
    };
    let target = said("targetInstance");
    match instances {
        1 => "it has one instance",
        _ if is_nobody(draft, target) => "the instance that it names is not there",
        _ if said("type") == "Failover" && said("targetInstance").is_empty() => {
            "a failover names its target"
        }
        _ => "",
    }
}

/// Whether no pod is of the instance, where all of its pods are in the input. By PGO v5.8.9 patroni.go
/// (`reconcilePatroniSwitchover`), which looks for it among the instances that it has seen.
fn is_nobody(draft: &Draft<'_>, instance: &str) -> bool {
    let Some((evidence, living)) = place(draft).filter(|_| !instance.is_empty()) else {
        return false;
    };
    let pods = evidence.of_v5_cluster(Kind::Pod, living.namespace.as_deref(), &living.name);
    let is_of = |pod: &&&Object| {
        pod.label(INSTANCE)
            .is_some_and(|one| one.text() == instance)
    };
    let whole = !matches!(pods.completeness, Completeness::Unknown(_));
    whole && !pods.objects.iter().any(|pod| is_of(&pod))
}
