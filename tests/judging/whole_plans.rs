//! Plans read from end to end, as somebody follows them at night: what would stop one there, or do harm.

use pgo_preflight::check::after;
use pgo_preflight::manifest::Assume;
use pgo_preflight::plan::Plan;
use pgo_preflight::rule::Method;

use crate::commands::commands;
use crate::steps::{course, judge, only, rules};
use crate::variations::{external_wal, plan};

/// The way back from a step.
fn back<'p>(plan: &'p Plan, id: &str) -> &'p str {
    let found = plan.steps.iter().find(|one| &*one.step.id == id);
    &found.unwrap().back
}

/// All that must never be run.
fn never(plan: &Plan) -> Vec<&str> {
    let told = plan.steps.iter().filter(|one| one.is_told());
    told.flat_map(|one| one.step.never.iter().map(|never| &**never))
        .collect()
}

/// PGO v5 before 5.2 knows no `spec.paused`, and its finalizer needs the operator.
#[test]
fn where_a_release_has_no_pause_its_operator_stands_still_and_is_there_again_for_the_deletion() {
    for (release, paused) in [("5.0.4", false), ("5.1.4", false), ("5.2.0", true)] {
        let text = course("volume").replace("5.8.2", release);
        for method in [Method::Volumes, Method::Backups] {
            let plan = plan(&text, method);
            let back = back(&plan, "compare-the-database");
            assert_eq!(back.contains("\"paused\":true"), paused, "{release} {back}");
            assert_eq!(back.contains("--wait=false"), !paused, "{release} {back}");
            assert_eq!(
                back.contains("scaled to 1 again"),
                !paused,
                "{release} {back}"
            );
            assert!(back.contains("\"dataSource\":null"), "{release} {back}");
        }
    }
}

#[test]
fn neither_data_nor_backups_nor_what_v5_adopts_may_be_deleted() {
    let whole = |text: &str, method| {
        let plan = plan(text, method);
        let all: Vec<String> = never(&plan).into_iter().map(str::to_owned).collect();
        for flag in ["--keep-data", "--keep-backups"] {
            let one = format!("pgo delete cluster hippo (without {flag})");
            assert!(all.contains(&one), "{method:?} {all:?}");
        }
        all
    };
    let claims = |all: &[String]| -> Vec<String> {
        let of = all
            .iter()
            .filter_map(|one| one.strip_prefix("kubectl delete pvc "));
        of.map(str::to_owned).collect()
    };
    assert_eq!(
        claims(&whole(&external_wal(), Method::Volumes)),
        ["hippo", "hippo-wal", "hippo-pgbr-repo"]
    );
    assert_eq!(
        claims(&whole(&course("volume"), Method::Backups)),
        ["hippo", "hippo-pgbr-repo"]
    );
    // Of a bucket v4 keeps an empty claim, which nobody misses.
    for method in [Method::Volumes, Method::Backups] {
        assert_eq!(claims(&whole(&course("bucket"), method)), ["hippo"]);
    }
    // 4.1 keeps what it is not told to delete.
    let old = plan(&course("volume").replace("4.7.9", "4.1.2"), Method::Volumes);
    let all = never(&old);
    for flag in ["--delete-data", "--delete-backups"] {
        assert!(all.contains(&&*format!("pgo delete cluster hippo {flag}")));
    }
    assert!(!all.iter().any(|one| one.contains("(without")), "{all:?}");
}

/// A promoted cluster is all there is of what was written since.
#[test]
fn a_promoted_cluster_is_not_deleted() {
    let plan = plan(&course("bucket"), Method::Standby);
    let forbidden = plan.steps.iter().position(|one| {
        let mut never = one.step.never.iter();
        never.any(|never| never.starts_with("kubectl delete postgrescluster "))
    });
    let promoted = plan.steps.iter().position(|one| &*one.step.id == "promote");
    assert_eq!(forbidden, promoted);
}

#[test]
fn another_bucket_is_named_as_the_release_of_v4_takes_it() {
    for (release, told, not_told) in [
        ("4.1.2", "pgo.yaml", "--pgbackrest-s3-bucket"),
        ("4.2.4", "--pgbackrest-s3-bucket", "pgo.yaml"),
        ("4.3.4", "--pgbackrest-repo-path=", "pgo.yaml"),
    ] {
        let text = course("bucket").replace("4.7.9", release);
        let plan = plan(&text, Method::Standby);
        let back = back(&plan, "promote");
        assert!(back.contains(told), "{release}: {back}");
        assert!(!back.contains(not_told), "{release}: {back}");
    }
}

