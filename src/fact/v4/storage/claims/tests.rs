//! The three claims, by what a worked example or a trap has in the input.

use crate::fact::v4::testing::{
    CLASS, DRIVER, PGCLUSTER, World, claim, deployment, pod, stream, with,
};

fn with_wal() -> String {
    with(
        PGCLUSTER,
        "WALStorage: {storagetype: ''",
        "WALStorage: {storagetype: dynamic",
    )
}

const REPO_HOST: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: hippo-backrest-shared-repo
  namespace: pgo
  labels: {vendor: crunchydata, pg-cluster: hippo, pgo-backrest-repo: 'true'}
spec:
  replicas: 1
  template:
    spec:
      volumes:
      - name: backrestrepo
        persistentVolumeClaim: {claimName: hippo-pgbr-repo}
";

#[test]
fn a_lone_pgcluster_leaves_its_claims_unknown_but_named() {
    // Worked example 15.
    let world = World::partial(PGCLUSTER);
    assert_eq!(world.says("dataClaim.name"), "\"hippo\"");
    assert_eq!(world.says("dataClaim.storage"), "\"claim\"");
    assert_eq!(world.says("dataClaim.exists"), "unknown");
    assert_eq!(
        world.asks("dataClaim.size"),
        "kubectl get persistentvolumeclaim hippo -n pgo -o yaml"
    );
    assert_eq!(world.says("walClaim.storage"), "\"none\"");
    assert_eq!(world.says("walClaim.phase"), "\"\"");
    assert_eq!(world.says("repoClaim.name"), "\"hippo-pgbr-repo\"");
    assert_eq!(world.says("repoClaim.exists"), "unknown");
    assert_eq!(world.says("tablespaces.names"), "[]");
    assert_eq!(world.says("tablespaces.present"), "false");
}

#[test]
fn kept_claims_of_one_instance_make_the_primary_probable() {
    // Worked example 17.
    let yaml = stream(&[&claim("hippo"), &claim("hippo-pgbr-repo"), DRIVER, CLASS]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("cluster.remains"), "true");
    assert_eq!(world.says("primary.name"), "\"hippo\"");
    assert_eq!(world.says("primary.certain"), "false");
    assert_eq!(world.says("primary.running"), "false");
    assert_eq!(world.says("dataClaim.name"), "\"hippo\"");
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "\"Retain\"");
    assert_eq!(world.says("walClaim.storage"), "\"none\"");
    assert_eq!(world.says("repoClaim.name"), "\"hippo-pgbr-repo\"");
    assert_eq!(world.says("replicas.present"), "false");
    assert_eq!(world.says("replicas.claims"), "[]");
    assert_eq!(world.says("tablespaces.present"), "false");
    assert_eq!(world.says("cluster.state"), "unknown");
    assert_eq!(world.says("cluster.upgradePending"), "false");
}

#[test]
fn kept_claims_of_two_instances_are_never_guessed_between() {
    // Worked example 16.
    let yaml = stream(&[
        &claim("hippo"),
        &claim("hippo-jgut"),
        &claim("hippo-pgbr-repo"),
        DRIVER,
    ]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("primary.name"), "unknown");
    assert_eq!(world.says("dataClaim.name"), "unknown");
    assert_eq!(
        world.says("dataClaim.candidates"),
        "[\"hippo\", \"hippo-jgut\"]"
    );
    assert_eq!(world.says("dataClaim.phase"), "\"Bound\"");
    assert_eq!(world.says("replicas.claims"), "unknown");
    assert!(world.asks("primary.name").contains("current-primary"));
}

#[test]
fn claims_alone_do_not_show_that_the_cluster_is_gone() {
    let world = World::partial(&claim("hippo"));
    assert_eq!(world.says("cluster.remains"), "unknown");
    assert!(
        world
            .asks("cluster.remains")
            .contains("--assume-complete=Pgcluster,Deployment")
    );
    assert_eq!(world.says("primary.name"), "unknown");
    assert_eq!(world.says("dataClaim.name"), "unknown");
    assert_eq!(world.says("cluster.seen"), "false");
}

