//! Whether a service mesh would come between the cluster's pods.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::around::existing;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Found, Kind, Node, Object};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[row(
    "draft.mesh",
    Type::String,
    "the service mesh that the Namespace in the input asks for: \"Istio\", \"Linkerd\"; \"\" where it asks for none or is not in the input",
    mesh,
)];

fn mesh(draft: &Draft<'_>) -> Fact<Value> {
    let namespace = draft.namespace().value().map(|name| (*name).to_owned());
    let seen =
        namespace.and_then(
            |name| match existing::find(draft, Kind::Namespace, None, &name) {
                Found::Here(object) => injected(object),
                Found::Absent(_) | Found::Unseen(_) => None,
            },
        );
    match seen {
        Some((name, mark)) => Fact::at(name.into(), mark.span(), "asks for a service mesh"),
        None => Fact::at("".into(), draft.name_span(), "the draft"),
    }
}

/// The mesh that a namespace asks for, and where it does.
fn injected(namespace: &Object) -> Option<(&'static str, Node<'_>)> {
    let enabled = |node: &Node<'_>| node.text() == "enabled";
    let label = namespace.label("istio-injection").filter(enabled);
    let label = label.or_else(|| namespace.label("istio.io/rev"));
    let linkerd = || namespace.annotation("linkerd.io/inject").filter(enabled);
    label
        .map(|node| ("Istio", node))
        .or_else(|| linkerd().map(|node| ("Linkerd", node)))
}
