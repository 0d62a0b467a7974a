//! Odd states of living clusters after a move, each beside a twin in which nothing is wrong: who leads, what lies under it, whose it is.

use std::fs;

use pgo_preflight::check::{Evidence, FindingOutcome, Options, Report, check, names_of};
use pgo_preflight::manifest::{Assume, gather_dump};
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::{Dump, OriginId, SourceId, Text};

use crate::common::root;

fn read(path: &str) -> String {
    fs::read_to_string(root().join("fixtures/lives").join(path)).unwrap()
}

/// What `verify` says of these exports, the older first.
fn verify(texts: &[String]) -> Report {
    let rules = RuleSet::built_in(names_of).unwrap();
    let origins = texts.iter().zip(0_u32..).map(|(text, number)| {
        let text = Text {
            uri: format!("{number}.yaml"),
            bytes: text.clone().into_bytes(),
        };
        let dump = Dump {
            texts: vec![text],
            ..Dump::default()
        };
        gather_dump(dump, OriginId(number), SourceId(number))
    });
    let evidence = Evidence::of_all(origins.collect(), &Assume::everything());
    let options = Options {
        living: true,
        ..Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
    };
    check(evidence, &rules, &options)
}

/// The verdict about the only move, and the rules that fire.
fn told(before: &str, now: &str) -> (String, Vec<String>) {
    let report = verify(&[before.to_owned(), now.to_owned()]);
    let fires = report.findings.iter();
    let fires = fires.filter(|one| one.outcome == FindingOutcome::Fires);
    let verdict = report.migrations[0].verdict.name().to_owned();
    (verdict, fires.map(|one| one.rule.to_string()).collect())
}

fn verdict(now: &str) -> String {
    told(&read("volumes/before.yaml"), now).0
}

/// The last state of a move by data volumes, and more.
fn done(more: &str) -> String {
    format!("{}{more}", read("volumes/08-done.yaml"))
}

fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to change: {from}");
    text.replace(from, to)
}

/// A second database pod: its label, its word, and what else its metadata has.
fn second_pod(role: &str, status: &str, metadata: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: hippo-db-wxyz-0\n  namespace: pgo\n{metadata}  labels: {{postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/instance: hippo-db-wxyz, postgres-operator.crunchydata.com/role: {role}}}\n  annotations: {{status: '{status}'}}\nstatus: {{phase: Running, containerStatuses: [{{name: database, ready: true}}]}}\n"
    )
}

const WRITES: &str =
    r#"{"state":"running","role":"primary","xlog_location":91000000,"timeline":4}"#;
const FOLLOWS: &str =
    r#"{"state":"running","role":"replica","xlog_location":90000000,"timeline":3}"#;
const STOPPING: &str = "  deletionTimestamp: \"2026-11-20T11:59:00Z\"\n";

#[test]
fn two_pods_that_both_say_that_they_are_the_primary_are_no_arrival() {
    let split = done(&second_pod("master", WRITES, ""));
    let (verdict, fires) = told(&read("volumes/before.yaml"), &split);
    assert_eq!(verdict, "unknown");
    assert!(fires.contains(&"two-pods-lead".to_owned()), "{fires:?}");
}

#[test]
fn after_a_failover_the_pod_that_led_and_is_stopping_does_not_matter() {
    let old = second_pod("master", WRITES, STOPPING);
    let (verdict, fires) = told(&read("volumes/before.yaml"), &done(&old));
    assert_eq!(verdict, "arrived");
    assert!(!fires.contains(&"two-pods-lead".to_owned()), "{fires:?}");
}

#[test]
fn a_label_that_is_not_true_any_more_is_no_arrival() {
    let stale = done(&second_pod("master", FOLLOWS, ""));
    assert_eq!(verdict(&stale), "unknown");
    let replica = done(&second_pod("replica", FOLLOWS, ""));
    assert_eq!(verdict(&replica), "arrived");
    // One that says that it leads and is labelled as a replica.
    let label = "postgres-operator.crunchydata.com/role: master";
    let other = changed(&replica, label, &label.replace("master", "replica"));
    let unlocked = changed(&other, "leader: hippo-db-abcd-0, ", "");
    assert_eq!(verdict(&unlocked), "unknown");
    // Patroni's lock settles it.
    assert_eq!(verdict(&other), "arrived");
}

#[test]
fn the_lock_in_another_pods_hands_is_no_arrival() {
    let pods = done(&second_pod("replica", FOLLOWS, ""));
    let lost = changed(&pods, "leader: hippo-db-abcd-0", "leader: hippo-db-wxyz-0");
    assert_eq!(verdict(&lost), "unknown");
    // Hiding that pod does not give the lock back.
    let alone = done("");
    assert_eq!(verdict(&alone), "arrived");
    let hidden = changed(&alone, "leader: hippo-db-abcd-0", "leader: hippo-db-wxyz-0");
    assert_eq!(verdict(&hidden), "unknown");
}