#[test]
fn the_follower_is_held_against_the_number_of_v4() {
    let plan = plan(&course("bucket"), Method::Standby);
    let of = |id: &str| plan.steps.iter().find(|one| &*one.step.id == id).unwrap();
    let changes = &of("compare-the-follower").step.changes;
    assert!(changes.contains("7000000000000000001"), "{changes}");
}

/// What is run to see whether it is done is not told twice.
#[test]
fn a_command_is_not_told_as_its_own_wait() {
    let text = course("volume");
    for method in [Method::Volumes, Method::Backups] {
        for one in plan(&text, method).steps.iter().filter(|one| one.is_told()) {
            let run = commands(&one.step.run);
            let again = commands(&one.step.wait)
                .into_iter()
                .any(|wait| run.contains(&wait));
            assert!(!again, "{}", one.step.id);
        }
    }
}

/// Until v5 moves or restores anything, taking it away is half of the way: v4 was deleted or stopped before.
#[test]
fn a_way_back_does_not_end_where_v5_is_gone() {
    for (start, release, method, on) in [
        (
            "volume",
            "5.8.2",
            Method::Volumes,
            "make v4 again: as for step",
        ),
        (
            "volume",
            "5.8.2",
            Method::Backups,
            "make v4 again: as for step",
        ),
        ("bucket", "5.0.4", Method::Backups, "To v4: as for step"),
        ("bucket", "5.8.2", Method::Backups, "To v4: as for step"),
    ] {
        let plan = plan(&course(start).replace("5.8.2", release), method);
        for id in ["apply-v5", "mend-a-failed-job"] {
            let back = back(&plan, id);
            assert!(back.contains(on), "{start} {release} {id}: {back}");
        }
        if method == Method::Backups {
            let back = back(&plan, "wait-for-the-restore");
            assert!(back.contains("as for step"), "{start} {release}: {back}");
        }
    }
    // Files that were given to v5 are v4's again.
    let nfs = course("volume").replace("fsGroupPolicy: File", "fsGroupPolicy: None");
    for (text, told) in [(&nfs, true), (&course("volume"), false)] {
        let plan = plan(text, Method::Volumes);
        for id in ["apply-v5", "mend-a-failed-job", "wait-for-the-move"] {
            let back = back(&plan, id);
            assert_eq!(back.contains("files back to v4"), told, "{id}: {back}");
        }
    }
}

/// v4 mounts no volume for WAL that it is not asked for, and its data points there.
#[test]
fn v4_that_is_made_again_is_asked_for_its_volume_for_wal() {
    for (text, told) in [(external_wal(), true), (course("volume"), false)] {
        let plan = plan(&text, Method::Volumes);
        let back = back(&plan, "delete-v4");
        assert_eq!(back.contains("--wal-storage-config"), told, "{back}");
        assert!(back.contains("pgo create cluster hippo -n pgo"), "{back}");
    }
}

/// A row of commands that lacks a name is left out as a whole: the rest of it does harm.
#[test]
fn a_way_back_over_claims_that_nobody_knows_is_not_told_by_half() {
    let lives = crate::common::root().join("fixtures/lives/standby");
    let read = |name: &str| std::fs::read_to_string(lives.join(name)).unwrap();
    let (before, now) = (read("before.yaml"), read("03-promoted.yaml"));
    let texts: [&str; 2] = [&before, &now];
    let plan = only(&judge(
        &texts,
        Some(Method::Standby),
        &Assume::everything(),
        &rules(),
    ));
    let promoted = plan.steps.iter().filter(|one| one.is_told());
    let told: String = promoted.map(|one| one.back.as_str()).collect();
    assert!(told.contains("kubectl delete postgrescluster hippo-v5"));
    for half in ["(none)", "-claim.json"] {
        assert!(!told.contains(half), "{told}");
    }
}

/// PGO v4 names the Secrets in its `ServiceAccounts`, so only pods show them.
#[test]
fn a_pod_of_v4s_image_says_with_what_it_is_pulled() {
    let text = course("volume");
    let pulled_with = |secret: &str| {
        let pod = format!(
            "kind: Pod\nmetadata: {{name: hippo-5d8f6bbc7d-x2x4z, namespace: pgo}}\nspec: {{imagePullSecrets: [{{name: {secret}}}]}}"
        );
        after(&text, &pod).unwrap()
    };
    for method in [Method::Volumes, Method::Backups] {
        let told = |text: &str| {
            back(&plan(text, method), "compare-the-database").contains("pulled with regcred")
        };
        assert!(told(&pulled_with("regcred")), "{method:?}");
        // OpenShift makes one for each ServiceAccount.
        assert!(!told(&pulled_with("pgo-pg-dockercfg-x7x2q")), "{method:?}");
        assert!(!told(&text), "{method:?}");
    }
}
