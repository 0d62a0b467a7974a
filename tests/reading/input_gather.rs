//! From paths to an Inventory: what was read, what was not, and what may be concluded from it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use pgo_preflight::manifest::{Assume, Completeness, Found, Inventory, Kind, gather};
use pgo_preflight::source::{Inputs, Limits, OriginId, SourceId};

const PODS: &str = r"
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Pod, metadata: {name: a, namespace: pgo, labels: {pg-cluster: hippo}}}
- {apiVersion: v1, kind: Pod, metadata: {name: b, namespace: pgo, labels: {pg-cluster: hippo}}}
- {apiVersion: v1, kind: Node, metadata: {name: n}}
";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(root.path().join(name), text).unwrap();
    }
    root
}

fn inventory(root: &Path, assume: &Assume) -> Inventory {
    let inputs = Inputs::find([root], Limits::default()).unwrap();
    let mut gathered = gather(inputs, OriginId(0), SourceId(0));
    Inventory::build(gathered.holdings(), assume)
}

fn told(found: &Found<'_>) -> String {
    match found {
        Found::Here(object) => format!("here {}", object.name),
        Found::Absent(assumption) => format!("absent {}", assumption.clone().unwrap_or_default()),
        Found::Unseen(gap) => format!("unseen {} {} {}", gap.missing, gap.because, gap.ask),
    }
}

#[test]
fn a_kubectl_list_shows_what_is_absent() {
    let other = "- {apiVersion: v1, kind: Pod, metadata: {name: z, namespace: pgo}}";
    let root = folder(&[("export.yaml", &format!("{PODS}{other}\n"))]);
    let inventory = inventory(root.path(), &Assume::nothing());
    let find = |kind, name| told(&inventory.find(kind, Some("pgo"), name));
    assert_eq!(find(Kind::Pod, "a"), "here a");
    let absent = find(Kind::Pod, "c");
    assert!(
        absent.starts_with("absent all Pods of namespace pgo are in "),
        "{absent}"
    );
    assert!(absent.ends_with("/export.yaml"), "{absent}");
    assert!(find(Kind::Secret, "c").starts_with("unseen"));
    assert_eq!(
        inventory
            .of_cluster(Kind::Pod, Some("pgo"), "hippo")
            .objects
            .len(),
        2
    );
}

#[test]
fn a_list_that_a_selector_may_have_left_shows_no_absence() {
    let root = folder(&[("export.yaml", PODS)]);
    let inventory = inventory(root.path(), &Assume::nothing());
    let answer = told(&inventory.find(Kind::Pod, Some("pgo"), "c"));
    assert!(
        answer.starts_with("unseen") && answer.contains("pg-cluster=hippo"),
        "{answer}"
    );
}

#[test]
fn a_list_page_is_not_the_whole_list() {
    for more in ["continue: abc", "remainingItemCount: 5"] {
        let root = folder(&[("export.yaml", &format!("{PODS}metadata: {{{more}}}\n"))]);
        let inventory = inventory(root.path(), &Assume::nothing());
        let answer = told(&inventory.find(Kind::Pod, Some("pgo"), "c"));
        assert!(
            answer.starts_with("unseen") && answer.contains("only a part"),
            "{answer}"
        );
    }
}

#[test]
fn a_file_cut_off_in_the_middle_shows_no_absence() {
    let cut = format!("{PODS}- {{apiVersion: v1, kind: Po");
    let root = folder(&[("export.yaml", &cut)]);
    for assume in [Assume::nothing(), Assume::everything()] {
        let inventory = inventory(root.path(), &assume);
        let answer = told(&inventory.find(Kind::Pod, Some("pgo"), "c"));
        assert!(answer.starts_with("unseen"), "{answer}");
    }
}

#[test]
fn a_broken_file_beside_the_export_spoils_the_users_word() {
    let files = [("a.yaml", PODS), ("b.yaml", "kind: Pod\n\tname: x\n")];
    let root = folder(&files);
    let inventory = inventory(root.path(), &Assume::everything());
    let answer = told(&inventory.find(Kind::Secret, Some("pgo"), "c"));
    assert!(
        answer.starts_with("unseen") && answer.contains("/b.yaml could not be read"),
        "{answer}"
    );
}

#[test]
fn files_that_are_no_manifests_spoil_nothing() {
    let files = [
        ("a.yaml", PODS),
        ("empty.yaml", ""),
        ("values.yaml", "replicas: 3\n"),
        ("kustomization.yaml", "resources: [a.yaml]\n"),
    ];
    let root = folder(&files);
    let inventory = inventory(root.path(), &Assume::everything());
    assert_eq!(
        told(&inventory.find(Kind::Secret, Some("pgo"), "c")),
        "absent "
    );
}

#[test]
fn sources_are_numbered_in_the_order_of_their_names() {
    let root = folder(&[("c.yaml", PODS), ("a.yaml", PODS), ("b.yaml", "a: 1")]);
    let inputs = Inputs::find([root.path()], Limits::default()).unwrap();
    fs::remove_file(root.path().join("b.yaml")).unwrap();
    let gathered = gather(inputs, OriginId(3), SourceId(7));
    let sources = gathered.sources.iter();
    let sources: Vec<_> = sources
        .map(|source| {
            (
                source.id.0,
                source.origin.0,
                source.uri.rsplit('/').next().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        sources,
        [(7, 3, "a.yaml"), (8, 3, "b.yaml"), (9, 3, "c.yaml")]
    );
    assert_eq!(gathered.loaded.len(), 2);
    assert_eq!(gathered.loaded[0].counted, 3);
    assert_eq!(gathered.skipped.len(), 1);
    assert!(gathered.skipped[0].uri.ends_with("/b.yaml"));
}

#[test]
fn the_same_export_twice_is_one() {
    let root = folder(&[("a.yaml", PODS), ("b.yaml", PODS)]);
    let inventory = inventory(root.path(), &Assume::nothing());
    assert_eq!(inventory.objects().len(), 2);
    assert_eq!(inventory.contested().count(), 0);
}

#[test]
fn copies_that_differ_in_many_keys_are_compared_quickly() {
    let with = |extra: &str| {
        let mut text =
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big, namespace: pgo}\ndata:\n"
                .to_owned();
        for key in 0..50_000 {
            writeln!(text, "  key{key}: a").unwrap();
        }
        text + extra
    };
    let root = folder(&[("a.yaml", &with("")), ("b.yaml", &with("  more: b\n"))]);
    let inventory = inventory(root.path(), &Assume::nothing());
    assert_eq!(inventory.contested().count(), 1);
}

#[test]
fn a_cluster_is_found_as_fast_among_thousands() {
    let mut text = String::new();
    for cluster in 0..5_000 {
        writeln!(
            text,
            "---\n{{apiVersion: v1, kind: Pod, metadata: {{name: p{cluster}, namespace: pgo, labels: {{pg-cluster: c{cluster}}}}}}}"
        )
        .unwrap();
    }
    let root = folder(&[("fleet.yaml", &text)]);
    let inventory = inventory(root.path(), &Assume::everything());
    for cluster in 0..5_000 {
        let of = inventory.of_cluster(Kind::Pod, Some("pgo"), &format!("c{cluster}"));
        assert_eq!(of.objects.len(), 1);
        assert_eq!(of.completeness, Completeness::Full);
    }
}
