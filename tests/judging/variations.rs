//! Plans of clusters that are not like most: what differs is in their steps, every command is one that their release of PGO
//! has, and following the steps everything arrives all the same.

use std::collections::BTreeSet;
use std::fs;

use pgo_preflight::check::after;
use pgo_preflight::manifest::Assume;
use pgo_preflight::plan::{Plan, State, plans};
use pgo_preflight::rule::Method;

use crate::commands::check_for;
use crate::commands::commands;
use crate::common::{root, worked_examples};
use crate::steps::{course, follow, is_forbidden, judge, only, printed, rules};

/// The plan of one text that is all there is.
pub(crate) fn plan(text: &str, method: Method) -> Plan {
    only(&judge(
        &[text],
        Some(method),
        &Assume::everything(),
        &rules(),
    ))
}

pub(crate) fn run<'p>(plan: &'p Plan, id: &str) -> &'p str {
    let found = plan.steps.iter().find(|one| &*one.step.id == id);
    found.map_or("", |one| &one.step.run)
}

pub(crate) fn state(plan: &Plan, id: &str) -> State {
    let found = plan.steps.iter().find(|one| &*one.step.id == id);
    found.unwrap().state
}

pub(crate) fn needs(plan: &Plan) -> BTreeSet<&str> {
    let needed = plan
        .steps
        .iter()
        .filter(|one| one.state != State::NotNeeded);
    needed.map(|one| &*one.step.id).collect()
}

/// Volumes whose driver leaves the group of files alone.
fn on_nfs() -> String {
    course("volume").replace("fsGroupPolicy: File", "fsGroupPolicy: None")
}

/// A repository on a volume, and a second one in a bucket.
fn two_stores() -> String {
    let change = "kind: Pgcluster\nmetadata: {name: hippo, namespace: pgo}\nspec: {backrestStorageTypes: [posix, s3], backrestS3Bucket: backups, backrestS3Endpoint: s3.eu-central-1.amazonaws.com, backrestS3Region: eu-central-1}";
    let path = "- {name: PGBACKREST_REPO1_PATH, value: /backrestrepo/hippo-backrest-shared-repo}";
    let mut both = path.to_owned();
    for (name, value) in [
        ("PGBACKREST_REPO1_TYPE", "posix"),
        ("PGHA_PGBACKREST_LOCAL_S3_STORAGE", "\"true\""),
        ("PGBACKREST_REPO1_S3_BUCKET", "backups"),
        (
            "PGBACKREST_REPO1_S3_ENDPOINT",
            "s3.eu-central-1.amazonaws.com",
        ),
        ("PGBACKREST_REPO1_S3_REGION", "eu-central-1"),
    ] {
        both.push_str(&format!("\n            - {{name: {name}, value: {value}}}"));
    }
    after(&course("volume").replace(path, &both), change).unwrap()
}

/// The primary's WAL in a claim of its own.
pub(crate) fn external_wal() -> String {
    let text = course("volume").replace(
        "volumes: [{name: pgdata, persistentVolumeClaim: {claimName: hippo}}]",
        "volumes: [{name: pgdata, persistentVolumeClaim: {claimName: hippo}}, {name: pgwal, persistentVolumeClaim: {claimName: hippo-wal}}]",
    );
    let text = text.replace(
        "- {name: PATRONI_POSTGRESQL_DATA_DIR, value: /pgdata/hippo}",
        "- {name: PATRONI_POSTGRESQL_DATA_DIR, value: /pgdata/hippo}\n            - {name: PGHA_WALDIR, value: /pgwal/hippo-wal}",
    );
    let claim = "kind: PersistentVolumeClaim\napiVersion: v1\nmetadata: {name: hippo-wal, namespace: pgo, creationTimestamp: \"2025-03-01T09:00:00Z\", labels: {pg-cluster: hippo, vendor: crunchydata}}\nspec: {storageClassName: fast, volumeName: pv-hippo-wal, volumeMode: Filesystem, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\nstatus: {phase: Bound, capacity: {storage: 1Gi}}\n---\nkind: PersistentVolume\napiVersion: v1\nmetadata: {name: pv-hippo-wal}\nspec: {persistentVolumeReclaimPolicy: Retain, claimRef: {name: hippo-wal, namespace: pgo}, csi: {driver: block.csi.example.com}, accessModes: [ReadWriteOnce], storageClassName: fast}\nstatus: {phase: Bound}\n---\nkind: Pgcluster\nmetadata: {name: hippo, namespace: pgo}\nspec: {WALStorage: {storagetype: dynamic, storageclass: fast, size: 1Gi, accessmode: ReadWriteOnce}}";
    after(&text, claim).unwrap()
}

