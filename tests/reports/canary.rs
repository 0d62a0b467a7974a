//! Every place that may hold a credential holds one, and no output of the program tells it.

use std::fs;
use std::process::Command;

use serde_json::json;
use tempfile::TempDir;

/// What must never be seen again; it is nowhere else.
const CANARY: &str = "C4n4ryHunter2";

const FORMATS: [&str; 10] = [
    "human",
    "json",
    "sarif",
    "html",
    "markdown",
    "csv",
    "junit",
    "github",
    "gitlab",
    "policyreport",
];

fn base64(text: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let bits = chunk
            .iter()
            .chain([&0; 2])
            .take(3)
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        (0..4)
            .map(|at| {
                if at <= chunk.len() {
                    char::from(DIGITS[(bits >> (18 - 6 * at) & 63) as usize])
                } else {
                    '='
                }
            })
            .collect::<String>()
    };
    text.chunks(3).map(group).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(text.as_bytes()).unwrap();
    writer.finish().unwrap()
}

/// Objects of every kind that is read, with a canary in each secret place; what is in `kept` is none, and stays.
fn planted() -> Vec<serde_json::Value> {
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": {"p": CANARY}}).to_string();
    let copies = json!({
        "plain": secret, "space": format!("  {secret}"), "string": json!(secret).to_string(),
        "twice": json!(json!(secret).to_string()).to_string(), "lines": format!("kind:   Secret\ndata: {{p: {CANARY}}}\n b: {{{{ x }}}}: ["),
        "base64": base64(secret.as_bytes()), "gzip": base64(&gzip(&secret)),
        "list": format!("- {secret}\n"), "quoted": format!("'kind': 'Secret'\n'stringData': {{'p': '{CANARY}'}}\n"),
    });
    let variables = [
        "PGPASSWORD",
        "PGBACKREST_REPO1_CIPHER_PASS",
        "PGPASS",
        "DB_PASS",
        "PASSWD",
        "PASSPHRASE",
        "CREDENTIALS",
        "DSN",
        "DATABASE_URL",
        "ANYTHING",
        "AWS_ACCESS_KEY_ID",
        "PGBACKREST_REPO1_S3_KEY",
    ];
    let mut environment: Vec<_> = variables
        .map(|name| json!({"name": name, "value": CANARY}))
        .into();
    environment.push(
        json!({"name": "COMMAND_OPTS", "value": format!("--type=full --repo1-s3-key={CANARY}")}),
    );
    environment
        .push(json!({"name": "PGHA_DATABASE", "value": format!("postgres://u:{CANARY}@db/x")}));
    environment.push(json!({"value": CANARY}));
    environment.push(json!({"name": "PGHA_PG_PORT", "value": "5432"}));
    let container = json!({
        "name": "database", "image": "x", "env": environment,
        "args": ["--port=5432", format!("--repo1-s3-key-secret={CANARY}"), format!("psql postgres://u:{CANARY}@db")],
    });
    let spec =
        json!({"template": {"spec": {"containers": [container], "initContainers": [container]}}});
    let meta = |name: &str| json!({"name": name, "namespace": "pgo", "annotations": copies, "labels": {"pg-cluster": "hippo", "service-token": CANARY}});
    let mut secret_meta = meta("hippo-backrest-repo-config");
    secret_meta["annotations"]["short"] = json!(CANARY);
    secret_meta["annotations"]["no-kind"] = json!(json!({"data": {"p": CANARY}}).to_string());
    secret_meta["annotations"]["s3-bucket"] = json!("kept-bucket");
    vec![
        json!({"apiVersion": "crunchydata.com/v1", "kind": "Pgcluster", "metadata": meta("hippo"),
            "spec": {"clustername": "hippo", "userlabels": {"pgbouncer-password": CANARY}, "rootPassword": CANARY, "backrestRepoPath": ""}}),
        json!({"apiVersion": "crunchydata.com/v1", "kind": "Pgtask", "metadata": meta("task"),
            "spec": {"parameters": {"backrest-opts": format!("--repo1-cipher-pass={CANARY}"), "admin-password": CANARY}}}),
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta("hippo"), "spec": spec}),
        json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": meta("job"), "spec": spec}),
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": secret_meta, "data": {"p": CANARY}, "stringData": {"q": {CANARY: CANARY}}}),
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta("hippo-config-backrest"), "data": {
            "PGPASSWORD": CANARY,
            "pgbackrest.conf": format!("[global]\nrepo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass={CANARY}\n#repo1-s3-key = {CANARY}\n"),
        }}),
        json!({"apiVersion": "postgres-operator.crunchydata.com/v1beta1", "kind": "PostgresCluster", "metadata": meta("hippo"), "spec": {
            "postgresVersion": 16, "backups": {"pgbackrest": {"global": {"repo1-s3-key": CANARY, "repo1-cipher-pass": CANARY}}},
            "instances": [{"containers": [container]}],
        }}),
    ]
}

#[test]
fn no_output_tells_what_a_secret_place_held() {
    let folder = TempDir::new().unwrap();
    let objects = planted();
    let json = json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string();
    assert!(json.contains(CANARY));
    let yaml: Vec<String> = objects
        .iter()
        .map(|one| yaml_serde::to_string(one).unwrap())
        .collect();
    let broken = format!("apiVersion: v1\nkind: Secret\nstringData: {{p: {CANARY}}}\n bad: [\n");
    let duplicate = format!(
        "apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\nstringData: {{c: {{{CANARY}: 1, {CANARY}: 2}}}}\n"
    );
    for (name, text) in [
        ("a.json", json),
        ("b.yaml", yaml.join("---\n")),
        ("c.yaml", broken),
        ("d.yaml", duplicate),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    for input in ["a.json", "b.yaml", "c.yaml", "d.yaml", "."] {
        for format in FORMATS {
            let output = Command::new(env!("CARGO_BIN_EXE_pgo-preflight"))
                .current_dir(folder.path())
                .args([
                    "check",
                    "--no-config",
                    "--facts",
                    "--target",
                    "5.8.2",
                    "--now",
                    "2026-11-20T12:00:00Z",
                ])
                .args([
                    "--assume-complete",
                    "--lint-live",
                    "--format",
                    format,
                    input,
                ])
                .output()
                .unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text).into_owned();
            let told = text.lines().find(|line| line.contains(CANARY));
            assert_eq!(told, None, "{input} as {format}");
            assert!(
                !text.contains(&base64(CANARY.as_bytes())[..12]),
                "{input} as {format}"
            );
        }
    }
}

#[test]
fn what_is_no_secret_is_kept() {
    use pgo_preflight::manifest::load;
    use pgo_preflight::source::{OriginId, SourceId};
    let text = json!({"apiVersion": "v1", "kind": "List", "items": planted()}).to_string();
    let loaded = load(SourceId(0), OriginId(0), String::new(), text.into_bytes());
    let left = &loaded.source.text;
    for kept in ["5432", "kept-bucket", "aes-256-cbc", "--port=5432"] {
        // The file of options is written on one line here, and goes as a whole.
        assert_eq!(left.contains(kept), kept != "aes-256-cbc", "{kept}");
    }
    assert!(!left.contains(CANARY));
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a.conf: |\n    repo1-cipher-type=aes-256-cbc\n    repo1-cipher-pass=hunter2\n    pg1-port=1\n";
    let loaded = load(
        SourceId(0),
        OriginId(0),
        String::new(),
        map.as_bytes().to_vec(),
    );
    assert!(
        loaded
            .source
            .text
            .ends_with("aes-256-cbc\n    repo1-cipher-pass=_______\n    pg1-port=1\n")
    );
}
