//! Containers of one's own.

use std::collections::BTreeSet;

use super::refusals::{Refusals, text};
use crate::fact::spec::Draft;
use crate::fact::spec::pods::{places, sidecars};
use crate::manifest::Node;
use crate::schema::names::{is_label, is_subdomain};

pub(super) fn look(draft: &Draft<'_>, refusals: &mut Refusals) {
    let all = sidecars::sidecars(draft);
    let mut names = BTreeSet::new();
    for one in all.value().into_iter().flatten() {
        container(&one.path, one.node, refusals);
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

fn container(path: &str, node: Node<'_>, refusals: &mut Refusals) {
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
    }
    for variable in list("env") {
        let wrong = |name: &str| name.is_empty() || name.contains('=');
        if let Some((node, name)) = text(variable, "name").filter(|(_, name)| wrong(name)) {
            let why = format!("\"{name}\" cannot be the name of a variable");
            refusals.tell(&at, node, why);
        }
    }
}
