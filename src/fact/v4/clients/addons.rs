//! What runs beside Postgres: `PgBouncer`, pgpool, pgAdmin, the exporter, pgBadger, policies.

use crate::expr::{Value, Version};
use crate::fact::Type;
use crate::fact::trust::{Answer, Trust};
use crate::fact::v4::fields::parse_bool;
use crate::fact::v4::objects::workload::{has_container, replicas};
use crate::fact::v4::servers::instances::Instance;
use crate::fact::v4::traces::{V4Order, asked, source, to_the_letter};
use crate::fact::v4::{Cluster, ClusterFact, row};
use crate::manifest::{Fact, Kind};

pub(in crate::fact::v4) static FACTS: &[ClusterFact] = &[
    row(
        "addons.names",
        Type::Strings,
        "add-ons in use, of \"pgBouncer\", \"pgpool\", \"pgAdmin\", \"exporter\", \"pgBadger\", \"policies\"",
        |cluster| names(cluster).map(Value::from),
    )
    .told_by(&[&PGBOUNCER, &EXPORTER, &PGBADGER]),
    row(
        "addons.pgbouncer",
        Type::Int,
        "how many PgBouncer pods are asked for",
        |cluster| pgbouncer(cluster).map(Value::from),
    )
    .told_by(&[&PGBOUNCER]),
];

/// The release from which on a field of the spec counts, where there was a label before.
const FIELDS_COUNT: &str = "4.6";

fn names(cluster: &Cluster<'_>) -> Fact<Vec<String>> {
    let policies = cluster.string(&["spec", "policies"], "policies applied to the cluster");
    let used = [
        ("pgBouncer", pgbouncer(cluster).map(|count| count > 0)),
        ("pgpool", is_used(cluster, &PGPOOL)),
        ("pgAdmin", is_used(cluster, &PGADMIN)),
        ("exporter", is_used(cluster, &EXPORTER)),
        ("pgBadger", is_used(cluster, &PGBADGER)),
        (
            "policies",
            policies.map(|list| list.split(',').any(|name| !name.trim().is_empty())),
        ),
    ];
    // Those in use are shown first: they are what a finding is about.
    let mut names = Fact::known(Vec::new());
    let (used, unused): (Vec<_>, Vec<_>) = used
        .into_iter()
        .partition(|(_, fact)| fact.value() == Some(&true));
    for (name, fact) in used {
        let with = fact.both(names);
        names = with.map(|(_, mut names)| {
            names.push(name.to_owned());
            names
        });
    }
    unused.into_iter().fold(names, |names, (_, fact)| {
        fact.both(names).map(|(_, names)| names)
    })
}

