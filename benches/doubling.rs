//! Twice the objects of a kind must take about twice the time, whatever the kind: `cargo bench --bench doubling`.
//!
//! For each kind it makes one cluster of v4 that has become one of v5, with many objects of that kind beside it, and again with
//! twice as many; judges both, plans the move, drafts the manifest anew, and says how much longer the second took; and so for many
//! clusters, drafts, living clusters, pairs and moves, and for what one object can have many of. It ends with 1 if for some that is
//! more than three times. A name on the command line (`-- tablespaces`) asks for that row alone.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // a benchmark says what it found

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use pgo_preflight::check::{Evidence, Options, check, check_courses, names_of};
use pgo_preflight::convert::{Choices, Wanted, drafts};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::{Assume, KINDS, gather_texts};
use pgo_preflight::plan::plans;
use pgo_preflight::rule::RuleSet;

/// More than this is no longer linear: noise makes up to two and a half.
const MOST: f64 = 3.0;
/// How many objects there are at first.
const MANY: usize = 4000;
/// How often each is measured; the fastest counts.
const TIMES: usize = 2;

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

/// What it has become.
const LIVING: &str = "apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo, namespace: pgo}
spec:
  postgresVersion: 14
  dataSource: {volumes: {pgDataVolume: {pvcName: hippo}}}
  instances: [{name: a, dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]
  backups: {pgbackrest: {repos: [{name: repo1, volume: {volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}}]}}
status: {observedGeneration: 1}
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
    let mut text = format!("{CLUSTER}---\n{LIVING}");
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
            "---\napiVersion: {version}\nkind: {}\nmetadata:\n  name: o{number}{namespace}\n  labels: {{pg-cluster: hippo, name: hippo, postgres-operator.crunchydata.com/cluster: hippo}}\n{}",
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
            "pairs" | "moves" => {
                let v4 = CLUSTER.replace("hippo", &format!("o{number}"));
                let adopts = format!(
                    "spec:\n  dataSource: {{volumes: {{pgDataVolume: {{pvcName: o{number}}}}}}}\n"
                );
                let v5 = v5.replace("spec:\n", &adopts);
                let status = if sort == "moves" {
                    "status: {observedGeneration: 1}\n"
                } else {
                    ""
                };
                format!("{v4}---\n{v5}{status}")
            }
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

/// What one object may have many of: its name, where it stands, and each of them.
type Within = (&'static str, &'static str, fn(usize) -> String);

const WITHIN: [Within; 14] = [
    ("instances", "instances: [ALL]", |n| {
        format!(
            "{{name: i{n}, dataVolumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}"
        )
    }),
    (
        "repositories",
        "backups: {pgbackrest: {repos: [ALL]}}",
        |n| {
            format!(
                "{{name: repo{n}, volume: {{volumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}}}"
            )
        },
    ),
    (
        "tablespaces",
        "instances: [{name: a, tablespaceVolumes: [ALL]}]",
        |n| {
            format!(
                "{{name: t{n}, dataVolumeClaimSpec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}"
            )
        },
    ),
    ("users", "users: [ALL]", |n| {
        format!("{{name: u{n}, databases: [d{n}]}}")
    }),
    (
        "databases of a user",
        "users: [{name: u, databases: [ALL]}]",
        |n| format!("d{n}"),
    ),
    (
        "sidecars",
        "instances: [{name: a, containers: [ALL]}]",
        |n| format!("{{name: c{n}, image: x}}"),
    ),
    (
        "parameters",
        "patroni: {dynamicConfiguration: {postgresql: {parameters: {ALL}}}}",
        |n| format!("a.p{n}: x"),
    ),
    (
        "lines of pg_hba",
        "patroni: {dynamicConfiguration: {postgresql: {pg_hba: [ALL]}}}",
        |n| format!("host all u{n} all md5"),
    ),
    (
        "libraries",
        "patroni: {dynamicConfiguration: {postgresql: {parameters: {shared_preload_libraries: 'ALL'}}}}",
        |n| format!("l{n}"),
    ),
    (
        "global options",
        "backups: {pgbackrest: {global: {ALL}}}",
        |n| format!("repo{n}-retention-full: 1"),
    ),
    (
        "options of a restore",
        "dataSource: {pgbackrest: {options: [ALL]}}",
        |n| format!("--x{n}=1"),
    ),
    (
        "databases of PgBouncer",
        "proxy: {pgBouncer: {config: {databases: {ALL}}}}",
        |n| format!("d{n}: host=x"),
    ),
    ("labels", "metadata: {labels: {ALL}}", |n| {
        format!("a/l{n}: x")
    }),
    ("unknown fields", "ALL", |n| format!("x{n}: 1")),
];

/// A living cluster with so many of something, and an edit of it.
fn within(place: &str, each: fn(usize) -> String, many: usize) -> String {
    let all: Vec<String> = (0..many).map(each).collect();
    let separator = if place.contains('\'') { "," } else { ", " };
    let field = place.replace("ALL", &all.join(separator));
    let of = |release: u32, more: &str| {
        format!(
            "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: hippo, namespace: pgo}}\nspec: {{postgresVersion: {release}, {field}}}\n{more}"
        )
    };
    let status = "status: {observedGeneration: 1}\n";
    format!("{CLUSTER}---\n{}---\n{}", of(14, status), of(15, ""))
}

/// What is done with what was read.
#[derive(Clone, Copy)]
enum Work {
    /// As `check` and `verify` do.
    Check,
    Plan,
    Draft,
}

fn work(work: Work, text: &str, rules: &RuleSet) {
    let options = Options {
        living: true,
        ..Options::at(
            "2026-11-20T12:00:00Z".parse().unwrap(),
            Version::parse("5.8.2"),
        )
    };
    let gathered = gather_texts(vec![("a.yaml".to_owned(), text.as_bytes().to_vec())]);
    let evidence = Evidence::of(gathered, &Assume::everything());
    let report = match work {
        Work::Plan => check_courses(&evidence, rules, &options),
        Work::Check | Work::Draft => check(&evidence, rules, &options),
    };
    assert!(report.clusters.len() + report.drafts.len() + report.living.len() > 0);
    match work {
        Work::Check => {}
        Work::Plan => drop(plans(&report, &|_| true)),
        Work::Draft => {
            let wanted = Wanted {
                is_meant: &|_, _| true,
                method: None,
                choices: &Choices::default(),
                names: &[],
                anyway: true,
                comments: true,
                hidden: &[],
            };
            drop(drafts(&evidence, &report, &options.run, &wanted));
        }
    }
}

fn time(what: Work, text: &str, rules: &RuleSet) -> f64 {
    let once = || {
        let start = Instant::now();
        work(what, text, rules);
        start.elapsed()
    };
    let fastest = (0..TIMES).map(|_| once()).min();
    fastest.unwrap_or_default().as_secs_f64()
}

/// Says how much longer the second took for each work, and the worst of it.
fn told(name: &str, [few, many]: [String; 2], rules: &RuleSet) -> f64 {
    let mut line = format!("{name:<36}");
    let mut worst = 0.0_f64;
    for what in [Work::Check, Work::Plan, Work::Draft] {
        let [one, two] = [&few, &many].map(|text| time(what, text, rules));
        let factor = two / one.max(1e-9);
        let _ = write!(line, "{:>8.0}ms {factor:>4.1}", two * 1e3);
        worst = worst.max(factor);
    }
    println!("{line}");
    worst
}

fn main() -> ExitCode {
    let rules = RuleSet::built_in(names_of).unwrap();
    // What cargo adds is no name of a row.
    let asked = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let mut worst = 0.0_f64;
    let mut row = |name: &str, few: usize, text: &dyn Fn(usize) -> String| {
        if asked.as_deref().is_none_or(|asked| name.contains(asked)) {
            worst = worst.max(told(name, [text(few), text(2 * few)], &rules));
        }
    };
    println!(
        "{MANY} and twice as many{:>26}{:>15}{:>15}",
        "check", "plan", "draft"
    );
    for kind in &KINDS {
        row(kind.name, MANY, &|many| text(kind, many));
    }
    for sort in ["v4 clusters", "drafts", "living clusters", "pairs", "moves"] {
        row(&format!("{sort}, an eighth"), MANY / 8, &|many| {
            subjects(sort, many)
        });
    }
    for (name, place, each) in WITHIN {
        row(name, MANY, &|many| within(place, each, many));
    }
    println!("worst: {worst:.1} times for twice the objects");
    ExitCode::from(u8::from(worst > MOST))
}
