//! What is said about the last backup.

use super::hours_between;
use crate::fact::v4::testing::{PGCLUSTER, World, claim, stream};

/// A backup Job of hippo, with more labels, variables, and this status.
fn job(name: &str, labels: &str, env: &str, status: &str) -> String {
    format!(
        "\
apiVersion: batch/v1
kind: Job
metadata:
  name: {name}
  namespace: pgo
  creationTimestamp: '2023-06-01T00:00:00Z'
  labels: {{vendor: crunchydata, pg-cluster: hippo, backrest-command: backup{labels}}}
spec: {{template: {{spec: {{containers: [{{name: backrest, env: [{env}]}}]}}}}}}
status: {{{status}}}
"
    )
}

/// The Job of single backups: began and ended at these hours of the first of June.
fn single(from: &str, to: &str) -> String {
    let status = format!(
        "succeeded: 1, startTime: '2023-06-01T{from}:00Z', completionTime: '2023-06-01T{to}:00Z'"
    );
    job("backrest-backup-hippo", "", "", &status)
}

fn failed(name: &str, at: &str) -> String {
    let status = format!(
        "failed: 1, startTime: '2023-06-01T{at}:00Z', conditions: [{{type: Failed, status: 'True', lastTransitionTime: '2023-06-01T{at}:30Z'}}]"
    );
    job(name, "", "", &status)
}

fn task(name: &str, status: &str, parameters: &str) -> String {
    format!(
        "\
apiVersion: crunchydata.com/v1
kind: Pgtask
metadata: {{name: {name}, namespace: pgo, creationTimestamp: '2023-06-01T20:00:00Z'}}
spec: {{name: {name}, tasktype: backrest, status: {status}, parameters: {{pg-cluster: hippo, backrest-command: backup, job-name: {name}{parameters}}}}}
status: {{state: pgtask Processed}}
"
    )
}

fn all_jobs(documents: &[&str]) -> World {
    World::listing("Job", &stream(&[&[PGCLUSTER], documents].concat()))
}

fn some_jobs(documents: &[&str]) -> World {
    World::partial(&stream(&[&[PGCLUSTER], documents].concat()))
}

fn expect(world: &World, facts: &[(&str, &str)]) {
    for (fact, says) in facts {
        assert_eq!(world.says(fact), *says, "{fact}: {}", world.asks(fact));
    }
}

#[test]
fn a_backup_that_ended_yesterday() {
    let world = all_jobs(&[&single("20:00", "20:30")]);
    expect(
        &world,
        &[
            ("backup.found", "true"),
            ("backup.succeeded", "true"),
            ("backup.failed", "false"),
            ("backup.completed", "\"2023-06-01T20:30:00Z\""),
            ("backup.ageHours", "16"),
            ("backup.job", "\"backrest-backup-hippo\""),
            ("backup.kind", "\"manual\""),
            ("backup.repoTypes", "[\"posix\"]"),
            ("backup.afterWal", "true"),
            ("backup.full", "unknown"),
        ],
    );
    assert_eq!(
        world.points_at("backup.completed"),
        "'2023-06-01T20:30:00Z'"
    );
    assert_eq!(world.points_at("backup.ageHours"), "'2023-06-01T20:30:00Z'");
    assert_eq!(world.points_at("backup.succeeded"), "1");
}

/// Otherwise an unseen newer failure would read as success.
#[test]
fn success_of_the_last_is_known_only_when_all_jobs_are_seen() {
    let world = some_jobs(&[&single("20:00", "20:30")]);
    expect(
        &world,
        &[
            ("backup.found", "true"),
            ("backup.succeeded", "unknown"),
            ("backup.failed", "unknown"),
            ("backup.completed", "unknown"),
            ("backup.ageHours", "unknown"),
            ("backup.repoTypes", "unknown"),
        ],
    );
    assert_eq!(
        world.asks("backup.succeeded"),
        "kubectl get jobs -n pgo -o yaml"
    );
}

