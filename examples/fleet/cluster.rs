//! One v4 cluster: about fourteen objects and 27 KB of YAML, as a kubectl export has them.

use serde_json::{Value, json};

const BUCKET: &str = "backups";
const ENDPOINT: &str = "s3.eu-central-1.amazonaws.com";
const REGION: &str = "eu-central-1";
const TAG: &str = "ubi8-13.10-4.7.10";
const REGISTRY: &str = "registry.developers.crunchydata.com/crunchydata";

/// What sets a cluster apart from the plain case.
#[derive(Clone, Copy, PartialEq)]
enum Trait {
    Plain,
    S3,
    PosixAndS3,
    Failover,
    Wal,
    Nfs,
    Tablespaces,
    ShutDown,
    DeletePolicy,
}

const MIX: [Trait; 12] = [
    Trait::Plain,
    Trait::S3,
    Trait::Failover,
    Trait::Plain,
    Trait::Wal,
    Trait::PosixAndS3,
    Trait::Nfs,
    Trait::Plain,
    Trait::DeletePolicy,
    Trait::Tablespaces,
    Trait::ShutDown,
    Trait::S3,
];

struct Cluster {
    name: String,
    namespace: String,
    primary: String,
    kind: Trait,
}

/// The name of the n-th cluster.
pub fn name(number: usize) -> String {
    format!("db-{number:05}")
}

/// The namespace of the n-th cluster.
pub fn namespace(number: usize) -> String {
    format!("team-{:03}", number % 100)
}

/// The objects of the n-th cluster.
pub fn objects(number: usize) -> Vec<Value> {
    let name = name(number);
    let kind = MIX.get(number % MIX.len()).copied().unwrap_or(Trait::Plain);
    let primary = if kind == Trait::Failover {
        format!("{name}-jgut")
    } else {
        name.clone()
    };
    let cluster = Cluster {
        namespace: namespace(number),
        primary,
        kind,
        name,
    };
    let repo = format!("{}-pgbr-repo", cluster.name);
    let mut objects = vec![pgcluster(&cluster)];
    let mut instances = vec![cluster.primary.clone()];
    if kind == Trait::Failover {
        instances.push(cluster.name.clone());
        objects.push(replica(&cluster));
    }
    for instance in &instances {
        let role = if *instance == cluster.primary {
            "master"
        } else {
            "replica"
        };
        objects.push(deployment(&cluster, instance));
        if kind != Trait::ShutDown {
            objects.push(pod(&cluster, instance, role));
        }
        objects.extend(claim(&cluster, instance));
    }
    if kind == Trait::Wal {
        objects.extend(claim(&cluster, &format!("{}-wal", cluster.name)));
    }
    objects.push(repo_host(&cluster));
    objects.extend(claim(&cluster, &repo));
    objects.extend([
        job(&cluster),
        task(&cluster),
        service(&cluster),
        dcs(&cluster),
        settings(&cluster),
    ]);
    objects.push(secret(&cluster));
    objects
}

impl Cluster {
    fn replicas(&self) -> i32 {
        i32::from(self.kind != Trait::ShutDown)
    }

    fn repo_type(&self) -> &'static str {
        if self.kind == Trait::S3 {
            "s3"
        } else {
            "posix"
        }
    }

    fn metadata(&self, name: &str, labels: Value) -> Value {
        let mut labels = labels;
        labels["pg-cluster"] = json!(self.name);
        labels["vendor"] = json!("crunchydata");
        json!({
            "creationTimestamp": "2025-03-01T09:00:00Z", "labels": labels, "name": name, "namespace": self.namespace,
            "resourceVersion": "114097331", "uid": format!("5e25b9ea-7d11-45c6-9a6b-{:0>12}", name.len() * 7919),
            "managedFields": [{
                "apiVersion": "v1", "fieldsType": "FieldsV1", "manager": "kubectl-client-side-apply", "operation": "Update",
                "time": "2025-03-01T09:00:00Z",
                "fieldsV1": {"f:metadata": {"f:labels": {".": {}, "f:pg-cluster": {}, "f:vendor": {}}}, "f:spec": {"f:replicas": {}, "f:template": {}}},
            }],
        })
    }
}

