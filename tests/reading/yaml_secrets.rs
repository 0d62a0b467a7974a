//! No secret value survives loading: not in the text, not in a tree, not in a message.

use pgo_preflight::manifest::{Loaded, Node, load};
use pgo_preflight::source::{OriginId, SourceId};
use proptest::prelude::*;

fn read(text: &str) -> Loaded {
    load(
        SourceId(0),
        OriginId(0),
        "in.yaml".to_owned(),
        text.as_bytes().to_vec(),
    )
}

/// Everything a reader of the result could see.
fn visible(loaded: &Loaded) -> String {
    let mut seen = format!("{loaded:?}");
    for object in &loaded.objects {
        let mut open = vec![object.root()];
        while let Some(node) = open.pop() {
            open.extend(node.items());
            open.extend(node.entries().flat_map(|(key, value)| [key, value]));
            seen.push_str(node.text());
            seen.push('\n');
        }
    }
    for problem in &loaded.problems {
        seen.push_str(&problem.kind.to_string());
    }
    // Debug output escapes; the text itself does not.
    seen.push_str(&loaded.source.text);
    seen
}

fn assert_gone(text: &str, secret: &str) -> Loaded {
    assert!(text.contains(secret), "not planted: {text}");
    let loaded = read(text);
    assert!(
        !visible(&loaded).contains(secret),
        "{secret} survives:\n{}",
        loaded.source.text
    );
    assert_eq!(
        loaded.source.text.len(),
        text.trim_start_matches('\u{feff}').len()
    );
    assert_eq!(loaded.source.text.lines().count(), text.lines().count());
    loaded
}

fn at<'a>(loaded: &'a Loaded, path: &[&str]) -> Node<'a> {
    loaded.objects[0].at(path).unwrap()
}

#[test]
fn a_secret_keeps_its_keys_and_annotations_only() {
    let text = "apiVersion: v1
kind: Secret
metadata:
  name: hippo-backrest-repo-config
  annotations:
    s3-bucket: stays
type: Opaque
data: # hunter2
  # hunter2
  aws-s3-ca.crt: aHVudGVyMg==hunter2   # hunter2
  folded: >-
    hunter2 and
    hunter2
  literal: |
    hunter2

      hunter2
  quoted: \"hunter2\\n\\
    hunter2\"
  plain: some hunter2
    hunter2 more
  # hunter2

  # hunter2
stringData: {a: 'it''s hunter2', \"b\": 7}
";
    let loaded = assert_gone(text, "hunter2");
    assert_eq!(
        at(&loaded, &["metadata", "annotations", "s3-bucket"]).text(),
        "stays"
    );
    let data = at(&loaded, &["data"]);
    let keys: Vec<_> = data.entries().map(|(key, _)| key.text()).collect();
    assert_eq!(
        keys,
        ["aws-s3-ca.crt", "folded", "literal", "quoted", "plain"]
    );
    for (_, value) in data.entries() {
        // A line break that is folded reads as a blank.
        assert!(value.is_overwritten(), "{}", value.text());
    }
    assert_eq!(at(&loaded, &["stringData", "a"]).text(), "_".repeat(13));
    assert_eq!(at(&loaded, &["stringData", "b"]).text(), "_");
    assert_eq!(at(&loaded, &["type"]).text(), "Opaque");
}

#[test]
fn secrets_in_lists_that_say_the_kind_once_are_found() {
    for text in [
        "apiVersion: v1\nitems:\n- metadata: {name: a}\n  data: {p: hunter2}\nkind: SecretList\n",
        "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: a}\n  data:\n    p: hunter2\nkind: List\n",
        "apiVersion: v1\nkind: List\nx: &x {p: hunter2}\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}, data: *x}\n",
        "apiVersion: v1\nkind: SecretList\nitems:\n- &x {metadata: {name: a}, data: {p: hunter2}}\n- *x\n",
        r#"{"apiVersion":"v1","items":[{"data":{"p":"hunter2"},"metadata":{"name":"a"}}],"kind":"SecretList"}"#,
    ] {
        let loaded = assert_gone(text, "hunter2");
        assert!(!loaded.objects.is_empty(), "{text}");
        assert_eq!(at(&loaded, &["data", "p"]).text(), "_______", "{text}");
    }
}

#[test]
fn environment_values_go_by_their_names() {
    let entry = "{name: NAME, value: hunter2}";
    for name in [
        "AWS_S3_KEY",
        "pgbackrest_secret",
        "PGPASSWORD",
        "apiToken",
        "DSN",
        "ANYTHING",
    ] {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: a}}\nspec:\n  env:\n  - {}\n  - {{name: PGHA_DATABASE, value: stays}}\n",
            entry.replace("NAME", name)
        );
        let loaded = assert_gone(&text, "hunter2");
        assert!(loaded.source.text.contains("stays") && loaded.source.text.contains(name));
    }
    let twice = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  env:\n  - value: hunter2\n    name: PGHA_DATABASE\n    name: A_KEY\n    value: x\n";
    assert_gone(twice, "hunter2");
    let by_reference = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  env:\n  - name: PGPASSWORD\n    valueFrom: \
                        {secretKeyRef: {name: stays, key: password}}\n";
    assert!(read(by_reference).source.text.contains("stays"));
}

