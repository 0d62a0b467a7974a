//! What a draft names that other objects of the input answer for: Services of object stores, SQL in ConfigMaps, labels
//! of pods.

use std::borrow::Cow;

use super::existing;
use crate::expr::Value;
use crate::fact::spec::pods::instances;
use crate::fact::spec::pods::way::{Step, Ways};
use crate::fact::spec::problems::{Culprits, at};
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Evidence, Fact, Found, Gap, Kind, Node, Object, connects};

const INIT: [&str; 2] = ["spec", "databaseInitSQL"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    each(
        "draft.initSqlMissing",
        "the SQL to run once that is not there: {what}, the ConfigMap or the key in it",
        &["what"],
        init_sql_missing,
    ),
    row(
        "draft.initSqlStaysInPostgres",
        Type::Bool,
        "the SQL to run once is in the input and never connects to another database than postgres",
        stays_in_postgres,
    ),
    each(
        "draft.clusterSelectors",
        "every label in affinity and spread constraints, wherever they stand, that selects the pods of a PostgresCluster, or of one of its instance sets: {cluster, there, ofV4}; there whether it is the draft or another one of the input, or a set of the draft, ofV4 whether the label is one of PGO v4",
        &["cluster", "there", "ofV4"],
        selectors,
    ),
];

/// The Service of the input that a host of the Kubernetes cluster is.
pub(in crate::fact::spec) fn service<'a>(draft: &Draft<'a>, host: &str) -> Option<&'a Object> {
    match find_service(draft, host) {
        Found::Here(service) => Some(service),
        Found::Absent(_) | Found::Unseen(_) => None,
    }
}

/// Looks for the Service that a host of the Kubernetes cluster is.
pub(in crate::fact::spec) fn find_service<'a>(draft: &Draft<'a>, host: &str) -> Found<'a> {
    let host = host.strip_suffix(".cluster.local").unwrap_or(host);
    let within = host.strip_suffix(".svc");
    let (name, namespace) = match within.unwrap_or(host).split_once('.') {
        Some((name, namespace)) => (name, Some(namespace)),
        None => (host, draft.namespace),
    };
    existing::find(draft, Kind::Service, namespace, name)
}

/// Whether a Service has this port, by number; one that lists none may have any.
pub(in crate::fact::spec) fn offers(service: &Object, port: &str) -> bool {
    let ports = service.at(&["spec", "ports"]);
    let Some(ports) = ports else { return true };
    let mut ports = ports.items().filter_map(|one| one.get("port"));
    ports.any(|one| one.text() == port)
}

fn init_map<'a>(draft: &Draft<'a>) -> Option<(Node<'a>, Node<'a>)> {
    let name = draft.at(&[INIT[0], INIT[1], "name"])?;
    let key = draft.at(&[INIT[0], INIT[1], "key"])?;
    (!name.text().is_empty() && !key.text().is_empty()).then_some((name, key))
}

fn init_sql_missing(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut problems = Culprits::default();
    let tell = |problems: &mut Culprits, field: &str, what: String, places: &[Evidence]| {
        let key = format!("{}.{field}", INIT.join("."));
        problems.tell(key, [("what", what.into())], places);
    };
    if let Some((name, key)) = init_map(draft)
        && let Some(namespace) = problems.look(draft.namespace())
    {
        match existing::find(draft, Kind::ConfigMap, Some(namespace.value), name.text()) {
            Found::Here(map) if sql(map, key.text()).is_none() => {
                let text = format!("key {} of ConfigMap {}", key.text(), name.text());
                let places = [
                    at(key.span(), "not in the ConfigMap"),
                    at(map.name_span(), "the ConfigMap"),
                ];
                tell(&mut problems, "key", text, &places);
            }
            Found::Here(_) => {}
            Found::Absent(assumption) => {
                let text = format!("ConfigMap {}", name.text());
                let places = [at(name.span(), "does not exist")];
                problems.assume(assumption);
                tell(&mut problems, "name", text, &places);
            }
            Found::Unseen(gap) => problems.open(gap),
        }
    }
    problems.list(draft.nearest(&INIT), "the SQL to run once")
}

fn sql<'a>(map: &'a Object, key: &str) -> Option<Node<'a>> {
    let text = map.at(&["data", key]);
    text.or_else(|| map.at(&["binaryData", key]))
}

