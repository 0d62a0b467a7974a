//! Ways back, and what clears an interrupted attempt away: their scripts are run on directories as v5's Jobs leave them.

#![cfg(unix)]

use std::fs::{self, create_dir_all, read_link};
use std::path::Path;
use std::process::Command;

use pgo_preflight::check::after;
use pgo_preflight::plan::Plan;
use pgo_preflight::rule::Method;

use crate::commands::{commands, words};
use crate::interrupted::{plan_of, without_v4};
use crate::steps::{course, next};
use crate::variations::{external_wal, plan, run, state};

const JOBS: &str = r#"
kind: Job
apiVersion: batch/v1
metadata: {name: hippo-move-pgdata-dir, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/move-job: ""}}
spec: {template: {spec: {containers: [{name: pgdata}]}}}
status: {succeeded: 1, conditions: [{type: Complete, status: "True"}]}
---
kind: Job
apiVersion: batch/v1
metadata: {name: hippo-move-pgbackrest-repo-dir, namespace: pgo, labels: {postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/move-job: ""}}
spec: {template: {spec: {containers: [{name: repo}]}}}
status: {failed: 7, conditions: [{type: Failed, status: "True"}]}
"#;

/// The script of the pod of this name in a text with commands; "" where there is none.
fn script(text: &str, pod: &str) -> String {
    let all = commands(text);
    let found = all
        .iter()
        .find(|one| one.starts_with(&format!("kubectl run {pod} ")));
    let Some(found) = found else {
        return String::new();
    };
    let overrides = words(found)
        .into_iter()
        .find_map(|word| word.strip_prefix("--overrides=").map(str::to_owned));
    let json: serde_json::Value = serde_json::from_str(&overrides.unwrap()).unwrap();
    json["spec"]["containers"][0]["command"][2]
        .as_str()
        .unwrap()
        .to_owned()
}

/// 4.1 has no label for the instances: there is a command for each.
#[test]
fn of_several_instances_each_has_a_command_of_its_own() {
    let text = after(
        &course("volume").replace("4.7.9", "4.1.2"),
        &course("replica").replace("4.7.9", "4.1.2"),
    )
    .unwrap();
    let plan = plan(&text, Method::Backups);
    let of = |id: &str| plan.steps.iter().find(|one| &*one.step.id == id).unwrap();
    let back = commands(&of("scale-v4-to-zero").back);
    let scales = |name: &str| {
        back.iter()
            .any(|one| one.starts_with(&format!("kubectl scale deployment/{name} ")))
    };
    for name in ["hippo", "hippo-abcd", "hippo-backrest-shared-repo"] {
        assert!(scales(name), "{name}: {back:?}");
    }
}

/// Runs a script with its mounts below a folder; nobody is given anything, for that takes root.
fn run_in(folder: &Path, script: &str) {
    assert!(!script.is_empty());
    let mut here = format!("chown() {{ :; }}; {script}");
    for mount in ["/v", "/d", "/w"] {
        here = here.replace(
            &format!(" {mount}"),
            &format!(" {}{mount}", folder.display()),
        );
    }
    let done = Command::new("sh").arg("-c").arg(&here).output().unwrap();
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(told.is_empty(), "{told}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn made(directories: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for directory in directories {
        create_dir_all(folder.path().join(directory)).unwrap();
    }
    folder
}

fn back(plan: &Plan) -> String {
    let found = plan
        .steps
        .iter()
        .find(|one| &*one.step.id == "compare-the-database");
    found.unwrap().back.clone()
}

/// A plan whose v4 is gone, and of v5 there are only Jobs.
fn half_moved() -> Plan {
    plan_of(&course("volume"), &after(&without_v4(), JOBS).unwrap())
}

