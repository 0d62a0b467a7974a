//! The promise of an order of trust, for every order there is: hide the more trusted places, and the next one wins.
//!
//! In the worlds here each place says something else than the next one, so that one which reads another's is found out.

use std::collections::BTreeMap;

use crate::fact::trust::Answer;
use crate::fact::v4::FACTS;
use crate::fact::v4::testing::{PGCLUSTER, World, claim, deployment, stream, with};
use crate::fact::v4::traces::V4Order;

/// What the instance's environment says, and what it mounts besides its data.
fn running() -> String {
    let variables = [
        ("PGHA_PG_PORT", "5433"),
        ("PGHA_TLS_ENABLED", "false"),
        ("PGHA_TLS_ONLY", "true"),
        ("PGHA_DATABASE", "of-deployment"),
        ("PGHA_SYNC_REPLICATION", "true"),
        ("PGBACKREST_STANZA", "main"),
        ("PGBACKREST_REPO1_TYPE", "s3"),
        ("PGBACKREST_REPO1_PATH", "/backrestrepo/of-deployment"),
        ("PGBACKREST_REPO1_S3_BUCKET", "of-deployment"),
        ("PGBACKREST_REPO1_S3_ENDPOINT", "of.deployment"),
        ("PGBACKREST_REPO1_S3_REGION", "of-deployment"),
        ("PGBACKREST_REPO1_S3_URI_STYLE", "path"),
        ("PGHA_PGBACKREST_S3_VERIFY_TLS", "false"),
        ("PGBACKREST_REPO1_GCS_BUCKET", "of-deployment"),
        ("PGBACKREST_REPO1_GCS_ENDPOINT", "of.deployment"),
    ];
    let lines =
        variables.map(|(name, value)| format!("        - {{name: {name}, value: '{value}'}}\n"));
    let text = deployment("hippo", 1);
    let text = with(
        &text,
        "      - name: database\n        env:\n",
        &format!(
            "      - name: database\n        image: r/crunchy-postgres-ha:ubi8-13.10-4.7.10\n        env:\n{}",
            lines.concat()
        ),
    );
    let text = with(
        &text,
        "      volumes:",
        "        resources: {requests: {memory: 1Mi}}\n      - name: exporter\n        resources: {requests: {memory: 1Mi}}\n      - name: pgbadger\n      securityContext: {supplementalGroups: [5432]}\n      \
         tolerations: [{key: of-deployment}]\n      affinity: {nodeAffinity: {of: deployment}, podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{of: deployment}]}}\n      volumes:",
    );
    let text = with(
        &text,
        "  template:\n",
        "  template:\n    metadata: {annotations: {of: deployment}}\n",
    );
    with(
        &text,
        "status:",
        "      - name: tls-server\n        projected: {sources: [{secret: {name: of-deployment}}, {secret: {name: of-deployment-ca}}]}\n      \
         - name: pgwal\n        persistentVolumeClaim: {claimName: hippo-wal}\n      \
         - name: tablespace-mounted\n        persistentVolumeClaim: {claimName: hippo-tablespace-mounted}\n      \
         - name: user-volume\n        secret: {secretName: hippo-of-deployment-secret}\n      \
         - name: pgconf-volume\n        projected: {sources: [{configMap: {name: of-deployment}}, {configMap: {name: hippo-pgha-config}}]}\nstatus:",
    )
}

/// A pod that leads a standby, by its own word.
const LEADER: &str = "\
apiVersion: v1
kind: Pod
metadata: {name: hippo-x, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}, annotations: {status: '{\"role\":\"standby_leader\"}'}}
status: {phase: Running}
";

/// What PGO v4 keeps in the annotations of the repository's Secret.
const SECRET: &str = "\
apiVersion: v1
kind: Secret
metadata:
  name: hippo-backrest-repo-config
  namespace: pgo
  labels: {vendor: crunchydata, pg-cluster: hippo}
  annotations: {repo-path: /backrestrepo/of-secret, s3-bucket: of-secret, s3-endpoint: of.secret, s3-region: of-secret, s3-uri-style: host, s3-verify-tls: 'true', gcs-bucket: of-secret, gcs-endpoint: of.secret, gcs-key-type: service}
";

