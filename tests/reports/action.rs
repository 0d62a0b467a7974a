//! The composite action: its scripts, run as a runner runs them.

#![cfg(unix)]

use crate::common;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::root;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_pgo-preflight");

/// A step of the action.
fn step(name: &str) -> Value {
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let action: Value = yaml_serde::from_str(&text).unwrap();
    let mut steps = action["runs"]["steps"].as_array().unwrap().iter();
    steps.find(|step| step["name"] == name).unwrap().clone()
}

/// A runner's folder for one job.
struct Job {
    temp: tempfile::TempDir,
}

impl Job {
    fn new() -> Job {
        let temp = tempfile::tempdir().unwrap();
        Job { temp }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// Runs the script of a step as a runner does.
    fn run(&self, name: &str, inputs: &[(&str, &str)]) -> Output {
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"])
            .arg(step(name)["run"].as_str().unwrap())
            .current_dir(root())
            .env("RUNNER_TEMP", self.temp.path())
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("GITHUB_ACTION_PATH", root())
            .env("GITHUB_ACTION_REPOSITORY", "someone/pgo-preflight")
            .env(
                "GITHUB_SERVER_URL",
                format!("file://{}", self.path("server").display()),
            )
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"));
        for input in ["BINARY", "VERSION", "SHA256", "PATHS", "TARGET", "ARGS"] {
            command.env(input, "");
        }
        command.envs(inputs.iter().copied()).output().unwrap()
    }

    /// Runs the check.
    fn check(&self, paths: &str, args: &str) -> Output {
        let output = self.run(
            "Check",
            &[
                ("PROGRAM", PROGRAM),
                ("PATHS", paths),
                ("FAIL_ON", "blocked"),
                ("ARGS", args),
            ],
        );
        assert!(output.status.success(), "{}", told(&output));
        output
    }

    /// An output that a step has set; empty where none has.
    fn output(&self, name: &str) -> String {
        let outputs = std::fs::read_to_string(self.path("output")).unwrap_or_default();
        let mut lines = outputs.lines();
        let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
        value.unwrap_or("").to_owned()
    }

    /// The exit code of the job's last step.
    fn result(&self) -> Option<i32> {
        let code = self.output("exit-code");
        self.run("Result", &[("CODE", &code)]).status.code()
    }

    /// Lays an archive for the release of these sources, and gives its checksum.
    fn release(&self, folder: &str) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let place = format!("server/someone/pgo-preflight/releases/download/v{version}");
        let place = self.path(&place);
        std::fs::create_dir_all(&place).unwrap();
        let within = self.path("made").join(folder);
        std::fs::create_dir_all(&within).unwrap();
        let program = within.join("pgo-preflight");
        std::fs::write(&program, "#!/bin/sh\necho of the release\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let name = "pgo-preflight-x86_64-unknown-linux-musl.tar.gz";
        let archive = place.join(name);
        let made = Command::new("tar")
            .arg("-czf")
            .arg(&archive)
            .arg("-C")
            .arg(self.path("made"))
            .arg(".")
            .status();
        assert!(made.unwrap().success());
        let sum = Command::new("sha256sum").arg(&archive).output().unwrap();
        let sum = String::from_utf8(sum.stdout).unwrap();
        let sum = sum.split(' ').next().unwrap().to_owned();
        std::fs::write(
            place.join(format!("{name}.sha256")),
            format!("{sum} *{name}\n"),
        )
        .unwrap();
        sum
    }
}

fn told(output: &Output) -> String {
    let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8(both).unwrap()
}

const GOOD: &str = "fixtures/guide-snippets/method-1-mended.yaml";
const BAD: &str = "fixtures/guide-snippets/existing-volumes.yaml";
const THEN: &str = "--now 2026-11-20T12:00:00Z";

#[test]
fn the_exit_code_is_kept_and_sarif_written_all_the_same() {
    let job = Job::new();
    job.check(BAD, "--target 5.8.2");
    assert_eq!(
        (job.output("exit-code").as_str(), job.result()),
        ("1", Some(1))
    );
    let sarif = std::fs::read_to_string(job.output("sarif-file")).unwrap();
    let log: Value = serde_json::from_str(&sarif).unwrap();
    assert!(
        log["runs"][0]["results"]
            .to_string()
            .contains("data-source-pruned")
    );
    let job = Job::new();
    job.check(GOOD, THEN);
    assert_eq!(
        (job.output("exit-code").as_str(), job.result()),
        ("0", Some(0))
    );
}

#[test]
fn a_draft_on_the_second_line_of_paths_is_checked() {
    for paths in [
        format!("{GOOD}\n{BAD}\n"),
        format!("{GOOD}\r\n{BAD}\r\n"),
        format!("\n\n  {GOOD}\n\n\t{BAD}"),
        format!("{GOOD} {BAD}"),
        format!("'{GOOD}'\t\"{BAD}\""),
        format!("fixtures/guide-'snippets'/method-1-mended.yaml {BAD}"),
    ] {
        let job = Job::new();
        job.check(&paths, &format!("--target 5.8.2\n{THEN}\n"));
        assert_eq!(job.output("exit-code"), "1", "{paths:?}");
        let report = std::fs::read_to_string(job.output("json-file")).unwrap();
        assert!(report.contains("method-1-mended.yaml"), "{paths:?}");
    }
}

#[test]
fn a_name_with_blanks_is_one_path() {
    let job = Job::new();
    let folder = job.path("my 'own' drafts");
    std::fs::create_dir(&folder).unwrap();
    std::fs::copy(root().join(BAD), folder.join("bad draft.yaml")).unwrap();
    let paths = format!("{GOOD}\n\"{}\"\n", folder.display());
    job.check(&paths, "--target\n5.8.2");
    assert_eq!(job.output("exit-code"), "1");
    // Without the quotes it is several paths, none of which is there: no green for that.
    let job = Job::new();
    job.check("my drafts", "");
    assert_eq!(job.output("exit-code"), "2");
}

#[test]
fn inputs_that_name_nothing_or_are_torn_fail() {
    let torn = ["'unclosed", "a \"b", "x's"];
    for paths in ["", " \n\t", "no/such/folder", "--exit-zero", "*.yaml", "''"]
        .iter()
        .chain(&torn)
    {
        let job = Job::new();
        job.check(paths, "");
        let failed = job.output("exit-code") == "2" && job.result() == Some(2);
        assert!(failed, "{paths:?}");
        assert_eq!(job.output("sarif-file"), "", "{paths:?}");
        assert_eq!(
            job.output("clusters-ready"),
            "",
            "nothing was counted: {paths:?}"
        );
    }
    let job = Job::new();
    assert_eq!(job.run("Result", &[("CODE", "")]).status.code(), Some(2));
}

#[test]
fn verdicts_are_counted() {
    if Command::new("jq").arg("--version").output().is_err() {
        eprintln!("skipped: no jq here");
        return;
    }
    let job = Job::new();
    job.check(
        &format!("fixtures/worked-examples/02/cluster.yaml {BAD}"),
        "--target 5.8.2",
    );
    let counts = [
        "clusters-action",
        "clusters-ready",
        "drafts-error",
        "drafts-ok",
    ];
    assert_eq!(counts.map(|name| job.output(name)), ["1", "0", "1", "0"]);
    let all: Value = serde_json::from_str(&job.output("verdicts")).unwrap();
    assert_eq!(all["drafts"]["error"], 1);
}

#[test]
fn inputs_cannot_become_commands() {
    let job = Job::new();
    let marker = job.path("marker");
    let paths = format!("x;touch {0} $(touch {0}) `touch {0}`", marker.display());
    job.check(&paths, &paths);
    let inputs = ["BINARY", "VERSION", "SHA256"].map(|name| (name, paths.as_str()));
    job.run("Locate", &inputs);
    job.run("Install", &inputs);
    assert!(!marker.exists());
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    let scripts = text
        .lines()
        .filter(|line| line.trim_start().starts_with("run:"));
    for script in scripts {
        assert!(!script.contains("${{"), "{script}");
    }
}

#[test]
fn names_in_manifests_cannot_become_commands_of_the_log() {
    let job = Job::new();
    let drafts = job.path("drafts");
    std::fs::create_dir(&drafts).unwrap();
    let draft = "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\n\
        metadata: {name: \"x\\n::stop-commands::y\\n::error::z ##[error]w\", namespace: pgo}\nspec: {nonsense: 1}\n";
    std::fs::write(drafts.join("draft.yaml"), draft).unwrap();
    let output = job.check(drafts.to_str().unwrap(), "--target 5.8.2");
    let log = told(&output);
    assert!(log.contains("::notice file="), "{log}");
    assert!(!log.contains("##["), "{log}");
    for line in log
        .lines()
        .filter(|line| line.trim_start().starts_with("::"))
    {
        let own = ["::error file=", "::warning file=", "::notice file="];
        assert!(
            own.iter().any(|command| line.starts_with(command)),
            "{line}"
        );
    }
    let summary = std::fs::read_to_string(job.path("summary")).unwrap();
    assert!(
        summary.contains("stop-commands"),
        "the report for people is in the summary: {summary}"
    );
}

#[test]
fn what_was_found_is_uploaded_whatever_it_was() {
    let upload = step("Upload");
    let condition = upload["if"].as_str().unwrap();
    assert!(condition.starts_with("always()"), "{condition}");
    assert_eq!(step("Result")["if"], "always()");
}

#[test]
fn a_release_is_installed_if_it_is_what_it_says() {
    for folder in ["", "pgo-preflight-x86_64-unknown-linux-musl"] {
        let job = Job::new();
        let sum = job.release(folder);
        let output = job.run("Install", &[("SHA256", &sum)]);
        assert!(output.status.success(), "{}", told(&output));
        let said = Command::new(job.output("program")).output().unwrap();
        assert_eq!(told(&said), "of the release\n");
        // From the cache, too, without the server.
        std::fs::remove_dir_all(job.path("server")).unwrap();
        assert!(job.run("Install", &[("SHA256", &sum)]).status.success());
        let wrong = job.run("Install", &[("SHA256", "0123")]);
        assert_eq!(wrong.status.code(), Some(2), "{}", told(&wrong));
    }
}

#[test]
fn an_archive_with_another_checksum_is_not_installed() {
    let job = Job::new();
    job.release("");
    let version = env!("CARGO_PKG_VERSION");
    let place = format!("server/someone/pgo-preflight/releases/download/v{version}");
    let sum = job
        .path(&place)
        .join("pgo-preflight-x86_64-unknown-linux-musl.tar.gz.sha256");
    std::fs::write(&sum, format!("{} *x\n", "0".repeat(64))).unwrap();
    let output = job.run("Install", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("not installed"), "{}", told(&output));
    assert_eq!(job.output("program"), "");
    std::fs::remove_file(sum).unwrap();
    std::fs::remove_dir_all(job.path("pgo-preflight-download")).unwrap();
    let output = job.run("Install", &[]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains("no checksum"), "{}", told(&output));
}

/// A cargo that tells what it was asked for instead of building.
fn with_cargo(job: &Job) -> String {
    let bin = job.path("bin");
    std::fs::create_dir_all(&bin).unwrap();
    let cargo = bin.join("cargo");
    let script = "#!/bin/sh\necho asked: \"$@\"\nmkdir -p \"$6/bin\"\ntouch \"$6/bin/pgo-preflight\"\nchmod +x \"$6/bin/pgo-preflight\"\n";
    std::fs::write(&cargo, script).unwrap();
    std::fs::set_permissions(&cargo, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", bin.display(), std::env::var("PATH").unwrap())
}

#[test]
fn without_a_release_the_sources_are_built_once() {
    let job = Job::new();
    let path = with_cargo(&job);
    let output = job.run("Install", &[("PATH", &path)]);
    assert!(
        told(&output).contains("asked: install --locked --path"),
        "{}",
        told(&output)
    );
    assert!(job.output("program").ends_with("bin/pgo-preflight"));
    let again = job.run("Install", &[("PATH", &path)]);
    assert!(
        again.status.success() && !told(&again).contains("asked"),
        "{}",
        told(&again)
    );
}

#[test]
fn a_release_that_was_named_and_is_not_there_fails() {
    let job = Job::new();
    let path = with_cargo(&job);
    for version in ["9.9.9", "v9.9.9", "../../x", "1 2"] {
        let output = job.run("Install", &[("VERSION", version), ("PATH", &path)]);
        assert_eq!(output.status.code(), Some(2), "{}", told(&output));
        assert!(!told(&output).contains("asked"), "{}", told(&output));
    }
    let places = job.run("Locate", &[("VERSION", "v1.2.3")]);
    assert!(places.status.success() && job.output("key").contains("-1.2.3-"));
}

#[test]
fn a_program_that_is_there_is_used() {
    let job = Job::new();
    let output = job.run("Install", &[("BINARY", PROGRAM)]);
    assert!(output.status.success(), "{}", told(&output));
    assert_eq!(Path::new(&job.output("program")), Path::new(PROGRAM));
    let job = Job::new();
    let output = job.run("Install", &[("BINARY", "Cargo.toml")]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
}
