//! What keeps a draft from being compared with its v4 cluster must not make it look right: a mistake in the very names that
//! pair them, or in the flag that would.

use crate::common;

use std::path::Path;
use std::process::Output;

const DRAFT: &str = "
apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: NAME, namespace: pgo}
spec:
  postgresVersion: 16
  instances: [{name: db, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
  backups: {pgbackrest: {repos: [{name: repo1, volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}]}}
";
const ADOPTS: &str =
    "  dataSource: {volumes: {pgDataVolume: {pvcName: hippo, directory: hippo}}}\n";
const V4: &str = "
apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata: {name: hippo, namespace: pgo, labels: {pgo-version: 4.7.10}, annotations: {current-primary: hippo}}
spec: {clustername: hippo, ccpimage: crunchy-postgres-ha, ccpimagetag: ubi8-13.10-4.7.10}
";
/// A claim that nobody labelled.
const CLAIM: &str = "
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: restored, namespace: pgo}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

fn check(folder: &Path, draft: &str, args: &[&str]) -> (i32, String) {
    std::fs::write(folder.join("draft.yaml"), draft).unwrap();
    std::fs::write(folder.join("v4.yaml"), V4).unwrap();
    std::fs::write(folder.join("claim.yaml"), CLAIM).unwrap();
    let output: Output = common::program()
        .current_dir(folder)
        .args([
            "check",
            "draft.yaml",
            "--no-config",
            "--now",
            "2026-11-20T12:00:00Z",
        ])
        .args(["--target", "5.8.9"])
        .args(args)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (output.status.code().unwrap(), text)
}

#[test]
fn a_migration_that_fits_no_v4_cluster_beside_it_is_not_called_right() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let adopts = DRAFT.replace("NAME", "shop") + &ADOPTS.replace("hippo", "restored");
    let v4 = common::root().join("fixtures/worked-examples/01/cluster.yaml");
    let v4 = v4.to_str().unwrap();
    let all = [v4, "claim.yaml", "--assume-complete"];
    let (code, text) = check(folder, &adopts, &all);
    assert_eq!(code, 3, "{text}");
    for part in [
        "pgo/shop volumes unknown",
        "cannot tell which v4 cluster shop replaces",
        "--pair shop=pgo/hippo",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let ignored = adopts.replace(
        "namespace: pgo}",
        "namespace: pgo} # pgo-preflight: ignore[replaced-cluster-unclear] its v4 cluster is gone",
    );
    assert_eq!(
        check(folder, &ignored, &all).0,
        0,
        "{:?}",
        check(folder, &ignored, &all)
    );
    // Alone, and as a new cluster, it is what it was.
    assert_eq!(check(folder, &adopts, &[]).0, 0);
    let (code, text) = check(folder, &DRAFT.replace("NAME", "shop"), &all);
    assert!(
        code == 0 && !text.contains("cannot tell which v4"),
        "{text}"
    );
    // A claim that is not there says why nothing fits.
    let lost = adopts.replace("restored", "restord");
    let (code, text) = check(folder, &lost, &all);
    assert!(
        code == 1 && text.contains("adopts the claim restord"),
        "{text}"
    );
    assert!(!text.contains("cannot tell which v4"), "{text}");
}

#[test]
fn a_flag_that_names_nothing_of_the_input_is_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("info.json"), "[]").unwrap();
    let adopts = DRAFT.replace("NAME", "hippo-v5") + ADOPTS;
    for (flag, value, says) in [
        (
            "--pair",
            "hippo-v5=pgo/hipo",
            "no v4 cluster pgo/hipo is in the input; did you mean pgo/hippo?",
        ),
        (
            "--pair",
            "hippov5=pgo/hippo",
            "no PostgresCluster hippov5 is in the input; did you mean hippo-v5?",
        ),
        (
            "--pair",
            "prod/hippo-v5=pgo/hippo",
            "no PostgresCluster prod/hippo-v5 is in the input; did you mean pgo/hippo-v5?",
        ),
        (
            "--pair",
            "hippo-v5=pgo/entirely-different",
            "it has pgo/hippo",
        ),
        (
            "--backup-info",
            "pgo/hipo=info.json",
            "no cluster pgo/hipo is in the input; did you mean pgo/hippo?",
        ),
    ] {
        let (code, text) = check(folder, &adopts, &["v4.yaml", flag, value]);
        assert!(code == 2 && text.contains(says), "{value}: {code} {text}");
    }
    let (code, text) = check(
        folder,
        &adopts,
        &["v4.yaml", "--pair", "hippo-v5=pgo/hippo"],
    );
    assert!(code != 2, "{text}");
}

#[test]
fn a_target_before_the_oldest_backup_that_is_listed_is_out_of_reach() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let info = r#"[{"name": "db", "db": [{"id": 1, "system-id": 7000000000000000001, "version": "13"}], "backup": [{"label": "20261119-220000F", "type": "full", "error": false, "timestamp": {"start": 1795125600, "stop": 1795125840}}], "status": {"code": 0, "message": "ok"}}]"#;
    std::fs::write(folder.join("info.json"), info).unwrap();
    let to = |time: &str| {
        let restores = format!(
            "  dataSource: {{postgresCluster: {{repoName: repo1, options: [--type=time, '--target=\"{time}\"']}}}}\n"
        );
        let draft = DRAFT.replace("NAME", "hippo") + &restores;
        let args = ["v4.yaml", "--backup-info", "pgo/hippo=info.json"];
        check(folder, &draft, &args).1
    };
    assert!(
        to("2026-11-19 21:00:00+00")
            .contains("the oldest backup that is listed ended at 2026-11-19")
    );
    for reached in ["2026-11-20 10:00:00+00", "2026-11-19 20:00:00-08"] {
        let text = to(reached);
        assert!(!text.contains("out of reach"), "{reached}: {text}");
    }
}
