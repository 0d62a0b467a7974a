//! Structures that Deployments show and the Pgcluster asks for, each with its order of trust.
//!
//! Sources: PGO v4 installers/ansible/roles/pgo-operator/files/pgo-configs: `cluster-deployment.json`,
//! `pgo-backrest-repo-template.json`, `pgbouncer-template.json`, `exporter.json` of 4.3 to 4.7.

use super::said::{asked, container_field, is_empty, of_pods, resources, runs};
use super::scheduling::node_affinity;
use super::structure::{Structure, spoken};
use crate::expr::Value;
use crate::fact::trust::Trust;
use crate::fact::v4::Cluster;
use crate::fact::v4::fields::is_unset;
use crate::fact::v4::objects::workload::pod_field;
use crate::fact::v4::traces::{V4Order, source, to_the_letter};
use crate::manifest::{Fact, Kind, Node, Object};

/// A source in an order for each place of a structure, and the places themselves.
macro_rules! structure {
    ($name:ident, $what:literal, $($trust:ident $place:literal $read:path),+) => {
        pub(super) static $name: Structure = Structure {
            order: V4Order {
                what: $what,
                same: to_the_letter,
                sources: &[$(source(Trust::$trust, $place, |cluster| spoken(cluster, $read(cluster)))),+],
            },
            reads: &[$($read),+],
        };
    };
}

structure!(
    POSTGRES, "the resources of Postgres",
    Runs "the container database of the primary" of_postgres,
    Wish "spec.resources and spec.limits" postgres_asked
);
structure!(
    TOLERATIONS, "the tolerations of the pods",
    Runs "the pods of the primary" tolerated,
    Wish "spec.tolerations" tolerations_asked
);
structure!(
    NODE_AFFINITY, "the node affinity of the pods",
    Runs "the pods of the primary" drawn,
    Wish "spec.nodeAffinity.default, up to 4.5 the user labels NodeLabelKey and NodeLabelValue" affinity_asked
);
structure!(
    REPOSITORY, "the resources of pgBackRest",
    Runs "the container database of the repository host" of_host,
    Wish "spec.backrestResources and spec.backrestLimits" host_asked
);
structure!(
    PGBOUNCER, "the resources of PgBouncer",
    Runs "the container pgbouncer of the Deployment CLUSTER-pgbouncer" of_pgbouncer,
    Wish "spec.pgBouncer.resources and spec.pgBouncer.limits" pgbouncer_asked
);
structure!(
    EXPORTER, "the resources of the exporter",
    Runs "the container exporter (up to 4.4 collect) of the primary" of_exporter,
    Wish "spec.exporterResources and spec.exporterLimits" exporter_asked
);
structure!(
    CERTIFICATES, "the Secrets with certificates",
    Runs "the volume tls-server of the Deployments" mounted_certificates,
    Wish "spec.tls" certificates_asked
);
structure!(
    PGBOUNCER_CERTIFICATE, "the certificate of PgBouncer",
    Runs "the volume tls-pgbouncer of the Deployment CLUSTER-pgbouncer" mounted_by_pgbouncer,
    Wish "spec.pgBouncer.tlsSecret" pgbouncer_certificate_asked
);
structure!(
    ANNOTATIONS, "the annotations of pods",
    Runs "the templates of the Deployments" annotated,
    Wish "spec.annotations" annotations_asked
);

fn unless_empty(value: Fact<Value>) -> Fact<Option<Value>> {
    value.map(|value| match value {
        Value::Absent | Value::Null => None,
        Value::Str(text) if text.is_empty() => None,
        value => Some(value).filter(|value| !is_empty(value)),
    })
}

fn of_postgres(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the resources of Postgres";
    container_field(runs(cluster), &["database"], "resources", note)
}

fn postgres_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    unless_empty(resources(cluster, ["resources", "limits"], &[]))
}

fn tolerated(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    of_pods(cluster, &["tolerations"], "the tolerations of the pods")
}

fn tolerations_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the cluster's tolerations";
    unless_empty(asked(cluster, &["spec", "tolerations"], note))
}

fn drawn(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the node affinity of the pods";
    of_pods(cluster, &["affinity", "nodeAffinity"], note)
}

fn affinity_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    unless_empty(node_affinity(cluster))
}

fn host<'a>(cluster: &Cluster<'a>) -> Option<&'a Object> {
    cluster.repo_host().value().copied().flatten()
}

fn pgbouncer<'a>(cluster: &Cluster<'a>) -> Option<&'a Object> {
    let name = format!("{}-pgbouncer", cluster.name);
    let found = cluster.object_named(Kind::Deployment, &name, "the Deployment of PgBouncer");
    found.value().copied().flatten()
}

fn of_host(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the resources of pgBackRest";
    container_field(host(cluster), &["database"], "resources", note)
}

