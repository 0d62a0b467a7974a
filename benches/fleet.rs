//! How long each room takes on a synthetic fleet: load, inventory, judging, rendering; beside a bare parse with a common reader.
//!
//! `cargo bench --bench fleet`. Whole runs: see docs/performance.md.

#![recursion_limit = "256"]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub,
    dead_code
)]

#[path = "../examples/fleet/cluster.rs"]
mod cluster;
#[path = "../examples/fleet/wide.rs"]
mod wide;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use pgo_preflight::check::{Evidence, Options, Report, check, names_of};
use pgo_preflight::manifest::{Assume, gather_texts, load, load_generally};
use pgo_preflight::render;
use pgo_preflight::rule::RuleSet;
use pgo_preflight::source::{OriginId, SourceId};

/// How many clusters.
const CLUSTERS: usize = 100;

fn main() {
    divan::main();
}

fn fleet() -> String {
    let objects = wide::objects()
        .into_iter()
        .chain((0..CLUSTERS).flat_map(cluster::objects));
    objects
        .map(|object| format!("---\n{}", yaml_serde::to_string(&object).unwrap()))
        .collect()
}

fn options() -> Options {
    Options::at("2026-11-20T12:00:00Z".parse().unwrap(), None)
}

fn evidence(text: &str) -> Evidence {
    let texts = vec![("fleet.yaml".to_owned(), text.as_bytes().to_vec())];
    Evidence::of(gather_texts(texts), &Assume::everything())
}

fn report(text: &str) -> Report {
    check(
        evidence(text),
        &RuleSet::built_in(names_of).unwrap(),
        &options(),
    )
}

#[divan::bench]
fn a_bare_parse_with_yaml_serde(bencher: Bencher<'_, '_>) {
    use serde::Deserialize as _;
    let text = fleet();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        for document in yaml_serde::Deserializer::from_str(&text) {
            black_box(serde_json::Value::deserialize(document).ok());
        }
    });
}

#[divan::bench]
fn loading(bencher: Bencher<'_, '_>) {
    let text = fleet();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.as_bytes().to_vec())
        .bench_values(|bytes| load(SourceId(0), OriginId(0), "fleet.yaml".to_owned(), bytes));
}

#[divan::bench]
fn loading_by_the_general_reader(bencher: Bencher<'_, '_>) {
    let text = fleet();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.as_bytes().to_vec())
        .bench_values(|bytes| {
            load_generally(SourceId(0), OriginId(0), "fleet.yaml".to_owned(), bytes)
        });
}

#[divan::bench]
fn loading_a_json_list(bencher: Bencher<'_, '_>) {
    let clusters = (0..CLUSTERS).flat_map(cluster::objects);
    let items: Vec<_> = wide::objects().into_iter().chain(clusters).collect();
    let list = serde_json::json!({"apiVersion": "v1", "items": items, "kind": "List"});
    let text = serde_json::to_string_pretty(&list).unwrap();
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| text.as_bytes().to_vec())
        .bench_values(|bytes| load(SourceId(0), OriginId(0), "fleet.json".to_owned(), bytes));
}

/// What any reader must at least do.
#[divan::bench]
fn counting_lines(bencher: Bencher<'_, '_>) {
    let text = fleet();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| memchr::memchr_iter(b'\n', black_box(text.as_bytes())).count());
}

#[divan::bench]
fn loading_and_inventory(bencher: Bencher<'_, '_>) {
    let text = fleet();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| evidence(&text));
}

#[divan::bench]
fn judging(bencher: Bencher<'_, '_>) {
    let text = fleet();
    let rules = RuleSet::built_in(names_of).unwrap();
    let options = options();
    bencher
        .with_inputs(|| evidence(&text))
        .bench_values(|evidence| check(evidence, &rules, &options));
}

#[divan::bench]
fn rules_at_start(bencher: Bencher<'_, '_>) {
    bencher.bench(|| RuleSet::built_in(names_of));
}

#[divan::bench]
fn rendering_human(bencher: Bencher<'_, '_>) {
    let report = report(&fleet());
    bencher.bench(|| {
        let document = render::document::Document::of(&report, 0);
        render::lead(
            &document,
            render::Screen::PLAIN,
            render::Extent::Screen,
            &|_, _| None,
        )
    });
}

#[divan::bench]
fn rendering_json(bencher: Bencher<'_, '_>) {
    let report = report(&fleet());
    bencher.bench(|| render::json(&report, 0));
}

#[divan::bench]
fn rendering_sarif(bencher: Bencher<'_, '_>) {
    let report = report(&fleet());
    bencher.bench(|| render::sarif(&report, None));
}
