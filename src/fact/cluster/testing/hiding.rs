//! The promise of a partial view, for every fact: hide an object, and stop saying that all of its kind were seen, and
//! a fact stays as it was or becomes unknown. It never becomes another, and never becomes known.

use crate::fact::cluster::testing::{
    CLASS, DRIVER, PGCLUSTER, World, claim, deployment, pod, stream, with,
};

/// Facts that by their definition tell of what is in the input, or take an unseen object for absent.
const OF_THE_INPUT: [&str; 4] = [
    "cluster.seen",
    "cluster.v4Sources",
    "primary.sources",
    "cluster.namespaceDeleting",
];

fn kind(document: &str) -> &str {
    let line = document
        .lines()
        .find_map(|line| line.strip_prefix("kind: "));
    line.unwrap_or_default()
}

/// Facts about the primary that hold only as far as it is certain which instance that is.
fn rests_on_the_primary(fact: &str) -> bool {
    let names = [
        "primary.name",
        "primary.dataDirectory",
        "primary.running",
        "replicas.names",
        "postgres.hba",
    ];
    names.contains(&fact) || fact.starts_with("dataClaim.") || fact.starts_with("walClaim.")
}

/// Every violation, as text.
fn violations(documents: &str) -> Vec<String> {
    let documents: Vec<&str> = documents.split("\n---\n").collect();
    let before = World::complete(&stream(&documents)).all();
    let mut found = Vec::new();
    for hidden in 0..documents.len() {
        let mut left = documents.clone();
        let gone = left.remove(hidden);
        let part = World::without(kind(gone), &stream(&left));
        if !part
            .clusters()
            .iter()
            .any(|cluster| cluster.name == "hippo")
        {
            continue;
        }
        let after = part.all();
        let probable = after["primary.certain"] == "unknown";
        for (fact, after) in &after {
            let before = &before[fact];
            if after == before || after == "unknown" || OF_THE_INPUT.contains(fact) {
                continue;
            }
            if !(probable && rests_on_the_primary(fact)) {
                let name = gone
                    .lines()
                    .find(|line| line.contains("name: "))
                    .unwrap_or_default();
                found.push(format!(
                    "{fact}: {before} -> {after} without {} {}",
                    kind(gone),
                    name.trim()
                ));
            }
        }
    }
    found
}

fn base(parts: &[&str]) -> String {
    let rest = [&claim("hippo"), &claim("hippo-pgbr-repo"), DRIVER, CLASS];
    stream(&[parts, &rest].concat())
}

#[test]
fn hiding_an_object_never_makes_a_fact_something_else() {
    let jgut = with(
        PGCLUSTER,
        "current-primary: hippo",
        "current-primary: hippo-jgut",
    );
    let shut = PGCLUSTER
        .replace("Initialized", "Shutdown")
        .replace("shutdown: false", "shutdown: true");
    let sync = with(PGCLUSTER, "syncReplication: false", "syncReplication: null");
    let sync = with(
        &sync,
        "tablespaceMounts: {}",
        "tablespaceMounts: {lake: {size: 1Gi}}",
    );
    let sync = with(
        &sync,
        "WALStorage: {storagetype: ''",
        "WALStorage: {storagetype: dynamic",
    );
    let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: hippo-ha, namespace: pgo}\n";
    let wal = "      - name: pgwal\n        persistentVolumeClaim: {claimName: hippo-wal}\nstatus:";
    let logging = with(&deployment("hippo", 1), "status:", wal);
    let worlds = [
        base(&[PGCLUSTER, &deployment("hippo", 1), &pod("hippo", "master")]),
        base(&[
            &jgut,
            &deployment("hippo", 1),
            &deployment("hippo-jgut", 1),
            &claim("hippo-jgut"),
        ]),
        base(&[
            PGCLUSTER,
            &deployment("hippo-jgut", 1),
            &claim("hippo-jgut"),
            endpoints,
        ]),
        base(&[&shut, &deployment("hippo", 0), &deployment("hippo-abcd", 1)]),
        base(&[
            &sync,
            &logging,
            &claim("hippo-tablespace-lake"),
            &claim("hippo-wal"),
        ]),
        base(&[]),
        base(&[
            &claim("hippo-jgut"),
            &claim("hippo-tablespace-lake"),
            &claim("hippo-wal"),
        ]),
        base(&[&deployment("hippo", 1), &pod("hippo", "master")]),
    ];
    for (number, world) in worlds.iter().enumerate() {
        assert_eq!(violations(world), Vec::<String>::new(), "world {number}");
    }
}
