//! The table of what supports fsGroup, and what cannot be told.

use crate::fact::v4::testing::{DRIVER, PGCLUSTER, World, claim, deployment, stream, with};

const CSI: &str = "csi: {driver: ebs.csi.aws.com, fsType: ext4, volumeHandle: vol-1}";

/// The answer for a claim on this source, beside these other objects.
fn on(source: &str, others: &str) -> String {
    answer(source, others, World::complete)
}

fn answer(source: &str, others: &str, world: impl Fn(&str) -> World) -> String {
    let claim = with(&claim("hippo"), CSI, source);
    let yaml = stream(&[PGCLUSTER, &deployment("hippo", 1), &claim, others]);
    world(&yaml).says("dataClaim.fsGroup")
}

fn driver(name: &str, policy: &str) -> String {
    DRIVER
        .replace("ebs.csi.aws.com", name)
        .replace("fsGroupPolicy: File", policy)
}

#[test]
fn in_tree_volumes_support_it_or_not() {
    for (source, supported) in [
        ("nfs: {server: a, path: /b}", "no"),
        ("hostPath: {path: /b}", "no"),
        ("cephfs: {monitors: [a]}", "no"),
        ("glusterfs: {endpoints: a, path: b}", "no"),
        ("azureFile: {shareName: a}", "no"),
        ("quobyte: {registry: a}", "no"),
        ("local: {path: /b}", "yes"),
        ("awsElasticBlockStore: {volumeID: a}", "yes"),
        ("gcePersistentDisk: {pdName: a}", "yes"),
        ("vsphereVolume: {volumePath: a}", "yes"),
        ("rbd: {monitors: [a]}", "yes"),
        ("rbd: {monitors: [a], readOnly: true}", "no"),
    ] {
        assert_eq!(on(source, ""), format!("{supported:?}"), "{source}");
    }
    assert_eq!(on("flexVolume: {driver: a/b}", ""), "unknown");
    assert_eq!(on("somethingNew: {}", ""), "unknown");
}

#[test]
fn a_csi_driver_says_it_by_its_policy() {
    let name = "ebs.csi.aws.com";
    assert_eq!(on(CSI, &driver(name, "fsGroupPolicy: File")), "\"yes\"");
    assert_eq!(on(CSI, &driver(name, "fsGroupPolicy: None")), "\"no\"");
    assert_eq!(on(CSI, &driver(name, "fsGroupPolicy: Whatever")), "unknown");
    // The default needs a file system type and a volume for one node.
    for policy in [
        "fsGroupPolicy: ReadWriteOnceWithFSType",
        "attachRequired: true",
    ] {
        let driver = driver(name, policy);
        assert_eq!(on(CSI, &driver), "\"yes\"");
        assert_eq!(on("csi: {driver: ebs.csi.aws.com}", &driver), "\"no\"");
        assert_eq!(
            on(
                "csi: {driver: ebs.csi.aws.com, fsType: ext4, readOnly: true}",
                &driver
            ),
            "\"no\""
        );
    }
    // Known not to be there: the default as well.
    assert_eq!(on(CSI, ""), "\"yes\"");
}

#[test]
fn an_unseen_driver_decides_nothing() {
    let hidden = |yaml: &str| World::without("CSIDriver", yaml);
    assert_eq!(answer(CSI, "", hidden), "unknown");
    let yaml = stream(&[PGCLUSTER, &deployment("hippo", 1), &claim("hippo")]);
    let world = hidden(&yaml);
    assert_eq!(
        world.asks("dataClaim.fsGroup"),
        "kubectl get csidriver ebs.csi.aws.com -o yaml # needs a ClusterRole with get on csidrivers of storage.k8s.io"
    );
}

#[test]
fn shared_volumes_do_not_fit_the_default_policy() {
    let driver = driver("cephfs.csi.ceph.com", "attachRequired: true");
    let shared = claim("hippo")
        .replace("ReadWriteOnce", "ReadWriteMany")
        .replace("ebs.csi.aws.com", "cephfs.csi.ceph.com");
    let yaml = stream(&[PGCLUSTER, &deployment("hippo", 1), &shared, &driver]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("dataClaim.fsGroup"), "\"no\"");
    assert!(
        world
            .says("dataClaim.fsGroupWhy")
            .contains("not ReadWriteOnce")
    );
    let single_pod = yaml.replace("ReadWriteMany", "ReadWriteOncePod");
    assert_eq!(
        World::complete(&single_pod).says("dataClaim.fsGroup"),
        "\"yes\""
    );
}

#[test]
fn drivers_with_ways_of_their_own() {
    let efs = driver("efs.csi.aws.com", "fsGroupPolicy: File");
    assert_eq!(on("csi: {driver: efs.csi.aws.com}", &efs), "\"no\"");
    let azure = driver(
        "file.csi.azure.com",
        "fsGroupPolicy: ReadWriteOnceWithFSType",
    );
    assert_eq!(
        on("csi: {driver: file.csi.azure.com, fsType: ext4}", &azure),
        "unknown"
    );
}

#[test]
fn block_devices_and_unbound_claims() {
    let base = stream(&[PGCLUSTER, &deployment("hippo", 1), DRIVER]);
    let block = with(
        &claim("hippo"),
        "  storageClassName",
        "  volumeMode: Block\n  storageClassName",
    );
    let world = World::complete(&stream(&[&base, &block]));
    assert_eq!(world.says("dataClaim.fsGroup"), "\"no\"");
    assert_eq!(world.says("dataClaim.volumeMode"), "\"Block\"");
    let pending = claim("hippo")
        .replace("  volumeName: pv-hippo\n", "")
        .replace("phase: Bound, capacity", "phase: Pending, capacity");
    let world = World::complete(&stream(&[&base, &pending]));
    assert_eq!(world.says("dataClaim.fsGroup"), "unknown");
    assert_eq!(world.says("dataClaim.volume"), "\"\"");
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "\"\"");
}
