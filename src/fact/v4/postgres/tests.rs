//! What is said about Postgres itself.

use super::super::testing::{PGCLUSTER, World, claim, stream};

fn with(documents: &[&str]) -> World {
    World::partial(&stream(&[&[PGCLUSTER], documents].concat()))
}

fn tagged(tag: &str) -> String {
    PGCLUSTER.replace("ubi8-13.10-4.7.10", tag)
}

fn deployment(image: &str) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: hippo, namespace: pgo, labels: {{pg-cluster: hippo, vendor: crunchydata, pgo-pg-database: 'true'}}}}
spec: {{template: {{spec: {{containers: [{{name: exporter, image: 'x/other:9.9'}}, {{name: database, image: '{image}'}}]}}}}}}
"
    )
}

fn expect(world: &World, facts: &[(&str, &str)]) {
    for (fact, says) in facts {
        assert_eq!(world.says(fact), *says, "{fact}: {}", world.asks(fact));
    }
}

#[test]
fn the_tag_tells_version_and_base() {
    let world = with(&[]);
    expect(
        &world,
        &[
            ("postgres.version", "\"13.10\""),
            ("postgres.major", "\"13\""),
            ("postgres.majorNumber", "13"),
            ("postgres.minor", "10"),
            ("postgres.baseOS", "\"ubi8\""),
            ("postgres.el", "8"),
            ("postgres.gis", "false"),
            ("postgres.gisVersion", "\"\""),
            ("postgres.customImage", "false"),
        ],
    );
    assert_eq!(world.points_at("postgres.major"), "ubi8-13.10-4.7.10");
}

/// Trap 33: GIS tags have one part more, and 9.x a number more.
#[test]
fn gis_and_postgres_9_have_other_tags() {
    let gis =
        tagged("centos8-13.3-3.1-4.7.0").replace("crunchy-postgres-ha", "crunchy-postgres-gis-ha");
    expect(
        &World::partial(&gis),
        &[
            ("postgres.gis", "true"),
            ("postgres.gisVersion", "\"3.1\""),
            ("postgres.major", "\"13\""),
            ("postgres.customImage", "false"),
        ],
    );
    let old = tagged("centos7-9.6.20-4.5.1");
    expect(
        &World::partial(&old),
        &[
            ("postgres.version", "\"9.6.20\""),
            ("postgres.major", "\"9.6\""),
            ("postgres.majorNumber", "9"),
            ("postgres.minor", "20"),
            ("postgres.el", "7"),
        ],
    );
}

/// Trap 33: a private tag, or an image by digest.
#[test]
fn a_private_tag_falls_back_to_the_deployment_or_asks() {
    let private = tagged("production");
    let world = World::partial(&private);
    expect(
        &world,
        &[
            ("postgres.version", "unknown"),
            ("postgres.major", "unknown"),
            ("postgres.el", "0"),
            ("postgres.baseOS", "\"\""),
        ],
    );
    assert_eq!(
        world.asks("postgres.major"),
        "kubectl get deployments -n pgo -o yaml\nkubectl get pods -n pgo -o yaml"
    );
    // What runs can be asked itself.
    let tagged_privately = deployment("r/postgres:production");
    let running = World::partial(&stream(&[&private, &tagged_privately]));
    assert!(running.asks("postgres.major").contains(
        "kubectl exec -n pgo deployment/hippo -c database -- psql -Atc \"SHOW server_version\""
    ));
    assert_eq!(world.points_at("postgres.el"), "production");
    let running = World::partial(&stream(&[
        &private,
        &deployment("r/crunchy-postgres-ha:ubi8-12.5-4.7.0"),
    ]));
    expect(
        &running,
        &[("postgres.version", "\"12.5\""), ("postgres.el", "8")],
    );
    let digest = World::partial(&stream(&[
        &private,
        &deployment("r/crunchy-postgres-ha@sha256:00"),
    ]));
    expect(&digest, &[("postgres.version", "unknown")]);
}

#[test]
fn without_the_pgcluster_the_deployment_tells() {
    let world = World::partial(&deployment(
        "r/crunchy-postgres-gis-ha:centos8-13.3-3.1-4.7.0",
    ));
    expect(
        &world,
        &[
            ("postgres.major", "\"13\""),
            ("postgres.gis", "true"),
            ("postgres.customImage", "false"),
        ],
    );
    let remains = World::partial(&claim("hippo"));
    for fact in [
        "postgres.version",
        "postgres.el",
        "postgres.gis",
        "postgres.customImage",
        "postgres.parameters",
        "postgres.preload",
        "postgres.hba",
    ] {
        assert_eq!(remains.says(fact), "unknown", "{fact}");
    }
}

