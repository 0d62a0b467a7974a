//! The configuration file, waivers, attestations, severities, baselines and rules of an organisation, as the program runs them.

use crate::common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use common::root;
use serde_json::{Value, json};
use tempfile::TempDir;

const NOW: &str = "2026-11-20T12:00:00Z";
const CONFIG: &str = ".pgo-preflight.yaml";

const DRAFT: &str = "apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo, namespace: pgo}
spec:
  extra: 1
  postgresVersion: 16
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

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn run_in(folder: &Path, args: &[&str]) -> Output {
    common::program()
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap()
}

fn check(folder: &Path, args: &[&str]) -> Output {
    run_in(folder, &[&["check", "--now", NOW], args].concat())
}

/// The JSON report and the exit code of a run in a folder.
fn report(folder: &Path, args: &[&str]) -> (Value, i32) {
    let output = check(folder, &[args, &["--format", "json"]].concat());
    let error = String::from_utf8_lossy(&output.stderr);
    let report: Value =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"));
    let schema = fs::read_to_string(root().join("docs/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
    let report = common::unfolded(&output.stdout).unwrap();
    (report, output.status.code().unwrap())
}

fn of_rule<'r>(report: &'r Value, rule: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["rule"] == rule).collect()
}

/// What standard error says of a configuration, and the exit code.
fn refused(config: &str) -> (String, i32) {
    let folder = folder(&[(CONFIG, config), ("draft.yaml", DRAFT)]);
    let output = check(folder.path(), &["draft.yaml"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    (error, output.status.code().unwrap())
}

const WAIVER: &str = "waivers:
- rule: schema-unknown-field
  subject: {kind: PostgresCluster, namespace: 'p*', name: hipp?}
  reason: our operator is patched
  expires: 2026-11-20
";

#[test]
fn the_configuration_is_found_upward_and_flags_beat_it() {
    let folder = folder(&[
        (CONFIG, "target: 5.8.2\nmethods: [volumes]\n"),
        ("a/b/draft.yaml", DRAFT),
    ]);
    let below = folder.path().join("a/b");
    let (found, _) = report(&below, &["draft.yaml"]);
    assert_eq!(found["drafts"][0]["target"]["pgo"], json!(["5.8.2"]));
    assert_eq!(found["config"], "../../.pgo-preflight.yaml");
    let (by_flag, _) = report(&below, &["draft.yaml", "--target", "5.7.4"]);
    assert_eq!(by_flag["drafts"][0]["target"]["pgo"], json!(["5.7.4"]));
    let (without, _) = report(&below, &["draft.yaml", "--no-config"]);
    assert!(
        without["drafts"][0]["target"]["pgo"]
            .as_array()
            .unwrap()
            .len()
            > 1
    );
    assert_eq!(without["config"], Value::Null);
    fs::write(folder.path().join("other.yaml"), "target: 5.6.1\n").unwrap();
    let (named, _) = report(&below, &["draft.yaml", "--config", "../../other.yaml"]);
    assert_eq!(named["drafts"][0]["target"]["pgo"], json!(["5.6.1"]));
    let missing = check(&below, &["draft.yaml", "--config", "none.yaml"]);
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn methods_of_the_configuration_are_those_that_are_judged() {
    let example = root().join("fixtures/worked-examples/02/cluster.yaml");
    let example = example.to_str().unwrap();
    let folder = folder(&[(CONFIG, "methods: [volumes]\n")]);
    let methods = |args: &[&str]| {
        let (report, _) = report(folder.path(), &[&[example], args].concat());
        let methods = report["clusters"][0]["methods"].as_object().unwrap();
        methods.keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(methods(&[]), ["volumes"]);
    assert_eq!(methods(&["--method", "backups"]), ["backups"]);
}

#[test]
fn mistakes_are_told_with_their_place_and_a_suggestion() {
    let cases = [
        (
            "targt: 5.8.2\n",
            ":1:1: there is no key `targt`",
            "did you mean `target`?",
        ),
        ("target: new\n", ":1:9: target must be a version", ""),
        (
            "methods: [volumes, pvc]\n",
            ":1:20: methods are volumes",
            "",
        ),
        ("target: [\n", "the text ends in the middle", ""),
        ("- a\n", ":1:1: the configuration must be a mapping", ""),
        (
            "target: 5.8.2\ntarget: 5.8.1\n",
            ":2:1: `target` is written twice",
            "",
        ),
        (
            "waivers:\n- rule: no-backups\n  reason: x\n",
            ":2:3: a waiver needs `expires`",
            "",
        ),
        (
            "waivers:\n- rule: no-backups\n  expires: 2026-12-01\n",
            ":2:3: a waiver needs `reason`",
            "",
        ),
        (
            "waivers:\n- {rule: no-backups, reason: x, expires: soon}\n",
            ":2:42: expires must be a day",
            "",
        ),
        (
            "waivers:\n- {rule: no-bakups, reason: x, expires: 2026-12-01}\n",
            ":2:10: there is no rule `no-bakups`",
            "did you mean `no-backups`?",
        ),
        (
            "waivers:\n- {rule: no-backups, subject: {naem: x}, reason: x, expires: 2026-12-01}\n",
            ":2:32: there is no key `naem` in a subject",
            "did you mean `name`?",
        ),
        (
            "waivers:\n- {rule: no-backups, subject: {kind: Pod}, reason: x, expires: 2026-12-01}\n",
            ":2:38: findings are about",
            "",
        ),
        (
            "attestations:\n- {statement: x, settles: no-backups, reason: y, date: 2026-01-01}\n",
            ":2:3: an attestation needs `by`",
            "",
        ),
        ("severity: {no-backups: hard}\n", ":1:24: a severity is", ""),
        (
            "severity: {no-backups: block}\n",
            ":1:12: `no-backups` is about drafts",
            "",
        ),
        (
            "severity: {tablespaces-in-use: warn}\n",
            ":1:12: `tablespaces-in-use` is `",
            "cannot be lowered",
        ),
        ("rules: [none]\n", "none", ""),
        ("exclude: [{a: b}]\n", ":1:11: a path must be a text", ""),
    ];
    for (config, place, words) in cases {
        let (error, code) = refused(config);
        assert_eq!(code, 2, "{config}: {error}");
        assert!(
            error.contains(place) && error.contains(words),
            "{config}: {error}"
        );
    }
    let (error, _) = refused("targt: 1\nwaivers: 3\n");
    assert!(
        error.contains(":1:1:") && error.contains(":2:10:"),
        "{error}"
    );
    for empty in ["", "# nothing\n", "waivers:\n", "{}"] {
        assert_eq!(refused(empty).1, 1, "{empty}");
    }
}

#[test]
fn the_configuration_that_the_page_shows_is_one() {
    let page = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let shown = page.split("```yaml\n").nth(1).unwrap();
    let shown = shown.split("```").next().unwrap();
    let rule = root().join("examples/organisation-rules/name-outside-convention.yaml");
    let rule = fs::read_to_string(rule).unwrap();
    let folder = folder(&[
        (CONFIG, shown),
        ("our-rules/name-outside-convention.yaml", &rule),
        ("draft.yaml", DRAFT),
    ]);
    let (report, code) = report(folder.path(), &["draft.yaml"]);
    assert_eq!(code, 1);
    assert_eq!(report["config"], CONFIG);
    assert_eq!(of_rule(&report, "name-outside-convention").len(), 1);
    let schema = fs::read_to_string(root().join("docs/config.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let value: Value = yaml_serde::from_str(shown).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&value));
}

#[test]
fn the_schema_for_editors_agrees_with_the_reader() {
    let output = run_in(root(), &["rules", "--format", "config-schema"]);
    let published = fs::read_to_string(root().join("docs/config.schema.json")).unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        published,
        "docs/config.schema.json is stale"
    );
    let schema: Value = serde_json::from_str(&published).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let cases = [
        (WAIVER, true),
        ("{}", true),
        (
            "target: 5.8.2\nmethods: volumes\nexclude: ['old/**']\nseverity: {no-backups: warn}\n",
            true,
        ),
        (
            "attestations:\n- {statement: s, settles: [no-backups], by: Jo, date: 2026-01-01, reason: r}\n",
            true,
        ),
        (
            "attestations:\n- {statement: s, settles: [no-backups], by: Jo, date: January, reason: r}\n",
            false,
        ),
        (
            "attestations:\n- {settles: [no-backups], by: Jo, date: 2026-01-01, reason: r}\n",
            false,
        ),
        (
            "waivers:\n- {rule: no-backups, reason: ' ', expires: 2026-12-01}\n",
            false,
        ),
        (
            "waivers:\n- {rule: [], reason: r, expires: 2026-12-01}\n",
            false,
        ),
        ("waivers: {}\n", false),
        ("methods: []\n", false),
        ("unknown: 1\n", false),
        ("severity: {no-backups: hard}\n", false),
    ];
    for (config, good) in cases {
        let value: Value = yaml_serde::from_str(config).unwrap();
        assert_eq!(validator.is_valid(&value), good, "{config}");
        let (error, code) = refused(config);
        assert_eq!(code != 2, good, "{config}: {error}");
    }
}

#[test]
fn a_waiver_covers_until_its_day_and_then_is_an_error_itself() {
    let folder = folder(&[(CONFIG, WAIVER), ("draft.yaml", DRAFT)]);
    let (waived, code) = report(folder.path(), &["draft.yaml", "--target", "5.8.2"]);
    assert_eq!(code, 0);
    assert_eq!(waived["drafts"][0]["verdict"], "ok");
    let finding = of_rule(&waived, "schema-unknown-field")[0];
    assert_eq!(finding["suppressed"]["by"], "waiver");
    assert_eq!(finding["suppressed"]["until"], "2026-11-20");
    assert_eq!(finding["suppressed"]["place"], ".pgo-preflight.yaml:2");
    assert_eq!(waived["suppressed"], 1);

    let day_after = [
        "draft.yaml",
        "--target",
        "5.8.2",
        "--now",
        "2026-11-21T00:00:00Z",
    ];
    let args = [&["check"][..], &day_after, &["--format", "json"]].concat();
    let output = run_in(folder.path(), &args);
    assert_eq!(output.status.code(), Some(1));
    let late: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(late["drafts"][0]["verdict"], "error");
    let expired = of_rule(&late, "waiver-expired");
    assert_eq!(expired.len(), 1);
    assert_eq!(expired[0]["level"], "error");
    assert_eq!(expired[0]["labels"][0]["startLine"], 2);
    assert_eq!(expired[0]["labels"][0]["uri"], ".pgo-preflight.yaml");

    // It is an error where nothing else is wrong, too.
    fs::write(
        folder.path().join("draft.yaml"),
        DRAFT.replace("  extra: 1\n", ""),
    )
    .unwrap();
    let output = run_in(folder.path(), &[&["check"][..], &day_after].concat());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_waiver_touches_only_whom_it_selects() {
    for (subject, aside) in [
        ("{}", true),
        ("{name: hippo}", true),
        ("{name: hip}", false),
        ("{namespace: 'team-*'}", false),
        ("{kind: Pgcluster}", false),
        ("{origin: ''}", true),
        ("{origin: prod}", false),
    ] {
        let config = WAIVER.replace(
            "{kind: PostgresCluster, namespace: 'p*', name: hipp?}",
            subject,
        );
        let folder = folder(&[(CONFIG, &config), ("draft.yaml", DRAFT)]);
        let (report, code) = report(folder.path(), &["draft.yaml", "--target", "5.8.2"]);
        let finding = of_rule(&report, "schema-unknown-field")[0];
        assert_eq!(finding["suppressed"].is_object(), aside, "{subject}");
        assert_eq!(code, i32::from(!aside), "{subject}");
    }
}

/// A worked example, its arguments, and a configuration beside it.
fn example(row: &str, config: &str) -> (TempDir, Vec<String>) {
    let example = common::worked_examples()
        .into_iter()
        .find(|example| example.folder.ends_with(row))
        .unwrap();
    let text = fs::read_to_string(example.folder.join("cluster.yaml")).unwrap();
    let mut args = example.args.clone();
    if let Some(at) = args.iter().position(|arg| arg == "--now") {
        args.drain(at..at + 2);
    }
    (folder(&[(CONFIG, config), ("cluster.yaml", &text)]), args)
}

/// Every finding of a worked example that stands in the way of a method, and that method's verdict.
fn in_the_way() -> Vec<(String, String, String, Value)> {
    let mut all = Vec::new();
    for example in common::worked_examples() {
        let row = example
            .folder
            .file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let (folder, args) = self::example(&row, "");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (report, _) = report(folder.path(), &[&["cluster.yaml"], &args[..]].concat());
        for finding in report["findings"].as_array().unwrap() {
            let rule = finding["rule"].as_str().unwrap().to_owned();
            let outcome = finding["outcome"].as_str().unwrap().to_owned();
            all.push((row.clone(), rule, outcome, finding["effect"].clone()));
        }
    }
    all
}

fn everything(rules: &[String], head: &str, key: &str, rest: &str) -> String {
    format!("{head}:\n- {{{key}: [{}], {rest}}}\n", rules.join(", "))
}

#[test]
fn waiving_everything_makes_no_method_ready_and_says_so() {
    let (folder, args) = example("02", "");
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let args = [&["cluster.yaml"], &args[..]].concat();
    let (before, _) = report(folder.path(), &args);
    let mut rules: Vec<String> = before["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect();
    rules.sort();
    rules.dedup();
    let config = everything(
        &rules,
        "waivers",
        "rule",
        "reason: agreed, expires: 2027-01-01",
    );
    fs::write(folder.path().join(CONFIG), config).unwrap();
    let (after, _) = report(folder.path(), &args);
    let old = before["clusters"][0]["methods"].as_object().unwrap();
    let new = after["clusters"][0]["methods"].as_object().unwrap();
    let mut lightened = 0;
    for (method, was) in old {
        let is = &new[method];
        if was["verdict"] == "blocked" {
            lightened += 1;
            assert_eq!(is["verdict"], "action", "{method}");
            let assumes = is["assumes"].to_string();
            assert!(
                assumes.contains("is waived until 2027-01-01 at .pgo-preflight.yaml:2 (agreed)")
            );
        }
        assert!(
            was["verdict"] == "ready" || is["verdict"] != "ready",
            "{method}"
        );
        assert_eq!(
            is["findings"].as_array().unwrap().len(),
            was["findings"].as_array().unwrap().len()
        );
    }
    assert!(lightened > 0);
}

const WORD: &str = "statement: seen by us, by: Jo Doe, date: 2026-11-19, reason: looked at it";

#[test]
fn an_attestation_answers_what_is_unknown_and_never_what_the_objects_show() {
    let all = in_the_way();
    let undecided = all
        .iter()
        .filter(|(_, _, outcome, effect)| {
            outcome == "unknown" && effect.to_string().contains("\"action\"")
        })
        .take(3);
    let mut answered = 0;
    for (row, rule, ..) in undecided {
        let config = everything(std::slice::from_ref(rule), "attestations", "settles", WORD);
        let (folder, args) = example(row, &config);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (report, _) = report(folder.path(), &[&["cluster.yaml"], &args[..]].concat());
        let finding = of_rule(&report, rule)[0];
        assert_eq!(finding["suppressed"]["by"], "attestation", "{row} {rule}");
        assert_eq!(finding["suppressed"]["who"], "Jo Doe");
        let told = format!("{rule}: Jo Doe attests of 2026-11-19 that \\\"seen by us\\\"");
        assert!(
            report["clusters"].to_string().contains(&told),
            "{row} {rule}"
        );
        answered += 1;
    }
    assert!(answered > 0, "no worked example leaves an action undecided");

    let (row, rule, ..) = all
        .iter()
        .find(|(_, _, outcome, effect)| {
            outcome == "fires" && effect.to_string().contains("\"block\"")
        })
        .unwrap();
    let config = everything(std::slice::from_ref(rule), "attestations", "settles", WORD);
    let (folder, args) = example(row, &config);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (report, _) = report(folder.path(), &[&["cluster.yaml"], &args[..]].concat());
    assert_eq!(of_rule(&report, rule)[0]["suppressed"], Value::Null);
    assert_eq!(of_rule(&report, "attestation-contradicted").len(), 1);
}

#[test]
fn an_attestation_out_of_its_time_answers_nothing() {
    let no_image = DRAFT.replace("postgresVersion: 16", "postgresVersion: 14");
    for (date, expires, holds) in [
        ("2026-11-20", ", expires: 2026-11-20", true),
        ("2026-11-21", "", false),
        ("2026-11-01", ", expires: 2026-11-19", false),
    ] {
        let word = WORD.replace("2026-11-19", date) + expires;
        let rule = ["no-image-for-major".to_owned()];
        let config = everything(&rule, "attestations", "settles", &word);
        let folder = folder(&[(CONFIG, &config), ("draft.yaml", &no_image)]);
        let (report, _) = report(folder.path(), &["draft.yaml", "--target", "5.8.2"]);
        let outdated = of_rule(&report, "attestation-not-in-force");
        assert_eq!(outdated.len(), usize::from(!holds), "{date}");
        let finding = of_rule(&report, "no-image-for-major")[0];
        assert_eq!(finding["suppressed"].is_object(), holds, "{date}");
    }
}

#[test]
fn a_page_shows_waivers_and_attestations_as_what_they_are() {
    let no_image = DRAFT.replace("postgresVersion: 16", "postgresVersion: 14");
    let rule = ["no-image-for-major".to_owned()];
    let config = WAIVER.to_owned() + &everything(&rule, "attestations", "settles", WORD);
    let folder = folder(&[(CONFIG, &config), ("draft.yaml", &no_image)]);
    let args = ["draft.yaml", "--target", "5.8.2", "--format", "markdown"];
    let page = String::from_utf8(check(folder.path(), &args).stdout).unwrap();
    let plain = page.replace('\\', "");
    for told in [
        "our operator is patched (waiver, until 2026-11-20, .pgo-preflight.yaml:2)",
        "Jo Doe attests of 2026-11-19 that \"seen by us\": looked at it (attestation, .pgo-preflight.yaml:7)",
    ] {
        assert!(plain.contains(told), "{told}:\n{page}");
    }
}

#[test]
fn severities_change_what_a_rule_weighs() {
    let folder = folder(&[
        (CONFIG, "severity: {schema-unknown-field: warn}\n"),
        ("draft.yaml", DRAFT),
    ]);
    let (lighter, code) = report(folder.path(), &["draft.yaml", "--target", "5.8.2"]);
    assert_eq!(code, 0);
    let finding = of_rule(&lighter, "schema-unknown-field")[0];
    assert_eq!(
        (&finding["level"], &finding["effect"]["draft"]),
        (&json!("warning"), &json!("warn"))
    );
    assert_eq!(lighter["drafts"][0]["verdict"], "ok");

    let all = in_the_way();
    let (row, rule, ..) = all
        .iter()
        .find(|(_, _, outcome, effect)| {
            outcome == "fires"
                && effect
                    .as_object()
                    .unwrap()
                    .values()
                    .all(|weight| weight == "warn")
        })
        .unwrap();
    let (folder, args) = example(row, &format!("severity: {{{rule}: block}}\n"));
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (heavier, _) = report(folder.path(), &[&["cluster.yaml"], &args[..]].concat());
    let finding = of_rule(&heavier, rule)[0];
    // A block is an error only where no method is open.
    let open = heavier["clusters"][0]["verdict"] != "blocked";
    assert_eq!(finding["level"] == "error", !open, "{row} {rule}");
    for method in finding["effect"].as_object().unwrap().keys() {
        assert_eq!(
            heavier["clusters"][0]["methods"][method]["verdict"],
            "blocked"
        );
    }
}

#[test]
fn excluded_files_are_not_read_and_that_is_told() {
    let folder = folder(&[
        (CONFIG, "exclude: [old/, '*.bak.yaml']\n"),
        ("now/draft.yaml", &DRAFT.replace("  extra: 1\n", "")),
        ("old/x/draft.yaml", &DRAFT.replace("hippo", "rhino")),
        ("a.bak.yaml", &DRAFT.replace("hippo", "zebra")),
    ]);
    for (place, path) in [
        (folder.path().to_owned(), "."),
        (folder.path().join("now"), ".."),
    ] {
        let (report, code) = report(&place, &[path, "--target", "5.8.2"]);
        assert_eq!(code, 0);
        assert_eq!(report["drafts"].as_array().unwrap().len(), 1, "{path}");
        let skipped = report["skipped"].as_array().unwrap().iter();
        let told = skipped.filter(|skipped| {
            skipped["reason"]
                .as_str()
                .unwrap()
                .starts_with("excluded by")
                && skipped["counts"] == false
        });
        assert_eq!(told.count(), 2, "{path}");
    }
}

#[test]
fn a_baseline_leaves_only_what_is_new_and_verdicts_as_they_are() {
    let folder = folder(&[("draft.yaml", DRAFT)]);
    let here = folder.path();
    let args = ["draft.yaml", "--target", "5.8.2"];
    let (before, code) = report(
        here,
        &[&args[..], &["--write-baseline", "base.json"]].concat(),
    );
    assert_eq!(code, 1);
    let with = [&args[..], &["--baseline", "base.json"]].concat();
    let (same, code) = report(here, &with);
    assert_eq!(code, 0);
    assert_eq!(same["drafts"][0]["verdict"], before["drafts"][0]["verdict"]);
    let findings = same["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .all(|finding| finding["baseline"] == "unchanged")
    );
    assert_eq!(same["baseline"]["gone"], json!([]));
    let human = check(here, &with);
    let human = String::from_utf8(human.stdout).unwrap();
    assert!(
        !human.contains("[schema-unknown-field]") && human.contains("that base.json knows"),
        "{human}"
    );
    let annotations = || {
        let github = check(here, &[&with[..], &["--format", "github"]].concat());
        let gitlab = check(here, &[&with[..], &["--format", "gitlab"]].concat());
        let gitlab: Value = serde_json::from_slice(&gitlab.stdout).unwrap();
        let errors = String::from_utf8(github.stdout)
            .unwrap()
            .matches("::error ")
            .count();
        (errors, gitlab.as_array().unwrap().len())
    };
    assert_eq!(annotations(), (0, 0));
    let sarif = check(here, &[&with[..], &["--format", "sarif"]].concat());
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(
        results
            .iter()
            .all(|result| result["baselineState"] == "unchanged")
    );

    let changed = DRAFT.replace("  extra: 1\n", "  other: 1\n  # moved\n");
    fs::write(here.join("draft.yaml"), changed).unwrap();
    let (news, code) = report(here, &with);
    assert_eq!(code, 1);
    assert_eq!(annotations(), (1, 1));
    let new: Vec<&Value> = of_rule(&news, "schema-unknown-field");
    assert_eq!(new[0]["baseline"], "new");
    assert_eq!(news["baseline"]["gone"][0]["rule"], "schema-unknown-field");
    assert_eq!(news["baseline"]["gone"].as_array().unwrap().len(), 1);
    let human = String::from_utf8(check(here, &with).stdout).unwrap();
    assert!(human.contains("error[schema-unknown-field]"), "{human}");
    assert!(
        human.contains("No longer found, of what base.json knows (1)"),
        "{human}"
    );
}

#[test]
fn a_baseline_makes_no_cluster_ready() {
    for example in common::worked_examples() {
        let row = example.folder.file_name().unwrap().to_str().unwrap();
        let (folder, args) = self::example(row, "");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let args = [&["cluster.yaml"], &args[..]].concat();
        let (before, _) = report(
            folder.path(),
            &[&args[..], &["--write-baseline", "b.json"]].concat(),
        );
        let strict = ["--baseline", "b.json", "--fail-on", "warning"];
        let (after, code) = report(folder.path(), &[&args[..], &strict].concat());
        assert_eq!(after["clusters"], before["clusters"], "{row}");
        assert!(code == 0 || code == 3, "{row}: {code}");
        // A baseline of nothing leaves everything as it is.
        fs::write(
            folder.path().join("b.json"),
            r#"{"version": 1, "findings": []}"#,
        )
        .unwrap();
        let (_, plain) = report(folder.path(), &args);
        let (_, all_new) = report(
            folder.path(),
            &[&args[..], &["--baseline", "b.json"]].concat(),
        );
        assert_eq!(all_new, plain, "{row}");
    }
}

/// Where it points to changes then, for what decides it is seen.
#[test]
fn a_finding_that_is_decided_keeps_its_id_and_is_new_but_not_gone() {
    let mut decided = 0;
    for example in common::worked_examples().into_iter().step_by(3) {
        let row = example.folder.file_name().unwrap().to_str().unwrap();
        let (folder, args) = self::example(row, "");
        let args = args.iter().map(String::as_str);
        let (assumed, args): (Vec<&str>, Vec<&str>) =
            args.partition(|arg| arg.starts_with("--assume-complete"));
        let args = [&["cluster.yaml"], &args[..]].concat();
        let all = [&args[..], &assumed].concat();
        let run = |args: &[&str], more: [&str; 2]| report(folder.path(), &[args, &more].concat()).0;
        let open = run(&args, ["--write-baseline", "open.json"]);
        let closed = run(&all, ["--write-baseline", "closed.json"]);
        let by =
            |report: &Value, outcome: &str| -> BTreeMap<(String, String), Vec<(String, String)>> {
                let mut found = BTreeMap::<_, Vec<_>>::new();
                for one in report["findings"].as_array().unwrap() {
                    if one["outcome"] == outcome {
                        let text = |key: &str| one[key].as_str().unwrap_or("").to_owned();
                        let key = (text("rule"), one["subject"].to_string());
                        found
                            .entry(key)
                            .or_default()
                            .push((text("id"), text("baseline")));
                    }
                }
                found
            };
        let (unknown, fires) = (by(&open, "unknown"), by(&closed, "fires"));
        let later = run(&all, ["--baseline", "open.json"]);
        let lost = run(&args, ["--baseline", "closed.json"]);
        let (news, olds) = (by(&later, "fires"), by(&lost, "unknown"));
        for (key, then) in &unknown {
            let (Some(now), [(id, _)]) = (fires.get(key), &then[..]) else {
                continue;
            };
            let [(same, _)] = &now[..] else { continue };
            assert_eq!(id, same, "{row}: {key:?}");
            assert_eq!(news[key][0].1, "new", "{row}: {key:?}");
            assert_eq!(olds[key][0].1, "unchanged", "{row}: {key:?}");
            let gone = later["baseline"]["gone"].as_array().unwrap();
            assert!(
                !gone.iter().any(|one| one["id"] == id.as_str()),
                "{row}: {key:?}"
            );
            decided += 1;
        }
    }
    assert!(decided > 5, "{decided}");
}

/// A reader of the log would take the second line for one of ours.
#[test]
fn a_key_of_several_lines_is_told_in_one() {
    for config in [
        "\"a\\n::error::x\\n\\nerror: b\": 1\n",
        "severity: {\"a\\n\\nerror: b\": warn}\n",
        "waivers:\n- {rule: \"a\\nerror: b\", reason: c, expires: 2026-12-31}\n",
        "waivers:\n- {\"q\\r\\nerror: b\": c, rule: no-backups, reason: c, expires: 2026-12-31}\n",
    ] {
        let (told, code) = refused(config);
        assert_eq!(code, 2, "{told}");
        assert!(
            told.lines().all(|line| line.contains(CONFIG)),
            "{config}: {told}"
        );
    }
}

#[test]
fn a_baseline_that_is_none_is_refused() {
    let folder = folder(&[
        ("draft.yaml", DRAFT),
        ("b.json", "{\"version\": 2, \"findings\": []}"),
    ]);
    for (file, words) in [
        ("b.json", "version 2"),
        ("draft.yaml", "no baseline"),
        ("none", "cannot read"),
    ] {
        let output = check(folder.path(), &["draft.yaml", "--baseline", file]);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(words),
            "{file}"
        );
    }
}

#[test]
fn the_rules_of_the_tutorial_hold() {
    let folder = root().join("examples/organisation-rules");
    let output = run_in(root(), &["test", folder.to_str().unwrap()]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert_eq!(text, "2 rules, 6 examples, 0 failures\n");
    // What the page shows of the first is what its file holds.
    let page = fs::read_to_string(root().join("docs/organisation-rules.md")).unwrap();
    let rule = fs::read_to_string(folder.join("name-outside-convention.yaml")).unwrap();
    for line in rule.lines() {
        assert!(page.lines().any(|shown| shown == line), "{line}");
    }
}

#[test]
fn folders_of_rules_in_the_configuration_are_seen_from_its_place() {
    let rules = root().join("examples/organisation-rules");
    let rule = fs::read_to_string(rules.join("name-outside-convention.yaml")).unwrap();
    let folder = folder(&[
        (
            CONFIG,
            "rules: house\nseverity: {name-outside-convention: warn}\n",
        ),
        ("house/name-outside-convention.yaml", &rule),
        ("deep/draft.yaml", DRAFT),
    ]);
    let (report, _) = report(
        &folder.path().join("deep"),
        &["draft.yaml", "--target", "5.8.2"],
    );
    assert_eq!(
        of_rule(&report, "name-outside-convention")[0]["level"],
        "warning"
    );
}

#[test]
fn a_baseline_does_not_take_a_new_draft_s_finding_for_that_of_another_draft_of_its_name() {
    // Drafts that say the same are one: each has a size of its own.
    let sized = |size: &str| DRAFT.replace("1Gi", size);
    let stage = sized("2Gi");
    let folder = folder(&[("prod/draft.yaml", DRAFT), ("stage/draft.yaml", &stage)]);
    let here = folder.path();
    let args = [".", "--target", "5.8.2"];
    let write = [&args[..], &["--write-baseline", "base.json"]].concat();
    let (both, _) = report(here, &write);
    let ids: Vec<&Value> = both["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    let distinct: std::collections::BTreeSet<String> =
        ids.iter().map(ToString::to_string).collect();
    assert_eq!(
        distinct.len(),
        ids.len(),
        "two drafts of one name share ids"
    );
    // An error each, and notes each: there is the other, nothing expires backups, nothing schedules them.
    assert_eq!(ids.len(), 8);
    assert_eq!(both["drafts"][0]["uri"], "./prod/draft.yaml");
    // Moved lines and an error elsewhere: only the one that is new is told.
    let moved = format!("# moved\n{DRAFT}");
    fs::write(here.join("prod/draft.yaml"), moved).unwrap();
    fs::create_dir(here.join("test")).unwrap();
    fs::write(here.join("test/draft.yaml"), sized("3Gi")).unwrap();
    let (third, code) = report(here, &[&args[..], &["--baseline", "base.json"]].concat());
    assert_eq!(
        code, 1,
        "the third draft is as wrong as the others, and new"
    );
    for finding in third["findings"].as_array().unwrap() {
        let uri = finding["labels"][0]["uri"].as_str().unwrap();
        let state = if uri.contains("test/") {
            "new"
        } else {
            "unchanged"
        };
        assert_eq!(finding["baseline"], state, "{finding}");
    }
}
