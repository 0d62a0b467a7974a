//! The operator's feature gates: what a release leaves out of a manifest unless a gate is open.
//!
//! Source: PGO `internal/feature/features.go` and `internal/util/features.go` by tag, and Kubernetes' `featuregate`, in
//! which `AllAlpha` sets every alpha gate that is not named itself.

use super::target::named;
use crate::expr::{Value, Version};
use crate::fact::Element;
use crate::fact::spec::Draft;
use crate::manifest::{Fact, Kind, Node, Object};
use crate::schema::Release;

/// A gate; all of these are alpha.
pub(in crate::fact::spec) struct Gate {
    name: &'static str,
    /// The release from which on it is open unless the operator closes it.
    open_from: Option<&'static str>,
}

pub(in crate::fact::spec) static INSTANCE_SIDECARS: Gate = Gate {
    name: "InstanceSidecars",
    open_from: Some("5.8.0"),
};
pub(in crate::fact::spec) static PGBOUNCER_SIDECARS: Gate = Gate {
    name: "PGBouncerSidecars",
    open_from: None,
};
pub(in crate::fact::spec) static LOGS: Gate = Gate {
    name: "OpenTelemetryLogs",
    open_from: None,
};
pub(in crate::fact::spec) static METRICS: Gate = Gate {
    name: "OpenTelemetryMetrics",
    open_from: None,
};
pub(in crate::fact::spec) static SNAPSHOTS: Gate = Gate {
    name: "VolumeSnapshots",
    open_from: None,
};
pub(in crate::fact::spec) static TABLESPACES: Gate = Gate {
    name: "TablespaceVolumes",
    open_from: None,
};

const NOTE: &str = "the operator's gates";
const CONTROL_PLANE: &str = "postgres-operator.crunchydata.com/control-plane";

impl Gate {
    fn is_open(&self, said: Option<bool>, release: &Release) -> bool {
        let by_default = self.open_from.and_then(Version::parse);
        let by_default = by_default.is_some_and(|from| release.version >= from);
        said.unwrap_or(by_default)
    }
}

/// An element with `leftOut` and `leftOutBy`: which of the releases that the draft may go to leave it out.
pub(in crate::fact::spec) fn left_out(element: Element, draft: &Draft<'_>, gate: &Gate) -> Element {
    let said = said(draft, gate);
    let open = said.map(|(open, _)| open);
    let releases = &draft.target().releases;
    let closed = |release: &Release| !gate.is_open(open, release);
    let count = releases.iter().filter(|release| closed(release)).count();
    let which = match count {
        0 => "none",
        some if some < releases.len() => "some",
        _ => "all",
    };
    let place = element.place;
    let mut left_out = Fact::at(Value::from(which), place.span, place.note);
    if let Some((_, node)) = said {
        left_out = left_out.and_at(node.span(), NOTE);
    }
    element
        .with("leftOut", left_out)
        .with("leftOutBy", Fact::known(named(releases, closed).into()))
}

/// Whether an operator in the input opens a gate.
pub(in crate::fact::spec) fn opened(draft: &Draft<'_>, gate: &Gate) -> bool {
    said(draft, gate).is_some_and(|(open, _)| open)
}

/// What an operator in the input says of a gate, and where; nothing where none does.
fn said<'a>(draft: &Draft<'a>, gate: &Gate) -> Option<(bool, Node<'a>)> {
    let places = draft.places();
    let operators = places.flat_map(|place| place.list_all(Kind::Deployment).objects);
    let mut all = operators
        .filter(|deployment| is_operator(deployment))
        .filter_map(gates);
    all.find_map(|node| Some((set(node.text(), gate.name)?, node)))
}

fn is_operator(deployment: &Object) -> bool {
    let of_pods = ["spec", "template", "metadata", "labels", CONTROL_PLANE];
    deployment.label(CONTROL_PLANE).is_some() || deployment.at(&of_pods).is_some()
}

/// `PGO_FEATURE_GATES` of an operator.
fn gates(deployment: &Object) -> Option<Node<'_>> {
    let pod = ["spec", "template", "spec", "containers"];
    let mut env = deployment
        .at(&pod)?
        .items()
        .filter_map(|container| container.get("env"))
        .flat_map(Node::items);
    let is_it = |variable: &Node<'_>| {
        variable
            .get("name")
            .is_some_and(|name| name.text() == "PGO_FEATURE_GATES")
    };
    env.find(is_it)?.get("value")
}

/// What a list of gates says of one; of several entries the last counts.
fn set(gates: &str, wanted: &str) -> Option<bool> {
    let find = |wanted: &str| {
        let all = gates.split(',').filter_map(|gate| gate.split_once('='));
        let mut named = all.filter(|(name, _)| name.trim() == wanted);
        let (_, value) = named.next_back()?;
        match value.trim().to_ascii_lowercase().as_str() {
            "true" | "t" | "1" => Some(true),
            "false" | "f" | "0" => Some(false),
            _ => None,
        }
    };
    find(wanted).or_else(|| find("AllAlpha"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_is_set_by_its_name_or_with_all_alpha_ones() {
        let sidecars = |gates| set(gates, "InstanceSidecars");
        assert_eq!(sidecars("TablespaceVolumes=true"), None);
        assert_eq!(sidecars("A=true, InstanceSidecars=True"), Some(true));
        assert_eq!(sidecars("AllAlpha=true"), Some(true));
        assert_eq!(
            sidecars("AllAlpha=true,InstanceSidecars=false"),
            Some(false)
        );
        assert_eq!(sidecars("AllBeta=true,InstanceSidecars=perhaps"), None);
    }
}