/// What was asked for.
fn asked() -> String {
    let fields = [
        "database: of-wish",
        "user: of-wish",
        "passwordType: trust",
        "serviceType: NodePort",
        "pgBouncer: {replicas: 2, serviceType: NodePort, resources: {memory: 2Mi}, tlsSecret: of-wish}",
        "resources: {memory: 2Mi}",
        "podAntiAffinity: {default: preferred}",
        "backrestResources: {memory: 2Mi}",
        "exporterResources: {memory: 2Mi}",
        "annotations: {global: {of: wish}}",
        "tls: {caSecret: of-wish-ca, tlsSecret: of-wish}",
        "syncReplication: false",
        "backrestStorageTypes: [gcs]",
        "backrestRepoPath: /backrestrepo/of-wish",
        "backrestS3Bucket: of-wish",
        "backrestS3Endpoint: of.wish",
        "backrestS3Region: of-wish",
        "backrestS3URIStyle: path",
        "backrestS3VerifyTLS: 'false'",
        "backrestGCSBucket: of-wish",
        "backrestGCSEndpoint: of.wish",
        "backrestGCSKeyType: token",
    ];
    let fields = fields.map(|field| format!("  {field}\n")).concat();
    let text = with(PGCLUSTER, "  syncReplication: false\n", &fields);
    let text = with(&text, "customconfig: ''", "customconfig: of-wish");
    let text = with(&text, "tolerations: null", "tolerations: [{key: of-wish}]");
    let text = with(
        &text,
        "nodeAffinity: {default: null}",
        "nodeAffinity: {default: {of: wish}}",
    );
    let text = with(
        &text,
        "name: hippo, size: 1Gi",
        "name: hippo, size: 1Gi, supplementalgroups: '65534'",
    );
    let text = with(&text, "crunchy-postgres-ha", "crunchy-postgres-gis-ha");
    let text = with(&text, "ubi8-13.10-4.7.10", "ubi7-13.8-4.7.8");
    with(
        &text,
        "tablespaceMounts: {}",
        "tablespaceMounts: {wished: {size: 1Gi}}",
    )
}

/// What PGO v4 itself is set to, and what it puts in the place of images.
const OPERATOR: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: postgres-operator, namespace: system}
spec: {template: {spec: {containers: [{name: apiserver, image: 'x/pgo-apiserver:ubi8-4.7.10', env: [{name: NAMESPACE, value: pgo}, {name: RELATED_IMAGE_CRUNCHY_POSTGRES_GIS_HA, value: 'r/crunchy-postgres-gis-ha:centos8-13.9-4.7.9'}]}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: pgo-config, namespace: system}
data:
  pgo.yaml: |
    Cluster:
      Database: of-operator
      ServiceType: ClusterIP
      SyncReplication: true
      BackrestS3Bucket: of-operator
      BackrestS3Endpoint: of.operator
      BackrestS3Region: of-operator
      BackrestS3URIStyle: host
      BackrestS3VerifyTLS: true
      BackrestGCSBucket: of-operator
      BackrestGCSEndpoint: of.operator
      BackrestGCSKeyType: service
";

/// What PGO v4 made for clients, and the custom configuration of the namespace.
const BESIDE: &str = "\
apiVersion: v1
kind: Service
metadata: {name: hippo, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}}
spec: {type: LoadBalancer}
---
apiVersion: v1
kind: Service
metadata: {name: hippo-pgbouncer, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}}
spec: {type: LoadBalancer}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: hippo-pgbouncer, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo, crunchy-pgbouncer: 'true'}}
spec:
  replicas: 3
  template:
    spec:
      containers: [{name: pgbouncer, resources: {requests: {memory: 1Mi}}}]
      volumes: [{name: tls-pgbouncer, projected: {sources: [{secret: {name: of-deployment}}]}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: hippo-pgadmin, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo, crunchy-pgadmin: 'true'}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: hippo-backrest-shared-repo, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}}
spec: {template: {spec: {containers: [{name: database, resources: {requests: {memory: 1Mi}}}]}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: pgo-custom-pg-config, namespace: pgo}
data: {postgres-ha.yaml: ''}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: of-deployment, namespace: pgo}
data:
  postgres-ha.yaml: |
    bootstrap: {dcs: {retry_timeout: 40, postgresql: {parameters: {archive_mode: always, archive_command: /bin/of-bootstrap}}}}
    postgresql: {parameters: {archive_mode: 'no', archive_command: /bin/of-custom}}
";

/// Patroni's own copy of its configuration, and PGO's.
const PATRONI: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: hippo-config
  namespace: pgo
  annotations:
    config: '{"pause": true, "retry_timeout": 20, "synchronous_mode": false, "postgresql": {"parameters": {"archive_mode": "off", "archive_command": "/bin/true", "password_encryption": "scram-sha-256"}}}'
---
apiVersion: v1
kind: ConfigMap
metadata: {name: hippo-pgha-config, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}}
data:
  hippo-dcs-config: "{retry_timeout: 30, postgresql: {parameters: {work_mem: 4MB}}}"
  hippo-local-config: "postgresql: {parameters: {archive_mode: 'on', archive_command: pgbackrest archive-push}}"
