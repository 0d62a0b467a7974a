//! The Inventory's answers.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::manifest::load;
use crate::source::SourceId;

/// An object that says this, alone in a text of this name.
fn object(uri: &str, says: &Value) -> Object {
    let text = says.to_string().into_bytes();
    let loaded = load(SourceId(0), OriginId(0), uri.to_owned(), text);
    let [object] = <[Object; 1]>::try_from(loaded.objects).unwrap();
    object
}

fn named(kind: &str, namespace: &str, name: &str) -> Value {
    let api = match kind {
        "Deployment" => "apps/v1",
        "Pgcluster" | "Pgreplica" | "Pgtask" => "crunchydata.com/v1",
        "PostgresCluster" => "postgres-operator.crunchydata.com/v1beta1",
        "StorageClass" => "storage.k8s.io/v1",
        _ => "v1",
    };
    let mut says = json!({"apiVersion": api, "kind": kind, "metadata": {"name": name}});
    if !namespace.is_empty() {
        says["metadata"]["namespace"] = json!(namespace);
    }
    says
}

fn labelled(kind: &str, namespace: &str, name: &str, label: &str, value: &str) -> Value {
    let mut says = named(kind, namespace, name);
    says["metadata"]["labels"] = json!({label: value});
    says
}

fn holdings(objects: impl IntoIterator<Item = Value>) -> Holdings {
    let mut holdings = Holdings::of(OriginId(0), String::new());
    let objects = objects.into_iter().map(|says| object("a.yaml", &says));
    holdings.objects = objects.collect();
    holdings
}

/// The objects came as one kubectl List.
fn listed(mut holdings: Holdings) -> Holdings {
    let places = holdings.objects.iter();
    holdings.lists = vec![List {
        common: BTreeSet::new(),
        uri: "export.yaml".to_owned(),
        partial: false,
        holds: places
            .map(|object| (object.kind, object.namespace.clone()))
            .collect(),
    }];
    holdings
}

fn inventory(objects: impl IntoIterator<Item = Value>) -> Inventory {
    Inventory::build(holdings(objects), &Assume::nothing())
}

fn names(listing: &Listing<'_>) -> Vec<String> {
    let names = listing.objects.iter().map(|object| object.name.to_string());
    names.collect()
}

/// An answer in words, to compare.
fn told(found: &Found<'_>) -> String {
    match found {
        Found::Here(object) => format!("here {} {}", object.text(), object.rivals.len()),
        Found::Absent(assumption) => format!("absent {assumption:?}"),
        Found::Unseen(gap) => format!("unseen {gap:?}"),
    }
}

#[test]
fn a_missing_object_is_unseen_until_its_kind_was_listed() {
    let objects = || [named("Deployment", "pgo", "hippo")];
    let find = |inventory: &Inventory, namespace| {
        told(&inventory.find(Kind::Deployment, Some(namespace), "gone"))
    };
    let loose = inventory(objects());
    assert!(find(&loose, "pgo").contains("not in the input"));
    assert!(find(&loose, "pgo").contains("kubectl get deployment gone -n pgo -o yaml"));

    let list = Inventory::build(listed(holdings(objects())), &Assume::nothing());
    assert_eq!(
        find(&list, "pgo"),
        r#"absent Some("all Deployments of namespace pgo are in export.yaml")"#
    );
    assert!(find(&list, "other").starts_with("unseen"));
    assert!(told(&list.find(Kind::Pod, Some("pgo"), "gone")).starts_with("unseen"));

    let word = Inventory::build(holdings(objects()), &Assume::parse("deploy").unwrap());
    assert_eq!(find(&word, "other"), "absent None");
    assert!(told(&word.find(Kind::Pod, Some("pgo"), "gone")).starts_with("unseen"));
}

