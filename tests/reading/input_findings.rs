//! What is odd about the input itself is told, with both places.

use crate::common;

use common::judge;
use pgo_preflight::check::{Options, Report, names_of};
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::RuleSet;

fn report(texts: &[&str]) -> Report {
    let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    let options = Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None);
    judge(
        &texts,
        &RuleSet::built_in(names_of).unwrap(),
        &options,
        &Assume::nothing(),
    )
}

fn told(report: &Report, rule: &str) -> Vec<(String, Vec<String>)> {
    let findings = report
        .findings
        .iter()
        .filter(|finding| &*finding.rule == rule);
    findings
        .map(|finding| {
            let places = finding.labels.iter().map(|label| {
                report.sources[label.span.source.0 as usize]
                    .slice(label.span)
                    .to_owned()
            });
            (finding.message.to_string(), places.collect())
        })
        .collect()
}

const HIPPO: &str =
    "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {name: hippo, namespace: pgo}\n";

#[test]
fn two_copies_that_differ_are_told_and_equal_ones_are_not() {
    let other = format!("{HIPPO}spec: {{port: '5433'}}\n");
    let told = |texts: &[&str]| told(&report(texts), "duplicate-object");
    assert_eq!(told(&[HIPPO, HIPPO]), []);
    let expected = (
        "the input holds 2 copies of Pgcluster pgo/hippo that differ".to_owned(),
        vec!["hippo".to_owned(); 2],
    );
    assert_eq!(told(&[HIPPO, &other]), [expected]);
}

#[test]
fn a_key_written_twice_is_told_at_the_one_that_counts() {
    let text = format!("{HIPPO}spec:\n  port: '5432'\n  port: '5433'\n");
    let told = told(&report(&[&text]), "duplicate-key");
    let expected = "`port` is written twice in Pgcluster pgo/hippo; the last one counts".to_owned();
    assert_eq!(told, [(expected, vec!["port".to_owned(); 2])]);
}

#[test]
fn ten_thousand_keys_written_twice_are_one_finding() {
    use std::fmt::Write as _;
    let mut text = format!("{HIPPO}spec:\n");
    for key in (0..10_000).chain(0..10_000) {
        writeln!(text, "  k{key}: x").unwrap();
    }
    assert_eq!(told(&report(&[&text]), "duplicate-key").len(), 1);
}

const TEMPLATE: &str = "apiVersion: template.openshift.io/v1
kind: Template
metadata: {name: database}
parameters:
- {name: NAME, value: orders}
- {name: SETS, value: '2'}
- {name: DB_PASSWORD, value: hunter2}
- {name: BUCKET}
objects:
- apiVersion: v1
  kind: Secret
  metadata: {name: '${NAME}-login'}
  stringData: {password: '${DB_PASSWORD}'}
- apiVersion: postgres-operator.crunchydata.com/v1beta1
  kind: PostgresCluster
  metadata: {name: '${NAME}', namespace: shop}
  spec:
    postgresVersion: 16
    instances:
    - name: db
      replicas: ${{SETS}}
      dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
    backups: {pgbackrest: {repos: [{name: repo1, s3: {bucket: orders, endpoint: e.example.com, region: r}}]}}
";

fn rules_told(report: &Report) -> Vec<&str> {
    report
        .findings
        .iter()
        .map(|finding| &*finding.rule)
        .collect()
}