"#;

fn worlds() -> [World; 2] {
    let volumes = [
        claim("hippo"),
        claim("hippo-wal"),
        claim("hippo-tablespace-claimed"),
        claim("hippo-tablespace-mounted"),
    ]
    .join("---\n");
    let whole = [
        &running(),
        LEADER,
        SECRET,
        &asked(),
        OPERATOR,
        PATRONI,
        BESIDE,
        &volumes,
    ];
    // Of what a cluster left behind a Secret without buckets tells that there was only a volume.
    let left = with(SECRET, "s3-bucket: of-secret", "s3-bucket: ''");
    let left = with(&left, "gcs-bucket: of-secret", "gcs-bucket: ''");
    [
        World::complete(&stream(&whole)),
        World::complete(&stream(&[&left, &claim("hippo")])),
    ]
}

/// Every order by its address, with a fact that it tells.
fn orders() -> BTreeMap<usize, (&'static str, &'static V4Order)> {
    let facts = FACTS.facts().iter();
    let all = facts.flat_map(|fact| fact.orders.iter().map(|order| (fact.name, *order)));
    all.map(|(name, order)| (std::ptr::from_ref(order).addr(), (name, order)))
        .collect()
}

#[test]
fn with_the_more_trusted_hidden_the_next_place_wins() {
    let worlds = worlds();
    let mut wrong = Vec::new();
    for (fact, order) in orders().into_values() {
        let mut before: Option<String> = None;
        for (hidden, source) in order.sources.iter().enumerate() {
            let told = worlds.iter().find_map(|world| {
                let clusters = world.clusters();
                let hippo = clusters.iter().find(|cluster| cluster.name == "hippo")?;
                let told = order.tell_without(hippo, hidden);
                let wins = told.by == Some((source.trust, source.place));
                wins.then(|| told.value.value().cloned().flatten())
            });
            match told.flatten() {
                None => wrong.push(format!("{fact}: {} never wins", source.place)),
                Some(text) if before.as_ref() == Some(&text) => {
                    wrong.push(format!(
                        "{fact}: {} says what the one before it says",
                        source.place
                    ));
                }
                Some(text) => before = Some(text),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_places_stand_in_the_order_of_trust() {
    for (fact, order) in orders().into_values() {
        assert!(
            order.sources.is_sorted_by_key(|source| source.trust),
            "{fact}"
        );
    }
}

#[test]
fn everything_that_several_objects_tell_has_its_order() {
    let told: Vec<&str> = FACTS
        .facts()
        .iter()
        .filter(|fact| !fact.orders.is_empty())
        .map(|fact| fact.name)
        .collect();
    for fact in [
        "postgres.major",
        "postgres.minor",
        "postgres.parameters",
        "postgres.patroniSettings",
        "repo.types",
        "repo.bucket",
        "repo.endpoint",
        "repo.region",
        "repo.uriStyle",
        "repo.verifyTLS",
        "repo.path",
        "repo.archiving",
        "cluster.port",
        "cluster.syncReplication",
        "access.tls",
        "tablespaces.names",
        "volumes.notAsAsked",
        "cluster.serviceType",
        "cluster.customConfig",
        "addons.pgbouncer",
        "addons.pgbouncerService",
        "addons.pgbouncerResources",
        "addons.pgbouncerTlsSecret",
        "addons.exporterResources",
        "repo.resources",
        "access.tlsSecrets",
        "cluster.podAnnotations",
        "cluster.autofailOff",
        "instances.resources",
        "instances.tolerations",
        "instances.nodeAffinity",
        "instances.spread",
        "instances.supplementalGroups",
        "cluster.tolerations",
        "cluster.affinity",
        "access.user",
        "access.passwordType",
        "addons.names",
    ] {
        assert!(told.contains(&fact), "{fact} has no order of trust");
    }
}

#[test]
fn a_silent_place_contradicts_nothing() {
    // A Pgcluster that leaves the kind of repository to PGO does not ask for another one than runs.
    let world = World::complete(&stream(&[&running(), PGCLUSTER]));
    let clusters = world.clusters();
    let hippo = clusters
        .iter()
        .find(|cluster| cluster.name == "hippo")
        .unwrap();
    let (_, types) = orders()
        .into_values()
        .find(|(fact, _)| *fact == "repo.types")
        .unwrap();
    assert!(types.tell(hippo).against.is_empty());
    let default = types.sources.last().unwrap();
    assert!(matches!((default.says)(hippo), Answer::Says(_)));
}
