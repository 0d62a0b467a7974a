//! What is said about the platform.

use crate::fact::v4::testing::{PGCLUSTER, World, stream};

fn with(documents: &[&str]) -> World {
    World::partial(&stream(&[&[PGCLUSTER], documents].concat()))
}

#[test]
fn the_definition_or_a_live_cluster_shows_v5() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: postgresclusters.postgres-operator.crunchydata.com}\n";
    assert_eq!(with(&[definition]).says("crd.v5"), "\"present\"");
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: rhino, namespace: pgo}\n";
    assert_eq!(with(&[draft]).says("crd.v5"), "unknown");
    let live = draft.replace("namespace: pgo", "namespace: pgo, uid: u-1");
    assert_eq!(with(&[&live]).says("crd.v5"), "\"present\"");
    assert_eq!(with(&[&live]).points_at("crd.v5"), "rhino");
}

#[test]
fn no_definition_is_known_only_when_definitions_were_listed() {
    assert_eq!(
        World::listing("CustomResourceDefinition", PGCLUSTER).says("crd.v5"),
        "\"absent\""
    );
    let world = World::partial(PGCLUSTER);
    assert_eq!(world.says("crd.v5"), "unknown");
    assert_eq!(
        world.asks("crd.v5"),
        "kubectl get customresourcedefinition postgresclusters.postgres-operator.crunchydata.com -o yaml"
    );
}

fn namespace(annotations: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: pgo, uid: u-1, annotations: {{{annotations}}}}}\n"
    )
}

fn pod(namespace: &str, annotations: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: x, namespace: {namespace}, uid: u-2, annotations: {{{annotations}}}}}\n"
    )
}

#[test]
fn openshift_writes_on_namespaces_and_pods() {
    let world = with(&[&namespace(
        "openshift.io/sa.scc.uid-range: 1000680000/10000",
    )]);
    assert_eq!(world.says("platform.openshift"), "true");
    assert_eq!(
        world.points_at("platform.openshift"),
        "openshift.io/sa.scc.uid-range"
    );
    assert_eq!(
        with(&[&pod("pgo", "openshift.io/scc: restricted")]).says("platform.openshift"),
        "true"
    );
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: clusterversions.config.openshift.io}\n";
    assert_eq!(with(&[definition]).says("platform.openshift"), "true");
}

#[test]
fn what_openshift_would_have_annotated_shows_another_platform() {
    assert_eq!(with(&[&namespace("")]).says("platform.openshift"), "false");
    assert_eq!(
        with(&[&pod("pgo", "status: '{}'")]).says("platform.openshift"),
        "false"
    );
    assert_eq!(
        World::listing("CustomResourceDefinition", PGCLUSTER).says("platform.openshift"),
        "false"
    );
}

#[test]
fn what_openshift_leaves_alone_tells_nothing() {
    for silent in [
        pod("kube-system", "status: '{}'"),
        pod("default", "status: '{}'"),
        // Annotations may have been taken away on exporting.
        pod("pgo", ""),
        pod("pgo", "status: '{}'").replace(", uid: u-2", ""),
        namespace("").replace(", uid: u-1", ""),
    ] {
        let world = with(&[&silent]);
        assert_eq!(world.says("platform.openshift"), "unknown", "{silent}");
        assert_eq!(
            world.asks("platform.openshift"),
            "kubectl get namespaces -o yaml"
        );
    }
}
