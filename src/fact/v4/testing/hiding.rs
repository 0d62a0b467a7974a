//! The promise of a partial view, for every fact: hide an object, and stop saying that all of its kind were seen, and
//! a fact stays as it was or becomes unknown. It never becomes another, and never becomes known.

use crate::fact::v4::testing::{
    CLASS, DRIVER, PGCLUSTER, World, claim, deployment, pod, stream, with,
};

/// Facts that by their definition tell of what is in the input, or take an unseen object for absent.
const OF_THE_INPUT: [&str; 24] = [
    "backup.stanzaFailed",
    "volumes.unreached",
    "cluster.seen",
    "cluster.v4Sources",
    "primary.sources",
    "cluster.namespaceSeen",
    "repo.customConfig",
    "repo.schedules",
    "repo.retention",
    "postgres.hba",
    "postgres.parameters",
    "postgres.preload",
    "instances.seen",
    "services.names",
    "workflow.deletion",
    "workflow.takesData",
    "workflow.takesBackups",
    "cluster.v5Orphans",
    "crd.v4Deleting",
    "primary.exec",
    "repo.exec",
    "repo.archivingUnchecked",
    "instances.asleep",
    "instances.doubled",
];

fn kind(document: &str) -> &str {
    let line = document
        .lines()
        .find_map(|line| line.strip_prefix("kind: "));
    line.unwrap_or_default()
}

/// Facts about the primary that hold only as far as it is certain which instance that is.
fn rests_on_the_primary(fact: &str) -> bool {
    let names = [
        "primary.name",
        "primary.dataDirectory",
        "primary.dataPath",
        "primary.dataOutside",
        "primary.running",
        "primary.ready",
        "primary.trouble",
        "replicas.names",
        "replicas.withPods",
        "replicas.asleep",
        "replicas.undeployed",
        "replicas.pgreplicas",
        "backup.afterWal",
    ];
    names.contains(&fact) || fact.starts_with("dataClaim.") || fact.starts_with("walClaim.")
}

/// Every violation, as text.
fn violations(documents: &str) -> Vec<String> {
    let documents: Vec<&str> = documents.split("\n---\n").collect();
    let before = World::complete(&stream(&documents)).all();
    let mut found = Vec::new();
    for hidden in 0..documents.len() {
        let mut left = documents.clone();
        let gone = left.remove(hidden);
        let part = World::without(kind(gone), &stream(&left));
        if !part
            .clusters()
            .iter()
            .any(|cluster| cluster.name == "hippo")
        {
            continue;
        }
        let after = part.all();
        let probable = after["primary.certain"] == "unknown";
        for (fact, after) in &after {
            let before = &before[fact];
            if after == before || after == "unknown" || OF_THE_INPUT.contains(fact) {
                continue;
            }
            if !(probable && rests_on_the_primary(fact)) {
                let name = gone
                    .lines()
                    .find(|line| line.contains("name: "))
                    .unwrap_or_default();
                found.push(format!(
                    "{fact}: {before} -> {after} without {} {}",
                    kind(gone),
                    name.trim()
                ));
            }
        }
    }
    found
}

fn base(parts: &[&str]) -> String {
    let rest = [&claim("hippo"), &claim("hippo-pgbr-repo"), DRIVER, CLASS];
    stream(&[parts, &rest].concat())
}

#[test]
fn hiding_an_object_never_makes_a_fact_something_else() {
    let jgut = with(
        PGCLUSTER,
        "current-primary: hippo",
        "current-primary: hippo-jgut",
    );
    let shut = PGCLUSTER
        .replace("Initialized", "Shutdown")
        .replace("shutdown: false", "shutdown: true");
    let sync = with(PGCLUSTER, "syncReplication: false", "syncReplication: null");
    let sync = with(
        &sync,
        "tablespaceMounts: {}",
        "tablespaceMounts: {lake: {size: 1Gi}}",
    );
    let sync = with(
        &sync,
        "WALStorage: {storagetype: ''",
        "WALStorage: {storagetype: dynamic",
    );
    let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: hippo-ha, namespace: pgo}\n";
    let wal = "      - name: pgwal\n        persistentVolumeClaim: {claimName: hippo-wal}\nstatus:";
    let logging = with(&deployment("hippo", 1), "status:", wal);
    let worlds = [
        base(&[PGCLUSTER, &deployment("hippo", 1), &pod("hippo", "master")]),
        base(&[
            &jgut,
            &deployment("hippo", 1),
            &deployment("hippo-jgut", 1),
            &claim("hippo-jgut"),
        ]),
        base(&[
            PGCLUSTER,
            &deployment("hippo-jgut", 1),
            &claim("hippo-jgut"),
            endpoints,
        ]),
        base(&[&shut, &deployment("hippo", 0), &deployment("hippo-abcd", 1)]),
        base(&[
            &sync,
            &logging,
            &claim("hippo-tablespace-lake"),
            &claim("hippo-wal"),
        ]),
        base(&[]),
        base(&[
            &claim("hippo-jgut"),
            &claim("hippo-tablespace-lake"),
            &claim("hippo-wal"),
        ]),
        base(&[&deployment("hippo", 1), &pod("hippo", "master")]),
    ];
    let worlds = worlds.into_iter().chain([with_everything_else()]);
    for (number, world) in worlds.enumerate() {
        assert_eq!(violations(&world), Vec::<String>::new(), "world {number}");
    }
}

