//! Reading reports back, merging them, and what moved between two.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use serde_json::Value as Json;

use crate::check::FailOn;
use crate::check::Verdict;
use crate::rule::Method;

/// A report with one cluster, judged at an hour of a day.
fn report(name: &str, hour: u8, verdict: &str, level: &str) -> Document<'static> {
    let finding = json!({
        "id": format!("{name}-f"), "rule": "a-rule", "outcome": "fires", "level": level,
        "effect": {"volumes": if level == "error" { "block" } else { "action" }},
        "subject": {"origin": "", "kind": "Pgcluster", "namespace": "pgo", "name": name},
        "path": "", "message": format!("judged at {hour}"), "labels": [], "gaps": [], "fix": "", "source": null,
    });
    let findings = if verdict == "ready" {
        json!([])
    } else {
        json!([finding])
    };
    let ids = if verdict == "ready" {
        json!([])
    } else {
        json!([format!("{name}-f")])
    };
    let whole = json!({
        "version": 1, "tool": {"name": "pgo-preflight", "version": "0.0.1"},
        "now": format!("2026-11-20T{hour:02}:00:00Z"), "target": {"flag": null}, "exit": 0,
        "clusters": [{
            "origin": "", "namespace": "pgo", "name": name, "v4": "4.7.10", "postgres": null,
            "target": {"pgo": [], "from": "unknown"}, "verdict": verdict,
            "methods": {"volumes": {"verdict": verdict, "findings": ids, "assumes": [], "liftedBy": null}},
        }],
        "drafts": [], "findings": findings, "skipped": [], "inputs": [{"uri": format!("{name}.yaml"), "objects": 3}],
    });
    read(whole.to_string().as_bytes()).unwrap()
}

fn merged(reports: Vec<(&str, Document<'static>)>) -> Merged {
    let named = reports.into_iter();
    merge(named.map(|(name, one)| (name.to_owned(), one)).collect()).unwrap()
}

#[test]
fn of_two_reports_on_one_cluster_the_newer_is_believed_whatever_the_order() {
    for swapped in [false, true] {
        let mut reports = vec![
            ("old.json", report("hippo", 1, "blocked", "error")),
            ("new.json", report("hippo", 2, "ready", "error")),
        ];
        if swapped {
            reports.reverse();
        }
        let merged = merged(reports);
        assert_eq!(merged.document.clusters.len(), 1);
        assert_eq!(merged.document.clusters[0].verdict, Verdict::Ready);
        assert!(merged.document.findings.is_empty());
        assert_eq!(merged.document.inputs.len(), 1);
        assert_eq!(
            merged.notes,
            [
                "pgo/hippo: in old.json and in new.json; taken from new.json, judged at 2026-11-20T02:00:00Z"
            ]
        );
    }
}

#[test]
fn reports_on_different_clusters_add_up() {
    let merged = merged(vec![
        ("b.json", report("rhino", 2, "blocked", "error")),
        ("a.json", report("hippo", 1, "action", "warning")),
    ]);
    let names: Vec<&str> = merged
        .document
        .clusters
        .iter()
        .map(|one| &*one.name)
        .collect();
    assert_eq!(names, ["hippo", "rhino"]);
    assert_eq!(merged.document.findings.len(), 2);
    assert!(merged.notes.is_empty());
    assert_eq!(exit_code(&merged.document, FailOn::Blocked), 1);
    assert_eq!(exit_code(&merged.document, FailOn::Never), 0);
}

#[test]
fn a_cluster_of_the_same_name_in_another_origin_is_another_cluster() {
    let mut stage = report("hippo", 1, "blocked", "error");
    stage.name_origin("stage");
    let merged = merged(vec![
        ("stage.json", stage),
        ("prod.json", report("hippo", 2, "ready", "error")),
    ]);
    assert_eq!(merged.document.clusters.len(), 2);
    let by_id = ById::of(&merged.document);
    let stage = &merged.document.clusters[1];
    assert_eq!(stage.origin, "stage");
    let found = by_id.all(&stage.origin, &stage.methods[&Method::Volumes].findings);
    assert_eq!(found.count(), 1);
}

#[test]
fn a_run_in_which_a_rule_failed_keeps_the_merged_report_from_being_clean() {
    let mut broken = report("hippo", 1, "ready", "error");
    broken.exit = 2;
    let merged = merged(vec![
        ("a", broken),
        ("b", report("rhino", 2, "ready", "error")),
    ]);
    assert_eq!(exit_code(&merged.document, FailOn::Never), 2);
}

#[test]
fn another_version_is_refused_by_its_number() {
    for text in [
        r#"{"version": 3}"#,
        r#"{"version": 3, "clusters": "of another form"}"#,
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("version 3"), "{error}");
    }
}

