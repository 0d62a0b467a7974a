//! How applications get in: TLS, passwords, users and their Secrets.

use crate::expr::Value;
use crate::fact::Type;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::postgres::parameter;
use crate::fact::v4::seen::if_complete;
use crate::fact::v4::traces::{
    V4Order, asked, by_operator, placed, running, source, to_the_letter, unless_empty,
};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "access.tls",
        Type::Bool,
        "Postgres has its own TLS certificates: a CA and a key pair",
        |cluster| tls(cluster).map(Value::from),
    )
    .told_by(&[&TLS]),
    row(
        "access.tlsOnly",
        Type::Bool,
        "only TLS connections are accepted",
        |cluster| tls_only(cluster).map(Value::from),
    )
    .told_by(&[&TLS_ONLY]),
    row(
        "access.passwordType",
        Type::String,
        "how passwords are hashed: \"md5\", which unset means, or \"scram-sha-256\"",
        |cluster| placed(cluster, cluster.settled_text(&PASSWORD_TYPE)).map(Value::from),
    )
    .told_by(&[&PASSWORD_TYPE]),
    row(
        "access.users",
        Type::Strings,
        "the users of applications: that of the Pgcluster, and those that have Secrets; unknown unless all Secrets are seen",
        |cluster| users(cluster).map(Value::from),
    ),
    row(
        "access.database",
        Type::String,
        "the database of the Pgcluster's user",
        |cluster| database(cluster).map(Value::from),
    )
    .told_by(&[&DATABASE]),
];

const CERTIFICATE: &str = "a certificate of Postgres";
const ONLY_TLS: &str = "whether only TLS is accepted";

/// Who tells whether Postgres has certificates.
pub(in crate::fact::v4) static TLS: V4Order = V4Order {
    what: "TLS",
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "PGHA_TLS_ENABLED of the Deployments",
            |cluster| running(cluster, &["PGHA_TLS_ENABLED"], CERTIFICATE),
        ),
        source(Trust::Wish, "spec.tls", |cluster| {
            asked(cluster, written_tls(cluster).map(|tls| tls.to_string()))
        }),
    ],
};

/// Who tells whether only TLS is accepted. PGO writes `true` into the Deployments only where there are certificates.
pub(in crate::fact::v4) static TLS_ONLY: V4Order = V4Order {
    what: "TLS only",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "PGHA_TLS_ONLY of the Deployments", |cluster| {
            running(cluster, &["PGHA_TLS_ONLY"], ONLY_TLS)
        }),
        source(Trust::Wish, "spec.tlsOnly", |cluster| {
            let only = cluster.boolean(&["spec", "tlsOnly"], ONLY_TLS);
            let only = only.and_then(|only| {
                if only {
                    written_tls(cluster)
                } else {
                    Fact::known(false)
                }
            });
            asked(cluster, only.map(|only| only.to_string()))
        }),
    ],
};

fn written_tls(cluster: &Cluster<'_>) -> Fact<bool> {
    let authority = cluster.string(&["spec", "tls", "caSecret"], CERTIFICATE);
    let pair = cluster.string(&["spec", "tls", "tlsSecret"], CERTIFICATE);
    let both = authority.both(pair);
    both.map(|(authority, pair)| !authority.is_empty() && !pair.is_empty())
}

fn tls(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster.settled_text(&TLS).map(|text| text == "true")
}

fn tls_only(cluster: &Cluster<'_>) -> Fact<bool> {
    cluster.settled_text(&TLS_ONLY).map(|text| text == "true")
}

const HASHED: &str = "how passwords are hashed";

/// Who tells how passwords are hashed. `PGHA_PASSWORD_TYPE` says it in the Deployments, too, but its value never survives
/// loading; containers hand it on to Patroni when the cluster is made. That Patroni is not seen leaves it to the wish: warnings
/// rest on it, nothing else.
static PASSWORD_TYPE: V4Order = V4Order {
    what: HASHED,
    same: to_the_letter,
    sources: &[
        source(
            Trust::Runs,
            "password_encryption of Patroni's configuration",
            |cluster| match parameter(cluster, "password_encryption") {
                Answer::Says(truth) => Fact::Known(truth).map(|said| hashing(&said)).into(),
                _ => Fact::known(None).into(),
            },
        ),
        source(Trust::Wish, "spec.passwordType", |cluster| {
            asked(cluster, cluster.string(&["spec", "passwordType"], HASHED))
        }),
        source(Trust::Default, "md5", |cluster| {
            let of_none = cluster.string(&["spec", "passwordType"], HASHED);
            of_none.map(|_| Some("md5".to_owned())).into()
        }),
    ],
};

/// Up to Postgres 13 `on` stands for md5.
fn hashing(said: &str) -> Option<String> {
    match said.to_ascii_lowercase().as_str() {
        "scram-sha-256" => Some("scram-sha-256".to_owned()),
        "md5" | "on" | "true" | "yes" | "1" => Some("md5".to_owned()),
        _ => None,
    }
}

/// Secrets `<cluster>-<word>-secret` that belong to PGO, not to an application.
const SERVICES: [&str; 6] = [
    "postgres",
    "primaryuser",
    "exporter",
    "collect",
    "pgbouncer",
    "crunchyadm",
];

fn users(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let written = unless_empty(cluster.string(&["spec", "user"], "the user of the Pgcluster"));
    let secrets = cluster.all_of(Kind::Secret);
    let mut found = if_complete(&secrets.completeness, Vec::new());
    for secret in &secrets.objects {
        let word = secret
            .name
            .strip_prefix(cluster.name)
            .and_then(|rest| rest.strip_prefix('-'));
        let Some(user) = word.and_then(|word| word.strip_suffix("-secret")) else {
            continue;
        };
        if !user.is_empty() && !SERVICES.contains(&user) {
            found = found
                .and_at(secret.name_span(), "the Secret of a user")
                .map(|mut users| {
                    users.push(user.to_owned());
                    users
                });
        }
    }
    // Of a deleted cluster the Secrets may be all that tells; they include that of its own user.
    if written.value().is_none() && found.value().is_some_and(|users| !users.is_empty()) {
        return found;
    }
    let all = found.both(written).map(|(found, written)| {
        let mut users: Vec<String> = written.into_iter().chain(found).collect();
        users.sort_unstable();
        users.dedup();
        users
    });
    placed(cluster, all)
}

const DATABASE_NOTE: &str = "the database of the Pgcluster's user";

/// Who tells the database of the Pgcluster's user.
static DATABASE: V4Order = V4Order {
    what: "the database",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "PGHA_DATABASE of the Deployments", |cluster| {
            running(cluster, &["PGHA_DATABASE"], DATABASE_NOTE)
        }),
        source(Trust::Wish, "spec.database", |cluster| {
            asked(
                cluster,
                cluster.string(&["spec", "database"], DATABASE_NOTE),
            )
        }),
        source(Trust::Operator, "Database of pgo.yaml", |cluster| {
            by_operator(cluster, "Database")
        }),
    ],
};

fn database(cluster: &Cluster<'_>) -> Fact<String> {
    let told = cluster.settled_text(&DATABASE);
    told.map(|name| {
        if name.is_empty() {
            cluster.name.to_owned()
        } else {
            name
        }
    })
}

#[cfg(test)]
mod tests;