#[test]
fn the_data_directory_has_its_old_name_again_however_far_v5_was() {
    let moved = half_moved();
    assert_eq!(next(&moved), "clear-earlier-attempts");
    let begun = plan(&course("volume"), Method::Volumes);
    for text in [
        run(&moved, "clear-earlier-attempts").to_owned(),
        back(&begun),
    ] {
        let script = script(&text, "hippo-back-data");
        for (found, after) in [
            (vec!["v/pg13_bootstrap"], vec!["hippo"]),
            (vec!["v/pg13", "v/pg13_wal"], vec!["hippo", "pg13_wal"]),
            (vec!["v/hippo"], vec!["hippo"]),
            // v5 began another database beside v4's, which is not what goes back.
            (
                vec!["v/pg13", "v/pg13_bootstrap/base"],
                vec!["hippo", "pg13"],
            ),
            // v4 made another one since: neither is touched.
            (vec!["v/pg13", "v/hippo"], vec!["hippo", "pg13"]),
        ] {
            let folder = made(&found);
            run_in(folder.path(), &script);
            run_in(folder.path(), &script);
            assert_eq!(names(&folder.path().join("v")), after, "{found:?}");
        }
    }
}

#[test]
fn the_repository_is_below_its_directory_again_half_moved_or_whole() {
    let text = back(&plan(&course("volume"), Method::Volumes));
    let own = "v/hippo-backrest-shared-repo";
    let script = script(&text, "hippo-back-repo");
    for found in [
        vec!["v/archive/db", "v/backup/db", own],
        vec!["v/archive/db", "v/hippo-backrest-shared-repo/backup/db"],
        vec!["v/backup/db", "v/hippo-backrest-shared-repo/archive/db"],
        vec!["v/archive/db", "v/backup/db"],
    ] {
        let folder = made(&found);
        run_in(folder.path(), &script);
        assert_eq!(names(&folder.path().join(own)), ["archive", "backup"]);
        assert_eq!(
            names(&folder.path().join("v")),
            ["hippo-backrest-shared-repo"]
        );
    }
    // What v4 archived since is not put under what it had before.
    let folder = made(&["v/archive/old", "v/hippo-backrest-shared-repo/archive/new"]);
    run_in(folder.path(), &script);
    assert_eq!(names(&folder.path().join("v/archive")), ["old"]);
}

#[test]
fn wal_on_a_volume_of_its_own_is_found_by_v4_again() {
    let text = back(&plan(&external_wal(), Method::Volumes));
    let (data, wal) = (
        script(&text, "hippo-back-data"),
        script(&text, "hippo-back-wal"),
    );
    let folder = made(&["v/pg13", "w/pg13_wal/archive_status"]);
    let path = folder.path();
    std::os::unix::fs::symlink("/pgwal/pg13_wal", path.join("v/pg13/pg_wal")).unwrap();
    std::os::unix::fs::symlink(path.join("v"), path.join("d")).unwrap();
    run_in(path, &data);
    run_in(path, &wal);
    assert_eq!(names(&path.join("w")), ["hippo-wal"]);
    assert_eq!(
        read_link(path.join("v/hippo/pg_wal")).unwrap(),
        Path::new("/pgwal/hippo-wal")
    );
    // A volume for WAL that none is on has no way back.
    assert!(
        script(
            &back(&plan(&course("volume"), Method::Volumes)),
            "hippo-back-wal"
        )
        .is_empty()
    );
}

/// Beside a PostgresCluster that still has its source, v5 runs Jobs again that somebody deletes; and nobody but its owner
/// knows what it holds.
#[test]
fn beside_a_living_cluster_an_attempt_is_looked_at_and_nothing_is_deleted_or_moved() {
    let living = "kind: PostgresCluster\napiVersion: postgres-operator.crunchydata.com/v1beta1\nmetadata: {name: hippo, namespace: pgo, uid: 0b5e, creationTimestamp: \"2026-11-02T11:00:00Z\", generation: 1}\nspec: {postgresVersion: 13, dataSource: {volumes: {pgDataVolume: {pvcName: hippo, directory: hippo}}}}\nstatus: {observedGeneration: 1}";
    let text = after(
        &course("volume"),
        &format!("{}\n---\n{living}", JOBS.trim()),
    )
    .unwrap();
    let plan = plan(&text, Method::Volumes);
    let clear = run(&plan, "clear-earlier-attempts");
    for word in ["kubectl delete", "kubectl run"] {
        assert!(!clear.contains(word), "{clear}");
    }
}