#[test]
fn a_live_listing_covers_its_namespace_or_all() {
    let mut holdings = holdings([]);
    let coverage = |kind, namespace: Option<&str>| Coverage {
        kind,
        namespace: namespace.map(Box::from),
    };
    holdings.coverage = vec![
        coverage(Kind::Pod, Some("pgo")),
        coverage(Kind::PersistentVolume, None),
        coverage(Kind::Job, None),
    ];
    let inventory = Inventory::build(holdings, &Assume::nothing());
    let find = |kind, namespace| told(&inventory.find(kind, Some(namespace), "x"));
    assert_eq!(find(Kind::Pod, "pgo"), "absent None");
    assert!(find(Kind::Pod, "other").starts_with("unseen"));
    assert_eq!(find(Kind::Job, "other"), "absent None");
    assert_eq!(find(Kind::PersistentVolume, "ignored"), "absent None");
    assert_eq!(
        inventory.list_all(Kind::Job).completeness,
        Completeness::Full
    );
    assert_ne!(
        inventory.list_all(Kind::Pod).completeness,
        Completeness::Full
    );
}

#[test]
fn a_refused_listing_says_why_and_outranks_the_users_word() {
    let mut holdings = holdings([]);
    holdings.refusals = vec![Refusal {
        kind: Kind::Secret,
        namespace: Some("pgo".into()),
        because: "the server refused: secrets is forbidden".to_owned(),
        ask: String::new(),
    }];
    let inventory = Inventory::build(holdings, &Assume::everything());
    let answer = told(&inventory.find(Kind::Secret, Some("pgo"), "x"));
    assert!(answer.contains("secrets is forbidden"), "{answer}");
    assert!(answer.contains("Secret x of namespace pgo"), "{answer}");
    assert!(answer.contains("kubectl get secrets -n pgo"), "{answer}");
    assert_eq!(
        told(&inventory.find(Kind::Secret, Some("b"), "x")),
        "absent None"
    );
    let all = inventory.list_all(Kind::Secret).completeness;
    assert!(matches!(all, Completeness::Unknown(_)));
}

#[test]
fn a_list_that_was_cut_off_proves_nothing() {
    let mut cut = listed(holdings([named("Pod", "pgo", "a")]));
    cut.lists[0].partial = true;
    let inventory = Inventory::build(cut, &Assume::nothing());
    let Completeness::Unknown(gap) = inventory.list(Kind::Pod, Some("pgo")).completeness else {
        panic!("a partial list counts as complete");
    };
    assert_eq!(gap.because, "the list in export.yaml holds only a part");
}

#[test]
fn text_that_could_not_be_read_spoils_the_users_word() {
    let mut holdings = holdings([named("Pod", "pgo", "a")]);
    holdings.unread = vec![Unread::failed("broken.yaml".to_owned())];
    let inventory = Inventory::build(holdings, &Assume::everything());
    let answer = told(&inventory.find(Kind::Pod, Some("pgo"), "x"));
    assert!(
        answer.starts_with("unseen") && answer.contains("broken.yaml"),
        "{answer}"
    );
    assert!(told(&inventory.find(Kind::Pod, Some("pgo"), "a")).starts_with("here"));
}

#[test]
fn equal_copies_are_dropped_and_differing_ones_become_rivals() {
    let mut other = named("Pod", "pgo", "a");
    other["spec"] = json!({"nodeName": "n1"});
    let plain = named("Pod", "pgo", "a");
    let inventory = inventory([plain.clone(), other.clone(), plain, other]);
    assert_eq!(inventory.objects().len(), 1);
    let contested: Vec<_> = inventory.contested().collect();
    assert_eq!(contested.len(), 1);
    assert_eq!(contested[0].rivals.len(), 1);
    assert!(
        contested[0]
            .read(&["spec", "nodeName"], "")
            .value()
            .is_none()
    );
    assert!(
        contested[0]
            .read(&["metadata", "name"], "")
            .value()
            .is_some()
    );
}

#[test]
fn null_in_one_copy_and_nothing_in_the_other_agree() {
    let mut null = named("Pod", "pgo", "a");
    null["spec"] = json!({"nodeName": null});
    let inventory = inventory([named("Pod", "pgo", "a"), null]);
    let fact = inventory.objects()[0].read(&["spec", "nodeName"], "");
    assert!(matches!(fact.value(), Some(None)));
}

