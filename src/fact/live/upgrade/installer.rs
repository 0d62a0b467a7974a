//! Where the target is to be had for an operator that was installed the way the running one was.

use super::super::row::{LivingFact, row};
use super::operator::{deployment, variables};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Node, Object};
use crate::schema::installers;

/// The variables that leave an operator a part of the cluster only.
const NARROWED: [&str; 2] = ["PGO_TARGET_NAMESPACE", "PGO_TARGET_NAMESPACES"];

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "upgrade.definitionsAt",
        Type::String,
        "what `kubectl apply -k` takes to apply the definitions of the release of --target, as the vendor publishes them; \"\" where nothing is published",
        |living| {
            let to = living.run.target.and(living.surroundings.target.single());
            let at = to.and_then(|to| installers::definitions(&to.version));
            Fact::known(at.unwrap_or_default().into())
        },
    ),
    row(
        "upgrade.operatorAt",
        Type::String,
        "what `kubectl apply -k` takes to apply the operator of the release of --target in place of the running one; \"\" where nothing is published, or the running one is not as published: of another name, in another namespace, or for some namespaces only",
        |living| {
            let to = living.run.target.and(living.surroundings.target.single());
            let at = to.and_then(|to| installers::operator(&to.version));
            deployment(living).map(|deployment| {
                let plain = deployment.is_some_and(is_plain);
                at.filter(|_| plain).unwrap_or_default().into()
            })
        },
    ),
    row(
        "upgrade.helmRelease",
        Type::String,
        "the name of Helm's release that the operator is of; \"\" where it bears none",
        |living| {
            deployment(living).map(|deployment| Value::from(deployment.map_or("", helm_release)))
        },
    ),
];

fn is_plain(deployment: &Object) -> bool {
    let narrowed = variables(deployment).any(|(name, _)| NARROWED.contains(&name));
    let namespace = deployment.namespace.as_deref();
    &*deployment.name == "pgo" && namespace == Some("postgres-operator") && !narrowed
}

fn helm_release(deployment: &Object) -> &str {
    let annotation = deployment.annotation("meta.helm.sh/release-name");
    let label = || deployment.label("app.kubernetes.io/instance");
    annotation.or_else(label).map_or("", Node::text)
}