fn storage(size: &str, class: &str, kind: &str) -> Value {
    json!({
        "accessmode": if kind.is_empty() { "" } else { "ReadWriteOnce" }, "matchLabels": "", "name": "", "size": size,
        "storageclass": class, "storagetype": kind, "supplementalgroups": "",
    })
}

fn pgcluster(cluster: &Cluster) -> Value {
    let (s3, both) = (cluster.kind == Trait::S3, cluster.kind == Trait::PosixAndS3);
    let types = if both {
        json!(["posix", "s3"])
    } else {
        json!([cluster.repo_type()])
    };
    let wal = if cluster.kind == Trait::Wal {
        storage("20Gi", "fast", "dynamic")
    } else {
        storage("", "", "")
    };
    let tablespaces = if cluster.kind == Trait::Tablespaces {
        json!({"archive": storage("10Gi", "fast", "dynamic")})
    } else {
        json!({})
    };
    let (bucket, endpoint, region) = if s3 || both {
        (BUCKET, ENDPOINT, REGION)
    } else {
        ("", "", "")
    };
    let (state, message) = if cluster.kind == Trait::ShutDown {
        (
            "pgcluster Shutdown",
            "Database shutdown along with the following services: []",
        )
    } else {
        ("pgcluster Initialized", "Cluster has been initialized")
    };
    let mut metadata = cluster.metadata(&cluster.name, json!({
        "crunchy-pgha-scope": cluster.name, "deployment-name": cluster.primary, "name": cluster.name,
        "pgo-version": "4.7.10", "pgouser": "admin", "workflowid": "89863c51-72b9-4e6b-85d3-25b8d51f11bb",
    }));
    metadata["annotations"] = json!({
        "current-primary": cluster.primary, "keep-backups": "true", "keep-data": "true", "primary-deployment": cluster.primary,
    });
    json!({
        "apiVersion": "crunchydata.com/v1", "kind": "Pgcluster", "metadata": metadata,
        "spec": {
            "BackrestStorage": storage("20Gi", "fast", "dynamic"), "PGAdminStorage": storage("", "", ""),
            "PrimaryStorage": storage("20Gi", "fast", "dynamic"), "ReplicaStorage": storage("20Gi", "fast", "dynamic"),
            "WALStorage": wal, "annotations": {}, "backrestConfig": [], "backrestLimits": {}, "backrestRepoPath": "",
            "backrestResources": {"memory": "48Mi"}, "backrestS3Bucket": bucket, "backrestS3Endpoint": endpoint,
            "backrestS3Region": region, "backrestS3URIStyle": "", "backrestS3VerifyTLS": "", "backrestStorageTypes": types,
            "ccpimage": "crunchy-postgres-ha", "ccpimageprefix": REGISTRY, "ccpimagetag": TAG, "clustername": cluster.name,
            "customconfig": "", "database": cluster.name, "disableAutofail": false, "exporter": false, "exporterport": "9187",
            "limits": {}, "name": cluster.name, "nodeAffinity": {"default": null}, "passwordType": "", "pgBadger": false,
            "pgBouncer": {"limits": {}, "replicas": 0, "resources": {"memory": "24Mi"}, "serviceType": "", "tlsSecret": ""},
            "pgDataSource": {"namespace": "", "restoreFrom": "", "restoreOpts": ""}, "pgbadgerport": "10000",
            "podAntiAffinity": {"default": "preferred", "pgBackRest": "preferred", "pgBouncer": "preferred"},
            "policies": "", "port": "5432", "replicas": "0", "resources": {"memory": "2Gi"}, "serviceType": "",
            "shutdown": cluster.kind == Trait::ShutDown, "standby": false, "status": "completed", "tablespaceMounts": tablespaces,
            "tls": {"caSecret": "", "replicationTLSSecret": "", "tlsSecret": ""}, "tlsOnly": false, "tolerations": null,
            "user": "app", "userlabels": {"pgo-version": "4.7.10", "workflowid": "89863c51-72b9-4e6b-85d3-25b8d51f11bb"},
        },
        "status": {"message": message, "state": state},
    })
}

