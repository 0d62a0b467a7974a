//! Which namespaces an operator watches; `None` stands for all.

use crate::expr::Version;
use crate::fact::v4::fields::text;
use crate::fact::v4::objects::workload::env;
use crate::fact::v4::seen::found;
use crate::manifest::{Fact, Gap, Inventory, Kind, Node, Object};

/// v4 watches the namespaces of `NAMESPACE`; where that is empty, its own from 4.3 on, and none but those that bear its
/// installation's name before.
///
/// Source: PGO 4.7 internal/ns/nslogic.go `getNamespacesFromEnv`; 4.2 ns/nslogic.go `GetNamespaces`, which all of its
/// controllers ask, while `ValidateNamespaces` labels nothing.
pub(super) fn by_v4(deployment: &Object, version: &Fact<Version>) -> Fact<Option<Vec<String>>> {
    const NOTE: &str = "the namespaces PGO v4 watches";
    const OWN: &str = "PGO_OPERATOR_NAMESPACE";
    target_namespaces(deployment, "NAMESPACE", NOTE).and_then(|names| {
        if !names.is_empty() {
            return Fact::known(Some(names));
        }
        if let Some(version) = version.value() {
            if Some(*version) < Version::parse("4.3") {
                return Fact::known(Some(Vec::new()));
            }
            let own = target_namespaces(deployment, OWN, NOTE);
            return own.map(|own| match own.as_slice() {
                [] => Some(
                    deployment
                        .namespace
                        .iter()
                        .map(ToString::to_string)
                        .collect(),
                ),
                _ => Some(own),
            });
        }
        Fact::unknown(Gap {
            missing: NOTE.to_owned(),
            because: format!("Deployment {} does not list them", deployment.name),
            ask: "pgo show namespace --all".to_owned(),
        })
    })
}

/// Whether the namespace belongs to this installation of v4: operators that may list namespaces (v4's modes "dynamic"
/// and "readonly") also watch those that bear their installation's name.
pub(super) fn by_label(
    inventory: &Inventory,
    namespace: &str,
    installation: &Fact<Option<String>>,
) -> Fact<bool> {
    const NOTE: &str = "the installation of PGO v4 the namespace belongs to";
    let one = || Gap::of_one(Kind::Namespace, None, namespace);
    let found = found(inventory.find(Kind::Namespace, None, namespace), NOTE);
    let object = match found.value() {
        // A cluster lives in it, so there is one, and it was not exported.
        Some(None) => return Fact::unknown(one()),
        Some(Some(object)) => *object,
        None => return found.map(|_| false),
    };
    let label = |key: &str| text(object, &["metadata", "labels", key], NOTE);
    let labels = label("vendor").both(label("pgo-installation-name"));
    labels.and_then(|(vendor, owner)| {
        if vendor != "crunchydata" || owner.is_empty() {
            return Fact::known(false);
        }
        let same = installation
            .clone()
            .map(|name| name.as_ref() == Some(&owner));
        match same.value() {
            Some(true) => same.assuming(
                "PGO v4 may list namespaces, and so watches those with its installation's label"
                    .into(),
            ),
            _ => same,
        }
    })
}

/// The name of v4's installation, which it writes on the namespaces it owns.
pub(super) fn installation(deployment: &Object) -> Fact<Option<String>> {
    env(
        deployment,
        "PGO_INSTALLATION_NAME",
        "the name of PGO v4's installation",
    )
}

/// v5 watches the namespaces of `PGO_TARGET_NAMESPACE` and `PGO_TARGET_NAMESPACES` together; all without either.
pub(super) fn by_v5(deployment: &Object) -> Fact<Option<Vec<String>>> {
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
            text(deployment, &place, note).map(|value| split(&value))
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
