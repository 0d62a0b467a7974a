//! Amounts that nobody means: `512m` of memory is half a byte.

use super::places;
use crate::expr::Quantity;
use crate::fact::Element;
use crate::fact::spec::{Draft, DraftFact, each};
use crate::manifest::{Fact, Node};

pub(in super::super) static FACTS: &[DraftFact] = &[each(
    "draft.amountsHardlyMeant",
    "every amount of memory or storage below a mebibyte, and of processors above a thousand, wherever resources stand in the spec: {path, resource, amount, limitsMemory}; limitsMemory whether it is a container's limit, with which it does not start",
    &["path", "resource", "amount", "limitsMemory"],
    listed,
)];

/// In thousandths, as quantities are.
const MEBIBYTE: i128 = 1024 * 1024 * 1000;
const THOUSAND: i128 = 1000 * 1000;

fn listed(draft: &Draft<'_>) -> Fact<Vec<Element>> {
    let mut found = Vec::new();
    for place in places(draft, "resources") {
        for field in ["requests", "limits"] {
            for (key, value) in place.value.get(field).into_iter().flat_map(Node::entries) {
                let name = key.key();
                if !is_odd(&name, value) {
                    continue;
                }
                let path = format!("{}.{field}.{name}", place.path);
                let at = |said: crate::expr::Value| Fact::at(said, value.span(), "the amount");
                let limits_memory = field == "limits" && name == "memory";
                found.push(
                    Element::new(path.clone(), value.span(), "the amount")
                        .with("path", Fact::known(path.into()))
                        .with("resource", Fact::known((&*name).into()))
                        .with("amount", at(value.text().into()))
                        .with("limitsMemory", at(limits_memory.into())),
                );
            }
        }
    }
    Fact::at(found, draft.nearest(&["spec", "instances"]), "the spec")
}

/// Nothing at all may be meant, and less is told elsewhere.
fn is_odd(resource: &str, value: Node<'_>) -> bool {
    let amount = Quantity::parse(value.text()).map_or(0, |amount| amount.0);
    match resource {
        "memory" | "storage" | "ephemeral-storage" => (1..MEBIBYTE).contains(&amount),
        "cpu" => amount > THOUSAND,
        _ => false,
    }
}
