//! The terminal's text in ten situations, as people read it: stored, so that a change of it is seen and read again, and what
//! must be true of each said beside it. `SCREENS=write cargo test` stores what there is now, in the
//! README, too.

use std::path::{Path, PathBuf};

use crate::common::root;

/// A situation: its name, the input below `fixtures`, further arguments, and what its reader must find, in this order.
struct Situation {
    name: &'static str,
    input: &'static str,
    args: &'static [&'static str],
    finds: &'static [&'static str],
}

const SITUATIONS: [Situation; 10] = [
    Situation {
        name: "ready-after-a-failover",
        input: "worked-examples/02/cluster.yaml",
        args: &["--target", "5.8.2", "--assume-complete"],
        finds: &[
            "is ready to move by backups. By volumes it can move once",
            "First: nothing for backups;",
            "\nWhy\n",
            "standby blocked",
            "\nTo do, in order\n  For backups: nothing.\n  1. Scale down the replicas of hippo",
            "pgo scaledown hippo -n pgo --target=hippo --no-prompt\n",
            "\nTo ask: nothing.\n",
            "\nData can be lost\n",
            "\nTo know\n",
            "1 ready",
            "pgo-preflight plan worked-examples/02/cluster.yaml --target 5.8.2 --no-config --assume-complete\n",
        ],
    },
    Situation {
        name: "the-primary-is-not-proven",
        input: "worked-examples/03b/cluster.yaml",
        args: &["--target", "5.8.2"],
        finds: &[
            "is not ready yet: by backups it can move once 14 questions",
            "Whether it can by volumes is not decided: 1 question is open",
            "First: To ask.",
            "cannot tell which of several instances is the primary",
            "\nTo ask\n",
            "Open: 1 question that decides (see Why)",
            "(13\n  for volumes, 14 for backups)",
            "kubectl get ",
            "- decides primary-of-several-not-proven",
            "questions: the need to clear away what an earlier attempt left",
            "pgo-preflight check worked-examples/03b/cluster.yaml preflight-pgo-",
            "\nTo do once that is answered\n  1. Scale down the replicas",
            "hangs on the Deployments of namespace pgo (To ask).",
            "\nData can be lost",
            "pgo-preflight plan worked-examples/03b/cluster.yaml preflight-pgo-",
        ],
    },
    Situation {
        name: "a-repository-that-v5-cannot-write",
        input: "worked-examples/07/cluster.yaml",
        args: &["--target", "5.8.2", "--assume-complete"],
        finds: &[
            "First: nothing before the move;",
            "\nTo do, in order\n  1. Give the repository to group 26",
            "(within the move,",
            "fsGroup (nfs)",
            "12 commands: --rule repository-volume-without-fsgroup shows them",
            "\nData can be lost\n  - Save the users' Secrets before",
        ],
    },
    Situation {
        name: "a-wish-and-nothing-that-runs",
        input: "worked-examples/15/cluster.yaml",
        args: &[],
        finds: &[
            "is not decided: 6 questions are open",
            "Only 1 object was read, which is little.",
            "First: name the release it is to move to, with --target",
            "backups, standby blocked",
            "--target 5.0.4 or newer lifts it",
            "Open: 6 questions that decide (see Why)",
            "- decides 4 (see Why); 12 questions: the need to ",
            "Then check again, with --assume-complete=Deployment as your word",
            " --no-config --assume-complete=Deployment\n",
            "1 unknown",
        ],
    },
    Situation {
        name: "volumes-that-were-not-exported",
        input: "worked-examples/20/cluster.yaml",
        args: &["--target", "5.8.2"],
        finds: &[
            "persistentvolumes -o yaml",
            "These commands need a ClusterRole with get and list on",
        ],
    },
    Situation {
        name: "drafts-of-a-folder",
        input: "draft-folder",
        args: &["--target", "5.8.2"],
        finds: &["DRAFT", "REPLACES", "VERDICT", "Draft elsewhere/brand-new"],
    },
    Situation {
        name: "quiet",
        input: "worked-examples/02/cluster.yaml",
        args: &["--target", "5.8.2", "-q"],
        finds: &["CLUSTER", "1 cluster by best method"],
    },
    Situation {
        name: "one-rule-of-one-cluster",
        input: "worked-examples/02/cluster.yaml",
        args: &[
            "--target",
            "5.8.2",
            "--cluster",
            "pgo/hippo",
            "--rule",
            "replicas-*",
        ],
        finds: &["the exit code is that of the", "[replicas-present]"],
    },
    Situation {
        name: "nothing-to-check",
        input: "worked-examples/02/expect.yaml",
        args: &[],
        finds: &["nothing to check: looked for a Pgcluster"],
    },
    Situation {
        name: "how-often-each-rule-fires",
        input: "worked-examples/02/cluster.yaml",
        args: &["--target", "5.8.2", "--statistics"],
        finds: &["FIRES", "replicas-present"],
    },
];

