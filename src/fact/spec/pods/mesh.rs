//! Whether a service mesh would come between the cluster's pods.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::spec::around::existing;
use crate::fact::spec::{Draft, DraftFact, row};
use crate::manifest::{Fact, Found, Kind, Node, Object};

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[row(
    "draft.mesh",
    Type::String,
    "the service mesh that the Namespace in the input asks for and that the draft does not keep out of its pods: \"Istio\", \"Linkerd\"; \"\" where there is none or the Namespace is not in the input",
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
    match seen.filter(|(name, _)| !is_kept_out(draft, name)) {
        Some((name, mark)) => Fact::at(name.into(), mark.span(), "asks for a service mesh"),
        None => Fact::at("".into(), draft.name_span(), "the draft"),
    }
}

/// Whether the labels and annotations of all pods keep a mesh out of them.
fn is_kept_out(draft: &Draft<'_>, mesh: &str) -> bool {
    let says = |kind: &str, key: &str, value: &str| {
        let node = draft.at(&["spec", "metadata", kind, key]);
        node.is_some_and(|node| node.text() == value)
    };
    let kinds = ["labels", "annotations"];
    match mesh {
        "Istio" => kinds
            .iter()
            .any(|kind| says(kind, "sidecar.istio.io/inject", "false")),
        _ => says("annotations", "linkerd.io/inject", "disabled"),
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
