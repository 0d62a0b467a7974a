//! What people asked for help with in public, as drafts of our own: what they would have been told, at which line, and a draft that does
//! the same thing right, of which that is not said.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common;

/// A thread: the issue of PGO (or of its examples), the release, the rule, what stands on the line, and both specs.
struct Thread {
    issue: &'static str,
    target: &'static str,
    rule: &'static str,
    line: &'static str,
    wrong: &'static str,
    right: &'static str,
    /// Objects beside it; `NAMESPACE` stands for the draft's own.
    beside: &'static str,
}

const SET: &str = "  postgresVersion: 16\n  instances:\n  - name: db\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\n";
const REPO: &str = "  backups:\n    pgbackrest:\n      repos:\n      - name: repo1\n        volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}\n";
const NOTHING: &str = "";

const THREADS: [Thread; 23] = [
    Thread {
        issue: "3155: certificates that are not to be verified",
        target: "5.8.9",
        rule: "global-option-unknown",
        line: "repo1-verify-tls",
        wrong: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /zoo\n        repo1-verify-tls: \"n\"\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: zoo-backups, endpoint: minio.zoo.example, region: eu}\n",
        right: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /zoo\n        repo1-storage-verify-tls: \"n\"\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: zoo-backups, endpoint: minio.zoo.example, region: eu}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "2421: an option that this pgBackRest does not have yet",
        target: "5.0.3",
        rule: "global-option-of-another-pgbackrest",
        line: "repo1-bundle",
        wrong: "SET13  backups:\n    pgbackrest:\n      global:\n        repo1-retention-full: \"2\"\n        repo1-bundle: \"y\"\n      repos:\n      - name: repo1\n        volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}\n",
        right: "SET13  backups:\n    pgbackrest:\n      global:\n        repo1-retention-full: \"2\"\n        repo1-hardlink: \"y\"\n      repos:\n      - name: repo1\n        volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3542: a Postgres newer than the operator",
        target: "5.2.1",
        rule: "release-lacks-a-field",
        line: "postgresVersion: 15",
        wrong: "  postgresVersion: 15\n  instances:\n  - name: db\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\nREPO",
        right: "  postgresVersion: 14\n  instances:\n  - name: db\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\nREPO",
        beside: NOTHING,
    },
    Thread {
        issue: "3458: only the claim is named, and the database is empty",
        target: "5.8.9",
        rule: "data-volume-without-directory",
        line: "pgDataVolume:",
        wrong: "SETREPO  dataSource:\n    volumes:\n      pgDataVolume:\n        pvcName: zebra\n",
        right: "SETREPO  dataSource:\n    volumes:\n      pgDataVolume:\n        pvcName: zebra\n        directory: zebra\n",
        beside: "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: zebra, namespace: NAMESPACE, labels: {pg-cluster: zebra, vendor: crunchydata}}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\n",
    },
    Thread {
        issue: "3003: images that nodes may not take",
        target: "5.8.9",
        rule: "private-image-without-pull-secret",
        line: "image: registry.zoo.example",
        wrong: "SETREPO  image: registry.zoo.example/postgres:ubi9-16.4-2\n",
        right: "SETREPO  image: registry.zoo.example/postgres:ubi9-16.4-2\n  imagePullSecrets: [{name: zoo-registry}]\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3534: a store with a certificate of its own authority",
        target: "5.7.9",
        rule: "private-endpoint-without-ca",
        line: "endpoint: minio.zoo.internal",
        wrong: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /zoo\n        repo1-s3-uri-style: path\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3:\n          bucket: zoo-backups\n          endpoint: minio.zoo.internal\n          region: eu\n",
        right: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /zoo\n        repo1-s3-uri-style: path\n        repo1-storage-ca-file: /etc/pgbackrest/conf.d/ca.crt\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3:\n          bucket: zoo-backups\n          endpoint: minio.zoo.internal\n          region: eu\n",
        beside: NOTHING,
    },
    Thread {
        issue: "2805: stanza-create asks for a key",
        target: "5.8.9",
        rule: "repository-without-credentials",
        line: "- name: repo1",
        wrong: "SET  backups:\n    pgbackrest:\n      global: {repo1-path: /zoo}\n      repos:\n      - name: repo1\n        s3: {bucket: zoo-backups, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        right: "SET  backups:\n    pgbackrest:\n      global: {repo1-path: /zoo}\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: zoo-backups, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3629: certificates for clients and none for replication",
        target: "5.8.9",
        rule: "one-certificate-of-two",
        line: "customTLSSecret:",
        wrong: "SETREPO  customTLSSecret: {name: zoo-tls}\n",
        right: "SETREPO  customTLSSecret: {name: zoo-tls}\n  customReplicationTLSSecret: {name: zoo-replication}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3044: tablespaces that the operator leaves out",
        target: "5.8.9",
        rule: "tablespaces-behind-a-gate",
        line: "- name: fast",
        wrong: "  postgresVersion: 16\n  instances:\n  - name: db\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\n    tablespaceVolumes:\n    - name: fast\n      dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\nREPO",
        right: "  postgresVersion: 16\n  instances:\n  - name: db\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\n    walVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\nREPO",
        beside: NOTHING,
    },
    Thread {
        issue: "4055: two clusters and one path",
        target: "5.8.9",
        rule: "repository-of-another-cluster",
        line: "repo1-path: /pgbackrest/repo1",
        wrong: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /pgbackrest/repo1\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: herd, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        right: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /pgbackrest/zebra/repo1\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: herd, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        beside: "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: okapi, namespace: NAMESPACE}\nspec:\n  postgresVersion: 16\n  instances: [{name: db, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}}]\n  backups: {pgbackrest: {configuration: [{secret: {name: keys}}], repos: [{name: repo1, s3: {bucket: herd, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}}]}}\n",
    },
    Thread {
        issue: "3086: a new database over the backups of another",
        target: "5.8.9",
        rule: "fresh-cluster-on-v4-path",
        line: "repo1-path: /backrestrepo",
        wrong: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /backrestrepo/zebra-backrest-shared-repo\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: zoo-old, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        right: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /backrestrepo/zebra-backrest-shared-repo\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: zoo-old, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n  standby: {enabled: true, repoName: repo1}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "examples 82: a bucket with its address",
        target: "5.8.9",
        rule: "bucket-with-path",
        line: "bucket: s3://zoo-backups",
        wrong: "SET  backups:\n    pgbackrest:\n      global: {repo1-path: /zoo}\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3:\n          bucket: s3://zoo-backups\n          endpoint: s3.eu-central-1.amazonaws.com\n          region: eu-central-1\n",
        right: "SET  backups:\n    pgbackrest:\n      global: {repo1-path: /zoo}\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3:\n          bucket: zoo-backups\n          endpoint: s3.eu-central-1.amazonaws.com\n          region: eu-central-1\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3403: a claim that is to be copied by the storage",
        target: "5.8.9",
        rule: "claim-asks-for-a-certain-volume",
        line: "dataSource:",
        wrong: "  postgresVersion: 16\n  instances:\n  - name: db\n    dataVolumeClaimSpec:\n      accessModes: [ReadWriteOnce]\n      resources: {requests: {storage: 10Gi}}\n      dataSource: {kind: PersistentVolumeClaim, name: zebra}\nREPO  dataSource: {volumes: {pgDataVolume: {pvcName: zebra, directory: zebra}}}\n",
        right: "SETREPO  dataSource: {volumes: {pgDataVolume: {pvcName: zebra, directory: zebra}}}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3319: a store that knows no buckets in front of its name",
        target: "5.8.9",
        rule: "object-store-without-path-style",
        line: "endpoint: minio.zoo.example",
        wrong: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /zoo\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3:\n          bucket: zoo-backups\n          endpoint: minio.zoo.example\n          region: eu\n",
        right: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /zoo\n        repo1-s3-uri-style: path\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3:\n          bucket: zoo-backups\n          endpoint: minio.zoo.example\n          region: eu\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3674: one volume for two instances",
        target: "5.8.9",
        rule: "one-volume-for-several-instances",
        line: "volumeName: pv-zebra",
        wrong: "  postgresVersion: 16\n  instances:\n  - name: db\n    replicas: 2\n    dataVolumeClaimSpec:\n      accessModes: [ReadWriteOnce]\n      resources: {requests: {storage: 10Gi}}\n      volumeName: pv-zebra\nREPO",
        right: "  postgresVersion: 16\n  instances:\n  - name: db\n    replicas: 1\n    dataVolumeClaimSpec:\n      accessModes: [ReadWriteOnce]\n      resources: {requests: {storage: 10Gi}}\n      volumeName: pv-zebra\nREPO",
        beside: NOTHING,
    },
    Thread {
        issue: "3572: an image with PostGIS, and no version of it",
        target: "5.7.9",
        rule: "gis-image-without-version",
        line: "image: registry.developers",
        wrong: "SETREPO  image: registry.developers.crunchydata.com/crunchydata/crunchy-postgres-gis:ubi8-16.4-3.4-2\n",
        right: "SETREPO  image: registry.developers.crunchydata.com/crunchydata/crunchy-postgres-gis:ubi8-16.4-3.4-2\n  postGISVersion: \"3.4\"\n",
        beside: NOTHING,
    },
    Thread {
        issue: "2534: rules of one's own, and nobody else gets in",
        target: "5.8.9",
        rule: "own-pg-hba-without-catch-all",
        line: "- host legacy legacy",
        wrong: "SETREPO  patroni:\n    dynamicConfiguration:\n      postgresql:\n        pg_hba:\n        - host legacy legacy 10.0.0.0/8 md5\n",
        right: "SETREPO  patroni:\n    dynamicConfiguration:\n      postgresql:\n        pg_hba:\n        - host legacy legacy 10.0.0.0/8 md5\n        - hostssl all all all scram-sha-256\n",
        beside: NOTHING,
    },
    Thread {
        issue: "3283: a fifth repository",
        target: "5.8.9",
        rule: "schema-value",
        line: "- name: repo5",
        wrong: "SETREPO      - name: repo5\n        volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}\n",
        right: "SETREPO      - name: repo4\n        volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "4472: replicas beside a database that was just restored",
        target: "5.8.7",
        rule: "several-instances-at-bootstrap",
        line: "instances:",
        wrong: "  postgresVersion: 16\n  instances:\n  - name: db\n    replicas: 3\n    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}\nREPO  dataSource: {postgresCluster: {clusterName: okapi, repoName: repo1}}\n",
        right: "SETREPO  dataSource: {postgresCluster: {clusterName: okapi, repoName: repo1}}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "4073: a restore from a volume of elsewhere",
        target: "5.7.2",
        rule: "pgbackrest-source-on-volume",
        line: "storage: 21Gi",
        wrong: "SETREPO  dataSource:\n    pgbackrest:\n      stanza: db\n      repo:\n        name: repo1\n        volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 21Gi}}}}\n",
        right: "SETREPO  dataSource:\n    pgbackrest:\n      stanza: db\n      configuration: [{secret: {name: keys}}]\n      global: {repo1-path: /zoo}\n      repo:\n        name: repo1\n        s3: {bucket: zoo-backups, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        beside: NOTHING,
    },
    Thread {
        issue: "4402: a mesh that speaks TLS for Postgres",
        target: "5.8.9",
        rule: "service-mesh-in-namespace",
        line: "istio-injection",
        wrong: "SETREPO",
        right: "SETREPO  metadata: {annotations: {sidecar.istio.io/inject: \"false\"}, labels: {sidecar.istio.io/inject: \"false\"}}\n",
        beside: "apiVersion: v1\nkind: Namespace\nmetadata: {name: NAMESPACE, labels: {istio-injection: enabled}}\n",
    },
    Thread {
        issue: "3711: another path for the repository of a cluster that runs",
        target: "5.8.9",
        rule: "repository-path-changed",
        line: "repo1-path: /new",
        wrong: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /new\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: den, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        right: "SET  backups:\n    pgbackrest:\n      global:\n        repo1-path: /old\n      configuration: [{secret: {name: keys}}]\n      repos:\n      - name: repo1\n        s3: {bucket: den, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}\n",
        beside: "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: zebra, namespace: NAMESPACE, uid: 5d1c}\nspec:\n  postgresVersion: 16\n  instances: [{name: db, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}}]\n  backups: {pgbackrest: {global: {repo1-path: /old}, configuration: [{secret: {name: keys}}], repos: [{name: repo1, s3: {bucket: den, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}}]}}\nstatus: {observedGeneration: 3, conditions: [{type: PostgresDataInitialized, status: \"True\"}]}\n",
    },
    Thread {
        issue: "3084: a claim that waits for its class",
        target: "5.8.9",
        rule: "storage-class-absent",
        line: "storageClassName: fast",
        wrong: "  postgresVersion: 16\n  instances:\n  - name: db\n    dataVolumeClaimSpec:\n      storageClassName: fast\n      accessModes: [ReadWriteOnce]\n      resources: {requests: {storage: 10Gi}}\nREPO",
        right: "  postgresVersion: 16\n  instances:\n  - name: db\n    dataVolumeClaimSpec:\n      storageClassName: standard\n      accessModes: [ReadWriteOnce]\n      resources: {requests: {storage: 10Gi}}\nREPO",
        beside: "apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: standard}\nprovisioner: zoo.example\n",
    },
];

