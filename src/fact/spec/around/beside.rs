//! What a draft names that other objects of the input answer for: Services of object stores, SQL in ConfigMaps, labels
//! of pods.

use super::existing;
use crate::expr::Value;
use crate::fact::spec::problems::{Problems, at};
use crate::fact::spec::way::{Step, Ways};
use crate::fact::spec::{Draft, DraftFact, each, row};
use crate::fact::{Element, Type};
use crate::manifest::{Fact, Found, Kind, Node, Object};

const INIT: [&str; 2] = ["spec", "databaseInitSQL"];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[
    row(
        "draft.initSqlMissing",
        Type::Strings,
        "the SQL to run once that is not there: the ConfigMap, or the key in it",
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
        "every label in affinity and spread constraints, wherever they stand, that selects the pods of a PostgresCluster: {cluster, there}; there whether it is the draft or another one of the input",
        &["cluster", "there"],
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

fn init_sql_missing(draft: &Draft<'_>) -> Fact<Value> {
    let mut problems = Problems::default();
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
                problems.add(text, &places);
            }
            Found::Here(_) => {}
            Found::Absent(assumption) => {
                problems.assume(assumption);
                let text = format!("ConfigMap {}", name.text());
                problems.add(text, &[at(name.span(), "does not exist")]);
            }
            Found::Unseen(gap) => problems.unsure(&[gap]),
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
            Found::Here(map) => Some((map.at(&["data", key.text()])?, key)),
            Found::Absent(_) | Found::Unseen(_) => None,
        }
    });
    match script {
        Some((script, key)) => {
            let connects = |line: &str| line.trim_start().starts_with("\\c");
            let stays = !script.text().lines().any(connects);
            Fact::at(stays.into(), key.span(), "the SQL to run once")
        }
        None => Fact::at(false.into(), draft.nearest(&INIT), "the SQL to run once"),
    }
}

fn selectors(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut found = Vec::new();
    let mut ways = Ways::default();
    let spec = draft.at(&["spec"]).into_iter();
    let mut open: Vec<(bool, Option<usize>, Node<'_>)> =
        spec.map(|spec| (false, None, spec)).collect();
    while let Some((inside, from, node)) = open.pop() {
        for item in node.items() {
            let name = item.get("name").map_or("", Node::text);
            let way = ways.step(from, Step::Item(name.into()));
            open.push((inside, way, item));
        }
        for (key, value) in node.entries() {
            let name = key.key();
            if inside && name == "postgres-operator.crunchydata.com/cluster" {
                let there = value.text() == draft.name || is_here(draft, value.text());
                let at = |said: Value| Fact::at(said, value.span(), "selects these pods");
                let place = format!("{}[{}]", ways.text(from), value.text());
                found.push(
                    Element::new(place, value.span(), "selects these pods")
                        .with("cluster", at(value.text().into()))
                        .with("there", at(there.into())),
                );
            }
            if value.is_map() || value.is_seq() {
                let within = inside && !value.is_seq() || name == "labelSelector";
                open.push((within, ways.step(from, Step::Field(name)), value));
            }
        }
    }
    found.sort_by_key(|element| element.place.span);
    Fact::at(found, draft.nearest(&["spec", "instances"]), "the spec")
}

/// Whether a PostgresCluster of this name is in the input: keeping away from its pods makes sense.
fn is_here(draft: &Draft<'_>, name: &str) -> bool {
    let mut all = draft
        .places()
        .flat_map(|place| place.list_all(Kind::PostgresCluster).objects);
    all.any(|object| &*object.name == name)
}
