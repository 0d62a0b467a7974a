//! What of PGO v5 is there already: the live cluster, Jobs and Patroni's objects of an earlier attempt, claims adopted
//! before.

use crate::expr::Value;
use crate::fact::spec::problems::{Culprits, at};
use crate::fact::spec::reading::resting_on_each;
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::v4::fields::is_unset;
use crate::fact::v4::seen::if_complete;
use crate::fact::{Element, Type};
use crate::manifest::{Completeness, Fact, Found, Inventory, Kind, Node, Object};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.existing",
        Type::String,
        "the PostgresCluster of this namespace and name: \"absent\", \"seen\" by a server, or \"bootstrapped\": its database was made",
        |draft| {
            let state = live(draft).map(|object| match object {
                None => "absent",
                Some(object) if bootstrapped(object).is_some() => "bootstrapped",
                Some(_) => "seen",
            });
            let sign = live(draft)
                .value()
                .copied()
                .flatten()
                .and_then(bootstrapped);
            let state = match sign {
                Some(node) => Fact::at("bootstrapped", node.span(), "its database was made"),
                None => state,
            };
            state.map(Value::from)
        },
    ),
    row(
        "draft.liveInInput",
        Type::Bool,
        "the input shows the live PostgresCluster of this namespace and name; that it does not, proves nothing",
        |draft| {
            let live = live(draft).value().copied().flatten();
            let fact = Fact::known(live.is_some().into());
            let place = live.map_or_else(|| draft.name_span(), Object::name_span);
            fact.and_at(place, "the live PostgresCluster")
        },
    ),
    row(
        "draft.existingConditions",
        Type::Strings,
        "the conditions of that PostgresCluster: \"PostgresDataInitialized=True\"",
        |draft| {
            live(draft).and_then(|object| {
                object.map_or_else(|| Fact::known(Vec::<String>::new().into()), conditions)
            })
        },
    ),
    each(
        "draft.moveJobs",
        "Jobs of an earlier attempt that moved directories or restored, and what became of them: {name, state}; state is complete, failed or running",
        &["name", "state"],
        move_jobs,
    ),
    each(
        "draft.leftovers",
        "what Patroni left of an earlier attempt, while there is no PostgresCluster: {object}, as \"Endpoints hippo-ha\"",
        &["object"],
        leftovers,
    ),
    each(
        "draft.doubleLabelled",
        "claims of this v5 cluster that still bear v4's label pg-cluster: {name}",
        &["name"],
        double_labelled,
    ),
];

/// Looks for an object where v5 will be: in the v4 cluster's origin, in the draft's own. Of the answers the most
/// telling: it is there; else what the first place says, which is the v4 cluster's. What is known to be gone from where a cluster
/// lives is not there, whatever was there before.
pub(in crate::fact::spec) fn find<'a>(
    draft: &Draft<'a>,
    kind: Kind,
    namespace: Option<&str>,
    name: &str,
) -> Found<'a> {
    let mut first = None;
    for place in draft.places() {
        let found = place.find(kind, namespace, name);
        let gone = draft.lives_here() && first.is_none() && matches!(found, Found::Absent(_));
        if gone || matches!(found, Found::Here(_)) {
            return found;
        }
        first.get_or_insert(found);
    }
    first.unwrap_or(Found::Absent(None))
}

/// The PostgresCluster of the draft's namespace and name that a server has seen.
pub(in crate::fact::spec) fn live<'a>(draft: &Draft<'a>) -> Fact<Option<&'a Object>> {
    if draft.object.is_live() {
        return Fact::at(Some(draft.object), draft.name_span(), "the cluster itself");
    }
    let namespace = draft.namespace().map(str::to_owned);
    namespace.and_then(|namespace| {
        let found = find_live(draft, &namespace);
        let fact = match found {
            Found::Here(object) => {
                Fact::at(Some(object), object.name_span(), "the live PostgresCluster")
            }
            Found::Absent(None) => Fact::known(None),
            Found::Absent(Some(assumption)) => Fact::known(None).assuming(assumption),
            Found::Unseen(gap) => Fact::unknown(gap),
        };
        fact.and_at(draft.name_span(), "the draft")
    })
}

/// A draft of the name is in the input; that does not tell whether the cluster exists.
fn find_live<'a>(draft: &Draft<'a>, namespace: &str) -> Found<'a> {
    let mut first = None;
    for place in draft.places() {
        let found = place.find(Kind::PostgresCluster, Some(namespace), draft.name);
        let found = match found {
            Found::Here(object) if object.is_live() => return found,
            Found::Here(_) => absent_or_unseen(place, namespace, draft.name),
            other => other,
        };
        first.get_or_insert(found);
    }
    first.unwrap_or(Found::Absent(None))
}

