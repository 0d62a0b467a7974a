//! Which cluster a draft is paired with, and by what evidence.

use super::super::testing::{Desk, draft};
use super::*;
use crate::fact::spec::{drafts, linted};
use crate::fact::v4::testing::{PGCLUSTER, World, claim};

/// A Pgcluster and nothing else.
fn pgcluster(namespace: &str, name: &str) -> String {
    format!(
        "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata:\n  name: {name}\n  namespace: {namespace}\n  annotations: {{current-primary: {name}}}\n  labels: {{pgo-version: 4.7.10}}\nspec:\n  PrimaryStorage: {{storagetype: dynamic, name: {name}}}\n"
    )
}

/// A claim that bears v4's labels.
fn labelled(namespace: &str, name: &str, cluster: &str) -> String {
    format!(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata:\n  name: {name}\n  namespace: {namespace}\n  labels: {{vendor: crunchydata, pg-cluster: {cluster}}}\n"
    )
}

/// A draft of this namespace and name.
fn named(namespace: Option<&str>, name: &str, spec: &str) -> String {
    let head = draft(spec).replace("name: hippo\n", &format!("name: {name}\n"));
    match namespace {
        Some(namespace) => head.replace("namespace: pgo\n", &format!("namespace: {namespace}\n")),
        None => head.replace("  namespace: pgo\n", ""),
    }
}

const ADOPTS: &str =
    "  dataSource: {volumes: {pgDataVolume: {pvcName: hippo-jgut, directory: hippo-jgut}}}\n";
const FOLLOWS: &str = "  standby: {enabled: true, repoName: repo1}\n";

#[test]
fn by_the_label_of_the_claim_it_adopts_whatever_its_own_name() {
    let desk = Desk::of(&[
        &named(Some("pgo"), "rhino", ADOPTS),
        &pgcluster("pgo", "hippo"),
        &labelled("pgo", "hippo-jgut", "hippo"),
    ]);
    assert_eq!(desk.says("pair.name"), "\"hippo\"");
    assert_eq!(desk.says("pair.sameName"), "false");
    assert_eq!(
        desk.says("pair.why"),
        "\"pgDataVolume names its claim hippo-jgut; it is in the same namespace\""
    );
    let places = desk.points_at("pair.why");
    assert!(
        places.starts_with(&["hippo-jgut".to_owned(), "hippo".to_owned()]),
        "{places:?}"
    );
}

#[test]
fn the_claim_outranks_the_name() {
    let desk = Desk::of(&[
        &named(Some("pgo"), "hippo", ADOPTS),
        &pgcluster("pgo", "hippo"),
        &pgcluster("pgo", "rhino"),
        &labelled("pgo", "hippo-jgut", "rhino"),
    ]);
    assert_eq!(desk.says("pair.name"), "\"rhino\"");
}

#[test]
fn claims_are_looked_up_in_the_drafts_namespace_first() {
    let two = |namespace| {
        Desk::of(&[
            &named(namespace, "hippo", ADOPTS),
            &pgcluster("a", "hippo"),
            &pgcluster("b", "zebra"),
            &labelled("a", "hippo-jgut", "hippo"),
            &labelled("b", "hippo-jgut", "zebra"),
        ])
    };
    assert_eq!(two(Some("b")).says("pair.name"), "\"zebra\"");
    // Without a namespace the name decides.
    assert_eq!(two(None).says("pair.name"), "\"hippo\"");
    // In a third namespace it can only be a mistake in the namespace, and the name decides again.
    let third = two(Some("c"));
    assert_eq!(third.says("pair.name"), "\"hippo\"");
    assert_eq!(third.says("pair.sameNamespace"), "false");
}

#[test]
fn by_the_claim_that_the_facts_name_although_no_claim_was_exported() {
    let desk = Desk::of(&[
        &named(Some("pgo"), "rhino", &ADOPTS.replace("hippo-jgut", "hippo")),
        PGCLUSTER,
    ]);
    assert_eq!(desk.says("pair.name"), "\"hippo\"");
}

