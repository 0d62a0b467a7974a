//! `plan --method upgrade` as it is run: its commands install what they say, for an operator installed as the running one.

use std::fs;
use std::process::Command;

fn plan(export: &str, target: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.yaml");
    fs::write(&file, export).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_pgo-preflight"))
        .env_remove("PGO_PREFLIGHT_TARGET")
        .arg("plan")
        .arg(&file)
        .args(["--method", "upgrade", "--assume-complete", "--no-config"])
        .args(["--now", "2026-11-20T12:00:00Z", "--target", target])
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn export(name: &str) -> String {
    let root = env!("CARGO_MANIFEST_DIR");
    fs::read_to_string(format!("{root}/fixtures/upgrades/{name}.yaml")).unwrap()
}

const OPERATOR: &str = "metadata:\n  name: pgo\n  namespace: postgres-operator\n";

#[test]
fn the_vendors_kustomization_of_the_target_is_applied_where_it_names_its_operator() {
    let examples = "postgres-operator-examples//kustomize/install/default?ref=89a07af45ff01fe200f6176be110b53ac6b2b029";
    for (from, target, command) in [
        ("from-5.8", "6.0.3", "config/default?ref=v6.0.3"),
        ("from-5.7", "5.8.9", "config/default?ref=v5.8.9"),
        ("from-5.7", "5.8.9", "config/crd?ref=v5.8.9"),
        ("from-5.7", "5.8.2", examples),
        ("from-5.7", "5.8.7", "config/crd?ref=v5.8.7"),
    ] {
        let text = plan(&export(from), target);
        assert!(text.contains(command), "{from} to {target}: {text}");
        assert!(
            text.contains("Prepare, while the operator stays as it is"),
            "{text}"
        );
    }
    // Its tag names the operator of 5.8.6.
    let text = plan(&export("from-5.7"), "5.8.7");
    assert!(!text.contains("config/default?ref="), "{text}");
}

#[test]
fn an_operator_that_is_not_as_published_is_not_replaced_by_the_published_one() {
    let text = export("from-5.8");
    assert!(text.contains(OPERATOR));
    let moved = text.replace(OPERATOR, "metadata:\n  name: pgo\n  namespace: databases\n");
    assert!(!plan(&moved, "6.0.3").contains("config/default"));
    let several = plan(&export("helm-to-kustomize"), "6.0.3");
    assert!(!several.contains("kubectl apply"), "{several}");
    assert!(!several.contains("helm upgrade"), "{several}");
}

/// `--reuse-values` would keep the old image of the operator; the release is called as Helm calls it.
#[test]
fn helm_upgrades_its_own_release_with_the_images_of_the_chart() {
    let labelled = "metadata:\n  name: pgo\n  namespace: postgres-operator\n  annotations: {meta.helm.sh/release-name: databases}\n";
    let text = plan(&export("from-5.8").replace(OPERATOR, labelled), "6.0.3");
    let command = "helm upgrade databases oci://registry.developers.crunchydata.com/crunchydata/pgo --version 6.0.3";
    assert!(text.contains(command), "{text}");
    assert!(text.contains("--reset-then-reuse-values"), "{text}");
}
