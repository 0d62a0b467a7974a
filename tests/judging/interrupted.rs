//! Moves that were interrupted, or done in another order: what contradicts a plan stops it, and what does not has one next step.

use std::fs;

use pgo_preflight::check::{Verdict, after};
use pgo_preflight::manifest::Assume;
use pgo_preflight::plan::{Plan, exit_code};
use pgo_preflight::rule::Method;

use crate::common::root;
use crate::steps::{course, judge, next, only, rules};
use crate::variations::run;

const V4_STOPPED: &str = r#"
kind: Pgcluster
apiVersion: crunchydata.com/v1
metadata: {name: hippo, namespace: pgo, labels: {pgo-version: 4.7.9, pg-cluster: hippo}}
spec: {clustername: hippo, namespace: pgo, ccpimage: crunchy-postgres-ha, ccpimagetag: centos8-13.10-4.7.9, user: hippo, database: hippo, shutdown: true}
status: {state: pgcluster Shutdown}
---
kind: Deployment
apiVersion: apps/v1
metadata: {name: hippo, namespace: pgo, labels: {pg-cluster: hippo, pgo-pg-database: "true", vendor: crunchydata}}
spec: {replicas: 0, template: {spec: {containers: [{name: database, env: [{name: PATRONI_SCOPE, value: hippo}]}]}}}
"#;
const V4_WANTS_A_POD: &str = r#"
kind: Deployment
apiVersion: apps/v1
metadata: {name: hippo, namespace: pgo, labels: {pg-cluster: hippo, pgo-pg-database: "true", vendor: crunchydata}}
spec: {replicas: 1, template: {spec: {containers: [{name: database, env: [{name: PATRONI_SCOPE, value: hippo}]}]}}}
"#;
const NO_SOURCE: &str =
    "{kind: PostgresCluster, metadata: {name: hippo}, spec: {dataSource: null}}";
const PAUSED: &str = "{kind: PostgresCluster, metadata: {name: hippo}, spec: {paused: true}}";
const A_SECOND: &str = r#"
kind: PostgresCluster
apiVersion: postgres-operator.crunchydata.com/v1beta1
metadata: {name: hippo-two, namespace: pgo, uid: 0b5e, creationTimestamp: "2026-11-02T11:00:00Z", generation: 1}
spec: {postgresVersion: 13, dataSource: {volumes: {pgDataVolume: {pvcName: hippo, directory: hippo}}}}
status: {observedGeneration: 1}
"#;
const V5_NOT_READY: &str = r"
{kind: Pod, metadata: {name: hippo-v5-db-abcd-0}, status: {containerStatuses: [{name: database, ready: false}]}}
";
const LABELS_OFF: &str = "{kind: PersistentVolumeClaim, metadata: {name: hippo, labels: {pg-cluster: null, vendor: null}}}";
const DELETION_AT_WORK: &str = r#"
kind: Job
apiVersion: batch/v1
metadata: {name: hippo-rmdata-abcd, namespace: pgo, labels: {pg-cluster: hippo, pgrmdata: "true", vendor: crunchydata}}
spec: {template: {spec: {containers: [{name: rmdata}]}}}
status: {active: 1}
"#;
const NO_JOB: &str = "{kind: Job, metadata: {name: hippo-move-pgdata-dir}, deleted: true}";

/// Plans went on to where there is no way back while two pods led.
const TWO_LEAD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: hippo-db-wxyz-0, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/instance: hippo-db-wxyz, postgres-operator.crunchydata.com/role: master}, annotations: {status: '{\"role\":\"master\",\"state\":\"running\"}'}}, status: {phase: Running}}";
const TWO_LEAD_OF_THE_STANDBY: &str = "{apiVersion: v1, kind: Pod, metadata: {name: hippo-v5-db-wxyz-0, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo-v5, postgres-operator.crunchydata.com/instance: hippo-v5-db-wxyz, postgres-operator.crunchydata.com/role: master}, annotations: {status: '{\"role\":\"master\",\"state\":\"running\"}'}}, status: {phase: Running}}";

