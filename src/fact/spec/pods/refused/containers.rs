//! Containers of one's own.

use std::collections::BTreeSet;

use super::refusals::{Refusals, text};
use crate::fact::spec::Draft;
use crate::fact::spec::pods::sidecars::{self, Sidecar};
use crate::fact::spec::pods::{instances, places};
use crate::manifest::Node;
use crate::schema::names::{is_label, is_subdomain};

pub(super) fn look(draft: &Draft<'_>, refusals: &mut Refusals) {
    let all = sidecars::sidecars(draft);
    let mut names = BTreeSet::new();
    for one in all.value().into_iter().flatten() {
        container(draft, one, refusals);
        if let Some((node, name)) = text(one.node, "name")
            && !names.insert((&one.path, name))
        {
            let why = format!("two containers are called {name}");
            refusals.tell(&format!("{}[{name}]", one.path), node, why);
        }
    }
    for place in places(draft, "priorityClassName") {
        let name = place.value.text();
        if !name.is_empty() && !place.value.is_unsaid() && !is_subdomain(name) {
            let why = format!("{name} cannot be the name of a priority class");
            refusals.tell(&place.path, place.value, why);
        }
    }
}

fn container(draft: &Draft<'_>, one: &Sidecar<'_>, refusals: &mut Refusals) {
    let (path, node) = (one.path.as_str(), one.node);
    let name = text(node, "name").map_or("", |(_, name)| name);
    let at = format!("{path}[{name}]");
    if let Some((node, name)) = text(node, "name").filter(|(_, name)| !is_label(name)) {
        let why = format!("{name} cannot be the name of a container");
        refusals.tell(&at, node, why);
    }
    if text(node, "image").is_none_or(|(_, image)| image.is_empty()) {
        let place = node.get("image").or(node.get("name")).unwrap_or(node);
        refusals.tell(&at, place, "it has no image".to_owned());
    }
    if let Some((node, policy)) = text(node, "imagePullPolicy")
        // An empty one the server fills in.
        && !matches!(policy, "" | "Always" | "IfNotPresent" | "Never")
    {
        let why = format!("its imagePullPolicy is {policy}, not Always, IfNotPresent or Never");
        refusals.tell(&at, node, why);
    }
    let list = |field| node.get(field).into_iter().flat_map(Node::items);
    for port in list("ports") {
        let number = text(port, "containerPort");
        let number = number.filter(|(_, said)| said.parse::<i64>().is_ok());
        if let Some((node, said)) = number.filter(|(_, said)| said.parse::<u16>().unwrap_or(0) == 0)
        {
            let why = format!("its port is {said}, not one from 1 to 65535");
            refusals.tell(&at, node, why);
        }
        let called = text(port, "name").filter(|(node, _)| !node.is_unsaid());
        if let Some((node, name)) = called.filter(|(_, name)| !is_port_name(name)) {
            let why = format!("\"{name}\" cannot be the name of a port");
            refusals.tell(&at, node, why);
        }
    }
    mounts(draft, one, &at, refusals);
    for variable in list("env") {
        let wrong = |name: &str| name.is_empty() || name.contains('=');
        if let Some((node, name)) = text(variable, "name").filter(|(_, name)| wrong(name)) {
            let why = format!("\"{name}\" cannot be the name of a variable");
            refusals.tell(&at, node, why);
        }
        let said = text(variable, "value").filter(|(_, said)| !said.is_empty());
        // The value may be a credential, and is not pointed at.
        let named = text(variable, "name").filter(|_| said.is_some());
        if let Some((node, name)) = named.filter(|_| text(variable, "valueFrom").is_some()) {
            let why = format!("the variable {name} has both value and valueFrom");
            refusals.tell(&at, node, why);
        }
    }
}

/// Kubernetes' `IsValidPortName`; an empty one is none.
fn is_port_name(name: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = name.len() <= 15 && name.bytes().all(known) && !name.contains("--");
    let edges = !name.starts_with('-') && !name.ends_with('-');
    let letters = name.bytes().any(|byte| byte.is_ascii_lowercase());
    name.is_empty() || fits && edges && letters
}

/// How volumes begin that the operator puts into its pods: names of releases that were not looked at are let pass.
const OF_PGO: [&str; 12] = [
    "cert-volume",
    "collector-",
    "database-containerinfo",
    "dshm",
    "exporter-",
    "monitoring-secret",
    "patroni-",
    "pgbackrest-",
    "pgbouncer-",
    "postgres-",
    "tmp",
    "web-config",
];

/// Mounts of volumes that the pod does not have.
fn mounts(draft: &Draft<'_>, one: &Sidecar<'_>, at: &str, refusals: &mut Refusals) {
    let around = around(draft, one);
    let list = |path: &[&str]| {
        let found = around.and_then(|section| section.at(path));
        let names = found.into_iter().flat_map(Node::items);
        names.filter_map(|item| Some(item.get("name")?.text()))
    };
    for mount in one
        .node
        .get("volumeMounts")
        .into_iter()
        .flat_map(Node::items)
    {
        let Some((node, name)) = text(mount, "name").filter(|(node, _)| !node.is_unsaid()) else {
            continue;
        };
        let is_there = if let Some(own) = name.strip_prefix("volumes-") {
            list(&["volumes", "additional"]).any(|other| other == own)
        } else if let Some(space) = name.strip_prefix("tablespace-") {
            list(&["tablespaceVolumes"]).any(|other| other == space)
        } else {
            OF_PGO.iter().any(|known| name.starts_with(known))
        };
        if !is_there && around.is_some() {
            let why = format!("it mounts {name}, and its pod has no volume of that name");
            refusals.tell(at, node, why);
        }
    }
}

/// The section whose pod a container stands in; nothing where that cannot be told.
fn around<'a>(draft: &Draft<'a>, one: &Sidecar<'_>) -> Option<Node<'a>> {
    if one.of_bouncer {
        return draft.at(&["spec", "proxy", "pgBouncer"]);
    }
    let sets = instances::sets(draft);
    let holds = |set: &&Node<'a>| {
        let own = set.get("containers").into_iter().flat_map(Node::items);
        own.into_iter().any(|other| other.span() == one.node.span())
    };
    sets.value()?.iter().find(holds).copied()
}
