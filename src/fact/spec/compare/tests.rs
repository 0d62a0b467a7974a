//! Where a draft and the v4 cluster it replaces disagree.

use super::super::testing::{Desk, draft, expect};
use crate::fact::v4::testing::{CLASS, PGCLUSTER, claim, deployment, pod};

const ADOPTS: &str = "  dataSource:
    volumes:
      pgDataVolume: {pvcName: hippo, directory: hippo}
      pgBackRestVolume: {pvcName: hippo-pgbr-repo, directory: hippo-backrest-shared-repo}
";

/// One set whose data claim asks for this much, and a repository on a volume.
fn sized(size: &str, class: &str) -> String {
    format!(
        "  instances: [{{dataVolumeClaimSpec: {{storageClassName: {class}, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}}}}}]
  backups: {{pgbackrest: {{repos: [{{name: repo1, volume: {{volumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}}}]}}}}
"
    )
}

/// Hippo, its claims and class, and this draft.
fn beside(spec: &str) -> Desk {
    let mine = draft(&format!("{ADOPTS}{spec}"));
    let (data, repo) = (claim("hippo"), claim("hippo-pgbr-repo"));
    Desk::of(&[&mine, PGCLUSTER, &data, &repo, CLASS])
}

#[test]
fn claim_specs_that_fit_are_no_conflict_in_any_notation() {
    let desk = beside(&sized("1024Mi", "fast"));
    expect(
        &desk,
        &[
            ("pair.claimConflicts", "[]"),
            ("pair.claimGrowth", "[]"),
            ("pair.wrongClaims", "[]"),
        ],
    );
}

#[test]
fn what_is_still_to_be_filled_in_conflicts_with_nothing_yet() {
    let open = beside(&sized("1Gi", "'TODO the storage class'"));
    assert_eq!(open.says("pair.claimConflicts"), "unknown");
    let modes = sized("1Gi", "fast").replacen("[ReadWriteOnce]", "[TODO]", 1);
    assert_eq!(beside(&modes).says("pair.claimConflicts"), "unknown");
}

#[test]
fn a_smaller_request_is_refused_even_if_it_looks_alike() {
    let desk = beside(&sized("1G", "fast"));
    assert_eq!(
        desk.says("pair.claimConflicts"),
        "[{role: \"data\", field: \"instances[0].dataVolumeClaimSpec\", property: \"size\", draft: \"1G\", v4: \"1Gi\", kind: \"smaller\", text: \"instances[0].dataVolumeClaimSpec asks for 1G, the claim hippo has 1Gi\"}]"
    );
    assert_eq!(desk.points_at("pair.claimConflicts"), ["1G"]);
}

#[test]
fn a_larger_request_depends_on_the_class() {
    let spec = sized("5Gi", "fast");
    let grows = beside(&spec);
    assert_eq!(grows.says("pair.claimConflicts"), "[]");
    assert!(grows.says("pair.claimGrowth").contains("kind: \"larger\""));
    let mine = draft(&format!("{ADOPTS}{spec}"));
    let (data, repo) = (claim("hippo"), claim("hippo-pgbr-repo"));
    let unseen = Desk::of(&[&mine, PGCLUSTER, &data, &repo]);
    expect(
        &unseen,
        &[
            ("pair.claimConflicts", "unknown"),
            ("pair.claimGrowth", "unknown"),
        ],
    );
    let fixed = CLASS.replace("true", "false");
    let fixed = Desk::of(&[&mine, PGCLUSTER, &data, &repo, &fixed]);
    assert!(
        fixed
            .says("pair.claimConflicts")
            .contains("kind: \"larger\"")
    );
    assert_eq!(fixed.says("pair.claimGrowth"), "[]");
}

#[test]
fn what_cannot_change_is_refused() {
    let desk = beside(&sized("1Gi", "slow").replacen("[ReadWriteOnce]", "[ReadWriteMany]", 1));
    let conflicts = desk.says("pair.claimConflicts");
    assert!(
        conflicts.contains("kind: \"class\"") && conflicts.contains("kind: \"accessModes\""),
        "{conflicts}"
    );
    let unseen = Desk::of(&[
        &draft(&format!("{ADOPTS}{}", sized("1Gi", "fast"))),
        PGCLUSTER,
    ]);
    assert_eq!(unseen.says("pair.claimConflicts"), "unknown");
}

#[test]
fn the_wal_claim_takes_the_spec_of_the_data_claim_first() {
    let wal = |size: &str, class: &str| {
        let mine = draft(&format!(
            "  dataSource: {{volumes: {{pgDataVolume: {{pvcName: hippo}}, pgWALVolume: {{pvcName: hippo-wal}}}}}}
  instances: [{{dataVolumeClaimSpec: {{resources: {{requests: {{storage: 1Gi}}}}}}, walVolumeClaimSpec: {{resources: {{requests: {{storage: {size}}}}}}}}}]
"
        ));
        let walled = PGCLUSTER.replace(
            "WALStorage: {storagetype: ''",
            "WALStorage: {storagetype: dynamic",
        );
        let small = claim("hippo-wal").replace("storage: 1Gi", "storage: 512Mi");
        let class = class.replace("true", if class == CLASS { "true" } else { "false" });
        let data = claim("hippo");
        Desk::of(&[&mine, &walled, &data, &small, &class])
    };
    // The class lets it grow to the data claim's size; then the WAL spec's own size is too small.
    let grows = wal("512Mi", CLASS);
    assert!(
        grows
            .says("pair.claimGrowth")
            .contains("role: \"wal\", field: \"instances[0].dataVolumeClaimSpec\"")
    );
    let conflicts = grows.says("pair.claimConflicts");
    assert!(
        conflicts.contains("walVolumeClaimSpec asks for 512Mi, the claim hippo-wal has 1Gi"),
        "{conflicts}"
    );
    let fits = wal("1Gi", CLASS);
    assert_eq!(fits.says("pair.claimConflicts"), "[]");
}

#[test]
fn wrong_claims_are_named_for_what_they_are() {
    let spec = "  dataSource: {volumes: {pgDataVolume: {pvcName: hippo-abcd}, pgBackRestVolume: {pvcName: hippo}}}\n";
    let desk = Desk::complete(&[
        &draft(spec),
        PGCLUSTER,
        &deployment("hippo", 1),
        &deployment("hippo-abcd", 1),
        &pod("hippo", "master"),
        &claim("hippo"),
        &claim("hippo-abcd"),
        &claim("hippo-pgbr-repo"),
    ]);
    let wrong = desk.says("pair.wrongClaims");
    assert!(wrong.contains("text: \"pgDataVolume names hippo-abcd, the claim of the replica hippo-abcd, not hippo\""), "{wrong}");
    assert!(
        wrong.contains(
            "text: \"pgBackRestVolume names hippo, the data claim, not hippo-pgbr-repo\""
        ),
        "{wrong}"
    );
    assert_eq!(desk.first_place("pair.wrongClaims"), "hippo-abcd");
}

/// Hippo with its repository in S3, and a draft with these settings.
fn in_s3(global: &str, store: &str, more: &str) -> Desk {
    let v4 = PGCLUSTER.replace(
        "  status: completed",
        "  backrestStorageTypes: [s3]
  backrestS3Bucket: b
  backrestS3Endpoint: minio.local
  backrestS3Region: r
  backrestS3URIStyle: path
  backrestS3VerifyTLS: 'false'
  status: completed",
    );
    let mine = draft(&format!(
        "  backups: {{pgbackrest: {{global: {{{global}}}, repos: [{{name: repo1, s3: {{{store}}}}}]}}}}\n{more}"
    ));
    Desk::of(&[&mine, &v4])
}

const RIGHT: &str = "repo1-path: /backrestrepo/hippo-backrest-shared-repo, repo1-s3-uri-style: path, repo1-storage-verify-tls: 'n'";
const STORE: &str = "bucket: b, endpoint: 'https://MINIO.local/', region: r";
const STANDBY: &str = "  standby: {repoName: repo1}\n";

#[test]
fn the_repository_that_is_followed_must_be_v4s() {
    assert_eq!(
        in_s3(RIGHT, STORE, STANDBY).says("pair.repoMismatches"),
        "[]"
    );
    let desk = in_s3(
        "repo1-path: /pgbackrest/repo1",
        "bucket: c, endpoint: s3.amazonaws.com, region: eu",
        STANDBY,
    );
    let texts = desk.says("pair.repoMismatches");
    for text in [
        "bucket c instead of b",
        "path /pgbackrest/repo1 instead of /backrestrepo/hippo-backrest-shared-repo",
        "endpoint s3.amazonaws.com instead of minio.local",
        "region eu instead of r",
        "URI style host instead of path",
        "verification of certificates true instead of false",
    ] {
        assert!(texts.contains(text), "{text} in {texts}");
    }
    assert_eq!(
        desk.points_at("pair.repoMismatches")
            .first()
            .map(String::as_str),
        Some("c")
    );
    let volume = Desk::of(&[
        &draft(
            "  backups: {pgbackrest: {repos: [{name: repo1, s3: {bucket: b}}]}}\n  standby: {repoName: repo1}\n",
        ),
        PGCLUSTER,
    ]);
    assert!(
        volume
            .says("pair.repoMismatches")
            .contains("repo1 is kept in s3, v4's repository in volume")
    );
    assert_eq!(in_s3(RIGHT, STORE, "").says("pair.repoMismatches"), "[]");
}

#[test]
fn repositories_at_the_place_v4_archives_to() {
    assert_eq!(
        in_s3(RIGHT, STORE, "").says("pair.sharedRepos"),
        "[{name: \"repo1\"}]"
    );
    assert_eq!(
        in_s3("repo1-path: /new", STORE, "").says("pair.sharedRepos"),
        "[]"
    );
    assert_eq!(
        beside(&sized("1Gi", "fast")).says("pair.sharedRepos"),
        "[{name: \"repo1\"}]"
    );
    let shared = in_s3(RIGHT, STORE, "");
    assert_eq!(shared.first_place("pair.sharedRepos"), "b");
}

/// Patroni's configuration of hippo.
fn dcs(parameters: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hippo-config\n  namespace: pgo\n  labels: {{vendor: crunchydata, crunchy-pgha-scope: hippo}}\n  annotations:\n    config: '{{\"postgresql\":{{\"parameters\":{{{parameters}}}}}}}'\n"
    )
}

