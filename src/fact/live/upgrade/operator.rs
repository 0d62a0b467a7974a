//! The operator that manages a living cluster: which it is, how it was installed, and what it was given.
//!
//! Source: the chart and `config/` of PGO 5.7 to 6.0: the chart's Deployment bears Helm's labels, the one of `config/default`
//! the label control-plane with the value `postgres-operator`; gates are read from `PGO_FEATURE_GATES`.

use super::super::row::{LivingFact, row};
use super::super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::seen::names_of;
use crate::fact::v4::{Generation, Operator};
use crate::manifest::{Fact, Found, Gap, Inventory, Kind, Node, Object};

/// What prints the operators of v5.
pub(super) const ASK: &str =
    "kubectl get deployments -A -l postgres-operator.crunchydata.com/control-plane -o yaml";

const CONTROL_PLANE: &str = "postgres-operator.crunchydata.com/control-plane";
const ENVIRONMENT: [&str; 4] = ["spec", "template", "spec", "containers"];

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.operator",
        Type::String,
        "the name of the Deployment of the operator that manages the cluster",
        |living| one(living, |operator| operator.name.to_string()),
    ),
    row(
        "upgrade.operatorNamespace",
        Type::String,
        "the namespace of that Deployment; \"\" where the export names none",
        |living| {
            one(living, |operator| {
                operator.namespace.as_deref().unwrap_or("").to_owned()
            })
        },
    ),
    row(
        "upgrade.operators",
        Type::Strings,
        "the PGO v5 operators that manage the cluster's namespace, as namespace/name, where they are more than one",
        |living| {
            in_charge(living).and_then(|all| match all.as_slice() {
                [] | [_] => living
                    .surroundings
                    .operators
                    .if_all(Vec::<String>::new().into()),
                several => {
                    let names: Vec<String> = several.iter().map(|one| title(one)).collect();
                    Fact::known(names.into())
                }
            })
        },
    ),
    row(
        "upgrade.installedBy",
        Type::String,
        "how the operator was installed, by what its Deployment bears: \"helm\", \"olm\" (the Operator Lifecycle Manager), \"kustomize\", \"\" where nothing tells",
        |living| deployment(living).map(|deployment| deployment.map_or("", installed_by).into()),
    ),
    row(
        "upgrade.bridgeClusters",
        Type::Strings,
        "the CrunchyBridgeClusters of the cluster's namespace, by name",
        |living| {
            let all = living
                .inventory
                .list(Kind::CrunchyBridgeCluster, living.namespace);
            let found = all.objects.iter().map(|one| (&*one.name, one.name_span()));
            names_of(found, &all.completeness, "a CrunchyBridgeCluster").map(Value::from)
        },
    ),
    row(
        "upgrade.helpers",
        Type::Strings,
        "Deployments of pgo-upgrade, which 5.1 to 5.3 had for upgrades of Postgres, as namespace/name",
        helpers,
    ),
    row(
        "upgrade.autoGrowGate",
        Type::String,
        "AutoGrowVolumes as the operator's PGO_FEATURE_GATES sets it, by itself or by AllAlpha: \"true\", \"false\", or \"\" where it leaves it to the release",
        |living| gate(living, "AutoGrowVolumes", "AllAlpha"),
    ),
    row(
        "upgrade.sidecarGate",
        Type::String,
        "InstanceSidecars likewise",
        |living| gate(living, "InstanceSidecars", "AllAlpha"),
    ),
];

/// The operators that manage a cluster: those that watch its namespace, else those of which that is not known; rather those
/// that run.
pub(super) fn in_charge<'a>(living: &Living<'a>) -> Fact<Vec<&'a Operator>> {
    let operators = &living.surroundings.operators;
    operators.in_charge(living.inventory, Generation::V5, living.namespace)
}

impl Living<'_> {
    /// The operator that manages it, as namespace/name, where that is known.
    pub fn operator(&self) -> Option<String> {
        the_one(self).value().copied().flatten().map(title)
    }
}

fn title(operator: &Operator) -> String {
    match &operator.namespace {
        Some(namespace) => format!("{namespace}/{}", operator.name),
        None => operator.name.to_string(),
    }
}

/// What is true of the operator that manages the cluster; `""` where there is none.
fn one(living: &Living<'_>, tell: impl FnOnce(&Operator) -> String) -> Fact<Value> {
    the_one(living).map(|one| one.map_or_else(String::new, tell).into())
}