/// While v4 runs its directories are where it has them.
#[test]
fn beside_a_v4_that_runs_no_directory_is_moved() {
    let plan = plan(&after(&course("volume"), JOBS).unwrap(), Method::Volumes);
    let clear = run(&plan, "clear-earlier-attempts");
    assert!(clear.contains("kubectl delete job hippo-move-pgdata-dir"));
    assert!(!clear.contains("kubectl run"), "{clear}");
    assert_eq!(
        state(&half_moved(), "delete-v4"),
        pgo_preflight::plan::State::Done
    );
}

#[test]
fn in_a_bucket_or_on_a_volume_v4_does_not_start_with_the_timeline_of_v5() {
    let text = back(&plan(&course("volume"), Method::Backups));
    let script = script(&text, "hippo-back-repo");
    let own = "v/hippo-backrest-shared-repo";
    let folder = made(&["v/archive/db", "v/backup/db", own]);
    run_in(folder.path(), &script);
    run_in(folder.path(), &script);
    assert!(names(&folder.path().join(own)).is_empty());
    assert_eq!(
        names(&folder.path().join("v/with-v5")),
        ["archive", "backup"]
    );
    // What the Job has not moved yet is v4's, and stays where it is.
    let folder = made(&["v/hippo-backrest-shared-repo/archive/db"]);
    run_in(folder.path(), &script);
    assert_eq!(names(&folder.path().join(own)), ["archive"]);
}

/// v4 takes a claim and a directory of the cluster's own name, whichever instance was the primary.
#[test]
fn v4_finds_a_primary_of_another_name_again() {
    let text =
        fs::read_to_string(crate::common::root().join("fixtures/worked-examples/02/cluster.yaml"));
    let plan = plan(&text.unwrap(), Method::Volumes);
    let of = |id: &str| plan.steps.iter().find(|one| &*one.step.id == id).unwrap();
    let back = &of("delete-v4").back;
    let all = commands(back);
    let at = |begins: &str| {
        let found = all.iter().position(|one| one.starts_with(begins));
        found.unwrap_or_else(|| panic!("{begins}: {all:?}"))
    };
    let order = [
        at("kubectl get pvc hippo-jgut -n pgo -o json"),
        at("kubectl patch pv pv-hippo-jgut -p"),
        at("kubectl delete pvc hippo-jgut -n pgo"),
        at("kubectl patch pv pv-hippo-jgut --type=json"),
        at("kubectl create -f hippo-claim.json"),
        at("kubectl run hippo-back-name "),
        at("pgo create cluster hippo -n pgo"),
    ];
    assert!(order.is_sorted(), "{all:?}");
    let script = script(back, "hippo-back-name");
    let folder = made(&["v/hippo-jgut/base"]);
    run_in(folder.path(), &script);
    run_in(folder.path(), &script);
    assert_eq!(names(&folder.path().join("v")), ["hippo"]);
    // The same name needs none of it.
    let usual = crate::variations::plan(&course("volume"), Method::Volumes);
    let usual = usual.steps.iter().find(|one| &*one.step.id == "delete-v4");
    assert!(!usual.unwrap().back.contains("claimRef"));
}

/// When the step is done whose way back it was, the next ones tell it.
#[test]
fn whatever_is_done_already_the_way_back_is_told() {
    let folder = crate::common::root().join("fixtures/lives/volumes");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    for (state, step) in [
        ("04-running", "remove-the-source"),
        ("06-source-removed", "remove-v4-labels"),
        ("07-labels-removed", "take-v5s-full-backup"),
    ] {
        let plan = plan_of(&read("before.yaml"), &read(&format!("{state}.yaml")));
        assert_eq!(next(&plan), step, "{state}");
        let told = plan.steps.iter().filter(|one| one.is_told());
        let back: String = told.map(|one| one.back.as_str()).collect();
        for command in [
            "kubectl patch pvc hippo -n pgo",
            "kubectl delete postgrescluster hippo",
            "kubectl run hippo-back-data ",
            "pgo create cluster hippo -n pgo",
        ] {
            assert!(back.contains(command), "{state}: {command}: {back}");
        }
    }
}
