//! What is said about the repository.

use crate::fact::v4::testing::{PGCLUSTER, World, claim, stream};

/// Hippo of this release with this in its spec.
fn pgcluster(release: &str, spec: &str) -> String {
    PGCLUSTER
        .replace("4.7.10", release)
        .replace("  port: '5432'\n", &format!("  port: '5432'\n{spec}"))
}

fn of(release: &str, spec: &str, documents: &[&str]) -> World {
    let own = pgcluster(release, spec);
    World::partial(&stream(&[&[own.as_str()], documents].concat()))
}

/// The Deployment hippo with these variables.
fn deployment(env: &str) -> String {
    format!(
        "\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: hippo, namespace: pgo, labels: {{pg-cluster: hippo, vendor: crunchydata, pgo-pg-database: 'true'}}}}
spec: {{replicas: 1, template: {{spec: {{containers: [{{name: database, env: [{env}]}}]}}}}}}
"
    )
}

fn secret(annotations: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: Secret
metadata: {{name: hippo-backrest-repo-config, namespace: pgo, labels: {{pg-cluster: hippo, vendor: crunchydata}}, annotations: {{{annotations}}}}}
"
    )
}

const PGO_YAML: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: pgo-config, namespace: system}
data:
  pgo.yaml: |
    Cluster:
      BackrestS3Bucket: from-settings
      BackrestS3Endpoint: minio.storage:9000
      BackrestS3Region: us-west-1
      BackrestS3URIStyle: path
      BackrestS3VerifyTLS: false
";

const RUNS_POSIX: &str = "{name: PGBACKREST_REPO1_TYPE, value: posix}, {name: PGHA_PGBACKREST_LOCAL_S3_STORAGE, value: 'false'}";
const RUNS_BOTH: &str = "{name: PGBACKREST_REPO1_TYPE, value: posix}, {name: PGHA_PGBACKREST_LOCAL_S3_STORAGE, value: 'true'}";

#[test]
fn types_are_in_the_spec_from_4_6_on() {
    for (spec, says) in [
        ("", "[\"posix\"]"),
        ("  backrestStorageTypes: null\n", "[\"posix\"]"),
        ("  backrestStorageTypes: []\n", "[\"posix\"]"),
        ("  backrestStorageTypes: [local]\n", "[\"posix\"]"),
        ("  backrestStorageTypes: [s3]\n", "[\"s3\"]"),
        (
            "  backrestStorageTypes: [s3, posix]\n",
            "[\"posix\", \"s3\"]",
        ),
        (
            "  backrestStorageTypes: [posix, gcs]\n",
            "[\"posix\", \"gcs\"]",
        ),
        ("  backrestStorageTypes: [gcs, s3]\n", "[\"s3\", \"gcs\"]"),
    ] {
        assert_eq!(of("4.7.10", spec, &[]).says("repo.types"), says, "{spec}");
    }
    let world = of("4.6.1", "  backrestStorageTypes: [posix, s3]\n", &[]);
    assert_eq!(world.points_at("repo.types"), "[posix, s3]");
}

#[test]
fn types_are_in_the_user_labels_up_to_4_5() {
    for (label, says) in [
        ("local", "[\"posix\"]"),
        ("''", "[\"posix\"]"),
        ("s3", "[\"s3\"]"),
        ("'local,s3'", "[\"posix\", \"s3\"]"),
    ] {
        let spec =
            format!("  userlabels: {{pgo-version: 4.4.1, backrest-storage-type: {label}}}\n");
        let yaml = pgcluster("4.4.1", &spec).replace("  userlabels: {pgo-version: 4.4.1}\n", "");
        assert_eq!(World::partial(&yaml).says("repo.types"), says, "{label}");
    }
}

