//! What the schema room costs: starting up, and each draft.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stderr)]

use std::path::PathBuf;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use pgo_preflight::expr::Version;
use pgo_preflight::manifest::{Loaded, load};
use pgo_preflight::schema::CrdSchemas;
use pgo_preflight::source::{OriginId, SourceId};

const DRAFT: &str = include_str!("../fixtures/schema/draft.yaml");

fn main() {
    divan::main();
}

fn read(text: &[u8]) -> Loaded {
    load(SourceId(0), OriginId(0), String::new(), text.to_vec())
}

fn release(text: &str) -> Version {
    Version::parse(text).unwrap()
}

/// From nothing to a schema: what a run without `--crd` pays before its first draft.
#[divan::bench(args = ["5.0.4", "5.8.7", "6.0.1"])]
fn start_with_the_catalogue(bencher: Bencher, name: &str) {
    let version = release(name);
    bencher.bench(|| CrdSchemas::of_release(black_box(&version)));
}

/// What a run with `--crd` pays; needs the corpus.
#[divan::bench(args = ["5.8.7", "6.0.1"])]
fn start_with_a_crd(bencher: Bencher, name: &str) {
    let corpus =
        std::env::var_os("PGO_PREFLIGHT_CORPUS").unwrap_or_else(|| "../shared/corpus".into());
    let path = PathBuf::from(corpus).join(format!("crds/postgresclusters-{name}.yaml"));
    let Ok(text) = std::fs::read(&path) else {
        eprintln!("SKIPPED: {} is not there", path.display());
        return;
    };
    bencher.bench(|| {
        let loaded = read(black_box(&text));
        CrdSchemas::from_crd(loaded.objects[0].root())
    });
}

/// One large draft, its rules included.
#[divan::bench(args = ["5.0.4", "5.8.7", "6.0.1"])]
fn validate_a_draft(bencher: Bencher, name: &str) {
    let schemas = CrdSchemas::of_release(&release(name)).unwrap();
    let loaded = read(DRAFT.as_bytes());
    let draft = loaded.objects[0].root();
    schemas.validate(draft); // compiles rules and patterns
    bencher
        .counter(ItemsCount::new(1_u32))
        .bench(|| schemas.validate(black_box(draft)));
}

/// The same, reading it included.
#[divan::bench]
fn read_and_validate_a_draft(bencher: Bencher) {
    let schemas = CrdSchemas::of_release(&release("6.0.1")).unwrap();
    bencher.counter(ItemsCount::new(1_u32)).bench(|| {
        let loaded = read(black_box(DRAFT.as_bytes()));
        schemas.validate(loaded.objects[0].root())
    });
}
