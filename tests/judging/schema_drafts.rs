//! Mistakes that people make in drafts, and what the embedded catalogue says of them.

use pgo_preflight::expr::Version;
use pgo_preflight::manifest::load;
use pgo_preflight::schema::{CrdSchemas, first_dropped_field, newest_field};
use pgo_preflight::source::{OriginId, SourceId};

const SPEC: &str = "  postgresVersion: 13
  instances:
  - name: one
    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
  backups:
    pgbackrest:
      repos:
      - name: repo1
        volume:
          volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

fn draft(more: &str) -> String {
    format!(
        "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: rhino}}\n{more}spec:\n{SPEC}"
    )
}

/// `rule [labelled text] message -> replacement or fix` for each breach.
fn check(release: &str, text: &str) -> Vec<String> {
    let name = "draft.yaml".to_owned();
    let loaded = load(SourceId(0), OriginId(0), name, text.as_bytes().to_vec());
    let schemas = CrdSchemas::of_release(&Version::parse(release).unwrap()).unwrap();
    let found = schemas.validate(loaded.objects[0].root()).violations;
    let line = |v: &pgo_preflight::schema::Violation| {
        let advice = v
            .fix
            .as_deref()
            .map_or(String::new(), |fix| format!(" -> {fix}"));
        format!(
            "{} [{}] {}{advice}",
            v.rule,
            loaded.source.slice(v.span),
            v.message
        )
    };
    found.iter().map(line).collect()
}

#[test]
fn a_plain_draft_is_sound() {
    assert_eq!(check("5.8.2", &draft("")), [""; 0]);
}

#[test]
fn the_guide_s_own_slips_are_told_with_the_right_spelling() {
    let text = draft("")
        + "  dataSource:\n    existingVolumes:\n      existingPGDataVolume: {pvcName: rhino}\n";
    assert_eq!(
        check("5.3.0", &text),
        [
            "schema-unknown-field [existingVolumes] `existingVolumes` is not a field of spec.dataSource: the API server would drop it. Did you mean `volumes`? -> write `volumes`"
        ]
    );
    let text = draft("")
        + "  dataSource:\n    volumes:\n      pgDatavolume: {pvcName: rhino}\n      pgWalVolume: {pvcName: w}\n";
    assert_eq!(
        check("5.3.0", &text),
        [
            "schema-unknown-field [pgDatavolume] `pgDatavolume` is not a field of spec.dataSource.volumes: the API server would drop it. Did you mean `pgDataVolume`? -> write `pgDataVolume`",
            "schema-unknown-field [pgWalVolume] `pgWalVolume` is not a field of spec.dataSource.volumes: the API server would drop it. Did you mean `pgWALVolume`? -> write `pgWALVolume`",
        ]
    );
    let text = draft("patroni:\n  dynamicConfiguration: {postgresql: {}}\n");
    assert_eq!(
        check("5.3.0", &text),
        [
            "schema-unknown-field [patroni] `patroni` is not a field of the object: the API server would drop it. The field belongs under `spec` -> move it under `spec`"
        ]
    );
}

#[test]
fn cloud_settings_inside_a_volume_are_sent_where_they_belong() {
    let text = draft("").replace(
        "        volume:\n          volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
        "        volume:\n          s3: {bucket: b, endpoint: e, region: r}\n",
    );
    assert_eq!(
        check("5.3.0", &text),
        [
            "schema-missing-field [volume] spec.backups.pgbackrest.repos[0].volume lacks `volumeClaimSpec`, which is required",
            "schema-unknown-field [s3] `s3` is not a field of spec.backups.pgbackrest.repos[0].volume: the API server would drop it. The field belongs under `spec.backups.pgbackrest.repos[]` -> move it under `spec.backups.pgbackrest.repos[]`",
        ]
    );
}

