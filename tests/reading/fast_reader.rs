//! The fast reader gives what the general one gives, on everything at hand: our own fixtures, a synthetic fleet in
//! each form, the snippets of kubectl's YAML, and other people's manifests.

use crate::bodies;
use crate::cluster;
use crate::wide;

use std::path::{Path, PathBuf};

use bodies::same_by_both;
use serde_json::Value;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if matches!(
            path.extension().and_then(|end| end.to_str()),
            Some("yaml" | "yml" | "json" | "txt")
        ) {
            found.push(path);
        }
    }
}

/// Compares all files below a folder; gives how many documents the fast reader read.
fn compare(folder: &Path) -> usize {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    assert!(!paths.is_empty(), "{}", folder.display());
    let mut fast = 0;
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let both = std::panic::catch_unwind(|| same_by_both(&bytes));
        assert!(both.is_ok(), "{}", path.display());
        fast += both.unwrap();
    }
    fast
}

fn fleet() -> Vec<Value> {
    let clusters = (0..30).flat_map(cluster::objects);
    wide::objects().into_iter().chain(clusters).collect()
}

fn stream() -> String {
    let text = |object| format!("---\n{}", yaml_serde::to_string(object).unwrap());
    fleet().iter().map(text).collect()
}

fn list() -> String {
    let items: String = fleet()
        .iter()
        .flat_map(|object| {
            let text = yaml_serde::to_string(object).unwrap();
            let lines = text.lines().enumerate();
            lines
                .map(|(index, line)| format!("{}{line}\n", if index == 0 { "- " } else { "  " }))
                .collect::<Vec<_>>()
        })
        .collect();
    format!("apiVersion: v1\nitems:\n{items}kind: List\nmetadata:\n  resourceVersion: \"\"\n")
}

#[test]
fn a_fleet_is_read_alike_in_every_form() {
    assert_eq!(same_by_both(stream().as_bytes()), fleet().len());
    assert_eq!(same_by_both(list().as_bytes()), 1);
    let json =
        serde_json::json!({"apiVersion": "v1", "items": fleet(), "kind": "List", "metadata": {}});
    assert_eq!(same_by_both(json.to_string().as_bytes()), 1);
    let pretty = serde_json::to_string_pretty(&json).unwrap();
    assert_eq!(same_by_both(pretty.as_bytes()), 1);
    let values: String = fleet()
        .iter()
        .map(|object| format!("{object:#}\n"))
        .collect();
    assert_eq!(same_by_both(values.as_bytes()), fleet().len());
}

#[test]
fn our_fixtures_are_read_alike() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let fast = compare(&fixtures);
    assert!(fast > 20, "only {fast} documents");
}

#[test]
fn other_peoples_manifests_are_read_alike() {
    let named = std::env::var_os("PGO_PREFLIGHT_CORPUS").map(PathBuf::from);
    let folder =
        named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"));
    if !folder.join("v4").is_dir() {
        eprintln!("SKIPPED: no corpus at {}", folder.display());
        return;
    }
    let fast = compare(&folder);
    assert!(fast > 100, "only {fast} documents");
}

#[test]
fn kubectls_yaml_is_read_alike() {
    let text = std::fs::read_to_string("fixtures/yaml/kubectl.yaml").unwrap();
    let cases: Vec<Value> = yaml_serde::from_str(&text).unwrap();
    for case in cases {
        let before = case["before"].as_str().unwrap_or("");
        let body = case["body"].as_str().unwrap();
        let text =
            format!("{before}apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\nspec:\n{body}");
        let both = std::panic::catch_unwind(|| same_by_both(text.as_bytes()));
        assert!(both.is_ok(), "{text}");
    }
}

/// What the fast reader cuts wrongly or does not know must not be lost: the general reader reads it.
#[test]
fn what_is_written_otherwise_is_left_to_the_general_reader() {
    let list = |first: &str| {
        format!(
            "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: a\n  data:\n    k: {first}\n\
                 - apiVersion: v1\n  kind: Pod\n  metadata:\n    name: b\nkind: List\n"
        )
    };
    let deep = format!("{}1{}", "[".repeat(70), "]".repeat(70));
    for (value, by_fast) in [
        ("x", 1),
        ("\"a\\\n      \\  b\"", 1),
        ("a\n      b", 1),
        ("|\n      - x\n      kind: y", 1),
        ("\"a\n- b: c\n- d\"", 0),
        ("'a\nkind: b'", 0),
        ("&x y", 0),
        ("!!str y", 0),
        ("\"\\ud83d\\ude00\"", 0),
        ("\"a\tb\"", 0),
        ("a\u{2028}b", 0),
        ("x # c\n      y", 0),
        ("x: y", 0),
        (&deep, 0),
    ] {
        assert_eq!(same_by_both(list(value).as_bytes()), by_fast, "{value}");
    }
}

/// An object of a kind that nothing reads is passed over, but not what is wrong with it, nor what it hides.
#[test]
fn what_is_passed_over_is_counted_and_what_is_wrong_with_it_is_told() {
    let list = |first: &str| {
        format!(
            "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Node\n  spec:\n    k: {first}\n- apiVersion: v1\n  kind: Pod\n\
             \x20 metadata:\n    name: b\nkind: List\n"
        )
    };
    for (value, by_fast) in [
        ("x", 1),
        ("|\n      - x\n      kind: y", 1),
        ("{}\n  kind: Pod", 1),
        ("'a\n- apiVersion: v1\n  kind: Pod\n  a: b'", 0),
        ("\"a\n- b: c\n- d\"", 0),
        ("x: y", 0),
        ("[", 0),
        (".inf", 0),
        ("*x", 0),
        ("1\n   l: 2", 0),
    ] {
        assert_eq!(same_by_both(list(value).as_bytes()), by_fast, "{value}");
    }
}

/// A mark between documents ends a quoted scalar in the middle, which makes both halves unreadable.
#[test]
fn a_mark_between_documents_is_no_line_of_a_quoted_scalar() {
    let json = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"a\n...\nb\"}}\n";
    assert_eq!(same_by_both(json.as_bytes()), 0);
    let document = "\n...  v: 1\n";
    assert_eq!(same_by_both(document.as_bytes()), 0);
}

#[test]
fn a_dash_alone_on_its_line_is_left_to_the_general_reader() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\nspec:\n- \n  m: 1\n";
    assert_eq!(same_by_both(text.as_bytes()), 0);
}