#[test]
fn an_inferred_absence_is_carried_as_an_assumption() {
    let item = |text: &str| {
        let mut lines = text.trim_end().lines();
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(format!("- {first}"), |item, line| {
            format!("{item}\n  {line}")
        })
    };
    let listed = [
        PGCLUSTER,
        &deployment("hippo", 1),
        &deployment("other", 1).replace("pg-cluster: hippo", "pg-cluster: other"),
    ];
    let items: Vec<String> = listed.iter().map(|text| item(text)).collect();
    let replica = item(
        "apiVersion: crunchydata.com/v1\nkind: Pgreplica\nmetadata: {name: x, namespace: pgo}\nspec: {clustername: x}",
    );
    let yaml = format!(
        "apiVersion: v1\nkind: List\nitems:\n{}\n{replica}\n",
        items.join("\n")
    );
    let world = World::partial(&yaml);
    assert_eq!(world.says("replicas.present"), "false");
    let assumed = world.assumes("replicas.present");
    assert!(
        assumed.contains("all Deployments of namespace pgo are in export.yaml"),
        "{assumed}"
    );
    assert!(
        assumed.contains("all Pgreplicas of namespace pgo are in export.yaml"),
        "{assumed}"
    );
}

#[test]
fn the_claim_is_what_the_deployment_mounts_not_what_it_is_called() {
    let mounts = with(
        &deployment("hippo", 1),
        "claimName: hippo",
        "claimName: on2today",
    );
    let cluster = with(
        PGCLUSTER,
        "storagetype: dynamic, storageclass: fast, name: hippo",
        "storagetype: existing, storageclass: fast, name: on2today",
    );
    let own = claim("on2today").replace(
        "  labels: {vendor: crunchydata, pg-cluster: hippo, pgremove: 'true'}\n",
        "",
    );
    let world = World::complete(&stream(&[&cluster, &mounts, &own]));
    assert_eq!(world.says("dataClaim.name"), "\"on2today\"");
    assert_eq!(world.says("primary.dataDirectory"), "\"hippo\"");
    assert_eq!(world.says("dataClaim.v4Labels"), "[]");
    let unseen = World::partial(&cluster);
    assert_eq!(unseen.says("dataClaim.name"), "\"on2today\"");
}

#[test]
fn empty_dir_is_no_claim() {
    let cluster = with(
        PGCLUSTER,
        "PrimaryStorage: {storagetype: dynamic",
        "PrimaryStorage: {storagetype: emptydir",
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("dataClaim.storage"), "\"emptyDir\"");
    assert_eq!(world.says("dataClaim.exists"), "false");
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "\"\"");
    assert_eq!(world.points_at("dataClaim.storage"), "emptydir");
    let runs =
        deployment("hippo", 1).replace("persistentVolumeClaim: {claimName: hippo}", "emptyDir: {}");
    assert_eq!(
        World::complete(&stream(&[PGCLUSTER, &runs])).says("dataClaim.storage"),
        "\"emptyDir\""
    );
}

#[test]
fn the_pgwal_mount_of_4_1_and_4_2_is_no_wal_volume() {
    let old = with_wal().replace("4.7.10", "4.2.4");
    assert_eq!(World::partial(&old).says("walClaim.storage"), "\"none\"");
    let volume = "      - name: pgwal-volume\n        emptyDir: {}\nstatus:";
    let mounts = with(&deployment("hippo", 1), "status:", volume);
    let archive = with(
        PGCLUSTER,
        "  userlabels",
        "  ArchiveStorage: {storagetype: dynamic, name: x}\n  userlabels",
    );
    let world = World::complete(&stream(&[&archive, &mounts]));
    assert_eq!(world.says("walClaim.storage"), "\"none\"");
}

