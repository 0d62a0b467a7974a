//! The operators of an origin: the Deployments of PGO v4 and of PGO v5, wherever they run.
//!
//! An operator is known by what it runs and says, not by its name alone: both generations have used the name and the
//! image `postgres-operator`, and so have other vendors.

use super::image::{Image, three_part_version};
use super::seen::if_complete;
use super::workload::{env, replicas};
use super::{Cluster, ClusterFact};
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::manifest::{Completeness, Evidence, Fact, Gap, Inventory, Kind, Node, Object};

/// Which generation an operator is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// PGO v4, which manages Pgclusters.
    V4,
    /// PGO v5 and later, which manage PostgresClusters.
    V5,
}

/// One operator's Deployment.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its generation.
    pub generation: Generation,
    /// The Deployment's namespace.
    pub namespace: Option<Box<str>>,
    /// The Deployment's name.
    pub name: Box<str>,
    /// What shows that it is one.
    pub sign: Evidence,
    /// Its release.
    pub version: Fact<Version>,
    /// Whether a pod of it is asked for and, where a status says so, ready.
    pub running: Fact<bool>,
    /// The namespaces it watches; `None` stands for all.
    pub watched: Fact<Option<Vec<String>>>,
}

/// All operators of an origin.
#[derive(Debug)]
pub struct Operators {
    /// By namespace and name.
    seen: Vec<Operator>,
    /// Whether there may be more.
    completeness: Completeness,
}

/// v5 puts this label on its own Deployment.
const CONTROL_PLANE: &str = "postgres-operator.crunchydata.com/control-plane";

impl Operators {
    pub(super) fn of(inventory: &Inventory) -> Operators {
        let listing = inventory.list_all(Kind::Deployment);
        Operators {
            seen: listing
                .objects
                .iter()
                .filter_map(|object| Operator::of(object))
                .collect(),
            completeness: listing.completeness,
        }
    }

    /// Those of a generation that are in the input.
    pub fn of_generation(&self, generation: Generation) -> impl Iterator<Item = &Operator> {
        let same = move |operator: &&Operator| operator.generation == generation;
        self.seen.iter().filter(same)
    }

    /// The operator a cluster of this namespace would deal with: one that watches the namespace, rather one that runs.
    pub(super) fn nearest(
        &self,
        generation: Generation,
        namespace: Option<&str>,
    ) -> Option<&Operator> {
        let rank = |operator: &&Operator| {
            let watches = match operator.watches(namespace).value() {
                Some(true) => 2,
                None => 1,
                Some(false) => 0,
            };
            (watches, operator.running.value() == Some(&true))
        };
        // Of equals the first: `max_by_key` would take the last.
        let mut best: Option<&Operator> = None;
        for operator in self.of_generation(generation) {
            if best.is_none_or(|best| rank(&operator) > rank(&best)) {
                best = Some(operator);
            }
        }
        best
    }
}

impl Operator {
    fn of(deployment: &Object) -> Option<Operator> {
        let (generation, sign) = recognise(deployment)?;
        Some(Operator {
            generation,
            namespace: deployment.namespace.clone(),
            name: deployment.name.clone(),
            sign,
            version: version(deployment, generation),
            running: running(deployment),
            watched: match generation {
                Generation::V4 => watched_by_v4(deployment),
                Generation::V5 => watched_by_v5(deployment),
            },
        })
    }

    /// Whether it watches this namespace.
    fn watches(&self, namespace: Option<&str>) -> Fact<bool> {
        self.watched
            .clone()
            .and_then(|watched| match (watched, namespace) {
                (None, _) => Fact::known(true),
                (Some(names), Some(namespace)) => {
                    Fact::known(names.iter().any(|name| name == namespace))
                }
                (Some(_), None) => Fact::unknown(Gap {
                    missing: "the cluster's namespace".to_owned(),
                    because: "the cluster is in the input without metadata.namespace".to_owned(),
                    ask: "write metadata.namespace into the Pgcluster and run again".to_owned(),
                }),
            })
    }
}