#[test]
fn what_a_definition_says_of_variables_stays() {
    let env = "env: {type: array, items: {type: object}}";
    let of = |version: &str, kind: &str, group: &str| {
        format!(
            "apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\nspec:\n  group: {group}\n  schema: {{properties: {{{env}}}}}\n"
        )
    };
    let definition = of(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "postgres-operator.crunchydata.com",
    );
    assert!(read(&definition).source.text.contains(env));
    // Helm's charts have maps of variables.
    let chart = of("v1", "Pod", "a");
    assert!(!read(&chart).source.text.contains("type: array"));
}

#[test]
fn copies_in_annotations_go() {
    let applied = r#"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"env":[{"name":"S3_KEY","value":"hunter2"}]}}"#;
    let secret = r#"{"apiVersion":"v1","data":{"p":"hunter2"},"kind":"Secret"}"#;
    for (kind, copy) in [
        ("apps/v1\nkind: Deployment", applied),
        ("v1\nkind: Secret", secret),
        ("v1\nkind: ConfigMap", secret),
    ] {
        for style in [
            format!("|\n      {copy}"),
            format!(">-\n      {}", copy.replace(",\"", ",\n      \"")),
            format!("'{copy}'"),
            serde_json::to_string(copy).unwrap(),
        ] {
            let text = format!(
                "apiVersion: {kind}\nmetadata:\n  name: a\n  annotations:\n    \
                 kubectl.kubernetes.io/last-applied-configuration: {style}\n    s3-bucket: stays\n"
            );
            let loaded = assert_gone(&text, "hunter2");
            assert_eq!(
                at(&loaded, &["metadata", "annotations", "s3-bucket"]).text(),
                "stays"
            );
        }
    }
}

#[test]
fn what_a_secret_was_applied_as_goes_whatever_it_says() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    \
                kubectl.kubernetes.io/last-applied-configuration: some hunter2\n";
    assert_gone(text, "hunter2");
}

#[test]
fn postgres_parameters_about_passwords_stay() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a-dcs-config: |\n    postgresql:\n      \
                parameters:\n        password_encryption: md5\n        ssl_key_file: x\nspec:\n  parameters: \
                {password_encryption: md5, token: hunter2}\n";
    assert_eq!(
        assert_gone(text, "hunter2")
            .source
            .text
            .matches("md5")
            .count(),
        2
    );
}

#[test]
fn annotations_without_secrets_stay() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n    config: '{\"postgresql\": \
                {\"parameters\": {\"ssl_key_file\": \"stays\"}}}'\n";
    assert!(read(text).source.text.contains("stays"));
}

#[test]
fn manifests_inside_manifests_inside_manifests_go() {
    let mut copy = r#"{"kind":"Secret","stringData":{"p":"hunter2"}}"#.to_owned();
    for _ in 0..6 {
        copy = serde_json::json!({"kind": "ConfigMap", "data": {"secret.json": copy}}).to_string();
        let text = format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: a}}\ndata:\n  x: |\n    {copy}\n"
        );
        assert_gone(&text, "hunter2");
    }
}

#[test]
fn a_manifest_on_one_line_goes_though_it_begins_with_a_key() {
    let note = |text: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    note: '{text}'\n"
        )
    };
    for manifest in [
        "env: [{name: PGPASSWORD, value: hunter2}]",
        "spec: {containers: [{env: [{name: FOO, value: hunter2}]}]}",
        "a: {kind: Secret, data: {pin: hunter2}}",
        "0: {kind: Secret, data: {pin: hunter2}}",
    ] {
        assert_gone(&note(manifest), "hunter2");
    }
    for other in [
        "env: [{name: PATRONI_SCOPE, value: stays}]",
        "failed [password was refused] for stays",
        "a: {kind: ConfigMap, secretName: stays}",
    ] {
        assert!(read(&note(other)).source.text.contains("stays"), "{other}");
    }
}

#[test]
fn what_cannot_be_parsed_inside_a_manifest_goes_if_it_looks_like_one_with_secrets() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  cluster.json: |\n    {{ if .X }}\"env\": \
                [{\"name\": \"PGPASSWORD\", \"value\": \"hunter2\"}, {{end}}\n  pg_hba.conf: |\n    # {{ a shell script with a key: stays\n";
    let loaded = assert_gone(text, "hunter2");
    assert!(loaded.source.text.contains("stays"));
}