#[test]
fn by_name_in_the_same_namespace_or_where_none_is_written() {
    for namespace in [Some("pgo"), None] {
        let desk = Desk::of(&[&named(namespace, "hippo", "  port: 5432\n"), PGCLUSTER]);
        assert_eq!(desk.says("pair.known"), "true", "{namespace:?}");
    }
}

#[test]
fn by_name_in_another_namespace_only_for_a_migration() {
    let elsewhere = |spec| Desk::of(&[&named(Some("v5"), "hippo", spec), PGCLUSTER]);
    assert_eq!(elsewhere("  port: 5432\n").says("pair.known"), "false");
    assert_eq!(elsewhere(FOLLOWS).says("pair.known"), "true");
}

#[test]
fn two_that_fit_equally_well_stay_unpaired() {
    let desk = Desk::of(&[
        &named(None, "hippo", FOLLOWS),
        &pgcluster("a", "hippo"),
        &pgcluster("b", "hippo"),
    ]);
    assert_eq!(desk.says("pair.known"), "false");
    assert_eq!(desk.says("pair.candidates"), "[\"a/hippo\", \"b/hippo\"]");
    assert_eq!(desk.says("pair.name"), "unknown");
    assert_eq!(desk.says("v4.cluster.name"), "unknown");
    assert_eq!(
        desk.asks("v4.cluster.name"),
        "--pair hippo=a/hippo, or whichever of them it is"
    );
    let settled = desk.pair("hippo=b/hippo");
    assert_eq!(settled.says("pair.namespace"), "\"b\"");
    assert_eq!(settled.says("pair.candidates"), "[]");
    assert_eq!(settled.says("pair.why"), "\"--pair names b/hippo\"");
}

#[test]
fn the_flag_outranks_all_evidence_and_may_give_the_namespace() {
    let documents = [
        named(None, "hippo", ADOPTS),
        pgcluster("pgo", "hippo"),
        pgcluster("pgo", "rhino"),
        labelled("pgo", "hippo-jgut", "hippo"),
    ];
    let texts: Vec<&str> = documents.iter().map(String::as_str).collect();
    assert_eq!(Desk::of(&texts).says("draft.namespace"), "unknown");
    let desk = Desk::of(&texts).pair("pgo/hippo=pgo/rhino");
    assert_eq!(desk.says("pair.name"), "\"rhino\"");
    assert_eq!(desk.says("draft.namespace"), "\"pgo\"");
    assert_eq!(desk.says("pair.sameNamespace"), "true");
    let other = Desk::of(&texts).pair("other=pgo/rhino");
    assert_eq!(other.says("pair.name"), "\"hippo\"");
}

#[test]
fn a_flag_that_names_no_cluster_of_the_input_leaves_the_draft_unpaired() {
    let desk = Desk::of(&[&named(Some("pgo"), "hippo", ADOPTS), PGCLUSTER]).pair("hippo=pgo/rhino");
    assert_eq!(desk.says("pair.known"), "false");
    assert!(desk.asks("v4.cluster.name").contains("correct --pair"));
}

#[test]
fn without_any_cluster_all_about_it_is_unknown() {
    let desk = Desk::of(&[&named(Some("pgo"), "hippo", ADOPTS)]);
    assert_eq!(desk.says("pair.known"), "false");
    assert_eq!(desk.says("pair.why"), "\"\"");
    assert!(
        desk.asks("v4.dataClaim.name")
            .contains("--pair hippo=NAMESPACE/CLUSTER")
    );
}

#[test]
fn facts_of_the_cluster_are_asked_for_under_v4() {
    let desk = Desk::of(&[
        &named(Some("pgo"), "hippo", ADOPTS),
        PGCLUSTER,
        &claim("hippo"),
    ]);
    assert_eq!(desk.says("v4.cluster.name"), "\"hippo\"");
    assert_eq!(desk.says("v4.dataClaim.size"), "\"1Gi\"");
}