fn replica(cluster: &Cluster) -> Value {
    json!({
        "apiVersion": "crunchydata.com/v1", "kind": "Pgreplica",
        "metadata": cluster.metadata(&cluster.primary, json!({"name": cluster.primary, "pgouser": "admin"})),
        "spec": {
            "clustername": cluster.name, "name": cluster.primary, "replicastorage": storage("20Gi", "fast", "dynamic"),
            "status": "completed", "userlabels": {"pgo-version": "4.7.10"},
        },
        "status": {"message": "Successfully processed Pgreplica by controller", "state": "pgreplica Processed"},
    })
}

fn instance_labels(cluster: &Cluster, instance: &str) -> Value {
    json!({
        "crunchy-pgha-scope": cluster.name, "deployment-name": instance, "name": instance, "pgo-pg-database": "true",
        "pgo-version": "4.7.10", "pgouser": "admin", "service-name": cluster.name, "pg-cluster": cluster.name, "vendor": "crunchydata",
    })
}

/// The settings of the bucket, as PGO v4 gives them to whatever runs pgBackRest.
fn bucket_env(cluster: &Cluster) -> Vec<Value> {
    if !matches!(cluster.kind, Trait::S3 | Trait::PosixAndS3) {
        return Vec::new();
    }
    vec![
        json!({"name": "PGBACKREST_REPO1_S3_BUCKET", "value": BUCKET}),
        json!({"name": "PGBACKREST_REPO1_S3_ENDPOINT", "value": ENDPOINT}),
        json!({"name": "PGBACKREST_REPO1_S3_REGION", "value": REGION}),
        json!({"name": "PGHA_PGBACKREST_S3_VERIFY_TLS", "value": "true"}),
    ]
}

fn instance_spec(cluster: &Cluster, instance: &str) -> Value {
    let path = format!("/backrestrepo/{}-backrest-shared-repo", cluster.name);
    let mut env = vec![
        json!({"name": "PGHA_PG_PORT", "value": "5432"}),
        json!({"name": "PATRONI_POSTGRESQL_DATA_DIR", "value": format!("/pgdata/{instance}")}),
        json!({"name": "PGBACKREST_STANZA", "value": "db"}),
        json!({"name": "PGBACKREST_REPO1_PATH", "value": path}),
        json!({"name": "PGBACKREST_DB_PATH", "value": format!("/pgdata/{instance}")}),
        json!({"name": "PGBACKREST_REPO1_TYPE", "value": cluster.repo_type()}),
        json!({"name": "PGHA_TLS_ENABLED", "value": "false"}),
        json!({"name": "PGHA_PASSWORD_TYPE", "value": "md5"}),
    ];
    env.extend(bucket_env(cluster));
    for number in 0..12 {
        env.push(json!({"name": format!("PGHA_SETTING_{number}"), "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}}));
    }
    let mut volumes =
        vec![json!({"name": "pgdata", "persistentVolumeClaim": {"claimName": instance}})];
    if cluster.kind == Trait::Wal {
        env.push(json!({"name": "PGHA_WALDIR", "value": format!("/pgwal/{instance}-wal")}));
        volumes.push(json!({"name": "pgwal", "persistentVolumeClaim": {"claimName": format!("{instance}-wal")}}));
    }
    for secret in ["user-volume", "primary-volume", "root-volume"] {
        volumes.push(json!({"name": secret, "secret": {"defaultMode": 420, "secretName": format!("{}-{secret}", cluster.name)}}));
    }
    json!({
        "containers": [{
            "env": env, "image": format!("{REGISTRY}/crunchy-postgres-ha:{TAG}"), "imagePullPolicy": "IfNotPresent", "name": "database",
            "livenessProbe": {"exec": {"command": ["/opt/crunchy/bin/postgres-ha/health/pgha-liveness.sh"]}, "failureThreshold": 3, "initialDelaySeconds": 30, "periodSeconds": 15},
            "readinessProbe": {"exec": {"command": ["/opt/crunchy/bin/postgres-ha/health/pgha-readiness.sh"]}, "initialDelaySeconds": 15},
            "resources": {"requests": {"memory": "2Gi"}},
            "volumeMounts": [{"mountPath": "/pgdata", "name": "pgdata"}, {"mountPath": "/pgconf/pguser", "name": "user-volume"}],
        }],
        "securityContext": {"fsGroup": 26, "runAsNonRoot": true}, "serviceAccountName": "pgo-pg", "terminationGracePeriodSeconds": 30, "volumes": volumes,
    })
}

fn deployment(cluster: &Cluster, instance: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": cluster.metadata(instance, instance_labels(cluster, instance)),
        "spec": {
            "replicas": cluster.replicas(), "selector": {"matchLabels": {"deployment-name": instance, "pg-cluster": cluster.name}},
            "template": {"metadata": {"labels": instance_labels(cluster, instance)}, "spec": instance_spec(cluster, instance)},
        },
        "status": {"availableReplicas": cluster.replicas(), "readyReplicas": cluster.replicas(), "replicas": cluster.replicas()},
    })
}

fn pod(cluster: &Cluster, instance: &str, role: &str) -> Value {
    let mut labels = instance_labels(cluster, instance);
    labels["role"] = json!(role);
    let mut spec = instance_spec(cluster, instance);
    spec["nodeName"] = json!("node01");
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": cluster.metadata(&format!("{instance}-6d5f7c9b8-x2x4z"), labels),
        "spec": spec,
        "status": {"conditions": [{"status": "True", "type": "Ready"}], "phase": "Running"},
    })
}

