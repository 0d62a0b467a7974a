//! Who a draft is, what it is shaped for, what it adopts, what exists already.

use super::super::FACTS;
use super::super::testing::{Desk, draft, expect};
use super::{VOLUMES, alone};
use crate::fact::v4::testing::claim;

#[test]
fn no_two_facts_share_a_name() {
    assert_eq!(FACTS.duplicate(), None);
}

#[test]
fn who_it_is() {
    let desk = alone("  port: 5432\n");
    expect(
        &desk,
        &[
            ("draft.name", "\"hippo\""),
            ("draft.nameLength", "5"),
            ("draft.namespace", "\"pgo\""),
            ("draft.apiVersion", "\"v1beta1\""),
            ("draft.live", "false"),
        ],
    );
    let homeless = draft("  port: 5432\n").replace("  namespace: pgo\n", "");
    let desk = Desk::of(&[&homeless]);
    assert_eq!(desk.says("draft.namespace"), "unknown");
    assert!(desk.asks("draft.namespace").contains("metadata.namespace"));
}

#[test]
fn the_volumes_it_adopts() {
    let desk = alone(VOLUMES);
    expect(
        &desk,
        &[
            ("draft.volumes.given", "true"),
            (
                "draft.volumes.names",
                "[\"hippo-jgut\", \"hippo-pgbr-repo\"]",
            ),
            ("draft.volumes.data.given", "true"),
            ("draft.volumes.data.name", "\"hippo-jgut\""),
            ("draft.volumes.data.directory", "\"old\""),
            ("draft.volumes.wal.given", "false"),
            ("draft.volumes.wal.name", "\"\""),
            ("draft.volumes.repo.directory", "\"\""),
            ("draft.methods", "[\"volumes\"]"),
            ("draft.method", "\"volumes\""),
            ("draft.migration", "true"),
            ("draft.fresh", "false"),
        ],
    );
    assert_eq!(
        desk.points_at("draft.methods"),
        ["pgDataVolume", "pgBackRestVolume"]
    );
    assert_eq!(desk.first_place("draft.volumes.data.directory"), "old");
    assert_eq!(
        desk.first_place("draft.volumes.repo.directory"),
        "pgBackRestVolume"
    );
    assert_eq!(desk.first_place("draft.volumes.wal.name"), "volumes");
}

#[test]
fn each_method_is_known_by_its_shape_and_several_are_mixed() {
    let method = |spec: &str| alone(spec).says("draft.methods");
    let restore = "  dataSource: {postgresCluster: {repoName: repo1}}\n";
    assert_eq!(method(restore), "[\"backups\"]");
    assert_eq!(
        method("  dataSource: {pgbackrest: {stanza: db}}\n"),
        "[\"backups\"]"
    );
    assert_eq!(method("  standby: {}\n"), "[\"standby\"]");
    assert_eq!(method("  standby: {enabled: false}\n"), "[]");
    assert_eq!(method("  port: 5432\n"), "[]");
    // The recipe for backups on a volume.
    let on_volume = "  dataSource: {postgresCluster: {repoName: repo1}, volumes: {pgBackRestVolume: {pvcName: x}}}\n";
    assert_eq!(method(on_volume), "[\"backups\"]");
    let both = "  dataSource: {postgresCluster: {repoName: repo1}, volumes: {pgDataVolume: {pvcName: x}}}\n";
    assert_eq!(method(both), "[\"volumes\", \"backups\"]");
    assert_eq!(alone(both).says("draft.method"), "\"mixed\"");
    let standby = format!("{restore}  standby: {{enabled: true, repoName: repo1}}\n");
    assert_eq!(method(&standby), "[\"backups\", \"standby\"]");
}

#[test]
fn a_source_of_another_shape_makes_the_method_unknown() {
    let desk = alone("  dataSource: [volumes]\n");
    assert_eq!(desk.says("draft.methods"), "unknown");
    assert!(desk.asks("draft.methods").contains("correct the field"));
}