#[test]
fn the_password_of_an_address_goes_wherever_it_stands_and_the_host_stays() {
    let spec = [
        "backrestS3Endpoint: https://u:hunter2@minio:9000",
        "customconfig: 'see ftp://u:hunter2@a, and ftp://u:hunter2@b'",
        "list: [\"postgres://u:hunter2@db/x?y=1\"]",
        "text: |\n    one\n    two http://u:hunter2@h/ three",
    ]
    .map(|line| format!("  {line}\n"));
    let text = format!(
        "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {{name: a}}\nspec:\n{}",
        spec.concat()
    );
    let left = assert_gone(&text, "hunter2").source.text.clone();
    for kept in [
        "https://u:_______@minio:9000",
        "ftp://u:_______@b'",
        "@db/x?y=1",
        "two http",
    ] {
        assert!(left.contains(kept), "{left}");
    }
    // Neither a port nor a digest is a password.
    for text in [
        "docker-pullable://reg:5000/x@sha256:ab",
        "http://h:80/a@b",
        "a@b:c",
        "x://u@h",
    ] {
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nimage: {text}\n");
        assert_eq!(read(&text).source.text, text);
    }
}

#[test]
fn what_is_overwritten_is_read_again_whatever_tag_stood_before_it() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData: {a: !!int 1234, b: [!!bool true, x], c: !!str 55, d: !<tag:yaml.org,2002:float> 1.5}\ndata:\n  e: !!int\n    99\n  f: !!binary aGk=\n";
    let first = read(text);
    assert_eq!((first.objects.len(), first.problems.len()), (1, 0));
    let again = read(&first.source.text);
    assert_eq!((again.objects.len(), again.problems.len()), (1, 0));
    let keys = |loaded: &Loaded, path: &str| -> Vec<String> {
        let map = at(loaded, &[path]);
        map.entries()
            .map(|(key, _)| key.key().into_owned())
            .collect()
    };
    for path in ["stringData", "data"] {
        assert_eq!(keys(&first, path), keys(&again, path));
    }
    // A key that looks like a tag is a key.
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  \"!x\": secret\n";
    assert!(read(text).source.text.contains("\"!x\": ______"));
}

#[test]
fn settings_of_users_go_by_their_names() {
    let text = "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata:\n  name: a\n  labels: {pgbouncer-password: \
                hunter2, service-token: hunter2, workflowid: stays}\nspec:\n  userlabels:\n    pgbouncer-password: hunter2\n    \
                aws-secret-key: hunter2\n    pgo-version: 4.1.0\n  rootPassword: hunter2\n  global: {repo1-s3-key-secret: hunter2, repo1-s3-key-type: auto}\n  usersecretname: a-testuser-secret\n  \
                passwordType: scram-sha-256\n";
    let loaded = assert_gone(text, "hunter2");
    let spec = at(&loaded, &["spec"]);
    assert_eq!(
        spec.at(&["userlabels", "pgo-version"]).unwrap().text(),
        "4.1.0"
    );
    assert_eq!(
        spec.get("usersecretname").unwrap().text(),
        "a-testuser-secret"
    );
    assert_eq!(spec.get("passwordType").unwrap().text(), "scram-sha-256");
    let variables = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {PGPASSWORD: hunter2, monkey-dcs-config: stays}\n";
    assert!(
        assert_gone(variables, "hunter2")
            .source
            .text
            .contains("stays")
    );
}

#[test]
fn what_is_dropped_leaves_nothing() {
    for text in [
        "apiVersion: apps/v1\nkind: DaemonSet\nspec:\n  env: [{name: PGPASSWORD, value: hunter2}]\n",
        "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec: {encryptedData: {p: hunter2}}\n",
        "apiVersion: v1\nitems:\n- apiVersion: example.com/v1\n  kind: Suspended\n  x: hunter2\nkind: List\n",
        "apiVersion: v1\nkind: List\nitems:\n- &x {apiVersion: example.com/v1, kind: Suspended, env: [{name: KEY, value: hunter2}]}\n- {apiVersion: v1, kind: Pod, metadata: {name: a}, spec: *x}\n",
        "apiVersion: v1\nkind: Secret\nitems: []\ndata: {p: hunter2}\nkind: PodList\n",
        "postgres:\n  # hunter2\n  pass: hunter2\n",
        "apiVersion: v1\nkind: Secret\ndata:\n  p: hunter2\n bad: [\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n...\np: hunter2\n",
        "a: hunter2\u{0}\n",
    ] {
        assert_gone(text, "hunter2");
    }
    let mut bytes = b"kind: Secret\ndata: {p: hunter2, q: \"".to_vec();
    bytes.push(0xff);
    let loaded = load(SourceId(0), OriginId(0), "x".to_owned(), bytes);
    assert!(!visible(&loaded).contains("hunter2"));
    assert_eq!(
        loaded.source.position(loaded.problems[0].span.start).column,
        24
    );
}