/// Whether a Deployment is an operator of Crunchy's, and what shows it.
fn recognise(deployment: &Object) -> Option<(Generation, Evidence)> {
    let containers = deployment.at(&["spec", "template", "spec", "containers"])?;
    let images: Vec<(Node<'_>, Image<'_>)> = containers
        .items()
        .filter_map(|container| container.get("image"))
        .map(|node| (node, Image::parse(node.text())))
        .collect();
    // Percona's operators began as copies of both and keep many of their names.
    if images
        .iter()
        .any(|(_, image)| image.name.starts_with("percona"))
    {
        return None;
    }
    let shown = |node: Node<'_>, note| Evidence {
        span: node.span(),
        note,
    };
    let helpers = ["pgo-apiserver", "pgo-scheduler", "pgo-event"];
    if let Some((node, _)) = images
        .iter()
        .find(|(_, image)| helpers.contains(&image.name))
    {
        let own = images
            .iter()
            .find(|(_, image)| image.name == "postgres-operator");
        let node = own.map_or(*node, |(node, _)| *node);
        return Some((Generation::V4, shown(node, "an operator of PGO v4")));
    }
    let label = control_plane(deployment);
    if label.is_some_and(|label| label.text().ends_with("-upgrade")) {
        return None;
    }
    let own = images
        .iter()
        .find(|(_, image)| image.name == "postgres-operator");
    if let Some(label) = label {
        let node = own.map_or(label, |(node, _)| *node);
        return Some((Generation::V5, shown(node, "an operator of PGO v5")));
    }
    let (node, image) = own?;
    match image
        .operator_version()
        .or_else(|| packaged_version(deployment).map(|(version, _)| version))
    {
        Some(version) if version.major() == 4 => {
            Some((Generation::V4, shown(*node, "an operator of PGO v4")))
        }
        Some(version) if version.major() >= 5 => {
            Some((Generation::V5, shown(*node, "an operator of PGO v5")))
        }
        Some(_) => None,
        None => by_environment(deployment)
            .map(|generation| (generation, shown(*node, "an operator of PGO"))),
    }
}

fn control_plane(deployment: &Object) -> Option<Node<'_>> {
    let template = ["spec", "template", "metadata", "labels", CONTROL_PLANE];
    deployment
        .label(CONTROL_PLANE)
        .or_else(|| deployment.at(&template))
}

/// The generation by environment variables that only one of them has.
fn by_environment(deployment: &Object) -> Option<Generation> {
    let has = |variable| {
        let value = env(deployment, variable, "the operator's environment");
        !matches!(value.value(), Some(None))
    };
    let v4 = ["PGO_OPERATOR_NAMESPACE", "PGO_INSTALLATION_NAME"];
    let v5 = [
        "PGO_NAMESPACE",
        "PGO_TARGET_NAMESPACE",
        "PGO_TARGET_NAMESPACES",
    ];
    if v4.into_iter().any(has) {
        Some(Generation::V4)
    } else if v5.into_iter().any(has) {
        Some(Generation::V5)
    } else {
        None
    }
}

/// The release that the Operator Lifecycle Manager or Helm put on the Deployment.
fn packaged_version(deployment: &Object) -> Option<(Version, Node<'_>)> {
    let owner = deployment.label("olm.owner").and_then(|label| {
        let (_, version) = label.text().split_once(".v")?;
        Some((Version::parse(version)?, label))
    });
    owner.or_else(|| {
        let label = deployment.label("app.kubernetes.io/version")?;
        Some((Version::parse(label.text())?, label))
    })
}

fn version(deployment: &Object, generation: Generation) -> Fact<Version> {
    let path = ["spec", "template", "spec", "containers"];
    let contested = deployment.read(&path, "the operator's containers");
    if let Fact::Unknown(gaps) = contested {
        return Fact::Unknown(gaps);
    }
    let containers = deployment.at(&path);
    let images = containers
        .into_iter()
        .flat_map(Node::items)
        .filter_map(|container| container.get("image"));
    let own = |node: &Node<'_>| {
        let name = Image::parse(node.text()).name;
        name.starts_with("postgres-operator") || name.starts_with("pgo")
    };
    let tagged = images
        .filter(own)
        .find_map(|node| Some((three_part_version(Image::parse(node.text()).tag)?, node)));
    match tagged.or_else(|| packaged_version(deployment)) {
        Some((version, node)) => Fact::at(version, node.span(), "the operator's release"),
        None => Fact::unknown(unnamed_release(deployment, generation)),
    }
}