/// The recorded life and state, what is otherwise in it, the rule that stops the plan (or none), and what is next.
const STATES: [(&str, &str, &str, &str, &str); 17] = [
    (
        "volumes",
        "04-running",
        DELETION_AT_WORK,
        "v4-is-being-deleted",
        "remove-the-source",
    ),
    (
        "volumes",
        "01-applied",
        V4_WANTS_A_POD,
        "v4-runs-while-volumes-move",
        "wait-for-the-move",
    ),
    (
        "volumes",
        "01-applied",
        V4_STOPPED,
        "v4-not-deleted-before-v5",
        "wait-for-the-move",
    ),
    (
        "volumes",
        "01-applied",
        NO_SOURCE,
        "source-removed-too-early",
        "wait-for-the-move",
    ),
    (
        "volumes",
        "02-move-failed",
        NO_SOURCE,
        "source-removed-too-early",
        "mend-a-failed-job",
    ),
    (
        "volumes",
        "01-applied",
        A_SECOND,
        "another-living-cluster-of-this-v4",
        "wait-for-the-move",
    ),
    (
        "volumes",
        "04-running",
        V4_WANTS_A_POD,
        "v4-would-start-again",
        "remove-the-source",
    ),
    (
        "volumes",
        "04-running",
        V4_STOPPED,
        "v4-not-deleted-before-v5",
        "remove-the-source",
    ),
    (
        "volumes",
        "04-running",
        PAUSED,
        "paused-after-the-move",
        "remove-the-source",
    ),
    (
        "volumes",
        "04-running",
        NO_JOB,
        "move-jobs-gone-too-early",
        "remove-the-source",
    ),
    ("volumes", "04-running", LABELS_OFF, "", "remove-the-source"),
    (
        "volumes",
        "06-source-removed",
        NO_JOB,
        "",
        "remove-v4-labels",
    ),
    (
        "standby",
        "01-following",
        V5_NOT_READY,
        "database-does-not-run",
        "compare-the-follower",
    ),
    ("standby", "02-caught-up", LABELS_OFF, "", "promote"),
    (
        "volumes",
        "05-first-backup",
        TWO_LEAD,
        "two-pods-lead",
        "remove-the-source",
    ),
    (
        "standby",
        "02-caught-up",
        TWO_LEAD_OF_THE_STANDBY,
        "two-pods-lead",
        "promote",
    ),
    (
        "standby",
        "03-promoted",
        V4_WANTS_A_POD,
        "v4-would-start-again",
        "wait-for-replay",
    ),
];