/// The operator that manages the cluster. Where several do, nothing shows which of them is to go on.
fn the_one<'a>(living: &Living<'a>) -> Fact<Option<&'a Operator>> {
    in_charge(living).and_then(|all| match all.as_slice() {
        [] => Fact::known(None),
        [one] => Fact::known(Some(*one)),
        several => {
            let names: Vec<String> = several.iter().map(|one| title(one)).collect();
            Fact::unknown(Gap {
                missing: format!("which operator is to go on with {}", living.name),
                because: format!("{} all manage its namespace", names.join(", ")),
                ask:
                    "kubectl get deployments -A -l postgres-operator.crunchydata.com/control-plane"
                        .to_owned(),
            })
        }
    })
}

/// Its Deployment.
pub(super) fn deployment<'a>(living: &Living<'a>) -> Fact<Option<&'a Object>> {
    the_one(living).map(|operator| {
        let operator = operator?;
        let namespace = operator.namespace.as_deref();
        let inventory = living.inventory;
        match inventory.find(Kind::Deployment, namespace, &operator.name) {
            Found::Here(deployment) => Some(deployment),
            Found::Absent(_) | Found::Unseen(_) => None,
        }
    })
}

fn installed_by(deployment: &Object) -> &'static str {
    let label = |key| deployment.label(key).map_or("", Node::text);
    let by_helm = label("app.kubernetes.io/managed-by") == "Helm"
        || !label("helm.sh/chart").is_empty()
        || deployment.annotation("meta.helm.sh/release-name").is_some();
    if by_helm {
        "helm"
    } else if !label("olm.owner").is_empty() {
        "olm"
    } else if label(CONTROL_PLANE) == "postgres-operator" {
        "kustomize"
    } else {
        ""
    }
}

/// The variables of the operator's containers, by name.
pub(super) fn variables(deployment: &Object) -> impl Iterator<Item = (&str, Node<'_>)> {
    let containers = deployment
        .at(&ENVIRONMENT)
        .into_iter()
        .flat_map(Node::items);
    let given = containers.filter_map(|container| container.get("env"));
    given
        .flat_map(Node::items)
        .filter_map(|variable| Some((variable.get("name")?.text(), variable)))
}

/// A gate as it is set; the last one that names it counts, as the operator reads them. `group` is Kubernetes' own gate for
/// all of its stage, which counts where nothing names the gate itself.
fn gate(living: &Living<'_>, name: &str, group: &str) -> Fact<Value> {
    const NOTE: &str = "the operator's gates";
    deployment(living).and_then(|deployment| {
        let Some(deployment) = deployment else {
            return Fact::known("".into());
        };
        let given = crate::fact::v4::env(deployment, "PGO_FEATURE_GATES", NOTE);
        given.map(|text| {
            let text = text.unwrap_or_default();
            let set = |name: &str| {
                let gates = text.split(',').filter_map(|gate| gate.split_once('='));
                let mut of_name = gates.filter(|(gate, _)| gate.trim() == name);
                of_name
                    .next_back()
                    .map(|(_, value)| value.trim().to_ascii_lowercase())
            };
            let value = set(name).or_else(|| set(group)).unwrap_or_default();
            Value::from(match value.as_str() {
                "1" | "t" => "true",
                "0" | "f" => "false",
                other => other,
            })
        })
    })
}

/// The Deployments of pgo-upgrade. Those that are seen are there, whatever else there is.
fn helpers(living: &Living<'_>) -> Fact<Value> {
    let helpers = living.helpers.get_or_init(|| helpers_in(living.inventory));
    helpers.clone()
}

fn helpers_in(inventory: &Inventory) -> Fact<Value> {
    let all = inventory.list_all(Kind::Deployment);
    let is_helper = |one: &&&Object| {
        let label = one.label(CONTROL_PLANE).map_or("", Node::text);
        label.ends_with("-upgrade") || &*one.name == "pgo-upgrade"
    };
    let found = all.objects.iter().filter(is_helper);
    let found = found.map(|one| {
        let namespace = one.namespace.as_deref().unwrap_or("");
        (format!("{namespace}/{}", one.name), one.name_span())
    });
    names_of(found, &all.completeness, "a Deployment of pgo-upgrade").map(Value::from)
}

/// The image that the operator has for something; `""` where it has none.
pub(in crate::fact::live) fn image(living: &Living<'_>, variable: &str) -> Fact<String> {
    deployment(living).and_then(|deployment| {
        let given =
            deployment.map(|one| crate::fact::v4::env(one, variable, "the operator's image"));
        let none = || Fact::known(String::new());
        given.map_or_else(none, |given| given.map(Option::unwrap_or_default))
    })
}