fn stays_in_postgres(draft: &Draft<'_>) -> Fact<Value> {
    let seen = init_map(draft).zip(draft.namespace);
    let script = seen.and_then(|((name, key), namespace)| {
        match existing::find(draft, Kind::ConfigMap, Some(namespace), name.text()) {
            Found::Here(map) => Some((map.at(&["data", key.text()])?, key, map)),
            Found::Absent(_) | Found::Unseen(_) => None,
        }
    });
    match script {
        Some((script, key, map)) => {
            let stays = !script.text().lines().any(connects);
            if stays && script.is_overwritten() && !script.shows_lines() {
                return Fact::unknown(Gap {
                    because: "it was overwritten as a whole, as its lines do not stand as they are"
                        .to_owned(),
                    ..Gap::of_one(map.kind, map.namespace.as_deref(), &map.name)
                });
            }
            Fact::at(stays.into(), key.span(), "the SQL to run once")
        }
        None => Fact::at(false.into(), draft.nearest(&INIT), "the SQL to run once"),
    }
}

/// The labels by which the pods of a cluster are found, and what v4 had for the first.
const CLUSTER: &str = "postgres-operator.crunchydata.com/cluster";
const SET: &str = "postgres-operator.crunchydata.com/instance-set";
const OF_V4: &str = "pg-cluster";

fn selectors(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut found = Vec::new();
    let mut ways = Ways::default();
    let is_written = draft.keys().any(|name| name == "labelSelector");
    let spec = draft.at(&["spec"]).filter(|_| is_written).into_iter();
    let mut open: Vec<(Option<usize>, Node<'_>)> = spec.map(|spec| (None, spec)).collect();
    let is_collection = |node: Node<'_>| node.is_map() || node.is_seq();
    while let Some((from, node)) = open.pop() {
        for item in node.items().filter(|item| is_collection(*item)) {
            let name = item.get("name").map_or("", Node::text);
            let way = ways.step(from, Step::Item(name.into()));
            open.push((way, item));
        }
        for entry in draft.keys().below(node) {
            if !is_collection(entry.value) {
                continue;
            }
            let way = ways.step(from, Step::Field(entry.name.clone()));
            if entry.name == "labelSelector" {
                found.extend(of_selector(draft, &ways.text(way), entry.value));
            } else {
                open.push((way, entry.value));
            }
        }
    }
    found.sort_by_key(|element| element.place.span);
    Fact::at(found, draft.nearest(&["spec", "instances"]), "the spec")
}

/// What a selector says of labels that PGO gives to pods.
fn of_selector(draft: &Draft<'_>, path: &str, selector: Node<'_>) -> Vec<Element> {
    let asked = asked(selector);
    let is_own = |(label, values): &(Cow<'_, str>, Vec<Node<'_>>)| {
        label != CLUSTER || values.iter().any(|value| value.text() == draft.name)
    };
    let own = asked.iter().all(is_own);
    let sets = instances::sets(draft);
    let has_set = |name: &str| {
        let mut sets = sets.value().into_iter().flatten().enumerate();
        sets.any(|(number, set)| instances::name(number, *set) == name)
    };
    let mut found = Vec::new();
    for (label, values) in &asked {
        let Some(first) = values.first() else {
            continue;
        };
        let any = |is: &dyn Fn(&str) -> bool| values.iter().any(|value| is(value.text()));
        let there = match &**label {
            CLUSTER => any(&|name| name == draft.name || is_here(draft, name)),
            SET if own => sets.value().is_none() || any(&has_set),
            OF_V4 => false,
            _ => continue,
        };
        let said = if label == SET {
            format!("instance set {}", first.text())
        } else {
            first.text().to_owned()
        };
        let at = |said: Value| Fact::at(said, first.span(), "selects these pods");
        found.push(
            Element::new(
                format!("{path}[{label}:{}]", first.text()),
                first.span(),
                "selects these pods",
            )
            .with("cluster", at(said.into()))
            .with("ofV4", at((label == OF_V4).into()))
            .with("there", at(there.into())),
        );
    }
    found
}

/// The labels that a selector asks for, each with the values it takes.
fn asked(selector: Node<'_>) -> Vec<(Cow<'_, str>, Vec<Node<'_>>)> {
    let labels = selector
        .get("matchLabels")
        .into_iter()
        .flat_map(Node::entries);
    let labels = labels.map(|(key, value)| (key.key(), vec![value]));
    let expressions = selector
        .get("matchExpressions")
        .into_iter()
        .flat_map(Node::items);
    let expressions = expressions.filter_map(|one| {
        let is_in = one
            .get("operator")
            .is_some_and(|operator| operator.text() == "In");
        let values = one.get("values").into_iter().flat_map(Node::items);
        is_in.then_some((Cow::Borrowed(one.get("key")?.text()), values.collect()))
    });
    labels.chain(expressions).collect()
}

/// Whether a PostgresCluster of this name is in the input: keeping away from its pods makes sense.
fn is_here(draft: &Draft<'_>, name: &str) -> bool {
    let mut of_name = draft
        .places()
        .flat_map(|place| place.v5_clusters_named(name));
    of_name.next().is_some()
}
