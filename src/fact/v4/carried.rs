//! What a manifest for PGO v5 repeats of the cluster as it is: resources, scheduling, labels, names of Secrets.
//!
//! The structures are Kubernetes' own and keep their form. What the Deployments say outranks the Pgcluster.

mod labels;
mod orders;
mod running;
mod said;
mod scheduling;
mod structure;

use super::traces::placed;
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind};
use labels::own_labels;
use orders::{AUTOFAIL, SPREAD, USER};
use running::{
    ANNOTATIONS, CERTIFICATES, EXPORTER, NODE_AFFINITY, PGBOUNCER, PGBOUNCER_CERTIFICATE, POSTGRES,
    REPOSITORY, TOLERATIONS,
};
use said::{asked, map, pull_secrets};
use scheduling::{GROUPS, supplemental_groups};
use structure::{Structure, settled};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "instances.resources",
        Type::Map,
        "what the container of Postgres asks for and may have, as {requests, limits}; empty where nothing is said",
        |cluster| settled(cluster, &POSTGRES).map(map),
    )
    .told_by(&[&POSTGRES.order]),
    row(
        "instances.tolerations",
        Type::Records,
        "the tolerations of the cluster's pods, as written",
        |cluster| settled(cluster, &TOLERATIONS).map(list),
    )
    .told_by(&[&TOLERATIONS.order]),
    row(
        "instances.nodeAffinity",
        Type::Map,
        "the node affinity of the cluster's pods, as written; empty for none",
        |cluster| settled(cluster, &NODE_AFFINITY).map(map),
    )
    .told_by(&[&NODE_AFFINITY.order]),
    row(
        "cluster.tolerations",
        Type::Bool,
        "the cluster's pods tolerate taints",
        |cluster| placed(cluster, is_set(cluster, &TOLERATIONS)),
    )
    .told_by(&[&TOLERATIONS.order]),
    row(
        "cluster.affinity",
        Type::Bool,
        "the cluster's pods are bound to certain nodes",
        |cluster| placed(cluster, is_set(cluster, &NODE_AFFINITY)),
    )
    .told_by(&[&NODE_AFFINITY.order]),
    row(
        "instances.spread",
        Type::String,
        "how instances are kept apart: \"preferred\", \"required\" or \"disabled\"; \"\" where it is left to the operator",
        |cluster| cluster.settled_text(&SPREAD).map(Value::from),
    )
    .told_by(&[&SPREAD]),
    row(
        "instances.pullSecrets",
        Type::Strings,
        "the Secrets with which the pods' images are pulled",
        |cluster| {
            let own = |list| {
                let mut names = names(&list);
                // OpenShift's own, one for each ServiceAccount, which goes with it.
                names.retain(|name| !name.contains("-dockercfg-"));
                names.into()
            };
            pull_secrets(cluster).map(|list| list.map_or_else(|| Vec::<String>::new().into(), own))
        },
    ),
    row(
        "instances.supplementalGroups",
        Type::Ints,
        "the supplemental groups of the cluster's volumes",
        |cluster| supplemental_groups(cluster).map(Value::from),
    )
    .told_by(&[&GROUPS]),
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
        "automatic failover is switched off",
        |cluster| placed(cluster, cluster.settled_text(&AUTOFAIL)).map(|off| (off == "true").into()),
    )
    .told_by(&[&AUTOFAIL]),
    row(
        "access.user",
        Type::String,
        "the user of the Pgcluster itself; \"\" where it names none",
        |cluster| placed(cluster, cluster.settled_text(&USER)).map(Value::from),
    )
    .told_by(&[&USER]),
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

/// What pods have, or what is asked for them: either keeps a Job without it from the nodes.
fn is_set(cluster: &Cluster<'_>, structure: &'static Structure) -> Fact<Value> {
    settled(cluster, structure).map(|value| (value != Value::Absent).into())
}

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
    fn what_an_image_is_pulled_with_is_seen_at_the_pods() {
        let pod = |secret: &str| {
            format!(
                "---\nkind: Pod\napiVersion: v1\nmetadata: {{name: hippo-1, namespace: pgo, labels: {{pg-cluster: hippo, pgo-pg-database: \"true\", deployment-name: hippo, role: master}}}}\nspec: {{imagePullSecrets: [{{name: {secret}}}]}}\nstatus: {{phase: Running}}\n"
            )
        };
        let deployment = "---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: hippo, namespace: pgo, labels: {pg-cluster: hippo, pgo-pg-database: \"true\"}}\nspec: {replicas: 1, template: {spec: {containers: [{name: database}]}}}\n";
        let of = |pod: &str| says("", &format!("{deployment}{pod}"), "instances.pullSecrets");
        assert_eq!(of(&pod("regcred")), "[\"regcred\"]");
        assert_eq!(of(&pod("pgo-pg-dockercfg-x7x2q")), "[]");
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
}
