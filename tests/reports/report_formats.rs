//! Every format is valid by its own rules, tells the same verdicts, and keeps hostile names as text.

use std::path::Path;
use std::process::Output;

use pgo_preflight::printable::is_hidden;
use serde_json::{Value, json};

use crate::common;

const FORMATS: [&str; 9] = [
    "human",
    "sarif",
    "html",
    "markdown",
    "csv",
    "junit",
    "github",
    "gitlab",
    "policyreport",
];

/// Markup, script, formulas, terminal escapes, Markdown, workflow commands and YAML's traps in one name each.
const NAMES: [&str; 10] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://x\",\"y\")",
    "a|b`c`*d*[e](http://x)",
    "x\n::error::owned",
    "\u{1b}[31mred\u{202e}",
    "no",
    "{{ 7*7 }}%0A]]>",
    "::stop-commands::x ##[error]y ##vso[z]",
    "x;=cmd|'/c calc'!A1\u{61c}\u{200b}\u{fffe}",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(args: &[&str]) -> Output {
    common::program().args(args).output().unwrap()
}

/// A report whose names and texts are hostile, in a file.
fn hostile(folder: &Path) -> String {
    let finding = |index: usize, name: &str| {
        json!({
            "id": format!("{index:016x}"), "rule": name, "outcome": if index.is_multiple_of(2) { "fires" } else { "unknown" },
            "level": if index.is_multiple_of(2) { "error" } else { "note" }, "effect": {"volumes": "block", "backups": "action"},
            "subject": {"origin": name, "kind": "Pgcluster", "namespace": name, "name": name},
            "path": "", "message": format!("about {name}"),
            "labels": [{"uri": name, "startLine": 1, "startColumn": 2, "endLine": 1, "endColumn": 9, "text": name, "primary": true, "message": name}],
            "gaps": [{"missing": name, "because": name, "ask": format!("kubectl get {name}")}],
            "fix": format!("Do {name}.\n\n    kubectl get {name}\n"), "source": name,
        })
    };
    let cluster = |index: usize, name: &str| {
        let judged = |verdict: &str| json!({"verdict": verdict, "findings": [format!("{index:016x}")], "assumes": [name], "liftedBy": name});
        json!({
            "origin": name, "namespace": name, "name": name, "v4": name, "postgres": name,
            "target": {"pgo": [name], "from": name}, "verdict": "blocked",
            "methods": {"volumes": judged("blocked"), "backups": judged("unknown")},
        })
    };
    let each = |make: &dyn Fn(usize, &str) -> Value| -> Vec<Value> {
        NAMES
            .iter()
            .enumerate()
            .map(|(index, name)| make(index, name))
            .collect()
    };
    let draft = |index: usize, name: &str| {
        json!({
            "origin": name, "namespace": name, "name": name, "method": ["volumes"], "target": {"pgo": [], "from": name},
            "schema": name, "source": {"namespace": name, "name": name, "why": name}, "verdict": "error",
            "findings": [format!("{index:016x}")],
        })
    };
    let rules: serde_json::Map<String, Value> = NAMES
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!({"title": name, "why": name, "fix": name}),
            )
        })
        .collect();
    let report = json!({
        "version": 1, "tool": {"name": NAMES[0], "version": NAMES[1]}, "now": "2026-11-20T12:00:00Z",
        "target": {"flag": NAMES[0]}, "exit": 0, "clusters": each(&cluster), "drafts": each(&draft),
        "findings": each(&finding), "skipped": [{"uri": NAMES[0], "reason": NAMES[1]}],
        "inputs": [{"uri": NAMES[0], "objects": 1}], "rules": rules,
    });
    let file = folder.join("hostile.json");
    std::fs::write(&file, report.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

fn written(file: &str, format: &str) -> String {
    let output = run(&["report", file, "--since", file, "--format", format]);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn markup_in_names_stays_text_in_html() {
    let folder = tempfile::tempdir().unwrap();
    let page = written(&hostile(folder.path()), "html");
    assert_eq!(page.matches("<script>").count(), 1, "only the page's own");
    assert!(!page.contains("<img"));
    assert!(page.contains("&#60;script&#62;alert(1)") || page.contains("&lt;script&gt;alert(1)"));
    assert!(page.contains("Content-Security-Policy"));
}

#[test]
fn a_page_loads_nothing() {
    let output = run(&[
        "check",
        "fixtures/worked-examples/02/cluster.yaml",
        "--format",
        "html",
    ]);
    let page = String::from_utf8(output.stdout).unwrap();
    for outside in ["src=", "href=\"http", "url(", "@import", "<link", "<base"] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn names_stay_text_in_markdown() {
    let folder = tempfile::tempdir().unwrap();
    let text = written(&hostile(folder.path()), "markdown");
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let ticks: String = line
            .trim_start()
            .chars()
            .take_while(|c| *c == '`')
            .collect();
        match &fence {
            Some(open) if line.trim() == open => fence = None,
            None if ticks.len() > 2 => fence = Some(ticks),
            _ => {}
        }
        if fence.is_some() {
            continue;
        }
        let outside_code: String = line.split('`').step_by(2).collect();
        assert!(
            !outside_code.contains("<script") && !outside_code.contains("<img"),
            "{line}"
        );
        assert!(!line.starts_with("::"), "{line}");
    }
    assert!(
        !text
            .chars()
            .any(|character| character.is_control() && character != '\n')
    );
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    for row in rows {
        let cells = row.replace("\\|", "").matches('|').count();
        assert!(cells == 6 || cells == 5, "{row}");
    }
}

#[test]
fn a_spreadsheet_runs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text = written(&hostile(folder.path()), "csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(row.len(), 18);
        for cell in &row {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
            let formula = |part: &str| part.trim_start().starts_with(['=', '+', '-', '@']);
            assert!(!cell.split([';', '|']).any(formula), "{cell}");
        }
        rows += 1;
    }
    assert_eq!(rows, NAMES.len() * 3, "two methods and a draft each");
}

#[test]
fn junit_has_a_case_per_cluster_and_method_and_draft() {
    let folder = tempfile::tempdir().unwrap();
    let text = written(&hostile(folder.path()), "junit");
    let report = quick_junit::Report::deserialize_from_str(&text).unwrap();
    assert_eq!(report.tests, NAMES.len() * 3);
    // In each cluster volumes is blocked, backups unknown and nothing open: one failure, one skipped; drafts fail.
    assert_eq!((report.failures, report.errors), (NAMES.len() * 2, 0));
    assert!(
        !text
            .chars()
            .any(|character| character.is_control() && character != '\n')
    );
}

#[test]
fn github_gets_one_command_a_line_and_none_from_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let text = written(&hostile(folder.path()), "github");
    let command = regex::Regex::new(
        r"^::(error|warning|notice) (file=[^,:]*,line=\d+,endLine=\d+,(col=\d+,endColumn=\d+,)?)?title=[^,:]*::",
    )
    .unwrap();
    assert_eq!(text.lines().count(), NAMES.len());
    for line in text.lines() {
        assert!(command.is_match(line), "{line}");
    }
    let levels: Vec<&str> = text.lines().map(|line| &line[2..7]).collect();
    assert!(
        levels.is_sorted_by_key(|level| *level != "error"),
        "errors first: {levels:?}"
    );
}

