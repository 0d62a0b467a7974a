//! Images, parameters, access, add-ons, misplaced fields.

use super::super::testing::{Desk, draft, expect};
use super::alone;

#[test]
fn images_and_versions() {
    let desk = alone(
        "  postgresVersion: 13\n  image: registry.example.com/crunchy-postgres-gis:ubi8-13.10-3.1-1\n  imagePullSecrets: [{name: pull}]\n",
    );
    expect(
        &desk,
        &[
            ("draft.postgresVersion", "13"),
            ("draft.imageName", "\"crunchy-postgres-gis\""),
            ("draft.imageMajor", "13"),
            ("draft.imageMinor", "10"),
            ("draft.imageEl", "8"),
            ("draft.imageGisVersion", "\"3.1\""),
            ("draft.gis", "true"),
            (
                "draft.images",
                "[{place: \"spec.image\", wants: \"Postgres\", holds: \"Postgres\", ofV4: false, malformed: false, image: \"registry.example.com/crunchy-postgres-gis:ubi8-13.10-3.1-1\", host: \"registry.example.com\", private: true, foreign: false}]",
            ),
            ("draft.imagePullSecrets", "[\"pull\"]"),
            ("draft.pgbackrestImage", "\"\""),
        ],
    );
    let private = alone("  image: mine:latest\n");
    expect(
        &private,
        &[
            ("draft.imageMajor", "0"),
            ("draft.imageMinor", "unknown"),
            ("draft.postgresVersion", "0"),
            ("draft.gis", "false"),
        ],
    );
    let none = alone("  postGISVersion: '3.3'\n");
    expect(
        &none,
        &[
            ("draft.image", "\"\""),
            ("draft.imageMajor", "0"),
            ("draft.gis", "true"),
            ("draft.postGISVersion", "\"3.3\""),
        ],
    );
}

#[test]
fn parameters_from_both_places() {
    let desk = alone(
        "  config: {parameters: {max_connections: 300, work_mem: 8MB}}
  patroni:
    dynamicConfiguration:
      ttl: 30
      synchronous_mode: true
      parameters: {jit: 'off'}
      postgresql:
        max_worker_processes: 16
        parameters:
          max_connections: 200
          archive_mode: 'on'
          ssl: 'off'
          shared_preload_libraries: pgaudit.so, timescaledb
",
    );
    expect(
        &desk,
        &[
            (
                "draft.parameters",
                "{max_connections: \"300\", work_mem: \"8MB\", shared_preload_libraries: \"pgaudit.so, timescaledb\"}",
            ),
            (
                "draft.maxParameters",
                "{max_connections: 300, max_locks_per_transaction: 64, max_prepared_transactions: 0, max_wal_senders: 10, max_worker_processes: 8}",
            ),
            ("draft.parametersOverwritten", "[{name: \"ssl\"}]"),
            (
                "draft.parametersMisplaced",
                "[{place: \"spec.patroni.dynamicConfiguration.parameters\"}, {place: \"spec.patroni.dynamicConfiguration.postgresql.max_worker_processes\"}]",
            ),
            ("draft.patroniKeysOverwritten", "[{name: \"ttl\"}]"),
            ("draft.preload", "[\"pgaudit\", \"timescaledb\"]"),
            ("draft.preloadIsList", "false"),
            ("draft.syncReplication", "true"),
        ],
    );
    let list = alone(
        "  patroni: {dynamicConfiguration: {postgresql: {parameters: {shared_preload_libraries: [a, b]}}}}\n",
    );
    expect(
        &list,
        &[
            ("draft.preload", "[\"a\", \"b\"]"),
            ("draft.preloadIsList", "true"),
            ("draft.parametersMisplaced", "[]"),
        ],
    );
    let odd = alone("  config: {parameters: {max_connections: many}}\n");
    assert_eq!(odd.says("draft.maxParameters"), "unknown");
}