/// What `kubectl get jobs` gives for these.
fn list_of(jobs: &[&str]) -> String {
    let items = jobs.iter().map(|one| {
        let one = one.trim_end().replace('\n', "\n  ");
        format!("- {one}\n")
    });
    format!(
        "apiVersion: v1\nkind: List\nitems:\n{}",
        items.collect::<String>()
    )
}

#[test]
fn a_list_of_jobs_is_believed_with_an_assumption() {
    let other = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: report, namespace: pgo}\nstatus: {succeeded: 1}\n";
    let world = some_jobs(&[&list_of(&[&single("20:00", "20:30"), other])]);
    expect(
        &world,
        &[("backup.succeeded", "true"), ("backup.ageHours", "16")],
    );
    assert_eq!(
        world.assumes("backup.succeeded"),
        "all Jobs of namespace pgo are in export.yaml"
    );
}

/// All that the one Job bears may be what it was selected by.
#[test]
fn a_list_of_one_job_does_not_show_that_there_is_no_other() {
    let world = some_jobs(&[&list_of(&[&single("20:00", "20:30")])]);
    expect(&world, &[("backup.succeeded", "unknown")]);
    assert!(world.asks("backup.succeeded").contains("kubectl get jobs"));
}

/// Worked example 19: a failed newer run hides an older success.
#[test]
fn a_failed_newer_run_counts() {
    let (older, newer) = (
        single("20:00", "20:30"),
        failed("hippo-full-sch-backup", "23:00"),
    );
    for world in [all_jobs(&[&older, &newer]), some_jobs(&[&older, &newer])] {
        expect(
            &world,
            &[
                ("backup.succeeded", "false"),
                ("backup.failed", "true"),
                ("backup.job", "\"hippo-full-sch-backup\""),
                ("backup.kind", "\"scheduled\""),
                ("backup.completed", "\"\""),
                ("backup.ageHours", "0"),
            ],
        );
        assert!(world.points_at("backup.failed").contains("Failed"));
    }
}

#[test]
fn a_newer_success_outlives_an_older_failure() {
    let world = all_jobs(&[
        &failed("backrest-backup-hippo", "01:00"),
        &single("20:00", "20:30").replace("backrest-backup-hippo", "hippo-incr-sch-backup"),
    ]);
    expect(
        &world,
        &[
            ("backup.succeeded", "true"),
            ("backup.failed", "false"),
            ("backup.job", "\"hippo-incr-sch-backup\""),
        ],
    );
}

/// Trap 27, and Jobs that were cleared away: absence is not failure.
#[test]
fn no_job_is_not_found_rather_than_failed() {
    let world = all_jobs(&[]);
    expect(
        &world,
        &[
            ("backup.found", "unknown"),
            ("backup.succeeded", "false"),
            ("backup.failed", "false"),
            ("backup.completed", "\"\""),
            ("backup.job", "\"\""),
            ("backup.kind", "\"\""),
            ("backup.repoTypes", "[]"),
            ("backup.full", "false"),
        ],
    );
    expect(
        &World::listing("Job,Pgtask", PGCLUSTER),
        &[("backup.found", "false")],
    );
    expect(
        &some_jobs(&[]),
        &[
            ("backup.found", "unknown"),
            ("backup.succeeded", "unknown"),
            ("backup.job", "unknown"),
        ],
    );
}

#[test]
fn a_pgtask_remembers_the_success_of_a_job_that_is_gone() {
    let world = all_jobs(&[&task("backrest-backup-hippo", "job completed", "")]);
    expect(
        &world,
        &[
            ("backup.succeeded", "true"),
            ("backup.completed", "unknown"),
            ("backup.ageHours", "16"),
            ("backup.job", "\"backrest-backup-hippo\""),
        ],
    );
}