#[test]
fn clusters_of_other_origins_are_candidates() {
    let ours = World::partial(&named(Some("pgo"), "rhino", ADOPTS));
    let theirs = World::in_origin(
        1,
        &[PGCLUSTER, &labelled("pgo", "hippo-jgut", "hippo")].join("\n---\n"),
    );
    let twins = World::in_origin(
        2,
        &[PGCLUSTER, &labelled("pgo", "hippo-jgut", "hippo")].join("\n---\n"),
    );
    let (inventory, run, surroundings) = ours.parts();
    let clusters = theirs.clusters();
    let one = Candidates::of(&clusters);
    let found = drafts(inventory, run, surroundings, &one, &[], linted(false));
    assert_eq!(found[0].pairing.pair().unwrap().label(), "pgo/hippo");
    let others = twins.clusters();
    let both = Candidates::of(clusters.iter().chain(&others));
    let found = drafts(inventory, run, surroundings, &both, &[], linted(false));
    assert!(found[0].pairing.pair().is_none());
    let gap = found[0].pairing.gap().unwrap();
    assert!(gap.ask.contains("leave all but one"), "{gap:?}");
}

#[test]
fn live_clusters_are_judged_only_when_asked_for() {
    let live = named(Some("pgo"), "hippo", "  port: 5432\n") + "status: {observedGeneration: 1}\n";
    let world = World::partial(&live);
    let (inventory, run, surroundings) = world.parts();
    let none = Candidates::default();
    let count = |live| drafts(inventory, run, surroundings, &none, &[], linted(live)).len();
    assert_eq!((count(false), count(true)), (0, 1));
}

#[test]
fn flags_are_read_strictly() {
    let show = |text| PairFlag::parse(text).map(|flag| flag.to_string());
    assert_eq!(show("hippo=pgo/hippo").unwrap(), "hippo=pgo/hippo");
    assert_eq!(
        show(" v5/hippo = pgo/rhino ").unwrap(),
        "v5/hippo=pgo/rhino"
    );
    for text in [
        "",
        "hippo",
        "hippo=rhino",
        "=a/b",
        "a=/b",
        "a=b/",
        "/a=b/c",
        "a=b/c/d",
        "a=b=c/d",
        "a b=c/d",
    ] {
        let error = show(text).unwrap_err().to_string();
        assert!(error.contains("DRAFT=NAMESPACE/CLUSTER"), "{text}");
    }
}

#[test]
fn a_restored_cluster_of_another_name_is_paired_by_its_database_once_its_source_is_gone() {
    let v4 = "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata: {name: hippo, namespace: pgo}\nspec: {clustername: hippo}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: hippo, namespace: pgo, labels: {pg-cluster: hippo, pgo-pg-database: \"true\", vendor: crunchydata}}\nspec: {template: {spec: {containers: [{name: database, env: [{name: PATRONI_SCOPE, value: hippo}]}]}}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: hippo-config, namespace: pgo, labels: {crunchy-pgha-scope: hippo, vendor: crunchydata}, annotations: {initialize: \"7000000000000000001\"}}";
    let living = |identifier: &str| {
        format!(
            "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: {{name: rhino, namespace: pgo, uid: 0b5d}}\nspec: {{postgresVersion: 13}}\nstatus: {{patroni: {{systemIdentifier: \"{identifier}\"}}}}"
        )
    };
    let known = |identifier: &str| {
        Desk::of(&[v4, &living(identifier)])
            .lint_live()
            .says("pair.known")
    };
    assert_eq!(known("7000000000000000001"), "true");
    assert_eq!(known("7000000000000000099"), "false");
}

/// A Pgcluster that archives to the bucket backups.
fn in_bucket(namespace: &str, name: &str) -> String {
    pgcluster(namespace, name)
        + "  backrestStorageTypes: [s3]\n  backrestS3Bucket: backups\n  backrestS3Endpoint: s3.example.com\n  backrestS3Region: eu-1\n"
}

/// What makes a draft a whole manifest, and no patch.
const WHOLE: &str = "  postgresVersion: 13\n  instances: [{name: db, dataVolumeClaimSpec: {}}]\n";

/// A whole draft of this namespace and name.
fn whole(namespace: Option<&str>, name: &str, spec: &str) -> String {
    named(namespace, name, &format!("{WHOLE}{spec}"))
}

/// A standby that follows this path of the bucket backups.
fn follows(path: &str) -> String {
    format!(
        "{FOLLOWS}  backups: {{pgbackrest: {{global: {{repo1-path: {path}}}, repos: [{{name: repo1, s3: {{bucket: backups, endpoint: s3.example.com, region: eu-1}}}}]}}}}\n"
    )
}

