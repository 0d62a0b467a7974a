//! Other people's manifests, where they are at hand: every file is accounted for, every object is found again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pgo_preflight::manifest::{Assume, Found, Inventory, gather};
use pgo_preflight::source::{Inputs, Limits, OriginId, SourceId};

/// The folder of other people's manifests, if there is one.
fn corpus() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("PGO_PREFLIGHT_CORPUS").map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: no corpus at {}", folder.display());
    None
}

#[test]
fn every_file_is_accounted_for_and_every_object_found_again() {
    let Some(corpus) = corpus() else {
        return;
    };
    for part in ["v4", "v5", "live-recordings"] {
        let inputs = Inputs::find([corpus.join(part)], Limits::default()).unwrap();
        let named: BTreeSet<String> = inputs.files.iter().map(|file| file.uri.clone()).collect();
        let mut gathered = gather(inputs, OriginId(0), SourceId(0));
        assert_eq!(gathered.sources.len(), named.len());
        let read = gathered.loaded.iter().map(|loaded| &loaded.source.uri);
        let skipped = gathered.skipped.iter().map(|skipped| &skipped.uri);
        let accounted: BTreeSet<String> = read.chain(skipped).cloned().collect();
        assert!(accounted.is_superset(&named), "{part}: a file was lost");
        for loaded in &gathered.loaded {
            let silent =
                loaded.counted == 0 && loaded.problems.is_empty() && loaded.lists.is_empty();
            let blank = loaded.source.text.lines().all(|line| {
                let line = line.trim();
                line.is_empty() || line.starts_with('#') || line == "---"
            });
            assert!(!silent || blank, "{} says nothing", loaded.source.uri);
        }
        let inventory = Inventory::build(gathered.holdings(), &Assume::nothing());
        assert!(!inventory.objects().is_empty(), "{part}: no objects");
        for object in inventory
            .objects()
            .iter()
            .filter(|object| !object.name.is_empty())
        {
            let found = inventory.find(object.kind, object.namespace.as_deref(), &object.name);
            let Found::Here(found) = found else {
                panic!("{} in {} is not found", object.name, object.uri());
            };
            assert_eq!(found.name, object.name);
            assert_eq!(found.kind, object.kind);
        }
    }
}
