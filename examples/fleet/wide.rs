//! What a fleet shares: storage classes, CSI drivers, CRDs and both operators.

use serde_json::{Value, json};

/// The objects that belong to no single cluster.
pub fn objects() -> Vec<Value> {
    vec![
        class("fast", "block.csi.example.com", true),
        class("nfs", "nfs.example.com/provisioner", false),
        json!({
            "apiVersion": "storage.k8s.io/v1", "kind": "CSIDriver",
            "metadata": {"name": "block.csi.example.com"},
            "spec": {"attachRequired": true, "fsGroupPolicy": "File", "podInfoOnMount": false},
        }),
        crd("pgclusters", "crunchydata.com", "Pgcluster", "v1"),
        crd(
            "postgresclusters",
            "postgres-operator.crunchydata.com",
            "PostgresCluster",
            "v1beta1",
        ),
        operator(
            "postgres-operator",
            "pgo-system",
            "ubi8-4.7.10",
            &json!({"vendor": "crunchydata"}),
        ),
        operator(
            "pgo",
            "postgres-operator",
            "ubi9-5.8.2-0",
            &json!({"postgres-operator.crunchydata.com/control-plane": "postgres-operator"}),
        ),
    ]
}

fn class(name: &str, provisioner: &str, expandable: bool) -> Value {
    json!({
        "allowVolumeExpansion": expandable, "apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
        "metadata": {"name": name}, "provisioner": provisioner, "reclaimPolicy": "Delete",
        "volumeBindingMode": "WaitForFirstConsumer",
    })
}

fn crd(plural: &str, group: &str, kind: &str, version: &str) -> Value {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("{plural}.{group}")},
        "spec": {
            "group": group, "names": {"kind": kind, "plural": plural}, "scope": "Namespaced",
            "versions": [{"name": version, "served": true, "storage": true}],
        },
    })
}

fn operator(name: &str, namespace: &str, tag: &str, labels: &Value) -> Value {
    let image = format!("registry.developers.crunchydata.com/crunchydata/postgres-operator:{tag}");
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"labels": labels, "name": name, "namespace": namespace},
        "spec": {"replicas": 1, "selector": {"matchLabels": labels}, "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"image": image, "name": "operator"}]},
        }},
        "status": {"readyReplicas": 1, "replicas": 1},
    })
}