/// Trap 36: both forms on a Pgcluster kept by hand.
#[test]
fn the_form_of_another_release_is_ignored() {
    let spec = "  backrestStorageTypes: [s3]\n";
    assert_eq!(of("4.5.9", spec, &[]).says("repo.types"), "[\"posix\"]");
    let label = pgcluster("4.7.10", "")
        .replace("userlabels: {", "userlabels: {backrest-storage-type: s3, ");
    assert_eq!(World::partial(&label).says("repo.types"), "[\"posix\"]");
}

#[test]
fn without_a_release_two_different_forms_are_undecided() {
    let nameless = |spec: &str, label: &str| {
        let yaml = pgcluster("4.7.10", spec);
        let yaml = yaml
            .replace(", pgo-version: 4.7.10", "")
            .replace("pgo-version: 4.7.10", label);
        World::partial(&yaml.replace("ubi8-13.10-4.7.10", "mine")).says("repo.types")
    };
    assert_eq!(nameless("  backrestStorageTypes: [s3]\n", ""), "[\"s3\"]");
    assert_eq!(nameless("", "backrest-storage-type: s3"), "[\"s3\"]");
    assert_eq!(
        nameless(
            "  backrestStorageTypes: [gcs]\n",
            "backrest-storage-type: s3"
        ),
        "unknown"
    );
    assert_eq!(nameless("", ""), "[\"posix\"]");
}

/// Trap 26: with `posix,s3` the type in the environment is `posix`.
#[test]
fn posix_in_the_environment_is_not_no_s3() {
    let both = "  backrestStorageTypes: [posix, s3]\n";
    let running = deployment(RUNS_BOTH);
    assert_eq!(
        of("4.7.10", both, &[&running]).says("repo.types"),
        "[\"posix\", \"s3\"]"
    );
    // Without the Pgcluster the environment alone tells.
    assert_eq!(
        World::partial(&running).says("repo.types"),
        "[\"posix\", \"s3\"]"
    );
}

#[test]
fn what_runs_outranks_what_the_pgcluster_asks_for() {
    let world = of(
        "4.7.10",
        "  backrestStorageTypes: [s3]\n",
        &[&deployment(RUNS_POSIX)],
    );
    assert_eq!(world.says("repo.types"), "[\"posix\"]");
    assert!(world.points_at("repo.types").starts_with("posix"));
}

/// Trap 22: the claim is there even with S3 only, and proves nothing.
#[test]
fn the_repository_claim_says_nothing_about_types() {
    let world = World::partial(&claim("hippo-pgbr-repo"));
    assert_eq!(world.says("repo.enabled"), "true");
    for fact in [
        "repo.types",
        "repo.path",
        "repo.customPath",
        "repo.directory",
        "repo.bucket",
        "repo.customConfig",
    ] {
        assert_eq!(world.says(fact), "unknown", "{fact}");
    }
}

#[test]
fn of_a_deleted_cluster_the_secret_tells() {
    let secret_of =
        |annotations| World::partial(&stream(&[&claim("hippo-pgbr-repo"), &secret(annotations)]));
    let volume = secret_of("repo-path: /backrestrepo/hippo-backrest-shared-repo, s3-bucket: ''");
    assert_eq!(volume.says("repo.types"), "[\"posix\"]");
    assert_eq!(
        volume.says("repo.directory"),
        "\"hippo-backrest-shared-repo\""
    );
    // The operator's own settings may have put the bucket there, whatever the types were.
    assert_eq!(
        secret_of("repo-path: /backrestrepo/x, s3-bucket: b").says("repo.types"),
        "unknown"
    );
    assert_eq!(secret_of("").says("repo.types"), "unknown");
}