fn unnamed_release(deployment: &Object, generation: Generation) -> Gap {
    Gap {
        missing: format!("the release of the operator {}", deployment.name),
        because: "neither its image's tag nor its labels name one".to_owned(),
        ask: match generation {
            Generation::V4 => "pgo version".to_owned(),
            Generation::V5 => "name it with --target".to_owned(),
        },
    }
}

/// Asked for, and not known to be unready: a status without `readyReplicas` means none is ready.
fn running(deployment: &Object) -> Fact<bool> {
    replicas(deployment, "the operator's replicas").and_then(|count| {
        let status = deployment.at(&["status"]);
        let observed = status.is_some_and(|status| status.entries().next().is_some());
        if count == 0 || !observed {
            return Fact::known(count > 0);
        }
        let ready = ["status", "readyReplicas"];
        super::fields::number(deployment, &ready, "its ready pods")
            .map(|ready| ready.unwrap_or(0) > 0)
    })
}

/// v4 watches the namespaces of `NAMESPACE`; without it, those it was given when it was installed.
fn watched_by_v4(deployment: &Object) -> Fact<Option<Vec<String>>> {
    const NOTE: &str = "the namespaces PGO v4 watches";
    target_namespaces(deployment, "NAMESPACE", NOTE).and_then(|names| {
        if !names.is_empty() {
            return Fact::known(Some(names));
        }
        Fact::unknown(Gap {
            missing: NOTE.to_owned(),
            because: format!("Deployment {} does not list them", deployment.name),
            ask: "pgo show namespace --all".to_owned(),
        })
    })
}

/// v5 watches the namespaces of `PGO_TARGET_NAMESPACE` and `PGO_TARGET_NAMESPACES` together; all without either.
fn watched_by_v5(deployment: &Object) -> Fact<Option<Vec<String>>> {
    const NOTE: &str = "the namespaces PGO v5 watches";
    let one = target_namespaces(deployment, "PGO_TARGET_NAMESPACE", NOTE);
    let several = target_namespaces(deployment, "PGO_TARGET_NAMESPACES", NOTE);
    one.both(several).map(|(mut names, more)| {
        names.extend(more);
        (!names.is_empty()).then_some(names)
    })
}

/// The namespaces a variable lists, as a value or taken from the operator's own pod (as OLM has it).
fn target_namespaces(deployment: &Object, variable: &str, note: &'static str) -> Fact<Vec<String>> {
    let Some(path) = field_of_itself(deployment, variable) else {
        return env(deployment, variable, note).map(|value| split(&value.unwrap_or_default()));
    };
    let annotation = path.text().strip_prefix("metadata.annotations['");
    match (
        path.text(),
        annotation.and_then(|rest| rest.strip_suffix("']")),
    ) {
        ("metadata.namespace", _) => match &deployment.namespace {
            Some(namespace) => Fact::at(vec![namespace.to_string()], path.span(), note),
            None => env(deployment, variable, note).map(|_| Vec::new()),
        },
        (_, Some(name)) => {
            let place = ["spec", "template", "metadata", "annotations", name];
            super::fields::text(deployment, &place, note).map(|value| split(&value))
        }
        _ => env(deployment, variable, note).map(|_| Vec::new()),
    }
}

/// The field of its own pod that a variable is taken from.
fn field_of_itself<'a>(deployment: &'a Object, variable: &str) -> Option<Node<'a>> {
    let containers = deployment.at(&["spec", "template", "spec", "containers"])?;
    let entries = containers
        .items()
        .filter_map(|container| container.get("env"))
        .flat_map(Node::items);
    let mut named = entries.filter(|entry| {
        entry
            .get("name")
            .is_some_and(|name| name.text() == variable)
    });
    named.find_map(|entry| entry.at(&["valueFrom", "fieldRef", "fieldPath"]))
}