#[test]
fn a_helm_chart_s_misplaced_data_source_is_sent_home() {
    let text = draft("") + "  service:\n    volumes: {pgDataVolume: {pvcName: rhino}}\n";
    assert_eq!(
        check("5.3.0", &text),
        [
            "schema-unknown-field [volumes] `volumes` is not a field of spec.service: the API server would drop it. The field belongs under `spec.dataSource` -> move it under `spec.dataSource`"
        ]
    );
}

#[test]
fn fields_of_other_releases_say_which() {
    let text = draft("") + "  standby: {enabled: true, repoName: repo1, host: v4.example.test}\n";
    assert_eq!(check("5.2.0", &text), [""; 0]);
    assert_eq!(
        check("5.1.3", &text),
        [
            "schema-unknown-field [host] `host` is not a field of spec.standby: the API server would drop it. PGO has it since 5.2.0; 5.1.3 does not have it -> move to PGO 5.2.0 or later, or leave it out"
        ]
    );
    let text = draft("").replace(
        "pgbackrest:\n",
        "pgbackrest:\n      repoHost: {dedicated: {}}\n",
    );
    assert_eq!(
        check("5.3.0", &text),
        [
            "schema-unknown-field [dedicated] `dedicated` is not a field of spec.backups.pgbackrest.repoHost: the API server would drop it. PGO had it up to 5.0.2; 5.3.0 does not have it -> leave it out"
        ]
    );
}

#[test]
fn unquoted_options_and_wrong_versions() {
    let text = draft("").replace(
        "pgbackrest:\n",
        "pgbackrest:\n      global: {repo1-retention-full: 14, repo1-s3-verify-tls: n}\n",
    );
    assert_eq!(
        check("5.8.2", &text),
        [
            "schema-wrong-type [14] spec.backups.pgbackrest.global.repo1-retention-full must be a string, not the number 14 -> put it in quotes",
            "schema-wrong-type [n] spec.backups.pgbackrest.global.repo1-s3-verify-tls must be a string, not the boolean false -> put it in quotes",
        ]
    );
    assert_eq!(
        check(
            "5.8.2",
            &draft("").replace("postgresVersion: 13", "postgresVersion: \"13\"")
        ),
        [
            "schema-wrong-type [\"13\"] spec.postgresVersion must be an integer, not the string \"13\" -> write it without quotes"
        ]
    );
    assert_eq!(
        check(
            "5.8.2",
            &draft("").replace("postgresVersion: 13", "postgresVersion: 9.6")
        ),
        ["schema-wrong-type [9.6] spec.postgresVersion must be an integer, not the number 9.6"]
    );
    assert_eq!(
        check(
            "5.8.2",
            &draft("").replace("postgresVersion: 13", "postgresVersion: 10")
        ),
        ["schema-value [10] spec.postgresVersion must be at least 11, not 10"]
    );
}

#[test]
fn repositories_as_a_mapping_and_claims_without_access_modes() {
    let text = draft("").replace(
        "      - name: repo1\n        volume:\n  ",
        "        name: repo1\n        volume:\n  ",
    );
    assert_eq!(
        check("5.8.2", &text).first().map(String::as_str),
        Some(
            "schema-wrong-type [repos] spec.backups.pgbackrest.repos must be a list, not a mapping -> begin each item with `- `"
        )
    );
    let text = draft("").replacen("accessModes: [ReadWriteOnce], ", "", 1);
    assert_eq!(
        check("5.7.0", &text),
        [
            "schema-missing-field [dataVolumeClaimSpec] spec.instances[0].dataVolumeClaimSpec lacks `accessModes`, which is required"
        ]
    );
    assert_eq!(
        check("5.8.0", &text),
        [
            "schema-cel [dataVolumeClaimSpec] spec.instances[0].dataVolumeClaimSpec: the claim needs at least one access mode"
        ]
    );
}