#[test]
fn a_wrong_path_does_not_keep_the_successor_from_its_cluster() {
    let why = |name: &str, path: &str, others: &[&str]| {
        let mut documents = vec![
            whole(Some("pgo"), name, &follows(path)),
            in_bucket("pgo", "hippo"),
        ];
        documents.extend(others.iter().map(|text| (*text).to_owned()));
        let texts: Vec<&str> = documents.iter().map(String::as_str).collect();
        Desk::of(&texts).says("pair.why")
    };
    let successor = why("hippo-v5", "/pgbackrest/repo1", &[]);
    assert!(successor.contains("successor of hippo"), "{successor}");
    let typo = why("shop", "/backrestrepo/hipo-backrest-shared-repo", &[]);
    assert!(typo.contains("nobody else"), "{typo}");
    // Two behind the bucket, a cluster that is gone, a path of v5: nothing is likely.
    let second = in_bucket("pgo", "rhino");
    let of_v5 = whole(
        Some("pgo"),
        "zebra",
        &follows("/pgbackrest/zebra").replace(FOLLOWS, ""),
    );
    for (name, path, other) in [
        (
            "shop",
            "/backrestrepo/hipo-backrest-shared-repo",
            second.as_str(),
        ),
        ("gone", "/backrestrepo/gone-backrest-shared-repo", ""),
        ("shop", "/pgbackrest/zebra", ""),
        ("hippo-v5", "/pgbackrest/zebra", of_v5.as_str()),
    ] {
        let others: Vec<&str> = Some(other)
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect();
        assert_eq!(why(name, path, &others), "\"\"", "{name} {path}");
    }
    // A new cluster is no successor, whatever it is called.
    let fresh = Desk::of(&[
        &whole(Some("pgo"), "hippo-v5", "  port: 5432\n"),
        &in_bucket("pgo", "hippo"),
    ]);
    assert_eq!(fresh.says("pair.known"), "false");
    assert_eq!(fresh.says("pair.beside"), "\"\"");
}

#[test]
fn a_migration_that_fits_no_cluster_near_it_is_in_doubt() {
    let beside = |draft: &str, others: &[&str]| {
        let desk = Desk::of(&[&[draft][..], others].concat());
        (
            desk.says("pair.beside"),
            desk.with_draft(|draft| draft.doubt().map(|gap| gap.ask)),
        )
    };
    let hippo = pgcluster("pgo", "hippo");
    let (near, doubt) = beside(&whole(Some("pgo"), "shop", FOLLOWS), &[&hippo]);
    assert_eq!(near, "\"near\"");
    assert!(doubt.unwrap().starts_with("--pair shop=pgo/hippo"));
    let bucket = in_bucket("pgo", "hippo");
    let behind = whole(Some("v5"), "shop", &follows("/pgbackrest/shop"));
    assert_eq!(beside(&behind, &[&bucket]).0, "\"near\"");
    let two = [
        hippo.as_str(),
        &pgcluster("a", "rhino"),
        &pgcluster("b", "rhino"),
    ];
    assert!(beside(&whole(None, "rhino", FOLLOWS), &two).1.is_some());
    let far = whole(Some("v5"), "shop", FOLLOWS);
    assert_eq!(beside(&far, &[&hippo]), ("\"elsewhere\"".to_owned(), None));
    let ours = labelled("pgo", "shop-db", "x").replace(
        "vendor: crunchydata, pg-cluster: x",
        "postgres-operator.crunchydata.com/cluster: old",
    );
    let adopts = whole(
        Some("pgo"),
        "shop",
        &ADOPTS.replace("hippo-jgut", "shop-db"),
    );
    for (draft, others) in [
        (
            whole(Some("pgo"), "shop", "  port: 5432\n"),
            vec![hippo.as_str()],
        ),
        (whole(Some("pgo"), "hippo", FOLLOWS), vec![&hippo]),
        (whole(Some("pgo"), "shop", FOLLOWS), vec![]),
        (adopts, vec![&hippo, &ours]),
    ] {
        assert_eq!(
            beside(&draft, &others),
            ("\"\"".to_owned(), None),
            "{draft}"
        );
    }
}
