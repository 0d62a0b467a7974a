//! Hostile input to the program as people run it: it ends, within bounds, says what it did not do, and opens nothing that
//! nobody named.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{program, root};
use crate::planted::FORMATS;

const NOW: &str = "2026-11-20T12:00:00Z";
const CONFIG: &str = ".pgo-preflight.yaml";

const DRAFT: &str = "apiVersion: postgres-operator.crunchydata.com/v1beta1
kind: PostgresCluster
metadata: {name: hippo, namespace: pgo}
spec:
  words: [a, b, c]
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

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn check(folder: &Path, args: &[&str]) -> Output {
    crate::common::program()
        .current_dir(folder)
        .args(["check", "--now", NOW])
        .args(args)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

fn report(folder: &Path, args: &[&str]) -> Value {
    let output = check(folder, &[args, &["--format", "json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)))
}

/// A definition of PostgresClusters in which a list of words has this schema.
fn definition(words: &Value) -> String {
    json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "postgresclusters.postgres-operator.crunchydata.com"},
        "spec": {
            "group": "postgres-operator.crunchydata.com", "scope": "Namespaced",
            "names": {"kind": "PostgresCluster", "plural": "postgresclusters"},
            "versions": [{"name": "v1beta1", "served": true, "storage": true, "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {"spec": {
                    "type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"words": words},
                }},
            }}}],
        },
    })
    .to_string()
}

fn with_definition(words: &Value, draft: &str) -> Output {
    let folder = folder(&[("crd.json", &definition(words)), ("draft.yaml", draft)]);
    check(folder.path(), &["--no-config", "."])
}

#[test]
fn a_field_path_with_an_open_bracket_comes_to_an_end() {
    let rule = json!([{"rule": "false", "message": "refused", "fieldPath": "[[.[x"}]);
    let output = with_definition(
        &json!({"type": "array", "x-kubernetes-validations": rule}),
        DRAFT,
    );
    assert!(said(&output).contains("refused"), "{}", said(&output));
}

#[test]
fn many_large_patterns_are_given_up_and_told_and_leave_the_draft_undecided() {
    let fields = (0..300).map(|number| {
        let pattern = format!("(.{{1,500}}){{1,20}}x{number}");
        (
            format!("s{number}"),
            json!({"type": "string", "pattern": pattern}),
        )
    });
    let fields: serde_json::Map<String, Value> = fields.collect();
    let words = json!({"type": "array", "items": {"type": "object", "properties": fields}});
    let folder = folder(&[
        ("crd.json", &definition(&words)),
        ("draft.yaml", &DRAFT.replace("[a, b, c]", "[]")),
    ]);
    let report = report(folder.path(), &["--no-config", "."]);
    assert_eq!(report["drafts"][0]["verdict"], "unknown");
    let findings = report["findings"].as_array().unwrap();
    let told = findings
        .iter()
        .find(|finding| finding["rule"] == "schema-too-much");
    assert_eq!(told.unwrap()["outcome"], "unknown");
}

/// Each version used to have an allowance of its own, and a megabyte has room for thousands of them.
#[test]
fn versions_of_one_definition_share_what_its_patterns_may_take() {
    let with_versions = |count: usize| {
        let words = |number: usize| {
            let pattern = format!("(.{{1,90}}){{1,7}}x{number}");
            json!({"type": "array", "items": {"type": "string", "pattern": pattern}})
        };
        let mut whole: Value = serde_json::from_str(&definition(&words(0))).unwrap();
        let asked_for = whole["spec"]["versions"][0].clone();
        let others = (1..=count).map(|number| {
            let other: Value = serde_json::from_str(&definition(&words(number))).unwrap();
            let mut version = other["spec"]["versions"][0].clone();
            version["name"] = format!("v{number}").into();
            version["storage"] = false.into();
            version
        });
        whole["spec"]["versions"] = others.chain([asked_for]).collect();
        let folder = folder(&[("crd.json", &whole.to_string()), ("draft.yaml", DRAFT)]);
        said(&check(folder.path(), &["--no-config", "."]))
    };
    assert!(!with_versions(2).contains("schema-too-much"));
    assert!(with_versions(60).contains("schema-too-much"));
}

