//! A bundle says what the dump it was written from says, and what an export of the same objects says.

use std::fs;
use std::path::{Path, PathBuf};

use pgo_preflight::check::{Evidence, Options, check};
use pgo_preflight::manifest::{Assume, gather_dump, gather_texts, scrubbed};
use pgo_preflight::render::json;
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::{
    Dump, Inputs, Limits, Listed, Listing, OriginId, Reason, Skipped, SourceId, Text, bundle,
};
use serde_json::Value;

use super::making::live;
use crate::common::{root, worked_examples};

pub(super) fn written(dump: Dump) -> Vec<u8> {
    let mut bytes = Vec::new();
    bundle::write(&scrubbed(dump), &mut bytes).unwrap();
    bytes
}

pub(super) fn read(path: &Path) -> Dump {
    let mut inputs = Inputs::find([path], Limits::default()).unwrap();
    let mut dumps = bundle::read_all(&mut inputs);
    assert_eq!(inputs.skipped, []);
    dumps.remove(0)
}

pub(super) fn options(target: Option<&str>) -> Options {
    Options {
        facts: true,
        lint_live: true,
        ..Options::at(
            "2026-11-20T12:00:00Z".parse().unwrap(),
            target.and_then(pgo_preflight::expr::Version::parse),
        )
    }
}

fn report(dump: Dump, options: &Options) -> Value {
    let gathered = gather_dump(dump, OriginId(0), SourceId(0));
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    let report = check(Evidence::of(gathered, &Assume::nothing()), &rules, options);
    serde_json::from_str(&json(&report, 0)).unwrap()
}

/// Every fixture that is a whole cluster's worth of evidence: its name, its files, and the target it is judged for.
pub(super) fn fixtures() -> Vec<(String, Vec<PathBuf>)> {
    let mut all = Vec::new();
    for fleet in ["half", "minors", "mixed"] {
        let folder = root().join("fixtures/fleets").join(fleet);
        let mut files: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        all.push((fleet.to_owned(), files));
    }
    for example in worked_examples() {
        all.push((example.row, vec![example.folder.join("cluster.yaml")]));
    }
    all
}

#[test]
fn a_bundle_gives_the_report_of_the_dump_it_was_written_from() {
    let folder = tempfile::tempdir().unwrap();
    for (name, files) in fixtures() {
        let path = folder.path().join(format!("{name}.tar.gz"));
        // Named like the bundle, so that only what a bundle adds to names differs.
        let taken = live(&path.to_string_lossy(), &files);
        fs::write(&path, written(taken.clone())).unwrap();
        let back = read(&path);
        assert_eq!(back.taken, taken.taken, "{name}");
        assert_eq!(back.server, taken.server, "{name}");
        let plain = |report: &Value| {
            let text = report.to_string();
            text.replace("/_cluster/", "/")
                .replace(".yaml\"", "\"")
                .replace(".yaml ", " ")
        };
        let options = options(Some("5.8.2"));
        let (left, right) = (report(taken, &options), report(back, &options));
        assert!(
            plain(&left) == plain(&right),
            "{name}: {}",
            first_difference(&left, &right)
        );
    }
}

fn first_difference(left: &Value, right: &Value) -> String {
    let lines = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    let (left, right) = (lines(left), lines(right));
    let mut pairs = left.lines().zip(right.lines());
    pairs
        .find(|(left, right)| {
            left.replace("/_cluster/", "/")
                != right.replace("/_cluster/", "/").replace(".yaml\"", "\"")
        })
        .map_or("one is longer".to_owned(), |(left, right)| {
            format!("\n{left}\n{right}")
        })
}

/// What a report decides, whatever its sources are called: verdicts, and each finding with its outcome.
fn decided(report: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for cluster in report["clusters"].as_array().unwrap() {
        for (method, judged) in cluster["methods"].as_object().unwrap() {
            all.push(format!(
                "{}/{} {method}: {}",
                cluster["namespace"], cluster["name"], judged["verdict"]
            ));
        }
    }
    for finding in report["findings"].as_array().unwrap() {
        let subject = &finding["subject"];
        all.push(format!(
            "{} {} {}/{}: {}",
            finding["rule"],
            finding["outcome"],
            subject["namespace"],
            subject["name"],
            finding["message"]
        ));
    }
    all.sort();
    all
}

#[test]
fn a_bundle_decides_what_a_complete_export_decides() {
    let folder = tempfile::tempdir().unwrap();
    let rules = RuleSet::built_in(pgo_preflight::check::names_of).unwrap();
    for (name, files) in fixtures() {
        let path = folder.path().join(format!("{name}.tar.gz"));
        fs::write(&path, written(live("prod", &files))).unwrap();
        let texts = files
            .iter()
            .map(|file| (file.to_string_lossy().into_owned(), fs::read(file).unwrap()));
        let options = options(Some("5.8.2"));
        let evidence = Evidence::of(gather_texts(texts.collect()), &Assume::everything());
        let export: Value =
            serde_json::from_str(&json(&check(evidence, &rules, &options), 0)).unwrap();
        let export = decided(&export);
        assert!(!export.is_empty(), "{name}");
        assert_eq!(decided(&report(read(&path), &options)), export, "{name}");
    }
}

