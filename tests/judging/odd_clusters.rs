//! Odd, but real clusters of v4: what `draft` makes of each, and that the linter finds nothing in it.

use pgo_preflight::convert::Choices;
use pgo_preflight::rule::Method;

use crate::drafted::{changed, draft_of, faults_of, holds};

/// The draft by a method with parts of the evidence changed, in which the linter finds nothing but what steps answer.
#[track_caller]
fn odd(row: &str, method: Method, target: &str, changes: &[(&str, &str)]) -> String {
    let wrong = faults_of(row, target, changes);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    draft_of(row, method, target, changes, Choices::default())
        .unwrap()
        .text
}

#[track_caller]
fn lacks(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(!text.contains(part), "{part:?} is in\n{text}");
    }
}

const HBA: &str = r#""pg_hba":["local all postgres peer","hostssl all app 10.0.0.0/8 md5"]"#;

#[test]
fn a_pg_hba_of_somebodys_own_is_not_opened_to_everybody() {
    let own = [
        (
            r#""use_slots":false}"#,
            &*format!(r#""use_slots":false,{HBA}}}"#),
        ),
        (
            "      use_slots: false\n",
            "      use_slots: false\n      pg_hba: ['local all postgres peer', 'hostssl all app 10.0.0.0/8 md5']\n",
        ),
    ];
    let text = odd("01", Method::Volumes, "5.8.9", &own);
    holds(&text, &["    - hba: \"hostssl all app 10.0.0.0/8 md5\"\n"]);
    lacks(&text, &["hostnossl", "connection:"]);
    let older = odd("01", Method::Volumes, "5.7.9", &own);
    holds(
        &older,
        &["        pg_hba:\n        - \"hostssl all app 10.0.0.0/8 md5\"\n"],
    );
    lacks(&older, &["hostnossl", "all all all"]);
}

#[test]
fn lines_beside_pgos_own_stand_before_what_lets_all_in() {
    let beside = "\"pg_hba\":[\"host all app 10.0.0.0/8 md5\",\"host all all 0.0.0.0/0 md5\"]";
    let own = [
        (
            r#""use_slots":false}"#,
            &*format!(r#""use_slots":false,{beside}}}"#),
        ),
        (
            "      use_slots: false\n",
            "      use_slots: false\n      pg_hba: ['host all app 10.0.0.0/8 md5', 'host all all 0.0.0.0/0 md5']\n",
        ),
    ];
    let text = odd("01", Method::Volumes, "5.8.9", &own);
    holds(
        &text,
        &["    - hba: \"host all app 10.0.0.0/8 md5\"\n    - connection: hostssl\n"],
    );
}

#[test]
fn what_somebody_set_for_patroni_is_carried_but_what_stops_a_single_instance() {
    let strict = [
        (
            r#""ttl":30}"#,
            r#""ttl":30,"synchronous_mode":true,"synchronous_mode_strict":true,"maximum_lag_on_syncnode":-1}"#,
        ),
        (
            "    ttl: 30\n",
            "    ttl: 30\n    synchronous_mode: true\n    synchronous_mode_strict: true\n    maximum_lag_on_syncnode: -1\n",
        ),
    ];
    let text = odd("02", Method::Volumes, "5.8.9", &strict);
    holds(
        &text,
        &[
            "      synchronous_mode: true\n",
            "      maximum_lag_on_syncnode: -1\n",
        ],
    );
    assert!(
        text.contains("# synchronous_mode_strict: v4 has it; with one instance"),
        "{text}"
    );
    lacks(&text, &["retry_timeout", "maximum_lag_on_failover"]);
    let choices = Choices {
        replicas: Some(3),
        ..Choices::default()
    };
    let text = draft_of("02", Method::Volumes, "5.8.9", &strict, choices)
        .unwrap()
        .text;
    holds(&text, &["      synchronous_mode_strict: true\n"]);
}

#[test]
fn an_image_of_the_operators_own_is_taken() {
    let variable = "        - name: PGO_NAMESPACE\n          value: postgres-operator\n        - name: RELATED_IMAGE_POSTGRES_13\n          value: registry.local/crunchy-postgres:ubi8-13.";
    let given = |minor: &str| format!("{variable}{minor}-2534\n");
    let plain = "        - name: PGO_NAMESPACE\n          value: postgres-operator\n";
    let (newer, older) = (given("22"), given("9"));
    let text = odd("01", Method::Volumes, "5.8.2", &[(plain, &newer)]);
    lacks(&text, &["TODO", "\n  image:"]);
    assert!(
        text.contains("# image: none: the operator has registry.local/"),
        "{text}"
    );
    // It would start an older Postgres, or goes with the operator's upgrade.
    let text = odd("01", Method::Volumes, "5.8.2", &[(plain, &older)]);
    holds(&text, &["  image: \"TODO an image"]);
    let text = odd("01", Method::Volumes, "5.8.9", &[(plain, &newer)]);
    holds(&text, &["  image: \"TODO an image"]);
    let own = [
        (plain, &*newer),
        (
            "crunchy-postgres-ha:ubi8-13.10-4.7.10",
            "our-postgres:ubi8-13.10-4.7.10",
        ),
        ("ccpimage: crunchy-postgres-ha", "ccpimage: our-postgres"),
    ];
    let text = odd("01", Method::Volumes, "5.8.2", &own);
    assert!(text.contains("v4 runs one of your own"), "{text}");
}

#[test]
fn an_endpoint_is_kept_with_its_port() {
    let minio = [("s3.eu-central-1.amazonaws.com", "minio.corp.example:9000")];
    let text = odd("05", Method::Backups, "5.8.9", &minio);
    holds(
        &text,
        &[
            "endpoint: minio.corp.example:9000\n",
            "repo1-storage-ca-file: /etc/pgbackrest/conf.d/aws-s3-ca.crt\n",
        ],
    );
    let plain = [(
        "s3.eu-central-1.amazonaws.com",
        "http://minio.corp.example:9000",
    )];
    let text = draft_of("05", Method::Backups, "5.8.9", &plain, Choices::default())
        .unwrap()
        .text;
    holds(
        &text,
        &["endpoint: \"TODO a front end with TLS for http://minio.corp.example:9000: "],
    );
}

#[test]
fn gcs_of_ones_own_is_reached_where_it_is() {
    let gcs = [
        ("PGBACKREST_REPO1_S3_BUCKET", "PGBACKREST_REPO1_GCS_BUCKET"),
        (
            "PGBACKREST_REPO1_S3_ENDPOINT",
            "PGBACKREST_REPO1_GCS_ENDPOINT",
        ),
        ("s3.eu-central-1.amazonaws.com", "storage.corp.example:4443"),
        ("value: s3\n", "value: gcs\n"),
        ("  - s3\n", "  - gcs\n"),
        (
            "backrestS3Bucket: hippo-backups",
            "backrestGCSBucket: hippo-backups",
        ),
        ("backrestS3Endpoint", "backrestGCSEndpoint"),
    ];
    for method in [Method::Backups, Method::Standby] {
        let text = draft_of("05", method, "5.8.9", &gcs, Choices::default())
            .unwrap()
            .text;
        holds(
            &text,
            &[
                "gcs:\n          bucket: hippo-backups\n",
                "repo1-gcs-endpoint: storage.corp.example:4443\n",
            ],
        );
        lacks(&text, &["repo1-s3-"]);
    }
}

#[test]
fn certificates_get_a_secret_that_is_none_of_v4s() {
    let tls = [
        (
            "PGHA_TLS_ENABLED\n          value: 'false'",
            "PGHA_TLS_ENABLED\n          value: 'true'",
        ),
        (
            "PGHA_TLS_ENABLED\n      value: 'false'",
            "PGHA_TLS_ENABLED\n      value: 'true'",
        ),
        ("caSecret: ''", "caSecret: hippo-ca"),
        (
            "    replicationTLSSecret: ''\n    tlsSecret: ''",
            "    replicationTLSSecret: hippo-rep\n    tlsSecret: hippo-server-tls",
        ),
    ];
    let draft = draft_of("01", Method::Volumes, "5.8.9", &tls, Choices::default()).unwrap();
    holds(
        &draft.text,
        &[
            "customTLSSecret:\n    name: hippo-server-tls-v5\n",
            "customReplicationTLSSecret:\n    name: \"TODO ",
        ],
    );
    assert!(
        draft
            .secrets
            .contains("get secret hippo-server-tls hippo-ca -n pgo"),
        "{}",
        draft.secrets
    );
    assert!(
        draft.secrets.contains("--arg name hippo-server-tls-v5"),
        "{}",
        draft.secrets
    );
}

#[test]
fn what_v5_has_no_field_for_is_said() {
    let odd_things = [
        ("customconfig: ''", "customconfig: hippo-custom"),
        ("disableAutofail: false", "disableAutofail: true"),
        ("pgBadger: false", "pgBadger: true"),
    ];
    let text = changed("01", Method::Volumes, "5.8.9", &odd_things);
    for part in [
        "# disableAutofail: v4 does not",
        "# customconfig: v4 reads ConfigMap hippo-custom",
        "# pgBadger: ",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let plain = changed("01", Method::Volumes, "5.8.9", &[]);
    lacks(
        &plain,
        &["# disableAutofail", "# customconfig", "# pgBadger"],
    );
}

#[test]
fn each_value_says_where_it_is_from() {
    let exporter = [("  exporter: false\n", "  exporter: true\n")];
    let text = changed("01", Method::Volumes, "5.8.9", &exporter);
    assert!(
        text.contains("exporter: {}  # Pgcluster/hippo spec.exporter,"),
        "{text}"
    );
}

#[test]
fn v5_does_not_write_where_v4_still_does_nor_take_its_name() {
    use pgo_preflight::convert::{Refusal, RepositoryPath, Target};
    let refused =
        |choices| draft_of("05", Method::Backups, "5.8.9", &[], choices).map(|draft| draft.text);
    let at = |path: &str| Choices {
        repository: Some(RepositoryPath::At(path.to_owned())),
        ..Choices::default()
    };
    let v4s = "/backrestrepo/hippo-backrest-shared-repo";
    for path in [v4s.to_owned(), format!("{v4s}/")] {
        let told = refused(at(&path)).unwrap_err();
        assert!(
            matches!(&told, Refusal::Unfit(why) if why.contains("where v4 archives")),
            "{told:?}"
        );
    }
    holds(
        &refused(at("/team/hippo")).unwrap(),
        &["repo1-path: /team/hippo\n"],
    );
    let to = |namespace: Option<&str>| Choices {
        to: Some(Target {
            namespace: namespace.map(str::to_owned),
            name: "hippo".to_owned(),
        }),
        ..Choices::default()
    };
    let told = refused(to(None)).unwrap_err();
    assert!(
        matches!(&told, Refusal::Unfit(why) if why.contains("hippo-config")),
        "{told:?}"
    );
    assert!(refused(to(Some("dr"))).is_ok());
}

#[test]
fn what_is_mounted_is_said_to_be_missing_in_another_namespace() {
    let custom = [(
        "  backrestConfig: []\n",
        "  backrestConfig: [{configMap: {name: team-options}}]\n",
    )];
    let elsewhere = Choices {
        to: Some(pgo_preflight::convert::Target {
            namespace: Some("dr".to_owned()),
            name: "hippo".to_owned(),
        }),
        ..Choices::default()
    };
    let told = "to be copied to namespace dr first";
    let draft = draft_of("05", Method::Backups, "5.8.9", &custom, elsewhere).unwrap();
    assert!(draft.text.contains(told), "{}", draft.text);
    let same = draft_of("05", Method::Backups, "5.8.9", &custom, Choices::default()).unwrap();
    assert!(!same.text.contains("to be copied"), "{}", same.text);
}
