//! Completion in shells that are here, and what else `generate` makes.

#![cfg(unix)]

use crate::common;

use std::process::{Command, Output, Stdio};

use common::root;

const PROGRAM: &str = env!("CARGO_BIN_EXE_pgo-preflight");

/// Runs a command of a shell with the program on its PATH; `None` where the shell is not here.
fn in_shell(shell: &str, flags: &[&str], script: &str) -> Option<String> {
    let temp = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(PROGRAM, temp.path().join("pgo-preflight")).unwrap();
    let kubeconfig = temp.path().join("kubeconfig");
    let contexts = "apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts:\n\
        - {name: prod-eu, context: {cluster: c, user: u}}\n\
        - {name: \"prod-\\u001b[31m\", context: {cluster: c, user: u}}\n";
    std::fs::write(&kubeconfig, contexts).unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = Command::new(shell)
        .args(flags)
        .args(["-c", script])
        .current_dir(temp.path())
        .env("PATH", format!("{}:{path}", temp.path().display()))
        .env("HOME", temp.path())
        .env("KUBECONFIG", kubeconfig)
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: no {shell} here");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What is typed, and what is among what it can become, or is not.
const LINES: [(&str, &str, &str); 7] = [
    ("rules replicas-pre", "replicas-present", "replicas-of"),
    (
        "check --rule replicas-pre",
        "replicas-present",
        "replicas-of",
    ),
    ("check --format s", "sarif", "human"),
    ("report --format g", "gitlab", "human"),
    ("check --target 5.8", "5.8.2", "5.7.9"),
    ("check --context p", "prod-eu", "\u{1b}"),
    ("gen", "generate", "check"),
];

#[test]
fn bash_completes() {
    for (line, among, not) in LINES {
        let script = format!(
            "source <(pgo-preflight generate completions bash)\n\
             COMP_WORDS=(pgo-preflight {line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMP_TYPE=9\n\
             _clap_complete_pgo_preflight pgo-preflight \"${{COMP_WORDS[COMP_CWORD]}}\" 2>/dev/null\n\
             printf '%s\\n' \"${{COMPREPLY[@]}}\""
        );
        let found = in_shell("bash", &["--norc"], &script).unwrap();
        assert!(found.lines().any(|word| word == among), "{line}: {found}");
        assert!(!found.contains(not), "{line}: {found}");
    }
}

#[test]
fn fish_completes_with_what_each_means() {
    for (line, among, not) in LINES {
        let script = format!(
            "pgo-preflight generate completions fish | source; complete -C 'pgo-preflight {line}'"
        );
        let Some(found) = in_shell("fish", &[], &script) else {
            return;
        };
        let mut words = found.lines().map(|line| line.split('\t').next().unwrap());
        assert!(words.any(|word| word == among), "{line}: {found}");
        assert!(!found.contains(not), "{line}: {found}");
    }
    let script = "pgo-preflight generate completions fish | source; complete -C 'pgo-preflight rules replicas-pre'";
    assert!(
        in_shell("fish", &[], script)
            .unwrap()
            .contains("still has replicas")
    );
}

#[test]
fn zsh_and_elvish_take_their_scripts() {
    let zsh = "autoload -Uz compinit; compinit -u; source <(pgo-preflight generate completions zsh); print ${_comps[pgo-preflight]}";
    if let Some(found) = in_shell("zsh", &["-f"], zsh) {
        assert!(found.contains("pgo_preflight"), "{found}");
    }
    let elvish = "echo (pgo-preflight generate completions elvish | slurp | count (all))";
    if let Some(found) = in_shell("elvish", &["-norc"], elvish) {
        assert!(
            found.trim().parse::<usize>().is_ok_and(|bytes| bytes > 100),
            "{found}"
        );
    }
    assert!(
        generated(&["completions", "elvish"])
            .contains("edit:completion:arg-completer[pgo-preflight]")
    );
}

#[test]
fn the_script_for_powershell_evaluates_nothing_that_is_typed() {
    let script = generated(&["completions", "powershell"]);
    assert!(script.contains("Register-ArgumentCompleter") && script.contains("--fail-on"));
    assert!(!script.contains("Invoke-Expression"), "{script}");
}

fn generated(args: &[&str]) -> String {
    let output = Command::new(PROGRAM)
        .arg("generate")
        .args(args)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn each_command_has_a_manual_page() {
    let temp = tempfile::tempdir().unwrap();
    generated(&["man", temp.path().to_str().unwrap()]);
    for (name, within) in [
        ("pgo-preflight", "PGO v4"),
        ("pgo-preflight-check", "fail\\-on"),
        ("pgo-preflight-generate-completions", "bash"),
    ] {
        let page = std::fs::read_to_string(temp.path().join(format!("{name}.1"))).unwrap();
        assert!(page.contains(within), "{name}: {page}");
    }
    let nowhere = temp.path().join("nowhere");
    let output = Command::new(PROGRAM)
        .args(["generate", "man"])
        .arg(nowhere)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn schemas_are_those_in_docs() {
    for (of, file) in [("config", "config"), ("rule", "rule"), ("report", "report")] {
        let schema = generated(&["schema", of]);
        let published =
            std::fs::read_to_string(root().join(format!("docs/{file}.schema.json"))).unwrap();
        assert_eq!(schema, published, "{file}");
    }
}

/// The words of a command as a shell would split them; these examples quote nothing.
fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().collect()
}

/// The commands of the examples in a help text: what is said of them stands two blanks or more to their right.
fn examples(help: &str) -> Vec<String> {
    let lines = help
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("pgo-preflight "));
    let commands = lines.flat_map(|line| {
        let command = line.split("  ").next().unwrap().to_owned();
        let parts = command
            .split(['|', '(', ')', '`'])
            .map(str::trim)
            .map(str::to_owned);
        parts.collect::<Vec<_>>()
    });
    commands
        .filter(|part| part.starts_with("pgo-preflight "))
        .collect()
}

fn run(args: &[&str]) -> Output {
    let temp = tempfile::tempdir().unwrap();
    Command::new(PROGRAM)
        .args(args)
        .current_dir(temp.path())
        .env("HOME", temp.path())
        .env_remove("KUBECONFIG")
        .env_remove("KUBERNETES_SERVICE_HOST")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn each_example_of_help_is_understood() {
    let mut seen = 0;
    for command in [
        vec![],
        vec!["check"],
        vec!["collect"],
        vec!["verify"],
        vec!["report"],
        vec!["rules"],
        vec!["test"],
        vec!["generate"],
        vec!["generate", "completions"],
        vec!["generate", "man"],
        vec!["generate", "schema"],
    ] {
        let mut args = command.clone();
        args.push("--help");
        let help = String::from_utf8(run(&args).stdout).unwrap();
        for example in examples(&help) {
            let placeholder = example.contains("COMMAND") || example.contains('[');
            // Another test runs these examples of examples, which takes a while.
            if placeholder || example == "pgo-preflight test" {
                continue;
            }
            let output = run(&words(&example)[1..]);
            let told = String::from_utf8_lossy(&output.stderr);
            assert!(
                !told.contains("Usage:") && !told.contains("unexpected argument"),
                "{example}: {told}"
            );
            seen += 1;
        }
        assert!(help.contains("Examples"), "{command:?} has no example");
    }
    assert!(seen > 25, "{seen}");
}

#[test]
fn colour_is_written_where_it_is_asked_for() {
    let file = root().join("fixtures/worked-examples/02/cluster.yaml");
    let coloured = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = Command::new(PROGRAM);
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"] {
            command.env_remove(name);
        }
        let output = command
            .args(args)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        output.stdout.contains(&0x1b)
    };
    let check = ["check", file.to_str().unwrap()];
    let explain = ["rules", "replicas-present"];
    for command in [&check[..], &explain[..]] {
        let with = |colour: &'static str| [command, &["--color", colour]].concat();
        assert!(!coloured(command, &[]), "nobody looks");
        assert!(coloured(command, &[("CLICOLOR_FORCE", "1")]));
        assert!(!coloured(command, &[("CLICOLOR_FORCE", "0")]));
        assert!(!coloured(
            command,
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
        ));
        assert!(
            coloured(&with("always"), &[("NO_COLOR", "1")]),
            "a flag outranks the environment"
        );
        assert!(!coloured(&with("never"), &[("CLICOLOR_FORCE", "1")]));
        assert!(!coloured(&with("auto"), &[]));
    }
}