/// Hippo with backups in S3, the operators, and what tells of them.
fn with_everything_else() -> String {
    let s3 = with(
        PGCLUSTER,
        "  port: '5432'",
        "  port: '5432'\n  backrestStorageTypes: [posix, s3]",
    );
    base(&[
        &s3,
        &with(
            &deployment("hippo", 1),
            "        env:\n",
            "        image: x/crunchy-postgres-ha:ubi8-13.10-4.7.10\n        env:\n        - {name: PGBACKREST_REPO1_TYPE, value: posix}\n        \
             - {name: PGHA_PGBACKREST_LOCAL_S3_STORAGE, value: 'true'}\n        - {name: PGBACKREST_REPO1_S3_BUCKET, value: b}\n        \
             - {name: PGBACKREST_REPO1_S3_ENDPOINT, value: s3.amazonaws.com}\n        - {name: PGBACKREST_REPO1_S3_REGION, value: eu}\n        \
             - {name: PGBACKREST_REPO1_S3_URI_STYLE, value: host}\n        - {name: PGHA_PGBACKREST_S3_VERIFY_TLS, value: 'true'}\n",
        ),
        &pod("hippo", "master"),
        "apiVersion: v1\nkind: Secret\nmetadata: {name: hippo-backrest-repo-config, namespace: pgo, labels: {pg-cluster: hippo}, \
         annotations: {repo-path: /backrestrepo/hippo-backrest-shared-repo, s3-bucket: b, s3-endpoint: s3.amazonaws.com, s3-region: eu, s3-uri-style: host, s3-verify-tls: 'true'}}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: hippo-app-secret, namespace: pgo, labels: {pg-cluster: hippo}}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hippo-config, namespace: pgo, labels: {crunchy-pgha-scope: hippo}, \
         annotations: {config: '{\"postgresql\":{\"parameters\":{\"work_mem\":\"4MB\"}}}'}}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hippo-config-backrest, namespace: pgo}\ndata: {a: repo1-retention-full=2}\n",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pgo-config, namespace: system}\ndata:\n  pgo.yaml: |\n    Cluster: {BackrestS3Region: eu, DisableFSGroup: true}\n",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: backrest-backup-hippo, namespace: pgo, labels: {pg-cluster: hippo, backrest-command: backup}}\n\
         status: {succeeded: 1, startTime: '2023-06-01T20:00:00Z', completionTime: '2023-06-01T20:30:00Z'}\n",
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: hippo-full-sch-backup, namespace: pgo, labels: {pg-cluster: hippo, backrest-command: backup}}\n\
         status: {failed: 1, startTime: '2023-06-01T22:00:00Z', conditions: [{type: Failed, status: 'True'}]}\n",
        "apiVersion: crunchydata.com/v1\nkind: Pgtask\nmetadata: {name: backrest-backup-hippo, namespace: pgo, labels: {pg-cluster: hippo}}\nspec: {status: job completed}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: postgres-operator, namespace: system}\n\
         spec: {template: {spec: {containers: [{name: apiserver, image: 'x/pgo-apiserver:ubi8-4.7.10', env: [{name: NAMESPACE, value: pgo}]}]}}}\n",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: pgo, namespace: v5, labels: {postgres-operator.crunchydata.com/control-plane: pgo}}\n\
         spec: {template: {spec: {containers: [{name: operator, image: 'x/postgres-operator:ubi9-5.8.2-0'}]}}}\n",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: postgresclusters.postgres-operator.crunchydata.com, labels: {app.kubernetes.io/version: 5.8.2}}\n",
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo, uid: u-1}\n",
    ])
}
