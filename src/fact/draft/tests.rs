//! The facts about a draft by itself, group by group, with the places they show.

use super::testing::{Desk, draft, expect};
use super::*;
use crate::fact::cluster::testing::{PGCLUSTER, claim};

/// A draft of this spec, alone.
fn alone(spec: &str) -> Desk {
    Desk::of(&[&draft(spec)])
}

#[test]
fn no_two_facts_share_a_name() {
    assert_eq!(FACTS.duplicate(), None);
}

#[test]
fn who_it_is() {
    let desk = alone("  port: 5432\n");
    expect(
        &desk,
        &[
            ("draft.name", "\"hippo\""),
            ("draft.nameLength", "5"),
            ("draft.namespace", "\"pgo\""),
            ("draft.apiVersion", "\"v1beta1\""),
            ("draft.live", "false"),
        ],
    );
    let homeless = draft("  port: 5432\n").replace("  namespace: pgo\n", "");
    let desk = Desk::of(&[&homeless]);
    assert_eq!(desk.says("draft.namespace"), "unknown");
    assert!(desk.asks("draft.namespace").contains("metadata.namespace"));
}

const VOLUMES: &str = "  dataSource:
    volumes:
      pgDataVolume: {pvcName: hippo-jgut, directory: old}
      pgBackRestVolume: {pvcName: hippo-pgbr-repo}
";

#[test]
fn the_volumes_it_adopts() {
    let desk = alone(VOLUMES);
    expect(
        &desk,
        &[
            ("draft.volumes.given", "true"),
            (
                "draft.volumes.names",
                "[\"hippo-jgut\", \"hippo-pgbr-repo\"]",
            ),
            ("draft.volumes.data.given", "true"),
            ("draft.volumes.data.name", "\"hippo-jgut\""),
            ("draft.volumes.data.directory", "\"old\""),
            ("draft.volumes.wal.given", "false"),
            ("draft.volumes.wal.name", "\"\""),
            ("draft.volumes.repo.directory", "\"\""),
            ("draft.methods", "[\"volumes\"]"),
            ("draft.method", "\"volumes\""),
            ("draft.migration", "true"),
            ("draft.fresh", "false"),
        ],
    );
    assert_eq!(desk.first_place("draft.volumes.data.directory"), "old");
    assert_eq!(
        desk.first_place("draft.volumes.repo.directory"),
        "pgBackRestVolume"
    );
    assert_eq!(desk.first_place("draft.volumes.wal.name"), "volumes");
}

#[test]
fn each_method_is_known_by_its_shape_and_several_are_mixed() {
    let method = |spec: &str| alone(spec).says("draft.methods");
    let restore = "  dataSource: {postgresCluster: {repoName: repo1}}\n";
    assert_eq!(method(restore), "[\"backups\"]");
    assert_eq!(
        method("  dataSource: {pgbackrest: {stanza: db}}\n"),
        "[\"backups\"]"
    );
    assert_eq!(method("  standby: {}\n"), "[\"standby\"]");
    assert_eq!(method("  standby: {enabled: false}\n"), "[]");
    assert_eq!(method("  port: 5432\n"), "[]");
    // The recipe for backups on a volume.
    let on_volume = "  dataSource: {postgresCluster: {repoName: repo1}, volumes: {pgBackRestVolume: {pvcName: x}}}\n";
    assert_eq!(method(on_volume), "[\"backups\"]");
    let both = "  dataSource: {postgresCluster: {repoName: repo1}, volumes: {pgDataVolume: {pvcName: x}}}\n";
    assert_eq!(method(both), "[\"volumes\", \"backups\"]");
    assert_eq!(alone(both).says("draft.method"), "\"mixed\"");
    let standby = format!("{restore}  standby: {{enabled: true, repoName: repo1}}\n");
    assert_eq!(method(&standby), "[\"backups\", \"standby\"]");
}

#[test]
fn a_source_of_another_shape_makes_the_method_unknown() {
    let desk = alone("  dataSource: [volumes]\n");
    assert_eq!(desk.says("draft.methods"), "unknown");
    assert!(desk.asks("draft.methods").contains("correct the field"));
}

