//! How clients reach a living cluster.
//!
//! Source: PGO `internal/controller/postgrescluster/patroni.go` (`generatePatroniLeaderLeaseService`): `spec.service`
//! shapes the Service `NAME-ha`; `NAME-primary` only points there.

use super::row::{LivingFact, row};
use super::subject::Living;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::v4::fields;
use crate::fact::v4::seen::if_complete;
use crate::manifest::{Fact, Kind, Node, Object};

const TYPE: [&str; 2] = ["spec", "type"];

pub(super) static FACTS: &[LivingFact] = &[
    row(
        "live.serviceType",
        Type::String,
        "the type of the Service that leads to the primary (NAME-ha); \"\" where there is none yet",
        |living| service_type(living).map(Value::from),
    ),
    row(
        "live.servicesPending",
        Type::Strings,
        "its Services of type LoadBalancer that have no address yet",
        |living| {
            let services = living.all_of(Kind::Service);
            let pending = services.objects.iter().copied().filter(|one| waits(one));
            let pending: Vec<&Object> = pending.collect();
            let names: Vec<String> = pending.iter().map(|one| one.name.to_string()).collect();
            let fact = match names.as_slice() {
                [] => if_complete(&services.completeness, names.into()),
                _ => Fact::known(names.into()),
            };
            pending.into_iter().fold(fact, |fact, one| {
                fact.and_at(one.name_span(), "a Service without address")
            })
        },
    ),
];

fn service_type(living: &Living<'_>) -> Fact<String> {
    let name = format!("{}-ha", living.name);
    let note = "the Service that leads to the primary";
    let service = living.object_named(Kind::Service, &name, note);
    service.and_then(|service| match service {
        None => Fact::known(String::new()),
        Some(service) => fields::text(service, &TYPE, note).map(|text| match text.as_str() {
            "" => "ClusterIP".to_owned(),
            _ => text,
        }),
    })
}

fn waits(service: &Object) -> bool {
    let balances = service
        .at(&TYPE)
        .is_some_and(|kind| kind.text() == "LoadBalancer");
    let ingress = service.at(&["status", "loadBalancer", "ingress"]);
    let addresses = ingress.into_iter().flat_map(Node::items).next();
    balances && addresses.is_none()
}
