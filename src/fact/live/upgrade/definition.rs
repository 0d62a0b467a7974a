//! The definition of PostgresCluster that is installed, as far as it says its release.

use super::super::row::{LivingFact, row};
use super::super::subject::Living;
use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::fact::v4::seen::found;
use crate::manifest::{Fact, Gap, Kind, Node};

const NAME: &str = "postgresclusters.postgres-operator.crunchydata.com";

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[row(
    "upgrade.definition",
    Type::Version,
    "the release that the installed definition of PostgresCluster bears as its label; unknown where it bears none",
    |living| definition(living).map(Value::from),
)];

fn definition(living: &Living<'_>) -> Fact<Version> {
    let answer = living
        .inventory
        .find(Kind::CustomResourceDefinition, None, NAME);
    found(answer, "the installed definition").and_then(|definition| {
        let label = definition.and_then(|one| one.label("app.kubernetes.io/version"));
        let version = label.and_then(|label| Some((Version::parse(label.text())?, label)));
        version.map_or_else(
            || Fact::unknown(unlabelled()),
            |(version, label): (Version, Node<'_>)| {
                Fact::at(version, label.span(), "the definition's release")
            },
        )
    })
}

fn unlabelled() -> Gap {
    Gap {
        missing: "the release of the installed definition of PostgresCluster".to_owned(),
        because: "it bears no label that names one".to_owned(),
        ask: format!("kubectl get customresourcedefinition {NAME} -o yaml"),
    }
}