#[test]
fn misspelt_sources_leave_a_fresh_cluster() {
    for (spec, pruned, place) in [
        (
            "  dataSource: {existingVolumes: {pgDataVolume: {pvcName: x}}}\n",
            "[{place: \"spec.dataSource.existingVolumes\"}]",
            "existingVolumes",
        ),
        (
            "  datasource: {volumes: {}}\n",
            "[{place: \"spec.datasource\"}]",
            "datasource",
        ),
        (
            "  dataSource: {Volumes: {}}\n",
            "[{place: \"spec.dataSource.Volumes\"}]",
            "Volumes",
        ),
        (
            "  dataSource: {volumes: {pgdataVolume: {pvcName: x}}}\n",
            "[{place: \"spec.dataSource.volumes.pgdataVolume\"}]",
            "pgdataVolume",
        ),
    ] {
        let desk = alone(spec);
        assert_eq!(desk.says("draft.prunedSources"), pruned, "{spec}");
        let places = desk.points_at("draft.prunedSources");
        assert!(places.iter().any(|at| at == place), "{spec}: {places:?}");
        assert_eq!(desk.says("draft.fresh"), "true", "{spec}");
        assert_eq!(desk.says("draft.migration"), "true", "{spec}");
    }
    let top = draft("  port: 5432\n") + "dataSource: {volumes: {}}\n";
    assert_eq!(
        Desk::of(&[&top]).says("draft.prunedSources"),
        "[{place: \"dataSource\"}]"
    );
    let fine = alone("  dataSource: {volumes: {pgDataVolume: {pvcName: x}}}\n");
    assert_eq!(fine.says("draft.prunedSources"), "[]");
    let nothing = alone("  port: 5432\n");
    expect(
        &nothing,
        &[
            ("draft.prunedSources", "[]"),
            ("draft.fresh", "true"),
            ("draft.migration", "false"),
        ],
    );
}

#[test]
fn standby_sections() {
    let desk = alone("  standby: {repoName: repo1, host: db.example.com, port: 5433}\n");
    expect(
        &desk,
        &[
            ("draft.standby.given", "true"),
            ("draft.standby.enabled", "true"),
            ("draft.standby.repoName", "\"repo1\""),
            ("draft.standby.host", "\"db.example.com\""),
            ("draft.standby.port", "5433"),
        ],
    );
    assert_eq!(desk.first_place("draft.standby.enabled"), "standby");
    let off = alone("  standby: {enabled: false, repoName: repo1}\n");
    expect(
        &off,
        &[
            ("draft.standby.given", "true"),
            ("draft.standby.enabled", "false"),
            ("draft.fresh", "true"),
            ("draft.migration", "true"),
        ],
    );
    assert_eq!(off.first_place("draft.standby.enabled"), "false");
    assert_eq!(alone("  port: 1\n").says("draft.standby.given"), "false");
}

#[test]
fn instance_sets_and_their_claims() {
    let desk = alone(
        "  instances:
  - name: primary
    replicas: 2
    tolerations: [{operator: Exists}]
    dataVolumeClaimSpec:
      accessModes: [ReadWriteOnce]
      storageClassName: fast
      resources: {requests: {storage: 5Gi}}
      volumeName: pv-1
  - dataVolumeClaimSpec: {}
    walVolumeClaimSpec: {resources: {requests: {storage: 1Gi}}}
    tablespaceVolumes: [{name: archive}]
",
    );
    expect(
        &desk,
        &[
            ("draft.instanceNames", "[\"primary\", \"01\"]"),
            ("draft.replicas", "3"),
            ("draft.tolerations", "true"),
            ("draft.affinity", "false"),
            (
                "draft.tablespaceVolumes",
                "[{set: \"01\", name: \"archive\", leftOut: \"all\", leftOutBy: \"5.4.0 and later\"}]",
            ),
            ("draft.dataClaim.given", "true"),
            ("draft.dataClaim.size", "\"5Gi\""),
            ("draft.dataClaim.class", "\"fast\""),
            ("draft.dataClaim.accessModes", "[\"ReadWriteOnce\"]"),
            ("draft.dataClaim.volumeMode", "\"Filesystem\""),
            ("draft.dataClaim.shortcuts", "[\"volumeName\"]"),
            ("draft.walClaim.given", "false"),
            ("draft.walClaim.size", "\"\""),
            ("draft.repoClaim.given", "false"),
        ],
    );
    assert_eq!(desk.first_place("draft.dataClaim.size"), "5Gi");
    assert_eq!(desk.first_place("draft.walClaim.given"), "primary");
    assert_eq!(desk.first_place("draft.dataClaim.shortcuts"), "volumeName");
    let sets = desk.says("draft.instances");
    let first = "[{nameLength: 7, replicas: 2, wal: false, tolerations: true, affinity: false";
    assert!(sets.starts_with(first), "{sets}");
    let specs = desk.says("draft.claimSpecs");
    let place =
        "place: \"spec.instances[primary].dataVolumeClaimSpec\", shortcuts: [\"volumeName\"]";
    assert!(specs.contains(place), "{specs}");
    expect(
        &alone("  port: 1\n"),
        &[
            ("draft.instances", "[]"),
            ("draft.replicas", "0"),
            ("draft.dataClaim.given", "false"),
        ],
    );
    assert_eq!(
        alone("  instances: {name: a}\n").says("draft.instances"),
        "unknown"
    );
}