#[test]
fn a_pgtask_that_was_only_picked_up_is_no_backup() {
    // `pgtask Processed` stays even when the backup fails.
    let world = all_jobs(&[&task("backrest-backup-hippo", "''", "")]);
    expect(
        &world,
        &[
            ("backup.found", "true"),
            ("backup.succeeded", "false"),
            ("backup.failed", "false"),
        ],
    );
}

#[test]
fn a_running_backup_leaves_the_one_before_as_the_last() {
    let running = job(
        "hippo-full-sch-backup",
        "",
        "",
        "active: 1, startTime: '2023-06-01T23:00:00Z'",
    );
    expect(
        &all_jobs(&[&running, &single("20:00", "20:30")]),
        &[
            ("backup.succeeded", "true"),
            ("backup.job", "\"backrest-backup-hippo\""),
        ],
    );
    expect(
        &all_jobs(&[&running]),
        &[
            ("backup.found", "true"),
            ("backup.succeeded", "false"),
            ("backup.failed", "false"),
        ],
    );
}

#[test]
fn a_retry_in_progress_has_not_failed() {
    let retrying = job("backrest-backup-hippo", "", "", "active: 1, failed: 2");
    expect(
        &all_jobs(&[&retrying]),
        &[("backup.failed", "false"), ("backup.succeeded", "false")],
    );
    let given_up = job("backrest-backup-hippo", "", "", "failed: 2");
    expect(&all_jobs(&[&given_up]), &[("backup.failed", "true")]);
}

#[test]
fn two_undated_runs_that_differ_leave_the_last_open() {
    let undated = |yaml: String| yaml.replace("  creationTimestamp: '2023-06-01T00:00:00Z'\n", "");
    let good = undated(job("backrest-backup-hippo", "", "", "succeeded: 1"));
    let bad = undated(job("hippo-full-sch-backup", "", "", "failed: 1"));
    expect(
        &all_jobs(&[&good, &bad]),
        &[
            ("backup.succeeded", "unknown"),
            ("backup.failed", "unknown"),
        ],
    );
    expect(
        &all_jobs(&[&good]),
        &[("backup.succeeded", "true"), ("backup.ageHours", "unknown")],
    );
}

#[test]
fn other_jobs_of_pgbackrest_are_no_backups() {
    let stanza = single("23:00", "23:30")
        .replace(
            "backrest-command: backup",
            "backrest-command: stanza-create",
        )
        .replace("backrest-backup-hippo", "hippo-stanza-create");
    expect(
        &all_jobs(&[&stanza]),
        &[("backup.succeeded", "false"), ("backup.found", "unknown")],
    );
    // Nor is another cluster's, whose name begins alike.
    let other = single("23:00", "23:30").replace("pg-cluster: hippo", "pg-cluster: hippo-test");
    expect(&all_jobs(&[&other]), &[("backup.succeeded", "false")]);
}

#[test]
fn contested_copies_of_a_job_decide_nothing() {
    let copies = [
        single("20:00", "20:30"),
        failed("backrest-backup-hippo", "20:00"),
    ];
    expect(
        &all_jobs(&[&copies[0], &copies[1]]),
        &[
            ("backup.succeeded", "unknown"),
            ("backup.failed", "unknown"),
        ],
    );
}

#[test]
fn a_job_that_was_told_something_else_is_no_backup() {
    let done = "succeeded: 1, completionTime: '2023-06-01T20:30:00Z'";
    let succeeded = |env: &str| {
        let job = job("backrest-backup-hippo", "", env, done);
        World::listing("Job", &stream(&[PGCLUSTER, &job])).says("backup.succeeded")
    };
    assert_eq!(succeeded(""), "true");
    assert_eq!(succeeded("{name: COMMAND, value: backup}"), "true");
    for other in ["info", "restore", "stanza-create"] {
        let env = format!("{{name: COMMAND, value: {other}}}");
        assert_eq!(succeeded(&env), "false", "{other}");
    }
    let elsewhere = "{name: COMMAND, valueFrom: {configMapKeyRef: {name: a, key: b}}}";
    assert_eq!(succeeded(elsewhere), "unknown");
}