#[test]
fn a_long_message_repeated_for_each_item_is_not_told_without_end() {
    let message = "x".repeat(1_000_000);
    let rule = json!([{"rule": "false", "message": message}]);
    let words =
        json!({"type": "array", "items": {"type": "string", "x-kubernetes-validations": rule}});
    let many = format!("[{}]", "a,".repeat(10_000));
    let output = with_definition(&words, &DRAFT.replace("[a, b, c]", &many));
    assert!(output.stdout.len() < 20 << 20, "{}", output.stdout.len());
    assert!(said(&output).contains("schema-too-much"));
    assert_eq!(output.status.code(), Some(1));
}

/// An exit code of 2 would be ours, and nobody would learn what is wrong with the other objects.
#[test]
fn a_list_of_a_hundred_thousand_is_no_fault_of_a_rule() {
    for (list, path) in [
        ("  instances: [", "spec.instances"),
        ("  users: [", "spec.users"),
        (
            "  backups: {pgbackrest: {repos: [",
            "spec.backups.pgbackrest.repos",
        ),
    ] {
        let end = if list.contains('{') { "]}}\n" } else { "]\n" };
        let draft = DRAFT.split("  words:").next().unwrap();
        let long = format!("{draft}{list}{}{end}", "{},".repeat(100_000));
        let output = with_definition(&json!({"type": "string"}), &long);
        let told = said(&output);
        assert!(
            matches!(output.status.code(), Some(1 | 3)),
            "{path}: {told}"
        );
        assert!(
            !told.contains("panicked") && !told.contains("error: rule"),
            "{told}"
        );
    }
    let folder = folder(&[(
        "draft.yaml",
        &DRAFT.replace(
            "  instances:\n",
            &format!("  instances:\n{}", "  - {}\n".repeat(20_000)),
        ),
    )]);
    let output = check(
        folder.path(),
        &["--no-config", "--target", "5.8.2", "-v", "draft.yaml"],
    );
    let told = said(&output)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(told.contains("more than 10000"), "{told}");
}

#[test]
fn an_enumeration_of_a_megabyte_is_told_by_its_first_words() {
    let words: Vec<String> = (0..50_000).map(|number| format!("word-{number}")).collect();
    let output = with_definition(&json!({"type": "array", "items": {"enum": words}}), DRAFT);
    assert!(said(&output).contains("and 49960 more"));
    assert!(output.stdout.len() < 1 << 20);
}

