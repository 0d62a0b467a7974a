//! Who comes in and how: users, rules for clients, certificates, Services.

use super::row::{Field, field};
use crate::convert::choices::Clients;
use crate::convert::document::{Entry, Node};
use crate::convert::view::{View, asking, open, remark};
use crate::manifest::{Fact, shell_word};

pub(super) const FIELDS: &[Field] = &[
    field("spec.users", users),
    field("spec.service.type", |view| {
        service_type(
            view,
            "cluster.serviceType",
            "the type of the cluster's Service",
        )
    }),
    field("spec.service.nodePort", node_port),
    field("spec.replicaService.type", |view| {
        service_type(
            view,
            "cluster.serviceType",
            "the type of the Service of the replicas",
        )
    }),
    field("spec.customTLSSecret.name", |view| {
        certificate(
            view,
            "tlsSecret",
            "a Secret with tls.crt, tls.key and ca.crt for the servers",
        )
    }),
    field("spec.customReplicationTLSSecret.name", |view| {
        let what = "a Secret with tls.crt (common name _crunchyrepl), tls.key and the same ca.crt for replication";
        certificate(view, "replicationTLSSecret", what)
    }),
    field("spec.authentication.rules", |view| {
        let rules = lines(view)?;
        let hba = |line: &Line| match line {
            Line::Own(text) => Node::Map(vec![Entry::text("hba", text)]),
            Line::Of { connection, method } => Node::Map(vec![
                Entry::text("connection", connection),
                Entry::text("method", method),
            ]),
        };
        rules.written(hba)
    }),
    field(
        "spec.patroni.dynamicConfiguration.postgresql.pg_hba",
        |view| {
            let rules = lines(view)?;
            let line = |line: &Line| match line {
                Line::Own(text) => Node::text(text),
                Line::Of { connection, method } => {
                    Node::Text(format!("{connection} all all all {method}"))
                }
            };
            rules.written(line)
        },
    )
    .unless("spec.authentication.rules"),
];