fn host_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    unless_empty(resources(
        cluster,
        ["backrestResources", "backrestLimits"],
        &[],
    ))
}

fn of_pgbouncer(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the resources of PgBouncer";
    container_field(pgbouncer(cluster), &["pgbouncer"], "resources", note)
}

fn pgbouncer_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    unless_empty(resources(cluster, ["resources", "limits"], &["pgBouncer"]))
}

fn of_exporter(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the resources of the exporter";
    container_field(runs(cluster), &["exporter", "collect"], "resources", note)
}

fn exporter_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    unless_empty(resources(
        cluster,
        ["exporterResources", "exporterLimits"],
        &[],
    ))
}

/// The Secrets that a projected volume puts together, each with whether it takes only some of its keys.
fn projected<'a>(object: &'a Object, volume: &str) -> Vec<(Node<'a>, bool)> {
    let volumes = pod_field(object, &["volumes"]);
    let mut volumes = volumes.into_iter().flat_map(Node::items);
    let named = |one: &Node<'_>| one.get("name").is_some_and(|name| name.text() == volume);
    let sources = volumes
        .find(named)
        .and_then(|one| one.at(&["projected", "sources"]));
    let secrets = sources.into_iter().flat_map(Node::items);
    let secrets = secrets.filter_map(|one| one.get("secret"));
    secrets
        .filter_map(|secret| Some((secret.get("name")?, secret.get("items").is_some())))
        .collect()
}

/// First the key pair, last the authority; the pair for replication stands between them, by its keys.
fn mounted_certificates(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let secrets = runs(cluster).map_or_else(Vec::new, |object| projected(object, "tls-server"));
    let whole: Vec<Node<'_>> = secrets
        .iter()
        .filter_map(|(name, parts)| (!parts).then_some(*name))
        .collect();
    let replication = secrets.iter().find(|(_, parts)| *parts);
    let (Some(pair), Some(authority)) = (whole.first(), whole.last()) else {
        return Fact::known(None);
    };
    let mut entries = vec![("caSecret", *authority), ("tlsSecret", *pair)];
    entries.extend(replication.map(|(name, _)| ("replicationTLSSecret", *name)));
    let place = pair.span();
    let value = |name: Node<'_>| Value::from(name.text());
    let entries = entries
        .into_iter()
        .map(|(key, name)| (key.into(), value(name)));
    Fact::at(
        Some(Value::Map(entries.collect())),
        place,
        "the certificates of Postgres",
    )
}

fn certificates_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the certificates of Postgres";
    let written = asked(cluster, &["spec", "tls"], note);
    unless_empty(written.map(|written| match written {
        // PGO writes all three, `""` for none.
        Value::Map(entries) => {
            let named = entries.iter().filter(|(_, name)| *name != Value::from(""));
            Value::Map(named.cloned().collect())
        }
        other => other,
    }))
}

fn mounted_by_pgbouncer(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let secrets = pgbouncer(cluster).map_or_else(Vec::new, |one| projected(one, "tls-pgbouncer"));
    match secrets.first() {
        Some((name, _)) => Fact::at(
            Some(name.text().into()),
            name.span(),
            "the certificate of PgBouncer",
        ),
        None => Fact::known(None),
    }
}

fn pgbouncer_certificate_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let path = ["spec", "pgBouncer", "tlsSecret"];
    let written = cluster.string(&path, "the certificate of PgBouncer");
    unless_empty(written.map(Value::from))
}

/// What the templates bear; what kubectl wrote of a restart is nobody's wish.
fn annotated(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let parts = [
        (
            "postgres",
            runs(cluster).filter(|one| one.kind == Kind::Deployment),
        ),
        ("backrest", host(cluster)),
        ("pgBouncer", pgbouncer(cluster)),
    ];
    let mut found = Fact::known(Vec::new());
    for (part, object) in parts {
        let annotations =
            object.and_then(|one| one.at(&["spec", "template", "metadata", "annotations"]));
        let Some(node) = annotations.filter(|node| !is_unset(*node)) else {
            continue;
        };
        let own = node
            .entries()
            .filter(|(key, _)| !key.text().starts_with("kubectl.kubernetes.io/"));
        let own: Vec<_> = own
            .map(|(key, value)| (key.text().into(), Value::from(value)))
            .collect();
        if !own.is_empty() {
            found = found
                .and_at(node.span(), "the annotations of pods")
                .map(|mut all: Vec<_>| {
                    all.push((part.into(), Value::Map(own.into())));
                    all
                });
        }
    }
    found.map(|all| (!all.is_empty()).then(|| Value::Map(all.into())))
}

fn annotations_asked(cluster: &Cluster<'_>) -> Fact<Option<Value>> {
    let note = "the annotations for pods";
    unless_empty(asked(cluster, &["spec", "annotations"], note))
}