#[test]
fn an_image_of_ones_own_is_custom() {
    let own = PGCLUSTER.replace("crunchy-postgres-ha", "company-postgres");
    let world = World::partial(&own);
    expect(
        &world,
        &[("postgres.customImage", "true"), ("postgres.gis", "false")],
    );
    assert_eq!(world.points_at("postgres.customImage"), "company-postgres");
}

fn live(json: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: hippo-config
  namespace: pgo
  labels: {{vendor: crunchydata, crunchy-pgha-scope: hippo}}
  annotations: {{config: '{json}'}}
"
    )
}

const KEPT: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: hippo-pgha-config, namespace: pgo, labels: {pg-cluster: hippo, pgha-config: 'true'}}
data:
  init: 'false'
  hippo-dcs-config: |
    postgresql:
      parameters:
        max_connections: 50
        shared_preload_libraries: pgaudit.so,pg_stat_statements.so,pgnodemx.so
        work_mem: 4MB
      use_slots: false
  hippo-local-config: |
    postgresql:
      parameters:
        max_connections: 999
        jit: 'off'
        log_statement: ddl
      pg_hba:
      - local all postgres peer
      - local all crunchyadm peer
      - host replication primaryuser 0.0.0.0/0 md5
      - host all primaryuser 0.0.0.0/0 reject
      - host all all 0.0.0.0/0 md5
  hippo-abcd-local-config: |
    postgresql: {parameters: {log_statement: all}}
";

#[test]
fn parameters_are_never_guessed() {
    let world = with(&[]);
    for fact in [
        "postgres.parameters",
        "postgres.replayParameters",
        "postgres.preload",
        "postgres.preloadExtra",
        "postgres.hba",
    ] {
        assert_eq!(world.says(fact), "unknown", "{fact}");
    }
    assert!(
        world
            .asks("postgres.parameters")
            .contains("kubectl get configmap hippo-config -n pgo -o yaml")
    );
    // Known to have no configuration at all: still not known to have defaults.
    assert_eq!(
        World::complete(PGCLUSTER).says("postgres.parameters"),
        "unknown"
    );
}

#[test]
fn patronis_own_copy_comes_first() {
    let world = with(&[
        &live(
            r#"{"postgresql":{"parameters":{"max_connections":200,"archive_mode":true,"gone":null}},"pause":true}"#,
        ),
        KEPT,
    ]);
    assert_eq!(
        world.says("postgres.parameters"),
        "{archive_mode: \"true\", jit: \"off\", log_statement: \"ddl\", max_connections: \"200\"}"
    );
    assert!(
        world
            .points_at("postgres.parameters")
            .contains("\"max_connections\":200")
    );
    assert_eq!(
        world.says("postgres.replayParameters"),
        "{max_connections: 200, max_locks_per_transaction: 64, max_prepared_transactions: 0, max_wal_senders: 10, max_worker_processes: 8}"
    );
}

#[test]
fn what_pgo_keeps_stands_in_for_it() {
    let world = with(&[KEPT]);
    expect(
        &world,
        &[
            (
                "postgres.preload",
                "[\"pgaudit\", \"pg_stat_statements\", \"pgnodemx\"]",
            ),
            ("postgres.preloadExtra", "[]"),
        ],
    );
    // What Patroni takes from the cluster's configuration only is not overridden by one server's.
    assert!(
        world
            .says("postgres.parameters")
            .contains("max_connections: \"50\"")
    );
    assert!(
        world
            .says("postgres.parameters")
            .contains("log_statement: \"ddl\"")
    );
}