#[test]
fn gitlab_s_code_quality_follows_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let issues: Value = serde_json::from_str(&written(&hostile(folder.path()), "gitlab")).unwrap();
    let schema = json!({
        "type": "array",
        "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
                "description": {"type": "string", "minLength": 1},
                "check_name": {"type": "string"},
                "fingerprint": {"type": "string", "minLength": 1},
                "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
                "location": {
                    "type": "object",
                    "required": ["path", "lines"],
                    "properties": {
                        "path": {"type": "string"},
                        "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                    },
                },
            },
        },
    });
    assert!(jsonschema::is_valid(&schema, &issues));
    let fingerprints: std::collections::BTreeSet<&str> = issues
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| issue["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(fingerprints.len(), NAMES.len());
}

/// What the CustomResourceDefinitions of wgpolicyk8s.io/v1alpha2 require of the fields we write, as a JSON Schema that
/// allows no others.
fn policy_report_schema() -> Value {
    let text = json!({"type": "string"});
    let reference = json!({
        "type": "object", "additionalProperties": false,
        "properties": {"apiVersion": text, "kind": text, "namespace": text, "name": text},
    });
    let result = json!({
        "type": "object", "additionalProperties": false, "required": ["policy"],
        "properties": {
            "category": text, "message": text, "policy": text, "rule": text, "source": text, "scored": {"type": "boolean"},
            "result": {"enum": ["pass", "fail", "warn", "error", "skip"]},
            "severity": {"enum": ["high", "low", "medium"]},
            "properties": {"type": "object", "additionalProperties": text},
            "resources": {"type": "array", "items": reference},
            "timestamp": {
                "type": "object", "additionalProperties": false, "required": ["nanos", "seconds"],
                "properties": {"nanos": {"type": "integer"}, "seconds": {"type": "integer"}},
            },
        },
    });
    let count = json!({"type": "integer"});
    json!({
        "type": "object", "additionalProperties": false,
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {
            "apiVersion": {"const": "wgpolicyk8s.io/v1alpha2"},
            "kind": {"enum": ["PolicyReport", "ClusterPolicyReport"]},
            "metadata": {"type": "object", "properties": {"name": text, "namespace": text, "annotations": {"type": "object", "additionalProperties": text}}},
            "summary": {
                "type": "object", "additionalProperties": false,
                "properties": {"pass": count, "fail": count, "warn": count, "error": count, "skip": count},
            },
            "results": {"type": "array", "items": result},
        },
    })
}

