//! What is under way on a v4 cluster.

use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

/// A Job of hippo's with these labels, variables and status.
fn job(name: &str, labels: &str, env: &str, status: &str) -> String {
    format!(
        "apiVersion: batch/v1
kind: Job
metadata: {{name: {name}, namespace: pgo, labels: {{vendor: crunchydata, pg-cluster: hippo, {labels}}}}}
spec: {{template: {{spec: {{containers: [{{name: c, env: [{env}]}}]}}}}}}
status: {status}"
    )
}

fn rmdata(data: &str, backups: &str, replica: &str, status: &str) -> String {
    let env = format!(
        "{{name: REMOVE_DATA, value: '{data}'}}, {{name: REMOVE_BACKUP, value: '{backups}'}}, {{name: IS_REPLICA, value: '{replica}'}}, {{name: IS_BACKUP, value: 'false'}}"
    );
    job("hippo-rmdata-abcd", "pgrmdata: 'true'", &env, status)
}

fn task(kind: &str, parameters: &str, state: &str) -> String {
    format!(
        "apiVersion: crunchydata.com/v1
kind: Pgtask
metadata: {{name: hippo-task, namespace: pgo, labels: {{pg-cluster: hippo}}}}
spec: {{tasktype: {kind}, parameters: {{pg-cluster: hippo, {parameters}}}}}
status: {state}"
    )
}

fn world(documents: &[&str]) -> World {
    let all: Vec<&str> = [PGCLUSTER]
        .into_iter()
        .chain(documents.iter().copied())
        .collect();
    World::complete(&stream(&all))
}

fn removal(document: &str) -> [String; 4] {
    let world = world(&[document]);
    ["deletion", "takesData", "takesBackups", "underWay"]
        .map(|fact| world.says(&format!("workflow.{fact}")))
}

#[test]
fn a_running_deletion_says_what_it_takes() {
    let of = |data, backups| removal(&rmdata(data, backups, "false", "{active: 1}"));
    let name = "\"Job hippo-rmdata-abcd\"";
    assert_eq!(of("true", "true"), [name, "true", "true", "[]"]);
    assert_eq!(of("true", "false"), [name, "true", "false", "[]"]);
    assert_eq!(of("false", "false"), [name, "false", "false", "[]"]);
}

#[test]
fn a_deletion_between_two_attempts_is_under_way_and_an_ended_one_is_not() {
    let of = |status| removal(&rmdata("true", "true", "false", status))[1].clone();
    assert_eq!(of("{failed: 1}"), "true");
    assert_eq!(of("{}"), "true", "just made");
    assert_eq!(of("{succeeded: 1}"), "false");
    assert_eq!(of("{failed: 7}"), "false");
    let failed = "{failed: 1, conditions: [{type: Failed, status: 'True'}]}";
    assert_eq!(of(failed), "false");
}

#[test]
fn what_a_deletion_takes_by_variables_from_elsewhere_is_unknown() {
    let all = job("hippo-rmdata-abcd", "pgrmdata: 'true'", "", "{active: 1}");
    let all = with(&all, "env: []", "envFrom: [{configMapRef: {name: flags}}]");
    let unknown = ["unknown"; 4];
    assert_eq!(removal(&all), unknown);
    let kind = rmdata("true", "true", "false", "{active: 1}");
    let kind = with(
        &kind,
        "{name: IS_REPLICA, value: 'false'}",
        "{name: IS_REPLICA, valueFrom: {configMapKeyRef: {name: flags, key: replica}}}",
    );
    assert_eq!(removal(&kind), unknown, "perhaps of a replica only");
    let keeps = with(
        &kind,
        "REMOVE_DATA, value: 'true'",
        "REMOVE_DATA, value: 'false'",
    );
    assert_eq!(removal(&keeps)[1], "false", "whatever is removed");
    // A Job that is given no variable at all ends before it removes anything.
    let none = job("hippo-rmdata-abcd", "pgrmdata: 'true'", "", "{active: 1}");
    assert_eq!(removal(&none)[1], "false");
}

