//! What the operator writes into the status: which database it runs, how far it has come, what it was asked for.

use super::row::{LivingFact, row};
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields;
use crate::manifest::{Fact, Found, Gap, Kind, Node, shell_word};

/// Patroni's annotation that holds the system identifier, written when the database was bootstrapped.
const INITIALIZE: [&str; 3] = ["metadata", "annotations", "initialize"];

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.name",
        Type::String,
        "the PostgresCluster's name",
        |living| {
            Fact::at(
                living.name.into(),
                living.name_span(),
                "the PostgresCluster",
            )
        },
    ),
    row(
        "live.namespace",
        Type::String,
        "its namespace; \"\" where the export names none",
        |living| {
            let namespace = living.namespace.unwrap_or("");
            Fact::at(namespace.into(), living.name_span(), "the PostgresCluster")
        },
    ),
    row(
        "live.systemIdentifier",
        Type::String,
        "the database's system identifier as Patroni knows it; \"\" while no database was bootstrapped",
        |living| system_identifier(living).map(Value::from),
    ),
    row(
        "live.created",
        Type::String,
        "when the PostgresCluster was created, RFC 3339; \"\" where the export does not say",
        |living| {
            text(
                living,
                &["metadata", "creationTimestamp"],
                "when it was created",
            )
        },
    ),
    row(
        "live.observed",
        Type::Bool,
        "the operator has seen the spec as it is now: status.observedGeneration is metadata.generation",
        |living| observed(living).map(Value::from),
    ),
    row(
        "live.shutdown",
        Type::Bool,
        "spec.shutdown: asked to shut down",
        |living| truth(living, &["spec", "shutdown"], "the request to shut down"),
    ),
    row(
        "live.paused",
        Type::Bool,
        "spec.paused: the operator leaves the cluster alone",
        |living| truth(living, &["spec", "paused"], "the request to pause"),
    ),
    row(
        "live.standby",
        Type::Bool,
        "it is asked to follow another cluster: spec.standby is written, and enabled is not false there",
        standby,
    ),
    row(
        "live.deleting",
        Type::Bool,
        "the PostgresCluster is being deleted, or its namespace is seen to be",
        deleting,
    ),
];

/// The status and the Endpoints of Patroni's configuration, of which the operator copies it: either where the other does
/// not say, none where they say different things.
pub(super) fn system_identifier(living: &Living<'_>) -> Fact<String> {
    let path = ["status", "patroni", "systemIdentifier"];
    let told = fields::text(living.object, &path, "the system identifier in the status");
    let note = "Patroni's own record of the system identifier";
    let own = annotation(living, "ha-config", &INITIALIZE, note);
    match (told.value(), own.value()) {
        (Some(told), Some(own)) if !told.is_empty() && !own.is_empty() && told != own => {
            Fact::unknown(two_identifiers(living))
        }
        (Some(empty), _) if empty.is_empty() => own,
        _ => told,
    }
}

/// The server takes a section that does not say for one that is enabled.
fn standby(living: &Living<'_>) -> Fact<Value> {
    let path = ["spec", "standby", "enabled"];
    let section = living.object.at(&path[..2]);
    let open = section.filter(|section| section.is_map() && section.get("enabled").is_none());
    match open {
        Some(section) => Fact::at(true.into(), section.span(), "it is a standby"),
        None => truth(living, &path, "whether it is a standby"),
    }
}

/// A namespace that is deleted takes everything in it along; one that is not in the input is not asked for.
fn deleting(living: &Living<'_>) -> Fact<Value> {
    let path = ["metadata", "deletionTimestamp"];
    let asked = living.object.read(&path, "when the deletion was asked for");
    let own = asked.map(|node| node.is_some_and(|node| !fields::is_unset(node)));
    let namespace = living.namespace.unwrap_or("");
    let Found::Here(namespace) = living.inventory.find(Kind::Namespace, None, namespace) else {
        return own.map(Value::from);
    };
    let asked = namespace.at(&path).filter(|node| !fields::is_unset(*node));
    let phase = namespace.at(&["status", "phase"]);
    let going = asked.or(phase.filter(|phase| phase.text() == "Terminating"));
    match going {
        Some(sign) => Fact::at(true.into(), sign.span(), "its namespace is being deleted"),
        None => own.map(Value::from),
    }
}

fn two_identifiers(living: &Living<'_>) -> Gap {
    let namespace = living.namespace.map_or_else(String::new, |namespace| {
        format!("-n {} ", shell_word(namespace))
    });
    let record = format!("{}-ha-config", living.name);
    Gap {
        missing: format!("which database {} runs", living.name),
        because: format!("its status names another system identifier than Endpoints {record}"),
        ask: format!(
            "kubectl get endpoints {} {namespace}-o jsonpath='{{.metadata.annotations.initialize}}'",
            shell_word(&record)
        ),
    }
}

/// An annotation of one of Patroni's Endpoints; `""` where the object or the annotation is known to be absent.
pub(super) fn annotation(
    living: &Living<'_>,
    suffix: &str,
    path: &[&str],
    note: &'static str,
) -> Fact<String> {
    let name = format!("{}-{suffix}", living.name);
    living
        .object_named(Kind::Endpoints, &name, note)
        .and_then(|object| match object {
            Some(object) => fields::text(object, path, note),
            None => Fact::known(String::new()),
        })
}

fn observed(living: &Living<'_>) -> Fact<bool> {
    let number = |path: &[&str], note| fields::number(living.object, path, note);
    let seen = number(
        &["status", "observedGeneration"],
        "what the operator has seen",
    );
    let now = number(&["metadata", "generation"], "the spec's generation");
    seen.both(now).and_then(|(seen, now)| match now {
        Some(_) => Fact::at(
            seen.is_some() && seen >= now,
            living.object.nearest(&["status", "observedGeneration"]),
            "what the operator has seen",
        ),
        None => Fact::unknown(no_generation(living)),
    })
}

fn no_generation(living: &Living<'_>) -> Gap {
    let namespace = living.namespace.map_or_else(String::new, |namespace| {
        format!("-n {} ", shell_word(namespace))
    });
    Gap {
        missing: format!(
            "whether the operator has seen the spec of {} as it is",
            living.name
        ),
        because: "the export has no metadata.generation".to_owned(),
        ask: format!(
            "kubectl get postgrescluster {} {namespace}-o yaml",
            shell_word(living.name)
        ),
    }
}

pub(super) fn text(living: &Living<'_>, path: &[&str], note: &'static str) -> Fact<Value> {
    fields::text(living.object, path, note).map(Value::from)
}

impl Living<'_> {
    /// Whether the operator is asked to leave it alone.
    pub fn is_paused(&self) -> bool {
        let paused = truth(self, &["spec", "paused"], "the request to pause");
        paused.value() == Some(&Value::Bool(true))
    }
}

pub(super) fn truth(living: &Living<'_>, path: &[&str], note: &'static str) -> Fact<Value> {
    fields::truth(living.object, path, note).map(Value::from)
}

/// The items of a list in the PostgresCluster; none where it is absent or no list.
pub(super) fn items<'a>(
    living: &Living<'a>,
    path: &[&str],
    note: &'static str,
) -> Fact<Vec<Node<'a>>> {
    let list = living.object.read(path, note);
    list.map(|list| list.into_iter().flat_map(Node::items).collect())
}
