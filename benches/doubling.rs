//! Twice the objects of a kind must take about twice the time, whatever the kind: `cargo bench --bench doubling`.
//!
//! For each kind it makes one cluster with many objects of that kind beside it, and again with twice as many, judges both, and
//! says how much longer the second took; and so for many clusters, drafts and living clusters. It ends with 1 if for some
//! that is more than three times.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a benchmark says what it found

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use pgo_preflight::check::{Evidence, Options, check, names_of};
use pgo_preflight::manifest::{Assume, KINDS, gather_texts};
use pgo_preflight::rule::RuleSet;

/// More than this is no longer linear: noise makes up to two and a half.
const MOST: f64 = 3.0;
/// How many objects there are at first.
const MANY: usize = 4000;
/// How often each is measured; the fastest counts.
const TIMES: usize = 3;

/// A cluster that owns everything.
const CLUSTER: &str = "apiVersion: crunchydata.com/v1
kind: Pgcluster
metadata:
  name: hippo
  namespace: pgo
  labels: {pg-cluster: hippo, name: hippo, pgo-version: 4.7.10}
spec:
  clustername: hippo
  name: hippo
  PrimaryStorage: {name: hippo, storageclass: fast, storagetype: dynamic, size: 1Gi, accessmode: ReadWriteOnce}
";

/// What is particular to an object of a kind, as far as the facts about the cluster look at it.
fn particular(kind: &str, number: usize) -> String {
    let one = format!("{{apiVersion: v1, kind: X, name: o{number}}}");
    match kind {
        "Pgtask" => format!(
            "spec: {{parameters: {{pg-cluster: hippo, backrest-command: backup, job-name: hippo-o{number}}}, status: job completed}}\n"
        ),
        "Pgreplica" => "spec: {clustername: hippo}\n".to_owned(),
        "Job" => "spec: {}\nstatus: {succeeded: 1, startTime: '2026-11-19T00:00:00Z', completionTime: '2026-11-19T01:00:00Z'}\n"
            .to_owned(),
        "Pod" | "Deployment" => {
            let pod = "containers: [{name: database, image: 'x:ubi8-13.10-4.7.10', env: [{name: PGHA_PG_PORT, value: '5432'}]}], volumes: [{name: pgdata, persistentVolumeClaim: {claimName: hippo}}]";
            match kind {
                "Pod" => format!("spec: {{{pod}}}\n"),
                _ => format!("spec: {{replicas: 1, template: {{spec: {{{pod}}}}}}}\n"),
            }
        }
        "PersistentVolumeClaim" => format!("spec: {{volumeName: o{number}, storageClassName: fast}}\nstatus: {{phase: Bound}}\n"),
        "PersistentVolume" => format!(
            "spec: {{claimRef: {{namespace: pgo, name: o{number}}}, csi: {{driver: a, volumeHandle: v{number}}}, capacity: {{storage: 1Gi}}}}\n"
        ),
        "Endpoints" => format!("subsets: [{{addresses: [{{ip: 10.0.0.1, targetRef: {one}}}]}}]\n"),
        "ConfigMap" => "data: {schedule: '{\"name\": \"a\", \"cluster\": \"hippo\", \"type\": \"pgbackrest\"}'}\n".to_owned(),
        _ => "spec: {}\n".to_owned(),
    }
}

fn text(kind: &pgo_preflight::manifest::KindInfo, many: usize) -> String {
    let mut text = CLUSTER.to_owned();
    let version = match kind.group {
        "" => "v1".to_owned(),
        group @ "postgres-operator.crunchydata.com" => format!("{group}/v1beta1"),
        group => format!("{group}/v1"),
    };
    for number in 0..many {
        let namespace = if kind.namespaced {
            "\n  namespace: pgo"
        } else {
            ""
        };
        let _ = write!(
            text,
            "---\napiVersion: {version}\nkind: {}\nmetadata:\n  name: o{number}{namespace}\n  labels: {{pg-cluster: hippo, name: hippo}}\n{}",
            kind.name,
            particular(kind.name, number)
        );
    }
    text
}

/// Subjects of a sort, each with a Deployment.
fn subjects(sort: &str, many: usize) -> String {
    let one = |number: usize| {
        let v5 = format!(
            "apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {{name: o{number}, namespace: pgo}}
spec:
  postgresVersion: 14
  instances: [{{name: a, dataVolumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}]
  backups: {{pgbackrest: {{repos: [{{name: repo1, s3: {{bucket: b, endpoint: s3.amazonaws.com, region: eu-west-1}}}}]}}}}
"
        );
        let subject = match sort {
            "drafts" => v5,
            "living clusters" => format!("{v5}status: {{observedGeneration: 1}}\n"),
            _ => CLUSTER.replace("hippo", &format!("o{number}")),
        };
        format!(
            "{subject}---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: o{number}\n  namespace: pgo\n  labels: {{pg-cluster: o{number}, vendor: crunchydata}}\n{}",
            particular("Deployment", number)
        )
    };
    let all: Vec<String> = (0..many).map(one).collect();
    all.join("---\n")
}

fn time(text: &str, rules: &RuleSet) -> Duration {
    let options = Options {
        living: true,
        ..Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
    };
    let once = || {
        let start = Instant::now();
        let gathered = gather_texts(vec![("a.yaml".to_owned(), text.as_bytes().to_vec())]);
        let evidence = Evidence::of(gathered, &Assume::everything());
        let report = check(evidence, rules, &options);
        let took = start.elapsed();
        assert!(report.clusters.len() + report.drafts.len() + report.living.len() > 0);
        took
    };
    (0..TIMES).map(|_| once()).min().unwrap_or_default()
}

/// Says how much longer the second took.
fn told(name: &str, one: f64, two: f64) -> f64 {
    let factor = two / one.max(1e-9);
    println!(
        "{name:<28} {:>6.0}ms  {:>6.0}ms  {factor:.1}",
        one * 1e3,
        two * 1e3
    );
    factor
}

fn main() -> ExitCode {
    let rules = RuleSet::built_in(names_of).unwrap();
    let mut worst = 0.0_f64;
    println!(
        "kind                         {MANY:>8}  {:>8}  times",
        2 * MANY
    );
    for kind in &KINDS {
        let [one, two] = [MANY, 2 * MANY].map(|many| time(&text(kind, many), &rules).as_secs_f64());
        worst = worst.max(told(kind.name, one, two));
    }
    for sort in ["v4 clusters", "drafts", "living clusters"] {
        let few = [MANY / 8, MANY / 4];
        let [one, two] = few.map(|many| time(&subjects(sort, many), &rules).as_secs_f64());
        worst = worst.max(told(&format!("{sort}, an eighth"), one, two));
    }
    println!("worst: {worst:.1} times for twice the objects");
    ExitCode::from(u8::from(worst > MOST))
}
