//! Plans beside drafts: what is in the input is what is applied, and nothing is that is for another way or has errors.

use pgo_preflight::manifest::Assume;
use pgo_preflight::plan::{Plan, State};
use pgo_preflight::rule::Method;

use crate::steps::{course, judge, next, only, rules};
use crate::variations::{plan, run, state};

const VOLUMES: &str = "volumes: {pgDataVolume: {pvcName: hippo, directory: hippo}, pgBackRestVolume: {pvcName: hippo-pgbr-repo, directory: hippo-backrest-shared-repo}}";
const BACKUPS: &str = "volumes: {pgBackRestVolume: {pvcName: hippo-pgbr-repo, directory: hippo-backrest-shared-repo}}, postgresCluster: {clusterName: hippo, repoName: repo1}";

/// The cluster with drafts of these sources beside it.
fn beside(sources: &[&str]) -> String {
    let mut text = course("volume");
    for source in sources {
        text.push_str(&format!("\n---\napiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: hippo, namespace: pgo}}\nspec:\n  postgresVersion: 13\n  dataSource: {{{source}}}\n  users: [{{name: hippo, databases: [hippo]}}]\n  instances: [{{name: db, replicas: 1, dataVolumeClaimSpec: {{storageClassName: fast, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}]\n  backups: {{pgbackrest: {{repos: [{{name: repo1, volume: {{volumeClaimSpec: {{storageClassName: fast, accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}}}]}}}}\n"));
    }
    text
}

fn applies(plan: &Plan) -> bool {
    let lines = run(plan, "apply-v5").lines();
    let mut real = lines.filter(|line| !line.contains("--dry-run=server"));
    real.any(|line| line.trim().starts_with("kubectl apply"))
}

#[test]
fn a_draft_for_another_method_is_not_applied() {
    let text = beside(&[BACKUPS]);
    let other = plan(&text, Method::Volumes);
    assert_eq!(next(&other), "draft-the-manifest");
    assert!(!applies(&other), "{}", run(&other, "apply-v5"));
    assert!(run(&other, "draft-the-manifest").contains("another method"));
    let own = plan(&text, Method::Backups);
    assert_eq!(state(&own, "draft-the-manifest"), State::Done);
    assert!(applies(&own), "{}", run(&own, "apply-v5"));
}

#[test]
fn a_draft_with_errors_is_corrected_before_anything_is_stopped() {
    let wrong = VOLUMES.replace("pvcName: hippo,", "pvcName: hippo-of-old,");
    let refused = plan(&beside(&[&wrong]), Method::Volumes);
    assert_eq!(next(&refused), "check-the-draft");
    assert!(!applies(&refused), "{}", run(&refused, "apply-v5"));
    let right = plan(&beside(&[VOLUMES]), Method::Volumes);
    assert_eq!(state(&right, "check-the-draft"), State::ByHand);
    assert!(applies(&right), "{}", run(&right, "apply-v5"));
}

#[test]
fn the_method_of_the_draft_is_the_one_that_is_planned() {
    let chosen = |sources: &[&str]| {
        let text = beside(sources);
        let plan = only(&judge(&[&text], None, &Assume::everything(), &rules()));
        (plan.method, state(&plan, "draft-the-manifest"))
    };
    assert_eq!(chosen(&[BACKUPS]), (Method::Backups, State::Done));
    assert_eq!(chosen(&[VOLUMES]), (Method::Volumes, State::Done));
    // Of two, each is for its own method.
    let both = beside(&[BACKUPS, VOLUMES]);
    for method in [Method::Volumes, Method::Backups] {
        let plan = plan(&both, method);
        assert_eq!(
            state(&plan, "draft-the-manifest"),
            State::Done,
            "{method:?}"
        );
    }
}