/// As if the draft itself were not in the input.
fn absent_or_unseen<'a>(place: &'a Inventory, namespace: &str, name: &str) -> Found<'a> {
    match place
        .list(Kind::PostgresCluster, Some(namespace))
        .completeness
    {
        Completeness::Full => Found::Absent(None),
        Completeness::Inferred(assumption) => Found::Absent(Some(assumption)),
        Completeness::Unknown(_) => {
            let gap = crate::manifest::Gap::of_one(Kind::PostgresCluster, Some(namespace), name);
            Found::Unseen(gap)
        }
    }
}

/// What shows that a cluster's database was made.
pub(in crate::fact::spec) fn bootstrapped(object: &Object) -> Option<Node<'_>> {
    let system = object.at(&["status", "patroni", "systemIdentifier"]);
    system.filter(|node| !is_unset(*node)).or_else(|| {
        let conditions = object.at(&["status", "conditions"])?;
        conditions.items().find(|condition| {
            let is = |key: &str, value: &str| {
                condition.get(key).is_some_and(|node| node.text() == value)
            };
            is("type", "PostgresDataInitialized") && is("status", "True")
        })
    })
}

fn conditions(object: &Object) -> Fact<Value> {
    let list = object.at(&["status", "conditions"]);
    let nodes: Vec<Node<'_>> = list.into_iter().flat_map(Node::items).collect();
    let word = |node: &Node<'_>, key| node.get(key).map_or("", Node::text).to_owned();
    let texts = nodes
        .iter()
        .map(|node| format!("{}={}", word(node, "type"), word(node, "status")));
    let fact = Fact::known(texts.collect::<Vec<_>>().into());
    let places = nodes.iter().map(|node| node.span());
    resting_on_each(fact, places, "a condition of the cluster")
}

fn move_jobs(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let names = [
        "move-pgdata-dir",
        "move-pgwal-dir",
        "move-pgbackrest-repo-dir",
        "pgbackrest-restore",
    ];
    if let Some(namespace) = problems.look(draft.namespace()) {
        for name in names {
            let name = [draft.name, "-", name].concat();
            match find(draft, Kind::Job, Some(namespace.value), &name) {
                Found::Here(job) => {
                    let (state, span) = state_of(job);
                    let said = [("name", name.as_str().into()), ("state", state.into())];
                    let key = format!("Job {name}");
                    problems.tell(key, said, &[at(span, "a Job of an earlier attempt")]);
                }
                Found::Absent(assumption) => problems.assume(assumption),
                Found::Unseen(gap) => problems.open(gap),
            }
        }
    }
    problems.list(draft.name_span(), "the draft")
}

/// What became of a Job, and where it says so.
fn state_of(job: &Object) -> (&'static str, crate::source::Span) {
    let conditions = job.at(&["status", "conditions"]);
    let ended = |wanted: &str| {
        conditions
            .into_iter()
            .flat_map(Node::items)
            .find(|condition| {
                let is = |key: &str, value: &str| {
                    condition.get(key).is_some_and(|node| node.text() == value)
                };
                is("type", wanted) && is("status", "True")
            })
    };
    match (ended("Complete"), ended("Failed")) {
        (Some(node), _) => ("complete", node.span()),
        (None, Some(node)) => ("failed", node.span()),
        (None, None) => ("running", job.name_span()),
    }
}

fn leftovers(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let exists = problems.look(live(draft));
    let namespace = problems.look(draft.namespace());
    if let (Some(exists), Some(namespace)) = (exists, namespace)
        && exists.value.is_none()
    {
        for kind in [Kind::Endpoints, Kind::ConfigMap] {
            for suffix in ["ha", "ha-config", "ha-leader", "ha-failover", "ha-sync"] {
                let name = [draft.name, "-", suffix].concat();
                match find(draft, kind, Some(namespace.value), &name) {
                    Found::Here(object) => {
                        let text = format!("{} {name}", kind.info().name);
                        let said = [("object", text.as_str().into())];
                        let place = at(object.name_span(), "left by Patroni");
                        problems.tell(text, said, &[place]);
                    }
                    Found::Absent(assumption) => problems.assume(assumption),
                    Found::Unseen(gap) => problems.open(gap),
                }
            }
        }
    }
    problems.list(draft.name_span(), "the draft")
}

fn double_labelled(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    if let Some(namespace) = problems.look(draft.namespace()) {
        for (number, place) in draft.places().enumerate() {
            let kind = Kind::PersistentVolumeClaim;
            let claims = place.of_v5_cluster(kind, Some(namespace.value), draft.name);
            for claim in claims.objects {
                if let Some(label) = claim.label("pg-cluster") {
                    let place = at(label.span(), "v4's label on a claim of v5");
                    let said = [("name", (&*claim.name).into())];
                    problems.tell(format!("claim {}", claim.name), said, &[place]);
                }
            }
            // The first place is the one that counts; the others may add to it.
            if number == 0 {
                problems.look(if_complete(&claims.completeness, ()));
            }
        }
    }
    problems.list(draft.name_span(), "the draft")
}