#[test]
fn a_draft_is_no_copy_of_the_live_cluster_it_describes() {
    let draft = named("PostgresCluster", "pgo", "hippo");
    let mut live = draft.clone();
    live["metadata"]["uid"] = json!("1-2");
    let inventory = inventory([draft, live]);
    assert_eq!(inventory.objects().len(), 2);
    assert_eq!(inventory.contested().count(), 0);
    let Found::Here(found) = inventory.find(Kind::PostgresCluster, Some("pgo"), "hippo") else {
        panic!("not found");
    };
    assert!(found.is_live());
}

#[test]
fn objects_without_a_name_are_not_copies_of_each_other() {
    let nameless = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"generateName": "a-"}});
    let inventory = inventory([nameless.clone(), nameless]);
    assert_eq!(inventory.objects().len(), 2);
    assert!(told(&inventory.find(Kind::Pod, None, "")).starts_with("unseen"));
}

#[test]
fn a_cluster_gathers_its_objects() {
    let mut replica = named("Pgreplica", "pgo", "rpl1");
    replica["spec"] = json!({"clustername": "hippo"});
    let mut task = named("Pgtask", "pgo", "backup");
    task["spec"] = json!({"parameters": {"pg-cluster": "hippo"}});
    let inventory = inventory([
        labelled("Pod", "pgo", "b", "pg-cluster", "hippo"),
        labelled("Pod", "pgo", "a", "pg-cluster", "hippo"),
        labelled("Pod", "pgo", "c", "pg-cluster", "rhino"),
        labelled("Pod", "other", "d", "pg-cluster", "hippo"),
        labelled(
            "ConfigMap",
            "pgo",
            "hippo-leader",
            "crunchy-pgha-scope",
            "hippo",
        ),
        labelled(
            "Pod",
            "pgo",
            "v5",
            "postgres-operator.crunchydata.com/cluster",
            "hippo",
        ),
        replica,
        task,
    ]);
    let of = |kind| names(&inventory.of_cluster(kind, Some("pgo"), "hippo"));
    assert_eq!(of(Kind::Pod), ["a", "b"]);
    assert_eq!(of(Kind::ConfigMap), ["hippo-leader"]);
    assert_eq!(of(Kind::Pgreplica), ["rpl1"]);
    assert_eq!(of(Kind::Pgtask), ["backup"]);
    assert_eq!(of(Kind::Job), [""; 0]);
    let v5 = inventory.of_v5_cluster(Kind::Pod, Some("pgo"), "hippo");
    assert_eq!(names(&v5), ["v5"]);
}

#[test]
fn a_copy_that_names_another_cluster_counts_for_both() {
    let inventory = inventory([
        labelled("Pod", "pgo", "a", "pg-cluster", "hippo"),
        labelled("Pod", "pgo", "a", "pg-cluster", "rhino"),
    ]);
    for cluster in ["hippo", "rhino"] {
        let listing = inventory.of_cluster(Kind::Pod, Some("pgo"), cluster);
        assert_eq!(names(&listing), ["a"], "{cluster}");
    }
}

#[test]
fn an_object_without_a_namespace_may_be_anywhere() {
    let objects = [
        labelled("Pod", "", "a", "pg-cluster", "hippo"),
        named("Pod", "pgo", "b"),
    ];
    let inventory = Inventory::build(holdings(objects), &Assume::everything());
    let find = |namespace, name| told(&inventory.find(Kind::Pod, namespace, name));
    assert!(find(None, "a").starts_with("here"));
    assert!(find(Some("pgo"), "a").contains("without metadata.namespace"));
    assert_eq!(find(Some("pgo"), "c"), "absent None");
    assert!(find(None, "b").starts_with("unseen"));
    let list = inventory.list(Kind::Pod, Some("pgo"));
    assert!(matches!(list.completeness, Completeness::Unknown(_)));
    let of = |cluster| {
        inventory
            .of_cluster(Kind::Pod, Some("pgo"), cluster)
            .completeness
    };
    assert!(matches!(of("hippo"), Completeness::Unknown(_)));
    assert_eq!(of("rhino"), Completeness::Full);
}

#[test]
fn manifests_without_any_namespace_are_one_group() {
    let objects = [
        labelled("Pod", "", "a", "pg-cluster", "hippo"),
        named("Pgcluster", "", "hippo"),
    ];
    let inventory = Inventory::build(holdings(objects), &Assume::everything());
    let of = inventory.of_cluster(Kind::Pod, None, "hippo");
    assert_eq!(names(&of), ["a"]);
    assert_eq!(of.completeness, Completeness::Full);
    assert_eq!(told(&inventory.find(Kind::Pod, None, "b")), "absent None");
}

