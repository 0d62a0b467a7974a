//! What shows that a Deployment is an operator, of which generation, and of which release.

use crate::expr::Version;
use crate::fact::v4::objects::image::{Image, three_part_version};
use crate::fact::v4::objects::workload::env;
use crate::manifest::{Evidence, Fact, Gap, Node, Object};

/// v5 puts this label on its own Deployment.
const CONTROL_PLANE: &str = "postgres-operator.crunchydata.com/control-plane";

/// Whether a Deployment is an operator of Crunchy's, and what shows it.
pub(super) fn recognise(deployment: &Object) -> Option<(Generation, Evidence)> {
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
        absent: false,
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
    if let Some(node) = by_containers(containers)
        && by_environment(deployment) == Some(Generation::V4)
    {
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

/// The containers of PGO v4's own Deployment, whatever their images are called in a registry of one's own.
///
/// Source: PGO 4.1 to 4.7, deployment.json of the installers.
fn by_containers(containers: Node<'_>) -> Option<Node<'_>> {
    let name = |item: Node<'_>| item.get("name").map_or("", Node::text).to_owned();
    let names: Vec<String> = containers.items().map(name).collect();
    let all = ["apiserver", "operator", "scheduler"];
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if !all.into_iter().all(has) {
        return None;
    }
    let mut named = containers.items();
    named.find(|item| {
        item.get("name")
            .is_some_and(|name| name.text() == "operator")
    })
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

/// The operator's release: by its image's tag, else by what a package manager wrote.
pub(super) fn version(deployment: &Object, generation: Generation) -> Fact<Version> {
    let path = ["spec", "template", "spec", "containers"];
    let contested = deployment.read(&path, "the operator's containers");
    if let Fact::Unknown(gaps) = contested {
        return Fact::Unknown(gaps);
    }
    let containers = deployment.at(&path);
    let ours = control_plane(deployment).is_some();
    let images = containers.into_iter().flat_map(Node::items);
    let tagged = images
        .filter_map(|container| own_image(container, ours))
        .find_map(|node| Some((three_part_version(Image::parse(node.text()).tag)?, node)));
    match tagged.or_else(|| packaged_version(deployment)) {
        Some((version, node)) => Fact::at(version, node.span(), "the operator's release"),
        None => Fact::unknown(unnamed_release(deployment, generation)),
    }
}

/// The image of a container that is the operator itself. In a registry of one's own it may be called anything; in a Deployment that
/// is known to be `ours` its container is not.
fn own_image(container: Node<'_>, ours: bool) -> Option<Node<'_>> {
    let node = container.get("image")?;
    let name = Image::parse(node.text()).name;
    let called = container.get("name").map_or("", Node::text);
    let is_own = name.starts_with("postgres-operator") || name.starts_with("pgo");
    (is_own || ours && called == "operator").then_some(node)
}

/// How a move is told the release of v5 that no object names.
pub(in crate::fact) const BY_FLAG: &str = "name it with --target";

fn unnamed_release(deployment: &Object, generation: Generation) -> Gap {
    Gap {
        missing: format!("the release of the operator {}", deployment.name),
        because: "neither its image's tag nor its labels name one".to_owned(),
        ask: match generation {
            Generation::V4 => "pgo version".to_owned(),
            Generation::V5 => BY_FLAG.to_owned(),
        },
    }
}

/// Which generation an operator is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// PGO v4, which manages Pgclusters.
    V4,
    /// PGO v5 and later, which manage PostgresClusters.
    V5,
}
