//! The state, and settings in the many shapes v4 writes them.

use crate::fact::v4::testing::{PGCLUSTER, World, deployment, pod, stream, with};

fn shut_down() -> String {
    let cluster = with(PGCLUSTER, "pgcluster Initialized", "pgcluster Shutdown");
    with(&cluster, "shutdown: false", "shutdown: true")
}

#[test]
fn a_request_to_shut_down_is_not_its_result() {
    let asked = with(PGCLUSTER, "shutdown: false", "shutdown: true");
    let world = World::complete(&stream(&[&asked, &deployment("hippo", 1)]));
    assert_eq!(world.says("cluster.shutdownRequested"), "true");
    assert_eq!(world.says("cluster.shutdown"), "false");
    // Worked example 13.
    let world = World::complete(&stream(&[&shut_down(), &deployment("hippo", 0)]));
    assert_eq!(world.says("cluster.shutdown"), "true");
    assert_eq!(world.points_at("cluster.shutdown"), "true");
    assert_eq!(world.says("primary.name"), "\"hippo\"");
    assert_eq!(world.says("primary.running"), "false");
    assert_eq!(world.says("replicas.present"), "false");
}

#[test]
fn a_running_instance_contradicts_the_state_shutdown() {
    let world = World::complete(&stream(&[&shut_down(), &deployment("hippo", 1)]));
    assert_eq!(world.says("cluster.shutdown"), "false");
    let world = World::complete(&stream(&[&shut_down(), &pod("hippo", "master")]));
    assert_eq!(world.says("cluster.shutdown"), "false");
    let world = World::partial(&shut_down());
    assert_eq!(world.says("cluster.shutdown"), "unknown");
    let starting = with(PGCLUSTER, "pgcluster Initialized", "pgcluster Shutdown");
    assert_eq!(World::complete(&starting).says("cluster.shutdown"), "false");
}

#[test]
fn a_state_is_read_as_it_is_written() {
    // Worked example 11.
    let cluster = with(PGCLUSTER, "pgcluster Initialized", "pgcluster Bootstrapped");
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.state"), "\"pgcluster Bootstrapped\"");
    assert_eq!(world.says("primary.running"), "unknown");
    let world = World::complete(&stream(&[&cluster, &pod("hippo", "master")]));
    assert_eq!(world.says("primary.running"), "true");
    let wiped = with(PGCLUSTER, "status:\n  state: pgcluster Initialized\n", "");
    assert_eq!(World::partial(&wiped).says("cluster.state"), "\"\"");
}

#[test]
fn an_annotation_that_says_false_still_keeps_the_data() {
    let cluster = with(
        PGCLUSTER,
        "annotations: {",
        "annotations: {keep-data: 'false', keep-backups: '', ",
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.keepData"), "true");
    assert_eq!(world.says("cluster.keepBackups"), "true");
    assert_eq!(World::partial(PGCLUSTER).says("cluster.keepData"), "false");
}

#[test]
fn marks_of_an_operator_upgrade() {
    let cluster = with(
        PGCLUSTER,
        "annotations: {",
        "annotations: {is-upgraded: 'false', upgrade-in-progress: 'true', ",
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.upgradePending"), "true");
    assert_eq!(world.says("cluster.upgradeInProgress"), "true");
    let done = with(
        PGCLUSTER,
        "annotations: {",
        "annotations: {is-upgraded: 'true', ",
    );
    assert_eq!(
        World::partial(&done).says("cluster.upgradePending"),
        "false"
    );
}

#[test]
fn a_standby_shows_in_the_spec_or_in_patronis_configuration() {
    let cluster = with(PGCLUSTER, "standby: false", "standby: true");
    assert_eq!(World::partial(&cluster).says("cluster.standby"), "true");
    let config = |json: &str| {
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: hippo-config, namespace: pgo, annotations: {{config: '{json}'}}}}\n"
        )
    };
    let world = World::partial(&stream(&[
        PGCLUSTER,
        &config("{\"standby_cluster\": {\"port\": 5432}}"),
    ]));
    assert_eq!(world.says("cluster.standby"), "true");
    let world = World::partial(&stream(&[
        PGCLUSTER,
        &config("{\"standby_cluster\": null}"),
    ]));
    assert_eq!(world.says("cluster.standby"), "false");
}