#[test]
fn a_cluster_scoped_kind_ignores_the_namespace() {
    let objects = [
        named("PersistentVolume", "stray", "pv1"),
        named("StorageClass", "", "fast"),
    ];
    let inventory = Inventory::build(listed(holdings(objects)), &Assume::nothing());
    let found = inventory.find(Kind::PersistentVolume, Some("pgo"), "pv1");
    assert!(told(&found).starts_with("here"));
    assert_eq!(
        told(&inventory.find(Kind::StorageClass, None, "slow")),
        r#"absent Some("all StorageClasses are in export.yaml")"#
    );
}

#[test]
fn inventories_are_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&inventory([]));
}

/// Few names, so that they meet.
fn some_object() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec!["Pod", "Deployment", "PersistentVolume", "Pgreplica"]);
    let namespace = prop::sample::select(vec!["pgo", "other"]);
    let name = prop::sample::select(vec!["a", "b", "c"]);
    let cluster = prop::sample::select(vec!["hippo", "rhino"]);
    (kind, namespace, name, cluster, 0..2).prop_map(|(kind, namespace, name, cluster, size)| {
        let mut says = labelled(kind, namespace, name, "pg-cluster", cluster);
        says["spec"] = json!({ "size": size });
        says
    })
}

/// Objects in texts, each with whether it came in a List.
fn some_texts() -> impl Strategy<Value = Vec<(Value, usize, bool)>> {
    prop::collection::vec((some_object(), 0..3_usize, any::<bool>()), 0..20)
}

fn built(texts: &[(Value, usize, bool)]) -> Inventory {
    let mut holdings = holdings([]);
    for (says, text, listed) in texts {
        let object = object(&format!("{text}.yaml"), says);
        if *listed {
            holdings.lists.push(List {
                common: BTreeSet::new(),
                uri: format!("{text}.yaml"),
                partial: false,
                holds: [(object.kind, object.namespace.clone())].into(),
            });
        }
        holdings.objects.push(object);
    }
    Inventory::build(holdings, &Assume::nothing())
}

/// Every answer to every question about the names that occur.
fn answers(inventory: &Inventory) -> Vec<String> {
    let mut answers = Vec::new();
    for kind in [
        Kind::Pod,
        Kind::Deployment,
        Kind::PersistentVolume,
        Kind::Pgreplica,
    ] {
        for namespace in ["pgo", "other"] {
            let place = Some(namespace);
            for name in ["a", "b", "c"] {
                answers.push(told(&inventory.find(kind, place, name)));
            }
            let listing = inventory.list(kind, place);
            answers.push(format!("{:?} {:?}", names(&listing), listing.completeness));
            let listing = inventory.of_cluster(kind, place, "hippo");
            answers.push(format!("{:?} {:?}", names(&listing), listing.completeness));
        }
    }
    answers
}

proptest! {
    #[test]
    fn the_order_of_loading_does_not_show(
        (texts, shuffled) in some_texts().prop_flat_map(|texts| (Just(texts.clone()), Just(texts).prop_shuffle()))
    ) {
        prop_assert_eq!(answers(&built(&texts)), answers(&built(&shuffled)));
    }

    #[test]
    fn an_object_less_never_proves_an_absence(texts in some_texts(), pick in any::<prop::sample::Index>()) {
        prop_assume!(!texts.is_empty());
        let gone = pick.index(texts.len());
        let mut fewer = texts.clone();
        fewer.remove(gone);
        for (before, after) in answers(&built(&texts)).iter().zip(answers(&built(&fewer))) {
            prop_assert!(!(before.starts_with("unseen") && after.starts_with("absent")), "{before} -> {after}");
        }
    }

    #[test]
    fn membership_is_what_the_labels_say(texts in some_texts()) {
        let inventory = built(&texts);
        for listed in inventory.objects() {
            for cluster in ["hippo", "rhino"] {
                let copies = || std::iter::once(listed).chain(&listed.rivals);
                let says = copies().any(|copy| copy.label("pg-cluster").unwrap().text() == cluster);
                let of = inventory.of_cluster(listed.kind, listed.namespace.as_deref(), cluster);
                prop_assert_eq!(of.objects.iter().any(|object| std::ptr::eq(*object, listed)), says);
            }
        }
    }
}