/// A claim and its volume.
fn claim(cluster: &Cluster, name: &str) -> [Value; 2] {
    let nfs = cluster.kind == Trait::Nfs && name.ends_with("-pgbr-repo");
    let class = if nfs { "nfs" } else { "fast" };
    let policy = if cluster.kind == Trait::DeletePolicy {
        "Delete"
    } else {
        "Retain"
    };
    let volume = format!("pvc-{}-{name}", cluster.namespace);
    let mut source = if nfs {
        json!({"nfs": {"path": format!("/exports/{name}"), "server": "nfs.example.com"}})
    } else {
        json!({"csi": {"driver": "block.csi.example.com", "fsType": "ext4", "volumeHandle": volume}})
    };
    source["accessModes"] = json!(["ReadWriteOnce"]);
    source["capacity"] = json!({"storage": "20Gi"});
    source["claimRef"] = json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "name": name, "namespace": cluster.namespace});
    source["persistentVolumeReclaimPolicy"] = json!(policy);
    source["storageClassName"] = json!(class);
    [
        json!({
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": cluster.metadata(name, json!({"pgremove": "true"})),
            "spec": {
                "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}}, "storageClassName": class,
                "volumeMode": "Filesystem", "volumeName": volume,
            },
            "status": {"accessModes": ["ReadWriteOnce"], "capacity": {"storage": "20Gi"}, "phase": "Bound"},
        }),
        json!({
            "apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"creationTimestamp": "2025-03-01T09:00:00Z", "name": volume},
            "spec": source, "status": {"phase": "Bound"},
        }),
    ]
}

fn repo_host(cluster: &Cluster) -> Value {
    let name = format!("{}-backrest-shared-repo", cluster.name);
    let labels = json!({"name": name, "pgo-backrest-repo": "true", "service-name": name});
    let mut env = vec![
        json!({"name": "PGBACKREST_STANZA", "value": "db"}),
        json!({"name": "PGBACKREST_REPO1_PATH", "value": format!("/backrestrepo/{name}")}),
        json!({"name": "PGBACKREST_REPO1_TYPE", "value": cluster.repo_type()}),
    ];
    env.extend(bucket_env(cluster));
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": cluster.metadata(&name, labels.clone()),
        "spec": {"replicas": cluster.replicas(), "selector": {"matchLabels": {"name": name}}, "template": {
            "metadata": {"labels": labels},
            "spec": {
                "containers": [{
                    "env": env,
                    "image": format!("{REGISTRY}/crunchy-pgbackrest-repo:ubi8-4.7.10"), "name": "database",
                    "volumeMounts": [{"mountPath": "/backrestrepo", "name": "backrestrepo"}],
                }],
                "securityContext": {"fsGroup": 26},
                "volumes": [{"name": "backrestrepo", "persistentVolumeClaim": {"claimName": format!("{}-pgbr-repo", cluster.name)}}],
            },
        }},
        "status": {"readyReplicas": cluster.replicas(), "replicas": cluster.replicas()},
    })
}