/// Worked example 24: `posix,s3`, and the last backup went to one of them.
#[test]
fn a_backup_may_go_to_one_of_two_repositories() {
    let both = PGCLUSTER.replace("  port: '5432'\n", "  backrestStorageTypes: [posix, s3]\n");
    let done = "succeeded: 1, completionTime: '2023-06-01T20:30:00Z'";
    let went = |env: &str, more: &[&str]| {
        let job = job("backrest-backup-hippo", "", env, done);
        let yaml = stream(&[&[both.as_str(), &job], more].concat());
        World::listing("Job", &yaml).says("backup.repoTypes")
    };
    let (posix, s3) = (
        "{name: PGBACKREST_REPO1_TYPE, value: posix}",
        "{name: PGBACKREST_REPO1_TYPE, value: s3}",
    );
    let flag = "{name: PGHA_PGBACKREST_LOCAL_S3_STORAGE, value: 'true'}";
    assert_eq!(went(posix, &[]), "[\"posix\"]");
    assert_eq!(went(s3, &[]), "[\"s3\"]");
    assert_eq!(
        went(&format!("{posix}, {flag}"), &[]),
        "[\"posix\", \"s3\"]"
    );
    assert_eq!(
        went("{name: PGBACKREST_REPO_TYPE, value: s3}", &[]),
        "[\"s3\"]"
    );
    assert_eq!(
        went(
            &format!("{posix}, {{name: COMMAND_OPTS, value: '--type=full --repo1-type=s3'}}"),
            &[]
        ),
        "[\"s3\"]"
    );
    assert_eq!(
        went("{name: COMMAND_OPTS, value: '--repo-type s3'}", &[]),
        "[\"s3\"]"
    );
    // By the Pgtask of 4.5 and older; and without any word it goes wherever backups go.
    let asked = task(
        "backrest-backup-hippo",
        "job completed",
        ", backrest-storage-type: 'local,s3'",
    );
    assert_eq!(went("", &[&asked]), "[\"posix\", \"s3\"]");
    let local = task(
        "backrest-backup-hippo",
        "job completed",
        ", backrest-storage-type: local",
    );
    assert_eq!(went("", &[&local]), "[\"posix\"]");
    assert_eq!(went("", &[]), "[\"posix\", \"s3\"]");
}

#[test]
fn why_and_how_a_backup_was_taken() {
    let done = "succeeded: 1, completionTime: '2023-06-01T20:30:00Z'";
    let says = |name: &str, labels: &str, env: &str| {
        let world = all_jobs(&[&job(name, labels, env, done)]);
        (world.says("backup.kind"), world.says("backup.full"))
    };
    let pair = |kind: &str, full: &str| (format!("{kind:?}"), full.to_owned());
    assert_eq!(
        says("backrest-backup-hippo", ", pgha-backup-type: bootstrap", ""),
        pair("bootstrap", "true")
    );
    assert_eq!(
        says("backrest-backup-hippo", ", pgha-backup-type: failover", ""),
        pair("failover", "unknown")
    );
    assert_eq!(
        says(
            "backrest-backup-hippo",
            "",
            "{name: COMMAND_OPTS, value: '--type=full --db-host=x'}"
        ),
        pair("manual", "true")
    );
    assert_eq!(
        says("hippo-full-sch-backup", "", ""),
        pair("scheduled", "true")
    );
    assert_eq!(
        says("hippo-incr-sch-backup", "", ""),
        pair("scheduled", "unknown")
    );
}

/// Worked examples 5 and 5d: the backup has to be younger than the WAL claim.
#[test]
fn a_backup_before_the_wal_claim_does_not_count() {
    let wal = PGCLUSTER.replace(
        "WALStorage: {storagetype: ''",
        "WALStorage: {storagetype: dynamic",
    );
    let says = |created: &str| {
        let claim = claim("hippo-wal").replace("2022-01-01T00:00:00Z", created);
        let yaml = stream(&[&wal, &claim, &single("20:00", "20:30")]);
        World::listing("Job,Deployment,Pod,Pgreplica", &yaml).says("backup.afterWal")
    };
    assert_eq!(says("2023-05-01T00:00:00Z"), "true");
    assert_eq!(says("2023-06-01T20:15:00Z"), "false");
    assert_eq!(says("2023-06-02T00:00:00Z"), "false");
}

