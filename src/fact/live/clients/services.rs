//! How clients reach a living cluster.
//!
//! Source: PGO `internal/controller/postgrescluster/patroni.go` (`generatePatroniLeaderLeaseService`): `spec.service`
//! shapes the Service `NAME-ha`; `NAME-primary` only points there.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::live::row::{LivingFact, row};
use crate::fact::live::subject::Living;
use crate::fact::v4::fields;
use crate::fact::v4::seen::names_of;
use crate::manifest::{Fact, Kind, Node, Object};

const TYPE: [&str; 2] = ["spec", "type"];

pub(in crate::fact::live) static FACTS: &[LivingFact] = &[
    row(
        "live.serviceType",
        Type::String,
        "the type of the Service that leads to the primary (NAME-ha); \"\" where there is none yet",
        |living| {
            let note = "the Service that leads to the primary";
            type_of(living, "ha", note).map(Value::from)
        },
    ),
    row(
        "live.pgbouncerService",
        Type::String,
        "the type of PgBouncer's Service (NAME-pgbouncer); \"\" where there is none yet",
        |living| {
            let note = "the Service that leads to PgBouncer";
            type_of(living, "pgbouncer", note).map(Value::from)
        },
    ),
    row(
        "live.servicesPending",
        Type::Strings,
        "its Services of type LoadBalancer that have no address yet",
        |living| {
            let services = living.all_of(Kind::Service);
            let pending = services.objects.iter().copied().filter(|one| waits(one));
            let pending = pending.map(|one| (&*one.name, one.name_span()));
            names_of(pending, &services.completeness, "a Service without address").map(Value::from)
        },
    ),
];

/// The type of one of its Services; `""` where that is known not to be there.
fn type_of(living: &Living<'_>, suffix: &str, note: &'static str) -> Fact<String> {
    let name = format!("{}-{suffix}", living.name);
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
