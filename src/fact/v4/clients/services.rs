//! The Services that applications use.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::fields::text;
use crate::fact::v4::seen::{found, if_complete, resting_on};
use crate::fact::v4::traces::{V4Order, asked, by_operator, placed, source, to_the_letter};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind, Node};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "cluster.serviceType",
        Type::String,
        "the type of the cluster's Services; \"\" where nothing that is seen says it and PGO's own default, ClusterIP, counts",
        |cluster| {
            let kind = cluster.settled_text(&SERVICE_TYPE);
            placed(cluster, kind).map(Value::from)
        },
    )
    .told_by(&[&SERVICE_TYPE]),
    row(
        "addons.pgbouncerService",
        Type::String,
        "the type of the Service of PgBouncer; \"\" where it is left to the operator",
        |cluster| {
            let kind = cluster.settled_text(&PGBOUNCER_SERVICE);
            placed(cluster, kind).map(Value::from)
        },
    )
    .told_by(&[&PGBOUNCER_SERVICE]),
    row(
        "services.names",
        Type::Strings,
        "the cluster's Services; where they are not all seen, at least that of the primary, which PGO makes for every cluster",
        |cluster| names(cluster).map(Value::from),
    ),
    row(
        "services.foreign",
        Type::Strings,
        "Services that are not PGO's and select the cluster's pods; empty only when all Services of the namespace are seen",
        |cluster| foreign(cluster).map(Value::from),
    ),
    row(
        "services.nodePort",
        Type::Int,
        "the port by which the nodes lead to Postgres, of the primary's Service; 0 for none",
        |cluster| node_port(cluster).map(Value::from),
    ),
];

const TYPE: &str = "the type of the Services";

/// Who tells the type of the cluster's Services. PGO v4 acts on a change of the wish only while it watches, and anybody can
/// edit a Service.
pub(in crate::fact::v4) static SERVICE_TYPE: V4Order = V4Order {
    what: TYPE,
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "the Service CLUSTER", |cluster| {
            typed(cluster, cluster.name)
        }),
        source(
            Trust::Wish,
            "spec.serviceType, up to 4.5 the user label service-type",
            |cluster| asked(cluster, asked_type(cluster)),
        ),
        source(Trust::Operator, "ServiceType of pgo.yaml", |cluster| {
            by_operator(cluster, "ServiceType")
        }),
    ],
};

/// Who tells the type of `PgBouncer`'s Service; where the Pgcluster names none it is that of the cluster's.
pub(in crate::fact::v4) static PGBOUNCER_SERVICE: V4Order = V4Order {
    what: "the type of PgBouncer's Service",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "the Service CLUSTER-pgbouncer", |cluster| {
            typed(cluster, &format!("{}-pgbouncer", cluster.name))
        }),
        source(
            Trust::Wish,
            "spec.pgBouncer.serviceType, else spec.serviceType",
            |cluster| {
                let own = cluster.string(&["spec", "pgBouncer", "serviceType"], TYPE);
                let own = own.and_then(|own| match own.as_str() {
                    "" => asked_type(cluster),
                    _ => Fact::known(own),
                });
                asked(cluster, own)
            },
        ),
    ],
};

/// The type of a Service of the cluster's namespace; one that is not there says nothing.
fn typed(cluster: &Cluster<'_>, name: &str) -> Answer {
    let service = match cluster.object_named(Kind::Service, name, TYPE) {
        Fact::Unknown(gaps) => return Answer::Unseen(gaps),
        Fact::Known(truth) => truth.value,
    };
    let Some(service) = service else {
        return Fact::known(None).into();
    };
    // A server writes the type of every Service; a manifest without one asks for a ClusterIP.
    match text(service, &["spec", "type"], TYPE) {
        Fact::Unknown(gaps) => Answer::Unclear(gaps),
        known @ Fact::Known(_) if service.at(&["spec"]).is_none() => known.map(|_| None).into(),
        known @ Fact::Known(_) => known
            .map(|kind| Some(kind).filter(|kind| !kind.is_empty()))
            .map(|kind| kind.or_else(|| Some("ClusterIP".to_owned())))
            .into(),
    }
}

/// A field since 4.6, a label before; a cluster carried along by hand may have both, and then the field counts.
fn asked_type(cluster: &Cluster<'_>) -> Fact<String> {
    let field = cluster.string(&["spec", "serviceType"], TYPE);
    if field.value() != Some(&String::new()) {
        return field;
    }
    let label = cluster.userlabel("service-type", TYPE);
    match label.value() {
        Some(text) if text.is_empty() => field,
        _ => label,
    }
}

fn node_port(cluster: &Cluster<'_>) -> Fact<i64> {
    let answer = cluster
        .inventory
        .find(Kind::Service, cluster.namespace, cluster.name);
    let service = found(answer, "the primary's Service");
    resting_on(&service, |service| {
        let ports = service.and_then(|one| one.at(&["spec", "ports"]));
        let named = |port: &Node<'_>| {
            port.get("name")
                .is_some_and(|name| name.text() == "postgres")
        };
        let port = ports.into_iter().flat_map(Node::items).find(named);
        let open = port.and_then(|port| port.get("nodePort"));
        match open.and_then(|node| Some((node.text().parse::<i64>().ok()?, node))) {
            Some((number, node)) => Fact::at(number, node.span(), "the port on the nodes"),
            None => match service {
                Some(service) => Fact::at(0, service.name_span(), "the primary's Service"),
                None => placed(cluster, Fact::known(0)),
            },
        }
    })
}

fn names(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let services = cluster.all_of(Kind::Service);
    let mut names: Vec<String> = services
        .objects
        .iter()
        .map(|service| service.name.to_string())
        .collect();
    let complete = if_complete(&services.completeness, ());
    let assumed = complete.value().is_none() && cluster.object.is_some();
    if assumed && !names.iter().any(|name| name == cluster.name) {
        names.insert(0, cluster.name.to_owned());
    }
    if names.is_empty() {
        return placed(cluster, complete.map(|()| names));
    }
    let services = services.objects.iter();
    let seen = services.fold(Fact::known(names), |fact, service| {
        fact.and_at(service.name_span(), "a Service of the cluster")
    });
    placed(cluster, seen)
}

/// Services that somebody made for v4's pods.
fn foreign(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let place = (cluster.namespace, cluster.name);
    let others = cluster.selecting().of(cluster.inventory, place);
    if others.is_empty() {
        let all = cluster.inventory.list(Kind::Service, cluster.namespace);
        return placed(cluster, if_complete(&all.completeness, Vec::new()));
    }
    let names = others.iter().map(|object| object.name.to_string());
    let names = Fact::known(names.collect());
    others.iter().fold(names, |names, object| {
        names.and_at(object.name_span(), "selects the pods of PGO v4")
    })
}

#[cfg(test)]
mod tests;
