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
fn what_every_cluster_has_to_do_stands_once_at_the_top_and_its_own_commands_with_each() {
    let page = page(3);
    // With its rule, and with the note, which is not the same for all.
    assert_eq!(page.matches("Said to all.").count(), 1 + 3);
    // As the head of the step, at the top and with each.
    assert_eq!(page.matches("<b>Said to all</b>").count(), 1 + 3);
    let top = page.find("The same for every cluster").unwrap();
    let words = page.find("each cluster is too old").unwrap();
    assert!(top < words && words < page.find("id=\"c0\"").unwrap());
    for index in 0..3 {
        let command = format!("kubectl get pod db-{index}<");
        assert!(page[page.find("id=\"c0\"").unwrap()..].contains(&command));
    }
    assert!(
        !page.contains("pod &#60;cluster.name&#62;"),
        "a command has a name in angle brackets"
    );
    assert!(page.contains("db-2 does without TLS"));
    assert!(page.contains("db-2.yaml:7:3"));
}

#[test]
fn of_many_clusters_what_holds_for_all_is_said_once_and_what_is_own_by_each() {
    let page = page(FULL + 1);
    assert_eq!(page.matches("Said to all.").count(), 1);
    assert_eq!(page.matches("<b>Said to all</b>").count(), 1 + FULL + 1);
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

#[test]
fn the_head_of_one_cluster_speaks_of_one() {
    let page = page(1);
    assert!(page.contains("It can move once the steps listed are done."));
}

/// The report of one cluster, with a plan, a drafted manifest, and a living cluster that came from it.
fn whole() -> String {
    let mut report: serde_json::Value = serde_json::from_str(&fleet(1)).unwrap();
    report["version"] = json!(2);
    report["questions"] = json!({});
    report["clusters"][0]["drafted"] =
        json!({"method": "volumes", "todo": 2, "text": "kind: PostgresCluster # <made>\n"});
    report["plans"] = json!([{"origin": "", "namespace": "pgo", "name": "db-0", "method": "volumes", "steps": [
        {"id": "one", "phase": "prepare", "title": "name it", "state": "done"},
        {"id": "two", "phase": "stop", "title": "stop it", "state": "next", "run": "    kubectl get pods\n", "noReturn": "it is stopped"},
    ]}]);
    report["living"] = json!([{"origin": "", "namespace": "pgo", "name": "db-0", "uri": "a.yaml", "stage": "running",
        "target": {"pgo": ["5.8.2"], "from": "x"}, "findings": [],
        "upgrade": {"from": "5.7.9", "to": "6.0.3", "verdict": "blocked", "counts": true, "findings": [], "assumes": [], "liftedBy": null}}]);
    report["pairs"] = json!([{"edge": "moved", "living": {"origin": "", "namespace": "pgo", "name": "db-0"},
        "cluster": {"namespace": "pgo", "name": "db-0"}, "why": "it says so", "verdict": "incomplete",
        "findings": ["gone-0"], "passed": [{"rule": "same-database", "holds": "it is the same database"}]}]);
    report["findings"].as_array_mut().unwrap().push(json!({
        "id": "gone-0", "rule": "something-gone", "outcome": "fires", "level": "error", "effect": {"moved": "incomplete"},
        "subject": {"origin": "", "kind": "Migration", "namespace": "pgo", "name": "db-0"}, "path": "",
        "message": "schedules are gone", "labels": [], "gaps": [], "fix": "", "source": null,
    }));
    report.to_string()
}

#[test]
fn plans_drafts_and_living_clusters_have_their_places() {
    let page = html(&crate::render::document::read(whole().as_bytes()).unwrap());
    for told in [
        "Drafted manifest by volumes, 2 places to fill in",
        "# &#60;made&#62;",
        "1 of 2 steps done",
        "2. stop it",
        "Point of no return:",
        "Living v5 clusters: 1",
        "schedules are gone",
        "it is the same database",
        "<span class=\"v blocked\">blocked</span>",
    ] {
        assert!(page.contains(told), "{told}\n{page}");
    }
    assert!(!page.contains("About the input"), "{page}");
    let (gone, same) = (page.find("schedules are gone"), page.find("it is the same"));
    assert!(gone < same, "what is missing comes first");
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
