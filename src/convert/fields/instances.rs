//! The instances: how many, their claims, what they may use and where they run.

use super::row::{Field, field};
use crate::convert::choices::Form;
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, open, todo};
use crate::expr::{Quantity, Value};
use crate::manifest::Fact;

/// The name of the only instance set: short, for it is part of many others.
pub(super) const SET: &str = "db";

pub(super) const FIELDS: &[Field] = &[
    field("spec.instances[0].name", |_| Some(Entry::text("", SET))),
    field("spec.instances[0].replicas", replicas),
    field("spec.instances[0].dataVolumeClaimSpec", |view| {
        Some(Entry::item(data_claim(view)))
    }),
    field("spec.instances[0].walVolumeClaimSpec", wal_claim),
    field("spec.instances[0].resources", resources),
    field("spec.instances[0].tolerations", tolerations),
    field("spec.instances[0].affinity", affinity),
    field("spec.instances[0].metadata.annotations", |view| {
        annotations(view, "postgres")
    }),
];

/// One until the move is done: more take time and room while the first one comes up.
#[allow(clippy::unnecessary_wraps)] // as the table has it
fn replicas(view: &View<'_, '_>) -> Option<Entry> {
    if let Some(wanted) = view.choices.replicas {
        return Some(
            Entry::item(Node::number(wanted.into())).saying("your choice: --replicas".to_owned()),
        );
    }
    let words = match view.number("replicas.count") {
        Fact::Known(truth) if truth.value == 0 => "v4 has one, too".to_owned(),
        Fact::Known(truth) => format!("one until the move is done; v4 had {}", truth.value + 1),
        Fact::Unknown(_) => "one until the move is done".to_owned(),
    };
    Some(Entry::item(Node::number(1)).saying(words))
}

fn data_claim(view: &View<'_, '_>) -> Node {
    let mut size = Size::of(view, "dataClaim");
    // The operator applies the data claim's size to the WAL claim, too, so neither may be smaller than the other.
    if view.form == Form::Volumes && has_wal(view) {
        size = size.at_least(Size::of(view, "walClaim"));
    }
    claim(view, "dataClaim", "data", &size)
}

fn wal_claim(view: &View<'_, '_>) -> Option<Entry> {
    if let Fact::Unknown(gaps) = view.text("walClaim.storage") {
        return Some(open("the claim for WAL, where v4 has one", &gaps));
    }
    if !has_wal(view) {
        return None;
    }
    let mut size = Size::of(view, "walClaim");
    if view.form == Form::Volumes {
        size = size.at_least(Size::of(view, "dataClaim"));
    }
    Some(Entry::item(claim(view, "walClaim", "WAL", &size)))
}

fn has_wal(view: &View<'_, '_>) -> bool {
    view.text("walClaim.storage")
        .value()
        .is_some_and(|storage| storage == "claim")
}

/// The size a claim has to ask for.
struct Size {
    fact: Fact<String>,
    /// Why it is not simply what the claim asks for.
    why: &'static str,
}

impl Size {
    fn of(view: &View<'_, '_>, claim: &str) -> Size {
        let size = Size {
            fact: view.text(&format!("{claim}.size")),
            why: "",
        };
        if view.form == Form::Volumes
            || (view.form == Form::RepositoryVolume && claim == "repoClaim")
        {
            return size;
        }
        // What is copied needs the room it takes, which may be more than was asked for.
        let capacity = view.text(&format!("{claim}.capacity"));
        match capacity.value() {
            Some(text) if !text.is_empty() => size.at_least(Size {
                fact: capacity,
                why: "what the volume of v4 has",
            }),
            _ => size,
        }
    }

    /// The larger of two; this one where they are equal or cannot be compared.
    fn at_least(self, other: Size) -> Size {
        let amount = |size: &Size| size.fact.value().and_then(|text| Quantity::parse(text));
        match (amount(&self), amount(&other)) {
            (Some(own), Some(theirs)) if own < theirs => Size {
                why: if other.why.is_empty() {
                    "as large as the other of data and WAL: the operator applies one size to both"
                } else {
                    other.why
                },
                ..other
            },
            (Some(_), None) if matches!(other.fact, Fact::Unknown(_)) && other.why.is_empty() => {
                other
            }
            _ => self,
        }
    }
}

/// A claim like one of v4: for an adopted one nothing may differ.
pub(super) fn repository_claim(view: &View<'_, '_>) -> Node {
    claim(
        view,
        "repoClaim",
        "repository",
        &Size::of(view, "repoClaim"),
    )
}

