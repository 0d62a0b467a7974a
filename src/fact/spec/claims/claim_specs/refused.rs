//! What the API server refuses in a claim although the schema of a PostgresCluster takes it, access modes aside.
//!
//! Source: Kubernetes pkg/apis/core/validation (`ValidatePersistentVolumeClaimSpec`, `validateDataSource`).

use crate::expr::{Quantity, Value};
use crate::manifest::{Fact, Node};
use crate::schema::names::is_subdomain;

/// Why no claim is made of a spec, in words; `""` for one that is.
pub(super) fn why(spec: Node<'_>) -> Fact<Value> {
    let wrong = size(spec).or_else(|| class(spec)).or_else(|| source(spec));
    match wrong {
        Some((why, node)) => Fact::at(why.into(), node.span(), "no claim can have this"),
        None => Fact::at("".into(), spec.span(), "the drafted claim"),
    }
}

fn size(spec: Node<'_>) -> Option<(String, Node<'_>)> {
    let node = spec.at(&["resources", "requests", "storage"])?;
    let amount = Quantity::parse(node.text()).filter(|_| !node.is_unsaid())?;
    (amount.0 <= 0).then(|| ("it asks for no storage at all".to_owned(), node))
}

fn class(spec: Node<'_>) -> Option<(String, Node<'_>)> {
    let node = spec.get("storageClassName")?;
    let name = node.as_str().filter(|name| !name.is_empty())?;
    let wrong = !node.is_unsaid() && !is_subdomain(name);
    wrong.then(|| (format!("no storage class can be called {name}"), node))
}

/// A source of the core group is a claim; snapshots have a group of their own.
fn source(spec: Node<'_>) -> Option<(String, Node<'_>)> {
    let source = spec.get("dataSource")?;
    let group = source.get("apiGroup").map_or("", Node::text);
    let kind = source.get("kind")?;
    let wrong = group.is_empty() && kind.text() != "PersistentVolumeClaim" && !kind.is_unsaid();
    let why = || format!("its data source is a {} without an apiGroup", kind.text());
    wrong.then(|| (why(), kind))
}
