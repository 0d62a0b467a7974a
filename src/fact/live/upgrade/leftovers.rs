//! What older releases had and newer ones no longer look at: it does nothing any more and stays until somebody removes it.
//!
//! Source: PGO `internal/naming/names.go` of 5.8.9 (the Secret and the ConfigMap of ssh, which 5.0 had and 5.1 to 5.8 delete);
//! `cmd/postgres-operator/main.go` before the commits b951a31a3, fc311498d and 9b0345dd2 (the variables).

use super::super::row::{LivingFact, row};
use super::super::subject::Living;
use super::operator::{deployment, variables};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Found, Kind, Node};

/// What looked for newer releases, and what registered an installation.
const VARIABLES: [&str; 5] = [
    "CHECK_FOR_UPGRADES",
    "CHECK_FOR_UPGRADES_URL",
    "REGISTRATION_URL",
    "RSA_KEY",
    "TOKEN_PATH",
];

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.sshLeftovers",
        Type::Strings,
        "objects in the input that PGO 5.0 made for ssh between its pods, as \"Secret hippo-ssh\"",
        ssh,
    ),
    row(
        "upgrade.registration",
        Type::Strings,
        "what is there for the registration of an installation, or for its look at newer releases: variables of the operator, and \"status.registrationRequired\"",
        registration,
    ),
];

/// Those in the input: nobody is asked for Secrets for their sake.
fn ssh(living: &Living<'_>) -> Fact<Value> {
    let named = [
        (Kind::ConfigMap, format!("{}-ssh-config", living.name)),
        (Kind::Secret, format!("{}-ssh", living.name)),
    ];
    let mut names = Vec::new();
    let mut places = Vec::new();
    for (kind, name) in named {
        if let Found::Here(object) = living.inventory.find(kind, living.namespace, &name) {
            names.push(format!("{} {name}", kind.info().name));
            places.push(object.name_span());
        }
    }
    places
        .into_iter()
        .fold(Fact::known(names.into()), |fact, place| {
            fact.and_at(place, "made by PGO 5.0")
        })
}

fn registration(living: &Living<'_>) -> Fact<Value> {
    let path = ["status", "registrationRequired"];
    let asked = living.object.at(&path).filter(|node| !node.is_null());
    deployment(living).map(|deployment| {
        let given = deployment.into_iter().flat_map(variables);
        let known = given.filter(|(name, _)| VARIABLES.contains(name));
        let mut names: Vec<String> = known
            .map(|(name, _): (&str, Node<'_>)| name.to_owned())
            .collect();
        names.extend(asked.map(|_| path.join(".")));
        names.into()
    })
}
