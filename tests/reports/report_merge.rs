//! `report`: JSON reports read back, merged, compared and written, through the program itself.

use crate::common;

use std::path::Path;
use std::process::Output;

use common::{root, sarif_schema, worked_examples};
use serde_json::{Value, json};

fn run(args: &[&str]) -> Output {
    common::program().args(args).output().unwrap()
}

fn check(export: &Path, extra: &[&str]) -> Vec<u8> {
    let args = [
        &[
            "check",
            export.to_str().unwrap(),
            "--format",
            "json",
            "--now",
            "2026-11-20T12:00:00Z",
        ],
        extra,
    ]
    .concat();
    run(&args).stdout
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_report_read_back_and_written_is_the_same_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let mut inputs: Vec<_> = worked_examples()
        .iter()
        .map(|example| example.folder.join("cluster.yaml"))
        .collect();
    inputs.push(root().join("fixtures/hostile"));
    inputs.push(root().join("fixtures/worked-examples"));
    for input in inputs {
        let written = check(&input, &["--facts"]);
        std::fs::write(&file, &written).unwrap();
        let again = run(&["report", file.to_str().unwrap(), "--format", "json"]);
        assert!(
            again.stdout == written,
            "{}: {}",
            input.display(),
            stderr(&again)
        );
        let exit = serde_json::from_slice::<Value>(&written).unwrap()["exit"].as_i64();
        assert_eq!(
            again.status.code().map(i64::from),
            exit,
            "{}",
            input.display()
        );
    }
}

#[test]
fn reports_of_several_kubernetes_clusters_become_one_that_follows_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let schema = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut args = vec!["report".to_owned()];
    for example in ["01", "02", "10", "15"] {
        let export = root().join("fixtures/worked-examples").join(example);
        let file = folder.path().join(format!("{example}.json"));
        std::fs::write(&file, check(&export.join("cluster.yaml"), &[])).unwrap();
        args.push(format!("k{example}={}", file.display()));
    }
    let since = folder.path().join("01.json");
    args.extend(["--format", "json", "--since"].map(str::to_owned));
    args.push(since.to_str().unwrap().to_owned());
    let output = run(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let merged: Value = serde_json::from_slice(&output.stdout).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&merged)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let clusters = merged["clusters"].as_array().unwrap();
    assert_eq!(clusters.len(), 4);
    assert_eq!(clusters[0]["origin"], "k01");
    // Named origins are other clusters than the unnamed one of the earlier report.
    let changes = merged["since"]["changes"].as_array().unwrap();
    assert_eq!(
        changes.iter().filter(|one| one["change"] == "new").count(),
        4
    );
    assert_eq!(
        changes.iter().filter(|one| one["change"] == "gone").count(),
        1
    );
}

#[test]
fn a_file_that_is_no_report_is_named_and_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("cut.json", "{\"version\": 1, \"tool\"", "line 1 column"),
        ("later.json", "{\"version\": 7}", "version 7"),
        ("list.json", "{\"kind\": \"List\"}", "line 1 column"),
    ];
    for (name, text, told) in cases {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        let output = run(&["report", file.to_str().unwrap(), "--exit-zero"]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(output.stdout.is_empty());
        assert!(
            stderr(&output).contains(name) && stderr(&output).contains(told),
            "{}",
            stderr(&output)
        );
    }
    let output = run(&["report", "no/such.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no/such.json"));
}

#[test]
fn the_overview_tells_where_the_fleet_stands_and_what_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (
        folder.path().join("old.json"),
        folder.path().join("new.json"),
    );
    let export = root().join("fixtures/worked-examples/02/cluster.yaml");
    let written = check(&export, &["--target", "5.8.2"]);
    std::fs::write(&new, &written).unwrap();
    let mut earlier: Value = serde_json::from_slice(&written).unwrap();
    earlier["clusters"][0]["methods"]["volumes"]["verdict"] = "blocked".into();
    std::fs::write(&old, earlier.to_string()).unwrap();
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    let output = run(&["report", new, "--since", old]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("CLUSTER"), "{text}");
    assert!(
        text.contains("pgo/hippo: volumes blocked -> action"),
        "{text}"
    );
    assert!(text.contains("standby-without-object-storage"), "{text}");
    let output = run(&[
        "check",
        export.to_str().unwrap(),
        "--target",
        "5.8.2",
        "--since",
        old,
    ]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("pgo/hippo: volumes blocked -> action"),
        "{text}"
    );
}