#[test]
fn libraries_unnamed_in_one_place_may_be_named_in_another() {
    let silent = live(r#"{"postgresql":{"parameters":{"work_mem":"4MB"}}}"#);
    expect(&with(&[&silent]), &[("postgres.preload", "unknown")]);
    let all = World::complete(&stream(&[PGCLUSTER, &deployment("x/y:z"), &silent]));
    expect(&all, &[("postgres.preload", "[]")]);
    let named = live(
        r#"{"postgresql":{"parameters":{"shared_preload_libraries":"timescaledb,pgaudit.so"}}}"#,
    );
    expect(
        &with(&[&named]),
        &[
            ("postgres.preload", "[\"timescaledb\", \"pgaudit\"]"),
            ("postgres.preloadExtra", "[\"timescaledb\"]"),
        ],
    );
}

#[test]
fn a_configuration_that_cannot_be_read_says_nothing() {
    expect(
        &with(&[
            &live("{\"postgresql\":"),
            KEPT.replace("hippo-dcs-config", "other").as_str(),
        ]),
        &[("postgres.parameters", "unknown")],
    );
    let words = live(r#"{"postgresql":{"parameters":{"max_connections":"many"}}}"#);
    expect(
        &with(&[&words]),
        &[
            ("postgres.replayParameters", "unknown"),
            ("postgres.parameters", "{max_connections: \"many\"}"),
        ],
    );
}

const CUSTOM: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: mine, namespace: pgo}
data:
  postgres-ha.yaml: |
    postgresql:
      pg_hba:
      - local all postgres peer
      - host  all  all 10.0.0.0/8  md5
";

#[test]
fn only_lines_that_pgo_does_not_write_are_custom() {
    let own = PGCLUSTER.replace("customconfig: ''", "customconfig: mine");
    let world = World::partial(&stream(&[&own, CUSTOM]));
    assert_eq!(
        world.says("postgres.hba"),
        "[\"host all all 10.0.0.0/8 md5\"]"
    );
    assert!(world.points_at("postgres.hba").contains("10.0.0.0/8"));
    expect(&World::partial(&own), &[("postgres.hba", "unknown")]);
    expect(
        &World::complete(&stream(&[PGCLUSTER, KEPT])),
        &[("postgres.hba", "[]")],
    );
    let classic = PGCLUSTER
        .replace("4.7.10", "4.1.2")
        .replace("customconfig: ''", "customconfig: old");
    let file = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: old, namespace: pgo}\ndata:\n  pg_hba.conf: |\n    # comment\n    hostssl all app 0.0.0.0/0 cert\n";
    expect(
        &World::partial(&stream(&[&classic, file])),
        &[("postgres.hba", "[\"hostssl all app 0.0.0.0/0 cert\"]")],
    );
}

/// After a restore by PGO 4.2 to 4.4 Patroni goes by the new Deployment's name, and the record of the old name is stale.
#[test]
fn of_a_cluster_restored_in_place_the_record_of_its_new_name_counts() {
    let restored = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: hippo-abcd, namespace: pgo, labels: {pg-cluster: hippo, vendor: crunchydata, pgo-pg-database: 'true', crunchy-pgha-scope: hippo-abcd}}
spec:
  template:
    metadata: {labels: {crunchy-pgha-scope: hippo-abcd}}
    spec:
      containers:
      - name: database
        env: [{name: PATRONI_SCOPE, valueFrom: {fieldRef: {fieldPath: \"metadata.labels['crunchy-pgha-scope']\"}}}]
";
    let record = |scope: &str, timeout: u8, memory: u8| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {scope}-config\n  namespace: pgo\n  labels: {{vendor: crunchydata, crunchy-pgha-scope: {scope}}}\n  annotations:\n    \
             initialize: '700000000000000000{memory}'\n    config: '{{\"retry_timeout\": {timeout}, \"postgresql\": {{\"parameters\": {{\"work_mem\": \"{memory}MB\"}}}}}}'\n"
        )
    };
    let (old, new) = (record("hippo", 20, 1), record("hippo-abcd", 30, 2));
    let says = |documents: &[&str]| {
        let world = World::complete(&stream(&[&[PGCLUSTER], documents].concat()));
        let names: Vec<String> = world
            .clusters()
            .iter()
            .map(|one| one.name.to_owned())
            .collect();
        assert_eq!(names, ["hippo"]);
        [
            world.says("postgres.patroniSettings"),
            world.says("cluster.systemIdentifier"),
            world.says("cluster.patroniScope"),
        ]
    };
    let of_new = [
        r#"{retry_timeout: "30"}"#.to_owned(),
        "\"7000000000000000002\"".to_owned(),
        "\"hippo-abcd\"".to_owned(),
    ];
    assert_eq!(says(&[restored, &old, &new]), of_new);
    // Not restored: the record of its own name.
    let of_old = [
        r#"{retry_timeout: "20"}"#.to_owned(),
        "\"7000000000000000001\"".to_owned(),
        "\"hippo\"".to_owned(),
    ];
    let never = restored.replace("hippo-abcd", "hippo");
    assert_eq!(says(&[&never, &old]), of_old);
}

#[test]
fn settings_of_patroni_out_of_sight_are_those_that_pgo_keeps_as_an_assumption() {
    let kept = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: hippo-pgha-config, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}}
data: {hippo-dcs-config: 'retry_timeout: 20'}
";
    let world = with(&[kept]);
    assert_eq!(
        world.says("postgres.patroniSettings"),
        r#"{retry_timeout: "20"}"#
    );
    let fact = world.fact("hippo", "postgres.patroniSettings");
    let crate::manifest::Fact::Known(truth) = fact else {
        panic!("unknown");
    };
    assert_eq!(
        truth.assumes.iter().map(|one| &**one).collect::<Vec<_>>(),
        ["hippo runs with what PGO v4 keeps of it"]
    );
    assert_eq!(with(&[]).says("postgres.patroniSettings"), "unknown");
}
