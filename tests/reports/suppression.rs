//! Comments and annotations that set findings aside: what they cover, what they do not, and what verdicts make of it.

use crate::common;

use std::sync::LazyLock;

use common::{judge, root, worked_examples};
use pgo_preflight::check::Options;
use pgo_preflight::check::{DraftVerdict, FailOn, Finding, Report, Verdict, exit_code, names_of};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::Assume;
use pgo_preflight::render;
use pgo_preflight::rule::RuleSet;
use proptest::prelude::*;
use serde_json::{Value, json};

const HEAD: &str = "apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
";

const SPEC: &str = "  postgresVersion: 16
  instances:
  - name: a
    dataVolumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
  backups:
    pgbackrest:
      repos:
      - name: repo1
        volume:
          volumeClaimSpec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
";

/// A draft whose spec begins with these lines.
fn draft(name: &str, lines: &str) -> String {
    format!("{HEAD}metadata: {{name: {name}, namespace: pgo}}\nspec:\n{lines}{SPEC}")
}

fn options() -> Options {
    Options::at(
        "2026-11-20T12:00:00Z".parse().unwrap(),
        Version::parse("5.8.2"),
    )
}

static RULES: LazyLock<RuleSet> = LazyLock::new(|| RuleSet::built_in(names_of).unwrap());

fn report(text: &str) -> Report {
    judge(&[text.to_owned()], &RULES, &options(), &Assume::nothing())
}

fn line_of(report: &Report, finding: &Finding) -> u32 {
    let label = finding.labels.iter().find(|label| label.primary).unwrap();
    report.sources[label.span.source.0 as usize]
        .position(label.span.start)
        .line
}

/// Rule and line of findings about unknown fields and ignores; those set aside with their reason.
fn told(report: &Report) -> Vec<String> {
    let ours = |finding: &&Finding| {
        finding.rule.starts_with("ignore-") || &*finding.rule == "schema-unknown-field"
    };
    let mut told: Vec<String> = report
        .findings
        .iter()
        .filter(ours)
        .map(|finding| {
            let place = format!("{}@{}", finding.rule, line_of(report, finding));
            match &finding.suppressed {
                None => place,
                Some(suppression) => format!("{place} aside: {}", suppression.reason),
            }
        })
        .collect();
    told.sort();
    told
}

/// What is told of a draft whose spec begins with these lines; the first of them is line 5.
fn of_draft(lines: &str) -> Vec<String> {
    told(&report(&draft("hippo", lines)))
}

#[test]
fn a_comment_covers_its_own_line_or_the_line_below() {
    for lines in [
        "  extra: 1 # pgo-preflight: ignore[schema-unknown-field] patched\n",
        "  extra: 1 #pgo-preflight:ignore [ schema-unknown-field ] -- patched \r\n",
        "  extra: 1 # pgo-preflight: ignore[schema-value, schema-unknown-field] patched\n",
    ] {
        assert!(
            of_draft(lines).contains(&"schema-unknown-field@5 aside: patched".to_owned()),
            "{lines}: {:?}",
            of_draft(lines)
        );
    }
    let above =
        "  # pgo-preflight: ignore[schema-unknown-field] patched\n  # more words\n  extra: 1\n";
    assert_eq!(of_draft(above), ["schema-unknown-field@7 aside: patched"]);
    let two_above = "  # pgo-preflight: ignore[schema-unknown-field] patched\n\n  extra: 1\n";
    assert_eq!(
        of_draft(two_above),
        ["ignore-without-effect@5", "schema-unknown-field@7"]
    );
    let beside_the_line_above =
        "  shutdown: false # pgo-preflight: ignore[schema-unknown-field] patched\n  extra: 1\n";
    assert_eq!(
        of_draft(beside_the_line_above),
        ["ignore-without-effect@5", "schema-unknown-field@6"]
    );
}