#[test]
fn a_namespace_that_goes_takes_the_claims_along() {
    let namespace =
        "apiVersion: v1\nkind: Namespace\nmetadata: {name: pgo}\nstatus: {phase: Terminating}\n";
    let world = World::partial(&stream(&[PGCLUSTER, namespace]));
    assert_eq!(world.says("cluster.namespaceDeleting"), "true");
    let unseen = World::partial(PGCLUSTER);
    assert_eq!(unseen.says("cluster.namespaceDeleting"), "unknown");
    assert_eq!(unseen.says("cluster.namespaceSeen"), "false");
    let all = World::complete(PGCLUSTER);
    assert_eq!(all.says("cluster.namespaceDeleting"), "false");
}

#[test]
fn unset_has_many_shapes() {
    for (field, unset) in [
        ("tolerations: null", "tolerations: []"),
        ("nodeAffinity: {default: null}", "nodeAffinity: {}"),
        ("tablespaceMounts: {}", "tablespaceMounts: null"),
        ("shutdown: false", "shutdown: ''"),
        ("port: '5432'", "port: ''"),
        ("customconfig: ''", "customconfig: null"),
    ] {
        let world = World::complete(&with(PGCLUSTER, field, unset));
        assert_eq!(world.says("cluster.tolerations"), "false", "{unset}");
        assert_eq!(world.says("cluster.affinity"), "false", "{unset}");
        assert_eq!(world.says("cluster.shutdownRequested"), "false", "{unset}");
        assert_eq!(world.says("cluster.port"), "5432", "{unset}");
        assert_eq!(world.says("cluster.customConfig"), "\"\"", "{unset}");
        assert_eq!(world.says("tablespaces.present"), "false", "{unset}");
    }
}

#[test]
fn numbers_and_truths_come_as_strings_or_not() {
    let cluster = with(PGCLUSTER, "port: '5432'", "port: 5433");
    let cluster = with(&cluster, "shutdown: false", "shutdown: 'true'");
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.port"), "5433");
    assert_eq!(world.says("cluster.shutdownRequested"), "true");
    let broken = with(PGCLUSTER, "shutdown: false", "shutdown: maybe");
    assert_eq!(
        World::partial(&broken).says("cluster.shutdownRequested"),
        "unknown"
    );
    let broken = with(PGCLUSTER, "port: '5432'", "port: [5432]");
    assert_eq!(World::partial(&broken).says("cluster.port"), "unknown");
}

#[test]
fn placement_that_move_jobs_lack() {
    let cluster = with(
        PGCLUSTER,
        "tolerations: null",
        "tolerations: [{operator: Exists}]",
    );
    let cluster = with(
        &cluster,
        "userlabels: {",
        "userlabels: {NodeLabelKey: zone, ",
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.tolerations"), "true");
    assert_eq!(world.says("cluster.affinity"), "true");
    assert_eq!(world.points_at("cluster.affinity"), "zone");
}

#[test]
fn settings_that_are_carried_over() {
    let cluster = with(PGCLUSTER, "policies: ''", "policies: 'one, two'");
    let cluster = with(
        &cluster,
        "userlabels: {",
        "userlabels: {service-type: LoadBalancer, ",
    );
    let cluster = with(&cluster, "customconfig: ''", "customconfig: tuned");
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tuned, namespace: pgo}\ndata: {setup.sql: a, postgres-ha.yaml: b}\n";
    let world = World::partial(&stream(&[&cluster, config]));
    assert_eq!(world.says("cluster.policies"), "[\"one\", \"two\"]");
    assert_eq!(world.says("cluster.serviceType"), "\"LoadBalancer\"");
    assert_eq!(world.says("cluster.customConfig"), "\"tuned\"");
    assert_eq!(
        world.says("cluster.customConfigKeys"),
        "[\"postgres-ha.yaml\", \"setup.sql\"]"
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.customConfigKeys"), "unknown");
    let field = with(
        &cluster,
        "status: completed",
        "serviceType: NodePort\n  status: completed",
    );
    assert_eq!(
        World::partial(&field).says("cluster.serviceType"),
        "\"NodePort\""
    );
}

#[test]
fn the_namespaces_own_custom_configuration_counts_too() {
    let global = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pgo-custom-pg-config, namespace: pgo}\ndata: {setup.sql: a}\n";
    let world = World::partial(&stream(&[PGCLUSTER, global]));
    assert_eq!(
        world.says("cluster.customConfig"),
        "\"pgo-custom-pg-config\""
    );
    assert_eq!(
        World::partial(PGCLUSTER).says("cluster.customConfig"),
        "unknown"
    );
}