#[test]
fn pgo_4_1_can_do_without_pgbackrest() {
    let off =
        pgcluster("4.1.2", "").replace("userlabels: {", "userlabels: {pgo-backrest: 'false', ");
    let world = World::partial(&off);
    for (fact, says) in [
        ("repo.enabled", "false"),
        ("repo.types", "[]"),
        ("repo.path", "\"\""),
        ("repo.customPath", "false"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
    assert_eq!(world.points_at("repo.enabled"), "'false'");
    let on = pgcluster("4.1.2", "").replace("userlabels: {", "userlabels: {pgo-backrest: 'true', ");
    assert_eq!(World::partial(&on).says("repo.enabled"), "true");
    // Later releases always have one, whatever a stale label says.
    let stale =
        pgcluster("4.3.4", "").replace("userlabels: {", "userlabels: {pgo-backrest: 'false', ");
    assert_eq!(World::partial(&stale).says("repo.enabled"), "true");
}

/// Trap 24: a path of its own, or that of another cluster.
#[test]
fn the_path_may_be_custom_or_shared() {
    for (path, custom, directory, shared) in [
        ("''", "false", "\"hippo-backrest-shared-repo\"", "\"\""),
        (
            "/backrestrepo/hippo-backrest-shared-repo",
            "false",
            "\"hippo-backrest-shared-repo\"",
            "\"\"",
        ),
        (
            "/backrestrepo/rhino-backrest-shared-repo",
            "true",
            "\"rhino-backrest-shared-repo\"",
            "\"rhino\"",
        ),
        ("/backrestrepo/a/b/", "true", "\"a/b\"", "\"\""),
        ("/teams/hippo", "true", "\"\"", "\"\""),
        ("/backrestrepository/x", "true", "\"\"", "\"\""),
        ("/backrestrepo/a/../b", "true", "\"b\"", "\"\""),
    ] {
        let world = of("4.7.10", &format!("  backrestRepoPath: {path}\n"), &[]);
        assert_eq!(world.says("repo.customPath"), custom, "{path}");
        assert_eq!(world.says("repo.directory"), directory, "{path}");
        assert_eq!(world.says("repo.sharedPath"), shared, "{path}");
    }
}

#[test]
fn the_root_of_the_volume_is_on_the_volume() {
    for (path, on) in [
        ("/backrestrepo", "true"),
        ("/backrestrepo/", "true"),
        ("//backrestrepo/.", "true"),
        ("/backrestrepo/x", "true"),
        ("/backrestrepo/../data", "false"),
        ("/backrestrepository", "false"),
        ("/var/backrestrepo", "false"),
        ("backrestrepo", "false"),
    ] {
        let world = of("4.7.10", &format!("  backrestRepoPath: {path}\n"), &[]);
        assert_eq!(world.says("repo.onVolume"), on, "{path}");
    }
    let world = of("4.7.10", "  backrestRepoPath: /backrestrepo\n", &[]);
    assert_eq!(world.says("repo.directory"), "\"\"");
}

#[test]
fn deployments_correct_the_default_path_and_a_written_one() {
    let running = deployment("{name: PGBACKREST_REPO1_PATH, value: /backrestrepo/old}");
    assert_eq!(
        of("4.7.10", "", &[&running]).says("repo.path"),
        "\"/backrestrepo/old\""
    );
    assert_eq!(
        of("4.7.10", "  backrestRepoPath: /new\n", &[&running]).says("repo.path"),
        "\"/backrestrepo/old\""
    );
    assert_eq!(
        of(
            "4.7.10",
            "  backrestRepoPath: /backrestrepo/old\n",
            &[&running]
        )
        .says("repo.path"),
        "\"/backrestrepo/old\""
    );
    // Before 4.3 the field has no meaning.
    assert_eq!(
        of("4.2.4", "  backrestRepoPath: /new\n", &[]).says("repo.customPath"),
        "false"
    );
}

const S3: &str = "  backrestStorageTypes: [s3]\n";

/// Trap 25: settings only in pgo.yaml, or only in the Secret's annotations.
#[test]
fn s3_settings_come_from_four_places() {
    let written = "  backrestStorageTypes: [s3]\n  backrestS3Bucket: b\n  backrestS3Endpoint: s3.amazonaws.com\n  backrestS3Region: eu\n  backrestS3URIStyle: path\n  backrestS3VerifyTLS: 'false'\n";
    let env = "{name: PGBACKREST_REPO1_S3_BUCKET, value: b}, {name: PGBACKREST_REPO1_S3_ENDPOINT, value: s3.amazonaws.com}, {name: PGBACKREST_REPO1_S3_REGION, value: eu}, {name: PGBACKREST_REPO1_S3_URI_STYLE, value: path}, {name: PGHA_PGBACKREST_S3_VERIFY_TLS, value: 'false'}";
    let annotations = "s3-bucket: b, s3-endpoint: s3.amazonaws.com, s3-region: eu, s3-uri-style: path, s3-verify-tls: 'false'";
    let (running, resolved) = (deployment(env), secret(annotations));
    for world in [
        of("4.7.10", written, &[]),
        of("4.7.10", S3, &[&running]),
        of("4.7.10", S3, &[&resolved]),
        of("4.7.10", written, &[PGO_YAML]),
    ] {
        for (fact, says) in [
            ("repo.bucket", "\"b\""),
            ("repo.endpoint", "\"s3.amazonaws.com\""),
            ("repo.region", "\"eu\""),
            ("repo.uriStyle", "\"path\""),
            ("repo.verifyTLS", "false"),
            ("repo.privateEndpoint", "false"),
            ("repo.plainHttp", "false"),
            ("repo.keyType", "\"\""),
        ] {
            assert_eq!(world.says(fact), says, "{fact}");
        }
    }
}

#[test]
fn s3_settings_of_the_operator_fill_an_empty_pgcluster() {
    let world = of("4.7.10", S3, &[PGO_YAML]);
    for (fact, says) in [
        ("repo.bucket", "\"from-settings\""),
        ("repo.endpoint", "\"minio.storage:9000\""),
        ("repo.uriStyle", "\"path\""),
        ("repo.verifyTLS", "false"),
        ("repo.privateEndpoint", "true"),
        ("repo.plainHttp", "true"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
    assert!(
        world
            .points_at("repo.bucket")
            .contains("BackrestS3Bucket: from-settings")
    );
}

#[test]
fn an_empty_pgcluster_alone_leaves_s3_settings_unknown() {
    let world = of("4.7.10", S3, &[]);
    for fact in [
        "repo.bucket",
        "repo.endpoint",
        "repo.region",
        "repo.uriStyle",
        "repo.verifyTLS",
        "repo.privateEndpoint",
        "repo.plainHttp",
    ] {
        assert_eq!(world.says(fact), "unknown", "{fact}");
    }
    let asks = world.asks("repo.bucket");
    let asks: Vec<&str> = asks.lines().collect();
    assert_eq!(asks[0], "kubectl get deployments -n pgo -o yaml");
    // Of Secrets nobody is asked for the data.
    assert!(asks[1].starts_with("kubectl get secrets -n pgo -o go-template='"));
    assert!(!asks[1].contains(".data"));
    assert_eq!(
        asks[2..],
        ["kubectl get configmaps -A --field-selector metadata.name=pgo-config -o yaml"]
    );
}

#[test]
fn a_volume_has_no_object_store_settings() {
    let world = of("4.7.10", "  backrestS3Bucket: left-over\n", &[]);
    for (fact, says) in [
        ("repo.bucket", "\"\""),
        ("repo.endpoint", "\"\""),
        ("repo.uriStyle", "\"\""),
        ("repo.verifyTLS", "true"),
        ("repo.plainHttp", "false"),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
}

#[test]
fn verification_that_is_no_truth_is_off_as_it_is_for_pgo() {
    for (written, says) in [
        ("'true'", "true"),
        ("'1'", "true"),
        ("'yes'", "false"),
        ("'no'", "false"),
        ("'False'", "false"),
    ] {
        let spec = format!("{S3}  backrestS3VerifyTLS: {written}\n");
        assert_eq!(
            of("4.7.10", &spec, &[]).says("repo.verifyTLS"),
            says,
            "{written}"
        );
    }
}

#[test]
fn gcs_has_a_bucket_and_a_kind_of_key() {
    let spec =
        "  backrestStorageTypes: [gcs]\n  backrestGCSBucket: g\n  backrestGCSKeyType: token\n";
    let world = of(
        "4.7.10",
        spec,
        &[&secret("gcs-bucket: g, gcs-endpoint: ''")],
    );
    for (fact, says) in [
        ("repo.bucket", "\"g\""),
        ("repo.endpoint", "\"\""),
        ("repo.keyType", "\"token\""),
        ("repo.privateEndpoint", "false"),
        ("repo.region", "\"\""),
    ] {
        assert_eq!(world.says(fact), says, "{fact}");
    }
}

fn config_map(name: &str, file: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: pgo}}\ndata:\n  a.conf: |\n    [global]\n    {file}\n"
    )
}

#[test]
fn custom_configuration_is_projected_or_mounted_by_its_name() {
    let projected = "  backrestConfig: [{configMap: {name: tuning}}, {secret: {name: cipher}}]\n";
    assert_eq!(
        of("4.7.10", projected, &[]).says("repo.customConfig"),
        "[\"tuning\", \"cipher\"]"
    );
    let mounted = config_map("hippo-config-backrest", "process-max=4");
    assert_eq!(
        of("4.7.10", "", &[&mounted]).says("repo.customConfig"),
        "[\"hippo-config-backrest\"]"
    );
    assert_eq!(
        of("4.7.10", "", &[&mounted]).points_at("repo.customConfig"),
        "hippo-config-backrest"
    );
    assert_eq!(of("4.7.10", "", &[]).says("repo.customConfig"), "unknown");
    assert_eq!(of("4.4.1", "", &[]).says("repo.customConfig"), "[]");
    let all = World::listing("ConfigMap,Secret", PGCLUSTER);
    assert_eq!(
        (all.says("repo.customConfig"), all.says("repo.encrypted")),
        ("[]".to_owned(), "false".to_owned())
    );
    assert_eq!(World::complete(PGCLUSTER).says("repo.encrypted"), "false");
}

#[test]
fn encryption_shows_only_in_what_can_be_read() {
    let projected = "  backrestConfig: [{configMap: {name: tuning}}]\n";
    let cipher = config_map("tuning", "repo1-cipher-type=aes-256-cbc");
    let world = of("4.7.10", projected, &[&cipher]);
    assert_eq!(world.says("repo.encrypted"), "true");
    assert!(world.points_at("repo.encrypted").contains("cipher-type"));
    // On one line, as JSON has it, the passphrase alone goes; where lines are folded it takes all of the text with it.
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tuning, namespace: pgo}\n";
    let json = format!(
        "{map}data: {{a.conf: \"repo1-cipher-type=aes-256-cbc\\nrepo1-cipher-pass=x\\n\"}}\n"
    );
    assert_eq!(
        of("4.7.10", projected, &[&json]).says("repo.encrypted"),
        "true"
    );
    let whole = format!(
        "{map}data:\n  a.conf: >\n    repo1-cipher-type=aes-256-cbc\n\n    repo1-cipher-pass=x\n"
    );
    let whole = of("4.7.10", projected, &[&whole]);
    assert_eq!(
        (
            whole.says("repo.encrypted"),
            whole.says("repo.customOptions")
        ),
        ("unknown".to_owned(), "unknown".to_owned())
    );
    // The ConfigMap is not in the input, or the options are in a Secret.
    assert_eq!(
        of("4.7.10", projected, &[]).says("repo.encrypted"),
        "unknown"
    );
    let hidden = of(
        "4.7.10",
        "  backrestConfig: [{secret: {name: cipher}}]\n",
        &[HOST],
    );
    assert!(hidden.asks("repo.encrypted").contains("pgbackrest info"));
    let plain = World::complete(&stream(&[
        &pgcluster("4.7.10", projected),
        &config_map("tuning", "process-max=4"),
    ]));
    assert_eq!(plain.says("repo.encrypted"), "false");
}

/// What is in a Secret nobody reads; pgBackRest tells its cipher.
#[test]
fn the_list_of_pgbackrest_tells_the_cipher() {
    let secret = "  backrestConfig: [{secret: {name: cipher}}]\n";
    let says = |cipher: &str| {
        let list = format!(r#"[{{"name":"db","backup":[],"cipher":"{cipher}"}}]"#);
        let world = of("4.7.10", secret, &[]).with_backup_info(&list);
        world.says("repo.encrypted")
    };
    assert_eq!(says("aes-256-cbc"), "true");
    assert_eq!(says("none"), "false");
    assert_eq!(says("mixed"), "unknown");
    // A file that sets one outranks the word of another time.
    let projected = "  backrestConfig: [{configMap: {name: tuning}}]\n";
    let cipher = config_map("tuning", "repo1-cipher-type=aes-256-cbc");
    let none = r#"[{"name":"db","backup":[],"cipher":"none"}]"#;
    let world = of("4.7.10", projected, &[&cipher]).with_backup_info(none);
    assert_eq!(world.says("repo.encrypted"), "true");
}

#[test]
fn pgbackrest_is_asked_about_the_store_that_holds_the_backups() {
    let asks = |store: &str| {
        let projected = format!(
            "  backrestConfig: [{{secret: {{name: cipher}}}}]\n  backrestStorageTypes: {store}\n"
        );
        of("4.7.10", &projected, &[HOST]).asks("repo.encrypted")
    };
    assert!(asks("[posix]").ends_with("pgbackrest info"));
    assert!(asks("[s3]").ends_with("pgbackrest info --repo1-type=s3"));
    assert!(asks("[gcs]").ends_with("pgbackrest info --repo1-type=gcs"));
    assert_eq!(asks("[posix, s3]"), "pgo show backup hippo -n pgo");
    let unverified = asks("[s3]\n  backrestS3VerifyTLS: 'false'");
    assert!(
        unverified.ends_with("--repo1-type=s3 --no-repo1-s3-verify-tls"),
        "{unverified}"
    );
}

/// A repository host that serves.
const HOST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: hippo-backrest-shared-repo, namespace: pgo, labels: {vendor: crunchydata, pg-cluster: hippo}}
spec: {replicas: 1}
status: {readyReplicas: 1}
";

#[test]
fn a_host_that_does_not_run_is_asked_nothing() {
    let projected = "  backrestConfig: [{secret: {name: cipher}}]\n";
    let asks = |host: &str| of("4.7.10", projected, &[host]).asks("repo.encrypted");
    assert!(asks(HOST).contains("kubectl exec -n pgo deployment/hippo-backrest-shared-repo"));
    for asleep in [
        HOST.replace("replicas: 1", "replicas: 0"),
        HOST.replace("{readyReplicas: 1}", "{unavailableReplicas: 1}"),
    ] {
        let ask = asks(&asleep);
        assert!(ask.contains("does not run: start it"), "{ask}");
        assert!(!ask.contains("kubectl"), "{ask}");
    }
    let unseen = of("4.7.10", projected, &[]).asks("repo.encrypted");
    assert!(
        unseen.contains("kubectl get deployments -n pgo -o yaml"),
        "{unseen}"
    );
}

fn schedule(kind: &str, entry: &str) -> String {
    format!(
        "\
apiVersion: v1
kind: ConfigMap
metadata: {{name: hippo-{kind}, namespace: pgo, labels: {{crunchy-scheduler: 'true', pg-cluster: hippo}}}}
data:
  hippo-{kind}: '{entry}'
"
    )
}

#[test]
fn schedules_are_json_in_config_maps() {
    let full = schedule(
        "full",
        r#"{"schedule":"0 1 * * 0","type":"pgbackrest","pgbackrest":{"type":"full","options":"--repo1-retention-full=7"}}"#,
    );
    let policy = schedule(
        "policy",
        r#"{"schedule":"0 3 * * *","type":"policy","policy":{"name":"p"}}"#,
    );
    let world = of("4.7.10", "", &[&full, &policy]);
    assert_eq!(world.says("repo.schedules"), "[\"full 0 1 * * 0\"]");
    assert!(
        world
            .points_at("repo.schedules")
            .contains("retention-full=7")
    );
    assert_eq!(world.says("repo.retention"), "[\"repo1-retention-full=7\"]");
}

/// In a bundle schedules passed for none: their entries are called as they are, and were overwritten.
#[test]
fn a_schedule_is_kept_and_one_that_was_overwritten_is_not_none() {
    let kept = |entry: &str| World::complete(&stream(&[PGCLUSTER, &schedule("full", entry)]));
    let plain = r#"{"schedule":"0 1 * * 0","type":"pgbackrest","pgbackrest":{"type":"full"}}"#;
    assert_eq!(kept(plain).says("repo.schedules"), "[\"full 0 1 * * 0\"]");
    let keyed = r#"{"schedule":"0 1 * * 0","type":"pgbackrest","pgbackrest":{"type":"full","options":"--repo1-s3-key=x"}}"#;
    assert_eq!(kept(keyed).says("repo.schedules"), "[\"full 0 1 * * 0\"]");
    for hidden in ["____", "no schedule"] {
        assert_eq!(kept(hidden).says("repo.schedules"), "unknown");
    }
}

#[test]
fn no_schedule_is_known_only_when_config_maps_were_listed() {
    let world = World::partial(PGCLUSTER);
    assert_eq!(
        (world.says("repo.schedules"), world.says("repo.retention")),
        ("unknown".to_owned(), "unknown".to_owned())
    );
    let world = World::complete(PGCLUSTER);
    assert_eq!(
        (world.says("repo.schedules"), world.says("repo.retention")),
        ("[]".to_owned(), "[]".to_owned())
    );
    assert_eq!(world.points_at("repo.schedules"), "hippo");
}

#[test]
fn retention_is_also_in_single_backups_and_custom_files() {
    let task = "apiVersion: crunchydata.com/v1\nkind: Pgtask\nmetadata: {name: backrest-backup-hippo, namespace: pgo, labels: {pg-cluster: hippo}}\nspec: {parameters: {backrest-opts: '--type=full --repo1-retention-diff=2'}}\n";
    let file = config_map("hippo-config-backrest", "repo1-retention-archive=3");
    let world = of("4.7.10", "", &[task, &file]);
    assert_eq!(
        world.says("repo.retention"),
        "[\"repo1-retention-archive=3\", \"repo1-retention-diff=2\"]"
    );
}

/// Trap 14: a host that bootstraps another cluster bears this one's label.
#[test]
fn the_bootstrap_host_of_another_cluster_is_not_the_host() {
    let guest = deployment("{name: PGBACKREST_REPO1_PATH, value: /backrestrepo/other}")
        .replace("pgo-pg-database", "pgha-bootstrap");
    assert_eq!(
        of("4.7.10", "", &[&guest]).says("repo.path"),
        "\"/backrestrepo/hippo-backrest-shared-repo\""
    );
}

/// Worked examples 5, 6 and 24 at the level of facts.
#[test]
fn worked_examples_of_repositories() {
    let s3_only = of("4.7.10", S3, &[&claim("hippo-pgbr-repo")]);
    assert_eq!(s3_only.says("repo.types"), "[\"s3\"]");
    let both = of("4.7.10", "  backrestStorageTypes: [posix, s3]\n", &[]);
    assert_eq!(both.says("repo.types"), "[\"posix\", \"s3\"]");
}
