//! Add-ons and settings that stand by themselves.

use super::reading::has;
use super::{Draft, DraftFact, row};
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::Fact;

pub(super) static FACTS: &[DraftFact] = &[
    row(
        "draft.pgbouncer",
        Type::Bool,
        "the draft has PgBouncer",
        |draft| {
            draft
                .given(&["spec", "proxy", "pgBouncer"], "PgBouncer")
                .map(Value::from)
        },
    ),
    row(
        "draft.pgbouncerReplicas",
        Type::Int,
        "how many of it; 1 where the draft does not say, 0 without PgBouncer",
        |draft| {
            let given = draft.given(&["spec", "proxy", "pgBouncer"], "PgBouncer");
            let number = draft.number(&["spec", "proxy", "pgBouncer", "replicas"], "PgBouncer");
            given.both(number).map(|(given, number)| {
                let otherwise = i64::from(given);
                number.unwrap_or(otherwise).into()
            })
        },
    ),
    row(
        "draft.monitoring",
        Type::Bool,
        "the draft has the exporter for monitoring",
        |draft| {
            let path = ["spec", "monitoring", "pgmonitor", "exporter"];
            draft.given(&path, "the exporter").map(Value::from)
        },
    ),
    row(
        "draft.pgadmin",
        Type::Bool,
        "the draft has pgAdmin",
        |draft| {
            draft
                .given(&["spec", "userInterface", "pgAdmin"], "pgAdmin")
                .map(Value::from)
        },
    ),
    row(
        "draft.port",
        Type::Int,
        "the port Postgres listens on; 5432 where the draft does not say",
        |draft| {
            let port = draft.number(&["spec", "port"], "the port");
            port.map(|port| port.unwrap_or(5432).into())
        },
    ),
    row(
        "draft.leaderLease",
        Type::Int,
        "how many seconds Patroni's leader keeps its lease; 30 where the draft does not say",
        |draft| {
            let path = ["spec", "patroni", "leaderLeaseDurationSeconds"];
            let seconds = draft.number(&path, "the lease of the leader");
            seconds.map(|seconds| seconds.unwrap_or(30).into())
        },
    ),
    row(
        "draft.syncPeriod",
        Type::Int,
        "after how many seconds Patroni renews it; 10 where the draft does not say",
        |draft| {
            let path = ["spec", "patroni", "syncPeriodSeconds"];
            let seconds = draft.number(&path, "how often the lease is renewed");
            seconds.map(|seconds| seconds.unwrap_or(10).into())
        },
    ),
    row(
        "draft.serviceType",
        Type::String,
        "the type of the primary's Service; ClusterIP where the draft does not say",
        |draft| {
            let kind = draft.text(&["spec", "service", "type"], "the type of the Service");
            kind.map(|kind| {
                if kind.is_empty() {
                    "ClusterIP".into()
                } else {
                    kind.into()
                }
            })
        },
    ),
    row(
        "draft.openshift",
        Type::String,
        "spec.openshift: \"true\" or \"false\"; \"\" where the operator finds out",
        |draft| {
            draft
                .text(&["spec", "openshift"], "spec.openshift")
                .map(Value::from)
        },
    ),
    row(
        "platform.openshift",
        Type::Bool,
        "this is OpenShift: where the v4 cluster is, else in the draft's own origin",
        |draft| {
            let pair = draft.pairing.pair().map(|pair| pair.cluster.surroundings);
            let surroundings = pair.unwrap_or(draft.surroundings);
            surroundings.openshift.clone().map(Value::from)
        },
    ),
    row(
        "draft.supplementalGroups",
        Type::Ints,
        "the supplemental groups of its pods",
        |draft| {
            let groups = supplemental_groups(draft);
            groups.map(Value::from)
        },
    ),
    row(
        "draft.shutdown",
        Type::Bool,
        "the draft asks for a cluster that is shut down",
        |draft| {
            draft
                .truth(&["spec", "shutdown"], "whether it is shut down")
                .map(Value::from)
        },
    ),
    row(
        "draft.paused",
        Type::Bool,
        "the draft asks the operator to leave the cluster alone",
        |draft| {
            draft
                .truth(&["spec", "paused"], "whether it is paused")
                .map(Value::from)
        },
    ),
    row(
        "draft.databaseInit",
        Type::Bool,
        "SQL is to be run once after the cluster is made (databaseInitSQL)",
        |draft| {
            let path = ["spec", "databaseInitSQL"];
            draft.section(&path).and_then(|section| {
                let given = section.is_some_and(|node| has(node, &["name"]));
                Fact::at(given.into(), draft.nearest(&path), "SQL to run once")
            })
        },
    ),
];

/// The supplemental groups of the pods.
pub(super) fn supplemental_groups(draft: &Draft<'_>) -> Fact<Vec<i64>> {
    let path = ["spec", "supplementalGroups"];
    draft
        .texts(&path, "the supplemental groups")
        .and_then(|groups| {
            let numbers: Option<Vec<i64>> = groups.iter().map(|group| group.parse().ok()).collect();
            match numbers {
                Some(numbers) => Fact::known(numbers),
                None => Fact::unknown(draft.misshapen(&path, "a list of whole numbers")),
            }
        })
}
