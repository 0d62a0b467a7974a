//! How far v4 and v5 are.

use super::aim;
use super::row::{CourseFact, row};
use super::subject::Course;
use crate::expr::Value;
use crate::fact::Type;
use crate::fact::moved::at_work_on;
use crate::fact::v4::seen::{found, if_complete};
use crate::manifest::{Fact, Kind, Node, Object};

pub(super) static FACTS: &[CourseFact] = &[
    row(
        "course.method",
        Type::String,
        "the method of the move: \"volumes\", \"backups\" or \"standby\"",
        |course| Fact::known(course.method.into()),
    ),
    row(
        "course.applied",
        Type::Bool,
        "the PostgresCluster that takes over is there",
        |course| applied(course).map(Value::from),
    ),
    row(
        "course.v4",
        Type::String,
        "what is left of the v4 cluster in the youngest export: \"running\", \"stopped\" (no Deployment of it wants pods, none of its pods runs) or \"gone\" (no Pgcluster, no Deployment)",
        |course| v4(course).map(Value::from),
    ),
    row(
        "course.pgcluster",
        Type::Bool,
        "the Pgcluster is in the youngest export",
        |course| {
            let Some(youngest) = course.v4() else {
                return Fact::known(false.into());
            };
            let here = course.present;
            let object = here.find(Kind::Pgcluster, youngest.namespace, youngest.name);
            found(object, "the Pgcluster").map(|object| object.is_some().into())
        },
    ),
    row(
        "course.deletion",
        Type::Strings,
        "the Jobs that are deleting the v4 cluster (or a replica of it) in the youngest export and have not ended",
        |course| match course.v4() {
            Some(youngest) => at_work_on(course.present, youngest.namespace, youngest.name),
            None => Fact::known(Value::List(Vec::new().into())),
        },
    ),
];

fn applied(course: &Course<'_>) -> Fact<bool> {
    if let Some(migration) = course.migration {
        let place = migration.living.name_span();
        return Fact::at(true, place, "the PostgresCluster");
    }
    let (namespace, name) = (aim::namespace(course), aim::name(course));
    let kind = Kind::PostgresCluster;
    let listed = course.present.list(kind, namespace);
    let mut alive = listed.objects.iter().filter(|object| !object.is_draft());
    match alive.find(|object| *object.name == *name) {
        Some(object) => Fact::at(true, object.name_span(), "the PostgresCluster"),
        None => if_complete(&listed.completeness, false),
    }
}

fn v4(course: &Course<'_>) -> Fact<&'static str> {
    let Some(youngest) = course.v4() else {
        return Fact::known("gone");
    };
    let (namespace, name) = (youngest.namespace, youngest.name);
    let here = course.present;
    let deployments = here.of_cluster(Kind::Deployment, namespace, name);
    let pods = here.of_cluster(Kind::Pod, namespace, name);
    let wanting = deployments.objects.iter().find(|one| wants_pods(one));
    let running = pods.objects.iter().find(|pod| is_running(pod));
    if let Some(alive) = wanting.or(running) {
        return Fact::at("running", alive.name_span(), "a part of it that runs");
    }
    let object = found(here.find(Kind::Pgcluster, namespace, name), "the Pgcluster");
    let idle = if_complete(&deployments.completeness, ());
    object.both(idle).map(|(object, ())| {
        if object.is_none() && deployments.objects.is_empty() {
            "gone"
        } else {
            "stopped"
        }
    })
}

/// A Deployment without a number wants one pod.
fn wants_pods(deployment: &Object) -> bool {
    let replicas = deployment.at(&["spec", "replicas"]);
    replicas.is_none_or(|replicas| replicas.text() != "0")
}

fn is_running(pod: &Object) -> bool {
    let phase = pod.at(&["status", "phase"]).map(Node::text);
    phase == Some("Running")
}