#[test]
fn what_exists_already() {
    let live = draft("  port: 1\n")
        + "status: {patroni: {systemIdentifier: '7'}, conditions: [{type: PostgresDataInitialized, status: 'True'}]}\n";
    let mine = draft(VOLUMES);
    let job = |name: &str, ended: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}, namespace: pgo}}\nstatus: {{conditions: [{{type: {ended}, status: 'True'}}]}}\n"
        )
    };
    let endpoints = "apiVersion: v1\nkind: Endpoints\nmetadata: {name: hippo-ha, namespace: pgo}\n";
    let claim = claim("hippo").replace(
        "pgremove: 'true'",
        "postgres-operator.crunchydata.com/cluster: hippo",
    );
    let unseen = Desk::of(&[&mine]);
    expect(
        &unseen,
        &[
            ("draft.existing", "unknown"),
            ("draft.moveJobs", "unknown"),
            ("draft.leftovers", "unknown"),
            ("draft.doubleLabelled", "unknown"),
        ],
    );
    let desk = Desk::complete(&[
        &mine,
        &job("hippo-move-pgdata-dir", "Complete"),
        endpoints,
        &claim,
    ]);
    expect(
        &desk,
        &[
            ("draft.existing", "\"absent\""),
            ("draft.existingConditions", "[]"),
            (
                "draft.moveJobs",
                "[{name: \"hippo-move-pgdata-dir\", state: \"complete\"}]",
            ),
            ("draft.leftovers", "[{object: \"Endpoints hippo-ha\"}]"),
            ("draft.doubleLabelled", "[{name: \"hippo\"}]"),
        ],
    );
    let judged = Desk::of(&[&live]).lint_live();
    expect(
        &judged,
        &[
            ("draft.live", "true"),
            ("draft.existing", "\"bootstrapped\""),
            (
                "draft.existingConditions",
                "[\"PostgresDataInitialized=True\"]",
            ),
        ],
    );
    assert_eq!(judged.first_place("draft.existing"), "'7'");
}

#[test]
fn targets_are_those_the_draft_can_be_applied_to() {
    let first = |desk: &Desk| {
        let releases = desk.says("target.releases");
        releases.split('"').nth(1).unwrap_or_default().to_owned()
    };
    assert_eq!(first(&alone("  backups: {pgbackrest: {}}\n")), "5.0.3");
    let streaming = alone("  backups: {pgbackrest: {}}\n  standby: {host: x}\n");
    assert_eq!(first(&streaming), "5.2.0");
    assert_eq!(streaming.says("target.known"), "false");
    let named = alone("  standby: {host: x}\n").target("5.1.0");
    assert_eq!(
        (first(&named).as_str(), named.says("target.known").as_str()),
        ("5.1.0", "true")
    );
}

#[test]
fn a_patch_is_told_from_a_whole_cluster() {
    for (spec, fragment) in [
        ("  shutdown: true\n", "true"),
        ("  postgresVersion: 13\n  image: x\n", "true"),
        ("  instances: [{}]\n  service: {}\n", "true"),
        ("  instances: [{}]\n  postgresVersion: 17\n", "false"),
        // Some of each.
        (
            "  instances: [{name: a, replicas: 3}]\n  backups: {pgbackrest: {global: {a: b}}}\n",
            "true",
        ),
        (
            "  postgresVersion: 17\n  instances: [{name: a, replicas: 3}]\n  backups: {pgbackrest: {global: {a: b}}}\n",
            "true",
        ),
        (
            "  postgresVersion: 17\n  backups: {pgbackrest: {global: {a: b}}}\n",
            "true",
        ),
        (
            "  postgresVersion: 17\n  instances: [{$patch: delete, name: a}]\n",
            "true",
        ),
        ("  port: ~\n", "true"),
        // One thing is forgotten or misspelt.
        (
            "  instances: [{name: a, dataVolumeClaimSpec: {}}]\n  backups: {pgbackrest: {repos: []}}\n",
            "false",
        ),
        (
            "  postgresVersion: 17\n  instances: [{name: a, dataVolumesClaimSpec: {}}]\n  backups: {pgbackrest: {global: {a: b}}}\n",
            "false",
        ),
        (
            "  postgresversion: 17\n  instance: [{name: a}]\n  backups: {pgbackrest: {repo: []}}\n",
            "false",
        ),
        (
            "  postgresVersion: 13\n  backups: {pgbackrest: {}}\n",
            "false",
        ),
    ] {
        assert_eq!(alone(spec).says("draft.fragment"), fragment, "{spec}");
    }
    for spec in ["99", "text", "[a]"] {
        let text = draft("").replace("spec:\n", &format!("spec: {spec}\n"));
        let desk = Desk::of(&[&text]);
        assert_eq!(desk.says("draft.fragment"), "false", "{spec}");
    }
}
