//! Containers of one's own beside those of PGO: `containers` of instance sets and of PgBouncer.

use super::instances;
use crate::expr::Value;
use crate::fact::Element;
use crate::fact::spec::reading::bare;
use crate::fact::spec::release::gates;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

const BOUNCER: [&str; 4] = ["spec", "proxy", "pgBouncer", "containers"];
const NOTE: &str = "a container of one's own";

/// A container that PGO puts into a pod, and the section without which it does not.
type Own = (&'static str, &'static [&'static str]);

/// The containers of an instance's pod, those that end before the others begin among them: PGO
/// `internal/naming/names.go` and what uses it, 5.7.9 to 6.0.3.
const OF_INSTANCE: [Own; 8] = [
    ("collector", &["spec", "instrumentation"]),
    ("database", &["spec"]),
    ("exporter", &["spec", "monitoring", "pgmonitor", "exporter"]),
    ("nss-wrapper-init", &["spec"]),
    ("pgbackrest", &["spec", "backups"]),
    ("pgbackrest-config", &["spec", "backups"]),
    ("postgres-startup", &["spec"]),
    ("replication-cert-copy", &["spec"]),
];
const OF_BOUNCER: [Own; 3] = [
    ("collector", &["spec", "instrumentation"]),
    ("pgbouncer", &["spec"]),
    ("pgbouncer-config", &["spec"]),
];

pub(in crate::fact::spec) static FACTS: &[DraftFact] = &[each(
    "draft.sidecars",
    "every container of one's own, of the instance sets and of PgBouncer: {place, name, gate, leftOut, leftOutBy, ofPgo}; gate is the one that lets the operator add it, leftOut tells which of the releases the draft may go to leave it out, \"all\", \"some\" or \"none\" of them, by the gates of the operator in the input, leftOutBy names them, ofPgo whether PGO itself puts a container of this name into the pod",
    &["place", "name", "gate", "leftOut", "leftOutBy", "ofPgo"],
    everywhere,
)];

/// A container of one's own.
pub(in crate::fact::spec) struct Sidecar<'a> {
    /// Where it stands: `spec.instances[db].containers`.
    pub(in crate::fact::spec) path: String,
    pub(in crate::fact::spec) node: Node<'a>,
    pub(in crate::fact::spec) of_bouncer: bool,
}

/// All of them.
pub(in crate::fact::spec) fn sidecars<'a>(draft: &Draft<'a>) -> Fact<Vec<Sidecar<'a>>> {
    let of_bouncer = draft.items(&BOUNCER);
    bare(instances::sets(draft).both(of_bouncer)).map(|(sets, of_bouncer)| {
        let sets = sets.into_iter().enumerate();
        let own = sets.flat_map(|(number, set)| {
            let path = format!(
                "spec.instances[{}].containers",
                instances::name(number, set)
            );
            let containers = set.get("containers").into_iter().flat_map(Node::items);
            containers.map(move |node| Sidecar {
                path: path.clone(),
                node,
                of_bouncer: false,
            })
        });
        let of_bouncer = of_bouncer.into_iter().map(|node| Sidecar {
            path: BOUNCER.join("."),
            node,
            of_bouncer: true,
        });
        own.chain(of_bouncer).collect()
    })
}

fn everywhere(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let all = sidecars(draft).map(|all| {
        let named = all
            .iter()
            .filter_map(|one| Some((one, one.node.get("name")?)));
        named.map(|(one, name)| element(draft, one, name)).collect()
    });
    all.and_at(draft.nearest(&["spec", "instances"]), "the instance sets")
}

fn element(draft: &Draft<'_>, one: &Sidecar<'_>, name: Node<'_>) -> Element {
    let (gate, label, own): (_, _, &[Own]) = if one.of_bouncer {
        (&gates::PGBOUNCER_SIDECARS, "PGBouncerSidecars", &OF_BOUNCER)
    } else {
        (&gates::INSTANCE_SIDECARS, "InstanceSidecars", &OF_INSTANCE)
    };
    let there = |section: &[&str]| draft.at(section).is_some_and(|node| !node.is_null());
    let of_pgo = own
        .iter()
        .any(|(other, section)| *other == name.text() && there(section));
    let at = |value: Value| Fact::at(value, name.span(), NOTE);
    let key = format!("{}[{}]", one.path, name.text());
    let element = Element::new(key, name.span(), NOTE)
        .with("place", Fact::known(one.path.as_str().into()))
        .with("name", at(name.text().into()))
        .with("gate", Fact::known(label.into()))
        .with("ofPgo", at(of_pgo.into()));
    gates::left_out(element, draft, gate)
}
