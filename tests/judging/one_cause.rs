//! One cause, one finding: what a v4 cluster's rule says in general goes where its draft's says it in particular.

use crate::common;

use common::{judge, options};
use pgo_preflight::check::{FindingOutcome, Report, names_of};
use pgo_preflight::manifest::Assume;
use pgo_preflight::rule::RuleSet;

const CLUSTER: &str = "
apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata: {name: hippo, namespace: pgo, labels: {pgo-version: 4.7.10}, annotations: {current-primary: hippo}}
spec: {clustername: hippo, user: app, database: shop, port: '5433'}
status: {state: pgcluster Initialized}
";

fn draft(more: &str) -> String {
    format!(
        "
apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {{name: hippo, namespace: pgo}}
spec:
  postgresVersion: 13
  instances: [{{name: db, dataVolumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}]
  backups: {{pgbackrest: {{repos: [{{name: repo1, volume: {{volumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}}}]}}}}
  dataSource: {{volumes: {{pgDataVolume: {{pvcName: hippo, directory: hippo}}}}}}
{more}"
    )
}

fn report(documents: &[String]) -> Report {
    let rules = RuleSet::built_in(names_of).unwrap();
    judge(documents, &rules, &options(), &Assume::everything())
}

fn fires(report: &Report, rule: &str) -> bool {
    let mut all = report.findings.iter();
    all.any(|one| &*one.rule == rule && one.outcome == FindingOutcome::Fires)
}

/// Every position that a report points to is of a finding about the cluster or draft that points.
fn points_right(report: &Report) {
    for cluster in &report.clusters {
        for method in cluster.methods.values() {
            for number in &method.findings {
                let subject = &report.findings[*number].subject;
                assert_eq!(
                    (&*subject.kind, &subject.name),
                    ("Pgcluster", &cluster.name)
                );
            }
        }
    }
    for draft in &report.drafts {
        for number in &draft.findings {
            assert_eq!(report.findings[*number].subject.kind, "PostgresCluster");
        }
    }
}

#[test]
fn users_are_told_once_where_the_draft_lacks_them() {
    let told = report(&[CLUSTER.to_owned(), draft("  port: 5432\n")]);
    assert!(fires(&told, "users-lost") && fires(&told, "port-differs"));
    assert!(!fires(&told, "users-and-secrets-to-carry-over"));
    assert!(!fires(&told, "port-to-carry-over"));
    points_right(&told);
}

#[test]
fn what_only_the_cluster_tells_stays() {
    let alone = report(&[CLUSTER.to_owned()]);
    assert!(fires(&alone, "users-and-secrets-to-carry-over"));
    let other = draft("  port: 5433\n  users: [{name: app}]\n").replace("hippo", "rhino");
    let other = report(&[CLUSTER.to_owned(), other]);
    assert!(fires(&other, "users-and-secrets-to-carry-over"));
    points_right(&other);
}
