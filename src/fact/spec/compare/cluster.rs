//! Whether the v4 cluster is still there and in the way.

use super::super::pairing::of_pair;
use super::super::problems::{Culprits, at};
use super::super::{Draft, DraftFact, each, row};
use crate::expr::Value;
use crate::fact::v4::Cluster;
use crate::fact::{Element, Type};
use crate::manifest::{Evidence, Fact, Found, Gap, Kind, Node, Object};

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "pair.v4Running",
        Type::Bool,
        "the v4 cluster runs: a pod of its primary does, or a Deployment of it asks for one",
        |draft| running(draft).map(Value::from),
    ),
    each(
        "pair.nameCollisions",
        "objects that both clusters want, in the same namespace and of the same name, and that v4 still has: {object}, as \"ConfigMap hippo-config\"",
        &["object"],
        collisions,
    ),
];

fn running(draft: &Draft<'_>) -> Fact<bool> {
    of_pair(draft, |pair| {
        let primary = draft.v4_truth("primary.running");
        if primary.value() == Some(&true) {
            return primary;
        }
        if let Some(deployment) = asking(pair.cluster) {
            let wanted = deployment.at(&["spec", "replicas"]);
            let span = wanted.map_or_else(|| deployment.name_span(), Node::span);
            return Fact::at(true, span, "v4 asks for it to run");
        }
        primary
    })
}

/// A Deployment of Postgres that is not scaled down.
fn asking<'a>(cluster: &Cluster<'a>) -> Option<&'a Object> {
    let mut deployments = cluster.deployments().objects.iter().copied();
    deployments.find(|deployment| {
        let label = deployment.label("pgo-pg-database");
        let replicas = deployment.at(&["spec", "replicas"]);
        label.is_some_and(|label| label.text() == "true")
            && replicas.is_none_or(|replicas| replicas.text() != "0")
    })
}

/// The names that both versions of the operator give to objects of a cluster, by what makes v5 want them.
fn wanted(draft: &Draft<'_>) -> Vec<(Kind, String, bool)> {
    let has = |path: &[&str]| draft.at(path).is_some_and(|node| !node.is_null());
    let name = |suffix: &str| format!("{}-{suffix}", draft.name);
    let mut all = vec![(Kind::ConfigMap, name("config"), true)];
    if has(&["spec", "proxy", "pgBouncer"]) {
        all.push((Kind::Deployment, name("pgbouncer"), false));
        all.push((Kind::Service, name("pgbouncer"), false));
    }
    if has(&["spec", "userInterface", "pgAdmin"]) {
        all.push((Kind::Service, name("pgadmin"), false));
        all.push((Kind::PersistentVolumeClaim, name("pgadmin"), false));
    }
    all
}

fn collisions(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    of_pair(draft, |pair| {
        let mut problems = Culprits::default();
        let cluster = pair.cluster;
        let spans = [
            at(draft.name_span(), "the draft's name"),
            at(cluster.name_span(), "the v4 cluster"),
        ];
        if cluster.name == draft.name {
            let theirs = cluster.namespace.map(str::to_owned);
            let ours = problems.look(draft.namespace().map(str::to_owned));
            match (ours, theirs) {
                (Some(ours), Some(theirs)) if ours.value == theirs => {
                    look(draft, cluster, &spans, &mut problems);
                }
                (Some(_), None) => problems.open(no_namespace(cluster)),
                _ => {}
            }
        }
        problems.list(draft.name_span(), "the draft's name")
    })
}

fn look(draft: &Draft<'_>, cluster: &Cluster<'_>, spans: &[Evidence], problems: &mut Culprits) {
    let alive = running(draft);
    for (kind, name, of_patroni) in wanted(draft) {
        let text = format!("{} {name}", kind.info().name);
        match cluster.inventory.find(kind, cluster.namespace, &name) {
            Found::Here(object) if is_of_v4(object) => {
                let own = at(object.name_span(), "v4's object of this name");
                tell(text, &[spans, &[own]].concat(), problems);
            }
            Found::Here(_) => {}
            Found::Absent(assumption) => problems.assume(assumption),
            // Patroni keeps it for as long as the cluster runs.
            Found::Unseen(_) if of_patroni && alive.value() == Some(&true) => {
                tell(text, spans, problems);
            }
            Found::Unseen(gap) => problems.open(gap),
        }
    }
}

fn tell(object: String, places: &[Evidence], problems: &mut Culprits) {
    let said = [("object", object.as_str().into())];
    problems.tell(object, said, places);
}

/// Whether an object belongs to PGO v4.
fn is_of_v4(object: &Object) -> bool {
    let labels = ["pg-cluster", "crunchy-pgha-scope", "vendor"];
    labels.iter().any(|label| object.label(label).is_some())
}

fn no_namespace(cluster: &Cluster<'_>) -> Gap {
    Gap {
        missing: format!("the namespace of the v4 cluster {}", cluster.name),
        because: "its manifests write no metadata.namespace".to_owned(),
        ask: "export the v4 cluster again with its namespaces and run again".to_owned(),
    }
}
