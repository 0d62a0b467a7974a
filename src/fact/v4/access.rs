//! How applications get in: TLS, passwords, users and their Secrets.

use super::seen::if_complete;
use super::traces::{first_said, in_environment, placed, unless_empty};
use super::{Cluster, ClusterFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind};

pub(super) static FACTS: &[ClusterFact] = &[
    row(
        "access.tls",
        Type::Bool,
        "Postgres has its own TLS certificates: a CA and a key pair",
        |cluster| tls(cluster).map(Value::from),
    ),
    row(
        "access.tlsOnly",
        Type::Bool,
        "only TLS connections are accepted",
        |cluster| tls_only(cluster).map(Value::from),
    ),
    row(
        "access.passwordType",
        Type::String,
        "how passwords are hashed: \"md5\", which unset means, or \"scram-sha-256\"",
        |cluster| password_type(cluster).map(Value::from),
    ),
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
    ),
];

/// What the Pgcluster says; where it is not in the input, a variable of the Deployments.
fn or_running(
    cluster: &Cluster<'_>,
    written: Fact<bool>,
    variable: &str,
    note: &'static str,
) -> Fact<bool> {
    let Fact::Unknown(gaps) = written else {
        return written;
    };
    match in_environment(cluster, &[variable], note) {
        Fact::Known(truth) if truth.value.is_some() => {
            Fact::Known(truth).map(|text| text.is_some_and(|text| text == "true"))
        }
        _ => Fact::Unknown(gaps),
    }
}

fn tls(cluster: &Cluster<'_>) -> Fact<bool> {
    const NOTE: &str = "a certificate of Postgres";
    let authority = cluster.string(&["spec", "tls", "caSecret"], NOTE);
    let pair = cluster.string(&["spec", "tls", "tlsSecret"], NOTE);
    let both = authority
        .both(pair)
        .map(|(authority, pair)| !authority.is_empty() && !pair.is_empty());
    or_running(cluster, both, "PGHA_TLS_ENABLED", NOTE)
}

fn tls_only(cluster: &Cluster<'_>) -> Fact<bool> {
    const NOTE: &str = "whether only TLS is accepted";
    or_running(
        cluster,
        cluster.boolean(&["spec", "tlsOnly"], NOTE),
        "PGHA_TLS_ONLY",
        NOTE,
    )
}

/// `PGHA_PASSWORD_TYPE` says the same in the Deployments, but its value never survives loading.
fn password_type(cluster: &Cluster<'_>) -> Fact<String> {
    let written = cluster.string(&["spec", "passwordType"], "how passwords are hashed");
    written.map(|kind| {
        if kind.is_empty() {
            "md5".to_owned()
        } else {
            kind
        }
    })
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

fn database(cluster: &Cluster<'_>) -> Fact<String> {
    const NOTE: &str = "the database of the Pgcluster's user";
    let setting = || {
        cluster.operator_setting("Database").map(|name| {
            if name.is_empty() {
                cluster.name.to_owned()
            } else {
                name
            }
        })
    };
    first_said(&[
        &|| unless_empty(cluster.string(&["spec", "database"], NOTE)),
        &|| in_environment(cluster, &["PGHA_DATABASE"], NOTE),
        &|| setting().map(Some),
    ])
}

#[cfg(test)]
mod tests;