#[test]
fn misspelt_sources_leave_a_fresh_cluster() {
    for (spec, pruned, place) in [
        (
            "  dataSource: {existingVolumes: {pgDataVolume: {pvcName: x}}}\n",
            "[\"spec.dataSource.existingVolumes\"]",
            "existingVolumes",
        ),
        (
            "  datasource: {volumes: {}}\n",
            "[\"spec.datasource\"]",
            "datasource",
        ),
        (
            "  dataSource: {Volumes: {}}\n",
            "[\"spec.dataSource.Volumes\"]",
            "Volumes",
        ),
        (
            "  dataSource: {volumes: {pgdataVolume: {pvcName: x}}}\n",
            "[\"spec.dataSource.volumes.pgdataVolume\"]",
            "pgdataVolume",
        ),
    ] {
        let desk = alone(spec);
        assert_eq!(desk.says("draft.prunedSources"), pruned, "{spec}");
        assert_eq!(desk.first_place("draft.prunedSources"), place, "{spec}");
        assert_eq!(desk.says("draft.fresh"), "true", "{spec}");
        assert_eq!(desk.says("draft.migration"), "true", "{spec}");
    }
    let top = draft("  port: 5432\n") + "dataSource: {volumes: {}}\n";
    assert_eq!(
        Desk::of(&[&top]).says("draft.prunedSources"),
        "[\"dataSource\"]"
    );
    let fine = alone("  dataSource: {volumes: {pgDataVolume: {pvcName: x}}}\n");
    assert_eq!(fine.says("draft.prunedSources"), "[]");
    let nothing = alone("  port: 5432\n");
    expect(
        &nothing,
        &[
            ("draft.prunedSources", "[]"),
            ("draft.fresh", "true"),
            ("draft.migration", "false"),
        ],
    );
}

#[test]
fn restoring_from_its_own_repository() {
    let spec = "  dataSource:
    postgresCluster:
      repoName: repo1
      options: ['--type=time', '--target=\"2021-06-09\" --repo1-path=/x']
      tolerations: [{operator: Exists}]
";
    let desk = alone(spec).target("5.8.2");
    expect(
        &desk,
        &[
            ("draft.source.kinds", "[\"postgresCluster\"]"),
            ("draft.source.kind", "\"postgresCluster\""),
            ("draft.source.self", "true"),
            ("draft.source.repoName", "\"repo1\""),
            ("draft.source.clusterName", "\"\""),
            ("draft.source.clusterSeen", "\"\""),
            ("draft.source.namesV4", "false"),
            (
                "draft.source.flags",
                "[\"--type\", \"--target\", \"--repo1-path\"]",
            ),
            ("draft.source.forbiddenFlags", "[]"),
            ("draft.source.targetWithoutType", "false"),
            ("draft.source.tolerations", "true"),
            ("draft.source.affinity", "false"),
            ("draft.source.stanza", "\"db\""),
            ("draft.source.volumeRepo", "false"),
        ],
    );
    // Releases before 5.3 refuse every option with --repo in it.
    let open = alone(&format!("{spec}  backups: {{pgbackrest: {{}}}}\n"));
    assert_eq!(
        open.says("draft.source.doubtfulFlags"),
        "[\"--repo1-path\"]"
    );
    assert_eq!(
        alone(spec)
            .target("5.2.0")
            .says("draft.source.forbiddenFlags"),
        "[\"--repo1-path\"]"
    );
    let stanza = alone("  dataSource: {postgresCluster: {options: [--stanza=x, --target=y]}}\n");
    assert_eq!(stanza.says("draft.source.forbiddenFlags"), "[\"--stanza\"]");
    assert_eq!(
        stanza.first_place("draft.source.forbiddenFlags"),
        "--stanza=x"
    );
    assert_eq!(stanza.says("draft.source.targetWithoutType"), "true");
}