#[test]
fn hours_count_when_begun_and_never_below_zero() {
    let at = |text: &str| text.parse().unwrap();
    let hours = |then, now| hours_between(at(then), at(now));
    assert_eq!(hours("2023-06-01T00:00:00Z", "2023-06-02T00:00:00Z"), 24);
    assert_eq!(hours("2023-06-01T00:00:00Z", "2023-06-02T00:00:01Z"), 25);
    assert_eq!(hours("2023-06-02T00:00:00Z", "2023-06-01T00:00:00Z"), 0);
}

/// What pgBackRest lists of hippo: backups by label, with the second of their end.
fn list(more: &str, backups: &[(&str, i64)]) -> String {
    let one = |(label, ended): &(&str, i64)| {
        format!(
            r#"{{"label":"{label}","type":"full","error":false,"timestamp":{{"start":{},"stop":{ended}}}}}"#,
            ended - 60
        )
    };
    let all: Vec<String> = backups.iter().map(one).collect();
    format!(r#"[{{"name":"db","backup":[{}]{more}}}]"#, all.join(","))
}

/// 2023-06-01T20:20:00Z.
const TWENTY_PAST_EIGHT: i64 = 1_685_650_800;

/// The Job succeeded, and the repository was emptied since.
#[test]
fn the_list_of_pgbackrest_outranks_a_job_that_succeeded() {
    let jobs = || all_jobs(&[&single("20:00", "20:30")]);
    for none in [
        list("", &[]),
        list(r#","status":{"code":2}"#, &[]),
        list(r#","db":[],"status":{"code":1}"#, &[]),
        "[]".to_owned(),
    ] {
        expect(
            &jobs().with_backup_info(&none),
            &[
                ("backup.succeeded", "false"),
                ("backup.failed", "false"),
                ("backup.ageHours", "0"),
            ],
        );
    }
    let old = list("", &[("20230515-202000F", TWENTY_PAST_EIGHT - 17 * 86_400)]);
    expect(
        &jobs().with_backup_info(&old),
        &[("backup.succeeded", "true"), ("backup.ageHours", "424")],
    );
    // The twin: what it lists is that Job's.
    let same = list("", &[("20230601-201900F", TWENTY_PAST_EIGHT)]);
    expect(
        &jobs().with_backup_info(&same),
        &[
            ("backup.succeeded", "true"),
            ("backup.ageHours", "16"),
            ("backup.job", "\"backrest-backup-hippo\""),
            ("backup.full", "true"),
        ],
    );
}

#[test]
fn a_list_holds_no_run_that_failed() {
    let listed = list("", &[("20230601-201900F", TWENTY_PAST_EIGHT)]);
    let world = all_jobs(&[&failed("hippo-full-sch-backup", "23:00")]);
    expect(
        &world.with_backup_info(&listed),
        &[("backup.succeeded", "false"), ("backup.failed", "true")],
    );
}

#[test]
fn a_list_that_proves_nothing_leaves_it_open() {
    let job = single("20:00", "20:30");
    let unread = list(r#","status":{"code":99}"#, &[]);
    let other = list(
        r#","db":[{"id":1,"version":"9.6"}]"#,
        &[("20230601-201900F", TWENTY_PAST_EIGHT)],
    );
    for proves_nothing in [unread, other] {
        let world = all_jobs(&[&job]).with_backup_info(&proves_nothing);
        expect(&world, &[("backup.succeeded", "unknown")]);
        assert!(
            world
                .asks("backup.succeeded")
                .contains("kubectl get deployments -n pgo")
        );
    }
}
