//! What is written out: valid by the formats' own rules, the same verdict in all of them, nothing that drives a terminal.

use crate::common;

use std::path::Path;
use std::process::Output;

use common::{root, sarif_schema, worked_examples};
use pgo_preflight::printable::is_hidden;
use serde_json::Value;

fn check(args: &[&str]) -> Output {
    common::program()
        .arg("check")
        .args(args)
        .args(["--now", "2026-11-20T12:00:00Z"])
        .output()
        .unwrap()
}

fn report(args: &[&str], format: &str) -> Value {
    let output = check(&[args, &["--format", format]].concat());
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Paths of the worked examples below the repository's root.
fn exports() -> Vec<String> {
    let below = |path: &Path| {
        path.strip_prefix(root())
            .unwrap()
            .join("cluster.yaml")
            .to_str()
            .unwrap()
            .to_owned()
    };
    worked_examples()
        .iter()
        .map(|example| below(&example.folder))
        .collect()
}

#[test]
fn json_follows_its_schema() {
    let schema: Value = serde_json::from_str(
        &std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap(),
    )
    .unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for export in exports() {
        let report = report(&[&export, "--facts"], "json");
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{export}: {}", errors.join("\n"));
    }
}

#[test]
fn sarif_follows_the_published_schema() {
    let validator = jsonschema::validator_for(&sarif_schema()).unwrap();
    for export in exports() {
        let log = report(&[&export], "sarif");
        let errors: Vec<String> = validator
            .iter_errors(&log)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{export}: {}", errors.join("\n"));
    }
}

#[test]
fn a_sarif_region_covers_its_snippet() {
    for export in exports() {
        let log = report(&[&export], "sarif");
        let text = std::fs::read_to_string(root().join(&export)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert!(!results.is_empty(), "{export}");
        for result in results {
            let related = result["relatedLocations"].as_array().into_iter().flatten();
            for location in result["locations"]
                .as_array()
                .unwrap()
                .iter()
                .chain(related)
            {
                let physical = &location["physicalLocation"];
                assert_eq!(physical["artifactLocation"]["uri"], export.as_str());
                let region = &physical["region"];
                let covered = covered(&text, region);
                match region["snippet"]["text"].as_str() {
                    Some(snippet) => assert_eq!(covered, snippet, "{export}: {region}"),
                    // The JSON report may have cut it.
                    None => assert!(covered.chars().count() >= 200, "{export}: {region}"),
                }
            }
        }
    }
}

/// The text of a region, worked out independently of the program: lines and columns from 1, in characters.
fn covered(text: &str, region: &Value) -> String {
    let number = |key: &str| usize::try_from(region[key].as_u64().unwrap()).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let offset = |line: usize, column: usize| {
        let before: usize = lines[..line - 1]
            .iter()
            .map(|line| line.chars().count())
            .sum();
        before + column - 1
    };
    let (start, end) = (
        offset(number("startLine"), number("startColumn")),
        offset(number("endLine"), number("endColumn")),
    );
    text.chars().skip(start).take(end - start).collect()
}

#[test]
fn what_is_undecided_is_open_and_has_no_level_in_sarif() {
    let log = report(&["fixtures/worked-examples/15/cluster.yaml"], "sarif");
    let open: Vec<&Value> = log["runs"][0]["results"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|result| result["kind"] == "open")
        .collect();
    assert!(!open.is_empty());
    assert!(open.iter().all(|result| result["level"] == "none"));
}

#[test]
fn the_exit_code_does_not_depend_on_the_format() {
    // One of each verdict, and one with nothing but unknowns.
    for row in ["01", "02", "10", "15"] {
        let export = format!("fixtures/worked-examples/{row}/cluster.yaml");
        for extra in [
            &["--fail-on", "blocked"][..],
            &["--fail-on", "warning"],
            &["--fail-on", "never"],
            &["--exit-zero"],
        ] {
            let codes: Vec<Option<i32>> = ["human", "json", "sarif"]
                .iter()
                .map(|format| {
                    check(&[&[export.as_str(), "--format", format][..], extra].concat())
                        .status
                        .code()
                })
                .collect();
            assert!(
                codes.iter().all(|code| *code == codes[0]),
                "{export} {extra:?}: {codes:?}"
            );
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ["human", "json", "sarif"] {
        let run = || check(&["fixtures/worked-examples", "--format", format]).stdout;
        assert!(run() == run(), "{format}");
    }
}

#[test]
fn nothing_to_check_is_not_success() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("values.yaml"), "replicas: 3\n").unwrap();
    let output = check(&[folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("nothing to check"));
}

#[test]
fn a_missing_path_is_a_usage_error() {
    let output = check(&["no/such/file.yaml", "--exit-zero"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("no/such/file.yaml"));
}

const HOSTILE: &str = "apiVersion: crunchydata.com/v1\nkind: Pgcluster\nmetadata:\n  name: \"evil\\e]0;owned\\a\\u202e<script>\"\n  namespace: pgo\nspec:\n  ccpimagetag: \"ubi8-13.10-4.7.10\"\nstatus:\n  state: \"pgcluster \\e[31mProcessed\"\n";

#[test]
fn control_characters_from_input_do_not_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evil.yaml");
    std::fs::write(&file, HOSTILE).unwrap();
    let output = check(&[file.to_str().unwrap(), "--color", "never"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("evil"));
    let driving = |c: char| c != '\n' && is_hidden(c);
    assert!(!text.chars().any(driving), "{text:?}");
}

/// What each road to standard error says of a name that is hostile, and whether it is tame.
#[test]
fn no_message_on_standard_error_drives_a_terminal_or_a_build_server() {
    let folder = tempfile::tempdir().unwrap();
    let name = "x\u{1b}[2J\u{61c}\u{202e}\n::stop-commands::y ##[error]z";
    let file = |file: &str, text: &str| {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let quoted = serde_json::to_string(name).unwrap();
    let draft = file(
        "draft.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n",
    );
    let config = file("config.yaml", &format!("{quoted}: 1\n"));
    let severity = file("severity.yaml", &format!("severity: {{{quoted}: warn}}\n"));
    let baseline = file("baseline.json", &format!("{{{quoted}: 1}}"));
    let rules = file("rules/a.yaml", &format!("id: {quoted}\n{quoted}: 1\n"));
    let rules = Path::new(&rules)
        .parent()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let kubeconfig = file(
        "kubeconfig",
        &format!("contexts: [{{name: {quoted}, context: {{cluster: a, user: b}}}}]\n"),
    );
    let missing = format!("no {name}");
    let roads: [&[&str]; 8] = [
        &[&draft, "--config", &config],
        &[&draft, "--config", &severity],
        &[&draft, "--baseline", &baseline],
        &[&draft, "--rules", &rules],
        &[&draft, "--since", &baseline],
        &["--kubeconfig", &kubeconfig, "--context", &missing],
        &[name],
        &[&draft, "--method", name],
    ];
    for road in roads {
        let output = check(road);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{road:?}: {text}");
        let hidden: Vec<char> = text
            .chars()
            .filter(|c| *c != '\n' && is_hidden(*c))
            .collect();
        assert!(
            hidden.is_empty() && !text.contains("##["),
            "{road:?}: {text}"
        );
        assert!(
            !text.lines().any(|line| line.trim_start().starts_with("::")),
            "{road:?}: {text}"
        );
    }
}

#[test]
fn a_one_line_file_is_not_printed_whole() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("long.json");
    let padding = "x".repeat(200_000);
    let text = format!(
        "{{\"apiVersion\":\"crunchydata.com/v1\",\"kind\":\"Pgcluster\",\"metadata\":{{\"name\":\"hippo\",\"namespace\":\"pgo\"}},\"spec\":{{\"padding\":\"{padding}\"}},\"status\":{{\"state\":\"pgcluster Processed\"}}}}"
    );
    std::fs::write(&file, text).unwrap();
    let output = check(&[file.to_str().unwrap(), "-v"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let longest = text
        .lines()
        .filter(|line| line.contains("xxx"))
        .map(|line| line.chars().count())
        .max();
    assert!(
        longest.is_some_and(|longest| longest < 200),
        "a line of {longest:?} characters"
    );
}

#[test]
fn colour_is_only_for_terminals() {
    let output = check(&["fixtures/worked-examples/01/cluster.yaml"]);
    assert!(!output.stdout.contains(&0x1b));
    let forced = check(&[
        "fixtures/worked-examples/01/cluster.yaml",
        "--color",
        "always",
    ]);
    assert!(forced.stdout.contains(&0x1b));
}

#[test]
fn the_commands_that_settle_the_undecided_are_merged_and_listed_once_each() {
    let example = [
        "fixtures/worked-examples/15/cluster.yaml",
        "--target",
        "5.8.2",
    ];
    let asked = |text: &str| -> Vec<String> {
        let lines = text.lines();
        let commands = lines.filter_map(|line| line.strip_prefix("  kubectl get "));
        let commands = commands.filter_map(|line| Some(line.rsplit_once(" > ")?.0.to_owned()));
        commands.collect()
    };
    // One screen has no room for what only tells what is to be known, and says so.
    let screen = String::from_utf8(check(&example).stdout).unwrap();
    assert_eq!(asked(&screen).len(), 4, "{screen}");
    let open = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        open.contains(" things to know, if they hold (-v)"),
        "{screen}"
    );
    let full = [&example[..], &["-v"]].concat();
    let text = String::from_utf8(check(&full).stdout).unwrap();
    let asks = asked(&text);
    let [of_namespace, of_v5, everywhere, definition, secrets] = asks.as_slice() else {
        panic!("{asks:#?}\n{text}");
    };
    assert!(of_namespace.ends_with(" -n pgo -o yaml"), "{text}");
    // A server without PGO v5 knows no such kind, and would print nothing of the others.
    assert_eq!(
        of_v5,
        "postgresclusters.postgres-operator.crunchydata.com -n pgo -o yaml"
    );
    assert!(everywhere.ends_with(" -A -o yaml"), "{text}");
    assert!(
        definition.starts_with("customresourcedefinitions postgresclusters."),
        "{text}"
    );
    assert!(
        secrets.starts_with("secrets -n pgo -o go-template="),
        "{text}"
    );
    let kinds = |ask: &str| -> Vec<String> {
        let kinds = ask.split(' ').next().unwrap_or_default().split(',');
        kinds.map(str::to_owned).collect()
    };
    let mut all = [kinds(of_namespace), kinds(everywhere)].concat();
    let asked = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), asked, "a kind is asked for twice\n{text}");
}

#[test]
fn several_formats_in_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let (sarif, json) = (folder.path().join("a.sarif"), folder.path().join("a.json"));
    let output = check(&[
        "fixtures/worked-examples/01/cluster.yaml",
        "--format",
        "human",
        "--format",
        &format!("sarif={}", sarif.display()),
        "--format",
        &format!("json={}", json.display()),
    ]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("CLUSTER"));
    for file in [sarif, json] {
        let _: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    }
}

#[test]
fn facts_of_drafts_are_listed_and_explained_like_those_of_clusters() {
    let listed = |args: &[&str]| {
        let run = common::program().arg("rules").args(args).output().unwrap();
        assert!(
            run.status.success(),
            "{}",
            String::from_utf8_lossy(&run.stderr)
        );
        String::from_utf8(run.stdout).unwrap()
    };
    let all = listed(&["--facts"]);
    assert!(
        all.contains("\nrepo.types (") && all.contains("\ndraft.methods ("),
        "{all}"
    );
    assert!(!listed(&["draft.methods"]).contains("repo.types"));
    assert!(listed(&["v4.repo.types"]).contains("\nrepo.types ("));
}

#[test]
fn a_manifest_longer_than_a_tar_header_is_read_from_standard_input() {
    use std::io::Write as _;
    let export = std::fs::read(root().join("fixtures/worked-examples/02/cluster.yaml")).unwrap();
    let mut child = common::program()
        .args([
            "check",
            "-",
            "--no-config",
            "--target",
            "5.8.2",
            "--exit-zero",
        ])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&export).unwrap();
    let output = child.wait_with_output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("pgo/hippo"));
}