/// The same cluster under an older PGO.
fn of_release(start: &str, version: &str) -> String {
    course(start).replace("4.7.9", version)
}

/// A Pgcluster that Argo CD keeps as it is in Git.
fn under_argo(start: &str) -> String {
    let mark = "kind: Pgcluster\nmetadata: {name: hippo, namespace: pgo, annotations: {argocd.argoproj.io/tracking-id: 'databases:crunchydata.com/Pgcluster:pgo/hippo', keep-data: 'true', keep-backups: 'true'}}";
    after(&course(start), mark).unwrap()
}

#[test]
fn what_is_not_like_most_clusters_arrives_as_well() {
    for (start, method, name, must) in [
        (on_nfs(), Method::Volumes, "volumes", "delete-v4"),
        (on_nfs(), Method::Backups, "volume", "delete-v4"),
        (
            external_wal(),
            Method::Volumes,
            "external wal",
            "wait-for-the-move",
        ),
        (
            course("bucket").replace("5.8.2", "5.0.4"),
            Method::Backups,
            "shared",
            "delete-v4",
        ),
        (two_stores(), Method::Volumes, "volumes", "delete-v4"),
        (two_stores(), Method::Backups, "volume", "wait-for-the-move"),
        (
            of_release("volume", "4.2.4"),
            Method::Volumes,
            "volumes",
            "scale-v4-to-zero",
        ),
        (
            of_release("bucket", "4.3.4"),
            Method::Standby,
            "standby",
            "shut-down",
        ),
        (
            under_argo("volume"),
            Method::Volumes,
            "volumes",
            "remove-the-source",
        ),
    ] {
        let went = follow(&start, method, name);
        assert!(went.iter().any(|step| step == must), "{name}: {went:?}");
    }
}

#[test]
fn files_are_given_to_v5_where_no_driver_does() {
    let plan = plan(&on_nfs(), Method::Volumes);
    let own = run(&plan, "own-the-files");
    for claim in [
        "\"claimName\":\"hippo\"",
        "\"claimName\":\"hippo-pgbr-repo\"",
    ] {
        assert!(own.contains(claim), "{own}");
    }
    assert!(
        own.contains("registry.example/crunchy-postgres-ha:centos8-13.10-4.7.9"),
        "{own}"
    );
    // Where the driver does, it is no step.
    let usual = crate::variations::plan(&course("volume"), Method::Volumes);
    assert_eq!(state(&usual, "own-the-files"), State::NotNeeded);
}

#[test]
fn a_volume_for_wal_is_given_back_too() {
    let plan = plan(&external_wal(), Method::Volumes);
    let found = plan
        .steps
        .iter()
        .find(|one| &*one.step.id == "compare-the-database");
    let back = &found.unwrap().back;
    for told in ["kubectl label pvc hippo-wal -n pgo", "pg13_wal"] {
        assert!(back.contains(told), "{told}: {back}");
    }
    let usual = crate::variations::plan(&course("volume"), Method::Volumes);
    let found = usual
        .steps
        .iter()
        .find(|one| &*one.step.id == "compare-the-database");
    assert!(!found.unwrap().back.contains("_wal"));
}