#[test]
fn cut_off_or_foreign_text_is_an_error_with_a_place() {
    for text in [
        "",
        "{",
        "[]",
        "kind: List\n",
        r#"{"version": 1, "tool""#,
        r#"{"version": 1}"#,
        "\u{1b}[31m",
        "{\"version\": 1, \"\u{1b}]0;x\": 1",
    ] {
        let error = read(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("line"), "{error}");
        assert!(!error.contains(char::is_control), "{error:?}");
    }
    let deep = "[".repeat(100_000);
    assert!(read(deep.as_bytes()).is_err());
    let deep = format!(r#"{{"version": 1, "further": {deep}"#);
    assert!(read(deep.as_bytes()).is_err());
}

#[test]
fn a_small_report_that_stands_for_a_huge_one_is_refused() {
    let mut text: Json = serde_json::to_value(report("hippo", 1, "blocked", "error")).unwrap();
    let mut finding = text["findings"][0].clone();
    finding["remedy"] = json!("r00001");
    text["findings"] = json!(vec![finding; 100]);
    text["remedies"] = json!({"r00001": "a".repeat(100_000)});
    assert_eq!(
        read(text.to_string().as_bytes()).unwrap().findings[99].fix,
        "a".repeat(100_000)
    );
    for bomb in ["a".repeat(1_000_000), "{subject.namespace}".repeat(50_000)] {
        text["remedies"] = json!({"r00001": bomb});
        text["findings"][0]["subject"]["namespace"] = json!("a".repeat(1_000));
        let error = read(text.to_string().as_bytes()).unwrap_err();
        assert!(matches!(error, ReadError::Unfolded), "{error}");
    }
}

#[test]
fn keys_of_later_releases_are_carried() {
    let mut text: Json = serde_json::to_value(report("hippo", 1, "blocked", "error")).unwrap();
    text["origins"] = json!([{"name": "prod"}]);
    text["findings"][0]["suppressed"] = json!({"kind": "waiver", "reason": "agreed"});
    text["clusters"][0]["waived"] = json!(["a-rule"]);
    let document = read(text.to_string().as_bytes()).unwrap();
    assert!(document.findings[0].suppressed());
    let merged = merged(vec![
        ("a", document),
        ("b", report("rhino", 2, "ready", "error")),
    ]);
    let again = serde_json::to_value(&merged.document).unwrap();
    assert_eq!(again["origins"], text["origins"]);
    assert_eq!(
        again["findings"][0]["suppressed"],
        text["findings"][0]["suppressed"]
    );
    assert_eq!(
        again["clusters"][0]["waived"],
        text["clusters"][0]["waived"]
    );
}

fn change(old: &Document<'_>, new: &Document<'_>) -> Option<(Change, Work)> {
    let since = since(old, new);
    since
        .changes
        .first()
        .map(|moved| (moved.change, moved.left))
}

#[test]
fn a_better_verdict_is_progress_and_a_worse_one_is_not() {
    let of = |verdict| report("hippo", 1, verdict, "warning");
    let (change_, left) = change(&of("blocked"), &of("ready")).unwrap();
    assert_eq!((change_, left), (Change::Improved, Work { from: 1, to: 0 }));
    assert_eq!(
        change(&of("ready"), &of("unknown")).unwrap().0,
        Change::Regressed
    );
    assert!(change(&of("action"), &of("action")).is_none());
}

/// Left out on paper an effect is its rule's, so one that says nothing is written.
#[test]
fn a_finding_without_any_effect_comes_back_without_one() {
    let mut whole = report("hippo", 1, "blocked", "error");
    let rule = whole.findings[0].rule.to_string();
    let text = r#"{"title": "t", "why": "w", "fix": "f"}"#;
    let text = serde_json::from_str(text).unwrap();
    whole.rules.insert(rule.into(), text);
    let mut silent = whole.findings[0].clone();
    silent.id = "ffffffffffffffff".into();
    silent.effect = super::effect::Effect::default();
    for at in [0, 1] {
        let mut both = whole.clone();
        both.findings.insert(at, silent.clone());
        let again = read(crate::render::document_json(&both).as_bytes()).unwrap();
        let effects = |document: &Document<'_>| -> Vec<_> {
            document.findings.iter().map(|one| one.effect).collect()
        };
        assert_eq!(effects(&again), effects(&both));
        assert_ne!(effects(&again)[at], effects(&again)[1 - at]);
    }
}

#[test]
fn with_the_same_verdict_what_is_left_to_do_decides() {
    let old = report("hippo", 1, "action", "warning");
    let mut new = report("hippo", 2, "action", "warning");
    new.findings.clear();
    assert_eq!(change(&old, &new).unwrap().0, Change::Improved);
}

#[test]
fn what_comes_and_goes_is_told() {
    let (hippo, rhino) = (
        report("hippo", 1, "ready", "note"),
        report("rhino", 2, "blocked", "error"),
    );
    let since = since(&hippo, &rhino);
    let told: Vec<_> = since
        .changes
        .iter()
        .map(|one| (one.change, &*one.name))
        .collect();
    assert_eq!(told, [(Change::New, "rhino"), (Change::Gone, "hippo")]);
    assert_eq!(since.unchanged, 0);
}

proptest! {
    /// Whatever is cut out of or put into a report, reading it ends in a document or an error.
    #[test]
    fn damaged_reports_never_panic(at in 0usize..900, cut in 0usize..40, junk in "\\PC{0,8}") {
        let mut text = serde_json::to_string(&report("hippo", 1, "blocked", "error")).unwrap().into_bytes();
        let start = at.min(text.len());
        let end = (start + cut).min(text.len());
        text.splice(start..end, junk.bytes());
        if let Ok(document) = read(&text) {
            prop_assert!(merge(vec![("a".to_owned(), document.clone()), ("b".to_owned(), document)]).is_some());
        }
    }
}
