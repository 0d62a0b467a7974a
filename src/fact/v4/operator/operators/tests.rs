//! What is said about operators.

use crate::fact::v4::testing::{PGCLUSTER, World, stream};

/// A Deployment with one container named `operator`.
fn operator(namespace: &str, name: &str, labels: &str, image: &str, env: &str) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}, labels: {{{labels}}}}}
spec:
  replicas: 1
  template:
    metadata: {{annotations: {{olm.targetNamespaces: 'shop,pgo'}}}}
    spec:
      containers:
      - {{name: operator, image: '{image}', env: [{env}]}}
"
    )
}

const V5_LABEL: &str = "postgres-operator.crunchydata.com/control-plane: postgres-operator";

fn v5(env: &str) -> String {
    operator(
        "postgres-operator",
        "pgo",
        V5_LABEL,
        "registry/postgres-operator:ubi9-5.8.2-0",
        env,
    )
}

const V4: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: postgres-operator, namespace: pgo-system, labels: {vendor: crunchydata}}
spec:
  replicas: 1
  template:
    spec:
      containers:
      - {name: apiserver, image: 'registry/pgo-apiserver:ubi8-4.7.10'}
      - {name: operator, image: 'registry/postgres-operator:ubi8-4.7.10', env: [{name: NAMESPACE, value: 'pgo,shop'}]}
      - {name: event, image: 'registry/pgo-event:ubi8-4.7.10'}
status: {observedGeneration: 1, readyReplicas: 1}
";

fn with(documents: &[&str]) -> World {
    World::partial(&stream(&[&[PGCLUSTER], documents].concat()))
}