#[test]
fn a_list_of_what_carries_one_label_is_complete_only_for_what_must_carry_it() {
    let mut part = listed(holdings([
        labelled(
            "PersistentVolumeClaim",
            "pgo",
            "hippo",
            "pg-cluster",
            "hippo",
        ),
        labelled(
            "PersistentVolumeClaim",
            "pgo",
            "hippo-wal",
            "pg-cluster",
            "hippo",
        ),
    ]));
    part.lists[0].common = BTreeSet::from([("pg-cluster".into(), "hippo".into())]);
    let inventory = Inventory::build(part, &Assume::nothing());
    let claims = Kind::PersistentVolumeClaim;
    let own = inventory.of_cluster(claims, Some("pgo"), "hippo");
    assert!(matches!(own.completeness, Completeness::Inferred(_)));
    let carried = [("pg-cluster", "hippo")];
    let named = inventory.find_carrying(claims, Some("pgo"), "hippo-pgbr-repo", &carried);
    assert!(matches!(named, Found::Absent(Some(_))));
    // Of others it shows nothing.
    let others = inventory.of_cluster(claims, Some("pgo"), "zebra");
    assert!(matches!(others.completeness, Completeness::Unknown(_)));
    let all = inventory.list(claims, Some("pgo"));
    let Completeness::Unknown(gap) = all.completeness else {
        panic!("a selection is no list of all");
    };
    assert!(gap.because.contains("pg-cluster=hippo"), "{}", gap.because);
    assert!(matches!(
        inventory.find(claims, Some("pgo"), "z"),
        Found::Unseen(_)
    ));
}

#[test]
fn clusters_are_found_by_name_in_whatever_namespace() {
    let kind = "PostgresCluster";
    let mut objects = vec![
        named(kind, "b", "hippo"),
        named(kind, "a", "rhino"),
        named(kind, "a", "hippo"),
        named(kind, "", "hippo"),
    ];
    let found = |inventory: &Inventory, name: &str| -> Vec<String> {
        let all = inventory.v5_clusters_named(name);
        all.map(|one| one.namespace.as_deref().unwrap_or("-").to_owned())
            .collect()
    };
    let drafts = Inventory::build(holdings(objects.clone()), &Assume::default());
    assert_eq!(found(&drafts, "hippo"), ["-", "a", "b"]);
    assert_eq!(found(&drafts, "rhino"), ["a"]);
    assert!(found(&drafts, "hipp").is_empty());
    assert!(drafts.holds_only_drafts());
    objects.push(named("Pgcluster", "a", "hippo"));
    let both = Inventory::build(holdings(objects), &Assume::default());
    assert_eq!(found(&both, "hippo"), ["-", "a", "b"]);
    assert!(!both.holds_only_drafts());
}

/// A small archive can hold a million names.
#[test]
fn clusters_beyond_a_number_are_counted_and_nothing_is_said_to_be_absent() {
    let one = |kind: &'static str, at: usize| named(kind, "a", &format!("c{at}"));
    let few = (0..3).map(|at| one("Pgcluster", at));
    let many = (0..MOST_CLUSTERS + 2).map(|at| one("PostgresCluster", at));
    let whole = |objects: Vec<Value>| {
        let told = Assume::everything();
        Inventory::build(listed(holdings(objects)), &told)
    };
    let inventory = whole(few.clone().chain(many).collect());
    let count = |kind| inventory.list_all(kind).objects.len();
    assert_eq!(inventory.left_out(), 2);
    assert_eq!(
        (count(Kind::Pgcluster), count(Kind::PostgresCluster)),
        (3, MOST_CLUSTERS)
    );
    assert!(inventory.withheld(Kind::Pod).is_some());
    let inventory = whole(few.collect());
    assert_eq!(inventory.left_out(), 0);
    assert!(inventory.withheld(Kind::Pod).is_none());
}