/// The draft of a thread, and what is beside it.
fn texts(thread: &Thread, spec: &str, namespace: &str) -> (String, String) {
    let old = SET.replace("16", "13");
    let spec = spec
        .replace("SET13", &old)
        .replace("SET", SET)
        .replace("REPO", REPO);
    let head = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata:\n  name: zebra\n";
    let draft = format!("{head}  namespace: {namespace}\nspec:\n{spec}");
    (draft, thread.beside.replace("NAMESPACE", namespace))
}

/// The JSON report on some drafts.
fn report(text: &str, target: &str) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("drafts.yaml");
    std::fs::write(&file, text).unwrap();
    let output = common::program()
        .arg("check")
        .arg(&file)
        .args(["--target", target, "--format", "json", "--no-config"])
        .args(["--assume-complete", "--now", "2026-11-20T12:00:00Z"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn who_files_such_a_thread_is_told_the_line_before() {
    let mut wrong = Vec::new();
    let mut by_target: BTreeMap<&str, Vec<&Thread>> = BTreeMap::new();
    for thread in &THREADS {
        by_target.entry(thread.target).or_default().push(thread);
    }
    for (target, threads) in by_target {
        for right in [false, true] {
            let mut text = String::new();
            let mut lines = Vec::new();
            for (number, thread) in threads.iter().enumerate() {
                let spec = if right { thread.right } else { thread.wrong };
                let (draft, beside) = texts(thread, spec, &format!("zoo-{number}"));
                let before = text.lines().count() + 1;
                let both = format!("---\n{draft}---\n{beside}");
                let within = both.lines().position(|line| line.contains(thread.line));
                lines.push(within.map(|line| before + line));
                text.push_str(&both);
            }
            let report = report(&text, target);
            let findings = report["findings"].as_array().unwrap();
            for (number, thread) in threads.iter().enumerate() {
                let own = findings.iter().filter(|finding| {
                    finding["subject"]["namespace"] == format!("zoo-{number}")
                        && finding["subject"]["name"] == "zebra"
                        && finding["rule"] == thread.rule
                        && finding["outcome"] == "fires"
                });
                let at: Vec<Option<usize>> = own
                    .map(|one| one["labels"][0]["startLine"].as_u64())
                    .map(|line| line.and_then(|line| usize::try_from(line).ok()))
                    .collect();
                let expected = if right { vec![] } else { vec![lines[number]] };
                if at != expected {
                    wrong.push(format!(
                        "{} ({right}): {at:?}, not {expected:?}",
                        thread.issue
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