fn run(situation: &Situation) -> String {
    let output = crate::common::program()
        .current_dir(root().join("fixtures"))
        .args(["check", situation.input, "--no-config"])
        .args(["--now", "2026-11-20T12:00:00Z"])
        .args(situation.args)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn stored(name: &str) -> PathBuf {
    root()
        .join("tests/reports/screens")
        .join(format!("{name}.txt"))
}

#[allow(clippy::disallowed_methods)]
fn writes() -> bool {
    std::env::var_os("SCREENS").is_some_and(|value| value == "write")
}

#[test]
fn each_situation_is_told_as_it_was_read_and_judged() {
    for situation in &SITUATIONS {
        let text = run(situation);
        let mut rest = text.as_str();
        for wanted in situation.finds {
            let at = rest.find(wanted);
            let at =
                at.unwrap_or_else(|| panic!("{}: no `{wanted}` there\n{text}", situation.name));
            let end = at + wanted.len() - usize::from(wanted.ends_with('\n'));
            rest = &rest[end..];
        }
        let path = stored(situation.name);
        if writes() {
            std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).unwrap();
            std::fs::write(&path, &text).unwrap();
        }
        let before = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            before == text,
            "{} reads otherwise now; read it, and store it with SCREENS=write cargo test:\n{text}",
            path.display()
        );
    }
}

/// Whether a line fits; commands, tables and what holds a long name may be longer.
fn fits(line: &str, width: usize) -> bool {
    let programs = ["kubectl ", "pgo ", "pgo-preflight ", "psql "];
    let command = programs
        .iter()
        .any(|program| line.trim_start().starts_with(program));
    let row = !line.starts_with(' ') && line.contains("  ");
    let words = line.split_whitespace().map(|word| word.chars().count());
    let long = words.max().unwrap_or(0) >= width / 2;
    command || row || long || line.chars().count() <= width
}

#[test]
fn no_line_of_words_is_wider_than_the_screen() {
    for situation in &SITUATIONS {
        for line in run(situation).lines() {
            assert!(fits(line, 80), "{}: {line}", situation.name);
        }
    }
}

fn told(vars: &[(&str, &str)], args: &[&str]) -> String {
    let mut command = crate::common::program();
    command
        .current_dir(root().join("fixtures"))
        .args(["check", "worked-examples/02/cluster.yaml", "--no-config"])
        .args(args)
        .envs(vars.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn a_pipe_gets_neither_colours_nor_links_and_whoever_reads_may_refuse_them() {
    let docs = ("PGO_PREFLIGHT_DOCS", "https://docs.example.org/p");
    let forced = ("CLICOLOR_FORCE", "1");
    let links = ("FORCE_HYPERLINK", "1");
    assert!(!told(&[docs], &[]).contains('\u{1b}'));
    let with = told(&[docs, forced, links], &[]);
    let page = "\u{1b}]8;;https://docs.example.org/p/rules.md#replicas-present\u{1b}\\replicas-present\u{1b}]8;;\u{1b}\\";
    assert!(with.contains(page), "{with}");
    for without in [
        told(&[forced, links], &[]),
        told(&[docs, links], &[]),
        told(&[docs, forced, links, ("NO_COLOR", "1")], &[]),
        told(&[docs, forced, links], &["--color", "never"]),
        told(&[docs, forced, ("FORCE_HYPERLINK", "0")], &[]),
    ] {
        assert!(!without.contains("]8;;"), "{without}");
    }
    let refused = told(&[forced, ("NO_COLOR", "1")], &[]);
    assert!(!refused.contains('\u{1b}'), "{refused}");
}

#[test]
fn sarif_names_the_page_of_each_rule_where_the_documentation_has_an_address() {
    let docs = ("PGO_PREFLIGHT_DOCS", "https://docs.example.org/p/");
    let with: serde_json::Value =
        serde_json::from_str(&told(&[docs], &["--format", "sarif"])).unwrap();
    let rules = with["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        assert_eq!(
            rule["helpUri"],
            format!("https://docs.example.org/p/rules.md#{id}")
        );
    }
    assert!(!told(&[], &["--format", "sarif"]).contains("helpUri"));
}

/// What a rule says of itself holds for all clusters: it has no names to put in, so it has no command.
#[test]
fn sarif_prints_no_command_with_a_place_for_a_name() {
    let log: serde_json::Value = serde_json::from_str(&told(&[], &["--format", "sarif"])).unwrap();
    let rules = &log["runs"][0]["tool"]["driver"]["rules"];
    for rule in rules.as_array().unwrap() {
        for form in ["text", "markdown"] {
            let help = rule["help"][form].as_str().unwrap();
            assert!(
                !help.contains('{') && !help.contains("\n    kubectl"),
                "{help}"
            );
        }
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    let output = crate::common::program()
        .args(["rules", "replicas-present"])
        .env("PGO_PREFLIGHT_DOCS", "javascript:alert(1)")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("PGO_PREFLIGHT_DOCS"), "{error}");
}

/// The block of the README that begins with a table of clusters.
fn shown_in_the_readme() -> String {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut blocks = readme.split("\n```\n").map(str::to_owned);
    let block = blocks.find(|block| block.starts_with("CLUSTER "));
    block.unwrap() + "\n"
}

#[test]
fn the_readme_shows_a_real_output_as_it_is() {
    let output = crate::common::program()
        .args(["check", "fixtures/worked-examples/02/cluster.yaml"])
        .args(["--target", "5.8.2", "--assume-complete"])
        .args(["--now", "2026-11-20T12:00:00Z"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    if writes() {
        let path = root().join("README.md");
        let readme = std::fs::read_to_string(&path).unwrap();
        let readme = readme.replace(&shown_in_the_readme(), &text);
        std::fs::write(&path, readme).unwrap();
    }
    let shown = shown_in_the_readme();
    assert!(
        shown == text,
        "README.md shows\n{shown}\nand this is\n{text}"
    );
}
