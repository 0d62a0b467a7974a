//! One draft: a v5 PostgresCluster that replaces the v4 cluster of the same number, some of them with a mistake.

use serde_json::{Value, json};

/// The draft of the n-th cluster: by volumes, from a backup, as a standby, or fresh.
pub fn object(number: usize) -> Value {
    let name = super::cluster::name(number);
    let mut spec = json!({
        "backups": {"pgbackrest": {
            "global": {"repo1-retention-full": "14", "repo1-retention-full-type": "count"},
            "repos": [{"name": "repo1", "schedules": {"full": "0 1 * * 0", "incremental": "0 1 * * 1-6"},
                "volume": {"volumeClaimSpec": claim("20Gi")}}],
        }},
        "instances": [{
            "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [{
                "podAffinityTerm": {
                    "labelSelector": {"matchLabels": {"postgres-operator.crunchydata.com/cluster": name}},
                    "topologyKey": "kubernetes.io/hostname",
                },
                "weight": 1,
            }]}},
            "dataVolumeClaimSpec": claim("50Gi"),
            "name": "pgha1",
            "replicas": 2,
            "resources": {"limits": {"cpu": "2", "memory": "4Gi"}, "requests": {"cpu": "500m", "memory": "4Gi"}},
        }],
        "openshift": false,
        "patroni": {"dynamicConfiguration": {"postgresql": {"parameters": {
            "max_connections": 300, "shared_buffers": "1GB", "work_mem": "16MB",
        }}}},
        "port": 5432,
        "postgresVersion": 13,
        "proxy": {"pgBouncer": {"config": {"global": {"pool_mode": "transaction"}}, "replicas": 2}},
        "users": [{"databases": ["app"], "name": "app"}, {"name": "postgres"}],
    });
    match number % 4 {
        0 => spec["dataSource"] = volumes(&name),
        1 => spec["dataSource"] = from_backup(&name),
        2 => follow(&mut spec, &name),
        _ => {}
    }
    if number % 16 == 9 {
        mistake(&mut spec);
    }
    json!({
        "apiVersion": "postgres-operator.crunchydata.com/v1beta1",
        "kind": "PostgresCluster",
        "metadata": {
            "labels": {"team": format!("team-{:03}", number % 100)},
            "name": name,
            "namespace": super::cluster::namespace(number),
        },
        "spec": spec,
    })
}

fn claim(size: &str) -> Value {
    json!({
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}, "storageClassName": "fast",
    })
}

fn volumes(name: &str) -> Value {
    json!({"volumes": {
        "pgBackRestVolume": {"directory": format!("{name}-backrest-shared-repo"), "pvcName": format!("{name}-pgbr-repo")},
        "pgDataVolume": {"directory": name, "pvcName": name},
    }})
}

fn from_backup(name: &str) -> Value {
    json!({"pgbackrest": {
        "configuration": [{"secret": {"name": format!("{name}-pgbackrest-s3")}}],
        "global": {"repo1-path": format!("/backrestrepo/{name}-backrest-shared-repo")},
        "options": ["--type=immediate"],
        "repo": {"name": "repo1", "s3": bucket()},
        "stanza": "db",
    }})
}

fn follow(spec: &mut Value, name: &str) {
    spec["standby"] = json!({"enabled": true, "repoName": "repo1"});
    let backrest = &mut spec["backups"]["pgbackrest"];
    backrest["configuration"] = json!([{"secret": {"name": format!("{name}-pgbackrest-s3")}}]);
    backrest["global"]["repo1-path"] = json!(format!("/backrestrepo/{name}-backrest-shared-repo"));
    backrest["repos"] = json!([{"name": "repo1", "s3": bucket()}]);
}

fn bucket() -> Value {
    json!({"bucket": "backups", "endpoint": "s3.eu-west-1.amazonaws.com", "region": "eu-west-1"})
}

/// A key of v4, a misspelt one, and a number where a text belongs.
fn mistake(spec: &mut Value) {
    spec["WALStorage"] = json!({"size": "5Gi"});
    spec["instances"][0]["replica"] = json!(2);
    spec["backups"]["pgbackrest"]["global"]["repo1-retention-full"] = json!(14);
}
