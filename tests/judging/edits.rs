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

/// What is judged of an edit of a living cluster that has more in its spec.
fn edit_of(living: &str, edit: &str, metadata: &str) -> Vec<(String, String)> {
    let head = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\n";
    let living = format!(
        "{head}metadata: {{name: hippo, namespace: pgo, uid: 0b5d, generation: 1}}\n{living}status: {{observedGeneration: 1, patroni: {{systemIdentifier: \"7000000000000000001\"}}}}\n"
    );
    let draft = format!("{head}metadata: {{name: hippo{metadata}}}\n{edit}");
    let rules = RuleSet::built_in(names_of).unwrap();
    let options = Options {
        living: true,
        ..common::options()
    };
    let report = common::judge(&[living, draft], &rules, &options, &Assume::everything());
    let fires = report.findings.iter();
    let fires = fires.filter(|one| {
        one.outcome == FindingOutcome::Fires && one.subject.kind == "PostgresCluster"
    });
    fires
        .map(|one| (one.rule.to_string(), one.message.to_string()))
        .collect()
}

fn has(told: &[(String, String)], rule: &str, words: &str) -> bool {
    told.iter()
        .any(|(id, message)| id == rule && message.contains(words))
}

/// What the server fills in is no edit of the manifest that does not write it.
#[test]
fn defaults_that_the_server_filled_in_make_no_pods_anew() {
    let filled = format!(
        "{SPEC}  port: 5432\n  disableDefaultPodScheduling: false\n  patroni: {{port: 8008, leaderLeaseDurationSeconds: 30, syncPeriodSeconds: 10}}\n"
    );
    let rule = "edit-makes-pods-anew";
    assert!(!has(&edit_of(&filled, SPEC, ", namespace: pgo"), rule, ""));
    let other = format!("{SPEC}  patroni: {{port: 8009}}\n");
    let told = edit_of(&filled, &other, ", namespace: pgo");
    assert!(has(&told, rule, "spec.patroni.port"), "{told:?}");
}

/// The size of a volume is its claim's: only whether there is one changes the pods.
#[test]
fn a_larger_volume_for_wal_makes_no_pods_anew() {
    let wal = |size: &str| {
        let of = format!(
            "walVolumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: {size}}}}}}}, dataVolumeClaimSpec"
        );
        SPEC.replace("dataVolumeClaimSpec", &of)
    };
    let rule = "edit-makes-pods-anew";
    let grown = edit_of(&wal("1Gi"), &wal("2Gi"), ", namespace: pgo");
    assert!(!has(&grown, rule, ""), "{grown:?}");
    let gone = edit_of(&wal("1Gi"), SPEC, ", namespace: pgo");
    assert!(has(&gone, rule, "walVolumeClaimSpec of db"), "{gone:?}");
}

/// A manifest that leaves its namespace to whoever applies it is an edit of the only living cluster of its name, and no second
/// writer to its repository.
#[test]
fn a_manifest_without_a_namespace_is_an_edit_of_the_cluster_of_its_name() {
    let bucket = "repos: [{name: repo1, s3: {bucket: b, endpoint: s3.eu-central-1.amazonaws.com, region: eu-central-1}}]";
    let at = SPEC.find("repos:").unwrap();
    let living = format!("{}{bucket}}}}}\n", &SPEC[..at]);
    let told = edit_of(&living, &living, "");
    assert!(!has(&told, "repository-of-another-cluster", ""), "{told:?}");
    let renamed = living.replace("name: db", "name: pg");
    let told = edit_of(&living, &renamed, "");
    assert!(has(&told, "instance-set-removed", "db"), "{told:?}");
}

/// Without the annotation nothing is deleted: the operator stops.
#[test]
fn backups_left_out_are_deleted_only_with_a_second_word() {
    let at = SPEC.find("  backups:").unwrap();
    let told = edit_of(SPEC, &SPEC[..at], ", namespace: pgo");
    assert!(
        has(&told, "backups-left-out-without-a-word", ""),
        "{told:?}"
    );
    assert!(!has(&told, "volume-repository-removed", ""), "{told:?}");
    let word = ", namespace: pgo, annotations: {postgres-operator.crunchydata.com/authorizeBackupRemoval: \"true\"}";
    let told = edit_of(SPEC, &SPEC[..at], word);
    assert!(has(&told, "volume-repository-removed", "repo1"), "{told:?}");
    assert!(
        !has(&told, "backups-left-out-without-a-word", ""),
        "{told:?}"
    );
}

#[test]
fn pgadmin_that_is_taken_out_takes_its_claim_along() {
    let admin = "  userInterface: {pgAdmin: {dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}\n";
    let living = format!("{SPEC}{admin}");
    let rule = "edit-closes-a-way-in";
    let told = edit_of(&living, SPEC, ", namespace: pgo");
    assert!(has(&told, rule, "pgAdmin"), "{told:?}");
    let kept = edit_of(&living, &living, ", namespace: pgo");
    assert!(!has(&kept, rule, ""), "{kept:?}");
}
