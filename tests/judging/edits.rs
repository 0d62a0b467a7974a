//! Edits of a living cluster, judged beside it and the definition that is installed.

use pgo_preflight::check::{FindingOutcome, Options, Report, names_of};
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::{Level, RuleSet};

use crate::common;

const SPEC: &str = "spec:\n  postgresVersion: 16\n  instances: [{name: db, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]\n  backups: {pgbackrest: {repos: [{name: repo1, volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}]}}\n";

/// The definition as a server has it, with these fields of a spec.
fn definition(fields: &[&str]) -> String {
    let any = "x-kubernetes-preserve-unknown-fields: true";
    let fields: Vec<String> = fields
        .iter()
        .map(|name| format!("{name}: {{{any}}}"))
        .collect();
    format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: postgresclusters.postgres-operator.crunchydata.com}}\nspec:\n  group: postgres-operator.crunchydata.com\n  scope: Namespaced\n  names: {{kind: PostgresCluster, plural: postgresclusters}}\n  versions:\n  - name: v1beta1\n    served: true\n    storage: true\n    schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {{type: object, properties: {{{}}}}}, status: {{type: object, {any}}}}}}}}}\n",
        fields.join(", ")
    )
}

fn judge(edit: &str, definition: &str) -> Report {
    let head = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\n";
    let living = format!(
        "{head}metadata: {{name: hippo, namespace: pgo, uid: 0b5d, generation: 1}}\n{SPEC}status: {{observedGeneration: 1, patroni: {{systemIdentifier: \"7000000000000000001\"}}}}\n"
    );
    let draft = format!("{head}metadata: {{name: hippo, namespace: pgo}}\n{SPEC}{edit}");
    let rules = RuleSet::built_in(names_of).unwrap();
    let options = Options {
        living: true,
        ..common::options()
    };
    common::judge(
        &[living, draft, definition.to_owned()],
        &rules,
        &options,
        &Assume::nothing(),
    )
}

/// The errors about the draft.
fn errors(report: &Report) -> Vec<String> {
    let findings = report.findings.iter();
    let errors = findings.filter(|one| {
        one.level == Level::Error
            && one.outcome == FindingOutcome::Fires
            && one.subject.kind == "PostgresCluster"
    });
    errors.map(|one| one.message.to_string()).collect()
}

const KNOWN: [&str; 4] = ["postgresVersion", "instances", "backups", "proxy"];

/// What the installed definition does not know the API server drops without a word: the edit does not do what it says.
#[test]
fn what_the_installed_definition_prunes_of_an_edit_is_an_error() {
    let edit = "  proxy: {pgBouncer: {replicas: 1}}\n";
    let pruned = judge(edit, &definition(&KNOWN[..3]));
    let told = errors(&pruned);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("proxy"), "{told:?}");
    let known = judge(edit, &definition(&KNOWN));
    assert_eq!(errors(&known), Vec::<String>::new());
}

/// The living spec itself is no edit: what the definition dropped of it is not there any more.
#[test]
fn an_edit_that_changes_nothing_has_no_error() {
    let same = judge("", &definition(&KNOWN[..3]));
    assert_eq!(errors(&same), Vec::<String>::new());
}