#[test]
fn both_generations_side_by_side() {
    let world = with(&[V4, &v5("")]);
    for (fact, says) in [
        ("operator.v4", "\"present\""),
        ("operator.v4Running", "true"),
        ("operator.v4Version", "4.7.10"),
        ("operator.v4Namespace", "\"pgo-system\""),
        ("operator.v4Watches", "true"),
        ("operator.v5", "\"present\""),
        ("operator.v5Running", "true"),
        ("operator.v5Version", "5.8.2"),
        ("operator.v5Watches", "true"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
    assert_eq!(
        world.points_at("operator.v4"),
        "'registry/postgres-operator:ubi8-4.7.10'"
    );
    assert_eq!(world.points_at("operator.v4Running"), "1");
}

#[test]
fn an_unseen_operator_is_unknown_not_absent() {
    let other = operator("shop", "web", "", "nginx:1.25", "");
    let world = with(&[&other]);
    for fact in [
        "operator.v4",
        "operator.v5",
        "operator.v5Running",
        "operator.v5Watches",
        "operator.v4Version",
    ] {
        assert_eq!(world.says(fact), "unknown", "{fact}");
    }
    assert!(
        world
            .asks("operator.v5")
            .starts_with("kubectl get deployments -A -o yaml")
    );
}

#[test]
fn absent_when_every_deployment_was_listed() {
    let world = World::listing("Deployment", PGCLUSTER);
    for (fact, says) in [
        ("operator.v4", "\"absent\""),
        ("operator.v5", "\"absent\""),
        ("operator.v4Running", "false"),
        ("operator.v5Version", "\"\""),
        ("operator.v4Namespace", "\"\""),
        ("operator.v5Watches", "false"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
}

#[test]
fn pgo_5_0_0_is_told_from_v4_by_its_tag() {
    let early = operator(
        "pgo",
        "postgres-operator",
        "",
        "registry/postgres-operator:centos8-5.0.0-0",
        "",
    );
    let world = with(&[&early]);
    assert_eq!(world.says("operator.v5Version"), "5.0.0");
    assert_eq!(world.says("operator.v4"), "unknown");
}

#[test]
fn an_image_by_digest_is_told_by_environment_and_package() {
    let digest = "registry/postgres-operator@sha256:0123";
    let v4 = operator(
        "pgo",
        "postgres-operator",
        "",
        digest,
        "{name: PGO_OPERATOR_NAMESPACE, value: pgo}",
    );
    assert_eq!(with(&[&v4]).says("operator.v4"), "\"present\"");
    assert_eq!(with(&[&v4]).says("operator.v4Version"), "unknown");
    let v5 = operator(
        "pgo",
        "pgo",
        "",
        digest,
        "{name: PGO_NAMESPACE, value: pgo}",
    );
    assert_eq!(with(&[&v5]).says("operator.v5"), "\"present\"");
    let olm = operator(
        "pgo",
        "pgo",
        "olm.owner: postgresoperator.v5.3.1",
        digest,
        "",
    );
    assert_eq!(with(&[&olm]).says("operator.v5Version"), "5.3.1");
    let silent = operator("pgo", "postgres-operator", "", digest, "");
    assert_eq!(with(&[&silent]).says("operator.v5"), "unknown");
}

#[test]
fn operators_of_others_do_not_count() {
    let zalando = operator(
        "pgo",
        "postgres-operator",
        "",
        "registry/acid/postgres-operator:v1.10.1",
        "",
    );
    let percona = operator(
        "pgo",
        "postgres-operator",
        "",
        "percona/percona-postgresql-operator:2.3.1",
        "{name: PGO_NAMESPACE, value: pgo}",
    );
    let upgrade = operator(
        "pgo",
        "pgo-upgrade",
        "postgres-operator.crunchydata.com/control-plane: pgo-upgrade",
        "registry/postgres-operator-upgrade:ubi8-5.8.2-0",
        "",
    );
    let yaml = stream(&[PGCLUSTER, &zalando, &percona, &upgrade]).replace(
        "name: postgres-operator, namespace: pgo",
        "generateName: x, namespace: pgo",
    );
    let world = World::listing("Deployment", &yaml);
    assert_eq!(world.says("operator.v4"), "\"absent\"");
    assert_eq!(world.says("operator.v5"), "\"absent\"");
}

#[test]
fn watched_namespaces_come_in_four_forms() {
    for (env, says) in [
        ("{name: PGO_TARGET_NAMESPACE, value: ''}", "true"),
        ("{name: PGO_TARGET_NAMESPACE, value: pgo}", "true"),
        ("{name: PGO_TARGET_NAMESPACES, value: 'shop, pgo'}", "true"),
        (
            "{name: PGO_TARGET_NAMESPACE, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['olm.targetNamespaces']\"}}}",
            "true",
        ),
        // Its own namespace, which is another; and there may be operators that are not in the input.
        (
            "{name: PGO_TARGET_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}",
            "unknown",
        ),
        ("{name: PGO_TARGET_NAMESPACES, value: 'shop'}", "unknown"),
        (
            "{name: PGO_TARGET_NAMESPACE, valueFrom: {configMapKeyRef: {name: x, key: y}}}",
            "unknown",
        ),
    ] {
        assert_eq!(with(&[&v5(env)]).says("operator.v5Watches"), says, "{env}");
    }
    let shop = v5("{name: PGO_TARGET_NAMESPACES, value: 'shop'}");
    let world = World::listing("Deployment", &stream(&[PGCLUSTER, &shop]));
    assert_eq!(world.says("operator.v5Watches"), "false");
    assert_eq!(world.points_at("operator.v5Watches"), "'shop'");
}

#[test]
fn of_several_operators_the_one_that_watches_counts() {
    let other = operator(
        "a",
        "pgo",
        V5_LABEL,
        "registry/postgres-operator:ubi8-5.3.1-0",
        "{name: PGO_TARGET_NAMESPACE, value: a}",
    );
    let world = with(&[&other, &v5("{name: PGO_TARGET_NAMESPACE, value: pgo}")]);
    assert_eq!(world.says("operator.v5Version"), "5.8.2");
    assert_eq!(world.says("operator.v5Watches"), "true");
}

#[test]
fn scaled_down_or_never_ready_is_not_running() {
    let down = v5("").replace("replicas: 1", "replicas: 0");
    assert_eq!(with(&[&down]).says("operator.v5Running"), "false");
    let unready = format!(
        "{}status: {{observedGeneration: 3, replicas: 1, unavailableReplicas: 1}}\n",
        v5("")
    );
    let world = with(&[&unready]);
    assert_eq!(world.says("operator.v5Running"), "false");
    assert_eq!(world.points_at("operator.v5Running"), "status");
}

#[test]
fn a_cluster_without_a_namespace_is_watched_only_by_who_watches_all() {
    let homeless = PGCLUSTER.replace("  namespace: pgo\n", "");
    let all = World::partial(&stream(&[&homeless, &v5("")]));
    assert_eq!(all.says("operator.v5Watches"), "true");
    let some = World::partial(&stream(&[
        &homeless,
        &v5("{name: PGO_TARGET_NAMESPACE, value: pgo}"),
    ]));
    assert_eq!(some.says("operator.v5Watches"), "unknown");
}