#[test]
fn policy_reports_follow_their_definition() {
    let folder = tempfile::tempdir().unwrap();
    let validator = jsonschema::validator_for(&policy_report_schema()).unwrap();
    let texts = [
        written(&hostile(folder.path()), "policyreport"),
        String::from_utf8(
            run(&[
                "check",
                "fixtures/worked-examples",
                "--format",
                "policyreport",
            ])
            .stdout,
        )
        .unwrap(),
    ];
    for text in texts {
        let mut objects = 0;
        for document in text
            .split("---\n")
            .filter(|document| !document.trim().is_empty())
        {
            let object: Value = yaml_serde::from_str(document).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&object)
                .map(|error| error.to_string())
                .collect();
            assert!(errors.is_empty(), "{errors:?}\n{document}");
            let results = object["results"].as_array().unwrap();
            let counted: u64 = ["pass", "fail", "warn", "error", "skip"]
                .iter()
                .map(|word| object["summary"][word].as_u64().unwrap())
                .sum();
            assert_eq!(counted, results.len() as u64);
            objects += 1;
        }
        assert!(objects > 1);
    }
}

#[test]
fn a_policy_report_is_never_larger_than_the_api_server_takes() {
    let folder = tempfile::tempdir().unwrap();
    let file = hostile(folder.path());
    let mut report: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let finding = report["findings"][0].clone();
    let many = (0..2500).map(|index| {
        let mut one = finding.clone();
        one["id"] = format!("{index:016x}").into();
        one
    });
    report["findings"] = many.collect();
    std::fs::write(&file, report.to_string()).unwrap();
    let text = written(&file, "policyreport");
    let objects = text.split("---\n").filter(|one| !one.is_empty());
    let mut names = std::collections::BTreeSet::new();
    for object in objects {
        assert!(object.len() < 1_400_000, "{}", object.len());
        let object: Value = yaml_serde::from_str(object).unwrap();
        let metadata = &object["metadata"];
        assert!(names.insert((
            metadata["namespace"].to_string(),
            metadata["name"].to_string()
        )));
    }
    assert!(names.len() > NAMES.len());
}

#[test]
fn a_namespace_called_no_is_not_a_boolean_to_kubectl() {
    let folder = tempfile::tempdir().unwrap();
    let text = written(&hostile(folder.path()), "policyreport");
    assert!(
        !text.contains("namespace: no\n"),
        "YAML 1.1 reads a plain no as false"
    );
}

#[test]
fn no_format_writes_what_drives_a_terminal_or_turns_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = hostile(folder.path());
    for format in FORMATS {
        let text = written(&file, format).replace("\r\n", "\n");
        let hidden = |c: &char| *c != '\n' && *c != '\t' && is_hidden(*c);
        let found: Vec<char> = text.chars().filter(hidden).collect();
        assert!(found.is_empty(), "{format}: {found:?}");
    }
}

#[test]
fn no_line_of_any_format_is_a_command_of_a_build_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = hostile(folder.path());
    for format in FORMATS {
        let text = written(&file, format);
        assert!(
            !text.contains("##[") && !text.contains("##vso["),
            "{format}"
        );
        for line in text
            .lines()
            .filter(|line| line.trim_start().starts_with("::"))
        {
            let own = ["::error ", "::warning ", "::notice "];
            assert!(
                format == "github" && own.iter().any(|command| line.starts_with(command)),
                "{format}: {line}"
            );
        }
    }
}

#[test]
fn nothing_to_check_is_a_valid_document_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.yaml");
    std::fs::write(&empty, "").unwrap();
    for format in FORMATS {
        let output = run(&["check", empty.to_str().unwrap(), "--format", format]);
        assert_eq!(output.status.code(), Some(3), "{format}");
        let text = String::from_utf8(output.stdout).unwrap();
        match format {
            "html" => assert!(text.contains("Nothing to show")),
            "junit" => assert_eq!(
                quick_junit::Report::deserialize_from_str(&text)
                    .unwrap()
                    .tests,
                0
            ),
            "gitlab" => assert_eq!(text.trim(), "[]"),
            "sarif" => {
                let log: Value = serde_json::from_str(&text).unwrap();
                assert_eq!(log["runs"][0]["results"], json!([]));
            }
            "csv" => assert_eq!(text.lines().count(), 1),
            "github" | "policyreport" => assert_eq!(text, ""),
            _ => assert!(
                text.to_lowercase().contains("nothing to check"),
                "{format}: {text}"
            ),
        }
    }
}

/// What was undecided of a living cluster stood on the page without the command that settles it.
#[test]
fn a_page_about_living_clusters_says_what_to_ask() {
    let lives = common::root().join("fixtures/lives/volumes");
    let [before, after] = ["before.yaml", "08-done.yaml"].map(|name| lives.join(name));
    let output = common::program()
        .args(["verify", "--no-config", "--format", "html", "--before"])
        .args([before, after])
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("cannot tell whether "), "{page}");
    let asks = page.split("id=\"asks\"").nth(1).unwrap();
    assert!(asks.contains("kubectl get "), "{asks}");
}