#[cfg(unix)]
#[test]
fn pipes_sockets_and_links_out_of_a_folder_are_told_and_never_opened() {
    use std::os::unix::fs::symlink;
    let secret = folder(&[(
        "elsewhere.yaml",
        "kind: Pod\napiVersion: v1\nmetadata: {name: elsewhere}\n",
    )]);
    let folder = folder(&[("a/draft.yaml", DRAFT), ("a/real.yaml", "# nothing\n")]);
    let at = |name: &str| folder.path().join("a").join(name);
    for name in ["coverage.json", "pipe.yaml", "pipe.tar.gz"] {
        let made = Command::new("mkfifo").arg(at(name)).status().unwrap();
        assert!(made.success());
    }
    symlink("/dev/stdin", at("stdin.yaml")).unwrap();
    symlink("/dev/zero", at("zero.zip")).unwrap();
    symlink(secret.path().join("elsewhere.yaml"), at("link.yaml")).unwrap();
    symlink("real.yaml", at("inside.yaml")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(at("socket.json")).unwrap();
    let report = report(folder.path(), &["--no-config", "a"]);
    let skipped = report["skipped"].as_array().unwrap();
    let reason = |name: &str| {
        let of = skipped.iter().find(|one| one["uri"] == format!("a/{name}"));
        of.unwrap_or_else(|| panic!("{name}: {skipped:?}"))["reason"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    for name in ["coverage.json", "pipe.yaml", "pipe.tar.gz"] {
        assert_eq!(reason(name), "a pipe, not a file", "{name}");
    }
    assert_eq!(reason("socket.json"), "a socket, not a file");
    assert_eq!(reason("zero.zip"), "a device, not a file");
    assert!(
        reason("stdin.yaml").ends_with("not a file"),
        "{}",
        reason("stdin.yaml")
    );
    assert!(reason("link.yaml").contains("leads out of the folder"));
    // A link that stays within is a file of another name.
    assert!(
        !skipped
            .iter()
            .any(|one| one["reason"].as_str().unwrap().contains("leads out")
                && one["uri"] == "a/inside.yaml")
    );
}

#[cfg(unix)]
#[test]
fn what_a_shell_gives_as_a_pipe_is_read() {
    let folder = folder(&[("draft.yaml", DRAFT)]);
    let output = Command::new("bash")
        .current_dir(folder.path())
        .args([
            "-c",
            &format!(
                "{} check --no-config <(cat draft.yaml)",
                env!("CARGO_BIN_EXE_pgo-preflight")
            ),
        ])
        .output()
        .unwrap();
    assert!(said(&output).contains("pgo/hippo"), "{}", said(&output));
}

#[test]
fn a_configuration_that_was_found_reaches_no_rules_outside_its_folder() {
    let outside = folder(&[("secret.yaml", "postgres:\n  password: hunter2\n")]);
    let path = outside.path().join("secret.yaml");
    for rules in [
        path.to_str().unwrap(),
        "..",
        "../..",
        "/proc",
        "in/../..",
        "link",
        "draft.yaml",
    ] {
        let config = format!("rules: [{rules:?}]\n");
        let folder = folder(&[("draft.yaml", DRAFT), ("in/a.yaml", ""), (CONFIG, &config)]);
        #[cfg(unix)]
        std::os::unix::fs::symlink(outside.path(), folder.path().join("link")).unwrap();
        let output = check(folder.path(), &["draft.yaml"]);
        assert_eq!(output.status.code(), Some(2), "{rules}: {}", said(&output));
        assert!(
            said(&output).contains("is not a folder below it"),
            "{rules}: {}",
            said(&output)
        );
        assert!(!said(&output).contains("hunter2"), "{rules}");
    }
}

#[test]
fn nothing_of_a_file_that_is_no_rule_is_quoted() {
    for values in [
        "postgres:\n  id: 7\n  hunter2: hunter2\nhunter2\n",
        // Words that only begin like a rule's keys, and its keys where a rule has none.
        "identity: 7\nsources: [a]\nwhenever: hunter2\nhunter2: hunter2\n",
        "app:\n  id: 7\n  source: a\n  subject: hunter2\n  hunter2: hunter2\n",
        "{\"identity\": 7, \"sources\": 1,\n\"hunter2\": \"hunter2\"}\n",
    ] {
        let folder = folder(&[
            ("draft.yaml", DRAFT),
            ("rules/values.yaml", values),
            (CONFIG, "rules: rules\n"),
        ]);
        let output = check(folder.path(), &["draft.yaml"]);
        assert_eq!(output.status.code(), Some(2));
        let text = said(&output);
        assert!(
            text.contains("this is no rule") && !text.contains("hunter2"),
            "{values}: {text}"
        );
    }
    // Of a rule with a mistake the mistake is told, in whatever form it is written.
    for rule in [
        "id: a\ntitle: b\nsubjekt: c\n",
        "{\"id\": \"a\",\n \"title\": \"b\",\n \"subjekt\": \"c\"}\n",
    ] {
        let folder = folder(&[("draft.yaml", DRAFT), ("rules/a.yaml", rule)]);
        let output = check(folder.path(), &["draft.yaml", "--rules", "rules"]);
        assert!(said(&output).contains("`subjekt`"), "{}", said(&output));
    }
}

/// A waiver or an attestation of somebody's decides with it.
#[test]
fn every_format_and_command_says_which_configuration_governs() {
    let cluster =
        fs::read_to_string(root().join("fixtures/worked-examples/05/cluster.yaml")).unwrap();
    let pod = "kind: Pod\napiVersion: v1\nmetadata: {name: a, namespace: pgo}\n";
    let folder = folder(&[
        ("in/cluster.yaml", &cluster),
        ("in/left-out.yaml", pod),
        (CONFIG, "target: 5.8.2\nexclude: [in/left-out.yaml]\n"),
    ]);
    let mut runs: Vec<Vec<&str>> = vec![vec!["draft", "in"]];
    for format in FORMATS {
        runs.push(vec!["check", "in", "--format", format]);
        runs.push(vec!["verify", "in", "--format", format]);
    }
    runs.push(vec!["check", "in", "-q"]);
    runs.push(vec!["check", "in", "--cluster", "pgo/hippo"]);
    runs.push(vec!["check", "in", "--rule", "services-renamed"]);
    for format in ["human", "markdown", "json", "html"] {
        runs.push(vec!["plan", "in", "--format", format]);
    }
    for args in runs {
        let told = |args: &[&str]| {
            let output = program()
                .current_dir(folder.path())
                .args(args)
                .output()
                .unwrap();
            said(&output)
        };
        let with = told(&args);
        let json = args.last() == Some(&"json");
        let governs = if json {
            "\"config\": \".pgo-preflight.yaml\""
        } else {
            "By the configuration in"
        };
        assert!(with.contains(governs), "{args:?}: {with}");
        assert_eq!(with.matches(governs).count(), 1, "{args:?}: told once");
        assert!(with.contains("left-out.yaml"), "{args:?}: {with}");
        let without = told(&[&args[..], &["--no-config"]].concat());
        assert!(!without.contains(governs), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_configuration_is_a_file_of_its_folder_and_of_its_size() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("hunter2.yaml", "hunter2: true\n")]);
    for target in [
        outside.path().join("hunter2.yaml").as_path(),
        Path::new("/proc/self/pagemap"),
        Path::new("/dev/zero"),
    ] {
        let folder = folder(&[("draft.yaml", DRAFT)]);
        symlink(target, folder.path().join(CONFIG)).unwrap();
        let output = check(folder.path(), &["draft.yaml"]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(
            said(&output).contains("leads out of the folder"),
            "{}",
            said(&output)
        );
    }
    let folder = folder(&[("draft.yaml", DRAFT)]);
    let sparse = fs::File::create(folder.path().join(CONFIG)).unwrap();
    sparse.set_len(30 << 30).unwrap();
    let output = check(folder.path(), &["draft.yaml"]);
    assert!(
        said(&output).contains("larger than 1048576 bytes"),
        "{}",
        said(&output)
    );
}

#[cfg(unix)]
#[test]
fn a_configuration_is_looked_for_up_to_the_repository_and_not_where_everybody_may_put_it() {
    use std::os::unix::fs::PermissionsExt;
    let first = |folder: &Path, below: &str| {
        let output = check(&folder.join(below), &["draft.yaml"]);
        said(&output).lines().next().unwrap_or("").to_owned()
    };
    let files = |git| {
        [
            (CONFIG, "target: 5.8.2\n"),
            ("team/db/draft.yaml", DRAFT),
            (git, ""),
        ]
    };
    let outer = folder(&files(".git/HEAD"));
    assert_eq!(
        first(outer.path(), "team/db"),
        "By the configuration in ../../.pgo-preflight.yaml"
    );
    let inner = folder(&files("team/.git/HEAD"));
    assert!(!first(inner.path(), "team/db").contains("configuration"));
    let open = folder(&files("none"));
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o777)).unwrap();
    let output = check(&open.path().join("team/db"), &["draft.yaml"]);
    assert!(said(&output).contains("is passed over, for everybody may write to its folder"));
    assert!(!said(&output).contains("By the configuration"));
    let output = check(
        &open.path().join("team/db"),
        &["draft.yaml", "--config", "../../.pgo-preflight.yaml"],
    );
    assert!(said(&output).contains("By the configuration in ../../.pgo-preflight.yaml"));
}

#[test]
fn what_is_excluded_is_unseen_and_named_in_every_format() {
    let cluster =
        fs::read_to_string(root().join("fixtures/worked-examples/05/cluster.yaml")).unwrap();
    let folder = folder(&[
        ("cluster.yaml", &cluster),
        (
            "left-out.yaml",
            "kind: Pod\napiVersion: v1\nmetadata: {name: a, namespace: pgo}\n",
        ),
        (CONFIG, "exclude: [left-out.yaml]\n"),
    ]);
    let args = [
        "cluster.yaml",
        "left-out.yaml",
        "--target",
        "5.0.3",
        "--assume-complete",
    ];
    let without = report(folder.path(), &[&args[..], &["--no-config"]].concat());
    assert_eq!(without["clusters"][0]["verdict"], "ready");
    let with = report(folder.path(), &args);
    assert_ne!(with["clusters"][0]["verdict"], "ready");
    // CSV has a row for each cluster and method, and nothing of a run.
    for format in [
        "human",
        "json",
        "sarif",
        "html",
        "markdown",
        "junit",
        "github",
        "gitlab",
        "policyreport",
    ] {
        let output = check(folder.path(), &[&args[..], &["--format", format]].concat());
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("left-out.yaml"), "{format}");
    }
}

#[test]
fn an_object_that_is_almost_a_cluster_is_told_and_no_success() {
    for text in [
        DRAFT.replace("kind: PostgresCluster", "kind: Postgrescluster"),
        DRAFT.replace(
            "apiVersion: postgres-operator.crunchydata.com/v1beta1\n",
            "",
        ),
        DRAFT.replace("kind: PostgresCluster\n", ""),
        DRAFT.replace(
            "postgres-operator.crunchydata.com/v1beta1",
            "crunchydata.com/v1",
        ),
    ] {
        let folder = folder(&[("draft.yaml", &text)]);
        let output = check(folder.path(), &["--no-config", "draft.yaml"]);
        assert_eq!(output.status.code(), Some(3), "{text}");
        assert!(
            said(&output).contains("no API server takes this"),
            "{}",
            said(&output)
        );
    }
}

#[test]
fn a_key_inside_a_secret_is_not_told_for_being_written_twice() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: pgo}\nstringData:\n  config.json: {\"auths\": {\"hunter2\": {}, \"hunter2\": {}}}\n";
    let folder = folder(&[("secret.yaml", text), ("draft.yaml", DRAFT)]);
    let output = check(folder.path(), &["--no-config", "."]);
    assert!(!said(&output).contains("hunter2"), "{}", said(&output));
    assert!(
        said(&output).contains("duplicate-key"),
        "told without its name: {}",
        said(&output)
    );
}