#[test]
fn restoring_from_another_cluster_that_may_be_one_of_v4() {
    let spec = "  dataSource: {postgresCluster: {clusterName: rhino, repoName: repo1}}\n";
    let rhino = PGCLUSTER.replace("hippo", "rhino");
    let desk = Desk::of(&[&draft(spec), &rhino]);
    expect(
        &desk,
        &[
            ("draft.source.self", "false"),
            ("draft.source.namesV4", "true"),
            ("draft.source.clusterSeen", "unknown"),
            ("draft.sourceRepo.name", "\"repo1\""),
            ("draft.sourceRepo.kind", "unknown"),
        ],
    );
    let other = draft("  port: 5432\n").replace("name: hippo", "name: rhino");
    let desk = Desk::of(&[&draft(spec), &rhino, &other]);
    assert_eq!(desk.says("draft.source.clusterSeen"), "\"draft\"");
    assert_eq!(desk.says("draft.source.namesV4"), "false");
    let desk = Desk::complete(&[&draft(spec)]);
    assert_eq!(desk.says("draft.source.clusterSeen"), "\"absent\"");
    let own =
        alone("  dataSource: {postgresCluster: {clusterName: hippo, clusterNamespace: pgo}}\n");
    assert_eq!(own.says("draft.source.self"), "true");
}

#[test]
fn standby_sections() {
    let desk = alone("  standby: {repoName: repo1, host: db.example.com, port: 5433}\n");
    expect(
        &desk,
        &[
            ("draft.standby.given", "true"),
            ("draft.standby.enabled", "true"),
            ("draft.standby.repoName", "\"repo1\""),
            ("draft.standby.host", "\"db.example.com\""),
            ("draft.standby.port", "5433"),
        ],
    );
    assert_eq!(desk.first_place("draft.standby.enabled"), "standby");
    let off = alone("  standby: {enabled: false, repoName: repo1}\n");
    expect(
        &off,
        &[
            ("draft.standby.given", "true"),
            ("draft.standby.enabled", "false"),
            ("draft.fresh", "true"),
            ("draft.migration", "true"),
        ],
    );
    assert_eq!(off.first_place("draft.standby.enabled"), "false");
    assert_eq!(alone("  port: 1\n").says("draft.standby.given"), "false");
}

#[test]
fn instance_sets_and_their_claims() {
    let desk = alone(
        "  instances:
  - name: primary
    replicas: 2
    tolerations: [{operator: Exists}]
    dataVolumeClaimSpec:
      accessModes: [ReadWriteOnce]
      storageClassName: fast
      resources: {requests: {storage: 5Gi}}
      volumeName: pv-1
  - dataVolumeClaimSpec: {}
    walVolumeClaimSpec: {resources: {requests: {storage: 1Gi}}}
    tablespaceVolumes: [{name: archive}]
",
    );
    expect(
        &desk,
        &[
            ("draft.instanceNames", "[\"primary\", \"01\"]"),
            ("draft.longestInstanceName", "7"),
            ("draft.replicas", "3"),
            ("draft.tolerations", "true"),
            ("draft.affinity", "false"),
            ("draft.tablespaces", "[\"archive\"]"),
            ("draft.dataClaim.given", "true"),
            ("draft.dataClaim.size", "\"5Gi\""),
            ("draft.dataClaim.class", "\"fast\""),
            ("draft.dataClaim.accessModes", "[\"ReadWriteOnce\"]"),
            ("draft.dataClaim.volumeMode", "\"Filesystem\""),
            ("draft.dataClaim.shortcuts", "[\"volumeName\"]"),
            ("draft.walClaim.given", "false"),
            ("draft.walClaim.size", "\"\""),
            ("draft.repoClaim.given", "false"),
        ],
    );
    assert_eq!(desk.first_place("draft.dataClaim.size"), "5Gi");
    assert_eq!(desk.first_place("draft.walClaim.given"), "primary");
    assert_eq!(desk.first_place("draft.dataClaim.shortcuts"), "volumeName");
    let sets = desk.says("draft.instances");
    assert!(
        sets.starts_with("[{name: \"primary\", replicas: 2, wal: false, tolerations: true"),
        "{sets}"
    );
    assert!(
        sets.contains("dataClaim: {given: true, size: \"5Gi\", class: \"fast\""),
        "{sets}"
    );
    expect(
        &alone("  port: 1\n"),
        &[
            ("draft.instances", "[]"),
            ("draft.replicas", "0"),
            ("draft.dataClaim.given", "false"),
        ],
    );
    assert_eq!(
        alone("  instances: {name: a}\n").says("draft.instances"),
        "unknown"
    );
}

