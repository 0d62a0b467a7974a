//! The PGO v5 releases that a move may go to: one that is named or found, or all that are possible.

mod behind;
mod definition;
mod facts;
mod installed;
mod set;

pub(in crate::fact::v4) use behind::Behind;
pub(in crate::fact::v4) use facts::FACTS;
pub(in crate::fact) use facts::row;
pub(in crate::fact::v4) use installed::FACTS as INSTALLED;
pub use set::TargetSet;

use super::operators::{Generation, Operators};
use crate::fact::Run;
use crate::manifest::{Fact, Inventory, Kind};
use crate::schema::Release;

impl TargetSet {
    /// Sources in order: the flags --target and --crd; the operators; the CustomResourceDefinition; else everything.
    pub(in crate::fact::v4) fn of(
        inventory: &Inventory,
        run: &Run,
        operators: &Operators,
    ) -> TargetSet {
        if let Some(version) = &run.target {
            let from = format!("--target {version}");
            return match Release::newest_of(version) {
                Some(newest) => {
                    let from = format!("{from}, of which {} is the newest patch", newest.name());
                    TargetSet::named(&[newest.version], from, Vec::new())
                }
                None => TargetSet::named(&[*version], from, Vec::new()),
            };
        }
        if let Some(definition) = run
            .definition
            .as_ref()
            .filter(|given| !given.releases.is_empty())
        {
            return TargetSet::named(&definition.releases, definition.from.clone(), Vec::new());
        }
        let running = by_operator(operators);
        running
            .or_else(|| definition::releases_by(inventory))
            .unwrap_or_else(|| TargetSet {
                withheld: [Kind::CustomResourceDefinition, Kind::Deployment]
                    .into_iter()
                    .filter_map(|kind| inventory.withheld(kind))
                    .collect(),
                ..TargetSet::everything()
            })
    }
}

/// The releases of the v5 operators in the input, if any of them says its own.
fn by_operator(operators: &Operators) -> Option<TargetSet> {
    let mut versions = Vec::new();
    let mut names = Vec::new();
    let mut evidence = Vec::new();
    for operator in operators.of_generation(Generation::V5) {
        if let Fact::Known(truth) = &operator.version {
            versions.push(truth.value);
            evidence.extend(truth.evidence.iter().copied());
            names.push(match &operator.namespace {
                Some(namespace) => format!("{namespace}/{}", operator.name),
                None => operator.name.to_string(),
            });
        }
    }
    let from = format!("the operator {}", names.join(" and "));
    (!versions.is_empty()).then(|| TargetSet::named(&versions, from, evidence))
}

#[cfg(test)]
mod tests;
