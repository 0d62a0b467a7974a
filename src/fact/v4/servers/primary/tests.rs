//! Who the primary is, by what a worked example or a trap has in the input.

use crate::fact::v4::testing::{PGCLUSTER, World, claim, deployment, pod, stream, with};

/// Worked example 2: a failover made `hippo-jgut` the primary of three.
fn after_failover() -> String {
    let cluster = with(
        PGCLUSTER,
        "current-primary: hippo",
        "current-primary: hippo-jgut",
    );
    let cluster = with(
        &cluster,
        "primary-deployment: hippo",
        "primary-deployment: hippo-jgut",
    );
    let cluster = with(
        &cluster,
        "deployment-name: hippo",
        "deployment-name: hippo-jgut",
    );
    let cluster = with(&cluster, "name: hippo, size", "name: hippo-jgut, size");
    stream(&[&cluster, &three_instances()])
}

fn three_instances() -> String {
    stream(&[
        &deployment("hippo", 1),
        &deployment("hippo-jgut", 1),
        &deployment("hippo-abcd", 1),
        &pod("hippo", "replica"),
        &pod("hippo-jgut", "master"),
        &pod("hippo-abcd", "replica"),
        &claim("hippo"),
        &claim("hippo-jgut"),
        &claim("hippo-abcd"),
        &pgreplica("hippo-jgut"),
        &pgreplica("hippo-abcd"),
    ])
}

fn pgreplica(name: &str) -> String {
    format!(
        "apiVersion: crunchydata.com/v1\nkind: Pgreplica\nmetadata: {{name: {name}, namespace: pgo}}\n\
         spec: {{name: {name}, clustername: hippo, replicastorage: {{storagetype: dynamic}}}}\n"
    )
}

#[test]
fn after_a_failover_the_old_primary_is_a_replica() {
    let world = World::complete(&after_failover());
    assert_eq!(world.says("primary.name"), "\"hippo-jgut\"");
    assert_eq!(world.says("primary.disagree"), "false");
    assert_eq!(world.says("primary.dataDirectory"), "\"hippo-jgut\"");
    assert_eq!(world.says("replicas.names"), "[\"hippo\", \"hippo-abcd\"]");
    assert_eq!(world.says("replicas.count"), "2");
    assert_eq!(world.says("dataClaim.name"), "\"hippo-jgut\"");
    assert_eq!(world.says("replicas.claims"), "[]");
}

#[test]
fn a_running_pod_outranks_a_stale_annotation() {
    let world = World::complete(&stream(&[PGCLUSTER, &three_instances()]));
    assert_eq!(world.says("primary.name"), "\"hippo-jgut\"");
    assert_eq!(world.says("primary.certain"), "true");
    assert_eq!(world.says("primary.disagree"), "true");
    let sources = world.says("primary.sources");
    assert!(
        sources.starts_with("[\"pod hippo-jgut-5d8f6bbc7d-x2x4z: hippo-jgut\""),
        "{sources}"
    );
    assert!(
        sources.contains("annotation current-primary: hippo\""),
        "{sources}"
    );
}

/// Worked example 3b: the annotations name `hippo`, the spec `hippo-jgut`, and no pod is in the input.
fn quarrel_without_pods() -> String {
    let cluster = with(PGCLUSTER, "name: hippo, size", "name: hippo-jgut, size");
    stream(&[
        &cluster,
        &deployment("hippo", 1),
        &deployment("hippo-jgut", 1),
        &claim("hippo"),
        &claim("hippo-jgut"),
    ])
}

#[test]
fn disagreeing_sources_without_pods_leave_the_primary_unknown() {
    let world = World::without("Pod", &quarrel_without_pods());
    assert_eq!(world.says("primary.name"), "unknown");
    assert_eq!(world.says("primary.certain"), "unknown");
    assert_eq!(world.says("primary.disagree"), "true");
    let pods = "kubectl get pods -n pgo -o yaml";
    assert_eq!(world.asks("primary.name"), pods);
    assert_eq!(world.asks("dataClaim.name"), pods);
}

#[test]
fn what_all_candidates_share_is_known_without_the_primary() {
    let world = World::without("Pod", &quarrel_without_pods());
    assert_eq!(world.says("dataClaim.name"), "unknown");
    assert_eq!(
        world.says("dataClaim.candidates"),
        "[\"hippo\", \"hippo-jgut\"]"
    );
    assert_eq!(world.says("dataClaim.storage"), "\"claim\"");
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "\"Retain\"");
    assert_eq!(world.says("walClaim.storage"), "\"none\"");
    assert_eq!(world.says("replicas.count"), "1");
    assert_eq!(world.says("replicas.present"), "true");
    assert_eq!(world.says("replicas.names"), "unknown");
    let deleted = with(
        &quarrel_without_pods(),
        "name: pv-hippo-jgut}",
        "name: pv-hippo-jgut}\n# x",
    );
    let deleted = deleted.replacen("ReclaimPolicy: Retain", "ReclaimPolicy: Delete", 1);
    let world = World::without("Pod", &deleted);
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "unknown");
}