const REPOS: &str = "  backups:
    pgbackrest:
      image: private.example.com/pgbackrest:1
      configuration:
      - secret: {name: s3-keys}
      - configMap: {name: extra}
      global:
        repo1-path: /backrestrepo/hippo-backrest-shared-repo
        repo1-s3-uri-style: path
        repo1-storage-verify-tls: n
        repo1-retention-full: '14'
        repo1: /oops
        repo3-path: /x
        repo1-s3-key-secret: hunter2
        process-max: 4
      repos:
      - name: repo1
        s3: {bucket: b, endpoint: minio.local, region: r}
        schedules: {full: 0 1 * * 0, incremental: 0 2 * * *}
      - name: repo2
        volume: {volumeClaimSpec: {resources: {requests: {storage: 1Gi}}}}
";

#[test]
fn repositories_and_settings() {
    let desk = alone(REPOS);
    expect(
        &desk,
        &[
            ("draft.backups", "true"),
            ("draft.repoNames", "[\"repo1\", \"repo2\"]"),
            ("draft.repoKinds", "[\"volume\", \"s3\"]"),
            ("draft.firstRepoName", "\"repo1\""),
            ("draft.firstRepoKind", "\"s3\""),
            (
                "draft.schedules",
                "[\"repo1 full 0 1 * * 0\", \"repo1 incr 0 2 * * *\"]",
            ),
            ("draft.retention", "[\"repo1-retention-full=14\"]"),
            ("draft.globalUnknownKeys", "[\"repo1\"]"),
            ("draft.globalSuggestions", "[\"repo1 -> repo1-path\"]"),
            (
                "draft.globalNonString",
                "[\"repo1-storage-verify-tls\", \"process-max\"]",
            ),
            ("draft.globalStrayKeys", "[\"repo3-path\"]"),
            (
                "draft.configuration",
                "[\"secret/s3-keys\", \"configMap/extra\"]",
            ),
            ("draft.sourceRepo.name", "\"\""),
            ("draft.sourceRepo.kind", "\"\""),
            ("draft.repoClaim.given", "false"),
        ],
    );
    assert_eq!(desk.first_place("draft.globalUnknownKeys"), "repo1");
    assert_eq!(desk.first_place("draft.globalStrayKeys"), "repo3-path");
    let global = desk.says("draft.global");
    assert!(
        global.contains("repo1-s3-key-secret: \"***\"") && !global.contains("hunter2"),
        "{global}"
    );
    let repos = desk.says("draft.repos");
    assert!(
        repos.contains("path: \"/backrestrepo/hippo-backrest-shared-repo\", pathWritten: true"),
        "{repos}"
    );
    assert!(
        repos.contains("path: \"/pgbackrest/repo2\", pathWritten: false"),
        "{repos}"
    );
}