fn claim(view: &View<'_, '_>, facts: &str, what: &str, size: &Size) -> Node {
    let mut spec = Node::Map(Vec::new());
    let named = |field: &str| format!("{facts}.{field}");
    if let Some(class) = view.word(
        &named("class"),
        &format!("the storage class of the claim for {what}"),
    ) {
        spec.put("storageClassName", class);
    }
    spec.put(
        "accessModes",
        access_modes(view, &named("accessModes"), what),
    );
    let mode = view.text(&named("volumeMode"));
    if mode.value().is_some_and(|mode| mode == "Block") {
        spec.put(
            "volumeMode",
            Entry::item(Node::text("Block")).saying(view.origin(&mode)),
        );
    }
    let size = match &size.fact {
        Fact::Known(truth) if !truth.value.is_empty() => {
            let mut origin = view.origin(&size.fact);
            if !size.why.is_empty() {
                origin = format!("{}: {origin}", size.why);
            }
            Entry::item(Node::text(&truth.value)).saying(origin)
        }
        Fact::Known(_) => Entry::todo("", &format!("the size of the claim for {what}, as 20Gi")),
        Fact::Unknown(gaps) => todo(&format!("the size of the claim for {what}, as 20Gi"), gaps),
    };
    spec.put("resources.requests.storage", size);
    spec
}

fn access_modes(view: &View<'_, '_>, fact: &str, what: &str) -> Entry {
    let modes = view.texts(fact);
    let list = |items: Vec<Entry>| Entry::item(Node::List(items));
    match &modes {
        Fact::Known(truth) if !truth.value.is_empty() => {
            let items = truth.value.iter().map(|mode| Entry::item(Node::text(mode)));
            list(items.collect()).saying(view.origin(&modes))
        }
        Fact::Known(_) => list(vec![Entry::todo(
            "",
            &format!("an access mode for {what}, as ReadWriteOnce"),
        )]),
        Fact::Unknown(gaps) => list(vec![todo(
            &format!("the access modes of the claim for {what}, as ReadWriteOnce"),
            gaps,
        )]),
    }
}

pub(super) fn resources(view: &View<'_, '_>) -> Option<Entry> {
    view.structure("instances.resources", "the resources of Postgres")
}

pub(super) fn tolerations(view: &View<'_, '_>) -> Option<Entry> {
    view.structure("instances.tolerations", "the tolerations of v4's pods")
}

/// The annotations for one kind of pod.
pub(super) fn annotations(view: &View<'_, '_>, part: &str) -> Option<Entry> {
    let fact = view.fact("cluster.podAnnotations");
    match &fact {
        Fact::Known(truth) => {
            let node = Node::of(truth.value.get(part).unwrap_or(&Value::Absent));
            (!node.is_empty()).then(|| Entry::item(node).saying(view.origin(&fact)))
        }
        Fact::Unknown(gaps) => Some(open("the annotations for pods", gaps)),
    }
}

fn affinity(view: &View<'_, '_>) -> Option<Entry> {
    let mut parts = Vec::new();
    if let Some(entry) = view.structure("instances.nodeAffinity", "the node affinity of v4's pods")
    {
        parts.push(entry.named("nodeAffinity"));
    }
    let spread = view.text("instances.spread");
    if spread.value().is_some_and(|spread| spread == "required") {
        let origin = format!("v4 requires it: {}", view.origin(&spread));
        parts.push(Entry::new("podAntiAffinity", apart(&view.name)).saying(origin));
    }
    match parts.as_slice() {
        [] => None,
        [only] if only.node == Node::Open => {
            Some(Entry::item(Node::Open).saying(only.comment.clone()))
        }
        _ => Some(Entry::item(Node::Map(parts))),
    }
}

/// No two instances of the set on one node.
fn apart(cluster: &str) -> Node {
    let labels = vec![
        Entry::text("postgres-operator.crunchydata.com/cluster", cluster),
        Entry::text("postgres-operator.crunchydata.com/instance-set", SET),
    ];
    let selector = vec![Entry::new("matchLabels", Node::Map(labels))];
    let term = vec![
        Entry::new("labelSelector", Node::Map(selector)),
        Entry::text("topologyKey", "kubernetes.io/hostname"),
    ];
    let terms = Node::List(vec![Entry::item(Node::Map(term))]);
    Node::Map(vec![Entry::new(
        "requiredDuringSchedulingIgnoredDuringExecution",
        terms,
    )])
}