#[test]
fn parameters_and_libraries_that_are_lost() {
    let dcs = dcs(
        r#""max_connections":300,"max_wal_senders":6,"work_mem":"4MB","random_page_cost":"1.1","log_statement":"ddl","shared_preload_libraries":"pgaudit.so,timescaledb.so""#,
    );
    let spec = "  patroni: {dynamicConfiguration: {postgresql: {parameters: {max_connections: 200, log_statement: none}}}}\n";
    let documents = [
        &draft(spec),
        PGCLUSTER,
        &dcs,
        &deployment("hippo", 1),
        &pod("hippo", "master"),
    ];
    let desk = Desk::complete(&documents);
    assert_eq!(
        desk.says("pair.parametersLower"),
        "[{name: \"max_connections\", draft: 200, v4: 300, text: \"max_connections is 200, v4 has 300\"}]"
    );
    assert_eq!(desk.first_place("pair.parametersLower"), "200");
    let lost = desk.says("pair.parametersLost");
    assert!(
        lost.contains("text: \"log_statement (ddl, drafted none)\""),
        "{lost}"
    );
    assert!(
        lost.contains("text: \"random_page_cost (1.1)\"") && !lost.contains("work_mem"),
        "{lost}"
    );
    assert_eq!(desk.says("pair.preloadLost"), "[{name: \"timescaledb\"}]");
    let partial = Desk::of(&[&draft(spec), PGCLUSTER]);
    expect(
        &partial,
        &[
            ("pair.parametersLower", "unknown"),
            ("pair.parametersLost", "unknown"),
            ("pair.preloadLost", "unknown"),
        ],
    );
}