#[test]
fn the_repository_data_comes_from() {
    let standby = alone(&format!("{REPOS}  standby: {{repoName: repo1}}\n"));
    expect(
        &standby,
        &[
            ("draft.sourceRepo.name", "\"repo1\""),
            ("draft.sourceRepo.from", "\"standby\""),
            ("draft.sourceRepo.declared", "true"),
            ("draft.sourceRepo.index", "1"),
            ("draft.sourceRepo.kind", "\"s3\""),
            ("draft.sourceRepo.bucket", "\"b\""),
            ("draft.sourceRepo.endpoint", "\"minio.local\""),
            ("draft.sourceRepo.region", "\"r\""),
            (
                "draft.sourceRepo.path",
                "\"/backrestrepo/hippo-backrest-shared-repo\"",
            ),
            ("draft.sourceRepo.pathWritten", "true"),
            ("draft.sourceRepo.uriStyle", "\"path\""),
            ("draft.sourceRepo.verifyTls", "false"),
            ("draft.sourceRepo.caFile", "\"\""),
            ("draft.sourceRepo.keyType", "\"\""),
            ("draft.sourceRepo.credentials", "\"configuration\""),
            (
                "draft.sourceRepo.retention",
                "[\"repo1-retention-full=14\"]",
            ),
            ("draft.sourceRepo.cipher", "false"),
        ],
    );
    assert_eq!(standby.first_place("draft.sourceRepo.bucket"), "b");
    let restore = alone(&format!(
        "{REPOS}  dataSource: {{postgresCluster: {{repoName: repo2}}}}\n"
    ));
    expect(
        &restore,
        &[
            ("draft.sourceRepo.from", "\"dataSource.postgresCluster\""),
            ("draft.sourceRepo.kind", "\"volume\""),
            ("draft.sourceRepo.path", "\"/pgbackrest/repo2\""),
            ("draft.sourceRepo.uriStyle", "\"\""),
            ("draft.sourceRepo.verifyTls", "true"),
        ],
    );
    let adopted = alone(&format!("{REPOS}{VOLUMES}"));
    expect(
        &adopted,
        &[
            ("draft.sourceRepo.from", "\"dataSource.volumes\""),
            ("draft.sourceRepo.name", "\"repo1\""),
        ],
    );
    let stray = alone(&format!("{REPOS}  standby: {{repoName: repo4}}\n"));
    expect(
        &stray,
        &[
            ("draft.sourceRepo.name", "\"repo4\""),
            ("draft.sourceRepo.declared", "false"),
            ("draft.sourceRepo.kind", "\"\""),
        ],
    );
}

#[test]
fn the_repository_of_a_cloud_source_has_settings_of_its_own() {
    let desk = alone(
        "  dataSource:
    pgbackrest:
      repo: {name: repo1, gcs: {bucket: g}}
      global: {repo1-path: /v4, repo1-gcs-key-type: auto}
  backups:
    pgbackrest:
      global: {repo1-path: /new}
      repos: [{name: repo1, gcs: {bucket: other}}]
",
    );
    expect(
        &desk,
        &[
            ("draft.sourceRepo.from", "\"dataSource.pgbackrest\""),
            ("draft.sourceRepo.kind", "\"gcs\""),
            ("draft.sourceRepo.bucket", "\"g\""),
            ("draft.sourceRepo.path", "\"/v4\""),
            ("draft.sourceRepo.credentials", "\"keyType\""),
            ("draft.source.volumeRepo", "false"),
        ],
    );
    let volume =
        alone("  dataSource: {pgbackrest: {repo: {name: repo1, volume: {volumeClaimSpec: {}}}}}\n");
    assert_eq!(volume.says("draft.source.volumeRepo"), "true");
}

