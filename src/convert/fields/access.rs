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
    field("spec.customTLSSecret.name", server_certificate),
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
            view.origin_with(&all, &format!("-{name}-secret"))
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
    let mut words = if items.is_empty() {
        "none, and none is made".to_owned()
    } else {
        "each needs its Secret before the cluster is made, else its password is replaced".to_owned()
    };
    if !unlisted.is_empty() {
        words.push_str(&format!(
            "; v5 cannot manage {}, for such names: what is in the database stays as it is",
            unlisted.join(", ")
        ));
    }
    Some(Entry::item(Node::List(items)).saying(words))
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

/// The name of one of v4's Secrets with certificates: "caSecret", "tlsSecret", "replicationTLSSecret".
pub(in crate::convert) fn v4_certificate(view: &View<'_, '_>, of: &str) -> Option<String> {
    let secrets = view.map("access.tlsSecrets");
    let entries = secrets.value().into_iter().flatten();
    let mut names = entries.filter(|(name, text)| name == of && !text.is_empty());
    names.next().map(|(_, text)| text.clone())
}

/// The Secret with the servers' certificate and its authority: another than those of v4, whose type cannot be changed.
pub(in crate::convert) fn certificate_name(view: &View<'_, '_>) -> String {
    let mut name = format!("{}-server-tls", view.name);
    let of_v4 = ["tlsSecret", "caSecret", "replicationTLSSecret"];
    if of_v4
        .iter()
        .any(|of| v4_certificate(view, of).as_ref() == Some(&name))
    {
        name.push_str("-v5");
    }
    name
}

/// The servers' certificate is made from v4's; that for replication has to be issued anew.
fn server_certificate(view: &View<'_, '_>) -> Option<Entry> {
    let what = "a Secret with tls.crt, tls.key and ca.crt for the servers";
    let from = ["tlsSecret", "caSecret"].map(|of| v4_certificate(view, of));
    match (view.holds("access.tls"), from) {
        (true, [Some(pair), Some(authority)]) => {
            let words =
                format!("made from v4's {pair} and {authority} by the commands of --secrets");
            Some(Entry::text("", &certificate_name(view)).saying(words))
        }
        _ => certificate(view, "tlsSecret", what),
    }
}

fn certificate(view: &View<'_, '_>, of: &str, what: &str) -> Option<Entry> {
    match view.truth("access.tls") {
        Fact::Known(truth) if !truth.value => None,
        Fact::Known(_) => {
            let from = [of, "caSecret"]
                .map(|of| v4_certificate(view, of))
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
    let every = match view.truth("postgres.hbaLetsAllIn") {
        Fact::Known(truth) => truth.value,
        Fact::Unknown(gaps) => {
            let what =
                "whether v4's pg_hba lets all users in from everywhere, and how clients come in";
            return Some(undecided(asking(what, &gaps)));
        }
    };
    // A list of one's own without such a line is as strict in v5; nothing opens it.
    if !every {
        if own.is_empty() {
            let what = "v4's own pg_hba lets no client in from elsewhere";
            return Some(undecided(what.to_owned()));
        }
        return Some(Lines {
            rules: own.into_iter().map(Line::Own).collect(),
            why: format!(
                "v4's own list, and nothing beside it: {}",
                view.origin(&view.texts("postgres.hba"))
            ),
            open: None,
        });
    }
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