#[test]
fn what_contradicts_a_move_under_way_stops_it_and_what_does_not_goes_on() {
    let rules = rules();
    let mut wrong = Vec::new();
    for (life, state, change, stop, wanted) in STATES {
        let folder = root().join("fixtures/lives").join(life);
        let before = fs::read_to_string(folder.join("before.yaml")).unwrap();
        let now = fs::read_to_string(folder.join(format!("{state}.yaml"))).unwrap();
        let now = after(&now, change).unwrap();
        let report = judge(&[&before, &now], None, &Assume::everything(), &rules);
        let plan = only(&report);
        let stops: Vec<&str> = plan
            .stops
            .iter()
            .map(|at| &*report.findings[*at].rule)
            .collect();
        let as_wanted = if stop.is_empty() {
            stops.is_empty()
        } else {
            stops.contains(&stop)
        };
        if !as_wanted || next(&plan) != wanted || plan.method.name() != life {
            wrong.push(format!(
                "{life}/{state} with {change}: by {}, stops {stops:?}, next {}, wanted {stop:?} and {wanted}",
                plan.method.name(),
                next(&plan)
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is left when v4 was deleted with its claims kept.
pub(crate) fn without_v4() -> String {
    let gone = [
        ("Pgcluster", "hippo"),
        ("Deployment", "hippo"),
        ("Deployment", "hippo-backrest-shared-repo"),
        ("Pod", "hippo-5d8f6bbc7d-x2x4z"),
        ("Service", "hippo"),
        ("ConfigMap", "hippo-config"),
        ("ConfigMap", "hippo-leader"),
        ("ConfigMap", "hippo-pgha-config"),
        ("Secret", "hippo-hippo-secret"),
        ("Job", "backrest-backup-hippo"),
    ];
    let gone = gone
        .map(|(kind, name)| format!("{{kind: {kind}, metadata: {{name: {name}}}, deleted: true}}"));
    after(&course("volume"), &gone.join("\n---\n")).unwrap()
}

pub(crate) fn plan_of(before: &str, now: &str) -> Plan {
    let method = Some(Method::Volumes);
    only(&judge(
        &[before, now],
        method,
        &Assume::everything(),
        &rules(),
    ))
}

#[test]
fn a_volume_that_was_protected_after_the_first_export_is_not_asked_for_again() {
    let policy = |word: &str| {
        format!(
            "{{kind: PersistentVolume, metadata: {{name: pv-hippo}}, spec: {{persistentVolumeReclaimPolicy: {word}}}}}"
        )
    };
    let before = after(&course("volume"), &policy("Delete")).unwrap();
    let now = after(&without_v4(), &policy("Retain")).unwrap();
    assert_eq!(next(&plan_of(&before, &now)), "draft-the-manifest");
    let now = after(&without_v4(), &policy("Delete")).unwrap();
    assert_eq!(next(&plan_of(&before, &now)), "protect-the-volumes");
    // It was right in the first export, and somebody set it back.
    assert_eq!(
        next(&plan_of(&course("volume"), &now)),
        "protect-the-volumes"
    );
}

#[test]
fn what_an_attempt_left_after_the_first_export_is_cleared_first() {
    let left = "{kind: PersistentVolumeClaim, metadata: {name: hippo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/role: pgdata}}}";
    let now = after(&without_v4(), left).unwrap();
    let plan = plan_of(&course("volume"), &now);
    assert_eq!(next(&plan), "clear-earlier-attempts");
    assert_eq!(plan.verdict, Verdict::Action);
    let plan = plan_of(&course("volume"), &without_v4());
    assert_eq!(
        (next(&plan), plan.verdict),
        ("draft-the-manifest", Verdict::Ready)
    );
}

#[test]
fn a_move_that_is_under_way_by_one_method_has_no_plan_by_another() {
    let rules = rules();
    for (life, state) in [
        ("standby", "02-caught-up"),
        ("volumes", "01-applied"),
        ("volumes", "06-source-removed"),
        ("backups", "01-applied"),
        ("backups", "05-source-removed"),
    ] {
        let folder = root().join("fixtures/lives").join(life);
        let before = fs::read_to_string(folder.join("before.yaml")).unwrap();
        let now = fs::read_to_string(folder.join(format!("{state}.yaml"))).unwrap();
        for method in Method::ALL {
            let report = judge(
                &[&before, &now],
                Some(method),
                &Assume::everything(),
                &rules,
            );
            let plan = only(&report);
            let other = method.name() != life;
            assert_eq!(plan.steps.is_empty(), other, "{life}/{state} by {method:?}");
            if other {
                assert_eq!(exit_code(&[plan], &report), 1, "{life}/{state}");
            }
        }
    }
}

/// A deletion that gave up does not end by itself: its log is read, and it makes way for another.
#[test]
fn a_deletion_that_failed_is_looked_at_and_begun_again() {
    let job = |status: &str| {
        format!(
            "{{kind: Job, apiVersion: batch/v1, metadata: {{name: hippo-rmdata-abcd, namespace: pgo, creationTimestamp: '2026-11-20T10:00:00Z', labels: {{pg-cluster: hippo, pgrmdata: 'true', vendor: crunchydata}}}}, status: {status}}}"
        )
    };
    let plan = |status: &str| {
        let now = after(&course("volume"), &job(status)).unwrap();
        crate::variations::plan(&now, Method::Volumes)
    };
    let failed = plan("{failed: 7, conditions: [{type: Failed, status: 'True'}]}");
    assert_eq!(next(&failed), "end-work-under-way");
    let told = run(&failed, "end-work-under-way");
    for command in [
        "kubectl logs -n pgo job/hippo-rmdata-abcd",
        "kubectl delete job hippo-rmdata-abcd -n pgo",
    ] {
        assert!(told.contains(command), "{told}");
    }
    let at_work = plan("{active: 1}");
    assert!(!run(&at_work, "end-work-under-way").contains("delete job"));
}