#[test]
fn a_wal_volume_is_what_the_instance_mounts() {
    let volume =
        "      - name: pgwal\n        persistentVolumeClaim: {claimName: hippo-wal}\nstatus:";
    let mounts = with(&deployment("hippo", 1), "status:", volume);
    let late = claim("hippo-wal").replace("00:00:00Z", "00:11:00Z");
    let world = World::complete(&stream(&[&with_wal(), &mounts, &claim("hippo"), &late]));
    assert_eq!(world.says("walClaim.name"), "\"hippo-wal\"");
    assert_eq!(world.says("walClaim.addedLater"), "true");
    assert_eq!(
        world.says("replicas.claims"),
        "[]",
        "the WAL claim is no data claim"
    );
    let soon = claim("hippo-wal").replace("00:00:00Z", "00:00:03Z");
    let world = World::complete(&stream(&[&with_wal(), &mounts, &claim("hippo"), &soon]));
    assert_eq!(world.says("walClaim.addedLater"), "false");
    let ageless = claim("hippo-wal").replace("  creationTimestamp: '2022-01-01T00:00:00Z'\n", "");
    let world = World::complete(&stream(&[&with_wal(), &mounts, &claim("hippo"), &ageless]));
    assert_eq!(world.says("walClaim.addedLater"), "unknown");
    // Unseen, it is what the spec asks for.
    assert_eq!(
        World::partial(&with_wal()).says("walClaim.name"),
        "\"hippo-wal\""
    );
}

#[test]
fn a_deployment_that_shows_no_volumes_proves_none() {
    let bare = with(
        &deployment("hippo", 1),
        "      volumes:\n      - name: pgdata\n        persistentVolumeClaim: {claimName: hippo}\n",
        "",
    );
    let world = World::complete(&stream(&[&with_wal(), &bare]));
    assert_eq!(world.says("walClaim.name"), "\"hippo-wal\"");
    assert_eq!(world.says("dataClaim.name"), "\"hippo\"");
}

#[test]
fn a_claim_being_deleted_stays_bound_while_mounted() {
    // Worked example 23.
    let going = with(
        &claim("hippo"),
        "  uid:",
        "  deletionTimestamp: '2023-06-01T00:00:00Z'\n  uid:",
    );
    let world = World::complete(&stream(&[PGCLUSTER, &deployment("hippo", 1), &going]));
    assert_eq!(world.says("dataClaim.deleting"), "true");
    assert_eq!(world.says("dataClaim.phase"), "\"Bound\"");
    assert_eq!(
        world.points_at("dataClaim.deleting"),
        "'2023-06-01T00:00:00Z'"
    );
}

#[test]
fn only_the_label_says_whose_claim_it_is() {
    // Two clusters whose names begin alike, and one called like a WAL claim.
    let other = claim("hippo-test").replace("pg-cluster: hippo", "pg-cluster: hippo-test");
    let world = World::complete(&stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &claim("hippo"),
        &other,
    ]));
    assert_eq!(world.says("replicas.claims"), "[]");
    let wal = claim("hippo-wal").replace("pg-cluster: hippo", "pg-cluster: hippo-wal");
    let wal_of_wal = claim("hippo-wal-wal").replace("pg-cluster: hippo", "pg-cluster: hippo-wal");
    let world = World::complete(&stream(&[&claim("hippo"), &wal, &wal_of_wal]));
    let name = |cluster| crate::fact::v4::testing::show(&world.fact(cluster, "dataClaim.name"));
    assert_eq!(name("hippo"), "\"hippo\"");
    assert_eq!(name("hippo-wal"), "\"hippo-wal\"");
}

#[test]
fn claims_that_scaling_down_left_are_told_apart() {
    let yaml = stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &claim("hippo"),
        &claim("hippo-abcd"),
        &claim("hippo-pgbr-repo"),
        &claim("hippo-pgadmin"),
        &claim("backup-hippo-pgdump-pvc"),
        &claim("hippo-backup"),
    ]);
    let world = World::complete(&yaml);
    assert_eq!(world.says("replicas.claims"), "[\"hippo-abcd\"]");
    assert_eq!(world.says("replicas.present"), "false");
    // The Jobs that made them, or read them, mount them under the name of an instance's data.
    let job = |label: &str, claim: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {label}-hippo, namespace: pgo, labels: {{vendor: crunchydata, pg-cluster: hippo, {label}: 'true'}}}}\n\
             spec: {{template: {{spec: {{volumes: [{{name: pgdata, persistentVolumeClaim: {{claimName: {claim}}}}}]}}}}}}\nstatus: {{succeeded: 1}}\n"
        )
    };
    let jobs = [
        job("pgdump", "backup-hippo-pgdump-pvc"),
        job("pgrestore", "backup-hippo-pgdump-pvc"),
        job("pgbackup", "hippo-backup"),
        job("pgo-backrest-restore", "hippo-abcd"),
    ];
    let with_jobs = World::complete(&stream(&[&yaml, &jobs.join("---\n")]));
    assert_eq!(with_jobs.says("replicas.claims"), "[\"hippo-abcd\"]");
    assert_eq!(
        World::without("PersistentVolumeClaim", &yaml).says("replicas.claims"),
        "unknown"
    );
}

