//! Objects of every kind that is read, with a credential in each place where one was ever seen. Each has a number of its own.

use serde_json::{Value, json};

mod written;
#[allow(unused_imports)] // not by all who share this
pub use written::{escaped, written};

pub fn base64(text: &[u8]) -> String {
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

/// What must never be seen again, and where each was.
#[derive(Default)]
pub struct Canaries(pub Vec<String>);

/// Every format of a report.
pub const FORMATS: [&str; 10] = [
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

/// What each begins with; it is nowhere else.
pub const CANARY: &str = "C4n4ry";

impl Canaries {
    /// One for a place.
    pub fn at(&mut self, place: impl Into<String>) -> String {
        self.0.push(place.into());
        format!("{CANARY}{}x", self.0.len() - 1)
    }

    /// Where those were that are in a text.
    pub fn in_text(&self, text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, _) in text.match_indices(CANARY) {
            let rest = &text[at + CANARY.len()..];
            let number = rest
                .split_once('x')
                .and_then(|(number, _)| number.parse::<usize>().ok());
            found.push(number.map_or("cut off", |number| &self.0[number]));
        }
        found
    }

    fn secret(&mut self, place: &str) -> String {
        json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "x"}, "data": {"p": self.at(place)}}).to_string()
    }

    /// What Helm keeps of a release.
    fn release(&mut self, place: &str) -> String {
        let manifest = format!(
            "---\n# Source: a\napiVersion: v1\nkind: Secret\nmetadata: {{name: x}}\nstringData:\n  p: {}\n",
            self.at(format!("{place}, manifest"))
        );
        let release = json!({"name": "r", "config": {"rootPassword": self.at(format!("{place}, values"))}, "manifest": manifest});
        base64(&gzip(&release.to_string()))
    }

    fn private_key(&mut self, place: &str) -> String {
        let key = self.at(place);
        format!("-----BEGIN RSA PRIVATE KEY-----\nMIIE{key}\n-----END RSA PRIVATE KEY-----\n")
    }

    pub fn container(&mut self, place: &str) -> Value {
        let mut at = |what: &str| self.at(format!("{place}, {what}"));
        let names = [
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
            "CONNINFO",
        ];
        let mut environment: Vec<Value> = names
            .iter()
            .map(|name| json!({"name": name, "value": at(name)}))
            .collect();
        environment.push(json!({"value": at("variable without a name")}));
        for (name, value) in [
            (
                "COMMAND_OPTS",
                format!("--type=full --repo1-s3-key={}", at("option of a variable")),
            ),
            (
                "COMMAND_OPTS",
                format!(
                    "--type=full --repo1-cipher-pass {}",
                    at("option of a variable, apart")
                ),
            ),
            (
                "PGHA_DATABASE",
                format!("postgres://u:{}@db/x", at("address in a variable")),
            ),
            (
                "PGHA_DATABASE",
                format!("host=db password={}", at("connection string in a variable")),
            ),
            (
                "PGHA_PG_PORT",
                format!("u:{}@db", at("user and password in a variable")),
            ),
            (
                "RELATED_IMAGE_PGBACKREST",
                format!("u:{}@registry.example.com/x", at("registry in a variable")),
            ),
        ] {
            environment.push(json!({"name": name, "value": value}));
        }
        environment.push(json!({"name": "PGHA_PG_PORT", "value": "5432"}));
        json!({
            "name": "database", "image": format!("u:{}@registry.example.com/x:1", at("image")), "env": environment,
            "args": [
                "--port=5432", format!("--repo1-s3-key-secret={}", at("option")), "--password", at("option, apart"),
                "-u", format!("u:{}", at("curl")), "-H", format!("Authorization: Bearer {}", at("header of curl")), at("word"),
                format!("psql postgres://u:{}@db", at("address in a word")), format!("host=db password={}", at("connection string")),
                format!("-p{}", at("value of a short option")), format!("echo {} | pgbackrest --type=full", at("script with an option of pgBackRest")),
            ],
            "command": ["sh", "-c", format!(
                "PGPASSWORD={} psql -c \"ALTER USER x PASSWORD '{}'\"; pgbackrest backup --type=full", at("assignment in a script"), at("SQL in a script"),
            )],
            "livenessProbe": {
                "httpGet": {"httpHeaders": [{"name": "Authorization", "value": format!("Basic {}", at("header"))}]},
                "exec": {"command": ["psql", "-W", at("word of a probe")]},
            },
            "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", format!("export TOKEN={}; x", at("script of a hook"))]}}},
        })
    }

    /// Annotations, where tools keep copies of what they applied and people what they should not.
    fn annotations(&mut self, place: &str) -> Value {
        let mut copies = json!({});
        let mut copy = |name: &str, text: String| copies[name] = json!(text);
        let named = |what: &str| format!("{place}, annotation {what}");
        let secret = |this: &mut Self, what: String| this.secret(&what);
        copy("plain", secret(self, named("plain")));
        copy("space", format!("  {}", secret(self, named("space"))));
        copy("string", json!(secret(self, named("string"))).to_string());
        copy(
            "twice",
            json!(json!(secret(self, named("twice"))).to_string()).to_string(),
        );
        copy(
            "lines",
            format!(
                "kind:   Secret\ndata: {{p: {}}}\n b: {{{{ x }}}}: [",
                self.at(named("unparsable"))
            ),
        );
        copy("base64", base64(secret(self, named("base64")).as_bytes()));
        let once = base64(secret(self, named("base64 of base64")).as_bytes());
        copy("base64-twice", base64(once.as_bytes()));
        copy("gzip", base64(&gzip(&secret(self, named("gzip")))));
        copy("list", format!("- {}\n", secret(self, named("list"))));
        copy(
            "quoted",
            format!(
                "'kind': 'Secret'\n'stringData': {{'p': '{}'}}\n",
                self.at(named("quoted"))
            ),
        );
        copy("release", self.release(&named("Helm")));
        copy(
            "options",
            base64(
                format!(
                    "[global]\nrepo1-cipher-pass={}\nrepo1-type=s3\n",
                    self.at(named("options in base64"))
                )
                .as_bytes(),
            ),
        );
        copy(
            "conninfo",
            format!(
                "host=x password={} dbname=y",
                self.at(named("connection string"))
            ),
        );
        copy(
            "sql",
            format!("alter role x password '{}'", self.at(named("SQL"))),
        );
        copy("bearer", format!("Bearer {}", self.at(named("bearer"))));
        copy(
            "address",
            format!("u:{}@host/x", self.at(named("user and password"))),
        );
        copy("colon", format!("token: {}", self.at(named("colon"))));
        copy(
            "json",
            format!(
                "see {{\"apiKey\":\"{}\"}}",
                self.at(named("JSON in a text"))
            ),
        );
        copy(
            "signed",
            format!("https://h/?X-Amz-Signature={}", self.at(named("signature"))),
        );
        copy("my-api-key", self.at(named("api-key")));
        for (name, text) in [
            ("token-as-user", "https://CANARY@git.example.com/a"),
            ("xml", "<a><password>CANARY</password></a>"),
            ("hash", "'password' => 'CANARY'"),
            ("subscript", "env[\"PGPASSWORD\"] = \"CANARY\""),
            ("sql-escaped", "ALTER USER u PASSWORD E'CANARY'"),
            ("sql-over-lines", "ALTER USER u\nPASSWORD\n  'CANARY';"),
            ("signed-token", "eyJCANARY0123456789.eyJzdWIiOiIxIn0.c2ln"),
            ("issued-token", "run with ghp_CANARY0123456789"),
            ("hook", "https://hooks.slack.com/services/T0/B0/CANARY"),
            ("curl", "curl -u me:CANARY https://h"),
            ("cookie", "Cookie: session-CANARY"),
            ("key-header", "X-Api-Key: CANARY"),
            ("db-pass", "CANARY"),
            ("signing-key", "CANARY"),
            ("client-key-data", "CANARY"),
            ("licenseKey", "CANARY"),
            ("upstream-jwt", "CANARY"),
            ("pgp", "-----BEGIN PGP PRIVATE KEY BLOCK-----\nCANARY\n"),
            ("token-of-openshift", "sha256~CANARY0123456789"),
            (
                "account",
                "AccountName=a;AccountKey=CANARY;EndpointSuffix=b",
            ),
            (
                "kapp.k14s.io/original",
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"userlist.txt\":\"\\\"postgres\\\" \\\"CANARY\\\"\"}}",
            ),
            (
                "map-in-a-template",
                "kind: ConfigMap\nmetadata: {name: {{ .x }}}\ndata: {userlist.txt: CANARY}\n",
            ),
            (
                "patch",
                "[{\"op\": \"add\", \"path\": \"/spec/rootPassword\", \"value\": \"CANARY\"}]",
            ),
            (
                "patch-of-env",
                "- op: add\n  path: /spec/containers/0/env/-\n  value: {name: A, value: CANARY}\n",
            ),
            ("values", "postgres:\n  env: {ANYTHING: CANARY}\n"),
            (
                "options-of-v5",
                "kind: PostgresCluster\nspec: {backups: {pgbackrest: {global: {repo1-s3-key: CANARY}}}}\n",
            ),
        ] {
            let canary = self.at(named(name));
            copy(name, text.replace("CANARY", &canary));
        }
        copy("pem", self.private_key(&named("key")));
        copy(
            "registry",
            json!({"auths": {"r": {"username": "u", "auth": self.at(named("registry"))}}})
                .to_string(),
        );
        let applied = json!({"kind": "Deployment", "spec": {"containers": [self.container(&named("last applied"))]}});
        copy(
            "kubectl.kubernetes.io/last-applied-configuration",
            format!("{applied}\n"),
        );
        copies
    }

    fn meta(&mut self, name: &str) -> Value {
        let labels =
            json!({"pg-cluster": "hippo", "service-token": self.at(format!("{name}, label"))});
        json!({"name": name, "namespace": "pgo", "annotations": self.annotations(name), "labels": labels})
    }

    fn workload(&mut self, api: &str, kind: &str) -> Value {
        let spec = json!({"containers": [self.container(kind)], "initContainers": [self.container(&format!("init of {kind}"))]});
        let template = json!({"metadata": {"annotations": self.annotations(&format!("pods of {kind}"))}, "spec": spec});
        json!({"apiVersion": api, "kind": kind, "metadata": self.meta("hippo"), "spec": {"template": template}})
    }

    /// Files of other programs, as people put them into a ConfigMap.
    fn files(&mut self, map: &mut Value) {
        for (name, text) in [
            (".pgpass", "db:5432:*:postgres:CANARY"),
            ("userlist.txt", "\"postgres\" \"md5CANARY\"\n"),
            ("pg_service.conf", "[a]\nhost=h\npassword=CANARY"),
            (
                "init.sql",
                "\\c app\n\\set pw 'CANARY'\nSELECT pgp_sym_encrypt('a', 'CANARY');\n",
            ),
            (
                "backup.sql",
                "\\connect app\nCREATE USER MAPPING FOR a SERVER b OPTIONS (password 'CANARY')",
            ),
            ("env.csh", "setenv PGPASSWORD CANARY"),
            ("odd.conf", "\"CANARY\"\n"),
            ("age.txt", "AGE-SECRET-KEY-1CANARY"),
            ("ssh.conf", "IdentityFile CANARY"),
        ] {
            let canary = self.at(format!("entry {name}"));
            map[name] = json!(text.replace("CANARY", &canary));
        }
    }

    fn of_v4(&mut self) -> Vec<Value> {
        let mut secret = self.meta("hippo-backrest-repo-config");
        secret["annotations"]["short"] = json!(self.at("annotation of a Secret"));
        secret["annotations"]["s3-bucket"] = json!("kept-bucket");
        let mut at = |place: &str| self.at(place);
        let cluster = json!({
            "clustername": "hippo", "ccpimage": "crunchy-postgres-ha", "ccpimagetag": "centos8-13.3-4.7.0", "port": "5432", "database": "d",
            "ccpimageprefix": format!("u:{}@registry.example.com/crunchydata", at("ccpimageprefix")),
            "userlabels": {"pgbouncer-password": at("userlabels"), "db_pass": at("short userlabel"), "pgo-version": "4.7.0"}, "rootPassword": at("rootPassword"),
            "backrestS3Endpoint": format!("https://k:{}@s3.example.com", at("endpoint")), "backrestStorageTypes": ["s3"],
            "annotations": {"global": {"conninfo": format!("host=x password={}", at("annotations of a spec"))}}, "customconfig": "hippo-custom",
        });
        let parameters = json!({
            "backrest-opts": format!("--repo1-cipher-pass={}", at("option of a task")), "pgpass": at("pass of a task"), "admin-password": at("password of a task"),
            "restore-opts": format!("--repo1-s3-key-secret {}", at("option of a task, apart")),
            "sql": format!("ALTER USER a PASSWORD '{}';", at("SQL of a task")), "script": format!("PGPASSWORD={} x", at("script of a task")),
        });
        let data = json!({"p": at("data of a Secret")});
        let text = json!({"q": {at("key in a Secret"): at("value in a Secret")}});
        let patroni = format!(
            "bootstrap:\n  users: {{admin: {{password: {}}}}}\npostgresql:\n  parameters:\n    primary_conninfo: 'host=x password={}'\n  authentication:\n    \
             superuser: {{username: postgres, password: {}}}\nrestapi:\n  authentication: {{username: a, password: {}}}\n",
            at("Patroni's users"),
            at("Patroni's primary_conninfo"),
            at("Patroni's superuser"),
            at("Patroni's REST API"),
        );
        let local = format!(
            "postgresql:\n  parameters:\n    ssl_passphrase_command: echo {}\n    archive_command: 'GPG_PASS={} gpg'\n",
            at("ssl_passphrase_command"),
            at("archive_command")
        );
        let options = format!(
            "[global]\nrepo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass={}\n#repo1-s3-key = {}\nrepo1-azure-key={}\nrepo1-gcs-key={}\nrepo1-sftp-private-key-passphrase={}\n",
            at("cipher in options"),
            at("comment in options"),
            at("azure key in options"),
            at("gcs key in options"),
            at("sftp in options"),
        );
        let hba = format!(
            "host all all 0.0.0.0/0 ldap ldapbindpasswd={}\nhost all all all radius radiussecrets=\"{}\"\n",
            at("pg_hba, ldap"),
            at("pg_hba, radius")
        );
        let mut map = json!({
            "postgres-ha.yaml": patroni, "hippo-local-config": local, "pgbackrest.conf": options, "pg_hba.conf": hba,
            "PGPASSWORD": at("entry in capitals"), "setup.sql": format!("ALTER USER x PASSWORD '{}';", at("SQL in an entry")),
            "config": format!("apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user: {{token: {}}}\n", at("kubeconfig")),
            "pgo.yaml": format!("Cluster:\n  CCPImagePrefix: u:{}@registry/x\n  BackrestS3Key: {}\n", at("prefix in pgo.yaml"), at("key in pgo.yaml")),
        });
        map["tls.key"] = json!(self.private_key("tls.key"));
        map["ca.conf"] = json!(self.private_key("key in a .conf"));
        map["release"] = json!(self.release("release in a ConfigMap"));
        self.files(&mut map);
        vec![
            json!({"apiVersion": "crunchydata.com/v1", "kind": "Pgcluster", "metadata": self.meta("hippo"), "spec": cluster}),
            json!({"apiVersion": "crunchydata.com/v1", "kind": "Pgtask", "metadata": self.meta("task"), "spec": {"name": "task", "parameters": parameters}}),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": secret, "data": data, "stringData": text}),
            json!({"apiVersion": "v1", "kind": "Secret", "type": "helm.sh/release.v1", "metadata": {"name": "sh.helm.release.v1.x.v1", "namespace": "pgo"},
                "data": {"release": base64(self.release("Helm's Secret").as_bytes())}}),
            json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "sops", "namespace": "pgo"}, "sops": {"mac": "ENC[AES256_GCM,data:x]"},
                "stringData": {"a": self.at("left in clear beside SOPS")}}),
            json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": self.meta("hippo-custom"), "data": map}),
            self.workload("apps/v1", "Deployment"),
            self.workload("batch/v1", "Job"),
        ]
    }

    fn volumes_and_pods(&mut self) -> Vec<Value> {
        let mut at = |place: &str| self.at(place);
        let volume = json!({
            "capacity": {"storage": "1Gi"}, "mountOptions": ["vers=3", format!("password={}", at("mount option"))],
            "csi": {"driver": "x", "volumeHandle": "h", "volumeAttributes": {
                "password": at("attribute of a volume"), "csi.storage.k8s.io/serviceAccount.tokens": at("token of a volume"),
                "source": format!("//u:{}@host/share", at("share of a volume")),
            }},
            "flexVolume": {"options": {"secretKey": at("option of a volume")}},
        });
        let class =
            json!({"restuserkey": at("key of a class"), "password": at("password of a class")});
        let status = json!({"phase": "Failed", "message": format!("connection to postgres://u:{}@h failed", at("status, address")),
            "containerStatuses": [{"name": "database", "image": format!("u:{}@reg/x", at("status, image")), "state": {"waiting": {"message": format!("password={} refused", at("status, reason"))}}}]});
        vec![
            json!({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": self.meta("pv"), "spec": volume}),
            json!({"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": self.meta("fast"), "provisioner": "x", "parameters": class}),
            json!({"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": self.meta("hippo"), "spec": {"storageClassName": "fast", "volumeName": "pv"}}),
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": self.meta("hippo-0"), "spec": {"containers": [self.container("Pod")]}, "status": status}),
            json!({"apiVersion": "v1", "kind": "Service", "metadata": self.meta("hippo"), "spec": {"ports": []}}),
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "pgo", "annotations": self.annotations("Namespace")}}),
        ]
    }

    /// A draft, or a cluster that lives.
    fn of_v5(&mut self, name: &str, lives: bool) -> Value {
        let container = self.container(name);
        let mut meta = self.meta(name);
        let mut at = |what: &str| self.at(format!("{name}, {what}"));
        let mut spec = json!({
            "image": format!("u:{}@registry/x", at("image")), "postgresVersion": 13,
            "users": [{"name": "u", "options": format!("SUPERUSER PASSWORD '{}'", at("options of a user"))}],
            "metadata": {"annotations": {"x": format!("password={}", at("annotation of the spec"))}},
            "patroni": {"dynamicConfiguration": {"postgresql": {
                "parameters": {
                    "archive_command": format!("AWS_SECRET_ACCESS_KEY={} wal-g", at("archive_command")), "some.password": at("parameter"),
                    "some.api_key": at("key as a parameter"),
                    "primary_conninfo": format!("host=x password={}", at("primary_conninfo")), "ssl_passphrase_command": format!("echo {}", at("ssl_passphrase_command")),
                },
                "pg_hba": [format!("host all all all ldap ldapbindpasswd={}", at("ldap")), format!("host all all all radius radiussecrets=\"{}\"", at("radius"))],
            }}},
            "backups": {"pgbackrest": {
                "global": {"repo1-s3-key": at("s3 key"), "repo1-cipher-pass": at("cipher"), "repo1-gcs-key": at("gcs key")},
                "repos": [{"name": "repo1", "volume": {}}],
                "restore": {"enabled": true, "repoName": "repo1", "options": [
                    format!("--repo1-s3-key={}", at("option")), "--repo1-s3-key-secret", at("option, apart"), "--type=immediate",
                    format!("--target={{\"password\": \"{}\"}}", at("JSON in an option")),
                ]},
            }},
            "dataSource": {"pgbackrest": {
                "global": {"repo1-s3-key-secret": at("global of the source")}, "options": [format!("--repo1-cipher-pass {}", at("option of the source"))],
                "repo": {"name": "repo1", "s3": {"endpoint": format!("u:{}@e", at("endpoint"))}},
            }},
        });
        spec["proxy"] = json!({"pgBouncer": {"config": {"databases": {"*": format!("host=x password={}", at("pgBouncer"))}}, "containers": [container]}});
        let settings = json!({"SECRET_KEY": at("pgAdmin"), "MAIL_PASSWORD": at("pgAdmin's mail"), "OAUTH2_CONFIG": [{"OAUTH2_CLIENT_SECRET": at("pgAdmin's login")}]});
        spec["userInterface"] = json!({"pgAdmin": {"config": {"settings": settings}}});
        spec["instances"] = json!([{"name": "a", "containers": [container]}]);
        let mut cluster = json!({"apiVersion": "postgres-operator.crunchydata.com/v1beta1", "kind": "PostgresCluster", "spec": spec});
        if lives {
            meta["uid"] = json!("1");
            meta["resourceVersion"] = json!("1");
            let message = format!("connection to postgres://u:{} refused", at("status") + "@h");
            cluster["status"] = json!({"observedGeneration": 1, "conditions": [{"type": "X", "status": "False", "message": message}]});
        }
        cluster["metadata"] = meta;
        cluster
    }

    /// All of them.
    pub fn objects(&mut self) -> Vec<Value> {
        let mut objects = self.of_v4();
        objects.extend(self.volumes_and_pods());
        objects.push(self.of_v5("hippo", false));
        objects.push(self.of_v5("living", true));
        objects
    }
}
