//! `plan --method upgrade` as it is run: its commands install what they say, for an operator installed as the running one.

use std::fs;

fn plan(export: &str, target: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.yaml");
    fs::write(&file, export).unwrap();
    let output = crate::common::program()
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

/// A second cluster of the operator, of another name, in another namespace.
fn beside(export: &str, other: &str) -> String {
    let other = other.replace("till", "safe").replace("shop", "bank");
    let (cluster, rest) = other.split_once("\n---\n").unwrap();
    let kept = rest.split("\n---\n");
    let kept = kept.filter(|one| {
        !one.contains("kind: Deployment\nmetadata:\n  name: pgo\n")
            && !one.contains("serverVersion")
    });
    let kept: Vec<&str> = kept.collect();
    format!("{export}\n---\n{cluster}\n---\n{}", kept.join("\n---\n"))
}

/// An operator goes on for all its clusters at once.
#[test]
fn the_plan_of_a_ready_cluster_ends_with_the_preparations_while_another_of_its_operator_is_blocked()
{
    let blocked = export("from-5.8-encrypted");
    let two = beside(&export("from-5.8"), &blocked);
    let text = plan(&two, "6.0.3");
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("The same operator manages bank/safe, too, which is blocked"),
        "{text}"
    );
    assert!(!text.contains("config/default"), "{text}");
    assert!(text.contains("(save-the-operator)"), "{text}");
    assert!(!text.contains("Never, until the end"), "{text}");
    // What is paused is left alone by whatever operator comes.
    let paused = blocked.replace(
        "spec:\n  postgresVersion",
        "spec:\n  paused: true\n  postgresVersion",
    );
    assert_ne!(paused, blocked);
    let text = plan(&beside(&export("from-5.8"), &paused), "6.0.3");
    assert!(text.contains("config/default?ref=v6.0.3"), "{text}");
    // What is to be prepared for another one is said.
    let text = plan(
        &beside(&export("from-5.8"), &export("from-5.8-with-limits")),
        "6.0.3",
    );
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("bank/safe, too: what is to be prepared there comes before"),
        "{text}"
    );
    assert!(text.contains("config/default?ref=v6.0.3"), "{text}");
}

#[test]
fn each_of_two_operators_is_saved_and_upgraded_by_commands_of_its_own() {
    let narrowed = |text: &str, namespace: &str| {
        let own = format!("metadata:\n  name: pgo\n  namespace: {namespace}\n");
        let image =
            "        image: registry.example.com/crunchydata/postgres-operator:ubi9-5.8.9-0\n";
        assert!(text.contains(image), "{text}");
        let watch =
            format!("{image}        env: [{{name: PGO_TARGET_NAMESPACE, value: {namespace}}}]\n");
        let labels = "metadata:\n  name: pgo\n";
        let named = "metadata:\n  name: pgo\n  annotations: {meta.helm.sh/release-name: pgo}\n";
        text.replace(OPERATOR, &own)
            .replace(labels, named)
            .replace(image, &watch)
    };
    let till = narrowed(&export("from-5.8"), "shop");
    let safe = narrowed(&export("from-5.8"), "shop")
        .replace("till", "safe")
        .replace("shop", "bank");
    let text = plan(&format!("{till}\n---\n{safe}"), "6.0.3");
    for namespace in ["shop", "bank"] {
        let command = format!("--version 6.0.3 -n {namespace} --reset-then-reuse-values");
        assert!(text.contains(&command), "{namespace}: {text}");
        let file = format!("> operator-{namespace}-5.8.9.yaml");
        assert!(text.contains(&file), "{namespace}: {text}");
    }
}

fn check(export: &str, target: &str, more: &[&str]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.yaml");
    fs::write(&file, export).unwrap();
    let output = crate::common::program()
        .arg("check")
        .arg(&file)
        .args(["--method", "upgrade", "--assume-complete", "--no-config"])
        .args(["--now", "2026-11-20T12:00:00Z", "--target", target])
        .args(more)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stdout).unwrap(),
    )
}

#[test]
fn what_became_of_an_upgrade_since_an_earlier_report_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old.json");
    let before = export("from-5.8-encrypted");
    let (code, json) = check(&before, "6.0.3", &["--format", "json"]);
    assert_eq!(code, Some(1));
    fs::write(&old, json).unwrap();
    let since = |export: &str, target: &str| {
        let (_, text) = check(export, target, &["--since", old.to_str().unwrap()]);
        text
    };
    let text = since(&export("from-5.8"), "6.0.3");
    assert!(text.contains("1 improved"), "{text}");
    assert!(
        text.contains("living shop/till: upgrade blocked -> ready"),
        "{text}"
    );
    let text = since(&before, "6.0.3");
    assert!(text.contains("1 unchanged"), "{text}");
    let upgraded = before.replace("ubi9-5.8.9-0", "ubi9-6.0.3-0");
    let text = since(&upgraded, "6.0.3");
    assert!(
        text.contains("living shop/till: blocked -> upgraded"),
        "{text}"
    );
    // Whether it may go to another release is another question.
    let text = since(&export("from-5.8"), "6.0.2");
    assert!(text.contains("1 unchanged"), "{text}");
}