#[test]
fn the_class_is_the_claims_not_the_specs() {
    let cluster = PGCLUSTER.replace(
        "storagetype: dynamic, storageclass: fast",
        "storagetype: create, storageclass: ignored",
    );
    let world = World::complete(&stream(&[
        &cluster,
        &deployment("hippo", 1),
        &claim("hippo"),
        CLASS,
    ]));
    assert_eq!(world.says("dataClaim.class"), "\"fast\"");
    assert_eq!(world.says("dataClaim.accessModes"), "[\"ReadWriteOnce\"]");
    assert_eq!(world.says("dataClaim.expandable"), "true");
    let unseen = World::without(
        "StorageClass",
        &stream(&[&cluster, &deployment("hippo", 1), &claim("hippo")]),
    );
    assert_eq!(unseen.says("dataClaim.expandable"), "unknown");
    let ask = unseen.asks("dataClaim.expandable");
    assert!(
        ask.contains("ClusterRole with get on storageclasses of storage.k8s.io"),
        "{ask}"
    );
}

#[test]
fn a_volume_out_of_sight_leaves_its_policy_unknown() {
    let yaml = stream(&[PGCLUSTER, &deployment("hippo", 1), &claim("hippo")]);
    let bound = yaml
        .split("---\napiVersion: v1\nkind: PersistentVolume\n")
        .next()
        .unwrap_or_default()
        .to_owned();
    let ask = "kubectl get persistentvolume pv-hippo -o yaml # needs a ClusterRole with get on persistentvolumes";
    let world = World::without("PersistentVolume", &bound);
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "unknown");
    assert_eq!(world.asks("dataClaim.fsGroup"), ask);
    // Even where all volumes are said to be seen: a bound claim has one.
    let world = World::complete(&bound);
    assert_eq!(world.says("dataClaim.reclaimPolicy"), "unknown");
    assert_eq!(world.asks("dataClaim.volumePhase"), ask);
}

#[test]
fn a_volume_reserved_for_another_claim_is_named() {
    let base = stream(&[PGCLUSTER, &deployment("hippo", 1)]);
    let taken = with(
        &claim("hippo"),
        "claimRef: {namespace: pgo, name: hippo,",
        "claimRef: {namespace: pgo, name: other,",
    );
    let world = World::complete(&stream(&[&base, &taken]));
    assert_eq!(world.says("dataClaim.volumeClaimedBy"), "\"pgo/other\"");
    let anew = with(
        &claim("hippo"),
        "name: hippo, uid: u-hippo}",
        "name: hippo, uid: u-before}",
    );
    let world = World::complete(&stream(&[&base, &anew]));
    assert!(
        world
            .says("dataClaim.volumeClaimedBy")
            .contains("earlier claim")
    );
}

#[test]
fn a_claim_without_status_has_no_known_phase() {
    let stripped = with(
        &claim("hippo"),
        "status: {phase: Bound, capacity: {storage: 2Gi}}\n",
        "",
    );
    let world = World::complete(&stream(&[PGCLUSTER, &deployment("hippo", 1), &stripped]));
    assert_eq!(world.says("dataClaim.phase"), "unknown");
}

#[test]
fn an_owner_counts_when_it_controls() {
    let owned = |controller| {
        let owners = format!(
            "  ownerReferences:\n  - {{kind: PostgresCluster, name: hippo, controller: {controller}}}\n  uid:"
        );
        let owned = with(&claim("hippo"), "  uid:", &owners);
        World::complete(&stream(&[PGCLUSTER, &deployment("hippo", 1), &owned]))
            .says("dataClaim.owner")
    };
    assert_eq!(owned(true), "\"PostgresCluster/hippo\"");
    assert_eq!(owned(false), "\"\"");
}