fn job(cluster: &Cluster) -> Value {
    let name = format!("backrest-backup-{}", cluster.name);
    json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": cluster.metadata(&name, json!({"backrest-command": "backup", "pgo-backrest": "true", "pgo-backrest-job": "true"})),
        "spec": {"template": {"spec": {"containers": [{
            "env": [{"name": "COMMAND", "value": "backup"}, {"name": "COMMAND_OPTS", "value": "--type=full"}],
            "image": format!("{REGISTRY}/crunchy-pgbackrest:ubi8-4.7.10"), "name": "backrest",
        }]}}},
        "status": {
            "completionTime": "2026-11-19T22:04:00Z", "conditions": [{"status": "True", "type": "Complete"}],
            "startTime": "2026-11-19T22:00:00Z", "succeeded": 1,
        },
    })
}

fn task(cluster: &Cluster) -> Value {
    let name = format!("backrest-backup-{}", cluster.name);
    json!({
        "apiVersion": "crunchydata.com/v1", "kind": "Pgtask", "metadata": cluster.metadata(&name, json!({"pgouser": "admin"})),
        "spec": {
            "name": name, "status": "job completed", "tasktype": "backrest",
            "parameters": {"backrest-command": "backup", "backrest-opts": "--type=full", "job-name": name, "pg-cluster": cluster.name},
        },
        "status": {"message": "Successfully processed Pgtask by controller", "state": "pgtask Processed"},
    })
}

fn service(cluster: &Cluster) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Service", "metadata": cluster.metadata(&cluster.name, json!({"name": cluster.name})),
        "spec": {
            "ports": [{"name": "postgres", "port": 5432, "protocol": "TCP", "targetPort": 5432}],
            "selector": {"pg-cluster": cluster.name, "role": "master"}, "type": "ClusterIP",
        },
        "status": {"loadBalancer": {}},
    })
}

fn parameters() -> Value {
    json!({
        "archive_mode": "on", "archive_timeout": 60, "max_connections": 200, "max_wal_senders": 6, "shared_buffers": "512MB",
        "shared_preload_libraries": "pgaudit.so,pg_stat_statements.so,pgnodemx.so", "wal_level": "logical", "work_mem": "4MB",
    })
}

fn dcs(cluster: &Cluster) -> Value {
    let settings = json!({"loop_wait": 10, "postgresql": {"parameters": parameters(), "use_pg_rewind": true}, "retry_timeout": 10, "ttl": 30});
    let mut metadata = cluster.metadata(
        &format!("{}-config", cluster.name),
        json!({"crunchy-pgha-scope": cluster.name}),
    );
    metadata["annotations"] =
        json!({"config": settings.to_string(), "initialize": "7000000000000000001"});
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata})
}

fn settings(cluster: &Cluster) -> Value {
    let text = format!(
        "postgresql:\n  parameters: {}\n  use_pg_rewind: true\n",
        parameters()
    );
    json!({
        "apiVersion": "v1", "data": {format!("{}-dcs-config", cluster.name): text, "init": "false"}, "kind": "ConfigMap",
        "metadata": cluster.metadata(&format!("{}-pgha-config", cluster.name), json!({"pgha-config": "true"})),
    })
}

/// The Secret's values are noise; they are there so that their being overwritten costs what it costs.
fn secret(cluster: &Cluster) -> Value {
    json!({
        "apiVersion": "v1", "data": {"password": "bm90IGEgcmVhbCBwYXNzd29yZA==", "username": "YXBw"}, "kind": "Secret",
        "metadata": cluster.metadata(&format!("{}-app-secret", cluster.name), json!({})), "type": "Opaque",
    })
}