#[test]
fn projected_files_that_are_not_there_or_not_read() {
    let secret = |name: &str, key: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: pgo}}\nstringData: {{{key}: x}}\n"
        )
    };
    let spec = draft(REPOS);
    let unseen = Desk::of(&[&spec]);
    assert_eq!(unseen.says("draft.configurationMissing"), "unknown");
    assert!(
        unseen
            .asks("draft.configurationMissing")
            .contains("kubectl get secret s3-keys -n pgo")
    );
    let of_v4 = Desk::complete(&[&spec, &secret("s3-keys", "aws-s3-key")]);
    assert_eq!(
        of_v4.says("draft.configurationMissing"),
        "[\"configMap/extra\"]"
    );
    assert_eq!(
        of_v4.says("draft.configurationUnread"),
        "[\"secret/s3-keys\"]"
    );
    let right = Desk::complete(&[&spec, &secret("s3-keys", "s3.conf")]);
    assert_eq!(right.says("draft.configurationUnread"), "[]");
    let picked = REPOS.replace(
        "{name: s3-keys}",
        "{name: s3-keys, items: [{key: a, path: s3.conf}]}",
    );
    assert_eq!(
        Desk::of(&[&draft(&picked)]).says("draft.configurationUnread"),
        "unknown"
    );
}

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
            ("draft.imageRegistries", "[\"registry.example.com\"]"),
            ("draft.imagePullSecrets", "[\"pull\"]"),
            ("draft.pgbackrestImage", "\"\""),
        ],
    );
    let private = alone("  image: mine:latest\n");
    expect(
        &private,
        &[
            ("draft.imageMajor", "unknown"),
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
            ("draft.reservedParameters", "[\"ssl\"]"),
            (
                "draft.misplacedParameters",
                "[\"spec.patroni.dynamicConfiguration.parameters\", \"spec.patroni.dynamicConfiguration.postgresql.max_worker_processes\"]",
            ),
            ("draft.overwrittenPatroniKeys", "[\"ttl\"]"),
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
            ("draft.misplacedParameters", "[]"),
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
fn fields_of_v4_and_fields_at_a_wrong_place() {
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
        &[
            ("draft.v4Keys", "[\"ccpimagetag\", \"PrimaryStorage\"]"),
            (
                "draft.v4KeyHints",
                "[\"ccpimagetag -> spec.image and spec.postgresVersion\", \"PrimaryStorage -> spec.instances[].dataVolumeClaimSpec\"]",
            ),
        ],
    );
    let texts = desk.points_at("draft.misplacedKeys");
    assert_eq!(texts, ["patroni", "tolerations", "s3", "storageClassName"]);
    let misplaced = desk.says("draft.misplacedKeys");
    assert!(
        misplaced
            .contains("text: \"s3 belongs under spec.backups.pgbackrest.repos[], beside name\""),
        "{misplaced}"
    );
}

#[test]
fn what_exists_already() {
    let live = draft("  port: 1\n")
        + "status: {patroni: {systemIdentifier: '7'}, conditions: [{type: PostgresDataInitialized, status: 'True'}]}\n";
    let mine = draft(VOLUMES);
    let job = |name: &str, ended: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}, namespace: pgo}}\nstatus: {{conditions: [{{type: {ended}, status: 'True'}}]}}\n"
        )
    };
    let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: hippo-ha, namespace: pgo}\n";
    let claim = claim("hippo").replace(
        "pgremove: 'true'",
        "postgres-operator.crunchydata.com/cluster: hippo",
    );
    let unseen = Desk::of(&[&mine]);
    expect(
        &unseen,
        &[
            ("draft.existing", "unknown"),
            ("draft.moveJobs", "unknown"),
            ("draft.leftovers", "unknown"),
            ("draft.doubleLabelled", "unknown"),
        ],
    );
    let desk = Desk::complete(&[
        &mine,
        &job("hippo-move-pgdata-dir", "Complete"),
        endpoints,
        &claim,
    ]);
    expect(
        &desk,
        &[
            ("draft.existing", "\"absent\""),
            ("draft.existingConditions", "[]"),
            ("draft.moveJobs", "[\"hippo-move-pgdata-dir complete\"]"),
            ("draft.leftovers", "[\"Endpoints hippo-ha\"]"),
            ("draft.doubleLabelled", "[\"hippo\"]"),
        ],
    );
    let judged = Desk::of(&[&live]).lint_live();
    expect(
        &judged,
        &[
            ("draft.live", "true"),
            ("draft.existing", "\"bootstrapped\""),
            (
                "draft.existingConditions",
                "[\"PostgresDataInitialized=True\"]",
            ),
        ],
    );
    assert_eq!(judged.first_place("draft.existing"), "'7'");
}

#[test]
fn targets_are_those_the_draft_can_be_applied_to() {
    let first = |desk: &Desk| {
        let releases = desk.says("target.releases");
        releases.split('"').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(first(&alone("  backups: {pgbackrest: {}}\n")), "5.0.3");
    let streaming = alone("  backups: {pgbackrest: {}}\n  standby: {host: x}\n");
    assert_eq!(first(&streaming), "5.2.0");
    assert_eq!(streaming.says("target.known"), "false");
    let named = alone("  standby: {host: x}\n").target("5.1.0");
    assert_eq!(
        (first(&named).as_str(), named.says("target.known").as_str()),
        ("5.1.0", "true")
    );
}
