//! What a manifest for PGO v5 repeats of the cluster as it is: resources, scheduling, labels, names of Secrets.
//!
//! The structures are Kubernetes' own and keep their form. What the Deployments say outranks the Pgcluster.

mod running;
mod said;
mod scheduling;
mod structure;

use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind};
use running::{ANNOTATIONS, CERTIFICATES, EXPORTER, PGBOUNCER, PGBOUNCER_CERTIFICATE, REPOSITORY};
use said::{asked, map, of_container, of_pods, or_asked, resources};
use scheduling::{kept_apart, node_affinity, supplemental_groups};
use structure::settled;

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "instances.resources",
        Type::Map,
        "what the container of Postgres asks for and may have, as {requests, limits}; empty where nothing is said",
        |cluster| {
            let running = of_container(
                cluster,
                "database",
                "resources",
                "the resources of Postgres",
            );
            or_asked(running, || resources(cluster, ["resources", "limits"], &[]))
        },
    ),
    row(
        "instances.tolerations",
        Type::Records,
        "the tolerations of the cluster's pods, as written",
        |cluster| {
            let running = of_pods(cluster, &["tolerations"], "the tolerations of the pods");
            or_asked(running, || {
                asked(
                    cluster,
                    &["spec", "tolerations"],
                    "the cluster's tolerations",
                )
            })
            .map(list)
        },
    ),
    row(
        "instances.nodeAffinity",
        Type::Map,
        "the node affinity of the cluster's pods, as written; empty for none",
        |cluster| {
            let note = "the node affinity of the pods";
            let running = of_pods(cluster, &["affinity", "nodeAffinity"], note);
            or_asked(running, || node_affinity(cluster)).map(map)
        },
    ),
    row(
        "instances.spread",
        Type::String,
        "how instances are kept apart: \"preferred\", \"required\" or \"disabled\"; \"\" where it is left to the operator",
        |cluster| {
            if let Some(kept) = kept_apart(cluster) {
                return kept.map(Value::from);
            }
            let field = cluster.string(
                &["spec", "podAntiAffinity", "default"],
                "how pods are kept apart",
            );
            if field.value() != Some(&String::new()) {
                return field.map(Value::from);
            }
            let label = cluster.userlabel("pg-pod-anti-affinity", "how pods are kept apart");
            match label.value() {
                Some(word) if word.is_empty() => field.map(Value::from),
                _ => label.map(Value::from),
            }
        },
    ),
    row(
        "instances.pullSecrets",
        Type::Strings,
        "the Secrets with which the pods' images are pulled",
        |cluster| {
            let secrets = of_pods(
                cluster,
                &["imagePullSecrets"],
                "the Secrets for pulling images",
            );
            secrets.map(|list| names(&list.unwrap_or(Value::Absent)).into())
        },
    ),
    row(
        "instances.supplementalGroups",
        Type::Ints,
        "the supplemental groups of the cluster's volumes",
        |cluster| supplemental_groups(cluster).map(Value::from),
    ),
    row(
        "cluster.userLabels",
        Type::Map,
        "the labels that somebody gave the cluster, PGO's own words among them left out",
        |cluster| {
            asked(
                cluster,
                &["spec", "userlabels"],
                "the labels of the cluster",
            )
            .map(own_labels)
        },
    ),
    row(
        "cluster.podAnnotations",
        Type::Map,
        "the annotations for the pods, as {global, postgres, backrest, pgBouncer}",
        |cluster| settled(cluster, &ANNOTATIONS).map(map),
    )
    .told_by(&[&ANNOTATIONS.order]),
    row(
        "repo.resources",
        Type::Map,
        "what pgBackRest asks for and may have, as {requests, limits}",
        |cluster| settled(cluster, &REPOSITORY).map(map),
    )
    .told_by(&[&REPOSITORY.order]),
    row(
        "repo.projections",
        Type::Records,
        "the ConfigMaps and Secrets with pgBackRest options: those that the Pgcluster names, as written, and those that are seen to be there by the name CLUSTER-config-backrest; empty only when there are none",
        projections,
    ),
    row(
        "cluster.autofailOff",
        Type::Bool,
        "automatic failover is switched off, by spec.disableAutofail or, as older releases have it, the label autofail",
        |cluster| {
            let note = "whether it fails over by itself";
            let field = cluster.boolean(&["spec", "disableAutofail"], note);
            let label = cluster.label("autofail", note);
            match field.value() {
                Some(false) => field
                    .both(label)
                    .map(|(_, label)| (label == "false").into()),
                _ => field.map(Value::from),
            }
        },
    ),
    row(
        "access.user",
        Type::String,
        "the user of the Pgcluster itself; \"\" where it names none",
        |cluster| {
            cluster
                .string(&["spec", "user"], "the user of the Pgcluster")
                .map(Value::from)
        },
    ),
    row(
        "access.tlsSecrets",
        Type::Map,
        "the Secrets with certificates, as {caSecret, tlsSecret, replicationTLSSecret}",
        |cluster| settled(cluster, &CERTIFICATES).map(map),
    )
    .told_by(&[&CERTIFICATES.order]),
    row(
        "addons.pgbouncerResources",
        Type::Map,
        "what PgBouncer asks for and may have, as {requests, limits}",
        |cluster| settled(cluster, &PGBOUNCER).map(map),
    )
    .told_by(&[&PGBOUNCER.order]),
    row(
        "addons.pgbouncerTlsSecret",
        Type::String,
        "the Secret with the certificate of PgBouncer; \"\" for none",
        |cluster| {
            settled(cluster, &PGBOUNCER_CERTIFICATE).map(|value| match value {
                Value::Absent => "".into(),
                name => name,
            })
        },
    )
    .told_by(&[&PGBOUNCER_CERTIFICATE.order]),
    row(
        "addons.exporterResources",
        Type::Map,
        "what the exporter asks for and may have, as {requests, limits}",
        |cluster| settled(cluster, &EXPORTER).map(map),
    )
    .told_by(&[&EXPORTER.order]),
];

