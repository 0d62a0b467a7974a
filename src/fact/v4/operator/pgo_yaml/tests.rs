//! What is said about PGO v4's own settings.

use crate::fact::v4::testing::{PGCLUSTER, World, stream};

const OPERATOR: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: postgres-operator, namespace: system}
spec: {template: {spec: {containers: [{name: apiserver, image: 'x/pgo-apiserver:ubi8-4.7.10'}]}}}
";

fn settings(namespace: &str, line: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata: {{name: pgo-config, namespace: {namespace}}}
data:
  pgo.yaml: |
    Cluster:
      Port:  5432
      {line}
    PrimaryStorage: default
"
    )
}

fn says(documents: &[&str]) -> String {
    World::partial(&stream(&[&[PGCLUSTER], documents].concat())).says("operator.v4DisableFsGroup")
}

const KUBERNETES: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo, uid: u-1}\n";
const OPENSHIFT: &str = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo, annotations: {openshift.io/sa.scc.mcs: s0}}\n";

#[test]
fn the_settings_beside_the_operator_count() {
    let on = settings("system", "DisableFSGroup: true");
    let off = settings("elsewhere", "DisableFSGroup: false");
    assert_eq!(says(&[OPERATOR, &on, &off]), "true");
    assert_eq!(says(&[&on]), "true");
    assert_eq!(says(&[&on, &off]), "unknown");
    assert_eq!(says(&[OPERATOR, &off]), "unknown");
}

#[test]
fn unset_follows_the_platform_since_4_6_2() {
    let unset = settings("system", "");
    assert_eq!(says(&[&unset]), "unknown");
    assert_eq!(says(&[&unset, KUBERNETES]), "false");
    assert_eq!(says(&[&unset, OPENSHIFT]), "true");
    let old = stream(&[&PGCLUSTER.replace("4.7.10", "4.5.9"), &unset, OPENSHIFT]);
    assert_eq!(
        World::partial(&old).says("operator.v4DisableFsGroup"),
        "false"
    );
}

#[test]
fn unseen_settings_are_asked_for_where_the_operator_is() {
    let alone = World::partial(PGCLUSTER);
    assert_eq!(
        alone.asks("operator.v4DisableFsGroup"),
        "kubectl get configmaps -A --field-selector metadata.name=pgo-config -o yaml"
    );
    let beside = World::partial(&stream(&[PGCLUSTER, OPERATOR]));
    assert_eq!(
        beside.asks("operator.v4DisableFsGroup"),
        "kubectl get configmap pgo-config -n system -o yaml"
    );
}

#[test]
fn settings_that_cannot_be_read_say_nothing() {
    let broken = settings("system", "{unclosed");
    assert_eq!(says(&[&broken]), "unknown");
}