/// A draft with a comment that sets a finding aside, and one that the configuration waives.
fn with_exceptions(folder: &Path) -> Vec<String> {
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo, namespace: pgo}
spec:
  extra: 1 # pgo-preflight: ignore[schema-unknown-field] our operator is patched
  postgresVersion: sixteen
  instances:
  - name: a
    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";
    let waiver = "waivers:
- {rule: schema-wrong-type, reason: agreed, expires: 2026-12-01}
";
    let (file, config) = (folder.join("draft.yaml"), folder.join("config.yaml"));
    std::fs::write(&file, draft).unwrap();
    std::fs::write(&config, waiver).unwrap();
    let named = |path: &Path| path.to_str().unwrap().to_owned();
    vec![named(&file), "--config".to_owned(), named(&config)]
}

fn valid_sarif(text: &[u8]) -> Value {
    let log: Value = serde_json::from_slice(text).unwrap();
    let validator = jsonschema::validator_for(&sarif_schema()).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&log)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    log
}

#[test]
fn the_sarif_of_a_report_read_back_is_that_of_its_run_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let example = "fixtures/worked-examples/02/cluster.yaml".to_owned();
    let all = "fixtures/worked-examples".to_owned();
    let mut kinds = Vec::new();
    for input in [vec![example], vec![all], with_exceptions(folder.path())] {
        let args: Vec<&str> = input.iter().map(String::as_str).collect();
        let baseline = folder.path().join("baseline.json");
        std::fs::write(&baseline, r#"{"version": 1, "findings": []}"#).unwrap();
        let extra = ["--baseline", baseline.to_str().unwrap()];
        let both = [
            "--format",
            "sarif",
            "--format",
            &format!("json={}", file.display()),
        ];
        let now = ["--now", "2026-11-20T12:00:00Z"];
        let checked = run(&[&["check"], &args[..], &extra, &now, &both].concat());
        let read = run(&["report", file.to_str().unwrap(), "--format", "sarif"]);
        assert!(
            read.stdout == checked.stdout && !read.stdout.is_empty(),
            "{input:?}: {}",
            stderr(&read)
        );
        let log = valid_sarif(&read.stdout);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert!(!results.is_empty());
        for result in results {
            assert_eq!(result["baselineState"], "new");
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            let rule = &log["runs"][0]["tool"]["driver"]["rules"][index];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["text"].as_str().unwrap().contains("Source: "));
            assert!(rule["defaultConfiguration"]["level"].is_string());
            let aside = result["suppressions"].as_array().into_iter().flatten();
            kinds.extend(aside.map(|one| (one["kind"].clone(), one["justification"].clone())));
        }
    }
    assert!(kinds.contains(&(json!("inSource"), json!("our operator is patched"))));
    let waived = kinds.iter().find(|(kind, _)| kind == "external").unwrap();
    let why = waived.1.as_str().unwrap();
    assert!(why.starts_with("agreed (waiver, until 2026-12-01"), "{why}");
}

#[test]
fn a_report_of_a_release_without_rules_is_sarif_with_rules_by_id() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let export = root().join("fixtures/worked-examples/02/cluster.yaml");
    let mut report: Value = serde_json::from_slice(&check(&export, &[])).unwrap();
    report.as_object_mut().unwrap().remove("rules");
    let long = "x".repeat(200);
    report["findings"][0]["labels"][0]["text"] = json!(long);
    std::fs::write(&file, report.to_string()).unwrap();
    let read = run(&["report", file.to_str().unwrap(), "--format", "sarif"]);
    let log = valid_sarif(&read.stdout);
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        let id = &result["ruleId"];
        assert_eq!(rules[index], json!({"id": id, "name": id}));
    }
    let written = String::from_utf8(read.stdout).unwrap();
    assert!(written.contains("\"snippet\"") && !written.contains(&long));
}

#[test]
fn the_same_cluster_in_two_kubernetes_clusters_has_fingerprints_of_its_own_in_each() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("one.json");
    let export = root().join("fixtures/worked-examples/02/cluster.yaml");
    std::fs::write(&file, check(&export, &[])).unwrap();
    let named = |name: &str| format!("{name}={}", file.display());
    let (prod, stage) = (named("prod"), named("stage"));
    let sarif = |args: &[&str]| -> Vec<String> {
        let output = run(&[&["report"], args, &["--format", "sarif"]].concat());
        let log = valid_sarif(&output.stdout);
        let results = log["runs"][0]["results"].as_array().unwrap();
        let prints = results
            .iter()
            .map(|one| &one["partialFingerprints"]["pgoPreflight/v1"]);
        prints.map(ToString::to_string).collect()
    };
    let both = sarif(&[&prod, &stage]);
    let distinct: std::collections::BTreeSet<&String> = both.iter().collect();
    assert_eq!(distinct.len(), both.len());
    let again: std::collections::BTreeSet<String> = sarif(&[&stage, &prod]).into_iter().collect();
    assert!(
        both.iter().all(|one| again.contains(one)),
        "they are the same in every run"
    );
}