#[test]
fn at_the_head_of_a_document_it_covers_the_whole_document_and_no_other() {
    let comment = "# pgo-preflight: ignore[schema-unknown-field] patched\n";
    let (one, other) = (draft("a", "  extra: 1\n"), draft("b", "  extra: 1\n"));
    let expect = [
        "schema-unknown-field@16 aside: patched",
        "schema-unknown-field@32",
    ];
    for start in [
        format!("{comment}---\n# more\n"),
        format!("---\n\n{comment}"),
        format!("# words\n--- {comment}# more\n").replace("# words\n", "# words\n"),
    ] {
        let text = format!("{start}{one}---\n{other}");
        let told = told(&report(&text));
        let lines = |told: &[String]| -> Vec<bool> {
            told.iter()
                .map(|told| told.contains("aside: patched"))
                .collect()
        };
        assert_eq!(told.len(), expect.len(), "{told:?}");
        assert_eq!(lines(&told).iter().filter(|aside| **aside).count(), 1);
        let aside = report(&text);
        let of = aside.findings.iter().find(|finding| !finding.counts());
        assert_eq!(of.unwrap().subject.name, "a");
    }
    let second = format!("{one}---\n{comment}{other}");
    let of = report(&second);
    let aside: Vec<&str> = of
        .findings
        .iter()
        .filter(|finding| !finding.counts())
        .map(|finding| finding.subject.name.as_str())
        .collect();
    assert_eq!(aside, ["b"]);
}

#[test]
fn at_the_foot_of_a_document_it_is_no_head_of_the_next() {
    let comment = "# pgo-preflight: ignore[schema-unknown-field] patched\n";
    let text = format!(
        "{}{comment}---\n{}",
        draft("a", ""),
        draft("b", "  extra: 1\n")
    );
    let told = told(&report(&text));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].starts_with("ignore-without-effect@"));
    assert!(!told[1].contains("aside"));
}

#[test]
fn each_item_of_a_list_is_a_document() {
    let item = |name: &str| {
        let text = draft(name, "  extra: 1\n");
        let lines: Vec<String> = text.lines().map(|line| format!("  {line}\n")).collect();
        lines.concat().replacen("  api", "- api", 1)
    };
    let comment = "# pgo-preflight: ignore[schema-unknown-field] patched\n";
    let list = |between: &str, second: &str| {
        format!(
            "apiVersion: v1\nitems:\n{}{between}{second}kind: List\n",
            item("a")
        )
    };
    let aside = |text: &str| -> Vec<String> {
        let report = report(text);
        assert_eq!(report.drafts.len(), 2, "{text}");
        let aside = report.findings.iter().filter(|finding| !finding.counts());
        aside.map(|finding| finding.subject.name.clone()).collect()
    };
    assert_eq!(aside(&list(comment, &item("b"))), ["b"]);
    let after_dash = item("b").replacen("- api", &format!("- {comment}  api"), 1);
    assert_eq!(aside(&list("", &after_dash)), ["b"]);
    // Indented like the element before, it belongs to that one.
    assert_eq!(aside(&list(&format!("  {comment}"), &item("b"))), [""; 0]);
    // At the head of the List it covers nothing, and that is told.
    let at_list = format!("{comment}{}", list("", &item("b")));
    assert_eq!(aside(&at_list), [""; 0]);
    assert!(told(&report(&at_list)).contains(&"ignore-without-effect@1".to_owned()));
}

#[test]
fn text_in_scalars_is_no_comment() {
    let mark = "# pgo-preflight: ignore[schema-unknown-field] patched";
    for lines in [
        format!("  note: |\n    {mark}\n  extra: 1\n"),
        format!("  note: >-\n    {mark}\n  extra: 1\n"),
        format!("  note: \"\n    {mark}\"\n  extra: 1\n"),
        format!("  note: 'a\n    {mark}'\n  extra: 1\n"),
        format!("  note: a{mark}\n  extra: 1\n"),
    ] {
        let told = of_draft(&lines);
        assert!(
            told.iter().all(|told| !told.contains("aside")),
            "{lines}: {told:?}"
        );
        assert!(
            told.iter().all(|told| !told.starts_with("ignore-")),
            "{lines}: {told:?}"
        );
    }
    let quoted_and_real = format!("  extra: '{mark}' {mark}\n");
    assert_eq!(
        of_draft(&quoted_and_real),
        ["schema-unknown-field@5 aside: patched"]
    );
}

const MARK: &str = "# pgo-preflight: ignore[schema-unknown-field] patched";

/// One unknown field: how its value is written, and whether a real comment stands above it or beside it.
#[derive(Clone, Copy, Debug)]
struct Field {
    value: usize,
    above: bool,
    beside: bool,
}

