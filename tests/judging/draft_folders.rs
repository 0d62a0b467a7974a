//! Folders as people keep them: exports of v4 beside drafts, charts' output, kustomizations and values. One report, the
//! same in all formats.

use crate::common;

use std::process::Output;

use serde_json::Value;

const V4: &str = "fixtures/worked-examples/01/cluster.yaml";
const DRAFTS: &str = "fixtures/draft-folder";

fn check(args: &[&str]) -> Output {
    common::program()
        .arg("check")
        .args(args)
        .args([
            "--target",
            "5.8.2",
            "--assume-complete",
            "--now",
            "2026-11-20T12:00:00Z",
        ])
        .output()
        .unwrap()
}

fn json(args: &[&str]) -> Value {
    let output = check(&[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The findings of a rule.
fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule).collect()
}

#[test]
fn verdicts_drafts_and_disagreements_are_in_one_report() {
    let report = json(&[V4, DRAFTS]);
    assert_eq!(report["exit"], 1);
    let cluster = &report["clusters"][0];
    assert_eq!(
        (&cluster["name"], &cluster["verdict"]),
        (&"hippo".into(), &"ready".into())
    );
    let drafts = report["drafts"].as_array().unwrap().iter();
    let drafts: Vec<[&str; 4]> = drafts
        .map(|draft| {
            let text = |value: &'static str| draft[value].as_str().unwrap();
            [
                text("namespace"),
                text("name"),
                draft["source"]["name"].as_str().unwrap_or("-"),
                text("verdict"),
            ]
        })
        .collect();
    assert_eq!(
        drafts,
        [
            ["elsewhere", "brand-new", "-", "unknown"],
            ["elsewhere", "brand-new", "-", "ok"],
            ["pgo", "hippo", "hippo", "error"],
        ]
    );
    let disagreement = of_rule(&report, "data-directory-differs");
    let labels = disagreement[0]["labels"].as_array().unwrap();
    let places: Vec<(&str, &str)> = labels
        .iter()
        .map(|label| {
            (
                label["uri"].as_str().unwrap(),
                label["text"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(places[0], ("fixtures/draft-folder/hippo.yaml", "hippo-old"));
    assert!(places.contains(&(V4, "/pgdata/hippo")), "{places:?}");
    // Kustomizations and values files are named, and count against nothing.
    let skipped = report["skipped"].as_array().unwrap();
    assert_eq!(skipped.len(), 3);
    assert!(
        skipped.iter().all(|skipped| skipped["counts"] == false),
        "{skipped:?}"
    );
}

#[test]
fn each_format_tells_all_of_it() {
    let human = check(&[V4, DRAFTS]);
    let text = String::from_utf8(human.stdout).unwrap();
    assert_eq!(human.status.code(), Some(1));
    let table: String = text.split("\n\n").take(2).collect::<Vec<_>>().join("\n");
    for row in [
        "pgo/hippo  4.7.10  13.10",
        "pgo/hippo            volumes  pgo/hippo  error",
    ] {
        assert!(table.contains(row), "{table}");
    }
    assert!(text.contains("error[data-directory-differs]"));
    assert!(text.contains("[not-a-whole-manifest]"));
    let sarif = check(&[V4, DRAFTS, "--format", "sarif"]);
    assert_eq!(sarif.status.code(), Some(1));
    let log: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = |rule: &str| {
        results
            .iter()
            .find(|result| result["ruleId"] == rule)
            .unwrap()
    };
    let disagreement = result("data-directory-differs");
    let place = |location: &Value| location["physicalLocation"]["artifactLocation"]["uri"].clone();
    assert_eq!(
        place(&disagreement["locations"][0]),
        "fixtures/draft-folder/hippo.yaml"
    );
    let related = disagreement["relatedLocations"].as_array().unwrap();
    assert!(related.iter().any(|location| place(location) == V4));
    assert_eq!(result("not-a-whole-manifest")["kind"], "open");
    assert_eq!(result("standby-without-object-storage")["kind"], "fail");
}

#[test]
fn a_patch_is_said_to_be_one_and_nothing_else() {
    let report = json(&["fixtures/draft-folder/overlay"]);
    assert_eq!(report["exit"], 3);
    assert_eq!(report["drafts"][0]["verdict"], "unknown");
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0]["rule"], "not-a-whole-manifest");
    assert_eq!(findings[0]["outcome"], "unknown");
    assert_eq!(findings[0]["path"], "/spec");
    let question = findings[0]["questions"][0].as_str().unwrap();
    assert!(
        report["questions"][question]["ask"]
            .as_str()
            .unwrap()
            .starts_with("kubectl kustomize fixtures/draft-folder/overlay |")
    );
}

/// What is found in a patch, rule and place, its being one aside.
fn in_patch(spec: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("patch.yaml");
    let head = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: hippo}\nspec:\n";
    std::fs::write(&file, format!("{head}{spec}")).unwrap();
    let report = json(&[file.to_str().unwrap()]);
    assert_eq!(of_rule(&report, "not-a-whole-manifest").len(), 1, "{spec}");
    let findings = report["findings"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let others = findings.filter(|finding| finding["rule"] != "not-a-whole-manifest");
    others
        .map(|finding| format!("{} {}", text(&finding["rule"]), text(&finding["path"])))
        .collect()
}

#[test]
fn of_a_patch_all_is_checked_that_is_there() {
    for (spec, found) in [
        ("  shutdwn: true\n", "schema-unknown-field /spec/shutdwn"),
        ("  port: '5433'\n", "schema-wrong-type /spec/port"),
        ("  port: 80\n", "schema-value /spec/port"),
        (
            "  backups: {pgbackrest: {repos: [{name: repo1, gcs: {bucket: a}, azure: {container: b}}]}}\n",
            "repository-without-one-kind /spec/backups/pgbackrest/repos/0/gcs",
        ),
        (
            "  instances: [{name: a, replicas: 0}, {name: b}]\n",
            "schema-value /spec/instances/0/replicas",
        ),
    ] {
        assert_eq!(in_patch(spec), [found], "{spec}");
    }
}

#[test]
fn of_a_patch_nothing_is_said_to_be_missing() {
    for spec in [
        "  shutdown: true\n",
        "  standby: {enabled: true}\n",
        "  dataSource: {volumes: {pgDataVolume: {pvcName: hippo, directory: hippo}}}\n",
        "  instances: [{name: a, replicas: 3}]\n  backups: {pgbackrest: {global: {repo1-retention-full: '2'}}}\n",
        "  backups: {pgbackrest: {repos: [{name: repo1, schedules: {full: 0 1 * * 0}}]}}\n",
        "  postgresVersion: 16\n  dataSource: {postgresCluster: {repoName: repo1}}\n",
        "  patroni: {dynamicConfiguration: {synchronous_mode: true}}\n",
    ] {
        assert_eq!(in_patch(spec), [""; 0], "{spec}");
    }
}

#[test]
fn fields_beside_the_spec_do_not_make_a_patch() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flat.yaml");
    let text = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: flat}\npostgresVersion: 16\ninstances: []\n";
    std::fs::write(&file, text).unwrap();
    let report = json(&[file.to_str().unwrap()]);
    assert_eq!(report["drafts"][0]["verdict"], "error");
    assert!(of_rule(&report, "not-a-whole-manifest").is_empty());
    assert!(!of_rule(&report, "schema-unknown-field").is_empty());
}

#[test]
fn a_chart_that_is_not_rendered_is_said_to_be_a_template() {
    let folder = tempfile::tempdir().unwrap();
    let text = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: {{ .Values.name }}}\nspec:\n  {{- toYaml .Values.spec | nindent 2 }}\n";
    std::fs::write(folder.path().join("cluster.yaml"), text).unwrap();
    let report = json(&[folder.path().to_str().unwrap()]);
    assert_eq!(report["exit"], 3);
    let reason = report["skipped"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("unrendered template"), "{reason}");
    assert_eq!(report["drafts"], Value::Array(Vec::new()));
}

#[test]
fn helms_output_is_reported_by_template_in_all_formats() {
    const TEMPLATE: &str = "rendered from databases/templates/hippo.yaml";
    let args = ["fixtures/draft-folder/hippo.yaml", V4];
    let report = json(&args);
    let label = &of_rule(&report, "data-directory-differs")[0]["labels"][0];
    assert!(label["message"].as_str().unwrap().ends_with(TEMPLATE));
    let of_v4 = &of_rule(&report, "standby-without-object-storage")[0]["labels"];
    assert!(!of_v4.to_string().contains("rendered from"));
    assert!(
        String::from_utf8(check(&args).stdout)
            .unwrap()
            .contains(TEMPLATE)
    );
    let sarif = check(&[&args[..], &["--format", "sarif"]].concat());
    let log: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap().iter();
    let named = results
        .filter(|result| result["ruleId"] == "data-directory-differs")
        .filter(|result| {
            result["locations"][0]["message"]["text"]
                .as_str()
                .unwrap()
                .ends_with(TEMPLATE)
        });
    assert_eq!(named.count(), 1);
}