fn list(value: Value) -> Value {
    match value {
        Value::Absent | Value::Null => Value::List([].into()),
        other => other,
    }
}

fn projections(cluster: &Cluster<'_>) -> Fact<Value> {
    const NOTE: &str = "custom pgBackRest configuration";
    let named = asked(cluster, &["spec", "backrestConfig"], NOTE).map(list);
    let name = format!("{}-config-backrest", cluster.name);
    let mut found = named;
    let mut complete = Fact::known(());
    for (kind, key) in [(Kind::ConfigMap, "configMap"), (Kind::Secret, "secret")] {
        let object = cluster.object_named(kind, &name, NOTE);
        if let Some(Some(object)) = object.value() {
            let source = Value::Map([("name".into(), name.as_str().into())].into());
            let one = Value::Map([(key.into(), source)].into());
            let place = object.name_span();
            found = found.map(|list| match list {
                Value::List(items) => Value::List(items.iter().cloned().chain([one]).collect()),
                other => other,
            });
            found = found.and_at(place, NOTE);
        }
        complete = complete.both(object).map(|_| ());
    }
    match found.value() {
        Some(Value::List(items)) if items.is_empty() => complete.and_then(|()| found),
        _ => found,
    }
}

fn names(list: &Value) -> Vec<String> {
    let Value::List(items) = list else {
        return Vec::new();
    };
    let name = |item: &Value| match item.get("name") {
        Some(Value::Str(name)) => Some(name.to_string()),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

/// Labels that mean something to PGO v4, or that it puts there by itself.
const OF_PGO: [&str; 27] = [
    "NodeLabelKey",
    "NodeLabelValue",
    "archive",
    "archive-timeout",
    "autofail",
    "backrest-storage-type",
    "custom-config",
    "deployment-name",
    "name",
    "pg-cluster",
    "pg-pod-anti-affinity",
    "pgbouncer-password",
    "pgbouncer-user",
    "pgo-backrest",
    "pgo-backrest-repo",
    "pgo-pg-database",
    "pgo-version",
    "pgouser",
    "pgremove",
    "primary",
    "replica-name",
    "role",
    "service-name",
    "service-type",
    "sync-replication",
    "vendor",
    "workflowid",
];

fn own_labels(labels: Value) -> Value {
    let Value::Map(entries) = labels else {
        return Value::Map([].into());
    };
    let own = entries.iter().filter(|(key, _)| {
        !OF_PGO.contains(&&**key) && !key.starts_with("crunchy") && !key.starts_with("storage-")
    });
    Value::Map(own.cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{PGCLUSTER, World};

    fn says(spec: &str, more: &str, fact: &str) -> String {
        let none = "  userlabels: {pgo-version: 4.7.10}\n";
        let labels = if spec.contains("userlabels") {
            ""
        } else {
            none
        };
        let yaml = PGCLUSTER.replace(none, &format!("{labels}{spec}"));
        World::partial(&format!("{yaml}{more}")).says(fact)
    }

    #[test]
    fn what_was_asked_for_is_taken_where_nothing_runs() {
        let spec = "  resources: {memory: 2Gi}\n  limits: {memory: 4Gi, cpu: 1}\n";
        assert_eq!(
            says(spec, "", "instances.resources"),
            "{requests: {memory: \"2Gi\"}, limits: {memory: \"4Gi\", cpu: 1}}"
        );
        assert_eq!(says("", "", "instances.resources"), "{}");
    }

    #[test]
    fn a_label_of_nodes_becomes_a_preference() {
        let spec = "  userlabels: {NodeLabelKey: disk, NodeLabelValue: ssd}\n";
        let affinity = says(spec, "", "instances.nodeAffinity");
        assert!(
            affinity.contains("weight: 10") && affinity.contains("[\"ssd\"]"),
            "{affinity}"
        );
        assert_eq!(says("", "", "instances.nodeAffinity"), "{}");
    }

    #[test]
    fn only_labels_of_ones_own_are_carried() {
        let spec = "  userlabels: {team: zoo, pgo-version: 4.7.10, crunchy-pgbouncer: 'true', workflowid: x}\n";
        assert_eq!(says(spec, "", "cluster.userLabels"), "{team: \"zoo\"}");
    }
}
