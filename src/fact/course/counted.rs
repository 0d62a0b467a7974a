//! What the deletion of a v4 cluster neither keeps nor deletes, and counts in the end: since 4.7.4 it fails for it, and leaves
//! the Pgcluster. By PGO v4.7.10 cmd/pgo-rmdata/process.go.

use super::row::{CourseFact, row};
use super::subject::Course;
use crate::expr::Value;
use crate::fact::Type;
use crate::manifest::{Fact, Kind, Node, Object, SCHEDULER};

pub(super) static FACTS: &[CourseFact] = &[
    row(
        "course.dumpClaims",
        Type::Strings,
        "the claims of pg_dump with v4's label in the youngest export, of those that are seen: v4's deletion counts them",
        |course| of(course, Kind::PersistentVolumeClaim, is_dump),
    ),
    row(
        "course.otherJobs",
        Type::Strings,
        "the Jobs with v4's label in the youngest export that v4's deletion does not delete, and counts; of those that are seen",
        |course| of(course, Kind::Job, |job, _| is_other_job(job)),
    ),
    row(
        "course.otherConfigMaps",
        Type::Strings,
        "the ConfigMaps with v4's label in the youngest export that v4's deletion does not delete, and counts; of those that are seen",
        |course| of(course, Kind::ConfigMap, is_other_config),
    ),
    row(
        "course.failedDeletions",
        Type::Strings,
        "the Jobs that gave up deleting the v4 cluster (or a replica of it), in the youngest export; of those that are seen",
        |course| of(course, Kind::Job, |job, _| gave_up_deleting(job)),
    ),
];

fn of(course: &Course<'_>, kind: Kind, counts: fn(&Object, &str) -> bool) -> Fact<Value> {
    let Some(youngest) = course.v4() else {
        return Fact::known(Value::List(Vec::new().into()));
    };
    let all = course
        .present
        .of_cluster(kind, youngest.namespace, youngest.name);
    let counted = all.objects.iter().filter(|one| counts(one, youngest.name));
    let mut names: Vec<String> = counted.map(|one| one.name.to_string()).collect();
    names.sort_unstable();
    Fact::known(Value::List(names.into_iter().map(Value::from).collect()))
}

fn is_dump(claim: &Object, cluster: &str) -> bool {
    let rest = claim
        .name
        .strip_prefix("backup-")
        .and_then(|name| name.strip_prefix(cluster));
    rest.is_some_and(|rest| rest.starts_with("-pgdump"))
}

/// Jobs of pgBackRest are told by any of their labels: the one that the deletion selects by is not in every export.
fn is_other_job(job: &Object) -> bool {
    let own = ["pgrmdata", "pgo-backrest-job", "pgo-backrest", "pgdump"];
    !own.iter().any(|label| says_true(job, label)) && job.label("backrest-command").is_none()
}

fn gave_up_deleting(job: &Object) -> bool {
    let conditions = job.at(&["status", "conditions"]);
    let says = |item: Node<'_>, key: &str, word: &str| {
        item.get(key).is_some_and(|node| node.text() == word)
    };
    let failed = conditions.is_some_and(|all| {
        all.items()
            .any(|item| says(item, "type", "Failed") && says(item, "status", "True"))
    });
    failed && says_true(job, "pgrmdata")
}

/// Of v4's own, that of the scheduler bears its label, and the rest have names.
fn is_other_config(config: &Object, cluster: &str) -> bool {
    const OWN: [&str; 6] = [
        "-pgha-config",
        "-leader",
        "-config",
        "-failover",
        "-sync",
        "-pgbouncer-cm",
    ];
    let rest = config.name.strip_prefix(cluster);
    let own = rest.is_some_and(|rest| OWN.contains(&rest));
    !own && !says_true(config, SCHEDULER)
}

fn says_true(object: &Object, label: &str) -> bool {
    object.label(label).map(Node::text) == Some("true")
}