#[test]
fn what_anchors_share_goes_everywhere() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    plain: &p hunter2\n    quoted: &q \
                \"hunter2\\n\"\ndata:\n  one: *p\n  two: *q\n";
    let loaded = assert_gone(text, "hunter2");
    assert_eq!(
        at(&loaded, &["metadata", "annotations", "plain"]).text(),
        "_______"
    );
    let env = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  x: &v hunter2\n  y: &n A_KEY\n  env: [{name: *n, value: *v}]\n";
    assert_gone(env, "hunter2");
    let merged =
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\nx: &x {p: hunter2}\ndata:\n  <<: *x\n";
    assert_gone(merged, "hunter2");
}

/// A secret that no other part of a text contains.
fn secret() -> impl Strategy<Value = String> {
    "[A-Za-z0-9+/äß漢😀]{12,24}={0,2}".prop_map(|tail| format!("S3cr{tail}"))
}

#[derive(Clone, Copy, Debug)]
enum Style {
    Plain,
    Single,
    Double,
    Escaped,
    Literal,
    Folded,
    Alias,
}

fn styled(value: &str, style: Style, indent: usize) -> String {
    let pad = " ".repeat(indent);
    match style {
        Style::Plain => value.to_owned(),
        Style::Single => format!("'{value}'"),
        Style::Double => format!("\"{value}\""),
        Style::Escaped => format!("\"\\t{value}\\x41\\\n{pad}{value}\""),
        Style::Literal => format!("|+\n{pad}{value}\n\n{pad}  {value}\n"),
        Style::Folded => format!(">2\n{pad}{value}\n{pad}{value}"),
        Style::Alias => "*shared".to_owned(),
    }
}

fn style() -> impl Strategy<Value = Style> {
    use Style::{Alias, Double, Escaped, Folded, Literal, Plain, Single};
    prop::sample::select(vec![Plain, Single, Double, Escaped, Literal, Folded, Alias])
}

/// A text in which the secret stands where secrets stand.
fn planted(secret: &str, style: Style, place: usize, listed: bool) -> String {
    let value = |indent| styled(secret, style, indent);
    let shared = format!("  annotations: {{stays: here, token-x: &shared '{secret}'}}\n");
    let head = |kind: &str| format!("apiVersion: {kind}\nmetadata:\n  name: a\n{shared}");
    let object = match place {
        0 => format!("{}data:\n  p: {}\n", head("v1\nkind: Secret"), value(4)),
        1 => format!(
            "{}stringData:\n  p: {}\n",
            head("v1\nkind: Secret"),
            value(4)
        ),
        2 => format!(
            "{}spec:\n  env:\n  - name: A_SECRET_B\n    value: {}\n",
            head("apps/v1\nkind: Deployment"),
            value(6)
        ),
        3 => format!(
            "{}spec:\n  env:\n  - value: {}\n    name: keyed\n",
            head("batch/v1\nkind: CronJob"),
            value(6)
        ),
        4 => format!(
            "{}spec:\n  userlabels:\n    pgbouncer-password: {}\n",
            head("crunchydata.com/v1\nkind: Pgcluster"),
            value(6)
        ),
        5 => {
            let copy = serde_json::json!({"kind": "Secret", "data": {"p": secret}}).to_string();
            format!("{}x: '{copy}'\n", head("v1\nkind: ConfigMap"))
        }
        6 => format!(
            "{}data:\n  p: {}\n broken: [\n",
            head("v1\nkind: Secret"),
            value(4)
        ),
        _ => format!(
            "{}anything: {}\n",
            head("example.com/v1\nkind: Unknown"),
            value(2)
        ),
    };
    if !listed {
        return object;
    }
    let lines = object.lines().enumerate().map(|(at, line)| {
        let prefix = if at == 0 { "- " } else { "  " };
        if line.is_empty() {
            "\n".to_owned()
        } else {
            format!("{prefix}{line}\n")
        }
    });
    format!(
        "apiVersion: v1\nitems:\n{}kind: List\n",
        lines.collect::<String>()
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_planted_secret_survives(secret in secret(), style in style(), place in 0..8usize, listed: bool) {
        let text = planted(&secret, style, place, listed);
        let loaded = assert_gone(&text, &secret);
        if !matches!(place, 3 | 6 | 7) {
            prop_assert_eq!(loaded.objects.len(), 1, "{}\n{:?}", text, loaded.problems);
        }
    }
}