#[test]
fn without_pods_agreeing_records_are_what_pgo_trusts_too() {
    let world = World::without(
        "Pod",
        &stream(&[PGCLUSTER, &deployment("hippo", 1), &claim("hippo")]),
    );
    assert_eq!(world.says("primary.name"), "\"hippo\"");
    assert_eq!(world.says("primary.certain"), "true");
    assert_eq!(world.says("primary.disagree"), "false");
    let two = stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &deployment("hippo-abcd", 1),
    ]);
    for world in [World::without("Pod", &two), World::partial(PGCLUSTER)] {
        assert_eq!(world.says("primary.name"), "\"hippo\"");
        assert_eq!(
            world.says("primary.certain"),
            "unknown",
            "a pod may say otherwise"
        );
        assert_eq!(world.says("primary.disagree"), "unknown");
    }
}

#[test]
fn the_label_of_pgo_4_2_is_stale_after_automatic_failover() {
    let old = with(
        PGCLUSTER,
        "  annotations: {current-primary: hippo, primary-deployment: hippo}\n",
        "",
    );
    let old = with(
        &old,
        "pgo-version: 4.7.10, deployment-name: hippo",
        "pgo-version: 4.2.4, current-primary: hippo",
    );
    let old = old.replace("4.7.10", "4.2.4");
    let two = stream(&[&old, &deployment("hippo", 1), &deployment("hippo-jgut", 1)]);
    assert_eq!(World::without("Pod", &two).says("primary.name"), "unknown");
    let with_pod = stream(&[&two, &pod("hippo-jgut", "master")]);
    assert_eq!(
        World::complete(&with_pod).says("primary.name"),
        "\"hippo-jgut\""
    );
    let one = stream(&[&old, &deployment("hippo-jgut", 1)]);
    let world = World::without("Pod", &one);
    assert_eq!(world.says("primary.name"), "\"hippo-jgut\"");
    let lock = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: hippo-leader, namespace: pgo, \
                annotations: {leader: hippo-jgut-5d8f6bbc7d-x2x4z}}\n";
    let world = World::without("Pod", &stream(&[&two, lock]));
    assert_eq!(world.says("primary.name"), "\"hippo-jgut\"");
}

#[test]
fn on_4_1_the_service_tells_and_later_it_does_not() {
    let old = with(
        PGCLUSTER,
        "  annotations: {current-primary: hippo, primary-deployment: hippo}\n",
        "",
    );
    let old = old.replace("4.7.10", "4.1.2");
    let unmarked = |instance, service| {
        let text = deployment(instance, 1).replace("pgo-pg-database: 'true', ", "");
        text.replace("service-name: hippo", &format!("service-name: {service}"))
    };
    let yaml = stream(&[
        &old,
        &unmarked("hippo", "hippo-replica"),
        &unmarked("hippo-jgut", "hippo"),
    ]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("primary.name"), "\"hippo-jgut\"");
    assert_eq!(world.says("replicas.names"), "[\"hippo\"]");
    let later = World::without(
        "Pod",
        &stream(&[
            PGCLUSTER,
            &unmarked("hippo", "hippo-replica"),
            &unmarked("hippo-jgut", "hippo"),
        ]),
    );
    assert_eq!(later.says("primary.name"), "\"hippo\"");
}

#[test]
fn a_recorded_primary_without_a_deployment_is_not_believed() {
    let yaml = stream(&[
        PGCLUSTER,
        &deployment("hippo-jgut", 0),
        &deployment("hippo-abcd", 0),
    ]);
    assert_eq!(World::complete(&yaml).says("primary.name"), "unknown");
    assert_eq!(
        World::without("Deployment", &yaml).says("primary.name"),
        "\"hippo\""
    );
    assert_eq!(
        World::without("Deployment", &yaml).says("replicas.present"),
        "true"
    );
}

#[test]
fn after_shutdown_the_annotation_written_last_decides() {
    let cluster = with(
        PGCLUSTER,
        "primary-deployment: hippo",
        "primary-deployment: hippo-jgut",
    );
    let cluster = with(&cluster, "pgcluster Initialized", "pgcluster Shutdown");
    let yaml = stream(&[
        &cluster,
        &deployment("hippo", 0),
        &deployment("hippo-jgut", 0),
    ]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("primary.name"), "\"hippo-jgut\"");
    assert_eq!(world.says("primary.certain"), "false");
    assert_eq!(world.says("primary.disagree"), "true");
    assert_eq!(world.says("primary.running"), "false");
}

#[test]
fn two_running_leaders_prove_nothing() {
    let yaml = stream(&[
        PGCLUSTER,
        &pod("hippo", "master"),
        &pod("hippo-jgut", "master"),
    ]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("primary.name"), "unknown");
    assert_eq!(world.says("primary.disagree"), "true");
}

#[test]
fn an_evicted_pod_keeps_its_role_label_and_counts_for_nothing() {
    let evicted = with(
        &pod("hippo-jgut", "master"),
        "phase: Running",
        "phase: Failed",
    );
    let yaml = stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &pod("hippo", "master").replace("x2x4z", "aaaaa"),
        &evicted,
    ]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("primary.name"), "\"hippo\"");
    assert_eq!(world.says("replicas.present"), "false");
}

