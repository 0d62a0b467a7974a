//! What is said about Services.

use crate::fact::v4::testing::{PGCLUSTER, World, claim, stream};

fn service(name: &str, cluster: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: pgo, labels: {{pg-cluster: {cluster}, vendor: crunchydata}}}}\n"
    )
}

#[test]
fn services_are_those_that_bear_the_label() {
    let documents = [
        PGCLUSTER,
        &service("hippo", "hippo"),
        &service("hippo-replica", "hippo"),
        &service("hippo-test", "hippo-test"),
    ];
    let world = World::complete(&stream(&documents));
    assert_eq!(
        world.says("services.names"),
        "[\"hippo\", \"hippo-replica\"]"
    );
}

#[test]
fn every_cluster_has_one_even_if_unseen() {
    assert_eq!(
        World::partial(PGCLUSTER).says("services.names"),
        "[\"hippo\"]"
    );
    let replica = stream(&[PGCLUSTER, &service("hippo-replica", "hippo")]);
    assert_eq!(
        World::partial(&replica).says("services.names"),
        "[\"hippo\", \"hippo-replica\"]"
    );
}

#[test]
fn a_deleted_cluster_has_none() {
    assert_eq!(
        World::complete(&claim("hippo")).says("services.names"),
        "[]"
    );
    assert_eq!(
        World::partial(&claim("hippo")).says("services.names"),
        "unknown"
    );
}
