//! Resources of containers, and how many of them must be there. Those of claims are others: they have modes of access beside them.

use super::refusals::Refusals;
use crate::expr::Quantity;
use crate::fact::spec::Draft;
use crate::fact::spec::pods::places;
use crate::manifest::Node;

/// What a container may ask for without a domain in front of its name; huge pages are those of a size.
const KNOWN: [&str; 3] = ["cpu", "memory", "ephemeral-storage"];

pub(super) fn look(draft: &Draft<'_>, refusals: &mut Refusals) {
    for place in places(draft, "resources") {
        if place.around.get("accessModes").is_none() && !place.path.contains("laimSpec.") {
            of_container(&place.path, place.value, refusals);
        }
    }
    for place in places(draft, "minAvailable") {
        let text = place.value.as_str().filter(|_| !place.value.is_unsaid());
        if let Some(text) = text.filter(|text| !text.is_empty() && !is_percentage(text)) {
            let why = format!("\"{text}\" is neither a number nor a percentage");
            refusals.tell(&place.path, place.value, why);
        }
    }
}

/// Kubernetes' `IsValidPercent`.
fn is_percentage(text: &str) -> bool {
    let number = text.strip_suffix('%').unwrap_or("");
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn of_container(at: &str, resources: Node<'_>, refusals: &mut Refusals) {
    let (requests, limits) = (resources.get("requests"), resources.get("limits"));
    let of = |list: Option<Node<'_>>, name: &str| list.and_then(|list| list.get(name)).is_some();
    let any = |name| of(requests, name) || of(limits, name);
    for (is_limit, list) in [(false, requests), (true, limits)] {
        for (key, value) in list.into_iter().flat_map(Node::entries) {
            let name = key.key();
            let huge = name.starts_with("hugepages-");
            if !name.contains('/') && !huge && !KNOWN.contains(&&*name) {
                let why = format!("{name} is no resource of a container");
                refusals.tell(&format!("{at}.{name}"), key, why);
            }
            if Quantity::parse(value.text()).is_some_and(|amount| amount.0 < 0) {
                let why = format!("{name} is {}, less than nothing", value.text());
                refusals.tell(&format!("{at}.{name}"), value, why);
            }
            let twice = is_limit && of(requests, &name);
            if huge && !twice && !any("cpu") && !any("memory") {
                let why = format!("{name} needs cpu or memory beside it");
                refusals.tell(&format!("{at}.{name}"), key, why);
            } else if huge && !is_limit && !is_limited(limits, &name, value) {
                let why = format!("{name} needs a limit that is the same as the request");
                refusals.tell(&format!("{at}.{name}"), value, why);
            }
        }
    }
}

/// Whether a request has a limit that is the same.
fn is_limited(limits: Option<Node<'_>>, name: &str, request: Node<'_>) -> bool {
    let amount = |node: Node<'_>| Quantity::parse(node.text());
    let limit = limits.and_then(|limits| limits.get(name));
    limit.is_some_and(|limit| amount(limit) == amount(request))
}