#[test]
fn tablespaces_and_groups_that_are_lost() {
    let v4 = PGCLUSTER
        .replace(
            "tablespaceMounts: {}",
            "tablespaceMounts: {archive: {size: 1G}, fast: {size: 1G}}",
        )
        .replace(
            "PrimaryStorage: {",
            "PrimaryStorage: {supplementalgroups: '65534,5', ",
        );
    let desk = Desk::of(&[
        &draft("  supplementalGroups: [5]\n  instances: [{tablespaceVolumes: [{name: fast}]}]\n"),
        &v4,
    ]);
    assert_eq!(desk.says("pair.tablespacesLost"), "[{name: \"archive\"}]");
    assert_eq!(desk.says("pair.supplementalGroupsLost"), "[{group: 65534}]");
    assert_eq!(
        desk.first_place("pair.supplementalGroupsLost"),
        "supplementalGroups"
    );
}

#[test]
fn names_that_both_want_while_v4_runs() {
    let mine = draft("  standby: {repoName: repo1}\n  proxy: {pgBouncer: {}}\n");
    let bouncer = "apiVersion: v1\nkind: Service\nmetadata: {name: hippo-pgbouncer, namespace: pgo, labels: {pg-cluster: hippo}}\n";
    let alive = Desk::of(&[&mine, PGCLUSTER, &pod("hippo", "master"), bouncer]);
    expect(
        &alive,
        &[
            ("pair.v4Running", "true"),
            (
                "pair.nameCollisions",
                "[{object: \"ConfigMap hippo-config\"}, {object: \"Service hippo-pgbouncer\"}]",
            ),
            ("pair.sameNamespace", "true"),
        ],
    );
    let asking = Desk::of(&[
        &mine,
        PGCLUSTER,
        &deployment("hippo", 1).replace("readyReplicas: 1", ""),
    ]);
    assert_eq!(asking.says("pair.v4Running"), "true");
    let gone = Desk::complete(&[&mine, PGCLUSTER]);
    expect(
        &gone,
        &[("pair.v4Running", "false"), ("pair.nameCollisions", "[]")],
    );
    assert_eq!(
        Desk::of(&[&mine, PGCLUSTER]).says("pair.nameCollisions"),
        "unknown"
    );
    let elsewhere = mine.replace("namespace: pgo", "namespace: v5");
    assert_eq!(
        Desk::of(&[&elsewhere, PGCLUSTER, &pod("hippo", "master")]).says("pair.nameCollisions"),
        "[]"
    );
}