/// Ways to write a value: what follows the key on its line, and the lines below.
const VALUES: [(&str, &str); 12] = [
    ("1", ""),
    ("\"MARK\"", ""),
    ("'it''s MARK'", ""),
    ("a#b", ""),
    ("{a: 1, b: [2]}", ""),
    ("[", "    1,\n    'MARK'\n    ]\n"),
    ("|", "    a\n    MARK\n"),
    (">-", "    MARK\n\n    b\n\n"),
    ("|2+", "    MARK\n      MARK\n\n"),
    ("!!str |", "    MARK\n"),
    ("", "    a: 1\n    b:\n    - |\n      MARK\n"),
    ("plain", "    goes on\n"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn a_comment_counts_where_it_is_one_and_nowhere_else(
        fields in proptest::collection::vec(
            (0..VALUES.len(), any::<bool>(), any::<bool>())
                .prop_map(|(value, above, beside)| Field { value, above, beside }),
            1..12,
        ),
    ) {
        let mut lines = String::new();
        for (number, field) in fields.iter().enumerate() {
            let (first, below) = VALUES[field.value];
            if field.above {
                lines.push_str(&format!("  {MARK}\n"));
            }
            // A comment would end a plain value that goes on.
            let beside = if field.beside && first != "plain" { MARK } else { "" };
            let line = format!("  x{number}: {} {beside}", first.replace("MARK", MARK));
            lines.push_str(line.trim_end());
            lines.push('\n');
            lines.push_str(&below.replace("MARK", MARK));
        }
        let report = report(&draft("hippo", &lines));
        for (number, field) in fields.iter().enumerate() {
            let path = format!("/spec/x{number}");
            let finding = report.findings.iter().find(|finding| finding.path == path);
            let finding = finding.unwrap_or_else(|| panic!("{path}:\n{lines}"));
            let ignored = field.above || (field.beside && VALUES[field.value].0 != "plain");
            prop_assert_eq!(!finding.counts(), ignored, "{}:\n{}", path, lines);
        }
        let idle = report.findings.iter().filter(|finding| finding.rule.starts_with("ignore-"));
        prop_assert_eq!(idle.count(), 0, "{}", lines);
    }
}

#[test]
fn an_annotation_covers_its_object_in_yaml_and_json() {
    let with = |value: &str| {
        draft("hippo", "  extra: 1\n").replace(
            "namespace: pgo}",
            &format!("namespace: pgo, annotations: {{pgo-preflight/ignore: {value}}}}}"),
        )
    };
    let yaml = with("'schema-unknown-field, schema-value: patched: twice'");
    let expected = [
        "ignore-without-effect@3".to_owned(),
        "schema-unknown-field@5 aside: patched: twice".to_owned(),
    ];
    assert_eq!(told(&report(&yaml)), expected);
    let value: Value = yaml_serde::from_str(&yaml).unwrap();
    let json = report(&value.to_string());
    assert_eq!(
        json.findings
            .iter()
            .filter(|finding| !finding.counts())
            .count(),
        1
    );
    assert_eq!(
        told(&report(&with("schema-unknown-field"))),
        ["ignore-without-reason@3", "schema-unknown-field@5 aside: "]
    );
}

#[test]
fn what_is_wrong_with_an_ignore_is_told_at_its_place() {
    let cases = [
        (
            "ignore[schema-unknwon-field] x",
            "ignore-not-understood",
            "did you mean `schema-unknown-field`?",
        ),
        (
            "ignore[] x",
            "ignore-not-understood",
            "write `# pgo-preflight: ignore[RULE] reason`",
        ),
        (
            "ignore schema-unknown-field",
            "ignore-not-understood",
            "write `# pgo-preflight",
        ),
        (
            "ingore[schema-unknown-field] x",
            "ignore-not-understood",
            "write `# pgo-preflight",
        ),
        (
            "ignore[schema-unknown-field]",
            "ignore-without-reason",
            "does not say why",
        ),
        (
            "ignore[schema-value] x",
            "ignore-without-effect",
            "no finding of `schema-value`",
        ),
        (
            "ignore[replicas-present] x",
            "ignore-without-effect",
            "no finding of `replicas-present`",
        ),
    ];
    for (comment, rule, words) in cases {
        let report = report(&draft(
            "hippo",
            &format!("  extra: 1 # pgo-preflight: {comment}\n"),
        ));
        let found: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.rule.starts_with("ignore-"))
            .collect();
        assert_eq!(found.len(), 1, "{comment}");
        assert_eq!(&*found[0].rule, rule, "{comment}");
        assert!(found[0].message.contains(words), "{}", found[0].message);
        assert_eq!(line_of(&report, found[0]), 5);
        assert!(report.rules.contains_key(rule));
    }
    assert_eq!(of_draft("  # pgo-preflight: run in CI\n"), [""; 0]);
}