#[test]
fn a_cluster_in_a_template_is_checked_with_the_values_of_its_parameters() {
    let right = report(&[TEMPLATE]);
    assert_eq!(right.drafts[0].name, "orders");
    assert_eq!(right.drafts[0].namespace, "shop");
    let errors = |report: &Report| -> Vec<String> {
        let schema = |rule: &&str| rule.starts_with("schema-");
        let found = rules_told(report);
        found
            .iter()
            .filter(|rule| schema(rule))
            .map(|rule| (*rule).to_owned())
            .collect()
    };
    assert_eq!(errors(&right), [""; 0]);
    assert!(right.skipped.is_empty(), "{:?}", right.skipped);
    let many = TEMPLATE.replace("value: '2'", "value: many");
    assert_eq!(errors(&report(&[&many])), ["schema-wrong-type"]);
    let misspelt = TEMPLATE.replace("postgresVersion", "postgresVersoin");
    assert!(errors(&report(&[&misspelt])).contains(&"schema-unknown-field".to_owned()));
    let text = format!("{:?}", right.findings);
    assert!(!text.contains("hunter2") && !right.sources[0].text.contains("hunter2"));
    // One in a List of its own, as `oc get templates` prints it.
    let nested = TEMPLATE.replace('\n', "\n  ");
    let list = format!(
        "apiVersion: v1\nkind: List\nitems:\n- {}\n",
        nested.trim_end()
    );
    assert_eq!(report(&[&list]).drafts.len(), 1);
}

#[test]
fn a_parameter_without_a_value_is_told_where_it_stands_and_nothing_is_made_of_it() {
    let open = TEMPLATE
        .replace("bucket: orders", "bucket: '${BUCKET}'")
        .replace("value: '2'", "description: how many");
    let report = report(&[&open]);
    let expected = |what: &str| {
        told(&report, "template-parameter-open")
            .iter()
            .any(|(_, places)| places == &[what])
    };
    assert!(expected("'${BUCKET}'") && expected("${{SETS}}"));
    assert!(
        !rules_told(&report)
            .iter()
            .any(|rule| rule.starts_with("schema-"))
    );
    assert!(report.skipped.iter().all(|skipped| skipped.counts) && report.skipped.len() == 2);
}

#[test]
fn a_template_of_something_else_is_nobody_s_question() {
    let other = "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: web}\nparameters: [{name: NAME}]\nobjects:\n- {apiVersion: v1, kind: Service, metadata: {name: '${NAME}'}}\n- {apiVersion: v1, kind: Route, metadata: {name: '${NAME}'}}\n";
    let report = report(&[other]);
    assert!(report.skipped.is_empty() && report.findings.is_empty());
}

#[test]
fn a_cluster_of_another_group_or_case_is_named_with_what_it_should_be() {
    let group = "apiVersion: crunchydata.com/v1\nkind: PostgresCluster\nmetadata: {name: rhino, namespace: pgo}\n";
    let case = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: postgresCluster\nmetadata: {name: rhino}\n";
    for text in [group, case] {
        let report = report(&[text]);
        let told = told(&report, "not-an-object-of-pgo");
        assert_eq!(told.len(), 1, "{text}");
        assert!(
            told[0]
                .0
                .contains("apiVersion: postgres-operator.crunchydata.com/v1beta1")
        );
        let subject = report
            .findings
            .iter()
            .find(|one| &*one.rule == "not-an-object-of-pgo");
        assert_eq!(subject.unwrap().subject.name, "rhino");
    }
    assert_eq!(told(&report(&[HIPPO]), "not-an-object-of-pgo"), []);
}

#[test]
fn a_cluster_without_a_name_is_told_and_no_cluster() {
    let nameless = HIPPO.replace(
        "metadata: {name: hippo, namespace: pgo}",
        "metadata:\nname: hippo",
    );
    let report = report(&[&nameless]);
    assert!(report.clusters.is_empty());
    assert_eq!(rules_told(&report), ["object-without-name"]);
}

#[test]
fn an_export_kept_as_manifest_points_to_the_flag_that_checks_it() {
    let export = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: rhino, namespace: pgo, uid: 1f}\nspec: {}\n";
    let told_alone = told(&report(&[export]), "export-kept-as-manifest");
    assert!(told_alone[0].0.contains("--lint-live"));
    // Beside a v4 cluster it is evidence.
    assert_eq!(
        told(&report(&[export, HIPPO]), "export-kept-as-manifest"),
        []
    );
}