#[test]
fn drafts_of_one_name_are_compared_by_the_worst_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let draft = |bad: &str| {
        format!(
            "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: hippo, namespace: pgo}}\n\
             spec:\n{bad}  postgresVersion: 16\n  instances:\n  - dataVolumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}\n"
        )
    };
    let drafts = folder.path().join("drafts");
    std::fs::create_dir(&drafts).unwrap();
    std::fs::write(drafts.join("a.yaml"), draft("")).unwrap();
    std::fs::write(drafts.join("b.yaml"), draft("")).unwrap();
    let old = folder.path().join("old.json");
    std::fs::write(&old, check(&drafts, &[])).unwrap();
    std::fs::write(drafts.join("a.yaml"), draft("  extra: 1\n")).unwrap();
    let since = ["--since", old.to_str().unwrap()];
    let now: Value = serde_json::from_slice(&check(&drafts, &since)).unwrap();
    let changes = now["since"]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0]["change"], "regressed", "{changes:?}");
}

/// A run and its report read back end with the same code, also where the baseline knows what is there.
#[test]
fn a_report_read_back_ends_with_the_code_of_its_run() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (baseline, report) = (path("b.json"), path("r.json"));
    let json = format!("json={report}");
    let mut codes = std::collections::BTreeSet::new();
    for input in [
        "lives/backups",
        "worked-examples/15",
        "worked-examples/22",
        "draft-folder",
    ] {
        let input = format!("fixtures/{input}");
        let check = |more: &[&str]| {
            let now = ["--no-config", "--now", "2026-11-20T12:00:00Z"];
            run(&[&["check", &input][..], &now, more].concat())
        };
        check(&["--write-baseline", &baseline]);
        for more in [&[][..], &["--baseline", &baseline]] {
            let code = check(&[&["--format", &json][..], more].concat());
            let code = code.status.code();
            let again = run(&["report", &report]);
            assert_eq!(
                again.status.code(),
                code,
                "{input} {more:?}\n{}",
                stderr(&again)
            );
            codes.insert(code);
        }
    }
    assert!(codes.len() > 1, "{codes:?}");
}

/// Two verifications of one cluster: the younger counts, and of two Kubernetes clusters each keeps its own verdict.
#[test]
fn verifications_of_one_name_are_not_mixed_up() {
    let folder = tempfile::tempdir().unwrap();
    let lives = root().join("fixtures/lives/volumes");
    let verify = |state: &str, now: &str| {
        let file = folder.path().join(format!("{state}.json"));
        let json = format!("json={}", file.display());
        let (before, after) = (
            lives.join("before.yaml"),
            lives.join(format!("{state}.yaml")),
        );
        let args = [
            "verify",
            "--no-config",
            "--assume-complete",
            "--now",
            now,
            "--before",
        ];
        let named = [
            before.to_str().unwrap(),
            after.to_str().unwrap(),
            "--format",
            &json,
        ];
        run(&[&args[..], &named].concat());
        file.to_str().unwrap().to_owned()
    };
    let older = verify("08-done", "2026-11-20T12:00:00Z");
    let younger = verify("wrong-another-database", "2026-11-21T12:00:00Z");
    let merged = |inputs: &[&str]| {
        let output = run(&[&["report"], inputs, &["--format", "json"]].concat());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let verdicts = report["pairs"].as_array().unwrap().iter();
        let verdicts: Vec<String> = verdicts.map(|pair| pair["verdict"].to_string()).collect();
        (verdicts, report["living"].as_array().unwrap().len())
    };
    let wrong = vec!["\"wrong\"".to_owned()];
    assert_eq!(merged(&[&older, &younger]), (wrong.clone(), 1));
    assert_eq!(merged(&[&younger, &older]), (wrong, 1));
    let apart = [format!("prod={older}"), format!("test={younger}")];
    let human = run(&["report", &apart[0], &apart[1], "--format", "human"]);
    let text = String::from_utf8_lossy(&human.stdout).into_owned();
    let line = |origin: &str| {
        text.lines()
            .find(|line| line.contains(origin))
            .unwrap_or_else(|| panic!("{origin} is not in\n{text}"))
            .to_owned()
    };
    assert!(line("prod: pgo/hippo").contains(": arrived"), "{text}");
    assert!(line("test: pgo/hippo").contains(": wrong"), "{text}");
    assert!(!text.contains("nothing to check"), "{text}");
}
