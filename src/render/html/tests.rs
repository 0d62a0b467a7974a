//! The page keeps its own policy and escapes what it shows.

use serde_json::json;

use super::*;

#[test]
fn the_policy_names_the_page_s_own_style_and_script() {
    assert!(
        POLICY.contains(&format!("style-src 'sha256-{}'", hash(STYLE))),
        "style: {}",
        hash(STYLE)
    );
    assert!(
        POLICY.contains(&format!("script-src 'sha256-{}'", hash(SCRIPT))),
        "script: {}",
        hash(SCRIPT)
    );
}

/// A report of so many clusters, each with something to do and something to know.
fn fleet(size: usize) -> String {
    let name = |index: usize| format!("db-{index}");
    let finding = |index: usize, rule: &str, weight: &str, message: String| {
        let name = name(index);
        json!({
            "id": format!("{rule}-{index}"), "rule": rule, "outcome": "fires", "level": "note", "effect": {"volumes": weight},
            "subject": {"origin": "", "kind": "Pgcluster", "namespace": "pgo", "name": name}, "path": "", "message": message,
            "labels": [{"uri": format!("{name}.yaml"), "startLine": 7, "startColumn": 3, "endLine": 7, "endColumn": 4, "text": "x", "primary": true, "message": ""}],
            "gaps": [], "fix": format!("Said to all.\n\n    kubectl get pod {name}\n"), "source": null,
        })
    };
    let findings = (0..size).flat_map(|index| {
        let name = name(index);
        let odd = if index == 1 { "an odd thing" } else { "TLS" };
        [
            finding(index, "a-step", "action", format!("{name} is too old")),
            finding(
                index,
                "a-note",
                "info",
                format!("{name} does without {odd}"),
            ),
        ]
    });
    let clusters = (0..size).map(|index| {
        let ids = json!([format!("a-step-{index}"), format!("a-note-{index}")]);
        json!({
            "origin": "", "namespace": "pgo", "name": name(index), "v4": "4.7.10", "postgres": null,
            "target": {"pgo": [], "from": "unknown"}, "verdict": "action",
            "methods": {"volumes": {"verdict": "action", "findings": ids, "assumes": [], "liftedBy": null}},
        })
    });
    let rule =
        |fix: &str| json!({"title": "A title", "why": "Because.", "fix": fix, "level": "note"});
    let fix = "Said to all.\n\n    kubectl get pod {cluster.name}\n";
    json!({
        "version": 1, "tool": {"name": "pgo-preflight", "version": "0.0.1"}, "now": "2026-11-20T12:00:00Z",
        "target": {"flag": null}, "exit": 0, "clusters": clusters.collect::<Vec<_>>(), "drafts": [],
        "findings": findings.collect::<Vec<_>>(), "skipped": [], "inputs": [],
        "rules": {"a-step": rule(fix), "a-note": rule("")},
    })
    .to_string()
}

fn page(size: usize) -> String {
    let text = fleet(size);
    html(&crate::render::document::read(text.as_bytes()).unwrap())
}

#[test]
fn of_few_clusters_each_says_everything_itself() {
    let page = page(3);
    assert_eq!(page.matches("Said to all.").count(), 3 + 3 + 1);
    assert!(page.contains("db-2 does without TLS"));
    assert!(page.contains("db-2.yaml:7:3"));
}

#[test]
fn of_many_clusters_what_holds_for_all_is_said_once_and_what_is_own_by_each() {
    let page = page(FULL + 1);
    assert_eq!(page.matches("Said to all.").count(), 1);
    assert_eq!(page.matches("does without TLS").count(), 1);
    let shared = "Said of 200: &#60;cluster.name&#62; does without TLS.";
    assert!(page.contains(shared), "{page}");
    assert!(page.contains("a-note: db-1 does without an odd thing (7:3)"));
    for index in 0..=FULL {
        assert!(
            page.contains(&format!("kubectl get pod db-{index}\n"))
                || page.contains(&format!("kubectl get pod db-{index}<"))
        );
        assert!(page.contains(&format!("lines are of <code>db-{index}.yaml</code>")));
    }
}

#[test]
fn the_head_says_in_one_sentence_where_the_fleet_stands() {
    let page = page(FULL + 1);
    assert!(page.contains("All 201 can move once the steps listed for them are done."));
    assert_eq!(summary::grouped(1_234_567), "1,234,567");
    assert_eq!(summary::grouped(100), "100");
}

/// SHA-256 in base64, as a Content-Security-Policy writes it.
fn hash(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let mut out = String::new();
    for chunk in digest.as_ref().chunks(3) {
        let mut group = [0; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for position in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * position)) as usize & 63];
            out.push(if position <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    out
}