#[test]
fn a_leader_that_still_follows_what_patroni_is_not_to_follow_is_being_promoted() {
    let config = |text: &str| {
        format!(
            "apiVersion: v1
kind: ConfigMap
metadata: {{name: hippo-config, namespace: pgo, labels: {{crunchy-pgha-scope: hippo, vendor: crunchydata}}, annotations: {{config: '{text}'}}}}"
        )
    };
    let leader = |role: &str| {
        let status = format!("annotations: {{status: '{{\"role\":\"{role}\"}}'}}\n  labels:");
        with(&pod("hippo", "master"), "labels:", &status)
    };
    let under_way = |text, role| {
        world(&[&deployment("hippo", 1), &leader(role), &config(text)]).says("workflow.underWay")
    };
    let told = under_way("{\"ttl\": 30}", "standby_leader");
    assert!(told.contains("a promotion (Pod hippo"), "{told}");
    assert_eq!(under_way("{\"ttl\": 30}", "master"), "[]");
    let follows = "{\"standby_cluster\": {\"restore_command\": \"x\"}}";
    assert_eq!(under_way(follows, "standby_leader"), "[]");
}

#[test]
fn the_removal_of_a_replica_takes_no_claim_of_the_primary() {
    let [deletion, data, backups, other] = removal(&rmdata("true", "true", "true", "{active: 1}"));
    assert_eq!([deletion, data, backups], ["\"\"", "false", "false"]);
    assert_eq!(
        other,
        "[\"the removal of a replica (Job hippo-rmdata-abcd)\"]"
    );
}

#[test]
fn the_pgtask_that_scaling_down_leaves_behind_is_no_work() {
    let left = "is-replica: 'true', delete-data: 'true', delete-data-started: now";
    let [deletion, .., other] = removal(&task("delete-data", left, "{state: pgtask Processed}"));
    assert_eq!([deletion, other], ["\"\"", "[]"]);
}

#[test]
fn a_deletion_asked_for_closes_what_it_will_take() {
    let asked = task(
        "delete-data",
        "delete-data: 'true', delete-backups: 'false'",
        "{state: pgtask Created}",
    );
    assert_eq!(
        removal(&asked),
        ["\"Pgtask hippo-task\"", "true", "false", "[]"]
    );
}

#[test]
fn jobs_of_every_sort_are_work_until_they_end() {
    for (labels, what) in [
        ("backrest-command: backup", "a backup"),
        (
            "backrest-command: stanza-create",
            "the creation of the stanza",
        ),
        ("pgo-backrest-restore: 'true'", "a restore"),
        ("pgha-bootstrap: hippo", "the start from a repository"),
        (
            "pgo-clone-step-2: 'true', pgo-backrest-restore: 'true'",
            "a clone",
        ),
        ("pgdump: 'true'", "a dump"),
        ("pgrestore: 'true'", "the restore of a dump"),
    ] {
        let of = |status| removal(&job("a", labels, "", status))[3].clone();
        assert_eq!(of("{active: 1}"), format!("[\"{what} (Job a)\"]"));
        assert_eq!(of("{succeeded: 1, active: 0}"), "[]", "{what}");
    }
}

#[test]
fn a_pgtask_is_work_until_it_is_taken_up() {
    let of = |kind, state| removal(&task(kind, "x: y", state))[3].clone();
    for (kind, what) in [
        ("failover", "a failover"),
        ("clone-step1", "a clone"),
        ("restore", "a restore"),
        ("pgdump", "a dump"),
    ] {
        let asked = format!("[\"{what} (Pgtask hippo-task)\"]");
        assert_eq!(of(kind, "{state: pgtask Created}"), asked);
        assert_eq!(of(kind, "{state: pgtask Processed}"), "[]", "{kind}");
    }
    assert_ne!(of("clusterupgrade", "{state: pgtask Processed}"), "[]");
    assert_eq!(
        of("workflow", "{state: pgtask Created}"),
        "[]",
        "a record only"
    );
}

#[test]
fn jobs_that_were_not_exported_may_be_at_work() {
    let part = World::without("Job", PGCLUSTER);
    assert_eq!(part.says("workflow.underWay"), "unknown");
    assert_eq!(part.says("workflow.deletion"), "\"\"");
    let whole = World::complete(PGCLUSTER);
    assert_eq!(whole.says("workflow.underWay"), "[]");
}

/// A ConfigMap of Patroni's for hippo with these annotations.
fn failover(annotations: &str) -> String {
    format!(
        "apiVersion: v1
kind: ConfigMap
metadata: {{name: hippo-failover, namespace: pgo, labels: {{vendor: crunchydata, crunchy-pgha-scope: hippo}}, annotations: {{{annotations}}}}}"
    )
}

