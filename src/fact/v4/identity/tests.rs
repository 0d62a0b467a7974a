//! Versions, labels, names and spellings.

use crate::fact::v4::testing::{PGCLUSTER, World, claim, deployment, stream, with};

#[test]
fn the_version_comes_from_the_most_trusted_place() {
    let cluster = with(
        PGCLUSTER,
        "userlabels: {pgo-version: 4.7.10}",
        "userlabels: {pgo-version: 4.6.1}",
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("cluster.v4"), "4.6.1");
    assert_eq!(world.says("cluster.v4Sources"), "[\"4.6.1\", \"4.7.10\"]");
    let bare = PGCLUSTER.replace("pgo-version: 4.7.10", "x: y");
    let world = World::partial(&bare);
    assert_eq!(world.says("cluster.v4"), "4.7.10", "the image tag's ending");
    assert_eq!(world.points_at("cluster.v4"), "ubi8-13.10-4.7.10");
    let gis = bare.replace("ubi8-13.10-4.7.10", "centos8-13.3-3.1-4.7.0-rc.1");
    assert_eq!(World::partial(&gis).says("cluster.v4"), "4.7.0");
    for tag in [
        "latest",
        "13.10",
        "ubi8-13.10",
        "sha256:4.7.0",
        "registry-4.7.0",
    ] {
        let private = bare.replace("ubi8-13.10-4.7.10", tag);
        assert_eq!(
            World::partial(&private).says("cluster.v4"),
            "unknown",
            "{tag}"
        );
    }
}

#[test]
fn without_the_pgcluster_the_deployments_name_the_version() {
    let labelled = with(
        &deployment("hippo", 1),
        "labels: {",
        "labels: {pgo-version: 4.5.2, ",
    );
    let world = World::partial(&labelled);
    assert_eq!(world.says("cluster.v4"), "4.5.2");
    assert_eq!(
        World::partial(&claim("hippo")).says("cluster.v4"),
        "unknown"
    );
}

#[test]
fn pgo_finds_a_cluster_by_its_labels() {
    assert_eq!(World::partial(PGCLUSTER).says("cluster.labelled"), "true");
    let bare = with(PGCLUSTER, "labels: {name: hippo, ", "labels: {");
    let world = World::partial(&bare);
    assert_eq!(world.says("cluster.labelled"), "false");
    assert_eq!(world.points_at("cluster.labelled"), "labels");
}

#[test]
fn tools_that_apply_manifests_leave_marks() {
    assert_eq!(
        World::partial(PGCLUSTER).says("cluster.declarative"),
        "false"
    );
    let argo = with(
        PGCLUSTER,
        "labels: {",
        "labels: {argocd.argoproj.io/instance: databases, ",
    );
    let world = World::partial(&argo);
    assert_eq!(world.says("cluster.declarative"), "true");
    assert_eq!(
        world.points_at("cluster.declarative"),
        "argocd.argoproj.io/instance"
    );
    let applied = with(
        PGCLUSTER,
        "annotations: {",
        "annotations: {kubectl.kubernetes.io/last-applied-configuration: '{}', ",
    );
    assert_eq!(World::partial(&applied).says("cluster.declarative"), "true");
}

#[test]
fn names_that_differ_are_a_red_flag() {
    assert_eq!(World::partial(PGCLUSTER).says("cluster.misnamed"), "false");
    let other = with(PGCLUSTER, "clustername: hippo", "clustername: rhino");
    assert_eq!(World::partial(&other).says("cluster.misnamed"), "true");
}

#[test]
fn keys_in_the_wrong_case_are_ignored_by_pgo() {
    let wrong = "BackrestS3Bucket: b\n  primarystorage: {}\n  podPodAntiAffinity: {default: x}\n  status: completed";
    let cluster = with(PGCLUSTER, "status: completed", wrong);
    let cluster = with(
        &cluster,
        "WALStorage: {storagetype: ''",
        "WALStorage: {storageType: ''",
    );
    let world = World::partial(&cluster);
    assert_eq!(
        world.says("cluster.ignoredKeys"),
        "[\"BackrestS3Bucket\", \"WALStorage.storageType\", \"podPodAntiAffinity\", \"primarystorage\"]"
    );
    assert_eq!(world.points_at("cluster.ignoredKeys"), "BackrestS3Bucket");
}

#[test]
fn other_vendors_pgclusters_are_none_of_ours() {
    for (other, vendor) in [
        ("crunchydata.com/v1", "radondb.com/v1"),
        ("crunchydata.com/v1", "crunchydata.com/v2"),
    ] {
        let foreign = with(PGCLUSTER, other, vendor);
        assert!(World::partial(&foreign).clusters().is_empty(), "{vendor}");
    }
    let foreign = claim("hippo").replace("vendor: crunchydata", "vendor: percona");
    assert!(World::partial(&foreign).clusters().is_empty());
}

#[test]
fn clusters_come_by_namespace_and_name() {
    let other = PGCLUSTER.replace("hippo", "rhino");
    let elsewhere = PGCLUSTER.replace("namespace: pgo", "namespace: apps");
    let world = World::partial(&stream(&[&other, PGCLUSTER, &elsewhere, &claim("hippo")]));
    let names: Vec<_> = world
        .clusters()
        .iter()
        .map(|one| (one.namespace.unwrap_or("").to_owned(), one.name.to_owned()))
        .collect();
    let names: Vec<(&str, &str)> = names
        .iter()
        .map(|(space, name)| (space.as_str(), name.as_str()))
        .collect();
    assert_eq!(
        names,
        [("apps", "hippo"), ("pgo", "hippo"), ("pgo", "rhino")]
    );
}