/// Names that a user of v5 may have; the others stay in the database as they are.
fn is_listable(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// The users of v4 that v5 may manage, the Pgcluster's own first.
pub(in crate::convert) fn listed(view: &View<'_, '_>) -> Vec<String> {
    let own = view
        .text("access.user")
        .value()
        .cloned()
        .unwrap_or_default();
    let all = view
        .texts("access.users")
        .value()
        .cloned()
        .unwrap_or_default();
    let others = all.into_iter().filter(|name| *name != own);
    let names = [own.clone()].into_iter().chain(others);
    names
        .filter(|name| is_listable(name) && name != "postgres")
        .collect()
}

#[allow(clippy::unnecessary_wraps)] // as the table has it
fn users(view: &View<'_, '_>) -> Option<Entry> {
    let own = view.text("access.user");
    let all = view.texts("access.users");
    let mut items = Vec::new();
    for name in listed(view) {
        let is_own = own.value() == Some(&name);
        let origin = if is_own {
            view.origin(&own)
        } else {
            view.origin(&all)
        };
        let mut user = vec![Entry::text("name", &name).saying(origin)];
        if is_own && let Some(database) = view.word("access.database", "the database of this user")
        {
            let items = vec![Entry::item(database.node)];
            user.push(Entry::new("databases", Node::List(items)).saying(database.comment));
        }
        items.push(Entry::item(Node::Map(user)));
    }
    if all.value().is_none() {
        // Their names are those of v4's Secrets; what the facts ask for is longer, and made for programs.
        let ask = format!(
            "each other user of v4, else remove this entry: kubectl get secrets {}-l {} -o name",
            view.cluster.namespace_flag(),
            shell_word(&format!("pg-cluster={}", view.cluster.name))
        );
        items.push(Entry::item(Node::Map(vec![Entry::todo("name", &ask)])));
    }
    let unlisted: Vec<String> = all
        .value()
        .into_iter()
        .flatten()
        .filter(|name| !is_listable(name))
        .cloned()
        .collect();
    let words = if unlisted.is_empty() {
        "each needs its Secret before the cluster is made, else its password is replaced"
    } else {
        return Some(Entry::item(Node::List(items)).saying(format!(
            "v5 cannot manage {}, for their names: they stay in the database as they are",
            unlisted.join(", ")
        )));
    };
    let words = if items.is_empty() {
        "none, and none is made"
    } else {
        words
    };
    Some(Entry::item(Node::List(items)).saying(words.to_owned()))
}

pub(super) fn service_type(view: &View<'_, '_>, fact: &str, what: &str) -> Option<Entry> {
    let entry = view.word(fact, what)?;
    match &entry.node {
        Node::Text(kind) if kind == "ClusterIP" => None,
        Node::Text(kind) if matches!(kind.as_str(), "NodePort" | "LoadBalancer") => Some(entry),
        Node::Text(kind) if kind.starts_with(crate::convert::document::TODO) => {
            Some(Entry::item(Node::Open).saying(kind.trim_start_matches("TODO ").to_owned()))
        }
        _ => Some(
            Entry::item(Node::Remark)
                .saying(format!("v4 has a type that v5 does not: {}", entry.comment)),
        ),
    }
}

/// The port that clients know, which v4's Service holds while it is there.
fn node_port(view: &View<'_, '_>) -> Option<Entry> {
    let kind = view.text("cluster.serviceType");
    if !kind
        .value()
        .is_some_and(|kind| matches!(kind.as_str(), "NodePort" | "LoadBalancer"))
    {
        return None;
    }
    let port = view.number("services.nodePort");
    match &port {
        Fact::Known(truth) if truth.value == 0 => None,
        Fact::Known(truth) if view.form.lives_beside() => Some(remark(&format!(
            "v4's Service holds {} as long as it is there",
            truth.value
        ))),
        Fact::Known(truth) => Some(
            Entry::item(Node::number(truth.value))
                .saying(format!("free once v4 is deleted: {}", view.origin(&port))),
        ),
        Fact::Unknown(gaps) => Some(open("the port on the nodes that clients use", gaps)),
    }
}

fn certificate(view: &View<'_, '_>, of: &str, what: &str) -> Option<Entry> {
    match view.truth("access.tls") {
        Fact::Known(truth) if !truth.value => None,
        Fact::Known(_) => {
            let secrets = view.map("access.tlsSecrets");
            let named = |key: &str| {
                let entries = secrets.value().into_iter().flatten();
                let mut names = entries.filter(|(name, text)| name == key && !text.is_empty());
                names.next().map(|(_, text)| text.clone())
            };
            let from = [named(of), named("caSecret")]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>();
            let from = if from.is_empty() {
                String::new()
            } else {
                format!(", from v4's {}", from.join(" and "))
            };
            Some(Entry::todo("", &format!("{what}{from}")))
        }
        Fact::Unknown(gaps) => Some(open(what, &gaps)),
    }
}

/// A rule for clients.
enum Line {
    /// As somebody wrote it for v4.
    Own(String),
    /// For all databases, users and addresses.
    Of {
        connection: &'static str,
        method: &'static str,
    },
}

/// The rules for clients, in their order, and why these.
struct Lines {
    rules: Vec<Line>,
    why: String,
    open: Option<String>,
}

impl Lines {
    fn written(&self, item: impl Fn(&Line) -> Node) -> Option<Entry> {
        if let Some(open) = &self.open {
            return Some(Entry::item(Node::Open).saying(open.clone()));
        }
        if self.rules.is_empty() {
            return None;
        }
        let items = self.rules.iter().map(|line| Entry::item(item(line)));
        Some(Entry::item(Node::List(items.collect())).saying(self.why.clone()))
    }
}

/// As v4 let clients in, unless somebody chose otherwise. One rule of one's own takes the place of v5's default rule.
fn lines(view: &View<'_, '_>) -> Option<Lines> {
    let tls_only = view.truth("access.tlsOnly");
    let undecided = |open: String| Lines {
        rules: Vec::new(),
        why: String::new(),
        open: Some(open),
    };
    let (plain, why) = match (view.choices.clients, &tls_only) {
        (Some(Clients::Keep), _) => (true, "your choice: --clients keep".to_owned()),
        (Some(Clients::Tls | Clients::Scram), _) => (false, "your choice: --clients".to_owned()),
        (None, Fact::Known(truth)) if truth.value => (
            false,
            format!("v4 takes TLS alone: {}", view.origin(&tls_only)),
        ),
        (None, Fact::Known(_)) => (
            true,
            "as v4 does, with and without TLS; --clients tls or scram is stricter".to_owned(),
        ),
        (None, Fact::Unknown(gaps)) => {
            return Some(undecided(asking(
                "whether v4 takes TLS alone, or choose with --clients",
                gaps,
            )));
        }
    };
    let own = match view.texts("postgres.hba") {
        Fact::Known(truth) => truth.value,
        Fact::Unknown(gaps) => {
            let what = "v4's own rules of pg_hba, if there are any, and how clients come in";
            return Some(undecided(asking(what, &gaps)));
        }
    };
    if view.choices.clients == Some(Clients::Scram) && own.is_empty() {
        return None;
    }
    let method = match (
        view.choices.clients,
        view.text("access.passwordType").value(),
    ) {
        (Some(Clients::Scram), _) => "scram-sha-256",
        (_, Some(kind)) if kind == "scram-sha-256" => "scram-sha-256",
        // It takes passwords that are hashed as SCRAM, too.
        _ => "md5",
    };
    let mut lines: Vec<Line> = own.into_iter().map(Line::Own).collect();
    lines.push(Line::Of {
        connection: "hostssl",
        method,
    });
    if plain {
        lines.push(Line::Of {
            connection: "hostnossl",
            method,
        });
    }
    Some(Lines {
        rules: lines,
        why,
        open: None,
    })
}