#[test]
fn what_was_not_asked_in_this_run_is_not_said_to_be_without_effect() {
    // Only a paired draft is compared, and only for some targets.
    let lines = "  # pgo-preflight: ignore[postgres-version-other-than-v4] x\n  shutdown: false\n";
    let rules = RuleSet::built_in(names_of).unwrap();
    let comparing = rules.rules().iter().find(|rule| rule.compares()).unwrap();
    let lines = lines.replace("postgres-version-other-than-v4", &comparing.id);
    assert_eq!(of_draft(&lines), [""; 0]);
    // A live PostgresCluster is evidence.
    let live = draft(
        "hippo",
        "  shutdown: false # pgo-preflight: ignore[schema-value] x\n",
    );
    let live = format!("{live}status: {{observedGeneration: 1}}\n");
    assert_eq!(told(&report(&live)), [""; 0]);
}

#[test]
fn a_drafts_verdict_and_the_exit_code_leave_out_what_is_set_aside() {
    let plain = report(&draft("hippo", "  extra: 1\n"));
    assert_eq!(plain.drafts[0].verdict, DraftVerdict::Error);
    assert_eq!(exit_code(&plain, FailOn::Blocked), 1);
    let ignored = report(&draft(
        "hippo",
        "  extra: 1 # pgo-preflight: ignore[schema-unknown-field] patched\n",
    ));
    assert_eq!(ignored.drafts[0].verdict, DraftVerdict::Ok);
    assert_eq!(exit_code(&ignored, FailOn::Warning), 0);
    assert_eq!(
        ignored.drafts[0].findings.len(),
        plain.drafts[0].findings.len(),
        "what is set aside stays in the report"
    );
}

/// The worked examples with everything that is said about their clusters ignored by annotation.
fn all_ignored() -> Vec<(String, Report, Report)> {
    let rules = RuleSet::built_in(names_of).unwrap();
    let mut all = Vec::new();
    for example in worked_examples() {
        let (options, assume) = example.options();
        let documents = example.documents();
        let before = judge(&documents, &rules, &options, &assume);
        let mut ids: Vec<&str> = before
            .findings
            .iter()
            .map(|finding| &*finding.rule)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let comments: Vec<String> = ids
            .chunks(40)
            .map(|ids| {
                format!(
                    "# pgo-preflight: ignore[{}] decided on Monday\n",
                    ids.join(",")
                )
            })
            .collect();
        let annotated: Vec<String> = documents
            .iter()
            .map(|document| {
                if document.contains("kind: Pgcluster") {
                    format!("{}{document}", comments.concat())
                } else {
                    document.clone()
                }
            })
            .collect();
        let after = judge(&annotated, &rules, &options, &assume);
        all.push((example.row.clone(), before, after));
    }
    all
}

#[test]
fn ignoring_everything_never_makes_a_method_of_a_cluster_ready() {
    let mut lightened = 0;
    for (row, before, after) in all_ignored() {
        for (old, new) in before.clusters.iter().zip(&after.clusters) {
            for (method, was) in &old.methods {
                let is = &new.methods[method];
                assert_eq!(is.findings.len(), was.findings.len(), "{row}");
                assert!(
                    was.verdict == Verdict::Ready || is.verdict > Verdict::Ready,
                    "{row}"
                );
                if is.verdict < was.verdict {
                    lightened += 1;
                    assert_eq!(is.verdict, Verdict::Action, "{row}");
                    let named = |text: &std::sync::Arc<str>| {
                        text.contains(".yaml:") && text.contains("(decided on Monday)")
                    };
                    assert!(is.assumes.iter().any(named), "{row}: {:?}", is.assumes);
                }
            }
        }
    }
    assert!(lightened > 10, "{lightened}");
}

