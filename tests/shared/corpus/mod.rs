//! Other people's manifests and CRDs, where this machine has them.

use std::path::{Path, PathBuf};

use pgo_preflight::manifest::{Object, load};
use pgo_preflight::schema::CrdSchemas;
use pgo_preflight::source::{OriginId, SourceId};

/// The corpus's folder; says so where there is none.
pub fn found() -> Option<PathBuf> {
    let named = std::env::var_os("PGO_PREFLIGHT_CORPUS").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let found = named.unwrap_or(beside);
    let there = found.join("crds").is_dir() && found.join("v5").is_dir();
    if !there {
        eprintln!("SKIPPED: no corpus at {}", found.display());
    }
    there.then_some(found)
}

/// The one object that a text holds.
pub fn object(name: &str, text: Vec<u8>) -> Object {
    let mut loaded = load(SourceId(0), OriginId(0), name.to_owned(), text);
    assert_eq!(loaded.objects.len(), 1, "{name}: {:?}", loaded.problems);
    loaded.objects.remove(0)
}

/// A manifest as the server was asked about it.
pub fn sample(corpus: &Path, file: &str) -> Object {
    let text = std::fs::read_to_string(corpus.join("v5").join(file)).unwrap();
    // The one placeholder left in the corpus; the server was asked about some other namespace, too.
    let text = text.replace("${KUTTL_TEST_DELETE_NAMESPACE}", "filled-in");
    // Whoever asked the server read this as a string; kubectl reads it as a boolean, and so do we.
    let text = text.replace("backup-standby: y\n", "backup-standby: \"y\"\n");
    object(file, text.into_bytes())
}

/// The CRD of a release.
pub fn crd(corpus: &Path, release: &str) -> CrdSchemas {
    let path = corpus.join(format!("crds/postgresclusters-{release}.yaml"));
    let crd = object(release, std::fs::read(path).unwrap());
    CrdSchemas::from_crd(crd.root()).unwrap()
}