#[test]
fn who_mounts_the_claim_is_known_when_all_pods_are() {
    let stranger = pod("stranger", "none")
        .replace("pg-cluster: hippo", "pg-cluster: x")
        .replace("claimName: stranger", "claimName: hippo");
    let yaml = stream(&[
        PGCLUSTER,
        &deployment("hippo", 1),
        &claim("hippo"),
        &stranger,
    ]);
    let world = World::complete(&yaml);
    assert_eq!(
        world.says("dataClaim.mountedByOthers"),
        "[\"Pod stranger-5d8f6bbc7d-x2x4z\"]"
    );
    let world = World::without("Pod", &yaml);
    assert_eq!(world.says("dataClaim.mountedByOthers"), "unknown");
    assert_eq!(world.says("dataClaim.mountedElsewhere"), "true");
    let quiet = stream(&[PGCLUSTER, &deployment("hippo", 0), &claim("hippo")]);
    assert_eq!(World::complete(&quiet).says("dataClaim.mountedBy"), "[]");
    assert_eq!(
        World::without("Pod", &quiet).says("dataClaim.mountedElsewhere"),
        "unknown"
    );
}

#[test]
fn the_repository_claim_exists_for_s3_too_and_can_be_missing() {
    let world = World::complete(&stream(&[PGCLUSTER, REPO_HOST, &claim("hippo-pgbr-repo")]));
    assert_eq!(world.says("repoClaim.exists"), "true");
    assert_eq!(world.points_at("repoClaim.name"), "hippo-pgbr-repo");
    let world = World::complete(&stream(&[PGCLUSTER, REPO_HOST]));
    assert_eq!(world.says("repoClaim.exists"), "false");
    assert_eq!(world.says("repoClaim.storage"), "\"claim\"");
    let without =
        with(PGCLUSTER, "labels: {", "labels: {pgo-backrest: 'false', ").replace("4.7.10", "4.1.2");
    assert_eq!(
        World::complete(&without).says("repoClaim.storage"),
        "\"none\""
    );
}

#[test]
fn tablespaces_come_from_the_spec_or_from_what_is_left() {
    let cluster = with(
        PGCLUSTER,
        "tablespaceMounts: {}",
        "tablespaceMounts: {lake: {size: 1Gi}}",
    );
    let world = World::partial(&cluster);
    assert_eq!(world.says("tablespaces.names"), "[\"lake\"]");
    let left = stream(&[&claim("hippo"), &claim("hippo-tablespace-lake")]);
    let world = World::complete(&left);
    assert_eq!(world.says("tablespaces.names"), "[\"lake\"]");
    assert_eq!(
        world.says("primary.name"),
        "\"hippo\"",
        "a tablespace's claim is no data claim"
    );
    let world = World::partial(&left);
    assert_eq!(world.says("tablespaces.present"), "true");
    assert_eq!(world.says("tablespaces.names"), "unknown");
}

#[test]
fn words_that_kubernetes_does_not_have_are_unknown() {
    for (from, to, fact) in [
        (
            "persistentVolumeReclaimPolicy: Retain",
            "persistentVolumeReclaimPolicy: 3",
            "reclaimPolicy",
        ),
        (
            "persistentVolumeReclaimPolicy: Retain",
            "persistentVolumeReclaimPolicy: retain",
            "reclaimPolicy",
        ),
        (
            "volumeHandle: vol-1}\n  persistentVolumeReclaimPolicy: Retain\nstatus: {phase: Bound}",
            "volumeHandle: vol-1}\n  persistentVolumeReclaimPolicy: Retain\nstatus: {phase: bound}",
            "volumePhase",
        ),
    ] {
        let text = with(&claim("hippo"), from, to);
        let all = [
            PGCLUSTER,
            &deployment("hippo", 1),
            &pod("hippo", "master"),
            &text,
        ];
        let world = World::complete(&stream(&all));
        assert_eq!(world.says(&format!("dataClaim.{fact}")), "unknown", "{to}");
    }
}