#[test]
fn synchronous_replication_left_to_the_operator_shows_in_the_deployment() {
    let cluster = with(PGCLUSTER, "syncReplication: false", "syncReplication: null");
    assert_eq!(
        World::partial(&cluster).says("cluster.syncReplication"),
        "unknown"
    );
    let on = with(
        &deployment("hippo", 1),
        "env:\n",
        "env:\n        - {name: PGHA_SYNC_REPLICATION, value: 'true'}\n",
    );
    assert_eq!(
        World::partial(&stream(&[&cluster, &on])).says("cluster.syncReplication"),
        "true"
    );
    let off = deployment("hippo", 1);
    assert_eq!(
        World::partial(&stream(&[&cluster, &off])).says("cluster.syncReplication"),
        "false"
    );
    assert_eq!(
        World::partial(PGCLUSTER).says("cluster.syncReplication"),
        "false"
    );
}

#[test]
fn a_draft_of_the_same_name_is_no_live_cluster() {
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {name: hippo, namespace: pgo}\nspec: {}\n";
    let world = World::complete(&stream(&[PGCLUSTER, draft]));
    assert_eq!(world.says("cluster.v5Exists"), "false");
    assert_eq!(
        World::partial(&stream(&[PGCLUSTER, draft])).says("cluster.v5Exists"),
        "unknown"
    );
    let live = format!("{draft}status: {{observedGeneration: 1}}\n");
    assert_eq!(
        World::partial(&stream(&[PGCLUSTER, &live])).says("cluster.v5Exists"),
        "true"
    );
}

#[test]
fn what_patroni_left_of_an_earlier_attempt_is_found() {
    let endpoints = |name: &str, labels: &str| {
        format!(
            "apiVersion: v1\nkind: Endpoints\nmetadata: {{name: {name}, namespace: pgo, labels: {{{labels}}}}}\n"
        )
    };
    let of_v5 = "postgres-operator.crunchydata.com/cluster: hippo";
    let world = World::complete(&stream(&[PGCLUSTER, &endpoints("hippo-ha-config", of_v5)]));
    assert_eq!(
        world.says("cluster.leftovers"),
        "[\"Endpoints hippo-ha-config\"]"
    );
    for of_another in ["pg-cluster: hippo-ha, vendor: crunchydata", "app: web", ""] {
        let of_a_service = endpoints("hippo-ha", of_another);
        let world = World::complete(&stream(&[PGCLUSTER, &of_a_service]));
        assert_eq!(world.says("cluster.leftovers"), "[]", "{of_another}");
    }
    assert_eq!(World::complete(PGCLUSTER).says("cluster.leftovers"), "[]");
    assert_eq!(
        World::partial(PGCLUSTER).says("cluster.leftovers"),
        "unknown"
    );
}

#[test]
fn a_status_that_is_no_mapping_is_no_missing_state() {
    let world = |status: &str| {
        let text = format!(
            "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {{name: hippo, namespace: pgo}}\nspec: {{}}\nstatus: {status}\n"
        );
        World::complete(&text).says("cluster.state")
    };
    assert_eq!(world("ok"), "unknown");
    assert_eq!(world("[pgcluster Initialized]"), "unknown");
    assert_eq!(world("{}"), "\"\"");
    assert_eq!(world("null"), "\"\"");
}
