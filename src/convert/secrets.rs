//! The commands that make the new cluster's Secrets from those of v4. No value of a Secret is read here, nor printed by them.

use std::fmt::Write as _;

use super::fields::access::{certificate_name, listed, v4_certificate};
use super::fields::bucket::buckets;
use super::fields::repository::{lacks_passphrase, passphrase_name, secret_name};
use super::view::View;
use crate::expr::Value;
use crate::manifest::shell_word;
use crate::printable::one_line;

/// A shell script to read first, and to run step by step.
pub(super) fn commands(view: &View<'_, '_>) -> String {
    let mut script = Script {
        view,
        out: String::new(),
        made: Vec::new(),
    };
    script.users();
    script.other_users();
    script.keys();
    script.passphrase();
    script.certificates();
    script.proof();
    script.out
}

struct Script<'s, 'v, 'a> {
    view: &'s View<'v, 'a>,
    out: String,
    /// The names of the Secrets that are made.
    made: Vec<String>,
}

/// Everything but the data: labels of v5 and none of v4, whose deletion would take the Secret with it.
const HEAD: &str = r#"apiVersion: "v1", kind: "Secret", type: "Opaque", metadata: {name: $name, namespace: $namespace"#;

impl Script<'_, '_, '_> {
    fn say(&mut self, words: &str) {
        let _ = writeln!(self.out, "# {}", one_line(words));
    }

    /// `-n NAMESPACE` of v4.
    fn of_v4(&self) -> String {
        self.view
            .cluster
            .namespace
            .map_or(String::new(), |name| format!(" -n {}", shell_word(name)))
    }

    /// `-n NAMESPACE` of the new cluster.
    fn of_v5(&self) -> String {
        let namespace = self.view.namespace.as_deref();
        namespace.map_or(String::new(), |name| format!(" -n {}", shell_word(name)))
    }

    /// A new Secret from one of v4's; `data` is jq on it.
    fn make(&mut self, from: &str, name: &str, metadata: &str, data: &str) {
        let namespace = self.view.namespace.as_deref().unwrap_or("default");
        let (v4, v5) = (self.of_v4(), self.of_v5());
        let (from, name_word, namespace) =
            (shell_word(from), shell_word(name), shell_word(namespace));
        let cluster = shell_word(&self.view.name);
        let _ = writeln!(
            self.out,
            "kubectl get secret {from}{v4} -o json \\\n  | jq --arg name {name_word} --arg namespace {namespace} --arg cluster {cluster} '{{{HEAD}{metadata}}}, data: {data}}}' \\\n  | kubectl apply --server-side{v5} -f -"
        );
        self.made.push(name.to_owned());
    }

    fn users(&mut self) {
        let users = listed(self.view);
        if users.is_empty() {
            return;
        }
        let v4 = self.view.cluster.name.to_owned();
        self.say("Users, with the passwords they have in v4. What a Secret holds becomes the password of the role, so each is");
        self.say("tried against v4 first: go on only where its test prints 1.");
        let port = self.view.number("cluster.port");
        let port = port.value().filter(|port| **port != 5432);
        let port = port.map_or(String::new(), |port| format!(" -p {port}"));
        let database = self.view.text("access.database");
        let database = database
            .value()
            .map_or("postgres", String::as_str)
            .to_owned();
        let primary = self.view.text("primary.name").value().cloned();
        for user in users {
            let secret = format!("{v4}-{user}-secret");
            if let Some(primary) = &primary {
                let login = format!(
                    "PGPASSWORD=\"$(cat)\" psql -w -h {}{port} -U {} -d {} -Atc \"select 1\"",
                    shell_word(&v4),
                    shell_word(&user),
                    shell_word(&database)
                );
                let (word, namespace) = (shell_word(&secret), self.of_v4());
                let deployment = shell_word(&format!("deployment/{primary}"));
                let _ = writeln!(
                    self.out,
                    "kubectl get secret {word}{namespace} -o jsonpath='{{.data.password}}' | base64 -d \\\n  | kubectl exec -i{namespace} {deployment} -c database -- sh -c {}",
                    shell_word(&login)
                );
            }
            let name = format!("{}-pguser-{user}", self.view.name);
            let labels = format!(
                r#", labels: {{"postgres-operator.crunchydata.com/cluster": $cluster, "postgres-operator.crunchydata.com/pguser": "{user}"}}"#
            );
            self.make(&secret, &name, &labels, "{password: .data.password}");
        }
    }

    /// Of whom nothing tells; the manifest asks for them, too.
    fn other_users(&mut self) {
        if self.view.texts("access.users").value().is_some() {
            return;
        }
        let label = shell_word(&format!("pg-cluster={}", self.view.cluster.name));
        let v4 = self.of_v4();
        self.say("v4's other users were not seen. For each that this names, and that the manifest lists, the same commands with its name:");
        let _ = writeln!(self.out, "kubectl get secrets{v4} -l {label} -o name");
    }

    fn keys(&mut self) {
        let (Some(kind), false) = (self.view.bucket_kind(), buckets(self.view).is_empty()) else {
            return;
        };
        let from = format!("{}-backrest-repo-config", self.view.cluster.name);
        let name = secret_name(&self.view.name);
        let repos: Vec<&str> = buckets(self.view)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        self.say("What pgBackRest needs to reach the bucket: v4's keys, in the form v5 reads.");
        let data = if kind == "gcs" {
            let lines = repos
                .iter()
                .map(|repo| format!("{repo}-gcs-key=/etc/pgbackrest/conf.d/gcs-key.json\\n"));
            let conf = format!("[global]\\n{}", lines.collect::<String>());
            format!(r#"{{"gcs.conf": ("{conf}" | @base64), "gcs-key.json": .data["gcs-key"]}}"#)
        } else {
            let old = self.keeps_keys_in_one_file();
            if old {
                self.say("Where this file of v4's is empty, the keys are in the one of the operator's Secret pgo-backrest-repo-config.");
            }
            let keys = key(old, "aws-s3-key");
            let secrets = key(old, "aws-s3-key-secret");
            let lines = repos.iter().map(|repo| {
                format!(
                    r#" + "{repo}-s3-key=" + {keys} + "\n{repo}-s3-key-secret=" + {secrets} + "\n""#
                )
            });
            let conf = format!(r#"("[global]\n"{} | @base64)"#, lines.collect::<String>());
            let authority = if self.view.holds("repo.privateEndpoint") {
                r#", "aws-s3-ca.crt": .data["aws-s3-ca.crt"]"#
            } else {
                ""
            };
            format!(r#"{{"s3.conf": {conf}{authority}}}"#)
        };
        self.make(&from, &name, "", &data);
    }

    /// A stub: what it holds is typed into a file by somebody who knows it, and into no command.
    fn passphrase(&mut self) {
        if !lacks_passphrase(self.view) {
            return;
        }
        let name = shell_word(&passphrase_name(&self.view.name));
        let v5 = self.of_v5();
        self.say("The passphrase of the repository, which v4 has in no file that is carried over. Write it into a file cipher.conf");
        self.say("with an editor, below the line [global], as the value of repo1-cipher-pass; put the Secret's name into the manifest.");
        let _ = writeln!(
            self.out,
            "kubectl create secret generic {name}{v5} --from-file=cipher.conf"
        );
    }

    /// Before 4.3 both keys stand in `aws-s3-credentials.yaml`.
    fn keeps_keys_in_one_file(&self) -> bool {
        match self.view.fact("cluster.v4").value() {
            Some(Value::Version(version)) => (version.major(), version.minor()) < (4, 3),
            _ => false,
        }
    }

    fn certificates(&mut self) {
        if !self.view.holds("access.tls") {
            return;
        }
        let named = |of| v4_certificate(self.view, of);
        let (Some(pair), Some(authority)) = (named("tlsSecret"), named("caSecret")) else {
            return;
        };
        self.say("The servers' certificate, with its authority in one Secret. That for replication must be issued anew, by the");
        self.say("same authority and for _crunchyrepl; the manifest needs both.");
        let name = certificate_name(self.view);
        let (v4, v5) = (self.of_v4(), self.of_v5());
        let namespace = self.view.namespace.as_deref().unwrap_or("default");
        let (pair, authority) = (shell_word(&pair), shell_word(&authority));
        let (name_word, namespace) = (shell_word(&name), shell_word(namespace));
        let data = r#"{"tls.crt": .items[0].data["tls.crt"], "tls.key": .items[0].data["tls.key"], "ca.crt": .items[1].data["ca.crt"]}"#;
        let _ = writeln!(
            self.out,
            "kubectl get secret {pair} {authority}{v4} -o json \\\n  | jq --arg name {name_word} --arg namespace {namespace} '{{{HEAD}}}, data: {data}}}' \\\n  | kubectl apply --server-side{v5} -f -"
        );
        self.made.push(name);
    }

    /// What `check` needs to see that they are there: names, labels and keys, without a value.
    fn proof(&mut self) {
        if self.made.is_empty() {
            return;
        }
        let file = shell_word(&format!("{}-secrets.json", self.view.name));
        let names: Vec<String> = self.made.iter().map(|name| shell_word(name)).collect();
        let (names, v5) = (names.join(" "), self.of_v5());
        self.say("For `pgo-preflight check`: that they are there, without what is in them.");
        let _ = writeln!(
            self.out,
            "kubectl get secret {names}{v5} -o json \\\n  | jq '{{apiVersion: \"v1\", kind: \"List\", items: [(.items // [.])[] | {{apiVersion, kind, metadata: (.metadata | {{name, namespace, labels}}), data: (.data | map_values(\"\"))}}]}}' > {file}"
        );
    }
}

/// jq that reads one of v4's keys to S3: of a Secret's own, or of a line of its file.
fn key(in_one_file: bool, name: &str) -> String {
    if in_one_file {
        return format!(
            r#"(.data["aws-s3-credentials.yaml"] | @base64d | capture("(^|\n){name}: *\"?(?<value>[^\"\n ]+)").value)"#
        );
    }
    format!(r#"(.data["{name}"] | @base64d)"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn older_keys_are_lines_of_a_file() {
        assert_eq!(
            key(false, "aws-s3-key"),
            r#"(.data["aws-s3-key"] | @base64d)"#
        );
        let old = key(true, "aws-s3-key-secret");
        assert!(
            old.contains(r#"capture("(^|\n)aws-s3-key-secret: *"#),
            "{old}"
        );
    }
}