#[test]
fn a_change_of_primary_that_patroni_was_asked_for_is_work_until_it_is_done() {
    let of = |annotations| removal(&failover(annotations))[3].clone();
    let asked = "[\"a change of primary (ConfigMap hippo-failover)\"]";
    for annotations in [
        "member: hippo-abcd-1",
        "leader: hippo-1, member: hippo-abcd-1",
        "scheduled_at: '2026-12-01T00:00:00+00:00', member: x",
    ] {
        assert_eq!(of(annotations), asked, "{annotations}");
    }
    for done in ["", "member: '', leader: ''", "history: '[]'"] {
        assert_eq!(of(done), "[]", "{done}");
    }
    let part = World::without("ConfigMap", PGCLUSTER);
    assert_eq!(part.says("workflow.underWay"), "unknown");
}

#[test]
fn a_clone_is_work_on_the_cluster_that_is_copied() {
    let job = |source: &str, status: &str| {
        format!(
            "apiVersion: batch/v1
kind: Job
metadata: {{name: pgo-backrest-repo-sync-rhino-abcd, namespace: pgo, labels: {{vendor: crunchydata, pg-cluster: rhino, pgo-clone-step-1: 'true'}}, annotations: {{clone-source-cluster-name: {source}}}}}
status: {status}"
        )
    };
    let of = |source, status| removal(&job(source, status))[3].clone();
    assert_eq!(
        of("hippo", "{active: 1}"),
        "[\"a cluster being made from its backups (Job pgo-backrest-repo-sync-rhino-abcd)\"]"
    );
    assert_eq!(of("hippo", "{succeeded: 1}"), "[]");
    assert_eq!(of("zebra", "{active: 1}"), "[]");
}

#[test]
fn a_pod_is_at_work_although_its_job_was_not_exported() {
    let pod = |phase: &str| {
        format!(
            "apiVersion: v1
kind: Pod
metadata: {{name: hippo-rmdata-abcd-x1y2z, namespace: pgo, labels: {{vendor: crunchydata, pg-cluster: hippo, pgrmdata: 'true', job-name: hippo-rmdata-abcd}}}}
spec: {{containers: [{{name: rmdata, env: [{{name: REMOVE_DATA, value: 'true'}}, {{name: REMOVE_BACKUP, value: 'false'}}]}}]}}
status: {{phase: {phase}}}"
        )
    };
    let name = "\"Pod hippo-rmdata-abcd-x1y2z\"";
    assert_eq!(removal(&pod("Running")), [name, "true", "false", "[]"]);
    assert_eq!(removal(&pod("Succeeded")), ["\"\"", "false", "false", "[]"]);
}

#[test]
fn a_rollout_that_is_not_through_is_under_way() {
    let of = |generation, status: &str| {
        let text = with(
            &deployment("hippo", 1),
            "status: {readyReplicas: 1}",
            &format!("status: {status}"),
        );
        let text = with(
            &text,
            "  namespace: pgo\n",
            &format!("  namespace: pgo\n  generation: {generation}\n"),
        );
        world(&[&text]).says("workflow.underWay")
    };
    let told = "[\"a rollout (Deployment hippo)\"]";
    let done = "observedGeneration: 3, replicas: 1, updatedReplicas: 1, readyReplicas: 1";
    assert_eq!(of(3, &format!("{{{done}}}")), "[]");
    assert_eq!(of(4, &format!("{{{done}}}")), told, "not looked at yet");
    assert_eq!(
        of(3, "{observedGeneration: 3, replicas: 1, readyReplicas: 1}"),
        told,
        "the old pod"
    );
    assert_eq!(
        of(
            3,
            "{observedGeneration: 3, replicas: 2, updatedReplicas: 1}"
        ),
        told,
        "both"
    );
    assert_eq!(
        of(3, "{readyReplicas: 1}"),
        "[]",
        "not a status of Kubernetes'"
    );
}

#[test]
fn two_pods_of_one_instance_are_a_rollout_unless_one_is_going() {
    let old = pod("hippo", "master");
    let new = with(
        &with(&pod("hippo", "replica"), "x2x4z", "y3y5w"),
        "phase: Running",
        "phase: Pending",
    );
    let all = world(&[&deployment("hippo", 1), &old, &new]).says("workflow.underWay");
    assert_eq!(all, "[\"a rollout (Pod hippo-5d8f6bbc7d-y3y5w)\"]");
    let going = with(
        &old,
        "  namespace: pgo\n",
        "  namespace: pgo\n  deletionTimestamp: '2023-06-02T11:00:00Z'\n",
    );
    let one = world(&[&deployment("hippo", 1), &going, &new]).says("workflow.underWay");
    assert_eq!(one, "[]");
}