#[test]
fn two_unnamed_instance_sets_have_the_same_name() {
    let text = draft("").replace("- name: one\n    data", "- data");
    let set = "  - dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    let text = text.replace("  backups:", &format!("{set}  backups:"));
    assert_eq!(check("5.8.2", &text).len(), 1);
    assert!(check("5.8.2", &text)[0].contains("spec.instances has `name: \"\"` twice"));
}

#[test]
fn v1_is_not_served_before_6() {
    let text = draft("").replace("/v1beta1", "/v1");
    assert_eq!(check("6.0.1", &text), [""; 0]);
    assert_eq!(
        check("5.8.2", &text),
        [
            "schema-version [postgres-operator.crunchydata.com/v1] postgres-operator.crunchydata.com/v1 is not served; postgres-operator.crunchydata.com/v1beta1 is -> write `postgres-operator.crunchydata.com/v1beta1`"
        ]
    );
}

/// `kubectl get` gives the newest version that the server serves, whichever was applied and whatever the operator is.
#[test]
fn the_version_that_a_server_wrote_is_no_mistake_of_its_object() {
    let seen = |more: &str| draft("").replace("/v1beta1", "/v1") + more;
    let status = "status: {observedGeneration: 1}\n";
    assert_eq!(check("5.8.2", &seen(status)), [""; 0]);
    // It is still checked.
    let wrong = seen(&format!("  nothing: 1\n{status}"));
    assert!(check("5.8.2", &wrong)[0].starts_with("schema-unknown-field [nothing]"));
    // A status that says nothing was seen by no server.
    assert_eq!(check("5.8.2", &seen("status: {}\n")).len(), 1);
}

#[test]
fn what_a_draft_uses_bounds_the_releases_that_can_take_it() {
    let uses = |text: &str| {
        let loaded = load(
            SourceId(0),
            OriginId(0),
            String::new(),
            text.as_bytes().to_vec(),
        );
        let root = loaded.objects[0].root();
        let newest = newest_field(root).map(|field| (field.lifetime.since.to_string(), field.path));
        let dropped = first_dropped_field(root).map(|field| field.path);
        (newest, dropped)
    };
    assert_eq!(uses(&draft("")), (None, None));
    let text = draft("") + "  standby: {enabled: true, host: x}\n  users: [{name: a}]\n";
    let host = ("5.2.0".to_owned(), "/spec/standby/host".to_owned());
    assert_eq!(uses(&text), (Some(host), None));
    let text = draft("").replace(
        "pgbackrest:\n",
        "pgbackrest:\n      repoHost: {dedicated: {}}\n",
    );
    let dedicated = "/spec/backups/pgbackrest/repoHost/dedicated".to_owned();
    assert_eq!(uses(&text), (None, Some(dedicated)));
}

