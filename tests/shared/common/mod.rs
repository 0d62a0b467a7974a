//! What integration tests share: the worked examples, and judging a text as the program would.

#![allow(unreachable_pub, dead_code)] // each test uses a part of it

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use pgo_preflight::check::{Evidence, Options, Report, check};
use pgo_preflight::manifest::{Assume, gather_texts};
use pgo_preflight::rule::RuleSet;
use serde_json::Value;

/// A folder of `fixtures/worked-examples`.
pub struct Example {
    pub row: String,
    pub folder: PathBuf,
    pub args: Vec<String>,
    /// Method name to verdict name.
    pub verdicts: Vec<(String, String)>,
}

/// The repository's root.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A JSON report with the texts in place that stand in it once: what a reader does who wants them beside each finding.
pub fn unfolded(text: &[u8]) -> serde_json::Result<Value> {
    let mut report: Value = serde_json::from_slice(text)?;
    let whole = report.clone();
    for finding in report["findings"].as_array_mut().unwrap() {
        let rule = &whole["rules"][finding["rule"].as_str().unwrap()];
        if finding["effect"].is_null() {
            finding["effect"] = rule["effect"].clone();
        }
        if finding["message"].is_null() {
            let title = format!("whether {}", rule["title"].as_str().unwrap());
            let asked = rule["question"].as_str().unwrap_or(&title);
            finding["message"] = Value::String(format!("cannot tell {asked}"));
        }
        let remedy = finding["remedy"].as_str().unwrap_or_default();
        let name = |key: &str| finding["subject"][key].as_str().unwrap_or_default();
        let fix = whole["remedies"][remedy].as_str().unwrap_or_default();
        let fix = fix.replace("{subject.name}", name("name"));
        let fix = fix.replace("{subject.namespace}", name("namespace"));
        finding["fix"] = Value::String(fix);
    }
    for cluster in report["clusters"].as_array_mut().unwrap() {
        for judged in cluster["methods"].as_object_mut().unwrap().values_mut() {
            for one in judged["assumes"].as_array_mut().unwrap() {
                *one = whole["assumptions"][one.as_str().unwrap()].clone();
            }
        }
    }
    Ok(report)
}

/// All worked examples, by row.
pub fn worked_examples() -> Vec<Example> {
    let folder = root().join("fixtures/worked-examples");
    let mut examples: Vec<Example> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| read_example(entry.unwrap().path()))
        .collect();
    examples.sort_by(|a, b| a.row.cmp(&b.row));
    assert!(examples.len() >= 35, "worked examples are missing");
    examples
}

fn read_example(folder: PathBuf) -> Example {
    let text = std::fs::read_to_string(folder.join("expect.yaml")).unwrap();
    let expect: Value = yaml_serde::from_str(&text).unwrap();
    let text_of = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    Example {
        row: text_of(&expect["row"]),
        folder,
        args: expect["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(text_of)
            .collect(),
        verdicts: expect["verdicts"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(k, v)| (k.clone(), text_of(v)))
            .collect(),
    }
}

impl Example {
    /// The documents of its export.
    pub fn documents(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.join("cluster.yaml")).unwrap();
        text.split("---\n").map(str::to_owned).collect()
    }

    /// The run's options and what is taken to be complete, from the example's arguments.
    pub fn options(&self) -> (Options, Assume) {
        let mut run = options().run;
        let mut assume = Assume::nothing();
        let mut args = self.args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--now" => run.now = args.next().unwrap().parse().unwrap(),
                "--target" => {
                    run.target = pgo_preflight::expr::Version::parse(args.next().unwrap());
                }
                "--assume-complete" => assume = Assume::everything(),
                other => {
                    assume =
                        Assume::parse(other.strip_prefix("--assume-complete=").unwrap()).unwrap();
                }
            }
        }
        (Options { run, ..options() }, assume)
    }
}

/// A run for any target, in November 2026.
pub fn options() -> Options {
    Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
}

/// Judges texts as one origin, each as a file of its own.
pub fn judge(texts: &[String], rules: &RuleSet, options: &Options, assume: &Assume) -> Report {
    let named = texts
        .iter()
        .enumerate()
        .map(|(index, text)| (format!("{index:03}.yaml"), text.clone().into_bytes()));
    check(
        Evidence::of(gather_texts(named.collect()), assume),
        rules,
        options,
    )
}

/// The published schema as the serde-sarif crate carries it, found where cargo put the crate.
pub fn sarif_schema() -> Value {
    // For this platform only: what other platforms need is not on the disk of a new machine.
    let version = Command::new(env!("CARGO")).arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline"])
        .args(["--filter-platform", host.unwrap()])
        .current_dir(root())
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .unwrap();
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let mut schema: Value = serde_json::from_str(
        &std::fs::read_to_string(manifest.with_file_name("src/schema.json")).unwrap(),
    )
    .unwrap();
    // A pattern for languages that is no valid regular expression; we write none.
    for place in [
        "/definitions/run/properties/language",
        "/definitions/toolComponent/properties/language",
    ] {
        if let Some(language) = schema.pointer_mut(place).and_then(Value::as_object_mut) {
            language.remove("pattern");
        }
    }
    schema
}

/// The program, to be run in the repository's root, and as if nobody had set a variable that it heeds.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_pgo-preflight"));
    program.current_dir(root()).stdin(Stdio::null());
    for name in [
        "PGO_PREFLIGHT_TARGET",
        "PGO_PREFLIGHT_DOCS",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "FORCE_HYPERLINK",
    ] {
        program.env_remove(name);
    }
    program
}