/// Who tells whether an add-on is in use, as "true" or "false".
macro_rules! used {
    ($name:ident, $what:literal, $runs:literal $containers:expr, $deployment:literal; $asked:literal $wish:expr) => {
        static $name: V4Order = V4Order {
            what: $what,
            same: to_the_letter,
            sources: &[
                source(Trust::Runs, $runs, |cluster| {
                    match runs_beside(cluster, $containers, $deployment) {
                        Some(used) => used.map(|used| Some(used.to_string())).into(),
                        None => Fact::known(None).into(),
                    }
                }),
                source(Trust::Wish, $asked, |cluster| {
                    let wish: fn(&Cluster<'_>) -> Fact<bool> = $wish;
                    asked(cluster, wish(cluster).map(|used| used.to_string()))
                }),
            ],
        };
    };
}

used!(
    PGADMIN, "pgAdmin",
    "the Deployment CLUSTER-pgadmin" &[], "pgadmin";
    "metadata.labels crunchy-pgadmin" |cluster| labelled(cluster, "crunchy-pgadmin")
);
// PGO v4 4.1 operator/cluster/pgpool.go; 4.2 has none any more, and leaves the label.
used!(
    PGPOOL, "pgpool",
    "the Deployment CLUSTER-pgpool" &[], "pgpool";
    "metadata.labels crunchy-pgpool, up to 4.1"
    |cluster| match cluster.version().value() {
        Some(version) if Some(*version) >= Version::parse("4.2") => Fact::known(false),
        _ => labelled(cluster, "crunchy-pgpool"),
    }
);
used!(
    EXPORTER, "the exporter",
    "the container exporter (up to 4.4 collect) of the instances" &["exporter", "collect"], "";
    "spec.exporter, up to 4.5 a label" exporter
);
used!(
    PGBADGER, "pgBadger",
    "the container pgbadger of the instances" &["pgbadger"], "";
    "spec.pgBadger, up to 4.5 the label crunchy-pgbadger"
    |cluster| field_or_label(cluster, "pgBadger", &["crunchy-pgbadger"])
);

fn is_used(cluster: &Cluster<'_>, order: &'static V4Order) -> Fact<bool> {
    cluster.settled_text(order).map(|used| used == "true")
}

const BOUNCER: &str = "PgBouncer";

/// Who tells how many `PgBouncer`s there are. What is scaled to 0 was so with the cluster, and says nothing.
pub(in crate::fact::v4) static PGBOUNCER: V4Order = V4Order {
    what: "the number of PgBouncers",
    same: to_the_letter,
    sources: &[
        source(Trust::Runs, "the Deployment CLUSTER-pgbouncer", |cluster| {
            let name = format!("{}-pgbouncer", cluster.name);
            let deployment = cluster.object_named(Kind::Deployment, &name, BOUNCER);
            let count = deployment.and_then(|deployment| match deployment {
                Some(deployment) => replicas(deployment, BOUNCER),
                None => Fact::known(0),
            });
            match count {
                Fact::Unknown(gaps) => Answer::Unseen(gaps),
                known @ Fact::Known(_) => known
                    .map(|count| (count > 0).then(|| count.to_string()))
                    .into(),
            }
        }),
        source(
            Trust::Wish,
            "spec.pgBouncer.replicas, up to 4.2 the label crunchy-pgbouncer",
            |cluster| {
                asked(
                    cluster,
                    asked_pgbouncer(cluster).map(|count| count.to_string()),
                )
            },
        ),
    ],
};

fn pgbouncer(cluster: &Cluster<'_>) -> Fact<i64> {
    let told = cluster.settled_text(&PGBOUNCER);
    told.map(|count| count.parse().unwrap_or(0))
}

/// An add-on that runs in the pods of the instances, or as a Deployment of its own. One that is nowhere is in use where it
/// is asked for: PGO v4 brings it as soon as it looks.
fn runs_beside(cluster: &Cluster<'_>, containers: &[&str], deployment: &str) -> Option<Fact<bool>> {
    const NOTE: &str = "an add-on that runs";
    let instances = cluster.instances().seen.iter();
    let mut within = instances
        .filter_map(Instance::runs)
        .map(|object| has_container(object, containers, NOTE));
    if let Some(found) = within.find(|found| found.value() == Some(&Some(true))) {
        return Some(found.map(|_| true));
    }
    let name = format!("{}-{deployment}", cluster.name);
    let deployments = &cluster.deployments().objects;
    let own = deployments.iter().find(|one| *one.name == *name)?;
    Some(Fact::at(true, own.name_span(), NOTE))
}

/// `spec.pgBouncer.replicas`; up to 4.2 a label, which means one.
fn asked_pgbouncer(cluster: &Cluster<'_>) -> Fact<i64> {
    let since = Version::parse("4.3");
    let count = || {
        let count = cluster.integer(&["spec", "pgBouncer", "replicas"], BOUNCER);
        count.map(|count| count.unwrap_or(0))
    };
    let label = || labelled(cluster, "crunchy-pgbouncer").map(i64::from);
    match cluster.version().value() {
        Some(version) if Some(*version) >= since => count(),
        Some(_) => label(),
        None => either(count(), label(), |count| *count > 0),
    }
}

fn exporter(cluster: &Cluster<'_>) -> Fact<bool> {
    field_or_label(
        cluster,
        "exporter",
        &["crunchy-postgres-exporter", "crunchy_collect"],
    )
}

/// A field from 4.6 on, labels before. Where the release is not known, either counts.
fn field_or_label(cluster: &Cluster<'_>, field: &'static str, labels: &[&str]) -> Fact<bool> {
    let written = || cluster.boolean(&["spec", field], "an add-on");
    let labels = || {
        let mut said = labels.iter().map(|label| labelled(cluster, label));
        let first = said.next().unwrap_or_else(|| Fact::known(false));
        said.fold(first, |left, right| either(left, right, |used| *used))
    };
    match cluster.version().value() {
        Some(version) if Some(*version) >= Version::parse(FIELDS_COUNT) => written(),
        Some(_) => labels(),
        None => either(written(), labels(), |used| *used),
    }
}

/// The first that is in use; otherwise both count.
fn either<T>(left: Fact<T>, right: Fact<T>, in_use: impl Fn(&T) -> bool) -> Fact<T> {
    if left.value().is_some_and(&in_use) {
        return left;
    }
    if right.value().is_some_and(&in_use) {
        return right;
    }
    left.both(right).map(|(left, _)| left)
}

/// A label that is "true", on the object or among the user labels it was copied from.
fn labelled(cluster: &Cluster<'_>, label: &str) -> Fact<bool> {
    let is_true = |text: String| parse_bool(&text) == Some(true);
    let on_object = cluster.label(label, "an add-on").map(is_true);
    let by_user = cluster.userlabel(label, "an add-on").map(is_true);
    either(by_user, on_object, |used| *used)
}

#[cfg(test)]
mod tests;