/// What a real API server answered to such drafts: the releases (of those with a schema of their own) that take them.
#[test]
fn releases_take_what_the_server_took() {
    let spec = |extra: &str| draft("") + extra;
    let replaced = |from: &str, to: &str| draft("").replace(from, to);
    let sets = |name: &str| replaced("name: one", &format!("name: {name}"));
    let cases = [
        ("plain", spec(""), "5.7.9", true),
        (
            "standby without a source before streaming",
            spec("  standby: {enabled: true}\n"),
            "5.1.3",
            false,
        ),
        (
            "standby without a source",
            spec("  standby: {enabled: true}\n"),
            "5.2.0",
            true,
        ),
        (
            "disabled standby without a repository",
            spec("  standby: {enabled: false}\n"),
            "5.1.0",
            false,
        ),
        (
            "repository 5",
            replaced("name: repo1", "name: repo5"),
            "5.8.2",
            false,
        ),
        (
            "repository 12: the pattern is not anchored",
            replaced("name: repo1", "name: repo12"),
            "5.8.2",
            true,
        ),
        (
            "no replicas",
            replaced("name: one", "name: one\n    replicas: 0")
                .replace("  postgresVersion", "  image: x\n  postgresVersion")
                .replace("    pgbackrest:", "    pgbackrest:\n      image: x"),
            "5.0.0",
            true,
        ),
        (
            "no replicas",
            replaced("name: one", "name: one\n    replicas: 0"),
            "5.0.3",
            false,
        ),
        ("capitals in a set's name", sets("One"), "5.0.3", true),
        ("capitals in a set's name", sets("One"), "5.0.4", false),
        (
            "underscore in a user's name",
            spec("  users: [{name: a_b}]\n"),
            "5.8.2",
            false,
        ),
        (
            "password in a user's options",
            spec("  users: [{name: a, options: PASSWORD x}]\n"),
            "5.5.0",
            true,
        ),
        (
            "password in a user's options",
            spec("  users: [{name: a, options: PASSWORD x}]\n"),
            "5.6.0",
            false,
        ),
        (
            "options as one string",
            spec("  dataSource: {postgresCluster: {repoName: repo1, options: --x}}\n"),
            "5.8.2",
            false,
        ),
        (
            "a stanza by default",
            spec(
                "  dataSource: {pgbackrest: {repo: {name: repo1, s3: {bucket: b, endpoint: e, region: r}}}}\n",
            ),
            "5.0.5",
            true,
        ),
        (
            "a volume to restore from",
            spec(
                "  dataSource: {pgbackrest: {repo: {name: repo1, volume: {volumeClaimSpec: {accessModes: [a], resources: {requests: {storage: 1}}}}}}}\n",
            ),
            "5.7.0",
            true,
        ),
        (
            "a volume to restore from",
            spec(
                "  dataSource: {pgbackrest: {repo: {name: repo1, volume: {volumeClaimSpec: {accessModes: [a], resources: {requests: {storage: 1}}}}}}}\n",
            ),
            "5.7.9",
            false,
        ),
        (
            "a size with a blank",
            replaced("storage: 1Gi", "storage: 1 Gi"),
            "5.8.2",
            false,
        ),
        ("no port", spec("  port: null\n"), "5.8.2", true),
        ("a port below 1024", spec("  port: 80\n"), "5.8.2", false),
        (
            "a port beyond 32 bits",
            spec("  port: 9999999999\n"),
            "5.8.2",
            false,
        ),
        (
            "13.0",
            replaced("postgresVersion: 13", "postgresVersion: 13.0"),
            "5.8.2",
            true,
        ),
        (
            "a name with dots",
            replaced("name: rhino", "name: 1.rhino"),
            "5.8.2",
            true,
        ),
        (
            "a repository of no kind",
            replaced(
                "        volume:\n          volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n",
                "",
            ),
            "5.8.2",
            true,
        ),
        (
            "two sources",
            spec(
                "  dataSource:\n    postgresCluster: {repoName: repo1}\n    pgbackrest: {repo: {name: repo1}}\n",
            ),
            "5.8.2",
            true,
        ),
        (
            "no backups",
            draft("").split("  backups").next().unwrap().to_owned(),
            "5.6.1",
            false,
        ),
        (
            "no backups",
            draft("").split("  backups").next().unwrap().to_owned(),
            "5.7.0",
            true,
        ),
        (
            "wal_level",
            spec("  config: {parameters: {wal_level: replica}}\n"),
            "5.8.0",
            false,
        ),
    ];
    for (name, text, release, taken) in cases {
        let found = check(release, &text);
        assert_eq!(found.is_empty(), taken, "{name} on {release}: {found:#?}");
    }
}

#[test]
fn ten_thousand_misspelt_fields_took_minutes() {
    // Each is reported; advice, for which every field around it is compared, ends.
    let slips: String = (0..300)
        .map(|slip| format!("  postgresVersio{slip}: 13\n"))
        .collect();
    let found = check("5.8.2", &(draft("") + &slips));
    assert_eq!(found.len(), 300);
    let advised = |line: &&String| line.contains(" -> ");
    assert!(found.iter().filter(advised).count() <= 100);
}