#[test]
fn an_ignore_in_another_document_does_not_touch_a_cluster() {
    let rules = RuleSet::built_in(names_of).unwrap();
    for example in worked_examples() {
        let (options, assume) = example.options();
        let documents = example.documents();
        let ids: Vec<&str> = rules.rules().iter().map(|rule| &*rule.id).collect();
        let comments: Vec<String> = ids
            .chunks(40)
            .map(|ids| format!("# pgo-preflight: ignore[{}] x\n", ids.join(",")))
            .collect();
        let commented: Vec<String> = documents
            .iter()
            .map(|document| {
                if document.contains("kind: Pgcluster") {
                    document.clone()
                } else {
                    format!("{}{document}", comments.concat())
                }
            })
            .collect();
        let report = judge(&commented, &rules, &options, &assume);
        let aside = |finding: &&Finding| !finding.counts() && finding.subject.kind == "Pgcluster";
        assert_eq!(
            report.findings.iter().filter(aside).count(),
            0,
            "{}",
            example.row
        );
    }
}

#[test]
fn sarif_tells_who_set_a_result_aside_and_on_which_line() {
    let text = draft(
        "hippo",
        "  extra: 1 # pgo-preflight: ignore[schema-unknown-field] pätched\n  other: 1\n",
    );
    let report = report(&text);
    let sarif: Value = serde_json::from_str(&render::sarif(&report, None)).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let aside: Vec<&Value> = results
        .iter()
        .filter(|result| result["suppressions"].as_array().unwrap().len() == 1)
        .collect();
    assert_eq!(aside.len(), 1);
    let suppression = &aside[0]["suppressions"][0];
    assert_eq!(suppression["kind"], "inSource");
    assert_eq!(suppression["justification"], "pätched");
    // The whole line, which is what the JSON report tells of it.
    let place = &suppression["location"]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "000.yaml");
    assert_eq!(place["region"], json!({"startLine": 5}));
    let line = text.lines().nth(4).unwrap();
    assert!(line.contains("# pgo-preflight") && line.ends_with("pätched"));
}

#[test]
fn json_and_human_count_what_is_set_aside() {
    let text = draft(
        "hippo",
        "  extra: 1 # pgo-preflight: ignore[schema-unknown-field] patched\n",
    );
    let report = report(&text);
    let json: Value = serde_json::from_str(&render::json(&report, 0)).unwrap();
    let schema = std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&json)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    assert_eq!(json["suppressed"], 1);
    let aside = json["findings"].as_array().unwrap().iter();
    let aside: Vec<&Value> = aside
        .filter(|finding| !finding["suppressed"].is_null())
        .collect();
    assert_eq!(aside[0]["suppressed"]["reason"], "patched");
    assert_eq!(aside[0]["suppressed"]["by"], "comment");
    assert_eq!(aside[0]["suppressed"]["place"], "000.yaml:5");
    let document = render::document::Document::of(&report, 0);
    let full = render::Extent::Full;
    let human = render::lead(&document, render::Screen::PLAIN, full, &|_, _| None);
    assert!(human.contains("1 set aside"), "{human}");
    assert!(
        human.contains("schema-unknown-field: patched (comment, 000.yaml:5)"),
        "{human}"
    );
    assert!(!human.contains("error[schema-unknown-field]"), "{human}");
}

#[test]
fn the_exit_code_is_the_same_in_every_format() {
    let folder = std::env::temp_dir().join(format!("pgo-preflight-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mark = "# pgo-preflight: ignore[schema-unknown-field] patched";
    for (lines, code) in [
        ("  extra: 1\n".to_owned(), 1),
        (format!("  extra: 1 {mark}\n"), 0),
        (format!("  extra: 1\n  other: 1 {mark}\n"), 1),
    ] {
        let file = folder.join("draft.yaml");
        std::fs::write(&file, draft("hippo", &lines)).unwrap();
        for format in ["human", "json", "sarif"] {
            let output = common::program()
                .args(["check", "--target", "5.8.2", "--format", format])
                .arg(&file)
                .current_dir(&folder)
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(code), "{format}: {lines}");
        }
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_text_full_of_ignores_takes_no_more_than_linear_time() {
    let mark = "# pgo-preflight: ignore[schema-value,schema-unknown-field] x";
    let started = std::time::Instant::now();
    let stacked = format!("  {mark}\n").repeat(3_000);
    let in_line = format!("  a: '{}'\n", format!("{mark} ").repeat(30_000));
    let labels: String = (0..3_000)
        .map(|n| format!("      k{n}: v {mark}\n"))
        .collect();
    let lines = format!("  metadata:\n    labels:\n{labels}");
    for text in [stacked, in_line, lines] {
        drop(report(&draft("hippo", &text)));
    }
    let taken = started.elapsed();
    assert!(taken.as_secs() < 60, "{taken:?}");
}
