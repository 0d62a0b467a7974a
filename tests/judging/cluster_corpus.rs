//! What is said of other people's v4 clusters, where they are at hand: sensible repositories, versions and settings, and
//! never a panic.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use pgo_preflight::expr::{Names, Value};
use pgo_preflight::fact::Run;
use pgo_preflight::fact::v4::{FACTS, Surroundings, clusters};
use pgo_preflight::manifest::{Assume, Fact, Inventory, gather};
use pgo_preflight::source::{Inputs, Limits, OriginId, SourceId};

/// A folder of other people's manifests, if it is at hand.
fn folder(part: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let corpus = std::env::var_os("PGO_PREFLIGHT_CORPUS").map_or_else(beside, PathBuf::from);
    let folder = corpus.join(part);
    if !folder.is_dir() {
        eprintln!("SKIPPED: no corpus at {}", corpus.display());
        return None;
    }
    Some(folder)
}

/// One file's inventory.
fn inventory_of(path: &Path, assume: &Assume) -> Inventory {
    let inputs = Inputs::find([path.to_owned()], Limits::default()).unwrap();
    let mut gathered = gather(inputs, OriginId(0), SourceId(0));
    Inventory::build(gathered.holdings(), assume)
}

fn run() -> Run {
    Run {
        now: "2023-06-02T12:00:00Z".parse().unwrap(),
        target: None,
        definition: None,
    }
}

/// Every fact about every cluster of one file, by the cluster's name.
fn facts_of(path: &Path, assume: &Assume) -> Vec<(String, BTreeMap<String, Fact<Value>>)> {
    let (inventory, run) = (inventory_of(path, assume), run());
    let surroundings = Surroundings::of(&inventory, &run);
    let read = |number: u16, cluster: &_| FACTS.read(number, cluster).unwrap();
    let all = clusters(&inventory, &run, &surroundings);
    let all = all.iter().map(|cluster| {
        let numbers = 0..u16::try_from(FACTS.len()).unwrap();
        let facts =
            numbers.map(|number| (FACTS.fact_name(number).to_owned(), read(number, cluster)));
        (cluster.name.to_owned(), facts.collect())
    });
    all.collect()
}

fn strings(fact: &Fact<Value>) -> Vec<String> {
    match fact.value() {
        Some(Value::Str(text)) => vec![text.to_string()],
        Some(Value::List(items)) => {
            let texts = items.iter().map(|item| match item {
                Value::Str(text) => text.to_string(),
                other => panic!("{other:?}"),
            });
            texts.collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn every_v4_cluster_of_others_makes_sense() {
    let Some(folder) = folder("v4") else {
        return;
    };
    let parts = ["pgcluster", "real-dump"].map(|part| folder.join(part));
    let files = parts
        .iter()
        .flat_map(|part| std::fs::read_dir(part).unwrap());
    let mut seen = 0;
    for path in files.map(|file| file.unwrap().path()) {
        for assume in [Assume::nothing(), Assume::everything()] {
            for (name, facts) in facts_of(&path, &assume) {
                seen += 1;
                let place = format!("{} in {}", name, path.display());
                let types = strings(&facts["repo.types"]);
                assert!(!types.is_empty(), "{place}: no repository types");
                for word in types {
                    assert!(
                        ["posix", "s3", "gcs"].contains(&word.as_str()),
                        "{place}: {word}"
                    );
                }
                for path in strings(&facts["repo.path"]) {
                    assert!(path.starts_with('/'), "{place}: {path}");
                }
                for major in strings(&facts["postgres.major"]) {
                    assert!(
                        ["10", "11", "12", "13"].contains(&major.as_str()),
                        "{place}: {major}"
                    );
                }
                assert_eq!(strings(&facts["access.passwordType"]), ["md5"], "{place}");
                for fact in [
                    "repo.enabled",
                    "addons.names",
                    "services.names",
                    "access.tls",
                ] {
                    assert!(facts[fact].value().is_some(), "{place}: {fact}");
                }
            }
        }
    }
    assert!(seen >= 30, "only {seen} clusters");
}

/// The one dump that an operator really made.
#[test]
fn a_real_dump_of_4_4_is_understood() {
    let Some(folder) = folder("v4") else {
        return;
    };
    let path = folder.join("real-dump/4.4.0-openshift-my-demo-db-pgcluster.yaml");
    let all = facts_of(&path, &Assume::nothing());
    let (_, facts) = all.first().unwrap();
    for (fact, words) in [
        ("repo.types", vec!["posix"]),
        (
            "repo.path",
            vec!["/backrestrepo/my-demo-db-backrest-shared-repo"],
        ),
        ("repo.bucket", vec![""]),
        ("postgres.version", vec!["12.3"]),
        ("postgres.baseOS", vec!["ubi7"]),
        ("access.database", vec!["my-demo-db"]),
        ("addons.names", vec![]),
        ("repo.customConfig", vec![]),
    ] {
        assert_eq!(strings(&facts[fact]), words, "{fact}");
        assert!(facts[fact].value().is_some(), "{fact}");
    }
    for fact in [
        "backup.succeeded",
        "postgres.parameters",
        "operator.v4",
        "operator.v5",
        "access.users",
    ] {
        assert!(facts[fact].value().is_none(), "{fact}");
    }
}

/// Every release's own definition leaves its release among the targets it may stand for, even without its label.
#[test]
fn real_definitions_are_recognised() {
    let Some(folder) = folder("crds") else { return };
    let paths = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let scratch = tempfile::tempdir().unwrap();
    for path in paths.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")) {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name = stem.rsplit('-').next().unwrap().to_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let bare = scratch.path().join("definition.yaml");
        std::fs::write(
            &bare,
            text.replace("app.kubernetes.io/version", "app.kubernetes.io/removed"),
        )
        .unwrap();
        let inventory = inventory_of(&bare, &Assume::nothing());
        let target = Surroundings::of(&inventory, &run()).target;
        let releases: Vec<String> = target
            .releases
            .iter()
            .map(|release| release.version.to_string())
            .collect();
        assert!(releases.contains(&name), "{name}: {releases:?}");
        assert!(releases.len() < 40, "{name}: {releases:?}");
    }
}