#[test]
fn one_seen_replica_is_enough_to_say_there_are_some() {
    let yaml = stream(&[PGCLUSTER, &pgreplica("hippo-rpl1")]);
    let world = World::partial(&yaml);
    assert_eq!(world.says("replicas.present"), "true");
    assert_eq!(world.says("replicas.names"), "unknown");
    let world = World::listing("Deployment", &stream(&[PGCLUSTER, &deployment("hippo", 1)]));
    assert_eq!(
        world.says("replicas.present"),
        "unknown",
        "Pgreplicas were not listed"
    );
    assert_eq!(
        world.asks("replicas.present"),
        "kubectl get pgreplicas.crunchydata.com -n pgo -o yaml"
    );
}

#[test]
fn the_number_of_pgreplicas_says_nothing() {
    // The promoted replica keeps its Pgreplica; the first primary never had one.
    let cluster = with(&after_failover(), "replicas: '0'", "replicas: '5'");
    let world = World::complete(&cluster);
    assert_eq!(world.says("replicas.count"), "2");
}

#[test]
fn a_pgreplica_stands_for_the_instance_its_spec_names() {
    let odd = with(
        &pgreplica("hippo-rpl1"),
        "name: hippo-rpl1, namespace",
        "name: other, namespace",
    );
    let yaml = stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &deployment("hippo-rpl1", 1),
        &odd,
    ]);
    assert_eq!(
        World::complete(&yaml).says("replicas.names"),
        "[\"hippo-rpl1\"]"
    );
}

#[test]
fn the_host_that_bootstraps_another_cluster_is_no_part_of_this_one() {
    let guest = with(
        &deployment("hippo-x", 1),
        "service-name: hippo",
        "pgha-bootstrap: other",
    );
    let yaml = stream(&[PGCLUSTER, &deployment("hippo", 1), &guest]);
    assert_eq!(World::complete(&yaml).says("replicas.names"), "[]");
    assert!(World::complete(&guest).clusters().is_empty());
}

#[test]
fn repository_host_and_pgbouncer_are_no_instances() {
    let other = |name: &str| {
        deployment(name, 1)
            .replace("pgo-pg-database: 'true', ", "")
            .replace("service-name: hippo", &format!("service-name: {name}"))
    };
    let yaml = stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &other("hippo-backrest-shared-repo"),
        &other("hippo-pgbouncer"),
    ]);
    assert_eq!(
        World::complete(&yaml).says("instances.names"),
        "[\"hippo\"]"
    );
}

#[test]
fn a_cluster_that_nothing_but_pods_show_has_a_primary() {
    let world = World::listing(
        "Pod,Deployment,Pgreplica",
        &stream(&[&deployment("hippo", 1), &pod("hippo", "master")]),
    );
    assert_eq!(world.says("cluster.seen"), "false");
    assert_eq!(world.says("cluster.remains"), "false");
    assert_eq!(world.says("primary.name"), "\"hippo\"");
    assert_eq!(world.says("cluster.state"), "unknown");
    assert_eq!(
        world.asks("cluster.state"),
        "kubectl get pgclusters.crunchydata.com hippo -n pgo -o yaml"
    );
}

#[test]
fn copies_of_the_pgcluster_that_disagree_about_the_primary_decide_nothing() {
    let other = PGCLUSTER.replace("current-primary: hippo", "current-primary: hippo-jgut");
    let world = World::without(
        "Pod",
        &stream(&[
            PGCLUSTER,
            &other,
            &deployment("hippo", 1),
            &deployment("hippo-jgut", 1),
        ]),
    );
    assert_eq!(world.says("primary.name"), "unknown");
    assert!(world.asks("primary.name").contains("newest copy"));
}

#[test]
fn the_placeholder_of_an_example_names_no_instance() {
    let cluster = with(PGCLUSTER, "name: hippo, size", "name: on2today, size");
    let world = World::complete(&stream(&[&cluster, &deployment("hippo", 1)]));
    assert_eq!(world.says("primary.name"), "\"hippo\"");
    assert_eq!(world.says("primary.disagree"), "false");
}

#[test]
fn whether_there_are_wal_volumes_is_known_without_the_primary() {
    let quarrel = with(
        PGCLUSTER,
        "current-primary: hippo",
        "current-primary: hippo-jgut",
    );
    let world = World::partial(&quarrel);
    assert_eq!(world.says("primary.name"), "unknown");
    assert_eq!(world.says("walClaim.storage"), "\"none\"");
    assert_eq!(world.says("walClaim.addedLater"), "false");
    assert_eq!(world.says("walClaim.holdsWal"), "false");
    let wal = with(
        &quarrel,
        "WALStorage: {storagetype: ''",
        "WALStorage: {storagetype: dynamic",
    );
    let world = World::partial(&wal);
    assert_eq!(world.says("walClaim.storage"), "\"claim\"");
    assert_eq!(world.says("walClaim.name"), "unknown");
    assert_eq!(world.says("walClaim.addedLater"), "unknown");
}
