//! The promise of a partial view: hide an object, and stop saying that all of its kind were seen, and a fact about a
//! draft stays as it was or becomes unknown. A list of problems may get shorter, but not empty.

use super::super::FACTS;
use super::super::testing::{Desk, draft};
use crate::fact::v4::testing::{CLASS, PGCLUSTER, claim, deployment, pod};

/// Facts that by their definition tell of what is in the input.
const OF_THE_INPUT: [&str; 4] = ["pair.beside", "pair.known", "pair.candidates", "pair.why"];

const SPEC: &str = "  postgresVersion: 13
  instances: [{dataVolumeClaimSpec: {storageClassName: slow, resources: {requests: {storage: 5Gi}}}}]
  dataSource:
    volumes:
      pgDataVolume: {pvcName: hippo-abcd, directory: hippo-abcd}
      pgBackRestVolume: {pvcName: hippo-pgbr-repo}
    postgresCluster: {clusterName: rhino, repoName: repo1}
  users: [{name: app}]
  backups:
    pgbackrest:
      configuration: [{secret: {name: s3-keys}}, {secret: {name: missing}}]
      repos: [{name: repo1, volume: {volumeClaimSpec: {resources: {requests: {storage: 1G}}}}}]
";

fn documents(spec: &str) -> Vec<String> {
    let meta = |kind: &str, name: &str, labels: &str| {
        format!(
            "apiVersion: v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: pgo, labels: {{{labels}}}}}\n"
        )
    };
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: hippo-move-pgdata-dir, namespace: pgo}\n";
    let secret = meta("Secret", "s3-keys", "") + "data: {aws-s3-key: eA==}\n";
    let owned = claim("hippo-old").replace(
        "pgremove: 'true'",
        "postgres-operator.crunchydata.com/cluster: hippo",
    );
    let mut all = vec![
        draft(spec),
        PGCLUSTER.to_owned(),
        deployment("hippo", 1),
        deployment("hippo-abcd", 1),
        pod("hippo", "master"),
        CLASS.to_owned(),
        job.to_owned(),
        secret,
        meta(
            "Secret",
            "hippo-app-secret",
            "vendor: crunchydata, pg-cluster: hippo",
        ),
        meta(
            "Secret",
            "hippo-web-secret",
            "vendor: crunchydata, pg-cluster: hippo",
        ),
        meta(
            "ConfigMap",
            "hippo-config",
            "vendor: crunchydata, crunchy-pgha-scope: hippo",
        ),
        meta("Endpoints", "hippo-ha", ""),
    ];
    // A claim and its volume are two documents.
    for claim in [
        claim("hippo"),
        claim("hippo-abcd"),
        claim("hippo-pgbr-repo"),
        owned,
    ] {
        all.extend(claim.split("---\n").map(str::to_owned));
    }
    all
}

/// Every violation, as text; and how many facts are unknown although everything is seen.
fn violations(spec: &str) -> (Vec<String>, usize) {
    let all = documents(spec);
    let texts = |left: &[String]| left.join("\n---\n");
    let facts = FACTS.facts();
    let before = Desk::complete(&[&texts(&all)]).all();
    let unknown = before.iter().filter(|says| *says == "unknown").count();
    let mut broken = Vec::new();
    for hidden in 1..all.len() {
        let mut left = all.clone();
        let gone = left.remove(hidden);
        let kind = gone.lines().find_map(|line| line.strip_prefix("kind: "));
        let after = Desk::without(kind.unwrap(), &texts(&left)).all();
        for ((fact, before), after) in facts.iter().zip(&before).zip(after) {
            let shorter = before.starts_with('[') && after.starts_with('[') && after != "[]";
            let same = after == *before || after == "unknown" || shorter;
            if !same && !OF_THE_INPUT.contains(&fact.name) {
                let name = gone.lines().find(|line| line.contains("name: "));
                let name = name.unwrap_or_default().trim();
                broken.push(format!("{}: {before} -> {after} without {name}", fact.name));
            }
        }
    }
    (broken, unknown)
}

#[test]
fn hiding_an_object_never_makes_a_fact_something_else() {
    let (broken, _) = violations(SPEC);
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    let (broken, unknown) = violations(&SPEC.replace("clusterName: rhino, ", ""));
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    // Parameters and what rests on them: no object tells the defaults of a cluster.
    assert!(
        unknown <= 4,
        "{unknown} facts are unknown although everything is seen"
    );
}
