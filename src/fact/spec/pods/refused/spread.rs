//! Constraints that spread pods over nodes.

use super::affinity::{selector, topology_key};
use super::refusals::{Refusals, text};
use crate::fact::spec::Draft;
use crate::fact::spec::pods::places;
use crate::manifest::Node;

pub(super) fn look(draft: &Draft<'_>, refusals: &mut Refusals) {
    for place in places(draft, "topologySpreadConstraints") {
        let mut before: Vec<(&str, &str)> = Vec::new();
        for one in place.value.items() {
            constraint(&place.path, one, refusals);
            let said = |field| text(one, field).map_or("", |(_, said)| said);
            let pair = (said("topologyKey"), said("whenUnsatisfiable"));
            if before.contains(&pair) {
                let why = format!("{} with {} is there twice", pair.0, pair.1);
                refusals.tell(&place.path, one.get("topologyKey").unwrap_or(one), why);
            }
            before.push(pair);
        }
    }
}

fn constraint(at: &str, one: Node<'_>, refusals: &mut Refusals) {
    topology_key(at, one, refusals);
    let below_one = |said: &str| said.parse::<i64>().is_ok_and(|number| number < 1);
    for field in ["maxSkew", "minDomains"] {
        if let Some((node, said)) = text(one, field).filter(|(_, said)| below_one(said)) {
            refusals.tell(at, node, format!("its {field} is {said}, not 1 or more"));
        }
    }
    if let Some((node, said)) = text(one, "whenUnsatisfiable")
        && !matches!(said, "DoNotSchedule" | "ScheduleAnyway")
    {
        let why = format!("whenUnsatisfiable is {said}, not DoNotSchedule or ScheduleAnyway");
        refusals.tell(at, node, why);
    }
    if let Some(labels) = one.get("labelSelector") {
        selector(at, labels, refusals);
    }
}
