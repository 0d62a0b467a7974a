//! Where data comes from and where backups go.

use super::super::testing::{Desk, draft, expect};
use super::{REPOS, VOLUMES, alone};
use crate::fact::v4::testing::PGCLUSTER;

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
                "draft.restores",
                "[{place: \"spec.dataSource.postgresCluster\", tolerations: true, affinity: false}]",
            ),
            ("draft.source.stanza", "\"db\""),
            ("draft.source.volumeRepo", "false"),
        ],
    );
    // Releases before 5.3 refuse every option with --repo in it.
    let open = alone(&format!("{spec}  backups: {{pgbackrest: {{}}}}\n"));
    let options = open.says("draft.restoreOptions");
    let doubtful = "doubtful: [\"--repo1-path\"], refusedBy: \"5.0.3 to 5.2.8\"";
    assert!(options.contains(doubtful), "{options}");
    let old = alone(spec).target("5.2.0").says("draft.restoreOptions");
    assert!(old.contains("refused: [\"--repo1-path\"]"), "{old}");
    let stanza = alone("  dataSource: {postgresCluster: {options: [--stanza=x, --target=y]}}\n");
    let options = stanza.says("draft.restoreOptions");
    assert!(options.contains("refused: [\"--stanza\"]"), "{options}");
    assert!(options.contains("targetWithoutType: true"), "{options}");
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
            (
                "draft.configuration",
                "[\"secret/s3-keys\", \"configMap/extra\"]",
            ),
            ("draft.sourceRepo.name", "\"\""),
            ("draft.sourceRepo.kind", "\"\""),
            ("draft.repoClaim.given", "false"),
        ],
    );
    let options = desk.says("draft.globalOptions");
    for said in [
        "name: \"repo1\", known: false, suggestion: \"repo1-path\"",
        "name: \"repo3-path\", known: true, suggestion: \"\", knownIn: \"\", missingFrom: \"none\", isString: true, declared: Unknown(",
        "name: \"process-max\", known: true, suggestion: \"\", knownIn: \"\", missingFrom: \"none\", isString: false",
    ] {
        assert!(options.contains(said), "{said} in {options}");
    }
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
    let told = |desk: &Desk| desk.says("draft.projections");
    let unseen = Desk::of(&[&spec]);
    assert!(
        told(&unseen).contains("kubectl get secret s3-keys -n pgo -o go-template="),
        "{}",
        told(&unseen)
    );
    let of_v4 = told(&Desk::complete(&[&spec, &secret("s3-keys", "aws-s3-key")]));
    for said in [
        "name: \"configMap/extra\", ofV4: false, there: false, read: true",
        "name: \"secret/s3-keys\", ofV4: false, there: true, read: false",
    ] {
        assert!(of_v4.contains(said), "{said} in {of_v4}");
    }
    let right = told(&Desk::complete(&[&spec, &secret("s3-keys", "s3.conf")]));
    assert!(!right.contains("read: false"), "{right}");
    let picked = REPOS.replace(
        "{name: s3-keys}",
        "{name: s3-keys, items: [{key: a, path: s3.conf}]}",
    );
    let picked = told(&Desk::of(&[&draft(&picked)]));
    assert!(picked.contains("read: true,"), "{picked}");
}