#[test]
fn a_volume_beside_a_bucket_is_what_v5_adopts() {
    let text = two_stores();
    let backups = plan(&text, Method::Backups);
    assert_eq!(backups.choices[0].variant, "volume");
    assert!(
        needs(&backups).contains("delete-v4"),
        "{:?}",
        needs(&backups)
    );
    // The last backup goes to the volume, and v5 fills the bucket anew.
    let last = run(&backups, "take-the-last-backup");
    assert!(
        last.contains("pgo backup hippo") && !last.contains("storage-type"),
        "{last}"
    );
    let fill = run(&backups, "fill-the-other-repositories");
    assert!(fill.contains(r#""repoName":"repo2""#), "{fill}");
    let standby = plan(&text, Method::Standby);
    let full = run(&standby, "take-a-full-backup");
    assert!(
        full.is_empty() || full.contains("--pgbackrest-storage-type=s3"),
        "{full}"
    );
}

#[test]
fn a_bucket_is_gone_on_with_where_the_release_cannot_only_read_it() {
    let bucket = course("bucket");
    let text = bucket.replace("5.8.2", "5.0.4");
    let plan = plan(&text, Method::Backups);
    assert_eq!(plan.choices[0].variant, "shared");
    assert!(needs(&plan).contains("delete-v4"), "{:?}", needs(&plan));
    assert_eq!(
        crate::variations::plan(&bucket, Method::Backups).choices[0].variant,
        "own-path"
    );
}

#[test]
fn every_command_is_one_of_the_release_that_runs() {
    let mut wrong = BTreeSet::new();
    for (version, minor) in [
        ("4.1.2", 1),
        ("4.2.4", 2),
        ("4.3.4", 3),
        ("4.4.3", 4),
        ("4.5.9", 5),
        ("4.6.9", 6),
        ("4.7.9", 7),
    ] {
        for start in ["volume", "bucket"] {
            let text = after(
                &of_release(start, version),
                &course("replica").replace("4.7.9", version),
            )
            .unwrap();
            for method in Method::ALL {
                let plan = plan(&text, method);
                wrong.extend(
                    printed(&plan)
                        .into_iter()
                        .filter_map(|(_, command)| check_for(&command, Some(minor)).err()),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", Vec::from_iter(wrong).join("\n"));
}

#[test]
fn what_comes_from_git_is_committed_not_patched() {
    for (start, method) in [
        ("volume", Method::Volumes),
        ("bucket", Method::Backups),
        ("bucket", Method::Standby),
    ] {
        let plan = plan(&under_argo(start), method);
        assert!(
            run(&plan, "suspend-gitops").contains("argocd app set databases --sync-policy none")
        );
        for planned in &plan.steps {
            for line in planned.step.run.lines().map(str::trim) {
                let changes = line.starts_with("kubectl apply")
                    || line.starts_with("kubectl patch postgrescluster");
                assert!(
                    !changes || line.contains("--dry-run=server"),
                    "{}: {line}",
                    planned.step.id
                );
            }
        }
        let commits = plan.steps.iter().filter(|one| one.step.run.contains("# "));
        assert!(commits.count() >= 3);
    }
}

#[test]
fn a_point_in_time_is_said_before_it_is_too_late() {
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: hippo-v5, namespace: pgo}\nspec:\n  postgresVersion: 13\n  instances: [{name: db, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]\n  dataSource:\n    pgbackrest:\n      stanza: db\n      options: [--type=time, '--target=\"2026-11-19 12:00:00+00\"']\n      global: {repo1-path: /backrestrepo/hippo-backrest-shared-repo}\n      repo: {name: repo1, s3: {bucket: backups, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}}\n  backups: {pgbackrest: {global: {repo1-path: /pgbackrest/own}, repos: [{name: repo1, s3: {bucket: backups, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}}]}}";
    let said = |draft: &str| {
        let text = format!("{}\n---\n{draft}", course("bucket"));
        let plan = plan(&text, Method::Backups);
        let apply = plan
            .steps
            .iter()
            .find(|one| &*one.step.id == "apply-v5")
            .unwrap();
        apply.step.no_return.to_string()
    };
    assert!(said(draft).contains("point in time"), "{}", said(draft));
    let whole = draft.replace(
        "      options: [--type=time, '--target=\"2026-11-19 12:00:00+00\"']\n",
        "",
    );
    assert!(!said(&whole).contains("point in time"));
}

/// `draft --to other/rhino` was given: the plan is for what is in the file.
#[test]
fn a_draft_of_another_name_and_namespace_is_what_the_plan_is_for() {
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: rhino, namespace: other}\nspec:\n  postgresVersion: 13\n  instances: [{name: db, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]\n  standby: {enabled: true, repoName: repo1}\n  backups: {pgbackrest: {global: {repo1-path: /backrestrepo/hippo-backrest-shared-repo}, repos: [{name: repo1, s3: {bucket: backups, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}}]}}";
    let text = format!("{}\n---\n{draft}", course("bucket"));
    let plan = plan(&text, Method::Standby);
    assert_eq!(state(&plan, "draft-the-manifest"), State::Done);
    assert!(run(&plan, "prepare-the-secrets").contains("--to other/rhino"));
    assert!(run(&plan, "promote").contains("kubectl patch postgrescluster rhino -n other"));
    assert!(run(&plan, "shut-down").contains("pgo update cluster hippo -n pgo"));
}

#[test]
fn what_clusters_of_a_namespace_share_is_said_once() {
    let one = course("volume");
    let other = after(&one, "kind: Namespace\nmetadata: {name: pgo}")
        .unwrap()
        .replace("hippo", "rhino");
    let elsewhere = other
        .replace("rhino", "zebra")
        .replace("\"pgo\"", "\"zoo\"");
    let report = judge(
        &[&format!("{one}\n---\n{other}\n---\n{elsewhere}")],
        Some(Method::Volumes),
        &Assume::everything(),
        &rules(),
    );
    let plans = plans(&report, &|_| true);
    assert_eq!(plans.len(), 3);
    let said = |plan: &Plan, id: &str| {
        let found = plan.steps.iter().find(|one| &*one.step.id == id);
        found.and_then(|one| one.said.clone())
    };
    let of = |name: &str| plans.iter().find(|plan| plan.name == name).unwrap();
    // Shared by those of the namespace, by no other; what is of one cluster is said for each.
    let first = "take-the-evidence";
    let told: Vec<Option<String>> = ["hippo", "rhino", "zebra"]
        .map(|name| said(of(name), first))
        .into();
    assert_eq!(told[0], None);
    assert_eq!(told[1].as_deref(), Some("pgo/hippo"));
    assert_eq!(told[2], None);
    assert_eq!(said(of("rhino"), "export-once-more"), None);
}

#[test]
fn of_every_worked_example_each_command_is_one() {
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for example in worked_examples() {
        let texts: Vec<String> = example.documents();
        let text = texts.join("\n---\n");
        for method in Method::ALL {
            let report = judge(&[&text], Some(method), &Assume::nothing(), &rules());
            for plan in plans(&report, &|_| true) {
                for (_, command) in printed(&plan) {
                    count += 1;
                    wrong.extend(crate::commands::check(&command).err());
                }
            }
        }
    }
    assert!(count > 500, "{count}");
    assert!(wrong.is_empty(), "{}", Vec::from_iter(wrong).join("\n"));
}

#[test]
fn the_first_export_is_taken_to_be_kept() {
    let folder = root().join("fixtures/lives/volumes");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let report = judge(
        &[&read("before.yaml"), &read("07-labels-removed.yaml")],
        None,
        &Assume::everything(),
        &rules(),
    );
    let plan = only(&report);
    let proof = run(&plan, "verify-the-move");
    assert!(
        proof.contains("pgo-preflight verify --before 0.yaml"),
        "{proof}"
    );
    let start = crate::variations::plan(&course("volume"), Method::Volumes);
    assert_eq!(state(&start, "take-the-evidence"), State::Done);
}

/// Of each release, with and without replicas, shut down or not: no step runs what an earlier one forbids.
#[test]
fn no_variation_runs_what_an_earlier_step_forbids() {
    let shut_down = "kind: Pgcluster\nmetadata: {name: hippo, namespace: pgo}\nspec: {shutdown: true}\nstatus: {state: pgcluster Shutdown}\n---\nkind: Deployment\nmetadata: {name: hippo, namespace: pgo}\nspec: {replicas: 0}\n---\nkind: Pod\nmetadata: {name: hippo-5d8f6bbc7d-x2x4z, namespace: pgo}\ndeleted: true";
    let mut texts = vec![on_nfs(), two_stores(), external_wal(), under_argo("volume")];
    for version in ["4.1.2", "4.2.4", "4.3.4", "4.7.9"] {
        for start in ["volume", "bucket"] {
            let text = of_release(start, version);
            texts.push(after(&text, &course("replica").replace("4.7.9", version)).unwrap());
            texts.push(text);
        }
    }
    texts.push(after(&course("volume"), shut_down).unwrap());
    for example in worked_examples() {
        texts.push(example.documents().join("\n---\n"));
    }
    let mut seen = 0;
    for text in &texts {
        for method in Method::ALL {
            let report = judge(&[text], Some(method), &Assume::everything(), &rules());
            for plan in plans(&report, &|_| true) {
                let mut forbidden: Vec<&str> = Vec::new();
                for planned in &plan.steps {
                    for command in commands(&planned.step.run) {
                        let broken = forbidden.iter().find(|never| is_forbidden(&command, never));
                        assert!(
                            broken.is_none(),
                            "{}: {command}: {broken:?}",
                            planned.step.id
                        );
                    }
                    forbidden.extend(planned.step.never.iter().map(|one| &**one));
                    seen += planned.step.never.len();
                }
            }
        }
    }
    assert!(seen > 200, "{seen}");
}

/// Since 4.7.4 v4's deletion counts in the end what still bears its label, and fails for what it neither keeps nor deletes.
#[test]
fn what_the_deletion_of_v4_would_fail_for_is_taken_out_of_its_count() {
    let left = r#"
kind: PersistentVolumeClaim
apiVersion: v1
metadata: {name: backup-hippo-pgdump-postgres-pvc, namespace: pgo, labels: {pg-cluster: hippo, vendor: crunchydata}}
spec: {volumeName: pv-dump, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
status: {phase: Bound}
---
kind: Job
apiVersion: batch/v1
metadata: {name: restore-hippo-abcd, namespace: pgo, labels: {pg-cluster: hippo, pgrestore: "true", vendor: crunchydata}}
status: {succeeded: 1, conditions: [{type: Complete, status: "True"}]}
---
kind: ConfigMap
apiVersion: v1
metadata: {name: hippo-notes, namespace: pgo, labels: {pg-cluster: hippo}}
data: {a: b}
"#;
    let of = |version: &str, left: &str| {
        let text = after(&of_release("volume", version), left).unwrap();
        run(&plan(&text, Method::Volumes), "delete-v4").to_owned()
    };
    let commands = [
        "kubectl label pvc backup-hippo-pgdump-postgres-pvc -n pgo pg-cluster-",
        "kubectl label configmap hippo-notes -n pgo pg-cluster-",
        "kubectl delete job restore-hippo-abcd -n pgo",
    ];
    let deletion = of("4.7.9", left);
    for command in commands {
        let at = deletion.find(command);
        assert!(
            at.is_some() && at < deletion.find("pgo delete cluster"),
            "{deletion}"
        );
    }
    // Before, nothing is counted; and what v4 deletes or keeps by itself is in nobody's way.
    for usual in [
        of("4.6.9", left),
        of(
            "4.7.9",
            "{kind: Pgcluster, metadata: {name: hippo, namespace: pgo}}",
        ),
    ] {
        assert!(
            !usual.contains("pg-cluster-") && !usual.contains("delete job"),
            "{usual}"
        );
    }
}

/// Flux takes back what kubectl changes of objects that it applies itself, unless it is told by its own field manager; an
/// Application of another namespace than Argo CD's is found by that alone.
#[test]
fn what_applies_the_pgcluster_is_suspended_in_the_words_of_its_tool() {
    let marked = |key: &str, mark: &str| {
        let text = format!(
            "{{kind: Pgcluster, metadata: {{name: hippo, namespace: pgo, {key}: {{{mark}}}}}}}"
        );
        plan(&after(&course("volume"), &text).unwrap(), Method::Volumes)
    };
    let flux = marked(
        "labels",
        "kustomize.toolkit.fluxcd.io/name: dbs, kustomize.toolkit.fluxcd.io/namespace: flux-system",
    );
    let argo = marked(
        "annotations",
        "argocd.argoproj.io/tracking-id: 'team_dbs:crunchydata.com/Pgcluster:pgo/hippo'",
    );
    let manager = "--field-manager=flux-client-side-apply";
    for (step, word) in [("suspend-gitops", "true"), ("apply-v5", "false")] {
        let all = commands(run(&flux, step));
        let told = |one: &&String| one.contains("kustomizations.kustomize.toolkit.fluxcd.io dbs");
        assert_eq!(all.iter().filter(told).count(), 2, "{all:?}");
        for one in all.iter().filter(told) {
            assert!(
                one.contains(manager) && one.contains(&format!("\"suspend\":{word}")),
                "{one}"
            );
        }
    }
    let suspend =
        |policy: &str| format!("argocd app set dbs --app-namespace team --sync-policy {policy}");
    assert!(run(&argo, "suspend-gitops").contains(&suspend("none")));
    assert!(run(&argo, "apply-v5").contains(&suspend("automated")));
    let found = argo
        .steps
        .iter()
        .find(|one| &*one.step.id == "suspend-gitops");
    let back = &found.unwrap().back;
    let line = format!("    {}", suspend("automated"));
    assert!(back.lines().any(|one| one == line), "{back}");
}

/// Of a cluster of which little more than its Pgcluster was exported nobody knows whether it runs: the preparations are told,
/// what settles the rest is asked for, and nothing is moved.
#[test]
fn while_nobody_knows_whether_v4_runs_nothing_is_moved() {
    let read = |row: &str| {
        let file = root().join(format!("fixtures/worked-examples/{row}/cluster.yaml"));
        fs::read_to_string(file).unwrap()
    };
    let told = |text: &str, assume: &Assume, method: Method| -> Vec<String> {
        let report = judge(&[text], Some(method), assume, &rules());
        let plan = only(&report);
        let steps = plan.steps.iter().enumerate();
        let told = steps.filter(|(at, one)| plan.tells(*at) && one.is_told());
        let moving = told.filter(|(_, one)| one.step.phase > pgo_preflight::rule::Phase::Prepare);
        moving.map(|(_, one)| one.step.id.to_string()).collect()
    };
    for method in Method::ALL {
        assert_eq!(told(&read("15"), &Assume::nothing(), method), [""; 0]);
        // Where it is known that it runs, the way is told to its end, whatever else is open.
        let known = told(&read("05"), &Assume::everything(), method);
        assert!(known.iter().any(|step| step == "shut-down"), "{known:?}");
    }
}