#[test]
fn rules_for_clients_and_certificates() {
    let desk = alone(
        "  customTLSSecret: {name: cert}
  authentication:
    rules:
    - {connection: hostssl, method: md5, users: [app]}
    - hba: host all all all scram-sha-256
  patroni: {dynamicConfiguration: {postgresql: {pg_hba: [hostssl all all all md5]}}}
",
    );
    expect(
        &desk,
        &[
            (
                "draft.hba",
                "[\"hostssl all app all md5\", \"host all all all scram-sha-256\", \"hostssl all all all md5\"]",
            ),
            ("draft.customHba", "true"),
            ("draft.hbaPlain", "true"),
            ("draft.hbaMd5", "true"),
            ("draft.hbaCatchAll", "true"),
            ("draft.tls.server", "true"),
            ("draft.tls.replication", "false"),
        ],
    );
    assert_eq!(
        desk.first_place("draft.hbaPlain"),
        "host all all all scram-sha-256"
    );
    expect(
        &alone("  port: 1\n"),
        &[("draft.customHba", "false"), ("draft.hbaCatchAll", "false")],
    );
}

#[test]
fn users_and_the_one_that_is_there_without_asking() {
    let desk = alone(
        "  users: [{name: app, databases: [a, b], options: SUPERUSER, password: {type: ASCII}}, {name: postgres}]\n",
    );
    expect(
        &desk,
        &[
            ("draft.usersGiven", "true"),
            ("draft.userNames", "[\"app\", \"postgres\"]"),
            (
                "draft.users",
                "[{name: \"app\", databases: [\"a\", \"b\"], options: \"SUPERUSER\", passwordType: \"ASCII\"}, {name: \"postgres\", databases: [], options: \"\", passwordType: \"\"}]",
            ),
        ],
    );
    expect(
        &alone("  port: 1\n"),
        &[
            ("draft.usersGiven", "false"),
            ("draft.userNames", "[\"hippo\"]"),
        ],
    );
    expect(
        &alone("  users: []\n"),
        &[("draft.usersGiven", "true"), ("draft.userNames", "[]")],
    );
}

#[test]
fn the_rest() {
    let desk = alone(
        "  proxy: {pgBouncer: {}}\n  monitoring: {pgmonitor: {exporter: {}}}\n  userInterface: {pgAdmin: {}}\n  supplementalGroups: [65534]\n  openshift: true\n  shutdown: true\n  databaseInitSQL: {name: x, key: y}\n  service: {type: NodePort}\n",
    );
    expect(
        &desk,
        &[
            ("draft.pgbouncer", "true"),
            ("draft.pgbouncerReplicas", "1"),
            ("draft.monitoring", "true"),
            ("draft.pgadmin", "true"),
            ("draft.port", "5432"),
            ("draft.serviceType", "\"NodePort\""),
            ("draft.openshift", "\"true\""),
            ("draft.supplementalGroups", "[65534]"),
            ("draft.shutdown", "true"),
            ("draft.paused", "false"),
            ("draft.databaseInit", "true"),
        ],
    );
    expect(
        &alone("  port: 1\n"),
        &[
            ("draft.pgbouncerReplicas", "0"),
            ("draft.port", "1"),
            ("draft.openshift", "\"\""),
        ],
    );
}

#[test]
fn fields_of_v4() {
    let spec = "  ccpimagetag: centos8-13.3-4.7.0
  PrimaryStorage: {size: 1G}
  instances:
  - storageClassName: fast
    affinity: {nodeAffinity: {}}
  backups: {pgbackrest: {repos: [{name: repo1, volume: {s3: {bucket: b}}}]}}
  dataSource: {volumes: {pgDataVolume: {pvcName: x, tolerations: []}}}
";
    let desk = Desk::of(&[&(draft(spec) + "patroni: {}\n")]);
    expect(
        &desk,
        &[(
            "draft.v4Keys",
            "[{name: \"ccpimagetag\", instead: \"spec.image and spec.postgresVersion\"}, {name: \"PrimaryStorage\", instead: \"spec.instances[].dataVolumeClaimSpec\"}]",
        )],
    );
}