/// It was told as a database of which nothing is ready.
#[test]
fn a_leader_whose_word_cannot_be_read_is_no_database_that_does_not_run() {
    let alone = done("");
    let said = alone.find("\"role\":\"").map(|at| at + "\"role\":".len());
    let at = said.expect("the pod says its role");
    let end = at + alone[at..].find([',', '}']).unwrap();
    let garbled = format!("{}7{}", &alone[..at], &alone[end..]);
    let (verdict, fires) = told(&read("volumes/before.yaml"), &garbled);
    assert_eq!(verdict, "unknown");
    assert!(
        !fires.contains(&"database-does-not-run".to_owned()),
        "{fires:?}"
    );
}

/// The sum was more than a number holds.
#[test]
fn numbers_at_their_ends_are_numbers() {
    let alone = done("");
    let set = "[{name: db, replicas: 1, readyReplicas: 1, updatedReplicas: 1}]";
    for count in [i64::MAX, i64::MIN] {
        let wild = format!("replicas: {count}, readyReplicas: {count}");
        let sets = format!("[{{name: db, {wild}}}, {{name: other, {wild}}}]");
        assert_ne!(verdict(&changed(&alone, set, &sets)), "wrong");
    }
}

#[test]
fn a_former_primary_that_does_not_start_is_a_replica_that_is_missing() {
    let fallen = r#"{"state":"start failed","role":"primary"}"#;
    let (verdict, fires) = told(
        &read("volumes/before.yaml"),
        &done(&second_pod("replica", fallen, "")),
    );
    assert_eq!(verdict, "arrived");
    assert!(!fires.contains(&"two-pods-lead".to_owned()), "{fires:?}");
}

const WAL_SPEC: (&str, &str) = (
    "replicas: 1, dataVolumeClaimSpec",
    "replicas: 1, walVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}, dataVolumeClaimSpec",
);

fn wal_claim(phase: &str, volume: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: hippo-wal\n  namespace: pgo\n  labels: {{postgres-operator.crunchydata.com/cluster: hippo, postgres-operator.crunchydata.com/role: pgwal, postgres-operator.crunchydata.com/instance-set: db}}\n  ownerReferences: [{{apiVersion: postgres-operator.crunchydata.com/v1beta1, kind: PostgresCluster, name: hippo, controller: true, uid: 0b5d}}]\nspec: {{volumeName: pv-wal, accessModes: [ReadWriteOnce]}}\nstatus: {{phase: {phase}}}\n{volume}"
    )
}

const WAL_VOLUME: &str = "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv-wal}\nspec: {persistentVolumeReclaimPolicy: Retain}\n";

#[test]
fn a_volume_for_wal_that_is_asked_for_and_not_there_is_told() {
    let with = |more: &str| changed(&done(more), WAL_SPEC.0, WAL_SPEC.1);
    assert_eq!(verdict(&with("")), "incomplete");
    assert_eq!(verdict(&with(&wal_claim("Bound", WAL_VOLUME))), "arrived");
    assert_eq!(verdict(&with(&wal_claim("Lost", WAL_VOLUME))), "wrong");
    assert_eq!(verdict(&with(&wal_claim("Pending", ""))), "incomplete");
    // Its claim says that it is bound, and the volume does not exist.
    assert_eq!(verdict(&with(&wal_claim("Bound", ""))), "wrong");
    let released = format!("{WAL_VOLUME}status: {{phase: Released}}\n");
    assert_eq!(verdict(&with(&wal_claim("Bound", &released))), "wrong");
}

#[test]
fn a_claim_that_a_pod_mounts_and_that_is_gone_is_told() {
    let mounts = |claim: &str| {
        let spec = format!(
            "spec: {{volumes: [{{name: data, persistentVolumeClaim: {{claimName: {claim}}}}}]}}\nstatus:\n  phase: Running"
        );
        changed(&done(""), "status:\n  phase: Running", &spec)
    };
    assert_eq!(verdict(&mounts("hippo")), "arrived");
    assert_eq!(verdict(&mounts("hippo-tablespace")), "incomplete");
}