/// Splits at whatever cannot be part of a namespace's name, as the operator does.
fn split(value: &str) -> Vec<String> {
    let parts = value.split(|c: char| c != '-' && !c.is_alphanumeric());
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

pub(super) static FACTS: [ClusterFact; 9] = [
    ClusterFact {
        name: "operator.v4",
        ty: Type::String,
        meaning: "\"present\" or \"absent\": a PGO v4 operator in any namespace; absent only when all Deployments were listed",
        read: |cluster| presence(cluster, Generation::V4),
    },
    ClusterFact {
        name: "operator.v4Running",
        ty: Type::Bool,
        meaning: "the PGO v4 operator is scaled up and, where its status tells, ready",
        read: |cluster| is_running(cluster, Generation::V4),
    },
    ClusterFact {
        name: "operator.v4Version",
        ty: Type::Version,
        meaning: "the release of the PGO v4 operator; \"\" when there is none",
        read: |cluster| release(cluster, Generation::V4),
    },
    ClusterFact {
        name: "operator.v4Namespace",
        ty: Type::String,
        meaning: "the namespace of the PGO v4 operator; \"\" when there is none",
        read: v4_namespace,
    },
    ClusterFact {
        name: "operator.v4Watches",
        ty: Type::Bool,
        meaning: "a PGO v4 operator manages the cluster's namespace; unknown where its Deployment lists no namespaces",
        read: |cluster| watches(cluster, Generation::V4),
    },
    ClusterFact {
        name: "operator.v5",
        ty: Type::String,
        meaning: "\"present\" or \"absent\": a PGO v5 operator in any namespace; absent only when all Deployments were listed",
        read: |cluster| presence(cluster, Generation::V5),
    },
    ClusterFact {
        name: "operator.v5Running",
        ty: Type::Bool,
        meaning: "the PGO v5 operator is scaled up and, where its status tells, ready",
        read: |cluster| is_running(cluster, Generation::V5),
    },
    ClusterFact {
        name: "operator.v5Version",
        ty: Type::Version,
        meaning: "the release of the PGO v5 operator; \"\" when there is none",
        read: |cluster| release(cluster, Generation::V5),
    },
    ClusterFact {
        name: "operator.v5Watches",
        ty: Type::Bool,
        meaning: "a PGO v5 operator watches the cluster's namespace",
        read: |cluster| watches(cluster, Generation::V5),
    },
];

/// What is true of the nearest operator of a generation, or `otherwise` where it is known that there is none.
fn about<T>(
    cluster: &Cluster<'_>,
    generation: Generation,
    otherwise: T,
    tell: impl FnOnce(&Operator) -> Fact<T>,
) -> Fact<T> {
    let operators = &cluster.surroundings.operators;
    match operators.nearest(generation, cluster.namespace) {
        Some(operator) => tell(operator).and_at(operator.sign.span, operator.sign.note),
        None => if_complete(&operators.completeness, otherwise).and_at(
            cluster.name_span(),
            "no Deployment of such an operator is there",
        ),
    }
}

fn presence(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, "absent", |_| Fact::known("present")).map(Value::from)
}

fn is_running(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, false, |operator| {
        operator.running.clone()
    })
    .map(Value::from)
}

fn release(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    about(cluster, generation, Value::from(""), |operator| {
        operator.version.clone().map(Value::from)
    })
}

fn v4_namespace(cluster: &Cluster<'_>) -> Fact<Value> {
    about(cluster, Generation::V4, Value::from(""), |operator| {
        Fact::known(operator.namespace.as_deref().unwrap_or("").into())
    })
}

/// One that watches is enough; that none does is known only when all are.
fn watches(cluster: &Cluster<'_>, generation: Generation) -> Fact<Value> {
    let operators = &cluster.surroundings.operators;
    let nearest = about(cluster, generation, false, |operator| {
        operator.watches(cluster.namespace)
    });
    match nearest.value() {
        Some(false) => nearest
            .both(if_complete(&operators.completeness, ()))
            .map(|(watches, ())| watches.into()),
        _ => nearest.map(Value::from),
    }
}

#[cfg(test)]
mod tests;
