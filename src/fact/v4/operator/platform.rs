//! The platform: v5's CustomResourceDefinition, and whether this is OpenShift.

mod facts;

pub(in crate::fact::v4) use facts::FACTS;

use crate::fact::v4::seen::{found, if_complete};
use crate::manifest::{Fact, Found, Gap, Inventory, Kind, Node, Object, Scalar};

/// Name of the CustomResourceDefinition of v5's clusters.
pub(in crate::fact::v4) const V5_DEFINITION: &str =
    "postgresclusters.postgres-operator.crunchydata.com";

/// The definition of PostgresCluster.
pub(in crate::fact::v4) fn v5_definition(inventory: &Inventory) -> Found<'_> {
    inventory.find(Kind::CustomResourceDefinition, None, V5_DEFINITION)
}

/// Whether PostgresClusters can exist in this origin.
pub(in crate::fact::v4) fn v5_defined(inventory: &Inventory) -> Fact<bool> {
    let definition = found(
        v5_definition(inventory),
        "the definition of PostgresCluster",
    );
    if let Some(Some(object)) = definition.value() {
        return if let Some(node) = withheld(object) {
            Fact::at(false, node.span(), "the server takes no object of it")
        } else {
            definition.map(|_| true)
        };
    }
    let definition = definition.map(|object| object.is_some());
    let clusters = inventory.list_all(Kind::PostgresCluster).objects;
    match clusters.iter().find(|object| object.is_live()) {
        Some(object) => Fact::at(
            true,
            object.name_span(),
            "a PostgresCluster that a server knows",
        ),
        None => definition,
    }
}

/// Where a definition says that the server serves none of its versions: it takes no PostgresCluster then. One that shows no
/// versions says nothing.
fn withheld(definition: &Object) -> Option<Node<'_>> {
    refused(definition).or_else(|| unserved(definition))
}

/// Where the server says that it does not take the definition, as where another one has its names.
fn refused(definition: &Object) -> Option<Node<'_>> {
    let mut conditions = definition.at(&["status", "conditions"])?.items();
    let of = |one: &Node<'_>| {
        one.get("type")
            .is_some_and(|kind| kind.text() == "Established")
    };
    let said = conditions.find(of)?.get("status")?;
    (said.text() == "False").then_some(said)
}

fn unserved(definition: &Object) -> Option<Node<'_>> {
    let mut versions = definition.at(&["spec", "versions"])?.items().peekable();
    versions.peek()?;
    let served: Vec<Option<Node<'_>>> = versions.map(|version| version.get("served")).collect();
    let refuses = |served: &Option<Node<'_>>| {
        served.is_some_and(|node| matches!(node.scalar(), Some(Scalar::Bool(false))))
    };
    served
        .iter()
        .all(refuses)
        .then(|| served.first().copied())
        .flatten()
        .flatten()
}

/// Whether this origin is OpenShift. It writes annotations on every namespace and on every pod it admits, so a
/// namespace or pod that a server has seen and that lacks them tells as much as one that has them.
pub(in crate::fact::v4) fn openshift(inventory: &Inventory) -> Fact<bool> {
    let definitions = inventory.list_all(Kind::CustomResourceDefinition);
    let of_openshift = |object: &&&Object| object.name.ends_with(".openshift.io");
    if let Some(object) = definitions.objects.iter().find(of_openshift) {
        return Fact::at(true, object.name_span(), "a definition of OpenShift's");
    }
    let namespaces = inventory.list_all(Kind::Namespace).objects;
    let pods = inventory.list_all(Kind::Pod).objects;
    let annotated = namespaces
        .iter()
        .find_map(|object| annotation(object, "openshift.io/sa.scc."));
    let admitted = || {
        pods.iter()
            .find_map(|object| annotation(object, "openshift.io/scc"))
    };
    if let Some(key) = annotated.or_else(admitted) {
        return Fact::at(true, key.span(), "written by OpenShift");
    }
    if let Some(object) = namespaces
        .iter()
        .chain(&pods)
        .find(|object| is_telling(object))
    {
        return Fact::at(
            false,
            object.name_span(),
            "OpenShift would have annotated it",
        );
    }
    let gap = Gap {
        missing: "whether this is OpenShift".to_owned(),
        because: "the input holds no namespace, no pod and no complete list of definitions that would tell".to_owned(),
        ask: "kubectl get namespaces -o yaml".to_owned(),
    };
    match if_complete(&definitions.completeness, false) {
        Fact::Unknown(_) => Fact::unknown(gap),
        known @ Fact::Known(_) => known,
    }
}

/// The key of the first annotation that begins like this.
fn annotation<'a>(object: &'a Object, prefix: &str) -> Option<Node<'a>> {
    let annotations = object.at(&["metadata", "annotations"])?;
    let mut keys = annotations.entries().map(|(key, _)| key);
    keys.find(|key| key.text().starts_with(prefix))
}

/// Whether a server has seen it, in a namespace that OpenShift does not exempt from its constraints.
fn is_telling(object: &Object) -> bool {
    let uid = object
        .at(&["metadata", "uid"])
        .is_some_and(|uid| !uid.text().is_empty());
    let namespace = match object.kind {
        Kind::Namespace => &*object.name,
        _ => object.namespace.as_deref().unwrap_or("default"),
    };
    let exempt = namespace == "default"
        || namespace.starts_with("kube-")
        || namespace.starts_with("openshift");
    // Every pod of PGO v4 bears an annotation (Patroni's `status`): without any, they were taken away.
    let whole = object.kind == Kind::Namespace || annotation(object, "").is_some();
    uid && !exempt && whole && object.rivals.is_empty()
}

#[cfg(test)]
mod tests;