#[test]
fn users_and_passwords() {
    let secret = |name: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}, namespace: pgo, labels: {{vendor: crunchydata, pg-cluster: hippo}}}}\n"
        )
    };
    let mine = draft("  users: [{name: app}, {name: web}]\n");
    let documents = [
        &mine,
        PGCLUSTER,
        &secret("hippo-app-secret"),
        &secret("hippo-web-secret"),
        &secret("hippo-batch-secret"),
        // Found by its labels, whatever its name; without them its name is of no use.
        &secret("of-web").replace(
            "vendor: crunchydata, pg-cluster: hippo",
            "postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/pguser: web",
        ),
        &secret("hippo-pguser-app").replace("pg-cluster: hippo", "x: y"),
    ];
    let desk = Desk::complete(&documents);
    assert_eq!(desk.says("pair.usersLost"), "[{name: \"batch\"}]");
    assert_eq!(desk.says("pair.passwordsReplaced"), "[{name: \"app\"}]");
    assert_eq!(desk.first_place("pair.passwordsReplaced"), "app");
    let unseen = Desk::of(&[&mine, PGCLUSTER]);
    expect(
        &unseen,
        &[
            ("pair.usersLost", "unknown"),
            ("pair.passwordsReplaced", "unknown"),
        ],
    );
}

#[test]
fn every_fact_about_the_cluster_that_is_compared_exists() {
    let source = [
        include_str!("claims.rs"),
        include_str!("repository.rs"),
        include_str!("settings.rs"),
        include_str!("cluster.rs"),
        include_str!("people.rs"),
    ]
    .join("\n");
    let pattern =
        regex::Regex::new(r#"v4_(?:text|texts|truth|map)\(\s*"([a-zA-Z.0-9]+)""#).unwrap();
    let names: Vec<&str> = pattern
        .captures_iter(&source)
        .map(|found| found.get(1).unwrap().as_str())
        .collect();
    assert!(names.len() > 12, "{names:?}");
    let claims = ["dataClaim.name", "walClaim.name", "repoClaim.name"];
    for name in names.iter().chain(&claims) {
        let number = crate::expr::Names::fact(&*crate::fact::v4::FACTS, name);
        assert!(number.is_some(), "{name}");
    }
}