const V4_WAL: (&str, &str) = (
    "user: hippo, database: hippo}",
    "user: hippo, database: hippo, WALStorage: {storagetype: dynamic, size: 1Gi, accessmode: ReadWriteOnce}}",
);
const V4_DIRECTORY: (&str, &str) = (
    "env: [{name: PATRONI_SCOPE, value: hippo}]",
    "env: [{name: PATRONI_SCOPE, value: hippo}, {name: PGHA_WALDIR, value: /pgwal/hippo-wal}]",
);
const V4_VOLUME: (&str, &str) = (
    "{name: pgdata, persistentVolumeClaim: {claimName: hippo}}",
    "{name: pgdata, persistentVolumeClaim: {claimName: hippo}}, {name: pgwal, persistentVolumeClaim: {claimName: hippo-wal}}",
);
const V4_CLAIM: &str = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: hippo-wal, namespace: pgo, labels: {pg-cluster: hippo, vendor: crunchydata}}\nspec: {volumeName: pv-wal, accessModes: [ReadWriteOnce]}\nstatus: {phase: Bound}\n";

#[test]
fn the_volume_for_wal_that_v4_had_is_not_left_behind_in_silence() {
    let before = changed(&read("volumes/before.yaml"), V4_WAL.0, V4_WAL.1);
    let before = changed(&before, V4_DIRECTORY.0, V4_DIRECTORY.1);
    let before = changed(&before, V4_VOLUME.0, V4_VOLUME.1) + V4_CLAIM;
    let (verdict, fires) = told(&before, &done(""));
    assert_eq!(verdict, "incomplete");
    assert!(fires.contains(&"wal-volume-lost".to_owned()), "{fires:?}");
    let with = changed(
        &done(&wal_claim("Bound", WAL_VOLUME)),
        WAL_SPEC.0,
        WAL_SPEC.1,
    );
    assert_eq!(told(&before, &with).0, "arrived");
}

/// v4 had a parameter, the spec asks for it, and Patroni has it not: that is told as what has not been taken up, not as what nobody
/// wrote down.
#[test]
fn a_parameter_that_is_not_taken_up_is_told_once() {
    let had = "parameters: {max_connections: 100, work_mem: 64MB}";
    let before = changed(
        &read("volumes/before.yaml"),
        "parameters: {max_connections: 100}",
        had,
    );
    let record = "    initialize: \"7000000000000000001\"";
    let has = format!("    config: '{{\"postgresql\":{{\"parameters\":{{}}}}}}'\n{record}");
    let without = changed(&done(""), record, &has);
    let rules = ["parameters-not-there", "parameters-not-taken-up"];
    let told_of = |now: &str| {
        let fires = told(&before, now).1;
        rules.map(|rule| fires.iter().filter(|one| *one == rule).count())
    };
    assert_eq!(told_of(&without), [1, 0]);
    let asks = "  config: {parameters: {work_mem: 64MB}}\n  postgresVersion: 13";
    let asked = changed(&without, "  postgresVersion: 13", asks);
    assert_eq!(told_of(&asked), [0, 1]);
}

/// A v4 cluster beside hippo, and a living hippo that archives to its repository.
fn beside(database: &str, name: &str) -> Report {
    let hippo = read("standby/before.yaml");
    let rhino = hippo.replace("hippo", "rhino");
    let rhino = changed(&rhino, "7000000000000000001", "7000000000000000002");
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\n---\n";
    let both = format!("{hippo}---\n{}", changed(&rhino, namespace, ""));
    let life = read("standby/04-done.yaml");
    let own = |part: &&str| !part.contains("pg-cluster") && !part.contains("crunchy-pgha-scope");
    let living: Vec<&str> = life.split("\n---\n").filter(own).collect();
    let living = living.join("\n---\n").replace("hippo-v5", name);
    let living = changed(&living, "/backrestrepo/hippo-", "/backrestrepo/rhino-");
    let living = changed(&living, "7000000000000000001", database);
    verify(&[both, living])
}

#[test]
fn the_path_of_another_v4_clusters_repository_does_not_make_it_that_ones() {
    // The database settles it.
    let settled = beside("7000000000000000001", "hippo");
    assert_eq!(settled.migrations[0].source_name, "hippo");
    // With the other's database, or nobody's, or of hippo's under a name of its own, nothing is guessed.
    for (database, name) in [
        ("7000000000000000002", "hippo"),
        ("7000000000000000009", "hippo"),
        ("7000000000000000002", "hippo-v5"),
        ("7000000000000000001", "shop"),
    ] {
        let torn = beside(database, name);
        assert!(torn.migrations.is_empty(), "{database} {name}");
        let living = &torn.living[0];
        assert_eq!(living.candidates, ["pgo/hippo", "pgo/rhino"]);
        assert!(
            living.signs[1].contains("repo1-path is the path"),
            "{:?}",
            living.signs
        );
    }
    // A new name, and everything else rhino's: it is rhino's.
    let renamed = beside("7000000000000000002", "shop");
    assert_eq!(renamed.migrations[0].source_name, "rhino");
}