#[test]
fn the_same_dump_gives_the_same_bytes_in_whatever_order_it_came() {
    let (_, files) = fixtures().swap_remove(2);
    let taken = live("prod", &files);
    let mut shuffled = taken.clone();
    shuffled.texts.reverse();
    shuffled.listings.reverse();
    let bytes = written(taken);
    assert_eq!(bytes, written(shuffled));
    assert!(bytes.len() > 1000);
}

#[test]
fn no_secret_reaches_a_bundle() {
    let mut taken = live("prod", &[]);
    let secrets = [
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: pgo}\ndata:\n  password: aHVudGVyMg==\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: b, namespace: pgo}\nstringData:\n  password: hunter2\n",
        "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"c\", \"annotations\": {\"kubectl.kubernetes.io/last-applied-configuration\": \"{\\\"data\\\": {\\\"password\\\": \\\"aHVudGVyMg==\\\"}, \\\"kind\\\": \\\"Secret\\\"}\"}}}",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: d, namespace: pgo}\nspec: {containers: [{env: [{name: PGPASSWORD, value: hunter2}]}]}\n",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: e, password: hunter2\n",
    ];
    for (number, text) in secrets.iter().enumerate() {
        taken.texts.push(Text {
            uri: format!("prod/pgo/Secret/{number}"),
            bytes: text.as_bytes().to_vec(),
        });
    }
    let packed = written(taken);
    let mut plain = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&packed[..]), &mut plain).unwrap();
    let plain = String::from_utf8_lossy(&plain);
    assert!(plain.contains("PGPASSWORD"));
    for secret in ["hunter2", "aHVudGVyMg=="] {
        assert!(!plain.contains(secret), "{secret}");
    }
}

#[test]
fn what_was_refused_is_refused_in_the_bundle_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prod.tar.gz");
    let listing = |resource: &str, namespace: Option<&str>, outcome| Listing {
        resource: resource.to_owned(),
        namespace: namespace.map(str::to_owned),
        outcome,
    };
    let mut listings = vec![
        listing("pods", Some("pgo"), Listed::Whole),
        listing("pgtasks.crunchydata.com", None, Listed::NotInstalled),
        listing(
            "persistentvolumes",
            None,
            Listed::Failed {
                because: "the server refused: \"persistentvolumes is forbidden\"\n\u{1b}[31m"
                    .to_owned(),
                ask: "a rule: {verbs: [\"list\"]}".to_owned(),
            },
        ),
    ];
    let taken = Dump {
        listings: listings.clone(),
        skipped: vec![Skipped {
            uri: "prod/pgo/Pod/x".to_owned(),
            reason: Reason::Unreadable("the answer was cut off".to_owned()),
        }],
        ..live("prod", &[])
    };
    fs::write(&path, written(taken.clone())).unwrap();
    let back = read(&path);
    listings.sort();
    assert_eq!(back.listings, listings);
    assert_eq!(back.skipped, taken.skipped);
}

#[test]
fn names_that_are_no_names_stay_inside_the_bundle() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prod.tar.gz");
    let mut taken = live("prod", &[]);
    let pod = |name: &str| Text {
        uri: format!("prod/pgo/Pod/{name}"),
        bytes: super::making::POD.as_bytes().to_vec(),
    };
    let long = "x".repeat(300);
    let names = ["..", "a/../../b", "a\u{1b}[31m", "", "A", "a", &long];
    taken.texts = names.iter().map(|name| pod(name)).collect();
    fs::write(&path, written(taken)).unwrap();
    let back = read(&path);
    assert_eq!(back.texts.len(), names.len());
    assert_eq!(back.skipped, []);
}

#[test]
fn a_bundle_unpacked_into_a_folder_says_that_its_coverage_is_not_believed() {
    let folder = tempfile::tempdir().unwrap();
    let (_, files) = fixtures().remove(0);
    let bytes = written(live("prod", &files));
    let unpacked = flate2::read::GzDecoder::new(&bytes[..]);
    tar::Archive::new(unpacked).unpack(folder.path()).unwrap();
    let inputs = Inputs::find([folder.path()], Limits::default()).unwrap();
    let [only] = &inputs.skipped[..] else {
        panic!("{:?}", inputs.skipped);
    };
    assert!(only.uri.ends_with("coverage.json"), "{only:?}");
    assert!(matches!(&only.reason, Reason::Note(note) if note.contains("Name the archive itself")));
    assert!(!inputs.files.is_empty());
}