/// Rules of a repository are its own: many of them, each over long lists, used to take hours.
#[test]
fn rules_that_take_too_much_leave_the_subject_undecided() {
    let numbers: Vec<String> = (1..=90).map(|number| number.to_string()).collect();
    let numbers = format!("[{}]", numbers.join(","));
    let loops = format!("{numbers}.all(a, {numbers}.all(b, a + b + size(it.kinds) > 0))");
    let with = |repos: &str| {
        let draft = DRAFT.replace("  words: [a, b, c]\n", "");
        let head = draft.split("  backups:").next().unwrap();
        format!("{head}  backups: {{pgbackrest: {{repos: [{repos}]}}}}\n")
    };
    let given = |repos: &str| {
        let lines = with(repos);
        lines
            .lines()
            .map(|line| format!("    {line}\n"))
            .collect::<String>()
    };
    let rule = format!(
        "id: slow\nsubject: PostgresCluster\ntitle: repositories are counted\neffect: warn\neach: draft.repositories\n\
         when: \"size(it.kinds) == 0 || !{loops}\"\nmessage: \"{{it.name}} is empty\"\nwhy: w\nfix: f\nsource: s\nexamples:\n\
         - name: none\n  expect: passes\n  given: |\n{}- name: one\n  expect: fires\n  given: |\n{}",
        given("{name: repo1, volume: {}}"),
        given("{name: repo1}"),
    );
    let many: Vec<String> = (0..2000)
        .map(|number| format!("{{name: repo{number}, volume: {{}}}}"))
        .collect();
    let folder = folder(&[
        ("draft.yaml", &with(&many.join(","))),
        ("rules/slow.yaml", &rule),
    ]);
    let args = [
        "--no-config",
        "--target",
        "5.8.2",
        "--rules",
        "rules",
        "draft.yaml",
    ];
    let report = report(folder.path(), &args);
    let findings = report["findings"].as_array().unwrap();
    let slow = findings.iter().filter(|one| one["rule"] == "slow");
    let undecided: Vec<&Value> = slow.filter(|one| one["outcome"] == "unknown").collect();
    assert_eq!(undecided.len(), 1, "{report}");
    assert!(report.to_string().contains("all of them may take"));
}
